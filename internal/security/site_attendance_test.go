package security_test

import (
	"testing"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
)

// enter gives a town somebody who was at a meeting, a guest, a door and a code.
func (t1 *town) enter(t *testing.T, s *site, word string) {
	t.Helper()
	m := t1.gathering.meeting.ID
	// One that was held moves the sums of participation too.
	held := do(t, t1.context, s.app, convening.CreateMeeting, convening.MeetingInput{BodyID: t1.body.ID, Title: word, On: "2025-06-06", Starts: "10:00", Held: true})
	do(t, t1.context, s.app, attendance.Record, attendance.Input{MeetingID: held.ID, PersonID: t1.person.ID, Turns: ptr(int64(1))})
	t1.entered = do(t, t1.context, s.app, attendance.Record, attendance.Input{MeetingID: m, PersonID: t1.person.ID, Name: word, Minutes: ptr(int64(50)), Turns: ptr(int64(1))}).ID
	do(t, t1.context, s.app, attendance.Record, attendance.Input{MeetingID: m, Name: word + " stranger", Organization: word, Email: word + "@mail.example"})
	do(t, t1.context, s.app, s.app.Attendance.OpenDoor, attendance.DoorInput{MeetingID: m})
	do(t, t1.context, s.app, s.app.Attendance.ReplaceCode, attendance.CodeInput{PersonID: t1.person.ID})
	do(t, t1.context, s.app, attendance.SetName, attendance.NameInput{BodyID: t1.body.ID, Name: word, PersonID: t1.person.ID})
	do(t, t1.context, s.app, attendance.SetRule, attendance.PresenceRule{BodyID: t1.body.ID, Percent: 10})
}
