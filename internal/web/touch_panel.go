package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

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
