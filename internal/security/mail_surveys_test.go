package security_test

import (
	"context"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/mail/mailtest"
)

// surveyLetters has a reader invited to a survey, and reminded of it.
func (s *site) surveyLetters(t *testing.T, server *mailtest.Server, there context.Context, name, reader string) []mailtest.Received {
	t.Helper()
	page := do(t, there, s.app, directory.ListPeople, directory.ListPeopleInput{Limit: 200})
	var asked []directory.PersonID
	for _, p := range page.Items {
		if p.Email == reader {
			asked = []directory.PersonID{p.ID} // one is enough
		}
	}
	held := do(t, there, s.app, surveys.Bring, surveys.BringInput{Format: "csv", Key: "mailed", Title: name, File: surveys.Template})
	w := do(t, there, s.app, surveys.Create, surveys.Input{InstrumentID: held.ID, Title: name})
	do(t, there, s.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: asked})
	do(t, there, s.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	before := len(server.Messages())
	do(t, there, s.app, s.app.Surveys.Invite, surveys.InviteInput{ID: w.ID})
	s.work(t)
	later, door, worker := clock.Fixed(s.app.Config.Clock.Now().Add(49*time.Hour)), s.app.Door.Clock, s.app.Worker.Clock
	s.app.Door.Clock, s.app.Worker.Clock = later, later
	defer func() { s.app.Door.Clock, s.app.Worker.Clock = door, worker }()
	do(t, there, s.app, s.app.Surveys.Invite, surveys.InviteInput{ID: w.ID, Again: true})
	s.work(t)
	got := server.Messages()[before:]
	if len(got) != 2 {
		t.Fatalf("%d letters of a survey", len(got))
	}
	return got
}
