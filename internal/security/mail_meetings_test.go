package security_test

import (
	"context"
	"testing"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/mail/mailtest"
)

// meetingLetters are the letters about meetings, to somebody called name about
// meetings called name: invited, changed, cancelled, no longer asked, and a recap.
func (s *site) meetingLetters(t *testing.T, server *mailtest.Server, there context.Context, name, reader string) ([]mailtest.Received, string) {
	t.Helper()
	before := len(server.Messages())
	guest := do(t, there, s.app, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: reader})
	ask := func(on string) convening.Meeting {
		m := do(t, there, s.app, convening.CreateMeeting, convening.MeetingInput{Title: name, Place: name, Purpose: "As planned.", On: on, Starts: "10:00"})
		do(t, there, s.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: guest.ID, Invited: true})
		return m
	}
	m := ask("2099-06-05")
	do(t, there, s.app, s.app.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	s.work(t)
	m = do(t, there, s.app, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, Starts: ptr("11:00")})
	s.work(t)
	do(t, there, s.app, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Cancelled, Reason: "Ice."})
	s.work(t)
	m = ask("2099-06-06")
	do(t, there, s.app, s.app.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	s.work(t)
	do(t, there, s.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: guest.ID})
	s.work(t)
	m = ask(s.app.Config.Clock.Now().Add(-48 * time.Hour).Format(time.DateOnly))
	m = do(t, there, s.app, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, Recap: ptr("All went well.")})
	for _, state := range []string{convening.Held, convening.RecapSent} {
		m = do(t, there, s.app, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: state})
	}
	s.work(t)
	got := server.Messages()[before:]
	if len(got) != 6 {
		t.Fatalf("%d letters about meetings", len(got))
	}
	return append(got[:3:3], got[4:]...), reader // the second invitation is like the first
}
