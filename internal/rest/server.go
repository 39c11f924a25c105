// Package rest serves every operation that has a place in REST, and the
// OpenAPI document that describes them. Nothing here is written for a single
// operation: a route is worked out from the operation's definition and from the
// Go types of its input and output.
//
// huma holds the document and puts routes on the mux, so that a route without
// a description cannot be. Reading inputs and writing answers is our own: huma
// reads a body into a map, judges it, and reads it again into the struct; it
// passes over keys given twice; and it would judge by its own rules what the
// door judges by ours. One reading that is strict, and one judge, are both
// safer and faster.
package rest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"commontable/internal/app"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// requestTimeout bounds the work for one request.
const requestTimeout = 30 * time.Second

// Server serves REST for one App.
type Server struct {
	app *app.App
	// prefix is the path of the base URL, before every path that is handed out.
	prefix   string
	callers  callers
	limiter  limiter
	mux      *recordingMux
	routes   []*route
	document *huma.OpenAPI
	// jsonText and yamlText are the document as it is served.
	jsonText, yamlText []byte
	languages          languages
	pages              pages
	turnedAway         turnedAway
}

// callers finds who is calling; access.Service is one.
type callers interface {
	AuthenticateToken(ctx context.Context, bearer, slug string) (operation.Actor, operation.Collaborative, access.Found, error)
	Collaborative(ctx context.Context, slug string) (operation.Collaborative, error)
}

// limiter counts; access.Limiter is one.
type limiter interface {
	Take(ctx context.Context, rule access.Rule, key string) error
}

// New works out every route of an App. It panics when an operation could never
// be reached, as operation.Define does.
func New(a *app.App) *Server { return newServer(a, a.Access, a.Access.Limiter) }

func newServer(a *app.App, c callers, l limiter) *Server {
	s := &Server{app: a, callers: c, limiter: l, mux: &recordingMux{ServeMux: http.NewServeMux()}}
	if a.Config.BaseURL != nil {
		s.prefix = strings.TrimSuffix(a.Config.BaseURL.EscapedPath(), "/")
	}
	all := shapes{}
	for _, op := range a.Door.Registry.Sorted() {
		if op.Describe().Method != "" {
			s.routes = append(s.routes, newRoute(op, a.Door, all))
		}
	}
	settleLocations(s.routes)
	d := newDescriber(a, all)
	adapter := humago.NewAdapter(s.mux, "")
	for _, rt := range s.routes {
		described := d.operation(rt)
		d.document.AddOperation(described)
		adapter.Handle(described, func(c huma.Context) {
			r, w := humago.Unwrap(c)
			s.serve(w, r, rt)
		})
	}
	s.document = d.document
	s.jsonText, s.yamlText = d.texts()
	s.mux.HandleFunc("GET "+base+"/openapi.json", s.serveText("application/vnd.oai.openapi+json; charset=utf-8", s.jsonText))
	s.mux.HandleFunc("GET "+base+"/openapi.yaml", s.serveText("application/vnd.oai.openapi; charset=utf-8", s.yamlText))
	s.mux.HandleFunc("GET "+base+"/docs", s.serveDocs)
	s.mux.HandleFunc("GET "+problemsPath+"{problem}", s.serveProblem)
	s.mux.HandleFunc("/", s.miss)
	return s
}

// recordingMux remembers what was put on it, for the test that compares routes
// and document.
type recordingMux struct {
	*http.ServeMux
	patterns []string
}

func (m *recordingMux) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	m.patterns = append(m.patterns, pattern)
	m.ServeMux.HandleFunc(pattern, handle)
}

// serve answers a request for an operation.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt *route) {
	r, err := s.identify(w, r, rt)
	if err == nil {
		err = s.answer(w, r, rt)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

// The headers of every answer, errors included. The slices are shared between
// answers; each has no room to grow, so that adding to one makes a copy.
var (
	contentPolicy  = []string{"default-src 'none'; frame-ancestors 'none'"}
	noSniff        = []string{"nosniff"}
	noReferrer     = []string{"no-referrer"}
	noStore        = []string{"no-store"}
	sameOrigin     = []string{"same-origin"}
	deny           = []string{"DENY"}
	varyByLanguage = []string{"Accept-Language, Authorization"}
	strictly       = []string{"max-age=31536000; includeSubDomains"}
)

func (s *Server) setHeaders(h http.Header) {
	h["Content-Security-Policy"] = contentPolicy
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = noReferrer
	h["Cache-Control"] = noStore
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["X-Frame-Options"] = deny
	h["Vary"] = varyByLanguage
	if s.app.Config.BaseURL != nil && s.app.Config.BaseURL.Scheme == "https" {
		h["Strict-Transport-Security"] = strictly
	}
}

// Handler serves everything below /api/.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.handle) }

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	s.setHeaders(w.Header())
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	if operation.RequestFrom(ctx) == "" {
		ctx = operation.WithRequest(ctx, rand.Text()[:16])
	}
	ctx = i18n.With(ctx, s.languages.of(r.Header.Get("Accept-Language")))
	r = r.WithContext(ctx)
	defer s.rescue(w, r)
	// The mux would send a caller with an untidy path to the tidy one; whoever
	// writes //, /./ or /../ is answered as for anything that is not there.
	if path.Clean(r.URL.Path) != r.URL.Path {
		s.fail(w, r, operation.Missing())
		return
	}
	s.mux.ServeHTTP(w, r)
}

// rescue answers for a mistake of ours outside the door, which has its own.
func (s *Server) rescue(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler { //nolint:errorlint // a panic's value, compared as net/http does
		panic(v)
	}
	s.fail(w, r, &operation.Error{Kind: operation.Internal, Key: "errors.internal", Cause: s.logged(r, v)})
}

func (s *Server) logged(r *http.Request, v any) error {
	err := fmt.Errorf("rest: panic: %v", v)
	s.app.Log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "request", operation.RequestFrom(r.Context()), "error", err, "stack", string(debug.Stack()))
	return err
}

// methods are those the document may use.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// miss answers for paths and methods that are not there.
func (s *Server) miss(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range methods {
		other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		s.fail(w, r, operation.Missing())
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.fail(w, r, &refusal{problem: methodProblem, key: "rest.method_not_allowed", args: map[string]any{"Allowed": strings.Join(allowed, ", ")}})
}

func (s *Server) serveText(kind string, text []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.send(w, r, http.StatusOK, kind, text) }
}
