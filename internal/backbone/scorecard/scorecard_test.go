package scorecard_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"

	"net/url"
)

// table is a collaborative in which the scorecard is kept.
type table struct {
	app   *app.App
	place operation.Collaborative
	dora  directory.PersonID
}

// tables runs a test on both engines.
func tables(t *testing.T, test func(t *testing.T, at *table)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newTable(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newTable(t, migrated.Database(t))) })
}

var today = time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC)

func newTable(t *testing.T, database string) *table {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{DataDir: filepath.Join(t.TempDir(), "data"), DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost"}, Clock: clock.Fixed(today), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	at := &table{app: a}
	at.place = operation.Collaborative{ID: operation.NewCollaborativeID(), Slug: "maple", Name: "Maple", Zone: time.UTC, Language: "en"}
	if err := a.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, 'maple', 'Maple', '', '', '', 'UTC', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, at.place.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	at.dora = run(t, at, at.as(operation.Director), directory.CreatePerson, directory.PersonInput{GivenName: "Dora", FamilyName: "Ibsen"}).ID
	return at
}

// as is somebody with a role, or several.
func (at *table) as(roles ...operation.Role) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), at.place),
		operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: roles, Via: operation.ViaSession, Verified: today})
}

func run[In, Out any](t *testing.T, at *table, ctx context.Context, op *operation.Operation[In, Out], in In) Out {
	t.Helper()
	out, err := op.Do(ctx, at.app.Door, in)
	if err != nil {
		t.Fatalf("%s: %v", op.ID, faultsOf(err))
	}
	return out
}

func faultsOf(err error) any {
	var e *operation.Error
	if errors.As(err, &e) && len(e.Faults) > 0 {
		return e.Faults
	}
	return err
}

// refused says that an operation is refused with exactly these fields at fault.
func refused[In, Out any](t *testing.T, at *table, ctx context.Context, op *operation.Operation[In, Out], in In, fields ...string) {
	t.Helper()
	_, err := op.Do(ctx, at.app.Door, in)
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		t.Errorf("%s %+v: %v, want it refused", op.ID, in, err)
		return
	}
	var got []string
	for _, f := range e.Faults {
		got = append(got, f.Field)
	}
	slices.Sort(got)
	slices.Sort(fields)
	if !slices.Equal(got, fields) {
		t.Errorf("%s: faults of %q, want of %q", op.ID, got, fields)
	}
}

func lineOf(t *testing.T, card scorecard.Card, key string) scorecard.Line {
	t.Helper()
	for _, l := range card.Functions {
		if l.Key == key {
			return l
		}
	}
	t.Fatalf("the card has no %s", key)
	return scorecard.Line{}
}

