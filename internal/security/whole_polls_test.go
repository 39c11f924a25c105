package security_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
)

// pollChanges are the changes of scheduling polls, in an order in which each can be
// done.
func (s *site) pollChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	guest := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Asked", Email: "asked@mail.example"})
	other := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Asked beside"})
	var p polls.Poll
	poll := func(now polls.Poll, err error) error {
		if err == nil {
			p = now
		}
		return err
	}
	return []change{
		{"polls.create", func() error {
			return poll(polls.Create.Do(ctx, door, polls.Input{BodyID: s.here.body.ID, Title: "Asking", Times: []string{"2099-07-05 10:00", "2099-07-06 10:00"}, People: []directory.PersonID{guest.ID}}))
		}},
		{"polls.edit", func() error {
			return poll(polls.Edit.Do(ctx, door, polls.Patch{ID: p.ID, Version: p.Version, Place: ptr("Hall")}))
		}},
		{"polls.set-person", func() error {
			return poll(polls.SetPerson.Do(ctx, door, polls.PersonInput{PollID: p.ID, PersonID: other.ID, Asked: true, Required: true}))
		}},
		{"polls.ask", func() error {
			_, err := s.app.Polls.Ask.Do(ctx, door, polls.AskInput{ID: p.ID})
			return err
		}},
		{"polls.answer", func() error {
			_, err := polls.Answer.Do(ctx, door, polls.AnswerInput{PollID: p.ID, PersonID: guest.ID, Answers: []polls.TimeAnswer{{Time: p.Times[0], Answer: "yes"}}})
			return err
		}},
		{"polls.step", func() error {
			return poll(polls.Step.Do(ctx, door, polls.StepInput{ID: p.ID, Version: p.Version, State: polls.Closed}))
		}},
		{"polls.choose", func() error {
			return poll(s.app.Polls.Choose.Do(ctx, door, polls.ChooseInput{ID: p.ID, Version: p.Version, Time: p.Times[0]}))
		}},
		{"polls.unchoose", func() error { return poll(polls.Unchoose.Do(ctx, door, polls.AtVersion{ID: p.ID, Version: p.Version})) }},
		{"polls.trash", func() error { return poll(polls.Trash.Do(ctx, door, polls.AtVersion{ID: p.ID, Version: p.Version})) }},
		{"polls.restore", func() error { return poll(polls.Restore.Do(ctx, door, polls.AtVersion{ID: p.ID, Version: p.Version})) }},
	}
}
