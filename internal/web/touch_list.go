package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// touchRoutes are the pages of the relationship log.
func (s *Server) touchRoutes() []Route {
	const touches = "/c/{collaborative}/touches"
	return []Route{
		{"GET", touches, []string{"touches.list", "members.list"}, s.touchList},
		{"GET", touches + "/new", []string{"touches.create"}, s.touchNew},
		{"POST", touches, []string{"touches.create"}, s.touchCreate},
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

// touchList is GET …/touches.
func (s *Server) touchList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	by, _ := id.Parse[directory.Person](q.Get("by")) // none means anyone
	in := directory.ListTouchesInput{Due: q.Get("due"), ByPersonID: directory.PersonID(by), Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
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
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "touches"); err != nil {
		return err
	}
	list.CSV, list.XLSX, list.Choice = "", "", nil
	props := ui.PageProps{Title: i18n.T(ctx, "touches.title"), Lede: i18n.T(ctx, "touches.lede"), Tabs: s.peopleTabs(ctx, "touches")}
	props.Primary = &ui.Action{Label: i18n.T(ctx, "touches.add"), Href: place(ctx, "touches/new"), Icon: "plus"}
	if !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "touches?trash=1"), Icon: "trash"})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "touches", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.List(list))
}

// touchListing is how the log looks as a list.
func (s *Server) touchListing(ctx context.Context) listing[directory.Touch] {
	type touch = directory.Touch
	today := s.today(ctx)
	return listing[touch]{area: "touches", path: place(ctx, "touches"), columns: []column[touch]{
		{key: "with", cell: func(t touch) ui.Cell { return ui.Cell{Text: t.With(), Href: place(ctx, "touches/"+t.ID.Short())} }},
		{key: "happened_on", cell: func(t touch) ui.Cell {
			return ui.Cell{Text: i18n.ShortCivilDate(ctx, t.On), Detail: optional(ctx, "channels.", t.Channel)}
		}},
		{key: "by", cell: func(t touch) ui.Cell { return ui.Cell{Text: t.ByName} }},
		{key: "about", cell: func(t touch) ui.Cell { return ui.Cell{Text: firstLine(t.About)} }},
		{key: "next_on", cell: func(t touch) ui.Cell {
			if t.NextOn == "" {
				return ui.Cell{}
			}
			return ui.Cell{Text: i18n.ShortCivilDate(ctx, t.NextOn), Tags: dueTags(ctx, t, today)}
		}},
	}}
}

// dueTags say how it stands with the next touch.
func dueTags(ctx context.Context, t directory.Touch, today string) []ui.TagProps {
	switch {
	case t.NextOn == "":
		return nil
	case t.Settled:
		return []ui.TagProps{{Label: i18n.T(ctx, "touches.settled"), Kind: ui.Good}}
	case t.NextOn < today:
		return []ui.TagProps{{Label: i18n.T(ctx, "touches.due_overdue"), Kind: ui.Due}}
	}
	return []ui.TagProps{{Label: i18n.T(ctx, "touches.is_due")}}
}

// touchPanel is the log of one organization or person, the newest first, with a
// short form for the next entry. Others than the backbone see none.
func (s *Server) touchPanel(r *http.Request, in directory.ListTouchesInput, add bool) (templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "touches.list") {
		return templ.NopComponent, nil
	}
	in.Limit = 10
	page, err := directory.ListTouches.Do(ctx, s.app.Door, in)
	if err != nil {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "touches.title"), Detail: i18n.T(ctx, "ui.visible_to", i18n.Args{"Who": i18n.T(ctx, "visible.backbone")})}
	content := []templ.Component{muted(i18n.T(ctx, "touches.never"))}
	if len(page.Items) > 0 {
		content[0] = ui.Rows(s.touchRows(ctx, page.Items, r.URL.Path))
	}
	if add {
		hidden := []ui.Hidden{{Name: "return", Value: r.URL.Path}}
		if !in.OrganizationID.IsZero() {
			hidden = append(hidden, ui.Hidden{Name: "organization_id", Value: in.OrganizationID.String()})
		}
		if !in.PersonID.IsZero() {
			hidden = append(hidden, ui.Hidden{Name: "person_id", Value: in.PersonID.String()})
		}
		t := func(key string) string { return i18n.T(ctx, "touches.field_"+key) }
		fields := []ui.FieldProps{
			{Kind: ui.TextArea, Name: "about", ID: "touch-about", Label: t("about"), Rows: 2, MaxLength: 5000},
			{Kind: ui.Select, Name: "channel", ID: "touch-channel", Label: t("channel"), Blank: i18n.T(ctx, "list.not_known"), Options: options(ctx, "channels.", directory.TouchChannels)},
			{Kind: ui.Date, Name: "happened_on", ID: "touch-on", Label: t("happened_on"), Value: s.today(ctx)},
			{Kind: ui.Date, Name: "next_on", ID: "touch-next", Label: t("next_on"), Help: i18n.T(ctx, "touches.help_next_on")},
		}
		content = append(content, with(ui.Form(ui.FormProps{Action: place(ctx, "touches"), Hidden: hidden, Submit: i18n.T(ctx, "touches.add"), SubmitKind: ui.Quiet}), formFields(fields)))
	}
	return with(ui.Panel(panel), content...), nil
}

// touchRows are entries as lines; what is due can be marked as done.
func (s *Server) touchRows(ctx context.Context, items []directory.Touch, back string) []ui.Row {
	today := s.today(ctx)
	var rows []ui.Row
	for _, t := range items {
		row := ui.Row{When: i18n.ShortCivilDate(ctx, t.On), Title: or(firstLine(t.About), t.With()), Href: place(ctx, "touches/"+t.ID.Short()),
			Detail: dotted(t.With(), t.ByName, optional(ctx, "channels.", t.Channel))}
		if tags := dueTags(ctx, t, today); len(tags) > 0 && !t.Settled {
			row.Tag = &tags[0]
			row.Detail = dotted(row.Detail, i18n.T(ctx, "touches.next", i18n.Args{"Date": i18n.ShortCivilDate(ctx, t.NextOn)}))
			row.Action = s.settleAction(ctx, t, back)
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *Server) settleAction(ctx context.Context, t directory.Touch, back string) *ui.Action {
	return &ui.Action{Label: i18n.T(ctx, "touches.settle"), Href: place(ctx, "touches/"+t.ID.Short()+"/settle"), Post: true,
		Hidden: []ui.Hidden{{Name: "version", Value: number(t.Version)}, {Name: "return", Value: back}}}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// touchesDue is what is due of the backbone's touches, for Home.
func (s *Server) touchesDue(r *http.Request) ([]templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "touches.list") {
		return nil, nil
	}
	page, err := directory.ListTouches.Do(ctx, s.app.Door, directory.ListTouchesInput{Due: "soon", Limit: 6})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	today := s.today(ctx)
	var rows []ui.Row
	for _, t := range page.Items {
		row := ui.Row{When: i18n.ShortCivilDate(ctx, t.NextOn), Title: t.With(), Href: place(ctx, "touches/"+t.ID.Short()), Detail: dotted(t.ByName, firstLine(t.About)), Action: s.settleAction(ctx, t, place(ctx, ""))}
		if tags := dueTags(ctx, t, today); len(tags) > 0 {
			row.Tag = &tags[0]
		}
		rows = append(rows, row)
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "home.touches")}
	if page.Next != "" {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "home.all_touches"), Href: place(ctx, "touches?due=soon"), Kind: ui.Quiet}}
	}
	return []templ.Component{with(ui.Panel(panel), ui.Rows(rows))}, nil
}
