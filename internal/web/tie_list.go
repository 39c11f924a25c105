package web

import (
	"context"
	"net/http"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// tieRoutes are the pages of ties.
func (s *Server) tieRoutes() []Route {
	const ties = "/c/{collaborative}/ties"
	return []Route{
		{"GET", ties, []string{"ties.list"}, s.tieList},
		{"GET", ties + "/new", []string{"ties.create"}, s.tieNew},
		{"GET", ties + "/export.csv", []string{"ties.export"}, s.tieExport},
		{"GET", ties + "/export.xlsx", []string{"ties.export"}, s.tieExport},
		{"POST", ties, []string{"ties.create"}, s.tieCreate},
		{"POST", ties + "/bulk", []string{"ties.edit-several"}, s.tieBulk},
		{"GET", ties + "/{id}", []string{"ties.get"}, s.tieRecord},
		{"GET", ties + "/{id}/edit", []string{"ties.get", "ties.edit"}, s.tieEdit},
		{"POST", ties + "/{id}", []string{"ties.get", "ties.edit"}, s.tieSave},
		{"POST", ties + "/{id}/trash", []string{"ties.trash"}, s.tieTrash},
		{"POST", ties + "/{id}/restore", []string{"ties.restore"}, s.tieRestore},
	}
}

func tieListInput(r *http.Request) network.ListInput {
	q := r.URL.Query()
	organization, _ := id.Parse[directory.Organization](q.Get("organization")) // none means all
	return network.ListInput{OrganizationID: organization, Type: q.Get("type"), AsOf: q.Get("as-of"), Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
}

// tieStrength is how strong a tie is, or nothing.
func tieStrength(t network.Tie) string {
	if t.Strength == network.Unknown {
		return ""
	}
	return strconv.FormatInt(t.Strength, 10)
}

// tieSpan are the days on which a tie holds, as far as they are known.
func tieSpan(ctx context.Context, t network.Tie) string {
	switch {
	case t.From != "":
		return spanText(ctx, t.From, t.To)
	case t.To != "":
		return i18n.T(ctx, "ties.field_valid_to") + " " + i18n.ShortCivilDate(ctx, t.To)
	}
	return ""
}

// tieListing is how ties look as a list.
func (s *Server) tieListing(ctx context.Context) listing[network.Tie] {
	type tie = network.Tie
	plain := func(key string, extra bool, get func(tie) string) column[tie] {
		return column[tie]{key: key, extra: extra, cell: func(t tie) ui.Cell { return ui.Cell{Text: get(t)} }, sheet: func(t tie) sheets.Cell { return sheets.Text(get(t)) }}
	}
	day := func(key string, get func(tie) string) column[tie] {
		return column[tie]{key: key, cell: func(t tie) ui.Cell { return ui.Cell{Text: civilDay(ctx, get(t))} }, sheet: func(t tie) sheets.Cell { return sheets.Text(get(t)) }}
	}
	return listing[tie]{area: "ties", path: place(ctx, "ties"), id: func(t tie) string { return versioned(t.ID.Short(), t.Version) },
		columns: []column[tie]{
			{key: "from", sheet: func(t tie) sheets.Cell { return sheets.Text(t.FromName) },
				cell: func(t tie) ui.Cell {
					return ui.Cell{Text: named(ctx, t.FromName), Href: place(ctx, "ties/"+t.ID.Short())}
				}},
			plain("to", false, func(t tie) string { return named(ctx, t.ToName) }),
			plain("type", false, func(t tie) string { return t.Type }),
			plain("direction", false, func(t tie) string { return i18n.T(ctx, "tie_directions."+t.Direction) }),
			plain("strength", false, tieStrength),
			day("valid_from", func(t tie) string { return t.From }),
			day("valid_to", func(t tie) string { return t.To }),
			plain("layer", true, func(t tie) string { return i18n.T(ctx, "tie_layers."+t.Layer) }),
			{key: "about", extra: true, sheet: func(t tie) sheets.Cell { return sheets.Text(t.About) }, cell: func(t tie) ui.Cell { return ui.Cell{Text: firstLine(t.About)} }},
		}}
}

// tieList is GET …/ties.
func (s *Server) tieList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := tieListInput(r)
	page, err := network.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	organizations, err := s.organizationOptions(ctx, r.URL.Query().Get("organization"))
	if err != nil {
		return err
	}
	l := s.tieListing(ctx)
	l.filters = []ui.FieldProps{
		{Kind: ui.Text, Name: "type", Label: i18n.T(ctx, "ties.field_type"), MaxLength: 100},
		{Kind: ui.Select, Name: "organization", Label: i18n.T(ctx, "ties.field_organization"), Blank: i18n.T(ctx, "list.any"), Options: organizations},
	}
	if !s.may(ctx, "ties.edit-several") || in.AsOf != "" {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "ties"); err != nil {
		return err
	}
	if list.CountText == "" {
		more := ""
		if in.After != "" || in.Before != "" || page.Next != "" {
			more = "_more"
		}
		list.CountText = i18n.T(ctx, "list.found"+more, i18n.Args{"Count": len(page.Items)})
	}
	if !s.may(ctx, "ties.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "ties.title"), Lede: i18n.T(ctx, "ties.lede"), Tabs: s.peopleTabs(ctx, "ties"), AsOf: s.asOf(r, "ties")}
	if s.may(ctx, "ties.create") && in.AsOf == "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "ties.add"), Href: place(ctx, "ties/new"), Icon: "plus"}
		props.Menu = append(props.Menu, s.bringAction(ctx, "ties")...)
	}
	if s.may(ctx, "ties.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "ties?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = bulkActions(ctx, "ties", in.Trash, []ui.BulkAction{{Label: i18n.T(ctx, "ties.end_on"), Name: "do", Value: "end"}})
		if !in.Trash {
			list.Selection.Fields = []ui.FieldProps{{Kind: ui.Date, ID: "bulk-valid-to", Name: "valid_to", Label: i18n.T(ctx, "ties.field_valid_to"), Value: s.today(ctx)}}
		}
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "ties", len(list.Chips) > 0, props.Primary)
		if in.AsOf != "" {
			list.Empty = emptyAsOf(ctx, "ties", in.AsOf)
		}
	}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.List(list))
}

// tieExport is GET …/ties/export.csv and .xlsx.
func (s *Server) tieExport(w http.ResponseWriter, r *http.Request) error {
	in := tieListInput(r)
	return s.tieListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[network.Tie], error) {
		in.After, in.Before = after, ""
		return network.Export.Do(ctx, s.app.Door, network.ExportInput{ListInput: in})
	})
}

// tieBulk is POST …/ties/bulk.
func (s *Server) tieBulk(w http.ResponseWriter, r *http.Request) error {
	do := r.PostFormValue("do")
	in := network.SeveralInput{Trash: do == "trash", Back: do == "restore"}
	if day := r.PostFormValue("valid_to"); do == "end" && day != "" {
		in.To = &day
	}
	return selected(s, w, r, "ties", network.EditSeveral, func(i [16]byte, version int64) {
		in.Items = append(in.Items, network.AtVersion{ID: i, Version: version})
	}, &in)
}
