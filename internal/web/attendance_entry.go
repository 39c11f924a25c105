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
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// parsedID is an id from a form; what is none is the zero id.
func parsedID[N any](text string) id.Of[N] {
	i, _ := id.Parse[N](text)
	return i
}

// attendanceEntry reads the entry of the address.
func (s *Server) attendanceEntry(r *http.Request) (attendance.Attendance, error) {
	m, entry, err := meetingPart[attendance.Attendance](r, "entry")
	if err != nil {
		return attendance.Attendance{}, err
	}
	return attendance.Get.Do(r.Context(), s.app.Door, attendance.Ref{MeetingID: m, ID: entry})
}

// attendanceEdit is GET …/meetings/{id}/attendance/{entry}.
func (s *Server) attendanceEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := s.attendanceEntry(r)
	if err != nil {
		return err
	}
	values := url.Values{"name": {a.Name}, "organization": {a.Organization}, "presence": {a.Presence}, "email": {a.Email},
		"minutes": {counted(a.Minutes)}, "engagement": {counted(a.Engagement)}, "turns": {counted(a.Turns)}}
	if a.Alternate {
		values.Set("seat_id", a.SeatID.String())
	}
	return s.attendanceForm(w, r, http.StatusOK, a, values, nil, faults{})
}

// counted is a number that may be absent, for a field.
func counted(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// count is what was typed in such a field.
func count(text string) *int64 {
	n := int64(attendance.Unset)
	if text != "" {
		var err error
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			n = attendance.Unset - 1 // no number: below what any field takes
		}
	}
	return &n
}

func (s *Server) attendanceForm(w http.ResponseWriter, r *http.Request, status int, a attendance.Attendance, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	t := func(key string) string { return i18n.T(ctx, "attendance.field_"+key) }
	props := attendancePage(ctx, m, "attendance.title")
	props.Title = i18n.T(ctx, "attendance.edit", i18n.Args{"Name": named(ctx, a.Name)})
	address := meetingAddress(ctx, m.ID, "/attendance")
	props.Crumbs = append(props.Crumbs, ui.Link{Label: i18n.T(ctx, "attendance.title"), Href: address})
	form := ui.FormProps{Action: address + "/" + a.ID.Short(), Cancel: ui.Link{Href: address}, Hidden: []ui.Hidden{{Name: "version", Value: number(a.Version)}}}
	var fields []ui.FieldProps
	if a.Guest() {
		fields = append(fields, ui.FieldProps{Name: "name", Label: t("guest_name"), Required: true, MaxLength: 200},
			s.personLookup(ctx, values, "person", t("is_person"), i18n.T(ctx, "attendance.help_is_person")))
		if choice != nil {
			fields = append(fields, *choice)
			form.Hidden = append(form.Hidden, ui.Hidden{Name: "person_for", Value: values.Get("person")})
		}
	}
	fields = append(fields, ui.FieldProps{Name: "organization", Label: t("represented"), Help: i18n.T(ctx, "attendance.help_represented"), MaxLength: 200},
		ui.FieldProps{Kind: ui.Radios, Name: "presence", Label: t("presence"), Options: options(ctx, "presences.", attendance.Presences)})
	seats, err := s.seatChoices(ctx, m)
	if err != nil {
		return err
	}
	if len(seats) > 0 {
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "seat_id", Label: t("stood_in"), Blank: i18n.T(ctx, "attendance.for_nobody"), Options: seats})
	}
	fields = append(fields,
		ui.FieldProps{Kind: ui.Number, Name: "minutes", Label: t("minutes"), Min: "0", Max: "10080", Size: "short"},
		ui.FieldProps{Kind: ui.Select, Name: "engagement", Label: t("engagement"), Blank: i18n.T(ctx, "attendance.not_observed"), Options: engagementLevels(ctx)},
		ui.FieldProps{Kind: ui.Number, Name: "turns", Label: t("turns"), Help: i18n.T(ctx, "attendance.help_turns"), Min: "0", Size: "short"})
	if a.Guest() {
		fields = append(fields, ui.FieldProps{Kind: ui.Email, Name: "email", Label: t("email"), MaxLength: 254})
	}
	fields = f.mark(filled(fields, values))
	form.Errors = f.explain(fields)
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

