package app

import (
	"slices"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// Whoever ended letters about meetings, or all of them, still hears that a meeting is
// called off which they said they would come to, and of no other.
func TestACancellationReachesWhoSaidYes(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *room, string){
		"letters about meetings": func(t *testing.T, r *room, secret string) {
			if _, err := r.Letters.Stop(t.Context(), r.Door, secret, false); err != nil {
				t.Fatal(err)
			}
		},
		"all letters": func(t *testing.T, r *room, secret string) {
			if _, err := r.Letters.Stop(t.Context(), r.Door, secret, true); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := openRoom(t)
			one := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: "Promised", On: "2026-11-30", Starts: "09:00"})
			two := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: "Unanswered", On: "2026-12-01", Starts: "09:00"})
			later := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: "Never written of", On: "2026-12-02", Starts: "09:00"})
			do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: one.ID})
			do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: two.ID})
			first := r.settle(t)
			end(t, r, secretOf(t, first[0], access.PathStop))
			do(t, r.ctx, r.office, convening.Reply, convening.ReplyInput{MeetingID: one.ID, PersonID: r.bo.ID, Reply: "yes"})
			do(t, r.ctx, r.office, convening.Reply, convening.ReplyInput{MeetingID: later.ID, PersonID: r.bo.ID, Reply: "yes"})
			starts := "10:00"
			for _, m := range []convening.Meeting{one, two, later} {
				m = do(t, r.ctx, r.office, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
				m = do(t, r.ctx, r.office, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, Starts: &starts})
				if got := r.settle(t); len(got) != 0 {
					t.Errorf("%s moved: %d letters to whoever ended them", m.Title, len(got))
				}
				do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Cancelled})
				want := 1
				if m.ID == two.ID {
					want = 0
				}
				if got := r.settle(t); len(got) != want {
					t.Errorf("%s called off: %d letters, %d wanted", m.Title, len(got), want)
				}
			}
		})
	}
}

// What stands against an address only widens: kinds are added, all swallows kinds,
// and what the mail server says outweighs a wish. None of it goes to a bounced one.
func TestSuppressionsWiden(t *testing.T) {
	r := openRoom(t)
	add := func(kinds ...string) letters.Suppression {
		return do(t, r.ctx, r.office, letters.Add, letters.Input{Email: "bo@example.org", Reach: kinds})
	}
	add(letters.Digests)
	if got := add(letters.Reminders, letters.Digests); !slices.Equal(got.Reach, []string{letters.Digests, letters.Reminders}) {
		t.Errorf("%+v", got)
	}
	if _, err := letters.Add.Do(r.ctx, r.Door, letters.Input{Email: "bo@example.org", Reach: []string{letters.Reminders}}); operation.KindOf(err) != operation.Invalid {
		t.Errorf("the same again: %v", err)
	}
	m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2026-11-30", Starts: "09:00"})
	do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	if got := r.settle(t); len(got) != 1 {
		t.Errorf("%d invitations to whoever ended other letters", len(got))
	}
	do(t, r.ctx, r.office, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: r.bo.ID, Reply: "yes"})
	if got := add(); len(got.Reach) != 0 {
		t.Errorf("all of them: %+v", got)
	}
	m = do(t, r.ctx, r.office, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
	do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Cancelled})
	if got := r.settle(t); len(got) != 0 {
		t.Errorf("%d letters to an address that the backbone closed", len(got))
	}
}