// Assessments follow each other and are never overwritten; the card shows the one that
// held on the day asked about, those before it by year, and who made it in which role.
func TestAssessmentsFollowEachOther(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director, chair := at.as(operation.Director), at.as(operation.TableChair)
		own := run(t, at, director, directory.AddFunction, directory.FunctionInput{Name: "Keep the archive"})
		assess := func(ctx context.Context, day string, level int64) scorecard.Assessment {
			return run(t, at, ctx, scorecard.Assess, scorecard.AssessmentInput{Function: "guide_vision", Level: level, AssessedOn: day, Why: "So it is"})
		}
		assess(director, "2024-03-01", 1)
		if card := run(t, at, chair, scorecard.Get, scorecard.CardInput{}); !card.OwnOnly || len(card.Functions) != 7 || lineOf(t, card, own.Key).Name != "Keep the archive" {
			t.Errorf("only the backbone has assessed itself, and there are seven functions: %+v", card)
		}
		assess(chair, "2025-03-01", 2)
		third := assess(at.as(operation.Evaluator), "2025-11-01", 3)
		card := run(t, at, at.as(operation.Funder), scorecard.Get, scorecard.CardInput{})
		l := lineOf(t, card, "guide_vision")
		if l.Current == nil || l.Current.Level != 3 || l.Current.Role != operation.Evaluator || l.Before.Level != 2 || card.OwnOnly {
			t.Errorf("now: %+v", l)
		}
		if want := []scorecard.Year{{Year: "2024", Level: 1}, {Year: "2025", Level: 3}}; !slices.Equal(l.Years, want) {
			t.Errorf("years %+v, want %+v", l.Years, want)
		}
		if then := lineOf(t, run(t, at, chair, scorecard.Get, scorecard.CardInput{AsOf: "2025-06-01"}), "guide_vision"); then.Current.Level != 2 || then.Before.Level != 1 {
			t.Errorf("in June 2025: %+v", then)
		}
		if before := lineOf(t, run(t, at, chair, scorecard.Get, scorecard.CardInput{AsOf: "2024-02-28"}), "guide_vision"); before.Current != nil || len(before.Years) != 0 {
			t.Errorf("before anybody assessed: %+v", before)
		}

		// Withdrawn and brought back by undo.
		var receipt operation.Receipt
		evaluator := at.as(operation.Evaluator)
		run(t, at, operation.WithReceipt(evaluator, &receipt), scorecard.TrashAssessment, scorecard.AssessmentVersion{ID: third.ID, Version: 1})
		if l := lineOf(t, run(t, at, chair, scorecard.Get, scorecard.CardInput{}), "guide_vision"); l.Current.Level != 2 {
			t.Errorf("after it was withdrawn: %+v", l.Current)
		}
		run(t, at, evaluator, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		if l := lineOf(t, run(t, at, chair, scorecard.Get, scorecard.CardInput{}), "guide_vision"); l.Current.Level != 3 {
			t.Errorf("after undo: %+v", l.Current)
		}
		refused(t, at, chair, scorecard.Assess, scorecard.AssessmentInput{Function: "nothing", Level: 5, AssessedOn: "2026-05-15"}, "level", "why")
		refused(t, at, chair, scorecard.Assess, scorecard.AssessmentInput{Function: "nothing", Level: 4, AssessedOn: "2026-05-15", Why: "x", Role: "evaluator"}, "function", "assessed_on", "role")
	})
}

// What was wrong is corrected by a new assessment; the former stays in the history, and
// taking the correction back brings it to life. The backbone cannot take back what
// somebody else said of it.
func TestCorrections(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director, chair := at.as(operation.Director), at.as(operation.TableChair)
		first := run(t, at, chair, scorecard.Assess, scorecard.AssessmentInput{Function: "advance_policy", Level: 1, AssessedOn: "2026-01-10", Why: "Nobody heard of it"})
		refused(t, at, director, scorecard.TrashAssessment, scorecard.AssessmentVersion{ID: first.ID, Version: 1}, "")
		refused(t, at, director, scorecard.Assess, scorecard.AssessmentInput{Function: "advance_policy", Level: 4, Why: "We did", CorrectsID: first.ID}, "corrects_id")
		refused(t, at, chair, scorecard.Assess, scorecard.AssessmentInput{Function: "guide_vision", Level: 4, Why: "Another function", CorrectsID: first.ID}, "corrects_id")
		second := run(t, at, chair, scorecard.Assess, scorecard.AssessmentInput{Function: "advance_policy", Level: 2, AssessedOn: "2026-01-10", Why: "The council did", CorrectsID: first.ID})
		rec := run(t, at, director, scorecard.GetFunction, scorecard.FunctionInput{Function: "advance_policy"})
		if rec.Current.Level != 2 || rec.Before != nil || len(rec.Assessments) != 2 || !rec.Assessments[1].Corrected || rec.Assessments[0].MayCorrect {
			t.Errorf("after the correction: %+v", rec)
		}
		refused(t, at, chair, scorecard.TrashAssessment, scorecard.AssessmentVersion{ID: first.ID, Version: 1}, "")
		refused(t, at, chair, scorecard.Assess, scorecard.AssessmentInput{Function: "advance_policy", Level: 3, Why: "Twice", CorrectsID: first.ID}, "corrects_id")
		run(t, at, chair, scorecard.TrashAssessment, scorecard.AssessmentVersion{ID: second.ID, Version: 1})
		if rec := run(t, at, at.as(operation.Funder), scorecard.GetFunction, scorecard.FunctionInput{Function: "advance_policy"}); rec.Current.Level != 1 || len(rec.Assessments) != 1 {
			t.Errorf("without the correction: %+v", rec.Line)
		}
	})
}

