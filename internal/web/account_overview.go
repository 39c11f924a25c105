package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// The parts of one's account.
const (
	accountPath         = "/account"
	accountSecurityPath = "/account/security"
	accountSessionsPath = "/account/sessions"
	accountTokensPath   = "/account/tokens"
)

// accountPage renders a page of one's own account inside the frame.
func (s *Server) accountPage(w http.ResponseWriter, r *http.Request, status int, props ui.PageProps, children ...templ.Component) error {
	ctx := r.Context()
	for _, tab := range [][2]string{{accountPath, "account.overview"}, {accountSecurityPath, "account.security"}, {accountSessionsPath, "account.sessions"}, {accountTokensPath, "account.tokens"}} {
		props.Tabs = append(props.Tabs, ui.Link{Label: i18n.T(ctx, tab[1]), Href: tab[0], Current: r.URL.Path == tab[0]})
	}
	return s.show(w, r, status, "", props, children...)
}

// accountOverview is GET /account.
func (s *Server) accountOverview(w http.ResponseWriter, r *http.Request) error {
	a, err := s.app.Access.ShowAccount.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	return s.overviewPage(w, r, http.StatusOK, accountForms{name: url.Values{"name": {a.Name}, "language": {a.Language}}})
}

// accountForms is what the two forms of the overview hold.
type accountForms struct {
	name, email     url.Values
	atName, atEmail faults
}

func (s *Server) overviewPage(w http.ResponseWriter, r *http.Request, status int, f accountForms) error {
	ctx := r.Context()
	a, err := s.app.Access.ShowAccount.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	list, err := s.app.Access.ListCollaboratives.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	if f.name == nil {
		f.name = url.Values{"name": {a.Name}, "language": {a.Language}}
	}
	names := f.atName.mark([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "account.name"), Help: i18n.T(ctx, "account.name_help"), Value: f.name.Get("name"), Required: true, MaxLength: 120, Autocomplete: "name"},
		{Kind: ui.Select, Name: "language", Label: i18n.T(ctx, "ui.language"), Help: i18n.T(ctx, "account.language_help"), Options: languageOptions(), Value: f.name.Get("language")},
	})
	email := f.atEmail.mark([]ui.FieldProps{{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "account.new_email"), Help: i18n.T(ctx, "account.new_email_help"),
		Value: f.email.Get("email"), Required: true, MaxLength: 254, Autocomplete: "email"}})
	facts := with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "account.you")}),
		with(ui.Form(ui.FormProps{Action: accountPath, Errors: f.atName.explain(names)}), formFields(names)))
	address := with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "account.email"), Detail: i18n.T(ctx, "account.email_now", i18n.Args{"Email": a.Email})}),
		with(ui.Form(ui.FormProps{Action: "/account/email", Submit: i18n.T(ctx, "account.change_email"), SubmitKind: ui.Quiet, Errors: f.atEmail.explain(email)}), formFields(email)))
	props := ui.PageProps{Title: i18n.T(ctx, "nav.account"), Lede: i18n.T(ctx, "account.lede"),
		Menu: []ui.Action{{Label: i18n.T(ctx, "history.to_account"), Href: "/account/history", Icon: "user"}}}
	if r.URL.Query().Has("sent") {
		props.Notices = []ui.NoticeProps{{Kind: ui.Good, Text: i18n.T(ctx, "account.email_sent")}}
	}
	return s.accountPage(w, r, status, props, with(ui.Grid(), facts, with(stack(), address, s.participations(r, list))))
}

// participations are the collaboratives someone takes part in, with their roles
// in the words of each place.
func (s *Server) participations(r *http.Request, list []access.Participation) templ.Component {
	ctx := r.Context()
	panel := ui.PanelProps{Heading: i18n.T(ctx, "account.collaboratives")}
	if len(list) == 0 {
		panel.Detail = i18n.T(ctx, "account.no_collaboratives")
	}
	var rows []ui.Row
	for _, p := range list {
		there := ctx
		if c, err := s.app.Access.Collaborative(ctx, p.Slug); err == nil {
			there = operation.WithCollaborative(ctx, c)
		}
		rows = append(rows, ui.Row{Title: p.Name, Href: "/c/" + url.PathEscape(p.Slug) + "/", Detail: roleLabels(there, p.Roles),
			Action: &ui.Action{Label: i18n.T(ctx, "takeout.own_data_short"), Href: "/c/" + url.PathEscape(p.Slug) + "/people/" + p.Person.Short() + "/own-data", Kind: ui.Quiet}})
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}

// accountSave is POST /account.
func (s *Server) accountSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	name, language := r.PostFormValue("name"), r.PostFormValue("language")
	a, err := s.app.Access.UpdateAccount.Do(ctx, s.app.Door, access.UpdateAccountInput{Name: &name, Language: &language})
	if f, ok := faultsOf(ctx, err); ok {
		return s.overviewPage(w, r, http.StatusUnprocessableEntity, accountForms{name: r.PostForm, atName: f})
	}
	if err != nil {
		return err
	}
	s.rememberLanguage(w, a.Language)
	return s.done(w, r, accountPath, "account.update", operation.Receipt{})
}

// accountEmail is POST /account/email: nothing changes before the new address
// is confirmed.
func (s *Server) accountEmail(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, err := s.app.Access.ChangeEmail.Do(ctx, s.app.Door, access.ChangeEmailInput{Email: r.PostFormValue("email")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.overviewPage(w, r, http.StatusUnprocessableEntity, accountForms{email: r.PostForm, atEmail: f})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, accountPath+"?sent=1", http.StatusSeeOther)
	return nil
}

// atHome shows times in the zone of the first collaborative of whoever is signed
// in: an account has none of its own.
func (s *Server) atHome(r *http.Request) (*http.Request, error) {
	ctx := r.Context()
	list, err := s.app.Access.ListCollaboratives.Do(ctx, s.app.Door, operation.None{})
	if err != nil || len(list) == 0 {
		return r, err
	}
	c, err := s.app.Access.Collaborative(ctx, list[0].Slug)
	if err != nil || c.Zone == nil {
		return r, err
	}
	return r.WithContext(i18n.WithZone(ctx, c.Zone)), nil
}

// fresh refuses when whoever is signed in has not proved who they are lately, so
// that a form is not filled in vain.
func (s *Server) fresh(r *http.Request) error {
	if s.app.Config.Clock.Now().Sub(operation.ActorFrom(r.Context()).Verified) > operation.FreshFor {
		return operation.Refuse(operation.Forbidden, "errors.verify_again")
	}
	return nil
}

// parseID reads an id of an address or a form; what is no id does not exist.
func parseID[I any, P interface {
	*I
	UnmarshalText(text []byte) error
}](text string) (I, error) {
	var i I
	if P(&i).UnmarshalText([]byte(text)) != nil {
		return i, operation.Missing()
	}
	return i, nil
}
