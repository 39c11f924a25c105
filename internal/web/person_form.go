package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
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
		{Kind: ui.TextArea, Name: "other_names", Label: t("other_names"), Help: i18n.T(ctx, "people.help_other_names"), Rows: 2},
		{Kind: ui.Email, Name: "email", Label: t("email"), MaxLength: 254, VisibleTo: seen, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "other_emails", Label: t("other_emails"), Help: i18n.T(ctx, "people.help_other_emails"), Rows: 2, VisibleTo: seen},
		{Kind: ui.Tel, Name: "phone", Label: t("phone"), MaxLength: 50, VisibleTo: seen, Autocomplete: "off"},
		{Kind: ui.Select, Name: "channel", Label: t("channel"), Blank: i18n.T(ctx, "list.not_known"), Options: options(ctx, "channels.", directory.Channels), VisibleTo: seen},
		{Kind: ui.Checkbox, Name: "no_mailings", Label: t("no_mailings"), Help: i18n.T(ctx, "people.help_no_mailings"), VisibleTo: seen},
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
			ui.FieldProps{Kind: ui.Checkbox, Name: "represents", Label: t("represents"), Help: i18n.T(ctx, "people.help_represents")},
			ui.FieldProps{Kind: ui.TextArea, Name: "notes", Label: t("notes"), Rows: 4, MaxLength: 10000, VisibleTo: i18n.T(ctx, "visible.backbone")})
		tags, err := s.tagField(ctx, "people", directory.PersonKind)
		if err != nil {
			return nil, err
		}
		fields = append(fields, tags)
	}
	own, err := s.customFields(ctx, directory.PersonKind, values)
	return append(filled(fields, values), own...), err
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
	return putCustom(url.Values{"given_name": {p.GivenName}, "family_name": {p.FamilyName}, "other_names": {strings.Join(p.OtherNames, "\n")},
		"email": {p.Email}, "other_emails": {strings.Join(p.OtherEmails, "\n")}, "phone": {p.Phone}, "channel": {p.Channel}, "no_mailings": {ticked(p.NoMailings)}, "language": {p.Language},
		"tags": {strings.Join(p.Tags, ", ")}, "organization_id": {a.OrganizationID.String()}, "title": {a.Title}, "represents": {ticked(a.Represents)}, "notes": {p.Notes},
		"version": {strconv.FormatInt(p.Version, 10)}}, p.Custom)
}

// personInput reads the form.
func personInput(v url.Values) directory.PersonInput {
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // empty means none
	return directory.PersonInput{GivenName: v.Get("given_name"), FamilyName: v.Get("family_name"), OtherNames: lines(v.Get("other_names")), Email: v.Get("email"),
		OtherEmails: lines(v.Get("other_emails")), Phone: v.Get("phone"), Channel: v.Get("channel"), NoMailings: v.Get("no_mailings") == "true", Tags: commas(v.Get("tags")),
		Language: v.Get("language"), OrganizationID: organization, Title: v.Get("title"), Represents: v.Get("represents") == "true", Notes: v.Get("notes")}
}

func personPatch(i directory.PersonID, v url.Values) directory.PersonPatch {
	in := personInput(v)
	version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is refused by the operation
	return directory.PersonPatch{ID: i, Version: version, GivenName: &in.GivenName, FamilyName: &in.FamilyName, OtherNames: &in.OtherNames, Email: &in.Email,
		OtherEmails: &in.OtherEmails, Phone: &in.Phone, Channel: &in.Channel, NoMailings: &in.NoMailings, Tags: &in.Tags,
		Language: &in.Language, OrganizationID: &in.OrganizationID, Title: &in.Title, Represents: &in.Represents, Notes: &in.Notes}
}

// personEditor are the forms of a person.
func (s *Server) personEditor() *editor[directory.Person] {
	type person = directory.Person
	return &editor[person]{area: "people", noun: "organizations", kind: directory.PersonKind,
		name: person.Name, short: func(p person) string { return p.ID.Short() },
		version: func(p person) int64 { return p.Version }, trashed: func(p person) bool { return p.DeletedAt != nil },
		values: personValues, fields: s.personFields,
		alike: func(ctx context.Context, values url.Values) ([]ui.NoticeProps, error) {
			return s.alikeNotices(ctx, alikePersonInput(values))
		},
		get: func(ctx context.Context, i [16]byte) (person, error) {
			return directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: i})
		},
		create: func(ctx context.Context, values url.Values) (person, error) {
			in := personInput(values)
			var err error
			if in.Custom, err = s.customInput(ctx, directory.PersonKind, values); err != nil {
				return person{}, err
			}
			return directory.CreatePerson.Do(ctx, s.app.Door, in)
		},
		edit: func(ctx context.Context, i [16]byte, values url.Values) (person, error) {
			in := personPatch(i, values)
			var err error
			if in.Custom, err = s.customInput(ctx, directory.PersonKind, values); err != nil {
				return person{}, err
			}
			return directory.EditPerson.Do(ctx, s.app.Door, in)
		}}
}

// personNew is GET …/people/new.
func (s *Server) personNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{}
	if i, err := id.Parse[directory.Organization](r.URL.Query().Get("organization")); err == nil {
		values.Set("organization_id", i.String())
	}
	return s.personEditor().add(s, w, r, values)
}

// personCreate is POST …/people.
func (s *Server) personCreate(w http.ResponseWriter, r *http.Request) error {
	return s.personEditor().added(s, w, r)
}

// personEdit is GET …/people/{id}/edit.
func (s *Server) personEdit(w http.ResponseWriter, r *http.Request) error {
	return s.personEditor().change(s, w, r)
}

// personSave is POST …/people/{id}.
func (s *Server) personSave(w http.ResponseWriter, r *http.Request) error {
	return s.personEditor().changed(s, w, r)
}

// person reads the person of the address.
func (s *Server) person(r *http.Request) (directory.Person, error) {
	i, err := pathID[directory.Person](r)
	if err != nil {
		return directory.Person{}, err
	}
	return directory.GetPerson.Do(r.Context(), s.app.Door, directory.PersonRef{ID: directory.PersonID(i)})
}
