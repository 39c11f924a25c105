package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// invitation is GET /invitation/{secret}: who invites to what, and who will see
// what.
func (s *Server) invitation(w http.ResponseWriter, r *http.Request) error {
	return s.invitationPage(w, r, http.StatusOK, url.Values{}, faults{})
}

func (s *Server) invitationPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	view, err := s.app.Access.LookInvitation(r.Context(), r.PathValue("secret"))
	if err != nil {
		return s.deadLink(w, r, err, "invite.link_dead")
	}
	r = s.inLanguageOf(r, view)
	ctx := r.Context()
	there := operation.WithCollaborative(ctx, view.Collaborative)
	args := i18n.Args{"Sender": view.Sender, "Collaborative": view.Collaborative.Name, "Roles": roleLabels(there, view.Roles), "Email": view.Email}
	props := ui.BareProps{Title: i18n.T(ctx, "invite.title", args), Lede: i18n.T(ctx, "invite.lede", args)}
	seen := bullets([]string{i18n.T(ctx, "invite.seen_backbone"), i18n.T(ctx, "invite.seen_members"), i18n.T(ctx, "invite.seen_never")})
	body := []templ.Component{s.invitationForms(r, view, values, f), with(part(i18n.T(ctx, "invite.seen")), seen,
		muted(i18n.T(ctx, "invite.until", i18n.Args{"Date": i18n.Date(i18n.WithZone(ctx, view.Collaborative.Zone), view.Expires)})))}
	return s.showSecret(w, r, status, props, body...)
}

// inLanguageOf shows the page in the language of the invitation to someone who
// has not chosen one.
func (s *Server) inLanguageOf(r *http.Request, view access.InvitationView) *http.Request {
	if operation.ActorFrom(r.Context()).SignedIn() || cookieValue(r, languageCookie) != "" || r.Method == http.MethodPost || !i18n.Known(view.Language) {
		return r
	}
	return r.WithContext(i18n.With(r.Context(), view.Language))
}

// invitationForms are the ways to accept, which depend on who is signed in and on
// whether the address has an account.
func (s *Server) invitationForms(r *http.Request, view access.InvitationView, values url.Values, f faults) templ.Component {
	ctx := r.Context()
	actor := operation.ActorFrom(ctx)
	action := r.URL.EscapedPath()
	asCurrent := []ui.Hidden{{Name: "as", Value: "current"}}
	switch {
	case actor.SignedIn() && access.EmailKey(actor.Email) == access.EmailKey(view.Email):
		return ui.Form(ui.FormProps{Action: action, Hidden: asCurrent, Submit: i18n.T(ctx, "invite.accept"), Unguarded: true})
	case actor.SignedIn():
		other := i18n.Args{"Email": actor.Email, "Name": actor.Name}
		return with(stack(), plain(i18n.T(ctx, "invite.signed_in_as", other)),
			ui.Form(ui.FormProps{Action: action, Hidden: asCurrent, Submit: i18n.T(ctx, "invite.accept_as", other), Unguarded: true}),
			with(part(i18n.T(ctx, "invite.not_you")), muted(i18n.T(ctx, "invite.not_you_text", i18n.Args{"Email": view.Email})), newMemberForm(ctx, action, view, values, f, ui.Quiet)))
	}
	return newMemberForm(ctx, action, view, values, f, ui.Main)
}

// newMemberForm accepts with the account of the invited address. Where there is
// none yet it asks for the little that a new one needs.
func newMemberForm(ctx context.Context, action string, view access.InvitationView, values url.Values, f faults, kind ui.Kind) templ.Component {
	form := ui.FormProps{Action: action, Submit: i18n.T(ctx, "invite.accept"), SubmitKind: kind, Unguarded: true}
	if view.HasAccount {
		form.Submit = i18n.T(ctx, "invite.accept_sign_in")
		return with(stack(), plain(i18n.T(ctx, "invite.has_account", i18n.Args{"Email": view.Email})), ui.Form(form))
	}
	name := view.Name
	if values.Has("name") {
		name = values.Get("name")
	}
	fields := f.mark([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "account.name"), Value: name, Required: true, MaxLength: 120, Autocomplete: "name"},
		{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "signin.email"), Value: view.Email, ReadOnly: true, Autocomplete: "username"},
		{Kind: ui.Password, Name: "password", Label: i18n.T(ctx, "setup.password"), Help: i18n.T(ctx, "setup.password_help"), Autocomplete: "new-password"},
	})
	form.Errors = f.explain(fields)
	return with(ui.Form(form), formFields(fields))
}

// invitationAccept is POST /invitation/{secret}.
func (s *Server) invitationAccept(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.invitation(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	current := v.Get("as") == "current"
	if current && !operation.ActorFrom(ctx).SignedIn() {
		// Signed out meanwhile: the page offers what is left.
		return s.invitationPage(w, r, http.StatusUnauthorized, v, faults{})
	}
	out, err := s.app.Access.AcceptInvitation(ctx, s.app.Door, access.AcceptInput{Secret: r.PathValue("secret"), Name: v.Get("name"), Language: i18n.Language(ctx),
		Password: v.Get("password"), AsCurrent: current})
	if f, ok := faultsOf(ctx, err); ok {
		return s.invitationPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return s.deadLink(w, r, err, "invite.link_dead")
	}
	home := "/c/" + url.PathEscape(out.Collaborative) + "/"
	if current {
		http.Redirect(w, r, home, http.StatusSeeOther)
		return nil
	}
	out.Next = home
	if out.New && v.Get("password") == "" {
		out.Next = withNext("/account/welcome", home)
	}
	return s.enter(w, r, out, kept{})
}
