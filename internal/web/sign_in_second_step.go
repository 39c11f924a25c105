package web

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// signInSecondStep is GET /sign-in/second-step.
func (s *Server) signInSecondStep(w http.ResponseWriter, r *http.Request) error {
	if s.app.Access.Ticket(r) == "" {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return nil
	}
	return s.secondStepPage(w, r, http.StatusOK, access.SafeNext(r.URL.Query().Get("next")), kept{}, nil, faults{})
}

// secondStepPage asks for a code, or a passkey, which is two factors in one.
func (s *Server) secondStepPage(w http.ResponseWriter, r *http.Request, status int, next string, k kept, notices []ui.NoticeProps, f faults) error {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{{Name: "code", Label: i18n.T(ctx, "signin.code"), Help: i18n.T(ctx, "signin.code_help"), Required: true,
		Autocomplete: "one-time-code", MaxLength: 60, Autofocus: true, Attrs: templ.Attributes{"autocapitalize": "none", "spellcheck": "false"}}})
	form := ui.FormProps{Action: "/sign-in/second-step", Submit: i18n.T(ctx, "signin.go_on"), Unguarded: true, Errors: f.explain(fields),
		Hidden: append([]ui.Hidden{{Name: "next", Value: next}}, k.hidden()...)}
	ways := []templ.Component{with(ui.Form(form), formFields(fields))}
	if s.app.Access.PasskeysOffered() {
		ways = append(ways, passkeyButton(ctx, next, k))
	}
	props := ui.BareProps{Title: i18n.T(ctx, "signin.second_step"), Lede: i18n.T(ctx, "signin.second_step_text"), Notices: notices,
		FootLinks: []ui.Link{{Label: i18n.T(ctx, "signin.start_over"), Href: "/sign-in"}}}
	return s.showBare(w, r, status, props, "", k, with(stack(), ways...))
}

// signInSecondStepCheck is POST /sign-in/second-step.
func (s *Server) signInSecondStepCheck(w http.ResponseWriter, r *http.Request) error {
	ctx, k := r.Context(), keptFrom(r)
	next := access.SafeNext(r.PostFormValue("next"))
	code := r.PostFormValue("code")
	err := error(operation.InvalidField("code", "errors.required"))
	var out access.SignedIn
	if code != "" {
		out, err = s.app.Access.SecondStep(ctx, s.app.Door, s.app.Access.Ticket(r), code)
	}
	if err == nil {
		return s.enter(w, r, out, k)
	}
	if f, ok := faultsOf(ctx, err); ok {
		return s.secondStepPage(w, r, http.StatusUnprocessableEntity, next, k, nil, f)
	}
	var e *operation.Error
	if errors.As(err, &e) && e.Kind == operation.TooMany {
		setRetryAfter(w, e)
		return s.secondStepPage(w, r, http.StatusTooManyRequests, next, k, []ui.NoticeProps{{Kind: ui.Bad, Text: message(ctx, e)}}, faults{})
	}
	// The first step has grown old, or something changed since.
	return s.signInFailed(w, r, signInState{next: next, kept: k}, err)
}
