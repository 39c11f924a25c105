package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// meetingPeople are those who are expected at a meeting, with what they answered,
// and for those who prepare it a form to ask somebody else.
func (s *Server) meetingPeople(ctx context.Context, m convening.Meeting, people []convening.Expected) templ.Component {
	panel := ui.PanelProps{Heading: i18n.T(ctx, "meetings.expected")}
	edit := m.MayEdit && m.DeletedAt == nil
	var content []templ.Component
	if len(people) == 0 {
		content = append(content, muted(i18n.T(ctx, "meetings.nobody_expected")))
	} else {
		panel.Detail = dotted(i18n.T(ctx, "meetings.expected_count", i18n.Args{"Count": len(people)}), repliesLine(ctx, m, people))
		content = append(content, ui.Table(meetingPeopleTable(ctx, m, people, edit)))
	}
	if edit {
		hidden := []ui.Hidden{{Name: "invited", Value: "true"}}
		fields := []ui.FieldProps{s.personLookup(ctx, url.Values{}, "person", i18n.T(ctx, "meetings.field_person"), i18n.T(ctx, "meetings.invite_lede"))}
		content = append(content, with(folded(i18n.T(ctx, "meetings.invite")), with(ui.Form(ui.FormProps{Action: meetingAddress(ctx, m.ID, "/people"), Hidden: hidden, Submit: i18n.T(ctx, "meetings.invite"), SubmitKind: ui.Quiet}), formFields(fields))))
	}
	return with(ui.Panel(panel), content...)
}

// repliesLine counts the answers; nothing once the meeting is over.
func repliesLine(ctx context.Context, m convening.Meeting, people []convening.Expected) string {
	if m.Over() {
		return ""
	}
	var yes, no, open int
	for _, e := range people {
		switch e.Reply {
		case "":
			open++
		case convening.ReplyNo:
			no++
		default:
			yes++
		}
	}
	return i18n.T(ctx, "meetings.replies_line", i18n.Args{"Yes": yes, "No": no, "Open": open})
}

func meetingPeopleTable(ctx context.Context, m convening.Meeting, people []convening.Expected, edit bool) ui.TableProps {
	t := func(key string) string { return i18n.T(ctx, "meetings.field_"+key) }
	table := ui.TableProps{ID: "expected", Caption: i18n.T(ctx, "meetings.expected"), Columns: []ui.Column{{Label: t("person")}, {Label: t("organization")}, {Label: t("seat")}, {Label: t("part")}, {Label: t("reply")}}}
	if edit {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
	}
	for _, e := range people {
		row := ui.TableRow{Cells: []ui.Cell{{Text: named(ctx, e.Person), Href: personHref(ctx, e.Person, e.PersonID)}, {Text: e.Organization}, {Text: meetingSeat(ctx, e)},
			{Text: optional(ctx, "meeting_parts.", e.Part)}, replyCell(ctx, e)}}
		if edit {
			row.Cells = append(row.Cells, ui.Cell{Text: i18n.T(ctx, "list.edit"), Href: meetingAddress(ctx, m.ID, "/people/"+e.PersonID.Short())})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// meetingSeat is why somebody is expected.
func meetingSeat(ctx context.Context, e convening.Expected) string {
	if e.SeatID.IsZero() {
		return i18n.T(ctx, "meetings.invited")
	}
	seat := i18n.T(ctx, "seat_roles."+e.Role)
	if !e.Voting {
		seat = dotted(seat, i18n.T(ctx, "seats.no_vote"))
	}
	return seat
}

func replyCell(ctx context.Context, e convening.Expected) ui.Cell {
	if e.Reply == "" {
		return ui.Cell{Content: muted(i18n.T(ctx, "meetings.no_answer"))}
	}
	cell := ui.Cell{Tags: []ui.TagProps{{Label: i18n.T(ctx, "meeting_replies."+e.Reply), Kind: ui.Good}}}
	if e.Reply == convening.ReplyNo {
		cell.Tags[0].Kind = ""
	}
	if e.Alternate != "" {
		cell.Detail = i18n.T(ctx, "meetings.comes_instead", i18n.Args{"Name": e.Alternate})
	}
	return cell
}

// meetingPersonForm asks for what somebody has to do with a meeting.
func (s *Server) meetingPersonForm(w http.ResponseWriter, r *http.Request, status int, m convening.Meeting, e *convening.Expected, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "meetings.field_"+key) }
	address := meetingAddress(ctx, m.ID, "")
	props := ui.PageProps{Title: i18n.T(ctx, "meetings.invite"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: address}}}
	form := ui.FormProps{Action: address + "/people", Cancel: ui.Link{Href: address}, Hidden: []ui.Hidden{{Name: "invited", Value: "true"}}}
	var fields []ui.FieldProps
	if e == nil {
		fields = append(fields, s.personLookup(ctx, values, "person", t("person"), i18n.T(ctx, "meetings.invite_lede")))
		if choice != nil {
			fields = append(fields, *choice)
			form.Hidden = append(form.Hidden, ui.Hidden{Name: "person_for", Value: values.Get("person")})
		}
	} else {
		props.Title = i18n.T(ctx, "meetings.change_person", i18n.Args{"Name": named(ctx, e.Person)})
		form.Action, form.Hidden = address+"/people/"+e.PersonID.Short(), nil
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "part", Label: t("part"), Blank: i18n.T(ctx, "list.none"), Options: options(ctx, "meeting_parts.", convening.Parts)})
		if !m.Over() {
			fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "reply", Label: t("reply"), Blank: i18n.T(ctx, "meetings.no_answer"), Options: options(ctx, "meeting_replies.", convening.Replies)},
				s.personLookup(ctx, values, "alternate", t("alternate"), ""))
			if choice != nil {
				fields = append(fields, *choice)
				form.Hidden = append(form.Hidden, ui.Hidden{Name: "alternate_for", Value: values.Get("alternate")})
			}
		}
		if e.SeatID.IsZero() {
			fields = append(fields, ui.FieldProps{Kind: ui.Checkbox, Name: "invited", Label: t("invited")})
		}
	}
	fields = f.mark(filled(fields, values))
	form.Errors = f.explain(fields)
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// meetingPersonSet is POST …/meetings/{id}/people: somebody is asked.
func (s *Server) meetingPersonSet(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	person, choice, err := s.personChoice(ctx, v, "person")
	if err == nil && person.IsZero() {
		err = operation.InvalidField("person", "errors.required")
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = convening.SetPerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.PersonInput{MeetingID: i, PersonID: person, Invited: true})
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "person")); ok {
		m, err := s.meeting(r)
		if err != nil {
			return err
		}
		return s.meetingPersonForm(w, r, http.StatusUnprocessableEntity, m, nil, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, ""), "meetings.set-person", receipt)
}

