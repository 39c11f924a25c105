package security_test

import (
	"context"
	"testing"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/post"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/mail/mailtest"
)

// dueLetters are the letters about what is due to somebody called name: of the week,
// the reminder of an action and of an invitation, and a word from the backbone.
func (s *site) dueLetters(t *testing.T, server *mailtest.Server, there context.Context, name, reader string) []mailtest.Received {
	t.Helper()
	now := s.app.Config.Clock.Now()
	day := func(days int) string { return now.AddDate(0, 0, days).UTC().Format(time.DateOnly) }
	p := do(t, there, s.app, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: reader})
	do(t, there, s.app, actions.Create, actions.Input{Text: name, OwnerPersonID: p.ID, DueOn: day(2)})
	m := do(t, there, s.app, convening.CreateMeeting, convening.MeetingInput{Title: name, Place: name, On: day(3), Starts: "10:00"})
	do(t, there, s.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: p.ID, Invited: true})
	do(t, there, s.app, s.app.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	do(t, there, s.app, letters.EditRules, letters.RulesPatch{Digest: ptr(true), Reminders: ptr(true)})
	s.work(t)
	before := len(server.Messages())
	// Nobody is asked again within a day of the invitation.
	later, door, worker := clock.Fixed(now.Add(25*time.Hour)), s.app.Door.Clock, s.app.Worker.Clock
	s.app.Door.Clock, s.app.Worker.Clock = later, later
	defer func() { s.app.Door.Clock, s.app.Worker.Clock = door, worker }()
	do(t, there, s.app, s.app.Reminders.WriteDigests, post.PortionInput{On: day(1)})
	do(t, there, s.app, s.app.Reminders.WriteReminders, post.PortionInput{On: day(1)})
	do(t, there, s.app, s.app.Reminders.Nudge, post.NudgeInput{Owners: []due.Owner{{PersonID: p.ID}}, Message: "Please."})
	s.work(t)
	got := server.Messages()[before:]
	if len(got) != 4 {
		t.Fatalf("%d letters about what is due", len(got))
	}
	return got
}
