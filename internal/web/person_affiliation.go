package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// personAffiliations are everyone a person works and worked with, the newest
// first.
func (s *Server) personAffiliations(ctx context.Context, p directory.Person) templ.Component {
	panel := ui.PanelProps{Heading: i18n.T(ctx, "people.affiliations")}
	address := place(ctx, "people/"+p.ID.Short()+"/affiliations/")
	edit := p.DeletedAt == nil && s.mayAll(ctx, "people.set-affiliations")
	if edit {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "people.affiliation_add"), Href: address + "new", Kind: ui.Quiet}}
	}
	var rows []ui.Row
	for _, a := range p.Affiliations {
		row := ui.Row{Title: a.Organization, Href: place(ctx, "organizations/"+a.OrganizationID.Short()), Detail: dotted(a.Title, spanText(ctx, a.ValidFrom, a.ValidTo))}
		if a.Represents {
			row.Tag = &ui.TagProps{Label: i18n.T(ctx, "people.represents")}
			if a.ValidTo == "" {
				row.Tag.Kind = ui.Good
			}
		}
		if edit {
			row.Action = &ui.Action{Label: i18n.T(ctx, "seats.correct"), Href: address + a.ID.Short(), Kind: ui.Bare}
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "people.no_affiliations")))
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}

// affiliation finds the person of the address and which affiliation is meant: -1
// for a new one.
func (s *Server) affiliationOf(r *http.Request) (directory.Person, int, error) {
	p, err := s.person(r)
	if err != nil {
		return p, 0, err
	}
	if r.PathValue("affiliation") == "new" {
		return p, -1, nil
	}
	for n, a := range p.Affiliations {
		if a.ID.Short() == r.PathValue("affiliation") {
			return p, n, nil
		}
	}
	return p, 0, operation.Missing()
}

// affiliationEdit is GET …/people/{id}/affiliations/{affiliation}.
func (s *Server) affiliationEdit(w http.ResponseWriter, r *http.Request) error {
	p, n, err := s.affiliationOf(r)
	if err != nil {
		return err
	}
	values := url.Values{"valid_from": {s.today(r.Context())}}
	if n >= 0 {
		a := p.Affiliations[n]
		values = url.Values{"organization_id": {a.OrganizationID.String()}, "title": {a.Title}, "represents": {ticked(a.Represents)}, "valid_from": {a.ValidFrom}, "valid_to": {a.ValidTo}}
	}
	return s.affiliationForm(w, r, http.StatusOK, p, n, values, faults{})
}

func (s *Server) affiliationForm(w http.ResponseWriter, r *http.Request, status int, p directory.Person, n int, values url.Values, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "people.field_"+key) }
	organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
	if err != nil {
		return err
	}
	fields := f.mark(filled([]ui.FieldProps{
		{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Blank: i18n.T(ctx, "list.choose"), Options: organizations, Required: true},
		{Name: "title", Label: t("title"), MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.Checkbox, Name: "represents", Label: t("represents"), Help: i18n.T(ctx, "people.help_represents")},
		{Kind: ui.Date, Name: "valid_from", Label: t("valid_from"), Required: true},
		{Kind: ui.Date, Name: "valid_to", Label: t("valid_to"), Help: i18n.T(ctx, "people.help_valid_to")},
	}, values))
	address := place(ctx, "people/"+p.ID.Short())
	props := ui.PageProps{Title: i18n.T(ctx, "people.affiliation_add"), Lede: i18n.T(ctx, "people.affiliation_lede"),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}, {Label: p.Name(), Href: address}}}
	form := ui.FormProps{Action: r.URL.Path, Errors: f.explain(fields), Cancel: ui.Link{Href: address}, Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(p.Version, 10)}}}
	if n >= 0 {
		props.Title = i18n.T(ctx, "people.affiliation_correct")
		form.Extra = []ui.SubmitButton{{Label: i18n.T(ctx, "functions.remove"), Name: "do", Value: "remove"}}
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), formFields(fields)))
}

// affiliationSave is POST …/people/{id}/affiliations/{affiliation}: a new one, a
// correction, an end, or the removal of one that never was.
func (s *Server) affiliationSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	p, n, err := s.affiliationOf(r)
	if err != nil {
		return err
	}
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // the operation asks for one
	typed := directory.AffiliationInput{OrganizationID: organization, Title: v.Get("title"), Represents: v.Get("represents") == "true", From: v.Get("valid_from"), To: v.Get("valid_to")}
	in := directory.PersonAffiliations{ID: p.ID, Version: whole(v.Get("version")), Affiliations: []directory.AffiliationInput{}}
	for k, a := range p.Affiliations {
		if k != n {
			in.Affiliations = append(in.Affiliations, directory.AffiliationInput{ID: a.ID, OrganizationID: a.OrganizationID, Title: a.Title, Represents: a.Represents, From: a.ValidFrom, To: a.ValidTo})
		}
	}
	if n >= 0 {
		typed.ID = p.Affiliations[n].ID
	}
	if v.Get("do") != "remove" {
		in.Affiliations = append(in.Affiliations, typed) // last, so that a fault names this one
	}
	var receipt operation.Receipt
	_, err = directory.SetAffiliations.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, renamed(err, "affiliations", "organization_id")); ok {
		return s.affiliationForm(w, r, http.StatusUnprocessableEntity, p, n, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "people/"+p.ID.Short()), "people.set-affiliations", receipt)
}
