package security_test

import (
	"context"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// surveyChanges are the changes of surveys, in an order in which each can be done.
func (s *site) surveyChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	guest := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Survey guest", Email: "survey-guest@whole.example"})
	other := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Another guest"})
	var several []directory.PersonID
	for n := range 6 {
		several = append(several, do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Stays", FamilyName: string(rune('A' + n))}).ID)
	}
	staying := do(t, ctx, s.app, surveys.Create, surveys.Input{InstrumentID: surveys.ShippedEdition("partner-trust", 2), Title: "Stays open", Mode: surveys.Named, Evergreen: true})
	staying = do(t, ctx, s.app, surveys.AddPeople, surveys.PeopleInput{WaveID: staying.ID, People: several})
	staying = do(t, ctx, s.app, surveys.Step, surveys.StepInput{ID: staying.ID, Version: staying.Version, State: surveys.Open})
	for _, person := range several {
		far := int64(3)
		do(t, operation.WithActor(ctx, operation.Actor{Via: operation.ViaLink}), s.app, respond, reply{staying.ID, person, []surveys.Given{{Question: "success", Answer: surveys.Answer{Number: &far}}}})
	}
	var h surveys.Held
	var w surveys.Wave
	wave := func(now surveys.Wave, err error) error {
		if err == nil {
			w = now
		}
		return err
	}
	held := func(now surveys.Held, err error) error {
		if err == nil {
			h = now
		}
		return err
	}
	released := s.answeredSurvey(t, ctx, "Whole")
	comment := s.here.gathering.comment
	return []change{
		{"survey-instruments.bring", func() error {
			return held(surveys.Bring.Do(ctx, door, surveys.BringInput{Format: "csv", Key: "whole", Title: "Whole", File: surveys.Template}))
		}},
		{"survey-waves.create", func() error {
			return wave(surveys.Create.Do(ctx, door, surveys.Input{InstrumentID: h.ID, Mode: surveys.Named}))
		}},
		{"survey-instruments.trash", func() error {
			return held(surveys.TrashInstrument.Do(ctx, door, surveys.InstrumentVersion{ID: h.ID, Version: h.Version}))
		}},
		{"survey-instruments.restore", func() error {
			return held(surveys.RestoreInstrument.Do(ctx, door, surveys.InstrumentVersion{ID: h.ID, Version: h.Version}))
		}},
		{"survey-waves.edit", func() error {
			return wave(surveys.Edit.Do(ctx, door, surveys.Patch{ID: w.ID, Version: w.Version, ClosesOn: ptr("2099-01-01"), RemindEvery: ptr(int64(3)), RemindMost: ptr(int64(2))}))
		}},
		{"survey-waves.add-people", func() error {
			return wave(surveys.AddPeople.Do(ctx, door, surveys.PeopleInput{WaveID: w.ID, People: []directory.PersonID{guest.ID, other.ID}}))
		}},
		{"survey-waves.remove-people", func() error {
			return wave(surveys.RemovePeople.Do(ctx, door, surveys.NamesInput{WaveID: w.ID, People: []directory.PersonID{other.ID}}))
		}},
		{"survey-waves.step", func() error {
			return wave(surveys.Step.Do(ctx, door, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open}))
		}},
		{"survey-waves.snapshot", func() error {
			_, err := surveys.Snapshot.Do(ctx, door, surveys.SnapshotInput{ID: staying.ID})
			return err
		}},
		{"survey-waves.invite", func() error {
			_, err := s.app.Surveys.Invite.Do(ctx, door, surveys.InviteInput{ID: w.ID})
			return err
		}},
		{"survey-waves.keep", func() error {
			program := operation.WithActor(operation.WithCollaborative(ctx, operation.CollaborativeFrom(ctx)), operation.System())
			_, err := s.app.Surveys.Keep.Do(program, door, surveys.Ref{ID: w.ID})
			return err
		}},
		{"survey-waves.trash", func() error {
			return wave(surveys.Trash.Do(ctx, door, surveys.AtVersion{ID: w.ID, Version: w.Version}))
		}},
		{"survey-waves.restore", func() error {
			return wave(surveys.Restore.Do(ctx, door, surveys.AtVersion{ID: w.ID, Version: w.Version}))
		}},
		{"survey-waves.step", func() error {
			if released.State == surveys.Released {
				return nil // the fault came after the end
			}
			now, err := surveys.Step.Do(ctx, door, surveys.StepInput{ID: released.ID, Version: released.Version, State: surveys.Released})
			if err == nil {
				released = now
			}
			return err
		}},
		{"survey-comments.edit", func() error {
			now, err := surveys.EditComment.Do(ctx, door, surveys.CommentPatch{ID: comment.ID, Version: comment.Version, Theme: ptr("Theme " + comment.Theme), Shown: ptr(!comment.Shown)})
			if err == nil {
				comment = now
			}
			return err
		}},
	}
}

// respond hands in answers as a personal link would, under the permission of links.
type reply struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	given  []surveys.Given
}

var respond = operation.Define(operation.Operation[reply, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for tests alone", Secret: true},
	Run: func(c *operation.Call, in reply) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, func(surveys.View) []surveys.Given { return in.given })
	},
})

// answeredSurvey is a closed wave that twelve people answered and wrote something in.
func (s *site) answeredSurvey(t *testing.T, ctx context.Context, word string) surveys.Wave {
	t.Helper()
	held := do(t, ctx, s.app, surveys.Bring, surveys.BringInput{Format: "json", File: `{"key":"answered","version":1,"minutes":1,"title":{"en":"Answered"},"factors":[{"key":"open","title":{"en":"Open"}}],"sections":[{"key":"one","title":{"en":"One"},"questions":[
		{"key":"open","kind":"scale","factor":"open","text":{"en":"Open?"},"scale":{"from":1,"to":4}},{"key":"words","kind":"text","text":{"en":"Words?"}}]}]}`})
	w := do(t, ctx, s.app, surveys.Create, surveys.Input{InstrumentID: held.ID, Title: word + " answered", ForEvaluator: true})
	var people []directory.PersonID
	for n := range 12 {
		people = append(people, do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: word + " answerer", FamilyName: string(rune('A' + n))}).ID)
	}
	do(t, ctx, s.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: people})
	w = do(t, ctx, s.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	link := operation.WithActor(ctx, operation.Actor{Via: operation.ViaLink})
	for n, person := range people {
		rating := int64(1 + n%4)
		do(t, link, s.app, respond, reply{w.ID, person, []surveys.Given{{Question: "open", Answer: surveys.Answer{Number: &rating}}, {Question: "words", Answer: surveys.Answer{Text: word + " wrote " + string(rune('A'+n))}}}})
	}
	return do(t, ctx, s.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
}
