package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// organizationFields are the fields of the form, filled from values: what was
// typed, or what is stored. Fields the actor may not change are left out.
func (s *Server) organizationFields(ctx context.Context, values url.Values) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "organizations.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "organizations.help_"+key) }
	fields := []ui.FieldProps{
		{Name: "name", Label: t("name"), Required: true, MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "other_names", Label: t("other_names"), Help: help("other_names"), Rows: 2},
		{Kind: ui.Select, Name: "sector", Label: t("sector"), Options: options(ctx, "sectors.", directory.Sectors)},
	}
	backbone := s.mayAll(ctx, "organizations.create")
	if backbone {
		fields = append(fields,
			ui.FieldProps{Kind: ui.Select, Name: "status", Label: t("status"), Options: options(ctx, "statuses.", directory.Statuses)},
			ui.FieldProps{Kind: ui.Checkboxes, Name: "part", Label: t("part"), Help: help("part"), Options: options(ctx, "parts.", directory.Parts), Values: values["part"]})
	}
	fields = append(fields,
		ui.FieldProps{Name: "place", Label: t("place"), Help: help("place"), MaxLength: 200, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.URL, Name: "website", Label: t("website"), MaxLength: 500, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Email, Name: "email", Label: t("email"), Help: help("email"), MaxLength: 254, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Tel, Name: "phone", Label: t("phone"), MaxLength: 50, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.TextArea, Name: "about", Label: t("about"), Rows: 4, MaxLength: 5000},
	)
	if s.mayAll(ctx, directory.SeeNotes) {
		fields = append(fields, ui.FieldProps{Kind: ui.TextArea, Name: "notes", Label: t("notes"), Rows: 4, MaxLength: 10000, VisibleTo: i18n.T(ctx, "visible.backbone")})
	}
	for i := range fields {
		fields[i].Value = values.Get(fields[i].Name)
	}
	return fields
}

// organizationValues are a stored organization as the form has it.
func organizationValues(o directory.Organization) url.Values {
	return url.Values{
		"name": {o.Name}, "other_names": {strings.Join(o.OtherNames, "\n")}, "sector": {o.Sector}, "status": {o.Status}, "part": o.Parts(),
		"place": {o.Place}, "website": {o.Website}, "email": {o.Email}, "phone": {o.Phone}, "about": {o.About}, "notes": {o.Notes},
		"version": {strconv.FormatInt(o.Version, 10)},
	}
}

// organizationInput reads the form for a new organization.
func organizationInput(v url.Values) directory.OrganizationInput {
	has := func(part string) bool { return contains(v["part"], part) }
	return directory.OrganizationInput{Name: v.Get("name"), OtherNames: lines(v.Get("other_names")), Sector: v.Get("sector"), Status: v.Get("status"),
		Place: v.Get("place"), Website: link(v.Get("website")), Email: v.Get("email"), Phone: v.Get("phone"), About: v.Get("about"), Notes: v.Get("notes"),
		Funder: has("funder"), Host: has("host"), LeadOrganization: has("lead_organization"), FiscalSponsor: has("fiscal_sponsor")}
}

// organizationPatch reads the form for a change.
func organizationPatch(i directory.OrganizationID, v url.Values) directory.OrganizationPatch {
	in := organizationInput(v)
	version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is refused by the operation
	if in.OtherNames == nil {
		in.OtherNames = []string{}
	}
	return directory.OrganizationPatch{ID: i, Version: version, Name: &in.Name, OtherNames: &in.OtherNames, Sector: &in.Sector, Status: &in.Status,
		Place: &in.Place, Website: &in.Website, Email: &in.Email, Phone: &in.Phone, About: &in.About, Notes: &in.Notes,
		Funder: &in.Funder, Host: &in.Host, LeadOrganization: &in.LeadOrganization, FiscalSponsor: &in.FiscalSponsor}
}

// link completes a web address typed without its scheme.
func link(text string) string {
	text = strings.TrimSpace(text)
	if text != "" && !strings.Contains(text, "://") && strings.Contains(text, ".") {
		return "https://" + text
	}
	return text
}

// organizationNew is GET …/organizations/new.
func (s *Server) organizationNew(w http.ResponseWriter, r *http.Request) error {
	if !s.may(r.Context(), "organizations.create") {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	return s.organizationForm(w, r, http.StatusOK, nil, url.Values{"status": {"member"}, "sector": {"nonprofit"}}, faults{})
}

// organizationCreate is POST …/organizations.
func (s *Server) organizationCreate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var receipt operation.Receipt
	o, err := directory.CreateOrganization.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, organizationInput(r.PostForm))
	if f, ok := faultsOf(ctx, err); ok {
		return s.organizationForm(w, r, http.StatusUnprocessableEntity, nil, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "organizations/"+o.ID.Short()), "organizations.create", receipt)
}

// organizationEdit is GET …/organizations/{id}/edit.
func (s *Server) organizationEdit(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	o, err := directory.GetOrganization.Do(r.Context(), s.app.Door, directory.OrganizationRef{ID: i})
	if err != nil {
		return err
	}
	return s.organizationForm(w, r, http.StatusOK, &o, organizationValues(o), faults{})
}

// organizationSave is POST …/organizations/{id}.
func (s *Server) organizationSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	values := settle(r.PostForm)
	var receipt operation.Receipt
	o, err := directory.EditOrganization.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, organizationPatch(i, values))
	var e *operation.Error
	if errors.As(err, &e) && e.Kind == operation.Conflict {
		return s.organizationConflict(w, r, i, values)
	}
	if f, ok := faultsOf(ctx, err); ok {
		o := directory.Organization{ID: i, Name: values.Get("name")}
		return s.organizationForm(w, r, http.StatusUnprocessableEntity, &o, values, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "organizations/"+o.ID.Short()), "organizations.edit", receipt)
}

// organizationForm shows the form; o is nil for a new organization.
func (s *Server) organizationForm(w http.ResponseWriter, r *http.Request, status int, o *directory.Organization, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark(s.organizationFields(ctx, values))
	props := ui.PageProps{Title: i18n.T(ctx, "organizations.add"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "organizations.title"), Href: place(ctx, "organizations")}}}
	form := ui.FormProps{Action: place(ctx, "organizations"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "organizations")}}
	if o != nil {
		address := place(ctx, "organizations/"+o.ID.Short())
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": o.Name})
		props.Heading = i18n.T(ctx, "list.edit")
		props.Crumbs = append(props.Crumbs, ui.Link{Label: o.Name, Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: values.Get("version")}}
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), formFields(fields)))
}

// organizationConflict shows what someone else saved meanwhile beside what was
// typed, so that neither is lost.
func (s *Server) organizationConflict(w http.ResponseWriter, r *http.Request, i directory.OrganizationID, yours url.Values) error {
	ctx := r.Context()
	now, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i})
	if err != nil {
		return err
	}
	if now.DeletedAt != nil {
		return operation.Missing()
	}
	address := place(ctx, "organizations/"+i.Short())
	conflict, err := s.conflict(r, directory.OrganizationKind, i, now.Version, s.organizationFields(ctx, yours), organizationValues(now), yours)
	if err != nil {
		return err
	}
	conflict.Action, conflict.Cancel = address, ui.Link{Href: address}
	props := ui.PageProps{Title: i18n.T(ctx, "list.conflict"), Crumbs: []ui.Link{
		{Label: i18n.T(ctx, "organizations.title"), Href: place(ctx, "organizations")}, {Label: now.Name, Href: address}}}
	return s.show(w, r, http.StatusConflict, "organizations", props, ui.Conflict(conflict))
}
