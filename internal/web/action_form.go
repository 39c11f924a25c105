package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// actionForm shows the form of an action; nil is a new one. choice asks which person
// of a name is meant.
func (s *Server) actionForm(w http.ResponseWriter, r *http.Request, status int, a *actions.Action, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "actions.field_"+key) }
	organizations, err := s.organizationOptions(ctx, values.Get("owner_organization_id"))
	if err != nil {
		return err
	}
	fields := []ui.FieldProps{{Kind: ui.TextArea, Name: "text", Label: t("text"), Help: i18n.T(ctx, "actions.help_text"), Required: true, Rows: 2, MaxLength: 500},
		s.personLookup(ctx, values, "owner_person", t("owner_person"), "")}
	if choice != nil {
		fields = append(fields, *choice)
	}
	fields = append(fields,
		ui.FieldProps{Kind: ui.Select, Name: "owner_organization_id", Label: t("owner_organization"), Blank: i18n.T(ctx, "list.none"), Options: organizations},
		ui.FieldProps{Name: "owner", Label: t("owner_name"), Help: i18n.T(ctx, "actions.help_owner"), MaxLength: 200, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Date, Name: "due_on", Label: t("due_on")},
		ui.FieldProps{Kind: ui.TextArea, Name: "note", Label: t("note"), Rows: 4, MaxLength: 5000})
	fields = f.mark(filled(fields, values))
	props := ui.PageProps{Title: i18n.T(ctx, "actions.add"), Lede: i18n.T(ctx, "actions.form_lede"), Crumbs: actionCrumbs(ctx)}
	form := ui.FormProps{Action: place(ctx, "actions"), Errors: f.explain(fields), Cancel: ui.Link{Href: returnTo(r, place(ctx, "actions"))}}
	for _, name := range []string{"id", "meeting_id", "return"} {
		if value := values.Get(name); value != "" && a == nil {
			form.Hidden = append(form.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	if a != nil {
		address := actionAddress(ctx, a.ID, "")
		props.Title, props.Lede = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": a.Title()}), ""
		props.Crumbs = append(props.Crumbs, ui.Link{Label: a.Title(), Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: number(a.Version)}}
	}
	if choice != nil {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "owner_person_for", Value: values.Get("owner_person")})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// actionNew is GET …/actions/new.
func (s *Server) actionNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"id": {id.New[actions.Action]().String()}}
	if i, err := id.Parse[directory.Organization](r.URL.Query().Get("organization")); err == nil {
		values.Set("owner_organization_id", i.String())
	}
	if i, err := id.Parse[convening.Meeting](r.URL.Query().Get("meeting")); err == nil {
		values.Set("meeting_id", i.String())
	}
	return s.actionForm(w, r, http.StatusOK, nil, values, nil, faults{})
}

// actionInput is what the form says.
func (s *Server) actionInput(ctx context.Context, v url.Values) (in actions.Input, choice *ui.FieldProps, err error) {
	in = actions.Input{Text: v.Get("text"), Note: v.Get("note"), Owner: v.Get("owner"), DueOn: v.Get("due_on")}
	in.ID, _ = id.Parse[actions.Action](v.Get("id")) // made when there is none
	in.MeetingID, _ = id.Parse[convening.Meeting](v.Get("meeting_id"))
	in.OwnerOrganizationID, _ = id.Parse[directory.Organization](v.Get("owner_organization_id"))
	in.OwnerPersonID, choice, err = s.personChoice(ctx, v, "owner_person")
	return in, choice, err
}

// actionCreate is POST …/actions.
func (s *Server) actionCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in, choice, err := s.actionInput(ctx, v)
	var receipt operation.Receipt
	var made actions.Action
	if err == nil {
		made, err = actions.Create.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, renamed(err, "owner_person_id", "owner_person")); ok {
		return s.actionForm(w, r, http.StatusUnprocessableEntity, nil, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, actionAddress(ctx, made.ID, "")), "actions.create", receipt)
}

// actionEdit is GET …/actions/{id}/edit.
func (s *Server) actionEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := s.action(r)
	if err != nil {
		return err
	}
	values := url.Values{"text": {a.Text}, "note": {a.Note}, "due_on": {a.DueOn}}
	switch {
	case !a.OwnerPersonID.IsZero():
		values.Set("owner_person", a.Owner)
		values.Set("owner_person_id", a.OwnerPersonID.String())
	case !a.OwnerOrganizationID.IsZero():
		values.Set("owner_organization_id", a.OwnerOrganizationID.String())
	default:
		values.Set("owner", a.Owner)
	}
	return s.actionForm(w, r, http.StatusOK, &a, values, nil, faults{})
}

// actionSave is POST …/actions/{id}.
func (s *Server) actionSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	a, err := s.action(r)
	if err != nil {
		return err
	}
	in, choice, err := s.actionInput(ctx, v)
	var receipt operation.Receipt
	if err == nil {
		_, err = actions.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, actions.Patch{ID: a.ID, Version: whole(v.Get("version")), Text: &in.Text, Note: &in.Note,
			OwnerPersonID: &in.OwnerPersonID, OwnerOrganizationID: &in.OwnerOrganizationID, Owner: &in.Owner, DueOn: &in.DueOn})
	}
	if f, ok := formFaults(ctx, renamed(err, "owner_person_id", "owner_person")); ok {
		return s.actionForm(w, r, http.StatusUnprocessableEntity, &a, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, actionAddress(ctx, a.ID, ""), "actions.edit", receipt)
}
