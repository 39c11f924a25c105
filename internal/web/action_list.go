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
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// actionRoutes are the pages of action items.
func (s *Server) actionRoutes() []Route {
	const list = "/c/{collaborative}/actions"
	return []Route{
		{"GET", list, []string{"actions.list"}, s.actionList},
		{"GET", list + "/new", []string{"actions.create"}, s.actionNew},
		{"GET", list + "/export.csv", []string{"actions.export"}, s.actionExport},
		{"GET", list + "/export.xlsx", []string{"actions.export"}, s.actionExport},
		{"POST", list, []string{"actions.create"}, s.actionCreate},
		{"POST", list + "/bulk", []string{"actions.edit-several"}, s.actionBulk},
		{"GET", list + "/{id}", []string{"actions.get"}, s.actionRecord},
		{"GET", list + "/{id}/edit", []string{"actions.get", "actions.edit"}, s.actionEdit},
		{"POST", list + "/{id}", []string{"actions.get", "actions.edit"}, s.actionSave},
		{"GET", list + "/{id}/end", []string{"actions.get", "actions.settle"}, s.actionEnd},
		{"POST", list + "/{id}/state", []string{"actions.get", "actions.settle"}, s.actionSettle},
		{"POST", list + "/{id}/disown", []string{"actions.get", "actions.disown"}, s.actionDisown},
		{"POST", list + "/{id}/trash", []string{"actions.trash"}, s.actionTrash},
		{"POST", list + "/{id}/restore", []string{"actions.restore"}, s.actionRestore},
	}
}

// actionStateKinds color the states.
var actionStateKinds = map[string]ui.Kind{actions.Done: ui.Good, actions.Dropped: ui.Warn}

// actionWhich are the parts of the list, by catalogue key "actions.…".
var actionWhich = []string{"overdue", "disowned"}

func actionListInput(r *http.Request) actions.ListInput {
	q := r.URL.Query()
	person, _ := id.Parse[directory.Person](q.Get("person")) // none means all
	organization, _ := id.Parse[directory.Organization](q.Get("organization"))
	meeting, _ := id.Parse[convening.Meeting](q.Get("meeting"))
	return actions.ListInput{OwnerPersonID: directory.PersonID(person), OwnerOrganizationID: organization, MeetingID: meeting, State: q.Get("state"), DueFrom: q.Get("from"), DueTo: q.Get("to"),
		Overdue: q.Get("which") == "overdue", Disowned: q.Get("which") == "disowned", Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
}

func actionAddress(ctx context.Context, i actions.ID, rest string) string {
	return place(ctx, "actions/"+i.Short()+rest)
}

// actionTags say the state of an action and what is wrong with it.
func (s *Server) actionTags(ctx context.Context, a actions.Action) []ui.TagProps {
	tags := []ui.TagProps{{Label: i18n.T(ctx, "action_states."+a.State), Kind: actionStateKinds[a.State]}}
	if a.Overdue(s.today(ctx)) {
		tags = []ui.TagProps{{Label: i18n.T(ctx, "actions.overdue"), Kind: ui.Due}}
	}
	if a.Disowned {
		tags = append(tags, ui.TagProps{Label: i18n.T(ctx, "actions.disowned"), Kind: ui.Warn})
	}
	return tags
}

// actionListing is how actions look as a list.
func (s *Server) actionListing(ctx context.Context) listing[actions.Action] {
	type action = actions.Action
	plain := func(key string, extra bool, get func(action) string) column[action] {
		return column[action]{key: key, extra: extra, cell: func(a action) ui.Cell { return ui.Cell{Text: get(a)} }, sheet: func(a action) sheets.Cell { return sheets.Text(get(a)) }}
	}
	day := func(key string, extra bool, get func(action) string) column[action] {
		return column[action]{key: key, extra: extra, cell: func(a action) ui.Cell { return ui.Cell{Text: civilDay(ctx, get(a))} }, sheet: func(a action) sheets.Cell { return sheets.Text(get(a)) }}
	}
	return listing[action]{area: "actions", path: place(ctx, "actions"), id: func(a action) string { return versioned(a.ID.Short(), a.Version) },
		columns: []column[action]{
			{key: "text", sheet: func(a action) sheets.Cell { return sheets.Text(a.Text) },
				cell: func(a action) ui.Cell { return ui.Cell{Text: a.Title(), Href: actionAddress(ctx, a.ID, "")} }},
			plain("owner", false, func(a action) string { return a.Owner }),
			day("due_on", false, func(a action) string { return a.DueOn }),
			{key: "state", sheet: func(a action) sheets.Cell { return sheets.Text(i18n.T(ctx, "action_states."+a.State)) },
				cell: func(a action) ui.Cell { return ui.Cell{Tags: s.actionTags(ctx, a)} }},
			plain("meeting", false, func(a action) string { return a.Meeting }),
			day("agreed_on", true, func(a action) string { return a.AgreedOn }),
			day("ended_on", true, func(a action) string { return a.EndedOn }),
			plain("ended_by", true, func(a action) string { return a.EndedBy }),
			plain("reason", true, func(a action) string { return a.Reason }),
			plain("given_by", true, func(a action) string { return a.GivenBy }),
			{key: "note", extra: true, sheet: func(a action) sheets.Cell { return sheets.Text(a.Note) }, cell: func(a action) ui.Cell { return ui.Cell{Text: firstLine(a.Note)} }},
			idColumn(ctx, func(a action) string { return a.ID.String() }),
		}}
}

// actionList is GET …/actions.
func (s *Server) actionList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := actionListInput(r)
	page, err := actions.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	organizations, err := s.organizationOptions(ctx, r.URL.Query().Get("organization"))
	if err != nil {
		return err
	}
	l := s.actionListing(ctx)
	l.filters = []ui.FieldProps{
		{Kind: ui.Select, Name: "which", Label: i18n.T(ctx, "actions.field_which"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "actions.", actionWhich)},
		{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "actions.field_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "action_states.", actions.States)},
		{Kind: ui.Select, Name: "organization", Label: i18n.T(ctx, "actions.field_organization"), Blank: i18n.T(ctx, "list.any"), Options: organizations},
		{Kind: ui.Date, Name: "from", Label: i18n.T(ctx, "actions.field_from")},
		{Kind: ui.Date, Name: "to", Label: i18n.T(ctx, "actions.field_to")},
	}
	if !s.may(ctx, "actions.edit-several") {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "actions"); err != nil {
		return err
	}
	if !s.may(ctx, "actions.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "actions.title"), Lede: i18n.T(ctx, "actions.lede"), Tabs: s.groupTabs(ctx, "actions")}
	if s.mayAll(ctx, "actions.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "actions.add"), Href: place(ctx, "actions/new"), Icon: "plus"}
	}
	if s.mayAll(ctx, "actions.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "actions?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = bulkActions(ctx, "actions", in.Trash, []ui.BulkAction{{Label: i18n.T(ctx, "actions.mark_done"), Name: "do", Value: "done"}, {Label: i18n.T(ctx, "actions.due_then"), Name: "do", Value: "due"}})
		if !in.Trash {
			list.Selection.Fields = []ui.FieldProps{{Kind: ui.Date, ID: "bulk-due-on", Name: "due_on", Label: i18n.T(ctx, "actions.field_due_on"), Value: s.today(ctx)}}
		}
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "actions", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.List(list))
}

// actionExport is GET …/actions/export.csv and .xlsx.
func (s *Server) actionExport(w http.ResponseWriter, r *http.Request) error {
	in := actionListInput(r)
	return s.actionListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[actions.Action], error) {
		in.After, in.Before = after, ""
		return actions.Export.Do(ctx, s.app.Door, actions.ExportInput{ListInput: in})
	})
}

