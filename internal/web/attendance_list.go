package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// attendancePage is what the pages about who is at a meeting share.
func attendancePage(ctx context.Context, m convening.Meeting, key string) ui.PageProps {
	return ui.PageProps{Title: i18n.T(ctx, key), Lede: dotted(m.Title, meetingWhen(ctx, m)),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: meetingAddress(ctx, m.ID, "")}}}
}

// attendanceList is GET …/meetings/{id}/attendance: everyone expected, each with one
// tap to be here, and whoever else came.
func (s *Server) attendanceList(w http.ResponseWriter, r *http.Request) error {
	return s.attendanceListPage(w, r, http.StatusOK, url.Values{}, nil, faults{})
}

func (s *Server) attendanceListPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	part := attendance.MeetingPart{MeetingID: m.ID}
	ledger, err := attendance.List.Do(ctx, s.app.Door, part)
	if err != nil {
		return err
	}
	expected, err := convening.ListPeople.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	quorum, err := attendance.GetQuorum.Do(ctx, s.app.Door, part)
	if err != nil {
		return err
	}
	props := attendancePage(ctx, m, "attendance.title")
	props.Menu = []ui.Action{{Label: i18n.T(ctx, "attendance.door"), Href: meetingAddress(ctx, m.ID, "/door")}, {Label: i18n.T(ctx, "attendance.scan"), Href: meetingAddress(ctx, m.ID, "/scan")}}
	in, others := map[directory.PersonID]attendance.Attendance{}, []attendance.Attendance{}
	for _, a := range ledger.Items {
		if !a.Guest() {
			in[a.PersonID] = a
		}
	}
	known := map[directory.PersonID]bool{}
	answered := false
	for _, e := range expected.Items {
		known[e.PersonID] = true
		_, there := in[e.PersonID]
		answered = answered || !there && (e.Reply == convening.ReplyYes || e.Reply == convening.ReplyOnline)
	}
	for _, a := range ledger.Items {
		if a.Guest() || !known[a.PersonID] {
			others = append(others, a)
		}
	}
	if answered {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "attendance.all_who_said_yes"), Href: meetingAddress(ctx, m.ID, "/attendance/answered"), Post: true}
	}
	parts := []templ.Component{quorumPanel(ctx, quorum), attendanceExpected(ctx, m, expected.Items, in)}
	if len(others) > 0 {
		parts = append(parts, attendanceOthers(ctx, m, others))
	}
	parts = append(parts, s.attendanceForms(ctx, m, values, choice, f))
	rule, err := s.presenceRule(ctx, m)
	if err != nil {
		return err
	}
	return s.show(w, r, status, "bodies", props, append(parts, rule)...)
}

// quorumPanel tells how many are there, and whether they are enough to decide.
func quorumPanel(ctx context.Context, q attendance.Quorum) templ.Component {
	facts := []ui.Fact{
		{Label: i18n.T(ctx, "presences.here"), Value: strconv.FormatInt(q.Here, 10)},
		{Label: i18n.T(ctx, "presences.online"), Value: strconv.FormatInt(q.Online, 10)},
		{Label: i18n.T(ctx, "attendance.organizations"), Value: strconv.FormatInt(q.Organizations, 10)},
	}
	if q.Seats > 0 {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "attendance.voting_seats"), Value: i18n.T(ctx, "attendance.of_seats", i18n.Args{"Present": q.Present, "Seats": q.Seats})})
	}
	if q.Needed > 0 {
		key := "attendance.quorum_missing"
		if q.Met {
			key = "attendance.quorum_met"
		}
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "attendance.quorum"), Value: i18n.T(ctx, key, i18n.Args{"Needed": q.Needed, "Missing": q.Needed - q.Present})})
	}
	facts = append(facts, leftToDecide(ctx, q)...)
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "attendance.who_is_here"), Facts: facts})
}

// tick is a button that enters somebody.
func tick(ctx context.Context, m convening.Meeting, presence string, hidden ...ui.Hidden) ui.Action {
	return ui.Action{Label: i18n.T(ctx, "presences."+presence), Href: meetingAddress(ctx, m.ID, "/attendance"), Post: true, Kind: ui.Quiet,
		Hidden: append([]ui.Hidden{{Name: "presence", Value: presence}}, hidden...)}
}

