package web

import (
	"net/http"
	"net/url"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// setUp is GET /set-up/{secret}: the first account of an installation.
func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Access.LookSetUp(r.Context(), r.PathValue("secret")); err != nil {
		return s.deadLink(w, r, err, "setup.link_dead")
	}
	return s.setUpPage(w, r, http.StatusOK, url.Values{}, faults{})
}

func (s *Server) setUpPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "account.name"), Value: values.Get("name"), Required: true, MaxLength: 120, Autocomplete: "name"},
		{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "signin.email"), Value: values.Get("email"), Required: true, MaxLength: 254, Autocomplete: "username"},
		{Kind: ui.Password, Name: "password", Label: i18n.T(ctx, "setup.password"), Help: i18n.T(ctx, "setup.password_help"), Autocomplete: "new-password"},
	})
	props := ui.BareProps{Title: i18n.T(ctx, "setup.title"), Lede: i18n.T(ctx, "setup.lede")}
	form := ui.FormProps{Action: r.URL.EscapedPath(), Submit: i18n.T(ctx, "signin.go_on"), Errors: f.explain(fields)}
	return s.showSecret(w, r, status, props, muted(i18n.T(ctx, "setup.step_one")), with(ui.Form(form), formFields(fields)))
}

// setUpComplete is POST /set-up/{secret}.
func (s *Server) setUpComplete(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.setUp(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	out, err := s.app.Access.CompleteSetUp(ctx, s.app.Door, access.SetUpInput{Secret: r.PathValue("secret"), Name: v.Get("name"), Email: v.Get("email"),
		Language: i18n.Language(ctx), Password: v.Get("password")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.setUpPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return s.deadLink(w, r, err, "setup.link_dead")
	}
	out.Next = setUpCollaborativePath
	if v.Get("password") == "" {
		out.Next = withNext("/account/welcome", setUpCollaborativePath)
	}
	return s.enter(w, r, out, kept{})
}

// setUpCollaborativePath is where the first account makes the first
// collaborative.
const setUpCollaborativePath = "/set-up/collaborative"
