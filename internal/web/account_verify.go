package web

import (
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// accountVerify is GET /account/verify: whoever is signed in proves once more
// that it is them.
func (s *Server) accountVerify(w http.ResponseWriter, r *http.Request) error {
	return s.verifyPage(w, r, http.StatusOK, signInState{next: access.SafeNext(r.URL.Query().Get("next"))})
}

// verifyPage offers the ways in of the account that is signed in. Proving it is
// signing in anew; the old session ends with that.
func (s *Server) verifyPage(w http.ResponseWriter, r *http.Request, status int, state signInState) error {
	ctx := r.Context()
	a, err := s.app.Access.ShowAccount.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	hidden := append([]ui.Hidden{{Name: "next", Value: state.next}, {Name: "again", Value: "true"}}, state.kept.hidden()...)
	props := ui.BareProps{Title: i18n.T(ctx, "account.verify"), Lede: i18n.T(ctx, "account.verify_text", i18n.Args{"Email": a.Email}), Notices: state.notices,
		FootLinks: []ui.Link{{Label: i18n.T(ctx, "ui.cancel"), Href: state.kept.origin()}}}
	if !state.kept.none() {
		props.Notices = append(props.Notices, ui.NoticeProps{Text: i18n.T(ctx, "account.verify_kept")})
	}
	var ways []templ.Component
	if s.app.Access.PasskeysOffered() && a.Passkeys > 0 {
		ways = append(ways, passkeyButton(ctx, state.next, state.kept))
	}
	if a.Password {
		fields := state.faults.mark([]ui.FieldProps{
			{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "signin.email"), Value: a.Email, ReadOnly: true, Autocomplete: "username"},
			{Kind: ui.Password, Name: "password", Label: i18n.T(ctx, "signin.password"), Required: true, Autocomplete: "current-password"}})
		form := ui.FormProps{Action: "/sign-in/password", Submit: i18n.T(ctx, "account.verify_button"), Hidden: hidden, Unguarded: true, Errors: state.faults.explain(fields)}
		ways = append(ways, with(ui.Form(form), formFields(fields)))
	}
	link := ui.FormProps{Action: "/sign-in", Submit: i18n.T(ctx, "signin.send_link"), Hidden: append(hidden, ui.Hidden{Name: "email", Value: a.Email}), Unguarded: true}
	if len(ways) > 0 {
		link.SubmitKind = ui.Quiet
		ways = append(ways, with(part(i18n.T(ctx, "account.verify_by_link")), ui.Form(link)))
	} else {
		ways = append(ways, muted(i18n.T(ctx, "account.verify_only_link")), ui.Form(link))
	}
	return s.showBare(w, r, status, props, withNext("/account/verify", state.next), state.kept, with(stack(), ways...))
}
