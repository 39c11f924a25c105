package web

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// qrPicture is a QR code as a picture within the page.
func qrPicture(text string) (string, error) {
	picture, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture.PNG()), nil
}

// inFives writes a code so that it can be typed from a screen across a hall.
func inFives(code string) string {
	code = strings.ToUpper(code)
	if len(code) > 5 {
		return code[:5] + "-" + code[5:]
	}
	return code
}

// doorShow is GET …/meetings/{id}/door: the code to be shown to everyone in the room.
func (s *Server) doorShow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	d, err := s.app.Attendance.GetDoor.Do(ctx, s.app.Door, attendance.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	address := meetingAddress(ctx, m.ID, "/door")
	props := attendancePage(ctx, m, "attendance.door")
	props.Menu = []ui.Action{{Label: i18n.T(ctx, "attendance.title"), Href: meetingAddress(ctx, m.ID, "/attendance")}}
	if d.Code == "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "attendance.open_door"), Href: address, Post: true}
		return s.show(w, r, http.StatusOK, "bodies", props, muted(i18n.T(ctx, "attendance.door_lede")))
	}
	props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "attendance.new_code"), Href: address, Post: true}, ui.Action{Label: i18n.T(ctx, "attendance.close_door"), Href: address + "/close", Post: true})
	picture, err := qrPicture(d.Address)
	if err != nil {
		return err
	}
	there := i18n.WithZone(ctx, meetingZone(m))
	return s.show(w, r, http.StatusOK, "bodies", props, doorCode(doorProps{Picture: picture, Alt: i18n.T(ctx, "attendance.door_picture"), Address: shortAddress(d.Address, d.Code), Code: inFives(d.Code),
		Hours: i18n.T(ctx, "attendance.door_hours", i18n.Args{"From": i18n.DateTime(there, *d.OpensAt), "To": i18n.Clock(there, *d.ClosesAt)})}))
}

// shortAddress is where a code leads, up to the code, as people type it.
func shortAddress(address, code string) string {
	_, rest, _ := strings.Cut(strings.TrimSuffix(address, code), "://")
	return rest
}

// doorOpen is POST …/meetings/{id}/door: a code, or another one.
func (s *Server) doorOpen(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	var receipt operation.Receipt
	if _, err := s.app.Attendance.OpenDoor.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, attendance.DoorInput{MeetingID: i}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, "/door"), "doors.open", receipt)
}

// doorClose is POST …/meetings/{id}/door/close.
func (s *Server) doorClose(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if _, err := s.app.Attendance.CloseDoor.Do(ctx, s.app.Door, attendance.MeetingPart{MeetingID: i}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, "/door"), "doors.close", operation.Receipt{})
}

// attendanceScan is GET …/meetings/{id}/scan: a host enters those who show a code. A
// scanner that types what it reads works in its field.
func (s *Server) attendanceScan(w http.ResponseWriter, r *http.Request) error {
	return s.scanPage(w, r, http.StatusOK, nil, faults{})
}

func (s *Server) scanPage(w http.ResponseWriter, r *http.Request, status int, notice *ui.NoticeProps, f faults) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	props := attendancePage(ctx, m, "attendance.scan")
	props.Menu = []ui.Action{{Label: i18n.T(ctx, "attendance.title"), Href: meetingAddress(ctx, m.ID, "/attendance")}}
	if notice != nil {
		props.Notices = append(props.Notices, *notice)
	}
	fields := f.mark([]ui.FieldProps{{Name: "code", Label: i18n.T(ctx, "attendance.field_code"), Help: i18n.T(ctx, "attendance.help_scan"), Required: true, MaxLength: 200, Autocomplete: "off", Autofocus: true}})
	form := ui.FormProps{Action: meetingAddress(ctx, m.ID, "/scan"), Submit: i18n.T(ctx, "attendance.check_in"), Unguarded: true, Errors: f.explain(fields)}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// attendanceScanned is POST …/meetings/{id}/scan. The page is shown again at once,
