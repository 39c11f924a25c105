package security_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// evaluatorChanges are the changes of agreements with evaluators, in an order in which each
// can be done.
func (s *site) evaluatorChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	who := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Whole evaluator", Email: "whole.evaluator@example.org"})
	evaluator := operation.WithActor(ctx, operation.Actor{Account: operation.NewAccountID(), Person: who.ID, Name: "Whole evaluator", Roles: []operation.Role{operation.Evaluator}, Via: operation.ViaSession})
	in := evaluation.Input{PersonID: who.ID, Purpose: "To see", Waves: []surveys.WaveID{s.here.gathering.released.ID}, Until: "2099-01-01", DestroyBy: "2099-02-01"}
	var a evaluation.Agreement
	var newest int64
	agreement := func(now evaluation.Agreement, err error) error {
		if err == nil {
			a = now
		}
		return err
	}
	return []change{
		{"evaluator-terms.adopt", func() error {
			now, err := evaluation.AdoptTerms.Do(ctx, door, evaluation.AdoptInput{Newest: newest, En: "Whole words"})
			if err == nil {
				newest = now.Number
			}
			return err
		}},
		{"evaluator-agreements.create", func() error { return agreement(evaluation.Create.Do(ctx, door, in)) }},
		{"evaluator-agreements.edit", func() error {
			return agreement(evaluation.Edit.Do(ctx, door, evaluation.Patch{ID: a.ID, Version: a.Version, Purpose: ptr("To see again")}))
		}},
		{"evaluator-agreements.send", func() error {
			return agreement(s.app.Evaluation.Send.Do(ctx, door, evaluation.AtVersion{ID: a.ID, Version: a.Version}))
		}},
		{"evaluator-agreements.withdraw", func() error {
			return agreement(evaluation.Withdraw.Do(ctx, door, evaluation.AtVersion{ID: a.ID, Version: a.Version}))
		}},
		{"evaluator-agreements.trash", func() error {
			return agreement(evaluation.Trash.Do(ctx, door, evaluation.AtVersion{ID: a.ID, Version: a.Version}))
		}},
		{"evaluator-agreements.restore", func() error {
			return agreement(evaluation.Restore.Do(ctx, door, evaluation.AtVersion{ID: a.ID, Version: a.Version}))
		}},
		{"evaluator-agreements.sign", func() error {
			return agreement(evaluation.Sign.Do(evaluator, door, evaluation.SignInput{ID: a.ID, Version: a.Version, Name: "Whole", Agreed: true}))
		}},
		{"evaluator-files.take", func() error {
			_, err := evaluation.Take.Do(evaluator, door, evaluation.TakeInput{WaveID: s.here.gathering.released.ID})
			return err
		}},
		{"evaluator-agreements.end", func() error {
			return agreement(evaluation.End.Do(ctx, door, evaluation.EndInput{ID: a.ID, Version: a.Version}))
		}},
	}
}
