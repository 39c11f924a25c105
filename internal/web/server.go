// Package web is the pages. A page's code is found from its address: the noun
// names the file, organization_list.go serves …/organizations. Handlers read an
// input, run operations, and render; they never touch the store.
package web

import (
	"context"
	"net/http"
	"time"

	"commontable/assets"
	"commontable/internal/app"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// Server serves the pages of one App.
type Server struct {
	app   *app.App
	cross *http.CrossOriginProtection
}

// New makes the pages of an App.
func New(a *app.App) *Server {
	return &Server{app: a, cross: http.NewCrossOriginProtection()}
}

// handler answers a request or says why it could not; one place turns the error
// into a page.
type handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of the route table. Operations names what the page runs;
// the permission matrix is tested from it.
type Route struct {
	Method, Pattern string
	Operations      []string
	handle          handler
}

// Handler is everything the program serves to browsers except REST, which the
// caller mounts beside it.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range s.Routes() {
		mux.Handle(route.Method+" "+route.Pattern, s.page(route))
	}
	mux.Handle("GET /assets/", s.headers(assets.Handler()))
	mux.Handle("/", s.page(Route{handle: func(http.ResponseWriter, *http.Request) error { return operation.Missing() }}))
	return mux
}

const (
	// maxForm bounds what a form may send; files have their own limits.
	maxForm = 1 << 20
	// requestTimeout bounds the work for one page.
	requestTimeout = 30 * time.Second
)

// page wraps a handler in what every page needs: headers, a bounded body, the
// same-origin rule, who is calling, the language, and errors as pages.
func (s *Server) page(route Route) http.Handler {
	return s.headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timeout, most := requestTimeout, int64(maxForm)
		if route.Method == http.MethodPost && route.Pattern == importUpload {
			timeout, most = uploadTimeout, imports.MostBytes+maxForm
		}
		if bound, ok := s.uploadBound(route); ok {
			timeout, most = uploadTimeout, bound
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		r = r.WithContext(ctx)
		w.Header().Set("Cache-Control", "no-store") // pages are personal
		r.Body = http.MaxBytesReader(w, r.Body, most)
		if route.forgets() {
			forget(r)
		}
		r, err := s.identify(w, r)
		// First of all: other sites send no session along, and what they send must
		// not be kept for after the next sign-in.
		if cross := s.cross.Check(r); cross != nil {
			err = &operation.Error{Kind: operation.Forbidden, Key: "errors.cross_origin", Cause: cross}
		}
		if err == nil {
			err = s.admit(r, route)
		}
		if err == nil {
			err = parseForm(r)
		}
		if err == nil {
			err = route.handle(w, r)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	}))
}

// admit refuses a page none of whose operations the actor's roles could run, so
// that a form is not shown to those who may not send it. The door decides again
// with the record at hand.
func (s *Server) admit(r *http.Request, route Route) error {
	actor := operation.ActorFrom(r.Context())
	if route.Public() {
		return nil
	}
	for _, op := range route.Operations {
		if s.app.Door.Permissions.Allows(op, actor) {
			continue
		}
		if !actor.SignedIn() {
			return operation.Refuse(operation.Unauthenticated, "errors.sign_in")
		}
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	return nil
}

// parseForm reads the form once, so that no handler can forget that it may be
// too large or malformed.
func parseForm(r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}
	if err := checkFormType(r); err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		if isTooLarge(err) {
			return operation.Refuse(operation.TooLarge, "errors.too_large")
		}
		return &operation.Error{Kind: operation.Invalid, Key: "errors.bad_request", Cause: err}
	}
	return nil
}

// headers sets what every answer carries, errors and files included.
func (s *Server) headers(next http.Handler) http.Handler {
	secure := s.app.Config.BaseURL.Scheme == "https"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("X-Frame-Options", "DENY")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'"

// identify finds who is calling and puts them, the collaborative of the address
// and the language into the context.
func (s *Server) identify(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	ctx := access.WithClient(r.Context(), access.Client{Address: access.ClientAddress(r, s.app.Config.TrustedProxies), Agent: r.UserAgent(), Device: s.app.Access.DeviceMark(r)})
	slug := collaborativeSlug(r.URL.Path)
	actor, collaborative, found, err := s.app.Access.Authenticate(ctx, s.app.Access.SessionSecret(r), slug)
	language := found.Language
	if language == "" {
		language = i18n.Match(cookieValue(r, languageCookie)+","+r.Header.Get("Accept-Language"), i18n.Languages()...)
	}
	ctx = i18n.With(ctx, language)
	if collaborative.Zone != nil {
		ctx = i18n.WithZone(ctx, collaborative.Zone)
	}
	ctx = operation.WithActor(ctx, actor)
	ctx = withFound(ctx, found)
	if err != nil {
		return r.WithContext(ctx), err
	}
	s.keepSession(w, r, found)
	if slug != "" {
		// To those who do not belong to it a collaborative does not exist, and
		// whether it does must not show.
		if !actor.SignedIn() {
			return r.WithContext(ctx), operation.Refuse(operation.Unauthenticated, "errors.sign_in")
		}
		if !found.Member {
			return r.WithContext(ctx), operation.Missing()
		}
		if found.NeedsSecondFactor {
			return r.WithContext(ctx), operation.Refuse(operation.Forbidden, "errors.second_factor_needed")
		}
		ctx = operation.WithCollaborative(ctx, collaborative)
	}
	return r.WithContext(ctx), nil
}

// keepSession does what the session asks for: a fresh secret after the account's
// roles changed, or forgetting one that is no good.
func (s *Server) keepSession(w http.ResponseWriter, r *http.Request, found access.Found) {
	switch {
	case found.Dead:
		s.app.Access.ClearSession(w)
	case found.Renew:
		secret, err := s.app.Access.Renew(r.Context(), s.app.Access.SessionSecret(r))
		if err != nil {
			s.app.Log.WarnContext(r.Context(), "a session could not be renewed", "error", err)
			return
		}
		s.app.Access.SetSecret(w, secret)
	}
}
