package convening_test

import (
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/operation"
)

// Several meetings are moved by days at the hour they had, also over a change of
// clocks, or called off with one reason; one that stands in the way stops all; and each
// of it can be undone, with the states the meetings were in.
func TestSeveralMeetingsAtOnce(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		plan := func(day string) convening.Meeting {
			return do(t, at, at.director, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: day, Starts: "18:00"})
		}
		first, second := plan("2026-03-05"), plan("2026-03-12")
		second = do(t, at, at.director, convening.StepMeeting, convening.StepInput{ID: second.ID, Version: second.Version, State: convening.AgendaSent})
		both := func() []convening.MeetingVersion {
			var out []convening.MeetingVersion
			for _, m := range []*convening.Meeting{&first, &second} {
				*m = do(t, at, at.director, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
				out = append(out, convening.MeetingVersion{ID: m.ID, Version: m.Version})
			}
			return out
		}
		var receipt operation.Receipt
		do(t, at, operation.WithReceipt(at.director, &receipt), convening.EditSeveral, convening.SeveralInput{Items: both(), Days: 7, Place: ptr("Hall")})
		// Clocks went forward on 8 March: the hour on the wall is the same, the moment is not.
		if both(); first.On != "2026-03-12" || first.Starts != "18:00" || first.StartsAt.UTC().Hour() != 23 || second.On != "2026-03-19" || second.Place != "Hall" {
			t.Errorf("moved: %+v %+v", first, second)
		}
		do(t, at, at.director, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		if both(); first.On != "2026-03-05" || first.StartsAt.UTC().Hour() != 0 || second.Place != "" || second.State != convening.AgendaSent {
			t.Errorf("moved back: %+v %+v", first, second)
		}
		do(t, at, operation.WithReceipt(at.director, &receipt), convening.EditSeveral, convening.SeveralInput{Items: both(), Cancel: true, Reason: "Flood"})
		if both(); first.State != convening.Cancelled || second.Reason != "Flood" {
			t.Errorf("called off: %+v %+v", first, second)
		}
		do(t, at, at.director, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		if both(); first.State != convening.Planned || second.State != convening.AgendaSent || second.Reason != "" {
			t.Errorf("taking place after all: %+v %+v", first, second)
		}
		if first = do(t, at, at.director, convening.StepMeeting, convening.StepInput{ID: first.ID, Version: first.Version, State: convening.Cancelled}); first.AgendaSentAt != nil {
			t.Errorf("called off: %+v", first)
		}
		// A meeting whose agenda was never sent does not come back as if it had been.
		refused(t, at, at.director, convening.StepMeeting, convening.StepInput{ID: first.ID, Version: first.Version, State: convening.AgendaSent}, operation.Invalid)
		held := do(t, at, at.director, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-01-05", Starts: "18:00", Held: true})
		refused(t, at, at.director, convening.EditSeveral, convening.SeveralInput{Items: append(both()[1:], convening.MeetingVersion{ID: held.ID, Version: held.Version}), Cancel: true}, operation.Invalid)
		if both(); second.State != convening.AgendaSent {
			t.Errorf("half of it happened: %+v", second)
		}
		refused(t, at, at.as(operation.GroupChair, at.ana), convening.EditSeveral, convening.SeveralInput{Items: both(), Days: 1}, operation.Forbidden)
	})
}
