package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// meetingModes are the three ways of looking at a meeting, by catalogue key
// "meetings.…", with their address and the operation they need.
var meetingModes = []struct{ key, path, operation string }{
	{"prepare", "", "meetings.get"}, {"run", "/run", "captures.list"}, {"follow_up", "/follow-up", "captures.list"},
}

// meetingPage is what the pages of one meeting share.
func (s *Server) meetingPage(r *http.Request, m convening.Meeting, mode string) ui.PageProps {
	ctx := r.Context()
	props := ui.PageProps{Title: m.Name(), Heading: m.Title, Lede: dotted(meetingWhen(ctx, m), meetingYours(ctx, m), m.Place),
		Crumbs:      []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}},
		HeadingTags: []ui.TagProps{{Label: i18n.T(ctx, "meeting_states."+m.State), Kind: meetingStateKinds[m.State]}}}
	if !m.BodyID.IsZero() {
		props.Crumbs = append(props.Crumbs, ui.Link{Label: m.Body, Href: place(ctx, "bodies/"+m.BodyID.Short())})
	}
	if m.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *m.DeletedAt)})})
		if s.may(ctx, "meetings.restore") {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: meetingAddress(ctx, m.ID, "/restore"), Post: true, Hidden: meetingVersion(m), Icon: "undo"}
		}
		return props
	}
	if m.State == convening.Cancelled {
		text := i18n.T(ctx, "meetings.is_cancelled_plain")
		if m.Reason != "" {
			text = i18n.T(ctx, "meetings.is_cancelled", i18n.Args{"Reason": m.Reason})
		}
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: text})
	}
	if m.MayPrepare {
		for _, t := range meetingModes {
			props.Tabs = append(props.Tabs, ui.Link{Label: i18n.T(ctx, "meetings."+t.key), Href: meetingAddress(ctx, m.ID, t.path), Current: t.key == mode})
		}
	}
	s.meetingActions(ctx, m, &props)
	return props
}

func meetingVersion(m convening.Meeting) []ui.Hidden {
	return []ui.Hidden{{Name: "version", Value: strconv.FormatInt(m.Version, 10)}}
}

// meetingActions offers the next step as the page's action, and the rest in its
// menu.
func (s *Server) meetingActions(ctx context.Context, m convening.Meeting, props *ui.PageProps) {
	sheets := []ui.Action{{Label: i18n.T(ctx, "meetings.print_agenda"), Href: meetingAddress(ctx, m.ID, "/print/agenda"), Icon: "print"}}
	if m.Recap != "" {
		sheets = append(sheets, ui.Action{Label: i18n.T(ctx, "meetings.print_recap"), Href: meetingAddress(ctx, m.ID, "/print/recap"), Icon: "print"})
	}
	if m.MayPrepare {
		sheets = append(sheets, ui.Action{Label: i18n.T(ctx, "meetings.print_sign_in"), Href: meetingAddress(ctx, m.ID, "/print/sign-in"), Icon: "print"},
			ui.Action{Label: i18n.T(ctx, "meetings.print_minutes"), Href: meetingAddress(ctx, m.ID, "/print/minutes"), Icon: "print"},
			ui.Action{Label: i18n.T(ctx, "meetings.print_brief"), Href: meetingAddress(ctx, m.ID, "/print/brief"), Icon: "print"})
	}
	if m.MayEdit {
		for n, to := range m.Steps(s.app.Config.Clock.Now()) {
			step := ui.Action{Label: i18n.T(ctx, "meetings.step_"+to), Href: meetingAddress(ctx, m.ID, "/state"), Post: true,
				Hidden: append(meetingVersion(m), ui.Hidden{Name: "state", Value: to})}
			switch {
			case to == convening.Cancelled:
				props.Menu = append(props.Menu, ui.Action{Label: step.Label, Href: meetingAddress(ctx, m.ID, "/cancel"), Icon: "x"})
			case n == 0 && m.State != convening.Closed:
				props.Primary = &step
			default:
				props.Menu = append(props.Menu, step)
			}
		}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: meetingAddress(ctx, m.ID, "/edit"), Icon: "edit"})
	}
	if m.MayPrepare {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "attendance.title"), Href: meetingAddress(ctx, m.ID, "/attendance"), Icon: "users"})
	}
	props.Menu = append(append(props.Menu, sheets...), s.calendarActions(ctx, m)...)
	if s.may(ctx, "meetings.trash") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: meetingAddress(ctx, m.ID, "/trash"), Post: true, Hidden: meetingVersion(m), Icon: "trash"})
	}
}

