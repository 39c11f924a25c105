package web

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// statuses says once what each kind of failure is in HTTP.
var statuses = map[operation.Kind]int{
	operation.Invalid:         http.StatusUnprocessableEntity,
	operation.Unauthenticated: http.StatusUnauthorized,
	operation.Forbidden:       http.StatusForbidden,
	operation.NotFound:        http.StatusNotFound,
	operation.Conflict:        http.StatusConflict,
	operation.TooMany:         http.StatusTooManyRequests,
	operation.TooLarge:        http.StatusRequestEntityTooLarge,
	operation.Unavailable:     http.StatusServiceUnavailable,
	operation.Internal:        http.StatusInternalServerError,
}

// fail answers with a page that says what went wrong and what to do.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	var e *operation.Error
	if !errors.As(err, &e) {
		// The pattern and not the path: some paths hold a secret.
		s.app.Log.ErrorContext(ctx, "page failed", "page", r.Pattern, "request", operation.RequestFrom(ctx), "error", err)
		if !errors.As(operation.Translate(err), &e) {
			e = operation.Refuse(operation.Internal, "errors.internal")
		}
	}
	if !isFragment(r) && s.interrupted(w, r, e) {
		return
	}
	setRetryAfter(w, e)
	props := ui.BareProps{
		Title:     i18n.T(ctx, "errors.title_"+strconv.Itoa(statuses[e.Kind])),
		Lede:      message(ctx, e),
		BrandHref: "/",
	}
	if e.Kind == operation.Internal {
		props.FootLinks = nil
		props.Notices = []ui.NoticeProps{{Text: i18n.T(ctx, "errors.reference", i18n.Args{"Request": operation.RequestFrom(ctx)})}}
	}
	var links []ui.Link
	if c := collaborativeSlug(r.URL.Path); c != "" && foundFrom(ctx).Member {
		links = append(links, ui.Link{Label: i18n.T(ctx, "errors.to_home"), Href: "/c/" + url.PathEscape(c) + "/"})
	}
	s.render(w, r, statuses[e.Kind], ui.BarePage(props), errorLinks(links, faultTexts(ctx, e)))
}

// setRetryAfter tells programs when to come back; people read it in the message.
func setRetryAfter(w http.ResponseWriter, e *operation.Error) {
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
}

// isFragment says whether htmx asked for a part of a page, into which a
// sign-in page must not be put.
func isFragment(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// render writes a whole component before the first byte goes out, so that a
// failure while rendering is still an error page and not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component, children ...templ.Component) {
	ctx := r.Context()
	if len(children) > 0 {
		ctx = templ.WithChildren(ctx, templ.Join(children...))
	}
	buffer := templ.GetBuffer()
	defer templ.ReleaseBuffer(buffer)
	if err := page.Render(ctx, buffer); err != nil {
		s.app.Log.ErrorContext(ctx, "a page could not be rendered", "page", r.Pattern, "request", operation.RequestFrom(ctx), "error", err)
		http.Error(w, i18n.T(ctx, "errors.internal"), http.StatusInternalServerError)
		return
	}
	s.send(w, r, status, "text/html; charset=utf-8", buffer)
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, kind string, body *bytes.Buffer) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	_, _ = body.WriteTo(w) // a reader who has gone away needs no answer
}
