package security_test

import (
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
	}
}
