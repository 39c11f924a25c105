package web

import (
	"context"
	"net/http"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// organizationListing is how a list of organizations looks.
func (s *Server) organizationListing(ctx context.Context) (listing[directory.Organization], error) {
	type org = directory.Organization
	text := func(get func(org) string) func(org) sheets.Cell {
		return func(o org) sheets.Cell { return sheets.Text(get(o)) }
	}
	plain := func(key string, extra bool, get func(org) string) column[org] {
		return column[org]{key: key, extra: extra, cell: func(o org) ui.Cell { return ui.Cell{Text: get(o)} }, sheet: text(get)}
	}
	status := func(o org) string { return i18n.T(ctx, "statuses."+o.Status) }
	l := listing[org]{
		area: "organizations", path: place(ctx, "organizations"),
		id: func(o org) string { return versioned(o.ID.Short(), o.Version) },
		columns: []column[org]{
			{key: "name", sort: "name", sheet: text(func(o org) string { return o.Name }), cell: func(o org) ui.Cell {
				return ui.Cell{Text: o.Name, Href: place(ctx, "organizations/"+o.ID.Short()), Tags: partTags(ctx, o)}
			}},
			plain("sector", false, func(o org) string { return i18n.T(ctx, "sectors."+o.Sector) }),
			{key: "status", sheet: text(status), cell: func(o org) ui.Cell {
				return ui.Cell{Tags: []ui.TagProps{{Label: status(o), Kind: statusKind(o.Status)}}}
			}},
			plain("place", false, func(o org) string { return o.Place }),
			plain("kinds", true, func(o org) string { return strings.Join(o.Kinds, "; ") }),
			plain("other_names", true, func(o org) string { return strings.Join(o.OtherNames, "; ") }),
			plain("website", true, func(o org) string { return o.Website }),
			plain("email", true, func(o org) string { return o.Email }),
			plain("phone", true, func(o org) string { return o.Phone }),
			{key: "updated", sort: "updated", extra: true, sheet: func(o org) sheets.Cell { return sheets.Instant(o.UpdatedAt) },
				cell: func(o org) ui.Cell { return ui.Cell{Text: i18n.DateTime(ctx, o.UpdatedAt)} }},
		},
		filters: []ui.FieldProps{
			{Kind: ui.Text, Name: "q", Label: i18n.T(ctx, "list.words"), Autocomplete: "off", MaxLength: 200},
			{Kind: ui.Select, Name: "sector", Label: i18n.T(ctx, "organizations.field_sector"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "sectors.", directory.Sectors)},
			{Kind: ui.Select, Name: "status", Label: i18n.T(ctx, "organizations.field_status"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "statuses.", directory.Statuses)},
			{Kind: ui.Select, Name: "part", Label: i18n.T(ctx, "organizations.field_part"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "parts.", directory.Parts)},
		},
	}
	kinds, err := directory.ListKinds.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return l, err
	}
	l.filters = append(l.filters, ui.FieldProps{Name: "kind", Label: i18n.T(ctx, "organizations.filter_kind"), Suggest: tagTexts(kinds), Autocomplete: "off", MaxLength: 80})
	if s.mayAll(ctx, directory.SeeNotes) {
		l.columns = append(l.columns, plain("tags", true, func(o org) string { return strings.Join(o.Tags, "; ") }))
		tag, err := s.tagFilter(ctx, directory.OrganizationKind)
		if err != nil {
			return l, err
		}
		l.filters = append(l.filters, tag)
	}
	own, err := s.ownFields(ctx, directory.OrganizationKind)
	l.columns = append(l.columns, customColumns(ctx, own, func(o org) map[string]string { return o.Custom })...)
	l.columns = append(l.columns, idColumn(ctx, func(o org) string { return o.ID.String() }))
	return l, err
}

// partTags are the parts an organization plays.
func partTags(ctx context.Context, o directory.Organization) []ui.TagProps {
	var out []ui.TagProps
	for _, part := range o.Parts() {
		out = append(out, ui.TagProps{Label: i18n.T(ctx, "parts."+part)})
	}
	return out
}

func statusKind(status string) ui.Kind {
	switch status {
	case "member":
		return ui.Good
	case "dormant":
		return ui.Due
	}
	return ui.Plain
}

// options are choices whose labels lie in one family of the catalogue.
func options(ctx context.Context, family string, values []string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Label: i18n.T(ctx, family+v)}
	}
	return out
}

func organizationListInput(r *http.Request) directory.ListOrganizationsInput {
	q := r.URL.Query()
	return directory.ListOrganizationsInput{Text: q.Get("q"), Sector: q.Get("sector"), Status: q.Get("status"), Part: q.Get("part"), Tag: q.Get("tag"), Kind: q.Get("kind"), AsOf: q.Get("as-of"), Trash: q.Get("trash") != "",
		Sort: q.Get("sort"), After: q.Get("after"), Before: q.Get("before")}
}

