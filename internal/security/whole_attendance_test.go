package security_test

import (
	"testing"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
)

// attendanceChanges are the changes of who was at a meeting that was held, so that
// each moves the sums of participation too.
func (s *site) attendanceChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	m := do(t, ctx, s.app, convening.CreateMeeting, convening.MeetingInput{BodyID: s.here.body.ID, On: "2025-05-05", Starts: "10:00", Held: true})
	now := do(t, ctx, s.app, convening.CreateMeeting, convening.MeetingInput{BodyID: s.here.body.ID, On: s.app.Config.Clock.Now().UTC().Format("2006-01-02"), Starts: s.app.Config.Clock.Now().UTC().Format("15:04"), Zone: "UTC", Minutes: 60})
	item := do(t, ctx, s.app, convening.AddItem, convening.ItemInput{MeetingID: m.ID, Title: "Grant"})
	part, here := attendance.MeetingPart{MeetingID: m.ID}, attendance.MeetingPart{MeetingID: now.ID}
	var a attendance.Attendance
	var personal string
	keep := func(now attendance.Attendance, err error) error {
		if err == nil {
			a = now
		}
		return err
	}
	at := func() attendance.AtVersion {
		return attendance.AtVersion{MeetingID: m.ID, ID: a.ID, Version: a.Version}
	}
	name := attendance.NameRef{BodyID: s.here.body.ID, Name: "iPhone (plain)"}
	return []change{
		{"attendance.record", func() error {
			return keep(attendance.Record.Do(ctx, door, attendance.Input{MeetingID: m.ID, PersonID: s.here.person.ID, Turns: ptr(int64(2))}))
		}},
		{"attendance.edit", func() error {
			return keep(attendance.Edit.Do(ctx, door, attendance.Patch{MeetingID: m.ID, ID: a.ID, Version: a.Version, Minutes: ptr(int64(30)), Engagement: ptr(int64(3))}))
		}},
		{"attendance.trash", func() error { return keep(attendance.Trash.Do(ctx, door, at())) }},
		{"attendance.restore", func() error { return keep(attendance.Restore.Do(ctx, door, at())) }},
		{"attendance.record-several", func() error {
			_, err := attendance.RecordSeveral.Do(ctx, door, attendance.SeveralInput{MeetingID: m.ID, Items: []attendance.Input{{PersonID: s.here.member}, {Name: "Hana"}}})
			return err
		}},
		{"recusals.set", func() error {
			_, err := attendance.Recuse.Do(ctx, door, attendance.RecuseInput{MeetingID: m.ID, ItemID: item.ID, Recuse: []attendance.ID{a.ID}})
			return err
		}},
		{"attendance.set-rule", func() error {
			_, err := attendance.SetRule.Do(ctx, door, attendance.PresenceRule{BodyID: s.here.body.ID, Percent: 75})
			return err
		}},
		{"attendance.set-name", func() error {
			_, err := attendance.SetName.Do(ctx, door, attendance.NameInput{BodyID: name.BodyID, Name: name.Name, PersonID: s.here.person.ID})
			return err
		}},
		{"attendance.forget-name", func() error {
			_, err := attendance.ForgetName.Do(ctx, door, name)
			return err
		}},
		{"personal-codes.replace", func() error {
			made, err := s.app.Attendance.ReplaceCode.Do(ctx, door, attendance.CodeInput{PersonID: s.here.person.ID})
			personal = made.Code
			return err
		}},
		{"attendance.scan", func() error {
			_, err := s.app.Attendance.Scan.Do(ctx, door, attendance.ScanInput{MeetingID: now.ID, Code: personal})
			return err
		}},
		{"doors.open", func() error {
			_, err := s.app.Attendance.OpenDoor.Do(ctx, door, attendance.DoorInput{MeetingID: now.ID})
			return err
		}},
		{"doors.close", func() error {
			_, err := s.app.Attendance.CloseDoor.Do(ctx, door, here)
			return err
		}},
		// What the sums follow beside attendance.
		{"seats.vacate", func() error {
			seat, err := directory.GetSeat.Do(ctx, door, directory.SeatRef{ID: s.here.seat.ID})
			if err != nil || seat.Term == nil {
				return err
			}
			_, err = directory.VacateSeat.Do(ctx, door, directory.Vacate{ID: seat.ID, Version: seat.Version, On: "2025-01-01"})
			return err
		}},
		{"meetings.step", func() error {
			seen, err := convening.GetMeeting.Do(ctx, door, convening.MeetingRef{ID: part.MeetingID})
			if err != nil || seen.State == convening.Planned {
				return err
			}
			_, err = convening.StepMeeting.Do(ctx, door, convening.StepInput{ID: seen.ID, Version: seen.Version, State: convening.Planned})
			return err
		}},
	}
}
