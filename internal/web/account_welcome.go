package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// accountWelcome is GET /account/welcome: how someone with a new account wants to
// sign in from now on. Nothing need be chosen, links by mail work anyway.
func (s *Server) accountWelcome(w http.ResponseWriter, r *http.Request) error {
	ctx, next := r.Context(), access.SafeNext(r.URL.Query().Get("next"))
	props := ui.BareProps{Title: i18n.T(ctx, "account.welcome"), Lede: i18n.T(ctx, "account.welcome_text")}
	var body []templ.Component
	if s.app.Access.PasskeysOffered() {
		body = append(body, plain(i18n.T(ctx, "account.passkey_why")),
			ui.PasskeyCreate(ui.PasskeyProps{Label: i18n.T(ctx, "account.passkey_make"), Begin: "/account/passkeys/begin", Finish: "/account/passkeys/finish?next=" + url.QueryEscape(next), Kind: ui.Main}))
	}
	body = append(body, with(part(i18n.T(ctx, "account.welcome_other")), acts([]ui.Action{
		{Label: i18n.T(ctx, "account.welcome_links"), Href: next, Kind: ui.Quiet},
		{Label: i18n.T(ctx, "account.set_password"), Href: withNext(accountPasswordPath, next), Kind: ui.Quiet},
	})))
	return s.showBare(w, r, http.StatusOK, props, withNext("/account/welcome", next), kept{}, with(stack(), body...))
}