// ticks are the ways of being at a meeting, the usual one first.
func ticks(ctx context.Context, m convening.Meeting, hidden ...ui.Hidden) []ui.Action {
	here, online := tick(ctx, m, attendance.Here, hidden...), tick(ctx, m, attendance.Online, hidden...)
	if m.Mode == attendance.Online {
		return []ui.Action{online, here}
	}
	return []ui.Action{here, online}
}

// attendanceColumns begin with the name and the buttons: on a phone the rest of a row
// is scrolled to.
func attendanceColumns(ctx context.Context, caption string) ui.TableProps {
	t := func(key string) string { return i18n.T(ctx, "attendance.field_"+key) }
	return ui.TableProps{ID: caption, Caption: i18n.T(ctx, "attendance."+caption), ShowCaption: true,
		Columns: []ui.Column{{Label: t("name")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}, {Label: t("presence")}, {Label: t("organization")}, {Label: t("seat")}}}
}

// attendanceExpected is the tick list of those who are expected.
func attendanceExpected(ctx context.Context, m convening.Meeting, expected []convening.Expected, in map[directory.PersonID]attendance.Attendance) templ.Component {
	if len(expected) == 0 {
		return muted(i18n.T(ctx, "meetings.nobody_expected"))
	}
	table := attendanceColumns(ctx, "expected")
	for _, e := range expected {
		row := ui.TableRow{Cells: []ui.Cell{{Text: named(ctx, e.Person), Href: personHref(ctx, e.Person, e.PersonID)}, {}, {}, {Text: e.Organization}, {Text: meetingSeat(ctx, e)}}}
		if a, there := in[e.PersonID]; there {
			row.Cells[1], row.Cells[2] = ui.Cell{Content: acts(entryActions(ctx, a))}, presenceCell(ctx, a)
		} else {
			ways := ticks(ctx, m, ui.Hidden{Name: "person_id", Value: e.PersonID.String()})
			if !e.SeatID.IsZero() && !e.StandInID.IsZero() {
				if _, there := in[e.StandInID]; !there {
					stands := tick(ctx, m, attendance.Here, ui.Hidden{Name: "person_id", Value: e.StandInID.String()}, ui.Hidden{Name: "seat_id", Value: e.SeatID.String()})
					stands.Label = i18n.T(ctx, "attendance.instead", i18n.Args{"Name": e.StandIn})
					ways = append(ways, stands)
				}
			}
			row.Cells[1], row.Cells[2] = ui.Cell{Content: acts(ways)}, ui.Cell{Content: muted(expectation(ctx, e))}
		}
		table.Rows = append(table.Rows, row)
	}
	return ui.Table(table)
}

// expectation is what somebody answered who is not there.
func expectation(ctx context.Context, e convening.Expected) string {
	if e.Reply == "" {
		return i18n.T(ctx, "attendance.not_here")
	}
	return dotted(i18n.T(ctx, "attendance.not_here"), i18n.T(ctx, "meeting_replies."+e.Reply))
}

// attendanceOthers are those who came and were not expected.
func attendanceOthers(ctx context.Context, m convening.Meeting, others []attendance.Attendance) templ.Component {
	table := attendanceColumns(ctx, "others")
	for _, a := range others {
		name := ui.Cell{Text: named(ctx, a.Name)}
		if !a.Guest() {
			name.Href = personHref(ctx, a.Name, a.PersonID)
		} else {
			name.Tags = []ui.TagProps{{Label: i18n.T(ctx, "attendance.guest")}}
		}
		seat := ui.Cell{Text: optional(ctx, "seat_roles.", a.Seat)}
		if a.Alternate {
			seat.Detail = i18n.T(ctx, "attendance.alternate")
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{name, {Content: acts(entryActions(ctx, a))}, presenceCell(ctx, a), {Text: a.Organization}, seat}})
	}
	return ui.Table(table)
}

// presenceCell says how somebody is there, and what else is on record.
func presenceCell(ctx context.Context, a attendance.Attendance) ui.Cell {
	cell := ui.Cell{Tags: []ui.TagProps{{Label: i18n.T(ctx, "presences."+a.Presence), Kind: ui.Good}}, Detail: i18n.T(ctx, "attendance_sources."+a.Source)}
	if !a.Counts {
		cell.Tags[0] = ui.TagProps{Label: i18n.T(ctx, "attendance.too_short"), Kind: ui.Warn}
	}
	if a.Minutes != nil {
		cell.Detail = dotted(cell.Detail, i18n.T(ctx, "meetings.minutes_long", i18n.Args{"Count": int(*a.Minutes)}))
	}
	return cell
}

