package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// signInState is what the sign-in page shows again after an attempt.
type signInState struct {
	email, next string
	kept        kept
	notices     []ui.NoticeProps
	// atPassword says that the faults belong to the form with the password.
	atPassword bool
	faults     faults
}

// signIn is GET /sign-in.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	next := access.SafeNext(q.Get("next"))
	if operation.ActorFrom(ctx).SignedIn() {
		http.Redirect(w, r, next, http.StatusSeeOther) // #nosec G710 -- next has passed SafeNext
		return nil
	}
	state := signInState{next: next}
	if q.Has("out") {
		state.notices = append(state.notices, ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "signin.out")})
	}
	return s.signInPage(w, r, http.StatusOK, state)
}

// signInPage offers every way in. The address comes first, because a link by
// mail works for everybody.
func (s *Server) signInPage(w http.ResponseWriter, r *http.Request, status int, state signInState) error {
	ctx := r.Context()
	hidden := append([]ui.Hidden{{Name: "next", Value: state.next}}, state.kept.hidden()...)
	props := ui.BareProps{Title: i18n.T(ctx, "signin.title"), Lede: i18n.T(ctx, "signin.lede"), Notices: state.notices}
	if !state.kept.none() {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Title: i18n.T(ctx, "signin.ended"), Text: i18n.T(ctx, "signin.ended_text")})
	}
	if !s.app.Post.Mails(ctx) {
		props.Notices = append(props.Notices, ui.NoticeProps{Text: i18n.T(ctx, "signin.no_mail")})
	}

	email := ui.FieldProps{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "signin.email"), Value: state.email, Required: true, MaxLength: 254, Autocomplete: "username webauthn"}
	byMail, password := ui.FormProps{Action: "/sign-in", Submit: i18n.T(ctx, "signin.send_link"), Hidden: hidden, Unguarded: true}, state.faults
	fields := []ui.FieldProps{email}
	if !state.atPassword {
		fields, byMail.Errors, password = state.faults.mark(fields), state.faults.explain(fields), faults{}
	}
	ways := append([]templ.Component{with(ui.Form(byMail), formFields(fields))}, s.otherWays(ctx, state)...)
	body := []templ.Component{with(stack(), ways...)}
	body = append(body, with(part(i18n.T(ctx, "signin.by_password")), passwordForm(ctx, state.email, hidden, password)))
	if !state.kept.none() {
		body = append(body, tryAgain(ctx, state.kept))
	}
	address := "/sign-in"
	if state.next != "/" {
		address += "?next=" + url.QueryEscape(state.next)
	}
	return s.showBare(w, r, status, props, address, state.kept, body...)
}

// passwordForm is the quiet way in below the others.
func passwordForm(ctx context.Context, email string, hidden []ui.Hidden, f faults) templ.Component {
	fields := []ui.FieldProps{
		{Kind: ui.Email, Name: "email", ID: "f-password-email", Label: i18n.T(ctx, "signin.email"), Value: email, Required: true, MaxLength: 254, Autocomplete: "username"},
		{Kind: ui.Password, Name: "password", Label: i18n.T(ctx, "signin.password"), Required: true, Autocomplete: "current-password"},
	}
	form := ui.FormProps{Action: "/sign-in/password", Submit: i18n.T(ctx, "signin.title"), SubmitKind: ui.Quiet, Hidden: hidden, Unguarded: true, Errors: f.explain(fields)}
	for i := range form.Errors {
		if form.Errors[i].Field == "email" {
			form.Errors[i].ID = "f-password-email"
		}
	}
	return with(ui.Form(form), formFields(f.mark(fields)))
}

// otherWays are a passkey and the providers, where there are any.
func (s *Server) otherWays(ctx context.Context, state signInState) []templ.Component {
	var out []templ.Component
	if s.app.Access.PasskeysOffered() {
		out = append(out, passkeyButton(ctx, state.next, state.kept))
	}
	for _, p := range s.app.Access.Providers() {
		out = append(out, ui.Button(ui.Action{Label: i18n.T(ctx, "signin.with_provider", i18n.Args{"Name": p.Name}), Kind: ui.Quiet, Post: true,
			Href: access.PathProvider + url.PathEscape(p.ID), Hidden: []ui.Hidden{{Name: "next", Value: state.next}}}))
	}
	return out
}

// passkeyButton signs in with a passkey and goes on to next, or with what was
// kept.
func passkeyButton(ctx context.Context, next string, k kept) templ.Component {
	props := ui.PasskeyProps{Label: i18n.T(ctx, "signin.by_passkey"), Begin: "/sign-in/passkey/begin", Finish: "/sign-in/passkey/finish?next=" + url.QueryEscape(next), Kind: ui.Quiet}
	if k.none() {
		return ui.PasskeyGet(props)
	}
	props.Form = "kept"
	return templ.Join(ui.PasskeyGet(props), waiting(props.Form, "/sign-in/continue", k.hidden()))
}

