package web

import (
	"errors"
	"net/http"
	"net/url"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// signInProviderBegin is POST /sign-in/provider/{id}. It answers with a page that
// goes on by itself, and not with a redirect: the content security policy lets
// no form lead to another site, not even in two steps.
func (s *Server) signInProviderBegin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if operation.ActorFrom(ctx).SignedIn() {
		// Joining a sign-in to one's account opens another door to it.
		if err := s.fresh(r); err != nil {
			return err
		}
	}
	address, ceremony, err := s.app.Access.BeginProvider(ctx, r.PathValue("provider"), access.SafeNext(r.PostFormValue("next")))
	if err != nil {
		return s.providerFailed(w, r, err)
	}
	there, err := url.Parse(address)
	if err != nil {
		return err
	}
	s.app.Access.SetCeremony(w, ceremony)
	w.Header().Set("Refresh", "0; url="+there.String())
	props := ui.BareProps{Title: i18n.T(ctx, "signin.provider_title", i18n.Args{"Site": there.Host})}
	s.render(w, r, http.StatusOK, ui.BarePage(props), acts([]ui.Action{{Label: i18n.T(ctx, "signin.go_on"), Href: there.String(), Kind: ui.Main}}))
	return nil
}

// signInProviderReturn is GET /sign-in/provider/{id}, where the provider sends
// people back to. It acts on a GET, as the protocol has it: what it was given
// works only together with this browser's cookie, and once.
func (s *Server) signInProviderReturn(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	s.keepAddress(w)
	out, err := s.app.Access.FinishProvider(r.Context(), s.app.Door, r.PathValue("provider"), s.app.Access.Ceremony(r), q.Get("state"), q.Get("code"))
	s.app.Access.SetCeremony(w, "")
	if err != nil {
		return s.providerFailed(w, r, err)
	}
	if out.Secret == "" && !out.SecondStepPending() {
		// It was joined to the account that is signed in.
		http.Redirect(w, r, access.SafeNext(out.Next), http.StatusSeeOther)
		return nil
	}
	return s.enter(w, r, out, kept{})
}

// providerFailed shows the ways in again, or for someone signed in who wanted to
// join a provider, their security page.
func (s *Server) providerFailed(w http.ResponseWriter, r *http.Request, err error) error {
	ctx := r.Context()
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind == operation.NotFound || e.Key == "errors.verify_again" {
		return err
	}
	setRetryAfter(w, e)
	notices := []ui.NoticeProps{{Kind: ui.Bad, Text: message(ctx, e)}}
	if operation.ActorFrom(ctx).SignedIn() {
		return s.securityPage(w, r, statuses[e.Kind], notices)
	}
	return s.signInPage(w, r, statuses[e.Kind], signInState{next: "/", notices: notices})
}