func entryActions(ctx context.Context, a attendance.Attendance) []ui.Action {
	address := meetingAddress(ctx, a.MeetingID, "/attendance/"+a.ID.Short())
	return []ui.Action{{Label: i18n.T(ctx, "list.edit"), Href: address, Kind: ui.Quiet},
		{Label: i18n.T(ctx, "attendance.was_not_here"), Href: address + "/trash", Post: true, Kind: ui.Quiet, Hidden: []ui.Hidden{{Name: "version", Value: number(a.Version)}}}}
}

// attendanceForms enter anybody else: a person on record, or a guest.
func (s *Server) attendanceForms(ctx context.Context, m convening.Meeting, values url.Values, choice *ui.FieldProps, f faults) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "attendance.field_"+key) }
	how := ui.FieldProps{Kind: ui.Radios, Name: "presence", Label: t("presence"), Options: options(ctx, "presences.", attendance.Presences)}
	if !values.Has("presence") {
		values.Set("presence", attendance.Here)
		if m.Mode == attendance.Online {
			values.Set("presence", attendance.Online)
		}
	}
	action := meetingAddress(ctx, m.ID, "/attendance")
	person := []ui.FieldProps{s.personLookup(ctx, values, "person", t("person"), i18n.T(ctx, "attendance.help_person"))}
	form := ui.FormProps{ID: "somebody", Action: action, Submit: i18n.T(ctx, "attendance.add"), SubmitKind: ui.Quiet}
	if choice != nil {
		person = append(person, *choice)
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "person_for", Value: values.Get("person")})
	}
	person = append(person, how)
	guest := []ui.FieldProps{{Name: "name", Label: t("guest_name"), Required: true, MaxLength: 200, Autocomplete: "off"}, {Name: "organization", Label: t("organization"), MaxLength: 200, Autocomplete: "off"}, how}
	for k := range guest {
		guest[k].ID = "guest-" + guest[k].Name
	}
	person = f.mark(filled(person, values))
	if values.Get("guest") == "" {
		form.Errors = f.explain(person)
	}
	guests := ui.FormProps{ID: "guest", Action: action, Hidden: []ui.Hidden{{Name: "guest", Value: "1"}}, Submit: i18n.T(ctx, "attendance.add_guest"), SubmitKind: ui.Quiet}
	guest = filled(guest, values)
	if values.Get("guest") != "" {
		guest = f.mark(guest)
		guests.Errors = f.explain(guest)
	}
	return with(ui.Grid(), with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "attendance.somebody_else")}), with(ui.Form(form), formFields(person))),
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "attendance.a_guest"), Detail: i18n.T(ctx, "attendance.guest_lede")}), with(ui.Form(guests), formFields(guest))))
}

// attendanceRecord is POST …/meetings/{id}/attendance: somebody is there.
func (s *Server) attendanceRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	in := attendance.Input{MeetingID: i, Presence: v.Get("presence"), Name: v.Get("name"), Organization: v.Get("organization"), Source: attendance.FromList}
	var choice *ui.FieldProps
	switch {
	case v.Get("guest") != "":
	case v.Get("person_id") != "" && !v.Has("person"):
		in.PersonID, in.SeatID = directory.PersonID(parsedID[directory.Person](v.Get("person_id"))), parsedID[directory.Seat](v.Get("seat_id"))
	default:
		in.PersonID, choice, err = s.personChoice(ctx, v, "person")
	}
	if err == nil && v.Get("guest") == "" && in.PersonID.IsZero() {
		err = operation.InvalidField("person", "errors.required")
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = attendance.Record.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "person")); ok {
		return s.attendanceListPage(w, r, http.StatusUnprocessableEntity, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, "/attendance"), "attendance.record", receipt)
}

// attendanceAnswered is POST …/meetings/{id}/attendance/answered: all who said that
// they would come are there.
func (s *Server) attendanceAnswered(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	expected, err := convening.ListPeople.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	in := attendance.SeveralInput{MeetingID: m.ID}
	for _, e := range expected.Items {
		switch e.Reply {
		case convening.ReplyYes:
			in.Items = append(in.Items, attendance.Input{PersonID: e.PersonID})
		case convening.ReplyOnline:
			in.Items = append(in.Items, attendance.Input{PersonID: e.PersonID, Presence: attendance.Online})
		}
	}
	var receipt operation.Receipt
	if _, err := attendance.RecordSeveral.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m.ID, "/attendance"), "attendance.record-several", receipt)
}
