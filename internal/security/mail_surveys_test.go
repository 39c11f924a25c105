package security_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
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
	s.stillTrue(t, server, there, name, asked)
	got := server.Messages()[before:]
	if len(got) != 4 {
		t.Fatalf("%d letters of surveys", len(got))
	}
	return got
}

// stillTrue has a reader answer a survey that stays open, who is asked a year later whether
// that is still true.
func (s *site) stillTrue(t *testing.T, server *mailtest.Server, there context.Context, name string, asked []directory.PersonID) {
	t.Helper()
	w := do(t, there, s.app, surveys.Create, surveys.Input{InstrumentID: surveys.ShippedEdition("partner-trust", 2), Title: name, Mode: surveys.Confidential, Evergreen: true, AskAgain: 12})
	do(t, there, s.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: asked})
	do(t, there, s.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	do(t, there, s.app, s.app.Surveys.Invite, surveys.InviteInput{ID: w.ID})
	s.work(t)
	all := server.Messages()
	for _, link := range all[len(all)-1].Links() {
		if _, secret, ours := strings.Cut(link, access.PathSurvey); ours {
			if _, _, err := s.app.Surveys.Answer(context.Background(), s.app.Door, surveys.LinkSave{Secret: secret, Do: surveys.Submit}); err != nil {
				t.Fatal(err)
			}
		}
	}
	later := clock.Fixed(s.app.Config.Clock.Now().AddDate(1, 1, 0))
	s.app.Door.Clock, s.app.Worker.Clock = later, later
	do(t, operation.WithActor(there, operation.System()), s.app, s.app.Surveys.Keep, surveys.Ref{ID: w.ID})
	s.work(t)
}