// organizationList is GET …/organizations.
func (s *Server) organizationList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := organizationListInput(r)
	page, err := directory.ListOrganizations.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	l, err := s.organizationListing(ctx)
	if err != nil {
		return err
	}
	if !s.mayAll(ctx, "organizations.edit-several") || in.AsOf != "" {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "organizations"); err != nil {
		return err
	}
	if !s.may(ctx, "organizations.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "organizations.title"), Lede: i18n.T(ctx, "organizations.lede"), Tabs: s.peopleTabs(ctx, "organizations"), AsOf: s.asOf(r, "organizations")}
	if s.may(ctx, "organizations.create") && in.AsOf == "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "organizations.add"), Href: place(ctx, "organizations/new"), Icon: "plus"}
	}
	if s.may(ctx, "resemblances.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "resemblance.title"), Href: place(ctx, "resemblances?kind=organization"), Icon: "users"})
	}
	props.Menu = append(props.Menu, s.bringAction(ctx, "organizations")...)
	if s.may(ctx, "organizations.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "organizations?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = bulkActions(ctx, "organizations", in.Trash, statusActions(ctx))
		tagSelection(ctx, list.Selection, in.Trash)
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "organizations", len(list.Chips) > 0, props.Primary)
		if in.AsOf != "" {
			list.Empty = emptyAsOf(ctx, "organizations", in.AsOf)
		}
	}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.List(list))
}

// statusActions offer a new status for the selected organizations.
func statusActions(ctx context.Context) []ui.BulkAction {
	var out []ui.BulkAction
	for _, status := range []string{"member", "dormant", "left"} {
		out = append(out, ui.BulkAction{Label: i18n.T(ctx, "organizations.mark_"+status), Name: "status", Value: status})
	}
	return out
}

// bulkActions is what can be done with selected rows: the given actions, then
// the trash; in the trash only the way back.
func bulkActions(ctx context.Context, area string, trash bool, actions []ui.BulkAction) *ui.Selection {
	sel := &ui.Selection{Action: place(ctx, area+"/bulk"), Actions: actions}
	if trash {
		sel.Actions = []ui.BulkAction{{Label: i18n.T(ctx, "list.restore"), Name: "do", Value: "restore", Icon: "undo"}}
	} else {
		sel.Actions = append(sel.Actions, ui.BulkAction{Label: i18n.T(ctx, "list.trash"), Name: "do", Value: "trash", Icon: "trash"})
	}
	return sel
}

// emptyAsOf says that a list has nothing for the day it is shown as of.
func emptyAsOf(ctx context.Context, area, day string) *ui.EmptyProps {
	return &ui.EmptyProps{Title: i18n.T(ctx, "list.nothing_then", i18n.Args{"Date": i18n.CivilDate(ctx, day)}), Text: i18n.T(ctx, "list.nothing_then_text"),
		Actions: []ui.Action{{Label: i18n.T(ctx, "ui.back_to_today"), Href: place(ctx, area)}}}
}

// emptyList says what belongs in an empty list and how to begin.
func emptyList(ctx context.Context, area string, filtered bool, add *ui.Action) *ui.EmptyProps {
	if filtered {
		return &ui.EmptyProps{Title: i18n.T(ctx, "list.nothing_found"), Text: i18n.T(ctx, "list.nothing_found_text"),
			Actions: []ui.Action{{Label: i18n.T(ctx, "list.clear"), Href: place(ctx, area)}}}
	}
	e := &ui.EmptyProps{Title: i18n.T(ctx, area+".empty"), Text: i18n.T(ctx, area+".empty_text")}
	if add != nil {
		e.Actions = append(e.Actions, *add)
	}
	return e
}

// peopleTabs are the parts of the directory.
func (s *Server) peopleTabs(ctx context.Context, current string) []ui.Link {
	var out []ui.Link
	for _, area := range []string{"organizations", "people", "agreements", "touches", "ties"} {
		if s.may(ctx, area+".list") {
			out = append(out, ui.Link{Label: i18n.T(ctx, area+".title"), Href: place(ctx, area), Current: area == current})
		}
	}
	if s.may(ctx, "network-map.get") {
		out = append(out, ui.Link{Label: mapText(ctx, "title"), Href: place(ctx, "network-map"), Current: current == "network-map"})
	}
	return out
}

// organizationExport is GET …/organizations/export.csv and .xlsx.
func (s *Server) organizationExport(w http.ResponseWriter, r *http.Request) error {
	in := organizationListInput(r)
	l, err := s.organizationListing(r.Context())
	if err != nil {
		return err
	}
	return l.download(s, w, r, func(ctx context.Context, after string) (operation.Page[directory.Organization], error) {
		in.After, in.Before = after, ""
		return directory.ExportOrganizations.Do(ctx, s.app.Door, directory.ExportOrganizationsInput{ListOrganizationsInput: in})
	})
}

// organizationBulk is POST …/organizations/bulk.
func (s *Server) organizationBulk(w http.ResponseWriter, r *http.Request) error {
	in := directory.EditOrganizationsInput{Trash: r.PostFormValue("do") == "trash", Back: r.PostFormValue("do") == "restore"}
	in.AddTag, in.RemoveTag = bulkTags(r.PostFormValue("do"), r.PostFormValue("bulk_tag"))
	if status := r.PostFormValue("status"); status != "" {
		in.Status = &status
	}
	return selected(s, w, r, "organizations", directory.EditOrganizations, func(i [16]byte, version int64) {
		in.Items = append(in.Items, directory.OrganizationVersion{ID: i, Version: version})
	}, &in)
}
