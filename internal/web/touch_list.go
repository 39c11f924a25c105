package web

import (
	"context"
	"net/http"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// touchRoutes are the pages of the relationship log.
func (s *Server) touchRoutes() []Route {
	const touches = "/c/{collaborative}/touches"
	return []Route{
		{"GET", touches, []string{"touches.list", "members.list"}, s.touchList},
		{"GET", touches + "/new", []string{"touches.create"}, s.touchNew},
		{"GET", touches + "/export.csv", []string{"touches.export"}, s.touchExport},
		{"GET", touches + "/export.xlsx", []string{"touches.export"}, s.touchExport},
		{"POST", touches, []string{"touches.create"}, s.touchCreate},
		{"POST", touches + "/bulk", []string{"touches.edit-several"}, s.touchBulk},
		{"GET", touches + "/{id}", []string{"touches.get"}, s.touchRecord},
		{"GET", touches + "/{id}/edit", []string{"touches.get", "touches.edit"}, s.touchEdit},
		{"POST", touches + "/{id}", []string{"touches.get", "touches.edit"}, s.touchSave},
		{"POST", touches + "/{id}/settle", []string{"touches.settle"}, s.touchSettle},
		{"POST", touches + "/{id}/trash", []string{"touches.trash"}, s.touchTrash},
		{"POST", touches + "/{id}/restore", []string{"touches.restore"}, s.touchRestore},
	}
}

// touchDues are the filters by what is due, by catalogue key "touches.due_…".
var touchDues = []string{"any", "soon", "overdue"}

// backboneOptions are the people of the backbone, for saying who was in touch.
func (s *Server) backboneOptions(ctx context.Context) ([]ui.Option, error) {
	var out []ui.Option
	in := access.ListMembersInput{Limit: 200}
	for {
		page, err := s.app.Access.ListMembers.Do(ctx, s.app.Door, in)
		if err != nil {
			return nil, err
		}
		for _, m := range page.Items {
			if slices.Contains(m.Roles, operation.Director) || slices.Contains(m.Roles, operation.Staff) {
				out = append(out, ui.Option{Value: m.Person.String(), Label: m.Name})
			}
		}
		if in.After = page.Next; in.After == "" {
			return out, nil
		}
	}
}

func touchListInput(r *http.Request) directory.ListTouchesInput {
	q := r.URL.Query()
	by, _ := id.Parse[directory.Person](q.Get("by")) // none means anyone
	return directory.ListTouchesInput{Due: q.Get("due"), ByPersonID: directory.PersonID(by), Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
}

// touchList is GET …/touches.
func (s *Server) touchList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := touchListInput(r)
	page, err := directory.ListTouches.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	who, err := s.backboneOptions(ctx)
	if err != nil {
		return err
	}
	l := s.touchListing(ctx)
	l.filters = []ui.FieldProps{
		{Kind: ui.Select, Name: "due", Label: i18n.T(ctx, "touches.field_next_on"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "touches.due_", touchDues)},
		{Kind: ui.Select, Name: "by", Label: i18n.T(ctx, "touches.field_by"), Blank: i18n.T(ctx, "list.any"), Options: who},
	}
	if !s.may(ctx, "touches.edit-several") {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "touches"); err != nil {
		return err
	}
	if !s.may(ctx, "touches.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "touches.title"), Lede: i18n.T(ctx, "touches.lede"), Tabs: s.peopleTabs(ctx, "touches")}
	props.Primary = &ui.Action{Label: i18n.T(ctx, "touches.add"), Href: place(ctx, "touches/new"), Icon: "plus"}
	props.Menu = append(props.Menu, s.bringAction(ctx, "touches")...)
	if !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "touches?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = touchSelection(ctx, in.Trash, who)
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "touches", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.List(list))
}

// touchSelection is what can be done with the selected entries.
func touchSelection(ctx context.Context, trash bool, who []ui.Option) *ui.Selection {
	sel := bulkActions(ctx, "touches", trash, []ui.BulkAction{
		{Label: i18n.T(ctx, "list.change"), Name: "do", Value: "change"},
		{Label: i18n.T(ctx, "touches.settle"), Name: "do", Value: "settle", Icon: "check"}})
	if !trash {
		sel.Fields = []ui.FieldProps{
			{Kind: ui.Select, ID: "bulk-channel", Name: "channel", Label: i18n.T(ctx, "touches.field_channel"), Blank: i18n.T(ctx, "list.unchanged"), Options: options(ctx, "channels.", directory.TouchChannels)},
			{Kind: ui.Select, ID: "bulk-by", Name: "by", Label: i18n.T(ctx, "touches.field_by"), Blank: i18n.T(ctx, "list.unchanged"), Options: who}}
	}
	return sel
}

// touchExport is GET …/touches/export.csv and .xlsx.
func (s *Server) touchExport(w http.ResponseWriter, r *http.Request) error {
	in := touchListInput(r)
	return s.touchListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[directory.Touch], error) {
		in.After, in.Before = after, ""
		return directory.ExportTouches.Do(ctx, s.app.Door, directory.ExportTouchesInput{ListTouchesInput: in})
	})
}

