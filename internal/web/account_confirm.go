package web

import (
	"errors"
	"net/http"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// accountConfirm is GET /account/confirm/{secret}, where the link leads that was
// sent to a new address.
func (s *Server) accountConfirm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	view, err := s.app.Access.LookConfirmEmail(ctx, r.PathValue("secret"))
	if err != nil {
		return s.deadLink(w, r, err, "account.confirm_dead")
	}
	props := ui.BareProps{Title: i18n.T(ctx, "account.confirm"), Lede: i18n.T(ctx, "account.confirm_text", i18n.Args{"Email": view.Email})}
	return s.showSecret(w, r, http.StatusOK, props, ui.Form(ui.FormProps{Action: r.URL.EscapedPath(), Submit: i18n.T(ctx, "account.confirm_button"), Unguarded: true}))
}

// accountConfirmEmail is POST /account/confirm/{secret}. It proves a mailbox and
// signs nobody in.
func (s *Server) accountConfirmEmail(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.accountConfirm(w, again)
	}
	ctx := r.Context()
	a, err := s.app.Access.ConfirmEmail(ctx, s.app.Door, r.PathValue("secret"))
	var e *operation.Error
	if errors.As(err, &e) && e.Key == "access.email_taken" {
		s.keepAddress(w)
		props := ui.BareProps{Title: i18n.T(ctx, "account.confirm"), Lede: message(ctx, e)}
		s.render(w, r, http.StatusConflict, ui.BarePage(props), acts([]ui.Action{{Label: i18n.T(ctx, "nav.account"), Href: accountPath, Kind: ui.Main}}))
		return nil
	}
	if err != nil {
		return s.deadLink(w, r, err, "account.confirm_dead")
	}
	s.keepAddress(w)
	props := ui.BareProps{Title: i18n.T(ctx, "account.confirmed"), Lede: i18n.T(ctx, "account.confirmed_text", i18n.Args{"Email": a.Email})}
	s.render(w, r, http.StatusOK, ui.BarePage(props), acts([]ui.Action{{Label: i18n.T(ctx, "nav.account"), Href: accountPath, Kind: ui.Main}}))
	return nil
}
