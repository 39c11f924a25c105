package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// personFields are the fields of the form, filled from values. Fields the actor
// may not change are left out.
func (s *Server) personFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "people.field_"+key) }
	backbone := s.mayAll(ctx, "people.create")
	seen := i18n.T(ctx, "visible.backbone_and_person")
	fields := []ui.FieldProps{
		{Name: "given_name", Label: t("given_name"), MaxLength: 100, Autocomplete: "off"},
		{Name: "family_name", Label: t("family_name"), MaxLength: 100, Autocomplete: "off"},
		{Kind: ui.Email, Name: "email", Label: t("email"), MaxLength: 254, VisibleTo: seen, Autocomplete: "off"},
		{Kind: ui.Tel, Name: "phone", Label: t("phone"), MaxLength: 50, VisibleTo: seen, Autocomplete: "off"},
		{Kind: ui.Select, Name: "language", Label: t("language"), Blank: i18n.T(ctx, "list.not_known"), Options: languageOptions()},
	}
	if backbone {
		choices, err := s.organizationOptions(ctx, values.Get("organization_id"))
		if err != nil {
			return nil, err
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Help: i18n.T(ctx, "people.help_organization"),
			Blank: i18n.T(ctx, "people.no_organization"), Options: choices})
	}
	fields = append(fields, ui.FieldProps{Name: "title", Label: t("title"), MaxLength: 200, Autocomplete: "off"})
	if backbone {
		fields = append(fields,
			ui.FieldProps{Kind: ui.Checkbox, Name: "represents", Label: t("represents"), Help: i18n.T(ctx, "people.help_represents"), Checked: values.Get("represents") == "true"},
			ui.FieldProps{Kind: ui.TextArea, Name: "notes", Label: t("notes"), Rows: 4, MaxLength: 10000, VisibleTo: i18n.T(ctx, "visible.backbone")})
	}
	for i := range fields {
		if fields[i].Kind != ui.Checkbox {
			fields[i].Value = values.Get(fields[i].Name)
		}
	}
	return fields, nil
}

func languageOptions() []ui.Option {
	var out []ui.Option
	for _, code := range i18n.Languages() {
		out = append(out, ui.Option{Value: code, Label: i18n.Name(code), Lang: code})
	}
	return out
}

// organizationOptions are the organizations a person can be given, the chosen
// one included wherever it stands in the list.
func (s *Server) organizationOptions(ctx context.Context, chosen string) ([]ui.Option, error) {
	var out []ui.Option
	in, found := directory.ListOrganizationsInput{Limit: 200}, chosen == ""
	for {
		page, err := directory.ListOrganizations.Do(ctx, s.app.Door, in)
		if err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			found = found || o.ID.String() == chosen
			out = append(out, ui.Option{Value: o.ID.String(), Label: o.Name})
		}
		if in.After = page.Next; in.After == "" {
			break
		}
	}
	if !found {
		if i, err := id.Parse[directory.Organization](chosen); err == nil {
			if o, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i}); err == nil {
				out = append(out, ui.Option{Value: o.ID.String(), Label: o.Name})
			}
		}
	}
	return out, nil
}

// personValues are a stored person as the form has them.
func personValues(p directory.Person) url.Values {
	a := affiliation(p)
	return url.Values{"given_name": {p.GivenName}, "family_name": {p.FamilyName}, "email": {p.Email}, "phone": {p.Phone}, "language": {p.Language},
		"organization_id": {a.OrganizationID.String()}, "title": {a.Title}, "represents": {strconv.FormatBool(a.Represents)}, "notes": {p.Notes},
		"version": {strconv.FormatInt(p.Version, 10)}}
}

// personInput reads the form.
func personInput(v url.Values) directory.PersonInput {
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // empty means none
	return directory.PersonInput{GivenName: v.Get("given_name"), FamilyName: v.Get("family_name"), Email: v.Get("email"), Phone: v.Get("phone"),
		Language: v.Get("language"), OrganizationID: organization, Title: v.Get("title"), Represents: v.Get("represents") == "true", Notes: v.Get("notes")}
}

