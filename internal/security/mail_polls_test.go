package security_test

import (
	"context"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/mail/mailtest"
)

// pollLetters has a reader asked when they can meet, and reminded.
func (s *site) pollLetters(t *testing.T, server *mailtest.Server, there context.Context, name, reader string) []mailtest.Received {
	t.Helper()
	page := do(t, there, s.app, directory.ListPeople, directory.ListPeopleInput{Limit: 200})
	var asked []directory.PersonID
	for _, p := range page.Items {
		if p.Email == reader {
			asked = []directory.PersonID{p.ID} // one is enough
		}
	}
	p := do(t, there, s.app, polls.Create, polls.Input{Title: name, Purpose: name, Place: name, Times: []string{"2099-03-05 10:00"}, People: asked})
	before := len(server.Messages())
	do(t, there, s.app, s.app.Polls.Ask, polls.AskInput{ID: p.ID})
	s.work(t)
	// Nobody is reminded within a day of being asked.
	later, door, worker := clock.Fixed(s.app.Config.Clock.Now().Add(49*time.Hour)), s.app.Door.Clock, s.app.Worker.Clock
	s.app.Door.Clock, s.app.Worker.Clock = later, later
	defer func() { s.app.Door.Clock, s.app.Worker.Clock = door, worker }()
	do(t, there, s.app, s.app.Polls.Ask, polls.AskInput{ID: p.ID, Again: true})
	s.work(t)
	got := server.Messages()[before:]
	if len(got) != 2 {
		t.Fatalf("%d letters of a poll", len(got))
	}
	return got
}