// meetingPrepare is GET …/meetings/{id}: what is to be known before it.
func (s *Server) meetingPrepare(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	items, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	people, err := convening.ListPeople.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	reading, err := s.materialsPanel(ctx, m, items.Items, "")
	if err != nil {
		return err
	}
	parts := []templ.Component{s.replyPanel(ctx, m, people.Items), s.agendaPanel(r, m, items.Items, ""), reading}
	if m.RecapSentAt != nil && m.Recap != "" {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "meetings.field_recap")}), prose(m.Recap)))
	}
	parts = append(parts, s.meetingPeople(ctx, m, people.Items))
	if m.MayPrepare {
		todo, err := s.preparationPanel(r, m, false)
		if err != nil {
			return err
		}
		parts = append(parts, todo)
	}
	timeline, err := s.timeline(r, "meetings", convening.MeetingKind, m.ID)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, "bodies", s.meetingPage(r, m, "prepare"), append(parts, ui.Record(ui.RecordProps{Facts: s.meetingFacts(ctx, m), Timeline: timeline}))...)
}

func (s *Server) meetingFacts(ctx context.Context, m convening.Meeting) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "meetings.field_"+key) }
	body := ui.Fact{Label: t("body"), Value: or(m.Body, i18n.T(ctx, "meetings.no_body"))}
	if !m.BodyID.IsZero() {
		body.Href = place(ctx, "bodies/"+m.BodyID.Short())
	}
	facts := []ui.Fact{{Label: t("purpose"), Content: prose(m.Purpose)}, body}
	if !m.SeriesID.IsZero() {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "series.title"), Value: i18n.T(ctx, "series.one_of"), Href: place(ctx, "series/"+m.SeriesID.Short())})
	}
	facts = append(facts, []ui.Fact{
		{Label: t("when"), Value: meetingWhen(ctx, m), Note: meetingYours(ctx, m)},
		{Label: t("minutes"), Value: i18n.T(ctx, "meetings.minutes_long", i18n.Args{"Count": int(m.Minutes)})},
		{Label: t("mode"), Value: i18n.T(ctx, "meeting_modes."+m.Mode)},
		{Label: t("place"), Value: m.Place},
	}...)
	if m.Link != "" {
		facts = append(facts, ui.Fact{Label: t("link"), Value: i18n.T(ctx, "meetings.join"), Href: m.Link, Note: m.Link})
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// replyPanel asks whoever is expected whether they come.
func (s *Server) replyPanel(ctx context.Context, m convening.Meeting, people []convening.Expected) templ.Component {
	me := operation.ActorFrom(ctx).Person
	if me.IsZero() || m.Over() || m.DeletedAt != nil {
		return templ.NopComponent
	}
	for _, e := range people {
		if e.PersonID != me {
			continue
		}
		panel := ui.PanelProps{Heading: i18n.T(ctx, "meetings.your_answer")}
		if e.Reply != "" {
			panel.Detail = i18n.T(ctx, "meetings.answered", i18n.Args{"Reply": i18n.T(ctx, "meeting_replies."+e.Reply)})
		}
		var buttons []ui.Action
		for _, answer := range convening.Replies {
			if answer == convening.ReplyOnline && m.Mode == convening.Modes[0] {
				continue
			}
			kind := ui.Quiet
			if answer == e.Reply {
				kind = ui.Main
			}
			buttons = append(buttons, ui.Action{Label: i18n.T(ctx, "meetings.i_"+answer), Href: meetingAddress(ctx, m.ID, "/reply"), Post: true, Kind: kind,
				Hidden: []ui.Hidden{{Name: "reply", Value: answer}}})
		}
		return with(ui.Panel(panel), acts(buttons))
	}
	return templ.NopComponent
}

// meetingReply is POST …/meetings/{id}/reply, of whoever is signed in.
func (s *Server) meetingReply(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	in := convening.ReplyInput{MeetingID: i, PersonID: operation.ActorFrom(ctx).Person, Reply: r.PostFormValue("reply")}
	if _, err := convening.Reply.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, ""), "meetings.reply", receipt)
}
