package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/web/ui"
)

// actionPanel is what was promised in a meeting, with a short form to note more: for
// its follow-up and while it runs. The form has an id of its own, so that sending it
// twice after a lost connection notes the action once.
func (s *Server) actionPanel(r *http.Request, m convening.Meeting) (templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "actions.list") {
		return templ.NopComponent, nil
	}
	page, err := actions.List.Do(ctx, s.app.Door, actions.ListInput{MeetingID: m.ID, Limit: 200})
	if err != nil {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "actions.title")}
	parts := []templ.Component{rowsOr(s.actionRows(ctx, page.Items, r.URL.RequestURI()), i18n.T(ctx, "actions.none_here"))}
	if m.MayPrepare && m.DeletedAt == nil && s.may(ctx, "actions.create") {
		fields := []ui.FieldProps{
			{Name: "text", ID: "action-text", Label: i18n.T(ctx, "actions.field_text"), Required: true, MaxLength: 500, Autocomplete: "off"},
			s.personLookup(ctx, url.Values{}, "owner_person", i18n.T(ctx, "actions.field_owner_person"), ""),
			{Kind: ui.Date, Name: "due_on", ID: "action-due-on", Label: i18n.T(ctx, "actions.field_due_on")},
		}
		form := ui.FormProps{Action: place(ctx, "actions"), Submit: i18n.T(ctx, "actions.add"), SubmitKind: ui.Quiet,
			Hidden: []ui.Hidden{{Name: "meeting_id", Value: m.ID.String()}, {Name: "id", Value: id.New[actions.Action]().String()}, {Name: "return", Value: r.URL.RequestURI()}}}
		parts = append(parts, with(folded(i18n.T(ctx, "actions.add")), with(ui.Form(form), formFields(fields))))
	}
	return with(ui.Panel(panel), parts...), nil
}

// actionsOf are the open actions of a person or an organization, for their page.
func (s *Server) actionsOf(r *http.Request, person directory.PersonID, organization directory.OrganizationID) (templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "actions.list") {
		return templ.NopComponent, nil
	}
	page, err := actions.List.Do(ctx, s.app.Door, actions.ListInput{OwnerPersonID: person, OwnerOrganizationID: organization, State: actions.Open, Limit: 8})
	if err != nil {
		return nil, err
	}
	filter := url.Values{}
	if organization.IsZero() {
		filter.Set("person", person.Short())
	} else {
		filter.Set("organization", organization.String())
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "actions.title"), Actions: []ui.Action{actionsMore(ctx, filter)}}
	return with(ui.Panel(panel), rowsOr(s.actionRows(ctx, page.Items, r.URL.RequestURI()), i18n.T(ctx, "actions.none_open"))), nil
}

// actionsToDo is what the backbone sees of actions on Home: those that are overdue
// and those whose owners say that they are not theirs.
func (s *Server) actionsToDo(ctx context.Context) (templ.Component, error) {
	if !s.mayAll(ctx, "actions.edit") {
		return nil, nil
	}
	const most = 5
	disowned, err := actions.List.Do(ctx, s.app.Door, actions.ListInput{Disowned: true, Limit: most})
	if err != nil {
		return nil, err
	}
	overdue, err := actions.List.Do(ctx, s.app.Door, actions.ListInput{Overdue: true, Limit: most})
	if err != nil {
		return nil, err
	}
	all := disowned.Items
	for _, a := range overdue.Items {
		if !a.Disowned {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "home.actions"), Actions: []ui.Action{actionsMore(ctx, url.Values{"which": {"overdue"}})}}
	return with(ui.Panel(panel), ui.Rows(s.actionRows(ctx, all, place(ctx, "")))), nil
}

// promisesToDo are the panels about promises on the backbone's Home.
func (s *Server) promisesToDo(r *http.Request) ([]templ.Component, error) {
	var out []templ.Component
	for _, panel := range []func(context.Context) (templ.Component, error){s.actionsToDo, s.pledgesToDo} {
		c, err := panel(r.Context())
		if err != nil {
			return nil, err
		}
		if c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}

// promisesOf are the panels about promises on the page of an organization or a person.
func (s *Server) promisesOf(r *http.Request, person directory.PersonID, organization directory.OrganizationID) (templ.Component, error) {
	todo, err := s.actionsOf(r, person, organization)
	if err != nil {
		return nil, err
	}
	given, err := s.commitmentsOf(r, organization)
	if err != nil {
		return nil, err
	}
	return with(stack(), todo, given), nil
}

// actionDisown is POST …/actions/{id}/disown.
func (s *Server) actionDisown(w http.ResponseWriter, r *http.Request) error {
	a, err := s.action(r)
	if err != nil {
		return err
	}
	in := actions.DisownInput{ID: a.ID, Version: formVersion(r), Mine: r.PostFormValue("mine") == "true", Why: r.PostFormValue("why")}
	return s.actionDid(w, r, a, "actions.disown", func(ctx context.Context) error {
		_, err := actions.Disown.Do(ctx, s.app.Door, in)
		return err
	})
}