// Evidence of a kind needs what belongs to it, and every fault is told at once.
func TestEvidenceOfEachKind(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		staff := at.as(operation.Staff)
		add := func(in scorecard.EvidenceInput) scorecard.Evidence {
			in.Function = "support_activities"
			return run(t, at, staff, scorecard.AddEvidence, in)
		}
		wrong := func(in scorecard.EvidenceInput, fields ...string) {
			t.Helper()
			in.Function = "support_activities"
			refused(t, at, staff, scorecard.AddEvidence, in, fields...)
		}
		wrong(scorecard.EvidenceInput{Kind: scorecard.SurveyItem}, "wave_id", "item")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Count}, "title", "amount", "source")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Count, Measure: scorecard.Meetings, Period: "2025-03"}, "period")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Count, Measure: scorecard.Meetings, Period: "2027"}, "period")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Count, Measure: scorecard.TimeGiven, Period: "2025-Q1"}, "period")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Document}, "link")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Document, Link: "http://example.org/plain"}, "link")
		wrong(scorecard.EvidenceInput{Kind: scorecard.Story}, "happened_on", "note", "alongside", "teller_id", "consent", "consented_on")
		add(scorecard.EvidenceInput{Kind: scorecard.Count, Title: "Joint applications", Amount: "4", Source: "The fund's list", HappenedOn: "2026-01-01"})
		add(scorecard.EvidenceInput{Kind: scorecard.Count, Measure: scorecard.Meetings, Period: "2025-Q4"})
		add(scorecard.EvidenceInput{Kind: scorecard.Document, Link: "https://example.org/plan"})
		story := add(scorecard.EvidenceInput{Kind: scorecard.Story, HappenedOn: "2026-02-01", Note: "The bus goes on Saturdays now.", Alongside: "the transit office", TellerID: at.dora, Consent: scorecard.Members, ConsentedOn: "2026-02-02", ConsentUntil: "2026-12-31"})
		rec := run(t, at, at.as(operation.CommunityMember), scorecard.GetFunction, scorecard.FunctionInput{Function: "support_activities"})
		if len(rec.All) != 4 || rec.Evidence[scorecard.Count] != 2 || rec.All[0].Kind != scorecard.Document || rec.All[3].Measure != scorecard.Meetings {
			t.Fatalf("%d pieces, the newest first: %+v", len(rec.All), rec.All)
		}
		if f := rec.All[3].Told.Count; f == nil || f.From != "2025-10-01" || f.To != "2025-12-31" || f.Partial {
			t.Errorf("the count: %+v", f)
		}
		if then := run(t, at, staff, scorecard.GetFunction, scorecard.FunctionInput{Function: "support_activities", AsOf: "2026-01-15"}); len(then.All) != 2 {
			t.Errorf("in January there were two: %+v", then.All)
		}
		for _, e := range rec.All {
			if e.Kind == scorecard.Story && (e.Teller != "Dora Ibsen" || e.By != "Ana Ruiz") {
				t.Errorf("told by %q, added by %q", e.Teller, e.By)
			}
		}

		// A story whose consent has run out is told to nobody on the pages.
		run(t, at, staff, scorecard.EditEvidence, scorecard.EvidencePatch{ID: story.ID, Version: 1, ConsentUntil: new("2026-03-01")})
		for _, ctx := range []context.Context{staff, at.as(operation.Funder)} {
			rec := run(t, at, ctx, scorecard.GetFunction, scorecard.FunctionInput{Function: "support_activities"})
			for _, e := range rec.All {
				if e.Kind == scorecard.Story && (e.Note != "" || e.Teller != "" || e.Told.Gone != scorecard.GoneConsent) {
					t.Errorf("it is still told: %+v", e)
				}
			}
		}
		if e := run(t, at, at.as(operation.Funder), scorecard.GetEvidence, scorecard.EvidenceRef{ID: story.ID}); e.Note != "" || e.Teller != "" {
			t.Errorf("a funder reads %+v", e)
		}

		// Withdrawn, it is gone for everybody; whoever may bring it back finds it.
		var receipt operation.Receipt
		run(t, at, operation.WithReceipt(staff, &receipt), scorecard.TrashEvidence, scorecard.EvidenceVersion{ID: story.ID, Version: 2})
		if rec := run(t, at, staff, scorecard.GetFunction, scorecard.FunctionInput{Function: "support_activities"}); len(rec.All) != 3 || len(rec.Withdrawn) != 1 {
			t.Errorf("withdrawn: %d and %d", len(rec.All), len(rec.Withdrawn))
		}
		if rec := run(t, at, at.as(operation.Funder), scorecard.GetFunction, scorecard.FunctionInput{Function: "support_activities"}); len(rec.Withdrawn) != 0 {
			t.Errorf("a funder finds what was withdrawn: %+v", rec.Withdrawn)
		}
		run(t, at, staff, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		if rec := run(t, at, staff, scorecard.GetFunction, scorecard.FunctionInput{Function: "support_activities"}); len(rec.All) != 4 {
			t.Errorf("after undo there are %d", len(rec.All))
		}
	})
}

