package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// interrupted leads someone whose request lacked proof of who they are to where
// they can give it, and then back: a page is opened again, and a form that was
// sent is given back with everything typed into it. It says false for failures
// of other kinds.
func (s *Server) interrupted(w http.ResponseWriter, r *http.Request, e *operation.Error) bool {
	var err error
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case e.Key == "errors.sign_in" && reading:
		http.Redirect(w, r, withNext("/sign-in", r.URL.RequestURI()), http.StatusSeeOther) // #nosec G710 -- withNext leads to the sign-in page
	case e.Key == "errors.sign_in":
		k := keep(r)
		err = s.signInPage(w, r, http.StatusUnauthorized, signInState{next: k.origin(), kept: k})
	case (e.Key == "errors.verify_again" || e.Key == "access.second_factor_first") && reading:
		http.Redirect(w, r, withNext("/account/verify", r.URL.RequestURI()), http.StatusSeeOther) // #nosec G710 -- as above
	case e.Key == "errors.verify_again" || e.Key == "access.second_factor_first":
		k := keep(r)
		err = s.verifyPage(w, r, http.StatusForbidden, signInState{next: k.origin(), kept: k})
	case e.Key == "errors.second_factor_needed":
		k := kept{}
		if !reading {
			k = keep(r)
		}
		err = s.secondFactorNeeded(w, r, k)
	default:
		return false
	}
	if err != nil {
		s.app.Log.ErrorContext(r.Context(), "the way back to an interrupted request could not be shown", "path", r.URL.Path, "error", err)
		return false
	}
	return true
}

// withNext is an address that leads on to next afterwards.
func withNext(address, next string) string {
	if access.SafeNext(next) == "/" {
		return address
	}
	return address + "?next=" + url.QueryEscape(next)
}

// tryAgain sends a form again as it was, for those who have signed in in another
// window meanwhile.
func tryAgain(ctx context.Context, k kept) templ.Component {
	if k.Left {
		return with(part(i18n.T(ctx, "signin.try_again")), muted(i18n.T(ctx, "signin.kept_partly")), keptTexts(ctx, k))
	}
	form := ui.Button(ui.Action{Label: i18n.T(ctx, "signin.try_again_button"), Href: k.To, Post: true, Hidden: k.fields(), Kind: ui.Quiet})
	return with(part(i18n.T(ctx, "signin.try_again")), muted(i18n.T(ctx, "signin.try_again_text")), form)
}

// signInContinue is POST /sign-in/continue, where the script of a passkey goes
// on with what was kept.
func (s *Server) signInContinue(w http.ResponseWriter, r *http.Request) error {
	actor, k := operation.ActorFrom(r.Context()), keptFrom(r)
	if k.none() || !k.belongs(actor.Account) {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	return s.continuePage(w, r, k)
}

// continuePage gives an interrupted form back. It is sent on a press of the
// button and not by itself: signing in must not do what nobody sees.
func (s *Server) continuePage(w http.ResponseWriter, r *http.Request, k kept) error {
	ctx := r.Context()
	props := ui.BareProps{Title: i18n.T(ctx, "signin.continue"), Lede: i18n.T(ctx, "signin.continue_text")}
	back := ui.Action{Label: i18n.T(ctx, "signin.continue_back"), Href: k.origin(), Kind: ui.Quiet}
	if k.Left {
		props.Lede = i18n.T(ctx, "signin.kept_partly")
		back.Kind = ui.Main
		return s.showBare(w, r, http.StatusOK, props, "", k, keptTexts(ctx, k), acts([]ui.Action{back}))
	}
	form := ui.FormProps{Action: k.To, Hidden: k.fields(), Submit: i18n.T(ctx, "signin.continue_button"), Unguarded: true,
		Cancel: ui.Link{Label: back.Label, Href: back.Href}}
	return s.showBare(w, r, http.StatusOK, props, "", k, ui.Form(form))
}

// keptTexts shows what was typed, to be copied from.
func keptTexts(ctx context.Context, k kept) templ.Component {
	var fields []ui.FieldProps
	for i, f := range k.Fields {
		if f[1] != "" && f[0] != "version" {
			fields = append(fields, ui.FieldProps{Kind: ui.TextArea, Name: f[0], ID: "kept-" + strconv.Itoa(i),
				Label: i18n.T(ctx, "signin.kept_field", i18n.Args{"Name": f[0]}), Value: f[1], ReadOnly: true, Rows: 2})
		}
	}
	if len(fields) == 0 {
		return templ.NopComponent
	}
	return with(stack(), formFields(fields))
}

// secondFactorNeeded explains that a collaborative asks for a second step, and
// leads to proving one or to setting one up.
func (s *Server) secondFactorNeeded(w http.ResponseWriter, r *http.Request, k kept) error {
	ctx := r.Context()
	a, err := s.app.Access.ShowAccount.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	next := k.origin()
	if k.none() {
		next = r.URL.RequestURI()
	}
	props := ui.BareProps{Title: i18n.T(ctx, "signin.second_step_needed")}
	var action ui.Action
	if a.HasSecondFactor() {
		props.Lede = i18n.T(ctx, "signin.second_step_prove")
		action = ui.Action{Label: i18n.T(ctx, "signin.second_step_prove_button"), Href: withNext("/account/verify", next), Kind: ui.Main}
	} else {
		props.Lede = i18n.T(ctx, "signin.second_step_enrol")
		action = ui.Action{Label: i18n.T(ctx, "signin.second_step_enrol_button"), Href: accountSecurityPath, Kind: ui.Main}
	}
	body := []templ.Component{acts([]ui.Action{action, {Label: i18n.T(ctx, "nav.all_collaboratives"), Href: "/", Kind: ui.Quiet}})}
	if !k.none() {
		body = append(body, tryAgain(ctx, k))
	}
	return s.showBare(w, r, http.StatusForbidden, props, "", k, body...)
}
