package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

var meetingStateKinds = map[string]ui.Kind{convening.AgendaSent: ui.Good, convening.Held: ui.Due, convening.Cancelled: ui.Warn}

// meetingZone is where the clocks of a meeting are.
func meetingZone(m convening.Meeting) *time.Location {
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// meetingWhen is when a meeting is in words, in its own time zone; the zone is named
// where it is not the reader's.
func meetingWhen(ctx context.Context, m convening.Meeting) string {
	there := i18n.WithZone(ctx, meetingZone(m))
	return dotted(i18n.T(ctx, "meetings.when", i18n.Args{"Day": i18n.CivilDate(ctx, m.On), "From": i18n.Clock(there, m.StartsAt), "To": i18n.Clock(there, m.EndsAt)}), elsewhere(ctx, m.Zone))
}

// elsewhere names a time zone where it is not the reader's.
func elsewhere(ctx context.Context, zone string) string {
	if zone == i18n.Zone(ctx).String() {
		return ""
	}
	return i18n.T(ctx, "meetings.in_zone", i18n.Args{"Zone": zone})
}

// meetingYours is when a meeting begins on the reader's own clock, where that is
// another.
func meetingYours(ctx context.Context, m convening.Meeting) string {
	if m.Zone == i18n.Zone(ctx).String() {
		return ""
	}
	return i18n.T(ctx, "meetings.your_time", i18n.Args{"Time": i18n.ShortDateTime(ctx, m.StartsAt)})
}

// meetingListing is how meetings look as a list.
func meetingListing(ctx context.Context) listing[convening.Meeting] {
	type meeting = convening.Meeting
	plain := func(key string, extra bool, get func(meeting) string) column[meeting] {
		return column[meeting]{key: key, extra: extra, cell: func(m meeting) ui.Cell { return ui.Cell{Text: get(m)} }, sheet: func(m meeting) sheets.Cell { return sheets.Text(get(m)) }}
	}
	state := func(m meeting) string { return i18n.T(ctx, "meeting_states."+m.State) }
	return listing[meeting]{area: "meetings", path: place(ctx, "meetings"), id: func(m meeting) string { return versioned(m.ID.Short(), m.Version) },
		columns: []column[meeting]{
			{key: "title", sheet: func(m meeting) sheets.Cell { return sheets.Text(m.Title) },
				cell: func(m meeting) ui.Cell { return ui.Cell{Text: m.Title, Href: meetingAddress(ctx, m.ID, "")} }},
			{key: "on", sort: "starts", sheet: func(m meeting) sheets.Cell { return sheets.Text(m.On) },
				cell: func(m meeting) ui.Cell {
					return ui.Cell{Text: i18n.ShortCivilDate(ctx, m.On) + " " + i18n.Clock(i18n.WithZone(ctx, meetingZone(m)), m.StartsAt)}
				}},
			plain("body", false, func(m meeting) string { return m.Body }),
			{key: "state", sheet: func(m meeting) sheets.Cell { return sheets.Text(state(m)) },
				cell: func(m meeting) ui.Cell {
					return ui.Cell{Tags: []ui.TagProps{{Label: state(m), Kind: meetingStateKinds[m.State]}}}
				}},
			plain("mode", false, func(m meeting) string { return i18n.T(ctx, "meeting_modes."+m.Mode) }),
			plain("place", true, func(m meeting) string { return m.Place }),
			plain("starts", true, func(m meeting) string { return m.Starts }),
			plain("minutes", true, func(m meeting) string { return strconv.FormatInt(m.Minutes, 10) }),
			plain("zone", true, func(m meeting) string { return m.Zone }),
			plain("purpose", true, func(m meeting) string { return m.Purpose }),
			idColumn(ctx, func(m meeting) string { return m.ID.String() }),
		}}
}

// meetingWhich are the parts of the list, by catalogue key "meetings.…".
var meetingWhich = []string{"coming", "past"}

func (s *Server) meetingListInput(r *http.Request) convening.ListMeetingsInput {
	ctx, q := r.Context(), r.URL.Query()
	body, _ := id.Parse[directory.Body](q.Get("body")) // none means all
	in := convening.ListMeetingsInput{BodyID: body, State: q.Get("state"), From: q.Get("from"), To: q.Get("to"), Sort: q.Get("sort"), Trash: q.Get("trash") != "",
		After: q.Get("after"), Before: q.Get("before")}
	switch q.Get("which") {
	case "coming":
		in.From = max(in.From, s.today(ctx))
		if in.Sort == "" {
			in.Sort = "starts"
		}
	case "past":
		if today := s.today(ctx); in.To == "" || in.To > today {
			in.To = today
		}
	}
	return in
}

// meetingList is GET …/meetings.
func (s *Server) meetingList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := s.meetingListInput(r)
	page, err := convening.ListMeetings.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return err
	}
	l := meetingListing(ctx)
	l.filters = []ui.FieldProps{
		{Kind: ui.Select, Name: "which", Label: i18n.T(ctx, "meetings.field_when"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "meetings.", meetingWhich)},
		{Kind: ui.Select, Name: "body", Label: i18n.T(ctx, "meetings.field_body"), Blank: i18n.T(ctx, "list.any"), Options: bodies},
		{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "meetings.field_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "meeting_states.", convening.States)},
		{Kind: ui.Date, Name: "from", Label: i18n.T(ctx, "meetings.field_from")},
		{Kind: ui.Date, Name: "to", Label: i18n.T(ctx, "meetings.field_to")},
	}
	if !s.may(ctx, "meetings.edit-several") {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "meetings"); err != nil {
		return err
	}
	if l.id != nil {
		list.Selection = meetingSelection(ctx, in.Trash, bodies)
	}
	if !s.may(ctx, "meetings.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "meetings.title"), Lede: i18n.T(ctx, "meetings.lede"), Tabs: s.groupTabs(ctx, "meetings")}
	if s.may(ctx, "meetings.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "meetings.add"), Href: place(ctx, "meetings/new"), Icon: "plus"}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "meetings.record_past"), Href: place(ctx, "meetings/new?held=true"), Icon: "check"},
			ui.Action{Label: i18n.T(ctx, "series.add"), Href: place(ctx, "series/new"), Icon: "history"})
		props.Menu = append(props.Menu, s.bringAction(ctx, "calendar")...)
	}
	if s.may(ctx, "series.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "series.title"), Href: place(ctx, "series"), Icon: "calendar"})
	}
	if s.may(ctx, "polls.create") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "polls.add"), Href: place(ctx, "polls/new"), Icon: "clock"})
	}
	if s.mayAll(ctx, "polls.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "polls.title"), Href: place(ctx, "polls"), Icon: "clock"})
	}
	if s.may(ctx, "calendar-feeds.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "calendar.title"), Href: place(ctx, "calendar"), Icon: "calendar"})
	}
	if s.may(ctx, "followed-calendars.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "followed.title"), Href: place(ctx, "followed-calendars"), Icon: "calendar"})
	}
	if s.may(ctx, "checklists.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "checklists.title"), Href: place(ctx, "checklists"), Icon: "check"})
	}
	if s.may(ctx, "meetings.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "meetings?trash=1"), Icon: "trash"})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "meetings", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.List(list))
}