// Somebody who is erased takes their stories along, also out of the log; what they
// assessed stays, of nobody. A merge carries both.
func TestMergingAndErasingPeople(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director := at.as(operation.Director)
		double := run(t, at, director, directory.CreatePerson, directory.PersonInput{GivenName: "Dora", FamilyName: "Ibsen-Twin"})
		who := operation.ActorFrom(director)
		who.Person, who.Name = double.ID, "Dora Ibsen-Twin"
		who.Roles = []operation.Role{operation.TableChair}
		judged := run(t, at, operation.WithActor(director, who), scorecard.Assess, scorecard.AssessmentInput{Function: "mobilize_funding", Level: 2, Why: "Money came"})
		story := run(t, at, director, scorecard.AddEvidence, scorecard.EvidenceInput{Function: "mobilize_funding", Kind: scorecard.Story, HappenedOn: "2026-02-01", Note: "My shop got a loan of marmalade.", Alongside: "the bank", TellerID: double.ID, Consent: scorecard.Anybody, ConsentedOn: "2026-02-02"})
		run(t, at, director, directory.MergePeople, directory.PersonMerge{ID: at.dora, Version: 1, MergeID: double.ID, MergeVersion: 1})
		if e := run(t, at, director, scorecard.GetEvidence, scorecard.EvidenceRef{ID: story.ID}); e.TellerID != at.dora || e.Teller != "Dora Ibsen" {
			t.Errorf("after the merge it is told by %q", e.Teller)
		}
		if a := run(t, at, director, scorecard.GetAssessment, scorecard.AssessmentRef{ID: judged.ID}); a.ByID != at.dora {
			t.Errorf("after the merge assessed by %q", a.By)
		}
		p := run(t, at, director, directory.GetPerson, directory.PersonRef{ID: at.dora})
		run(t, at, director, directory.ErasePerson, directory.Erase{ID: at.dora, Version: p.Version, Name: p.Name()})
		if _, err := scorecard.GetEvidence.Do(director, at.app.Door, scorecard.EvidenceRef{ID: story.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("the story is there still: %v", err)
		}
		if a := run(t, at, director, scorecard.GetAssessment, scorecard.AssessmentRef{ID: judged.ID}); a.Level != 2 || a.By != "" || a.Role != operation.TableChair {
			t.Errorf("what they assessed: %+v", a)
		}
		var told string
		if err := at.app.Store.Read(context.Background(), at.place.ID, func(tx *store.Tx) error {
			return store.Each(tx, func(row store.Row) error {
				var fields, undo string
				err := row.Scan(store.ScanText(&fields), store.ScanText(&undo))
				told += fields + undo
				return err
			}, `SELECT fields, undo_input FROM audit_entries WHERE collaborative_id = $1`)
		}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(told, "marmalade") {
			t.Error("the log tells the story still")
		}
	})
}

