package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/post"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// ownerValue is the value of the selection box of what is due from an owner.
func ownerValue(o due.Owner) string {
	if o.OrganizationID.IsZero() {
		return "p" + o.PersonID.String()
	}
	return "o" + o.OrganizationID.String()
}

// chosenOwners are the owners that a form names, each once.
func chosenOwners(v url.Values) []due.Owner {
	var out []due.Owner
	seen := map[string]bool{}
	for _, value := range v["id"] {
		if seen[value] {
			continue
		}
		seen[value] = true
		if text, ok := strings.CutPrefix(value, "o"); ok {
			if i, err := id.Parse[directory.Organization](text); err == nil {
				out = append(out, due.Owner{OrganizationID: i})
			}
		} else if i, err := id.Parse[directory.Person](strings.TrimPrefix(value, "p")); err == nil {
			out = append(out, due.Owner{PersonID: directory.PersonID(i)})
		}
	}
	return out
}

// nudgePlan is POST …/due/nudge: whom a word would reach, and what it says. Nothing
// is sent yet.
func (s *Server) nudgePlan(w http.ResponseWriter, r *http.Request) error {
	return s.nudgePage(w, r, http.StatusOK, i18n.T(r.Context(), "post.message"), faults{})
}

func (s *Server) nudgePage(w http.ResponseWriter, r *http.Request, status int, message string, f faults) error {
	ctx := r.Context()
	plan, err := s.app.Reminders.Plan.Do(ctx, s.app.Door, post.PlanInput{Owners: chosenOwners(r.PostForm)})
	if err != nil {
		return err
	}
	var reached, missed []ui.Row
	hidden := []ui.Hidden{}
	seen := map[string]bool{}
	for _, p := range plan.People {
		name := named(ctx, p.Name)
		if p.Reader != "" && !p.OrganizationID.IsZero() {
			name = i18n.T(ctx, "post.nudge_for", i18n.Args{"Reader": p.Reader, "Name": p.Name})
		}
		if p.Why != "" {
			missed = append(missed, ui.Row{Title: name, Detail: i18n.T(ctx, "unreachable."+p.Why)})
			continue
		}
		reached = append(reached, ui.Row{Title: name})
		if value := ownerValue(p.Owner); !seen[value] {
			seen[value] = true
			hidden = append(hidden, ui.Hidden{Name: "id", Value: value})
		}
	}
	there := ui.PanelProps{Heading: i18n.T(ctx, "post.nudge_people")}
	if len(reached) == 0 {
		there.Detail = i18n.T(ctx, "post.nudge_none")
	}
	parts := []templ.Component{}
	if len(reached) > 0 {
		fields := f.mark([]ui.FieldProps{{Kind: ui.TextArea, Name: "message", Label: i18n.T(ctx, "post.field_message"), Value: message, Rows: 5, MaxLength: 2000}})
		form := ui.FormProps{Action: place(ctx, "due/nudge/send"), Hidden: hidden, Submit: i18n.T(ctx, "post.nudge_send"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "due")}}
		parts = append(parts, with(ui.Form(form), formFields(fields)))
	}
	parts = append(parts, with(ui.Panel(there), ui.Rows(reached), templ.NopComponent))
	if len(missed) > 0 {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "post.nudge_unreached")}), ui.Rows(missed), templ.NopComponent))
	}
	props := ui.PageProps{Title: i18n.T(ctx, "post.nudge"), Lede: i18n.T(ctx, "post.nudge_lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "due.title"), Href: place(ctx, "due")}}}
	return s.show(w, r, status, "bodies", props, parts...)
}

// nudgeSend is POST …/due/nudge/send.
func (s *Server) nudgeSend(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	_, err := s.app.Reminders.Nudge.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, post.NudgeInput{Owners: chosenOwners(v), Message: v.Get("message")})
	if f, ok := faultsOf(ctx, err); ok && len(chosenOwners(v)) > 0 {
		return s.nudgePage(w, r, http.StatusUnprocessableEntity, v.Get("message"), f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "due"), "nudges.send", receipt)
}
