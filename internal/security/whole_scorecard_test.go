package security_test

import (
	"testing"

	"commontable/internal/backbone/scorecard"
)

// assess says in a town how far one of its own functions has come, with evidence.
func (t1 *town) assess(t *testing.T, s *site, word string) {
	t.Helper()
	t1.assessed = do(t, t1.context, s.app, scorecard.Assess, scorecard.AssessmentInput{Function: t1.function.Key, Level: 2, AssessedOn: "2026-01-05", Why: word})
	do(t, t1.context, s.app, scorecard.AddEvidence, scorecard.EvidenceInput{Function: t1.function.Key, Kind: scorecard.Count, Title: word, Amount: "12", Source: word})
	do(t, t1.context, s.app, scorecard.AddEvidence, scorecard.EvidenceInput{Function: t1.function.Key, Kind: scorecard.Count, Measure: scorecard.Presence, Period: "2025"})
	do(t, t1.context, s.app, scorecard.AddEvidence, scorecard.EvidenceInput{Function: t1.function.Key, Kind: scorecard.Document, MaterialID: t1.gathering.material.ID, Note: word})
	t1.evidence = do(t, t1.context, s.app, scorecard.AddEvidence, scorecard.EvidenceInput{Function: t1.function.Key, Kind: scorecard.Story, HappenedOn: "2026-01-04", Title: word, Note: word, Alongside: word, TellerID: t1.person.ID,
		Consent: scorecard.Members, ConsentedOn: "2026-01-04"})
}

// scorecardChanges are the changes of the scorecard, in an order in which each can be done.
func (s *site) scorecardChanges(t *testing.T) []change {
	t.Helper()
	ctx, door, key := s.here.context, s.app.Door, s.here.function.Key
	var a scorecard.Assessment
	var e scorecard.Evidence
	judged := func(now scorecard.Assessment, err error) error {
		if err == nil {
			a = now
		}
		return err
	}
	shown := func(now scorecard.Evidence, err error) error {
		if err == nil {
			e = now
		}
		return err
	}
	return []change{
		{"scorecard-assessments.create", func() error {
			return judged(scorecard.Assess.Do(ctx, door, scorecard.AssessmentInput{Function: key, Level: 3, Why: "It works", CorrectsID: s.here.assessed.ID}))
		}},
		{"scorecard-assessments.trash", func() error {
			return judged(scorecard.TrashAssessment.Do(ctx, door, scorecard.AssessmentVersion{ID: a.ID, Version: a.Version}))
		}},
		{"scorecard-assessments.restore", func() error {
			return judged(scorecard.RestoreAssessment.Do(ctx, door, scorecard.AssessmentVersion{ID: a.ID, Version: a.Version}))
		}},
		{"scorecard-evidence.create", func() error {
			return shown(scorecard.AddEvidence.Do(ctx, door, scorecard.EvidenceInput{Function: key, Kind: scorecard.Document, Link: "https://example.org/report"}))
		}},
		{"scorecard-evidence.edit", func() error {
			return shown(scorecard.EditEvidence.Do(ctx, door, scorecard.EvidencePatch{ID: e.ID, Version: e.Version, Title: ptr("Report")}))
		}},
		{"scorecard-evidence.trash", func() error {
			return shown(scorecard.TrashEvidence.Do(ctx, door, scorecard.EvidenceVersion{ID: e.ID, Version: e.Version}))
		}},
		{"scorecard-evidence.restore", func() error {
			return shown(scorecard.RestoreEvidence.Do(ctx, door, scorecard.EvidenceVersion{ID: e.ID, Version: e.Version}))
		}},
	}
}
