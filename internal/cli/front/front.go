// Package front is the outermost layer of the server: what every request passes
// before it reaches pages or REST, and what the operator's tools ask for.
package front

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"commontable/internal/platform/operation"
)

// Front answers requests.
type Front struct {
	// Pages serves everything that nobody else does, API what lies below /api/.
	Pages, API http.Handler
	// Extra serves addresses of its own, by pattern; the demonstration's page.
	Extra map[string]http.Handler
	// BaseURL is where people reach the installation.
	BaseURL *url.URL
	// Ready says whether the program can do its work.
	Ready func(ctx context.Context) error
	Log   *slog.Logger
	// Metrics takes up the front's own; nil for none.
	Metrics *prometheus.Registry

	draining  atomic.Bool
	durations *prometheus.HistogramVec
	running   prometheus.Gauge
}

// Drain makes /readyz say that no more work should be sent here.
func (f *Front) Drain() { f.draining.Store(true) }

// Handler puts the layers together.
func (f *Front) Handler() http.Handler {
	f.measure()
	mux := http.NewServeMux()
	for pattern, handler := range f.Extra {
		mux.Handle(pattern, handler)
	}
	if f.API != nil {
		mux.Handle("/api/", f.API)
	}
	mux.Handle("/", f.Pages)

	// Whoever watches the process asks by its address and must not be refused
	// for it, nor fill the log.
	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", f.health)
	outer.HandleFunc("GET /readyz", f.ready)
	outer.Handle("/", f.observed(f.guarded(compressed(mux))))
	return outer
}

func (f *Front) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "ok")
}

func (f *Front) ready(w http.ResponseWriter, r *http.Request) {
	if f.draining.Load() {
		answer(w, http.StatusServiceUnavailable, "shutting down")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := f.Ready(ctx); err != nil {
		f.Log.ErrorContext(ctx, "not ready", "error", err)
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	answer(w, http.StatusOK, "ready")
}

// answer is a short text for machines, or for people in the rare cases before
// there is a page.
func answer(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // a reader who has gone away needs no answer
}

// RequestHeader tells a request's id to whoever asked, so that they can quote it.
const RequestHeader = "X-Request-Id"

// observed gives the request an id of our own making, logs and measures it, and
// turns a panic into an answer.
func (f *Front) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		id := strings.ToLower(rand.Text()[:16])
		r = r.WithContext(operation.WithRequest(r.Context(), id))
		w.Header().Set(RequestHeader, id)
		seen := &observer{ResponseWriter: w}
		f.running.Inc()
		defer func() {
			f.running.Dec()
			v := recover()
			if v != nil && !errors.Is(asError(v), http.ErrAbortHandler) {
				f.Log.ErrorContext(r.Context(), "a request failed unexpectedly", "request", id, "route", route(r), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
				if seen.status == 0 {
					answer(seen, http.StatusInternalServerError, "Something went wrong on our side. If it happens again, tell the administrator this number: "+id)
					v = nil
				}
			}
			f.note(r, seen, id, time.Since(started))
			if v != nil {
				// The answer has begun; only breaking it off says that it is not whole.
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

func asError(v any) error {
	err, _ := v.(error)
	return err
}

// route is the pattern a request matched. Unlike its address it holds no
// person's search, no record and no link's secret.
func route(r *http.Request) string {
	_, path, found := strings.Cut(r.Pattern, " ")
	if !found {
		path = r.Pattern
	}
	return path
}

// quiet are the routes on which anonymous answers come in and what they are handed in
// with goes out. They are neither logged nor measured: a line would give each a time.
var quiet = map[string]bool{"/survey/{secret}/slip": true, "/slip/{secret}": true}

func (f *Front) note(r *http.Request, seen *observer, id string, took time.Duration) {
	status := seen.status
	if status == 0 {
		status = http.StatusOK
	}
	where := route(r)
	if quiet[where] {
		return
	}
	f.durations.WithLabelValues(methodLabel(r.Method), where, fmt.Sprintf("%dxx", status/100)).Observe(took.Seconds())
	level := slog.LevelInfo
	if strings.HasPrefix(where, "/assets/") {
		level = slog.LevelDebug
	}
	f.Log.LogAttrs(r.Context(), level, "request", slog.String("request", id), slog.String("method", methodLabel(r.Method)), slog.String("route", where),
		slog.Int("status", status), slog.Int64("bytes", seen.bytes), slog.Duration("took", took))
}

// methodLabel keeps the number of distinct labels small, whatever is sent.
func methodLabel(method string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, method) {
		return method
	}
	return "other"
}

func (f *Front) measure() {
	f.durations = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "commontable_request_seconds", Help: "How long requests took, by route and kind of answer.",
		Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5, 30}}, []string{"method", "route", "status"})
	f.running = prometheus.NewGauge(prometheus.GaugeOpts{Name: "commontable_requests_running", Help: "How many requests are being answered."})
	if f.Metrics != nil {
		f.Metrics.MustRegister(f.durations, f.running)
	}
}

// guarded refuses requests that no page or program of ours sends.
func (f *Front) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 && r.ProtoMajor == 1 {
			// net/http drops a Content-Length that stood beside the chunks, so
			// it cannot be told here whether a proxy in front read the request
			// differently. What follows on this connection is not read at all.
			w.Header().Set("Connection", "close")
		}
		switch {
		case r.Method == http.MethodTrace || r.Method == http.MethodConnect:
			answer(w, http.StatusMethodNotAllowed, "This method is not served.")
		case !f.ours(r.Host):
			answer(w, http.StatusMisdirectedRequest, "This address is not served here. Use "+f.BaseURL.String())
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ours says whether a Host header names this installation: the base URL's host,
// or this machine itself. A page of another name that resolves here (DNS
// rebinding) gets nothing.
func (f *Front) ours(host string) bool {
	if strings.EqualFold(host, f.BaseURL.Host) {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, ""
	}
	if strings.EqualFold(name, f.BaseURL.Hostname()) && (port == "" || port == "80" || port == "443" || port == f.BaseURL.Port()) {
		return true
	}
	return Loopback(strings.Trim(name, "[]"))
}

// Loopback says whether a host name or address is this machine's own.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// observer notes what was answered.
type observer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (o *observer) WriteHeader(status int) {
	if o.status == 0 && status >= 200 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (o *observer) Write(p []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(p)
	o.bytes += int64(n)
	return n, err
}

// Unwrap serves http.ResponseController.
func (o *observer) Unwrap() http.ResponseWriter { return o.ResponseWriter }