// touchBulk is POST …/touches/bulk.
func (s *Server) touchBulk(w http.ResponseWriter, r *http.Request) error {
	do := r.PostFormValue("do")
	in := directory.EditTouchesInput{Trash: do == "trash", Back: do == "restore"}
	switch do {
	case "settle":
		settled := true
		in.Settled = &settled
	case "change":
		if channel := r.PostFormValue("channel"); channel != "" {
			in.Channel = &channel
		}
		if by, err := id.Parse[directory.Person](r.PostFormValue("by")); err == nil {
			person := directory.PersonID(by)
			in.ByPersonID = &person
		}
	}
	return selected(s, w, r, "touches", directory.EditTouches, func(i [16]byte, version int64) {
		in.Items = append(in.Items, directory.TouchVersion{ID: i, Version: version})
	}, &in)
}

// touchListing is how the log looks as a list.
func (s *Server) touchListing(ctx context.Context) listing[directory.Touch] {
	type touch = directory.Touch
	today := s.today(ctx)
	plain := func(key string, extra bool, get func(touch) string) column[touch] {
		return column[touch]{key: key, extra: extra, cell: func(t touch) ui.Cell { return ui.Cell{Text: get(t)} }, sheet: func(t touch) sheets.Cell { return sheets.Text(get(t)) }}
	}
	return listing[touch]{area: "touches", path: place(ctx, "touches"),
		id: func(t touch) string { return versioned(t.ID.Short(), t.Version) },
		columns: []column[touch]{
			{key: "with", sheet: func(t touch) sheets.Cell { return sheets.Text(t.With()) },
				cell: func(t touch) ui.Cell { return ui.Cell{Text: t.With(), Href: place(ctx, "touches/"+t.ID.Short())} }},
			{key: "happened_on", sheet: func(t touch) sheets.Cell { return sheets.Text(t.On) },
				cell: func(t touch) ui.Cell { return ui.Cell{Text: i18n.ShortCivilDate(ctx, t.On)} }},
			plain("channel", false, func(t touch) string { return optional(ctx, "channels.", t.Channel) }),
			plain("by", false, func(t touch) string { return t.ByName }),
			{key: "about", sheet: func(t touch) sheets.Cell { return sheets.Text(t.About) },
				cell: func(t touch) ui.Cell { return ui.Cell{Text: firstLine(t.About)} }},
			{key: "next_on", sheet: func(t touch) sheets.Cell { return sheets.Text(t.NextOn) }, cell: func(t touch) ui.Cell {
				if t.NextOn == "" {
					return ui.Cell{}
				}
				return ui.Cell{Text: i18n.ShortCivilDate(ctx, t.NextOn), Tags: dueTags(ctx, t, today)}
			}},
			plain("organization", true, func(t touch) string { return t.Organization }),
			plain("person", true, func(t touch) string { return t.Person }),
			plain("settled", true, func(t touch) string {
				if t.NextOn == "" {
					return ""
				}
				return yesNo(ctx, t.Settled)
			}),
		}}
}