// expectedPerson reads the meeting and the person of the address.
func (s *Server) expectedPerson(r *http.Request) (convening.Meeting, convening.Expected, error) {
	_, person, err := meetingPart[directory.Person](r, "person")
	if err != nil {
		return convening.Meeting{}, convening.Expected{}, err
	}
	m, err := s.meeting(r)
	if err != nil {
		return m, convening.Expected{}, err
	}
	people, err := convening.ListPeople.Do(r.Context(), s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return m, convening.Expected{}, err
	}
	for _, e := range people.Items {
		if e.PersonID == directory.PersonID(person) {
			return m, e, nil
		}
	}
	return m, convening.Expected{}, operation.Missing()
}

// meetingPersonEdit is GET …/meetings/{id}/people/{person}.
func (s *Server) meetingPersonEdit(w http.ResponseWriter, r *http.Request) error {
	m, e, err := s.expectedPerson(r)
	if err != nil {
		return err
	}
	values := url.Values{"part": {e.Part}, "reply": {e.Reply}, "alternate": {e.Alternate}, "invited": {ticked(e.Invited)}}
	if !e.AlternateID.IsZero() {
		values.Set("alternate_id", e.AlternateID.String())
	}
	return s.meetingPersonForm(w, r, http.StatusOK, m, &e, values, nil, faults{})
}

// meetingPersonSave is POST …/meetings/{id}/people/{person}: part and answer.
func (s *Server) meetingPersonSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	m, e, err := s.expectedPerson(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	op := "meetings.set-person"
	alternate, choice, err := s.personChoice(ctx, v, "alternate")
	if invited := v.Get("invited") == "true" && e.SeatID.IsZero(); err == nil && (v.Get("part") != e.Part || invited != e.Invited) {
		_, err = convening.SetPerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.PersonInput{MeetingID: m.ID, PersonID: e.PersonID, Invited: invited, Part: v.Get("part")})
	}
	if err == nil && v.Has("reply") && (v.Get("reply") != e.Reply || alternate != e.AlternateID) {
		op = "meetings.reply"
		_, err = convening.Reply.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.ReplyInput{MeetingID: m.ID, PersonID: e.PersonID, Reply: v.Get("reply"), AlternateID: alternate})
	}
	if f, ok := faultsOf(ctx, renamed(err, "alternate_id", "alternate")); ok {
		return s.meetingPersonForm(w, r, http.StatusUnprocessableEntity, m, &e, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m.ID, ""), op, receipt)
}
