package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// organizationFields are the fields of the form, filled from values: what was
// typed, or what is stored. Fields the actor may not change are left out.
func (s *Server) organizationFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "organizations.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "organizations.help_"+key) }
	fields := []ui.FieldProps{
		{Name: "name", Label: t("name"), Required: true, MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "other_names", Label: t("other_names"), Help: help("other_names"), Rows: 2},
		{Kind: ui.Tags, Name: "kinds", Label: t("kinds"), Help: help("kinds"), Suggest: suggestedKinds(ctx), Autocomplete: "off", MaxLength: 1000},
		{Kind: ui.Select, Name: "sector", Label: t("sector"), Options: options(ctx, "sectors.", directory.Sectors)},
	}
	backbone := s.mayAll(ctx, "organizations.create")
	if backbone {
		fields = append(fields,
			ui.FieldProps{Kind: ui.Select, Name: "status", Label: t("status"), Options: options(ctx, "statuses.", directory.Statuses)},
			ui.FieldProps{Kind: ui.Checkboxes, Name: "part", Label: t("part"), Help: help("part"), Options: options(ctx, "parts.", directory.Parts)},
			ui.FieldProps{Kind: ui.Date, Name: "since", Label: t("since"), Help: help("since")})
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
		tags, err := s.tagField(ctx, "organizations", directory.OrganizationKind)
		if err != nil {
			return nil, err
		}
		fields = append(fields, tags)
	}
	own, err := s.customFields(ctx, directory.OrganizationKind, values)
	return append(filled(fields, values), own...), err
}

// suggestedKinds are words for sorts of organizations, in the reader's language;
// any other may be typed.
func suggestedKinds(ctx context.Context) []string {
	return commas(i18n.T(ctx, "organizations.suggested_kinds"))
}

// organizationValues are a stored organization as the form has it.
func organizationValues(o directory.Organization) url.Values {
	return putCustom(url.Values{
		"kinds": {strings.Join(o.Kinds, ", ")}, "tags": {strings.Join(o.Tags, ", ")},
		"name": {o.Name}, "other_names": {strings.Join(o.OtherNames, "\n")}, "sector": {o.Sector}, "status": {o.Status}, "part": o.Parts(),
		"place": {o.Place}, "website": {o.Website}, "email": {o.Email}, "phone": {o.Phone}, "about": {o.About}, "notes": {o.Notes},
		"version": {strconv.FormatInt(o.Version, 10)},
	}, o.Custom)
}

// organizationInput reads the form for a new organization.
func organizationInput(v url.Values) directory.OrganizationInput {
	has := func(part string) bool { return contains(v["part"], part) }
	return directory.OrganizationInput{Name: v.Get("name"), OtherNames: lines(v.Get("other_names")), Kinds: commas(v.Get("kinds")), Tags: commas(v.Get("tags")), Sector: v.Get("sector"), Status: v.Get("status"),
		Place: v.Get("place"), Website: link(v.Get("website")), Email: v.Get("email"), Phone: v.Get("phone"), About: v.Get("about"), Notes: v.Get("notes"),
		Funder: has("funder"), Host: has("host"), LeadOrganization: has("lead_organization"), FiscalSponsor: has("fiscal_sponsor"), Since: v.Get("since")}
}

// organizationPatch reads the form for a change.
func organizationPatch(i directory.OrganizationID, v url.Values) directory.OrganizationPatch {
	in := organizationInput(v)
	version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is refused by the operation
	if in.OtherNames == nil {
		in.OtherNames = []string{}
	}
	return directory.OrganizationPatch{ID: i, Version: version, Name: &in.Name, OtherNames: &in.OtherNames, Kinds: &in.Kinds, Tags: &in.Tags, Sector: &in.Sector, Status: &in.Status,
		Place: &in.Place, Website: &in.Website, Email: &in.Email, Phone: &in.Phone, About: &in.About, Notes: &in.Notes,
		Funder: &in.Funder, Host: &in.Host, LeadOrganization: &in.LeadOrganization, FiscalSponsor: &in.FiscalSponsor, Since: in.Since}
}

// link completes a web address typed without its scheme.
func link(text string) string {
	text = strings.TrimSpace(text)
	if text != "" && !strings.Contains(text, "://") && strings.Contains(text, ".") {
		return "https://" + text
	}
	return text
}

// organizationEditor are the forms of an organization.
func (s *Server) organizationEditor() *editor[directory.Organization] {
	type org = directory.Organization
	return &editor[org]{area: "organizations", noun: "organizations", kind: directory.OrganizationKind,
		name: func(o org) string { return o.Name }, short: func(o org) string { return o.ID.Short() },
		version: func(o org) int64 { return o.Version }, trashed: func(o org) bool { return o.DeletedAt != nil },
		values: organizationValues,
		alike: func(ctx context.Context, values url.Values) ([]ui.NoticeProps, error) {
			return s.alikeNotices(ctx, alikeOrganizationInput(values))
		},
		fields: func(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
			return s.organizationFields(ctx, values)
		},
		get: func(ctx context.Context, i [16]byte) (org, error) {
			return directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i})
		},
		create: func(ctx context.Context, values url.Values) (org, error) {
			in := organizationInput(values)
			var err error
			if in.Custom, err = s.customInput(ctx, directory.OrganizationKind, values); err != nil {
				return org{}, err
			}
			return directory.CreateOrganization.Do(ctx, s.app.Door, in)
		},
		edit: func(ctx context.Context, i [16]byte, values url.Values) (org, error) {
			in := organizationPatch(i, values)
			var err error
			if in.Custom, err = s.customInput(ctx, directory.OrganizationKind, values); err != nil {
				return org{}, err
			}
			return directory.EditOrganization.Do(ctx, s.app.Door, in)
		}}
}

// organizationNew is GET …/organizations/new.
func (s *Server) organizationNew(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return s.organizationEditor().add(s, w, r, url.Values{"status": {or(q.Get("status"), "member")}, "sector": {or(q.Get("sector"), "nonprofit")}, "place": {q.Get("place")}})
}

// organizationCreate is POST …/organizations.
func (s *Server) organizationCreate(w http.ResponseWriter, r *http.Request) error {
	return s.organizationEditor().added(s, w, r)
}

// organizationEdit is GET …/organizations/{id}/edit.
func (s *Server) organizationEdit(w http.ResponseWriter, r *http.Request) error {
	return s.organizationEditor().change(s, w, r)
}

// organizationSave is POST …/organizations/{id}.
func (s *Server) organizationSave(w http.ResponseWriter, r *http.Request) error {
	return s.organizationEditor().changed(s, w, r)
}