// for whoever comes next.
func (s *Server) attendanceScanned(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	a, err := s.app.Attendance.Scan.Do(ctx, s.app.Door, attendance.ScanInput{MeetingID: i, Code: r.PostFormValue("code")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.scanPage(w, r, http.StatusUnprocessableEntity, nil, f)
	}
	if err != nil {
		return err
	}
	key := "attendance.is_in"
	if !a.Fresh() {
		key = "attendance.is_in_already"
	}
	return s.scanPage(w, r, http.StatusOK, &ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, key, i18n.Args{"Name": a.Name})}, faults{})
}

// personCode is GET …/people/{id}/code: what somebody shows at a door.
func (s *Server) personCode(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Person](r)
	if err != nil {
		return err
	}
	p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: directory.PersonID(i)})
	if err != nil {
		return err
	}
	code, err := s.app.Attendance.GetCode.Do(ctx, s.app.Door, attendance.CodeInput{PersonID: directory.PersonID(i)})
	if err != nil {
		return err
	}
	address := place(ctx, "people/"+i.Short())
	props := ui.PageProps{Title: i18n.T(ctx, "attendance.personal_code"), Lede: i18n.T(ctx, "attendance.personal_code_lede", i18n.Args{"Name": p.Name()}),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}, {Label: p.Name(), Href: address}}}
	make := ui.Action{Label: i18n.T(ctx, "attendance.new_code"), Href: address + "/code", Post: true}
	content := templ.Component(templ.NopComponent)
	if code.Code == "" {
		make.Label = i18n.T(ctx, "attendance.make_code")
	} else {
		picture, err := qrPicture(code.Code)
		if err != nil {
			return err
		}
		content = ui.QR(ui.QRProps{Src: picture, Alt: i18n.T(ctx, "attendance.personal_picture"), Text: inFives(code.Code)})
		make.Confirm = i18n.T(ctx, "attendance.new_code_confirm")
	}
	props.Primary = &make
	return s.show(w, r, http.StatusOK, "organizations", props, content)
}

// personCodeReplace is POST …/people/{id}/code.
func (s *Server) personCodeReplace(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Person](r)
	if err != nil {
		return err
	}
	if _, err := s.app.Attendance.ReplaceCode.Do(ctx, s.app.Door, attendance.CodeInput{PersonID: directory.PersonID(i)}); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "people/"+i.Short()+"/code"), "personal-codes.replace", operation.Receipt{})
}

// attendedPanel is the meetings that a person or an organization was at, for those
// who may see it.
func (s *Server) attendedPanel(ctx context.Context, page operation.Page[attendance.Attendance], err error, ofOrganization bool) (templ.Component, error) {
	if kind := operation.KindOf(err); kind == operation.Forbidden || kind == operation.Unauthenticated {
		return templ.NopComponent, nil
	}
	if err != nil || len(page.Items) == 0 {
		return templ.NopComponent, err
	}
	var rows []ui.Row
	for _, a := range page.Items {
		detail := dotted(civilDay(ctx, a.On), i18n.T(ctx, "presences."+a.Presence))
		if ofOrganization {
			detail = dotted(detail, named(ctx, a.Name))
		} else {
			detail = dotted(detail, a.Organization)
		}
		rows = append(rows, ui.Row{Title: a.Meeting, Href: meetingAddress(ctx, a.MeetingID, ""), Detail: detail})
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "attendance.attended")}), ui.Rows(rows)), nil
}

// attendedShown is how many meetings the panels show.
const attendedShown = 10

func (s *Server) attendedByPerson(ctx context.Context, i directory.PersonID) (templ.Component, error) {
	if !s.may(ctx, "attendance.of-person") {
		return templ.NopComponent, nil
	}
	page, err := attendance.OfPerson.Do(ctx, s.app.Door, attendance.OfPersonInput{PersonID: i, Limit: attendedShown})
	return s.attendedPanel(ctx, page, err, false)
}

func (s *Server) attendedByOrganization(ctx context.Context, i directory.OrganizationID) (templ.Component, error) {
	if !s.may(ctx, "attendance.of-organization") {
		return templ.NopComponent, nil
	}
	page, err := attendance.OfOrganization.Do(ctx, s.app.Door, attendance.OfOrganizationInput{OrganizationID: i, Limit: attendedShown})
	return s.attendedPanel(ctx, page, err, true)
}
