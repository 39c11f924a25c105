package web

import (
	"errors"
	"net"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// signInLink is GET /sign-in/link/{secret}: it shows who will be signed in where
// and asks. Mail scanners open links; they must not use them up.
func (s *Server) signInLink(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	view, err := s.app.Access.LookSignInLink(ctx, r.PathValue("secret"))
	if err != nil {
		return s.deadLink(w, r, err, "signin.link_dead_text")
	}
	props := ui.BareProps{Title: i18n.T(ctx, "signin.link_title"), Lede: i18n.T(ctx, "signin.link_lede", i18n.Args{"Email": view.Email, "Site": s.app.Config.BaseURL.Host})}
	if actor := operation.ActorFrom(ctx); actor.SignedIn() && access.EmailKey(actor.Email) != view.Email {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "signin.link_other", i18n.Args{"Email": actor.Email})})
	}
	form := ui.FormProps{Action: r.URL.EscapedPath(), Submit: i18n.T(ctx, "signin.title"), Unguarded: true}
	return s.showSecret(w, r, http.StatusOK, props, ui.Form(form), muted(i18n.T(ctx, "signin.link_once", i18n.Args{"Until": i18n.Relative(ctx, s.app.Config.Clock.Now(), view.Expires)})))
}

// signInRedeemLink is POST /sign-in/link/{secret}.
func (s *Server) signInRedeemLink(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.signInLink(w, again)
	}
	out, err := s.app.Access.RedeemLink(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.deadLink(w, r, err, "signin.link_dead_text")
	}
	return s.enter(w, r, out, kept{})
}

// showSecret renders a page whose address holds a secret. The address is told to
// nobody, not even to this site in a Referer; so the language is chosen by a
// form that comes back to the page itself.
func (s *Server) showSecret(w http.ResponseWriter, r *http.Request, status int, props ui.BareProps, children ...templ.Component) error {
	s.keepAddress(w)
	props.LanguageAction, props.Languages = r.URL.EscapedPath(), languages(r.Context())
	s.render(w, r, status, ui.BarePage(props), children...)
	return nil
}

// keepAddress keeps the address of a page from whoever it links to.
func (s *Server) keepAddress(w http.ResponseWriter) {
	policy := "no-referrer"
	if base := s.app.Config.BaseURL; base.Scheme != "https" && base.Hostname() != "localhost" {
		// Without TLS browsers tell only by the Origin header where a form comes
		// from, and with no-referrer they leave that out too. This policy gives
		// the origin and never the path.
		if address := net.ParseIP(base.Hostname()); address == nil || !address.IsLoopback() {
			policy = "strict-origin"
		}
	}
	w.Header().Set("Referrer-Policy", policy)
}

// deadLink explains a link that no longer works and how to get another; any
// other failure it returns.
func (s *Server) deadLink(w http.ResponseWriter, r *http.Request, err error, what string) error {
	ctx := r.Context()
	s.keepAddress(w)
	var e *operation.Error
	if !errors.As(err, &e) || e.Key != "access.link_dead" {
		return err
	}
	props := ui.BareProps{Title: i18n.T(ctx, "signin.link_dead"), Lede: i18n.T(ctx, what)}
	s.render(w, r, http.StatusNotFound, ui.BarePage(props), acts([]ui.Action{{Label: i18n.T(ctx, "signin.to_sign_in"), Href: "/sign-in", Kind: ui.Main}}))
	return nil
}