// signInRequestLink is POST /sign-in. The answer is the same whether the address
// has an account or not.
func (s *Server) signInRequestLink(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	state := signInState{email: r.PostFormValue("email"), next: access.SafeNext(r.PostFormValue("next")), kept: keptFrom(r)}
	err := s.app.Access.RequestLink(ctx, s.app.Door, state.email, state.next)
	if err != nil {
		return s.signInFailed(w, r, state, err)
	}
	props := ui.BareProps{Title: i18n.T(ctx, "signin.sent"), Lede: i18n.T(ctx, "signin.sent_text", i18n.Args{"Email": state.email})}
	body := []templ.Component{bullets([]string{i18n.T(ctx, "signin.sent_life"), i18n.T(ctx, "signin.sent_nothing")})}
	if !s.app.Post.Mails(ctx) {
		props.Notices = append(props.Notices, ui.NoticeProps{Text: i18n.T(ctx, "signin.no_mail")})
	}
	if !state.kept.none() {
		body = append(body, tryAgain(ctx, state.kept))
	} else {
		props.FootLinks = []ui.Link{{Label: i18n.T(ctx, "signin.another_way"), Href: "/sign-in"}}
	}
	return s.showBare(w, r, http.StatusOK, props, "/sign-in", state.kept, body...)
}

// signInPassword is POST /sign-in/password.
func (s *Server) signInPassword(w http.ResponseWriter, r *http.Request) error {
	state := signInState{email: r.PostFormValue("email"), next: access.SafeNext(r.PostFormValue("next")), kept: keptFrom(r), atPassword: true}
	in := access.PasswordInput{Email: state.email, Password: r.PostFormValue("password"), Next: state.next}
	var missing operation.Faults
	if in.Email == "" {
		missing.Add("email", "errors.required")
	}
	if in.Password == "" {
		missing.Add("password", "errors.required")
	}
	err := missing.Err()
	var out access.SignedIn
	if err == nil {
		out, err = s.app.Access.SignInWithPassword(r.Context(), s.app.Door, in)
	}
	if err != nil {
		return s.signInFailed(w, r, state, err)
	}
	return s.enter(w, r, out, state.kept)
}

// signInFailed shows the page again with what was typed, save the password, and
// what to do; what it cannot explain it returns.
func (s *Server) signInFailed(w http.ResponseWriter, r *http.Request, state signInState, err error) error {
	ctx := r.Context()
	var e *operation.Error
	if !errors.As(err, &e) {
		return err
	}
	if f, ok := faultsOf(ctx, err); ok {
		state.faults = f
	} else if e.Kind == operation.Unauthenticated || e.Kind == operation.TooMany || e.Kind == operation.Conflict {
		setRetryAfter(w, e)
		state.notices = append(state.notices, ui.NoticeProps{Kind: ui.Bad, Text: message(ctx, e)})
	} else {
		return err
	}
	if r.PostFormValue("again") != "" && operation.ActorFrom(ctx).SignedIn() {
		return s.verifyPage(w, r, statuses[e.Kind], state)
	}
	return s.signInPage(w, r, statuses[e.Kind], state)
}

// enter ends every way in: it writes the cookies and goes on, to the second step
// where one is to come.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, out access.SignedIn, k kept) error {
	s.app.Access.SetSession(w, out)
	r = r.WithContext(i18n.With(r.Context(), out.Account.Language))
	if out.SecondStepPending() {
		if !k.none() {
			return s.secondStepPage(w, r, http.StatusOK, out.Next, k, nil, faults{})
		}
		http.Redirect(w, r, "/sign-in/second-step?next="+url.QueryEscape(out.Next), http.StatusSeeOther)
		return nil
	}
	if !k.none() && k.belongs(out.Account.ID) {
		return s.continuePage(w, r, k)
	}
	http.Redirect(w, r, access.SafeNext(out.Next), http.StatusSeeOther)
	return nil
}

// showBare renders a page without the frame. The language can be chosen where
// the page has an address to come back to and nothing typed would be lost.
func (s *Server) showBare(w http.ResponseWriter, r *http.Request, status int, props ui.BareProps, address string, k kept, children ...templ.Component) error {
	if k.none() && address != "" {
		props.LanguageAction, props.Languages, props.ReturnTo = "/account/language", languages(r.Context()), address
	}
	s.render(w, r, status, ui.BarePage(props), children...)
	return nil
}