func personPatch(i directory.PersonID, v url.Values) directory.PersonPatch {
	in := personInput(v)
	version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is refused by the operation
	return directory.PersonPatch{ID: i, Version: version, GivenName: &in.GivenName, FamilyName: &in.FamilyName, Email: &in.Email, Phone: &in.Phone,
		Language: &in.Language, OrganizationID: &in.OrganizationID, Title: &in.Title, Represents: &in.Represents, Notes: &in.Notes}
}

// personNew is GET …/people/new.
func (s *Server) personNew(w http.ResponseWriter, r *http.Request) error {
	if !s.may(r.Context(), "people.create") {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	values := url.Values{}
	if i, err := id.Parse[directory.Organization](r.URL.Query().Get("organization")); err == nil {
		values.Set("organization_id", i.String())
	}
	return s.personForm(w, r, http.StatusOK, nil, values, faults{})
}

// personCreate is POST …/people.
func (s *Server) personCreate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var receipt operation.Receipt
	p, err := directory.CreatePerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, personInput(r.PostForm))
	if f, ok := faultsOf(ctx, err); ok {
		return s.personForm(w, r, http.StatusUnprocessableEntity, nil, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "people/"+p.ID.Short()), "people.create", receipt)
}

// personEdit is GET …/people/{id}/edit.
func (s *Server) personEdit(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	return s.personForm(w, r, http.StatusOK, &p, personValues(p), faults{})
}

// person reads the person of the address.
func (s *Server) person(r *http.Request) (directory.Person, error) {
	i, err := pathID[directory.Person](r)
	if err != nil {
		return directory.Person{}, err
	}
	return directory.GetPerson.Do(r.Context(), s.app.Door, directory.PersonRef{ID: directory.PersonID(i)})
}

// personSave is POST …/people/{id}.
func (s *Server) personSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	raw, err := pathID[directory.Person](r)
	if err != nil {
		return err
	}
	i, values := directory.PersonID(raw), settle(r.PostForm)
	var receipt operation.Receipt
	p, err := directory.EditPerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, personPatch(i, values))
	var e *operation.Error
	if errors.As(err, &e) && e.Kind == operation.Conflict {
		return s.personConflict(w, r, i, values)
	}
	if f, ok := faultsOf(ctx, err); ok {
		p := directory.Person{ID: i, GivenName: values.Get("given_name"), FamilyName: values.Get("family_name")}
		return s.personForm(w, r, http.StatusUnprocessableEntity, &p, values, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "people/"+p.ID.Short()), "people.edit", receipt)
}

// personForm shows the form; p is nil for a new person.
func (s *Server) personForm(w http.ResponseWriter, r *http.Request, status int, p *directory.Person, values url.Values, f faults) error {
	ctx := r.Context()
	fields, err := s.personFields(ctx, values)
	if err != nil {
		return err
	}
	fields = f.mark(fields)
	props := ui.PageProps{Title: i18n.T(ctx, "people.add"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}}}
	form := ui.FormProps{Action: place(ctx, "people"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "people")}}
	if p != nil {
		address := place(ctx, "people/"+p.ID.Short())
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": p.Name()})
		props.Heading = i18n.T(ctx, "list.edit")
		props.Crumbs = append(props.Crumbs, ui.Link{Label: p.Name(), Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: values.Get("version")}}
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), formFields(fields)))
}

// personConflict shows what someone else saved meanwhile beside what was typed.
func (s *Server) personConflict(w http.ResponseWriter, r *http.Request, i directory.PersonID, yours url.Values) error {
	ctx := r.Context()
	now, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: i})
	if err != nil {
		return err
	}
	if now.DeletedAt != nil {
		return operation.Missing()
	}
	fields, err := s.personFields(ctx, yours)
	if err != nil {
		return err
	}
	conflict, err := s.conflict(r, directory.PersonKind, i, now.Version, fields, personValues(now), yours)
	if err != nil {
		return err
	}
	address := place(ctx, "people/"+i.Short())
	conflict.Action, conflict.Cancel = address, ui.Link{Href: address}
	props := ui.PageProps{Title: i18n.T(ctx, "list.conflict"), Crumbs: []ui.Link{
		{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}, {Label: now.Name(), Href: address}}}
	return s.show(w, r, http.StatusConflict, "organizations", props, ui.Conflict(conflict))
}
