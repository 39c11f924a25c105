package web

import (
	"errors"
	"net/http"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

const accountPasswordPath = "/account/security/password"

// accountPassword is GET /account/security/password.
func (s *Server) accountPassword(w http.ResponseWriter, r *http.Request) error {
	if err := s.fresh(r); err != nil {
		return err
	}
	return s.passwordPage(w, r, http.StatusOK, r.URL.Query().Get("next"), faults{})
}

func (s *Server) passwordPage(w http.ResponseWriter, r *http.Request, status int, next string, f faults) error {
	ctx := r.Context()
	a, err := s.app.Access.ShowAccount.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "account.set_password")
	if a.Password {
		title = i18n.T(ctx, "account.change_password")
	}
	fields := f.mark([]ui.FieldProps{
		// Password managers file a password under the address beside it.
		{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "signin.email"), Value: a.Email, ReadOnly: true, Autocomplete: "username"},
		{Kind: ui.Password, Name: "password", Label: i18n.T(ctx, "account.new_password"), Help: i18n.T(ctx, "account.new_password_help"), Required: true, Autocomplete: "new-password"},
	})
	form := ui.FormProps{Action: accountPasswordPath, Hidden: []ui.Hidden{{Name: "next", Value: next}}, Errors: f.explain(fields), Unguarded: true, Cancel: ui.Link{Href: accountSecurityPath}}
	return s.accountPage(w, r, status, ui.PageProps{Title: title, Lede: i18n.T(ctx, "account.password_lede"), Crumbs: securityCrumbs(r)}, with(ui.Form(form), formFields(fields)))
}

func securityCrumbs(r *http.Request) []ui.Link {
	ctx := r.Context()
	return []ui.Link{{Label: i18n.T(ctx, "nav.account"), Href: accountPath}, {Label: i18n.T(ctx, "account.security"), Href: accountSecurityPath}}
}

// accountPasswordSet is POST /account/security/password.
func (s *Server) accountPasswordSet(w http.ResponseWriter, r *http.Request) error {
	ctx, next := r.Context(), r.PostFormValue("next")
	_, err := s.app.Access.SetPassword.Do(ctx, s.app.Door, access.SetPasswordInput{Password: r.PostFormValue("password")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.passwordPage(w, r, http.StatusUnprocessableEntity, next, f)
	}
	if err != nil {
		return s.securityFailed(w, r, err)
	}
	if next != "" && access.SafeNext(next) == next {
		http.Redirect(w, r, next, http.StatusSeeOther) // #nosec G710 -- SafeNext has left it as it was
		return nil
	}
	return s.done(w, r, accountSecurityPath, "account.set-password", operation.Receipt{})
}

// accountPasswordRemove is POST /account/security/password/remove.
func (s *Server) accountPasswordRemove(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.app.Access.RemovePassword.Do(r.Context(), s.app.Door, operation.None{}); err != nil {
		return s.securityFailed(w, r, err)
	}
	return s.done(w, r, accountSecurityPath, "account.remove-password", operation.Receipt{})
}

// securityFailed says on the security page why something could not be done there;
// what leads elsewhere it returns.
func (s *Server) securityFailed(w http.ResponseWriter, r *http.Request, err error) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Conflict {
		return err
	}
	return s.securityPage(w, r, statuses[e.Kind], []ui.NoticeProps{{Kind: ui.Bad, Text: message(r.Context(), e)}})
}