// meetingExport is GET …/meetings/export.csv and .xlsx.
func (s *Server) meetingExport(w http.ResponseWriter, r *http.Request) error {
	in := s.meetingListInput(r)
	return meetingListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[convening.Meeting], error) {
		in.After, in.Before = after, ""
		return convening.ExportMeetings.Do(ctx, s.app.Door, convening.ExportMeetingsInput{ListMeetingsInput: in})
	})
}

// meetingRows are meetings as lines.
func (s *Server) meetingRows(ctx context.Context, list []convening.Meeting) []ui.Row {
	var rows []ui.Row
	for _, m := range list {
		rows = append(rows, ui.Row{When: i18n.ShortCivilDate(ctx, m.On), Title: m.Title, Href: meetingAddress(ctx, m.ID, ""),
			Detail: dotted(m.Body, i18n.Clock(i18n.WithZone(ctx, meetingZone(m)), m.StartsAt), m.Place), Tag: &ui.TagProps{Label: i18n.T(ctx, "meeting_states."+m.State), Kind: meetingStateKinds[m.State]}})
	}
	return rows
}

// meetingsOf are the next meetings of a body, or of every body, as a panel; nothing
// where the actor may see none.
func (s *Server) meetingsOf(ctx context.Context, body directory.BodyID, heading string) (ui.PanelProps, []ui.Row, error) {
	panel := ui.PanelProps{Heading: heading}
	page, err := convening.ListMeetings.Do(ctx, s.app.Door, convening.ListMeetingsInput{BodyID: body, From: s.today(ctx), Sort: "starts", Limit: 5})
	if err != nil {
		return panel, nil, err
	}
	all := url.Values{}
	if !body.IsZero() {
		all.Set("body", body.String())
		if s.may(ctx, "meetings.create") {
			panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "meetings.add"), Href: place(ctx, "meetings/new?body="+body.Short()), Kind: ui.Quiet})
		}
		if s.may(ctx, "polls.create") {
			panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "polls.add"), Href: place(ctx, "polls/new?body="+body.Short()), Kind: ui.Quiet})
		}
	} else {
		all.Set("which", "coming")
	}
	panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "meetings.all"), Href: place(ctx, "meetings?"+all.Encode()), Kind: ui.Quiet})
	return panel, s.meetingRows(ctx, page.Items), nil
}

// rowsOr are lines, or a quiet word where there are none.
func rowsOr(rows []ui.Row, none string) templ.Component {
	if len(rows) == 0 {
		return muted(none)
	}
	return ui.Rows(rows)
}