// A survey item tells what the release tells, and hides what it hides; where the figures
// cannot be read any more, it says so.
func TestSurveyItemsTellWhatWasReleased(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director := at.as(operation.Director)
		const file = `{"key":"worth","version":1,"minutes":1,"title":{"en":"Worth"},"factors":[{"key":"vision","title":{"en":"Vision"}}],"sections":[{"key":"a","title":{"en":"A"},"questions":[
			{"key":"aim","kind":"scale","factor":"vision","text":{"en":"I know the aim"},"scale":{"from":1,"to":4,"labels":{"1":{"en":"No"},"4":{"en":"Yes"}}}},
			{"key":"rare","kind":"scale","text":{"en":"Asked of few"},"scale":{"from":1,"to":4,"labels":{"1":{"en":"No"},"4":{"en":"Yes"}}}},
			{"key":"help","kind":"multiple","text":{"en":"What helps?"},"choices":[{"key":"data","text":{"en":"Data"}},{"key":"calls","text":{"en":"Calls"}}]}]}]}`
		held := run(t, at, director, surveys.Bring, surveys.BringInput{Format: "json", File: file})
		w := run(t, at, director, surveys.Create, surveys.Input{InstrumentID: held.ID, Title: "Worth 2026", Mode: surveys.Confidential})
		var people []directory.PersonID
		for _, name := range []string{"A", "B", "C", "D", "E", "F", "G", "H", "I"} {
			people = append(people, run(t, at, director, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: name + "@example.org"}).ID)
		}
		w = run(t, at, director, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: people})
		w = run(t, at, director, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
		for n, p := range people[:8] {
			given := []surveys.Given{{Question: "aim", Answer: surveys.Answer{Number: new(int64(2 + n%2))}}, {Question: "help", Answer: surveys.Answer{Choices: []string{[]string{"data", "calls"}[n%2]}}}}
			if n < 2 {
				given = append(given, surveys.Given{Question: "rare", Answer: surveys.Answer{Number: new(int64(1))}})
			}
			run(t, at, operation.WithActor(director, operation.System()), respond, reply{w.ID, p, given})
		}
		refused(t, at, director, scorecard.AddEvidence, scorecard.EvidenceInput{Function: "guide_vision", Kind: scorecard.SurveyItem, WaveID: w.ID, Item: "aim"}, "wave_id")
		w = run(t, at, director, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
		w = run(t, at, director, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Released})
		refused(t, at, director, scorecard.AddEvidence, scorecard.EvidenceInput{Function: "guide_vision", Kind: scorecard.SurveyItem, WaveID: w.ID, Item: "weather"}, "item")
		sources := run(t, at, director, scorecard.GetSources, scorecard.SourcesInput{WaveID: w.ID})
		var offered []string
		for _, i := range sources.Items {
			offered = append(offered, i.Item)
		}
		if want := []string{"factor:vision", "aim", "rare", "help/data", "help/calls"}; !slices.Equal(offered, want) {
			t.Errorf("offered %q, want %q", offered, want)
		}
		told := run(t, at, director, surveys.GetResults, surveys.Ref{ID: w.ID})
		figure := func(item string) *scorecard.SurveyFigure {
			e := run(t, at, director, scorecard.AddEvidence, scorecard.EvidenceInput{Function: "guide_vision", Kind: scorecard.SurveyItem, WaveID: w.ID, Item: item})
			return run(t, at, at.as(operation.TableMember), scorecard.GetEvidence, scorecard.EvidenceRef{ID: e.ID}).Told.Survey
		}
		if f := figure("aim"); f == nil || f.N != 8 || f.Value != told.Questions[0].Items[0].All.Mean.Value || f.Value != 2.5 || f.Answered != 8 || f.Invited != 9 || f.Text != "I know the aim" {
			t.Errorf("the aim: %+v", f)
		}
		if f := figure("factor:vision"); f.Value != told.Factors[0].All.Mean.Value || f.Text != "Vision" || f.To != 4 {
			t.Errorf("the score: %+v", f)
		}
		if f := figure("rare"); f.Why == "" || f.Why != told.Questions[1].Items[0].All.Why || f.Value != 0 || f.N != 0 {
			t.Errorf("what the release hides: %+v", f)
		}
		if f := figure("help/data"); !f.Share || f.Value != told.Questions[2].Items[0].All.Mean.Value {
			t.Errorf("the share: %+v, of %+v", f, told.Questions[2].Items[0].All)
		}
		run(t, at, director, surveys.Trash, surveys.AtVersion{ID: w.ID, Version: w.Version})
		rec := run(t, at, director, scorecard.GetFunction, scorecard.FunctionInput{Function: "guide_vision"})
		for _, e := range rec.All {
			if e.Told.Gone != scorecard.GoneWave || e.Told.Survey != nil {
				t.Errorf("after the wave went to the trash: %+v", e.Told)
			}
		}
	})
}

// reply is one person's answers to a wave.
type reply struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	Given  []surveys.Given
}

// respond hands in what somebody answers, as their link would.
var respond = operation.Define(operation.Operation[reply, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for the test", Secret: true},
	Run: func(c *operation.Call, in reply) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, func(surveys.View) []surveys.Given { return in.Given })
	},
})