// actionBulk is POST …/actions/bulk.
func (s *Server) actionBulk(w http.ResponseWriter, r *http.Request) error {
	do := r.PostFormValue("do")
	in := actions.SeveralInput{Trash: do == "trash", Back: do == "restore"}
	switch day := r.PostFormValue("due_on"); {
	case do == "done":
		in.State = actions.Done
	case do == "due" && day != "":
		in.DueOn = &day
	}
	return selected(s, w, r, "actions", actions.EditSeveral, func(i [16]byte, version int64) {
		in.Items = append(in.Items, actions.Version{ID: i, Version: version})
	}, &in)
}

// actionRows are actions as lines, each with a way to say that it is done for those
// who may say so of all.
func (s *Server) actionRows(ctx context.Context, list []actions.Action, back string) []ui.Row {
	var rows []ui.Row
	for _, a := range list {
		tags := s.actionTags(ctx, a)
		row := ui.Row{Title: a.Title(), Href: actionAddress(ctx, a.ID, ""), Detail: dotted(a.Owner, a.Meeting), Tag: &tags[len(tags)-1]}
		if a.DueOn != "" {
			row.When = i18n.ShortCivilDate(ctx, a.DueOn)
		}
		if a.State == actions.Open && s.mayAll(ctx, "actions.settle") {
			row.Action = &ui.Action{Label: i18n.T(ctx, "actions.mark_done"), Href: actionAddress(ctx, a.ID, "/state"), Post: true, Kind: ui.Quiet,
				Hidden: []ui.Hidden{{Name: "version", Value: number(a.Version)}, {Name: "state", Value: actions.Done}, {Name: "return", Value: back}}}
		}
		rows = append(rows, row)
	}
	return rows
}

// actionsMore leads to all actions of a list.
func actionsMore(ctx context.Context, filter url.Values) ui.Action {
	return ui.Action{Label: i18n.T(ctx, "actions.all"), Href: place(ctx, "actions?"+filter.Encode()), Kind: ui.Quiet}
}