func engagementLevels(ctx context.Context) []ui.Option {
	var out []ui.Option
	for n := range attendance.HighestEngagement + 1 {
		level := strconv.Itoa(n)
		out = append(out, ui.Option{Value: level, Label: i18n.T(ctx, "engagements."+level)})
	}
	return out
}

// seatChoices are the seats of a meeting's body that somebody could stand in for.
func (s *Server) seatChoices(ctx context.Context, m convening.Meeting) ([]ui.Option, error) {
	if m.BodyID.IsZero() {
		return nil, nil
	}
	expected, err := convening.ListPeople.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	var out []ui.Option
	for _, e := range expected.Items {
		if !e.SeatID.IsZero() {
			out = append(out, ui.Option{Value: e.SeatID.String(), Label: dotted(e.Person, e.Organization)})
		}
	}
	return out, err
}

// attendanceSave is POST …/meetings/{id}/attendance/{entry}.
func (s *Server) attendanceSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	a, err := s.attendanceEntry(r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return operation.Missing()
	}
	seat := parsedID[directory.Seat](v.Get("seat_id"))
	in := attendance.Patch{MeetingID: a.MeetingID, ID: a.ID, Version: version, Presence: of(v, "presence"), SeatID: &seat,
		Minutes: count(v.Get("minutes")), Engagement: count(v.Get("engagement")), Turns: count(v.Get("turns"))}
	if organization := v.Get("organization"); organization != a.Organization {
		none := directory.OrganizationID{}
		in.OrganizationID, in.Organization = &none, &organization
	}
	var choice *ui.FieldProps
	if a.Guest() {
		in.Name, in.Email = of(v, "name"), of(v, "email")
		var person directory.PersonID
		if person, choice, err = s.personChoice(ctx, v, "person"); !person.IsZero() {
			in.PersonID = &person
		}
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = attendance.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "person")); ok {
		return s.attendanceForm(w, r, http.StatusUnprocessableEntity, a, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, a.MeetingID, "/attendance"), "attendance.edit", receipt)
}

// of is a field of a form, to change something by.
func of(v url.Values, name string) *string {
	text := v.Get(name)
	return &text
}

// attendanceTrash is POST …/meetings/{id}/attendance/{entry}/trash: they were not
// there.
func (s *Server) attendanceTrash(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, entry, err := meetingPart[attendance.Attendance](r, "entry")
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return operation.Missing()
	}
	var receipt operation.Receipt
	if _, err := attendance.Trash.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, attendance.AtVersion{MeetingID: m, ID: entry, Version: version}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m, "/attendance"), "attendance.trash", receipt)
}

// presenceRule is the form for the rule of a meeting's body, for those who may set
// it.
func (s *Server) presenceRule(ctx context.Context, m convening.Meeting) (templ.Component, error) {
	if m.BodyID.IsZero() || !m.MayEdit || !s.may(ctx, "attendance.set-rule") {
		return templ.NopComponent, nil
	}
	rule, err := attendance.GetRule.Do(ctx, s.app.Door, attendance.BodyRef{BodyID: m.BodyID})
	if err != nil {
		return nil, err
	}
	form := ui.FormProps{ID: "rule", Action: place(ctx, "bodies/"+m.BodyID.Short()+"/presence-rule"), Hidden: []ui.Hidden{{Name: "return", Value: meetingAddress(ctx, m.ID, "/attendance")}}, SubmitKind: ui.Quiet}
	fields := []ui.FieldProps{{Kind: ui.Number, Name: "percent", Label: i18n.T(ctx, "attendance.field_percent"), Help: i18n.T(ctx, "attendance.help_percent", i18n.Args{"Body": m.Body}),
		Value: strconv.FormatInt(rule.Percent, 10), Min: "0", Max: "100", Size: "short", Required: true}}
	return with(folded(i18n.T(ctx, "attendance.rule")), with(ui.Form(form), formFields(fields))), nil
}

// presenceRuleSave is POST …/bodies/{id}/presence-rule.
func (s *Server) presenceRuleSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Body](r)
	if err != nil {
		return err
	}
	var percent int64 // none when the field is empty
	if typed := r.PostFormValue("percent"); typed != "" {
		if percent, err = strconv.ParseInt(typed, 10, 64); err != nil {
			percent = -1 // refused, with its reason
		}
	}
	var receipt operation.Receipt
	if _, err := attendance.SetRule.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, attendance.PresenceRule{BodyID: i, Percent: percent}); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "bodies/"+i.Short())), "attendance.set-rule", receipt)
}
