package evaluation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

const asked = `{"key":"small","version":1,"minutes":1,"title":{"en":"Small"},"sections":[{"key":"one","title":{"en":"One"},"questions":[
	{"key":"open","kind":"scale","text":{"en":"Open?"},"scale":{"from":1,"to":4}},{"key":"words","kind":"text","text":{"en":"Words"}}]}]}`

type answersOf struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	Number int64
}

// respond hands in what somebody answers, as their link would.
var respond = operation.Define(operation.Operation[answersOf, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for this test", Secret: true},
	Run: func(c *operation.Call, in answersOf) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, func(surveys.View) []surveys.Given {
			return []surveys.Given{{Question: "open", Answer: surveys.Answer{Number: &in.Number}}, {Question: "words", Answer: surveys.Answer{Text: fmt.Sprint("words of ", in.Number)}}}
		})
	},
})

// released is a wave that some people answered, released.
func released(t *testing.T, h *house.House, people int, file bool) surveys.Wave {
	t.Helper()
	director := h.As(operation.Director)
	held := house.Do(t, h, director, surveys.Bring, surveys.BringInput{Format: "json", File: asked})
	w := house.Do(t, h, director, surveys.Create, surveys.Input{InstrumentID: held.ID, ForEvaluator: file})
	var all []directory.PersonID
	for k := range people {
		all = append(all, h.Person(t, fmt.Sprint("Person ", k), directory.OrganizationID{}))
	}
	w = house.Do(t, h, director, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: all})
	w = house.Do(t, h, director, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	if _, err := surveys.Edit.Do(director, h.App.Door, surveys.Patch{ID: w.ID, Version: w.Version, ForEvaluator: new(!file)}); operation.KindOf(err) != operation.Invalid {
		t.Errorf("changed whether a file may be made once it was open: %v", err)
	}
	for k, p := range all {
		house.Do(t, h, h.AsPerson(operation.Director, p), respond, answersOf{w.ID, p, int64(1 + k%4)})
	}
	w = house.Do(t, h, director, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
	return house.Do(t, h, director, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Released})
}

func TestEvaluator(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		director, staff := h.As(operation.Director), h.As(operation.Staff)
		w := released(t, h, 12, true)
		if w.File == nil || w.File.Why != "" || w.File.Answers != 12 || w.File.Columns != 1 {
			t.Fatalf("file %+v", w.File)
		}
		small, without := released(t, h, 6, true), released(t, h, 12, false)
		if small.File == nil || small.File.Why != "too_few" || without.File != nil {
			t.Errorf("files %+v, %+v", small.File, without.File)
		}
		nora := h.Person(t, "Nora", h.Organization(t, "Valley University"))
		evaluator, other := h.AsPerson(operation.Evaluator, nora), h.AsPerson(operation.Evaluator, h.Person(t, "Otto", directory.OrganizationID{}))
		take := func(who string, want operation.Kind) []byte {
			t.Helper()
			from := evaluator
			switch who {
			case "other":
				from = other
			case "director":
				from = h.AsPerson(operation.Director, nora)
			}
			got, err := evaluation.Take.Do(from, h.App.Door, evaluation.TakeInput{WaveID: w.ID})
			if operation.KindOf(err) != want {
				t.Errorf("taken by %s: %v", who, err)
			}
			return got.Content
		}
		in := evaluation.Input{PersonID: nora, Purpose: "To see how trust grows", Waves: []surveys.WaveID{w.ID, small.ID}, Until: "2026-12-31", DestroyBy: "2027-03-31"}
		for field, bad := range map[string]func(*evaluation.Input){
			"person_id errors.required": func(in *evaluation.Input) { in.PersonID = directory.PersonID{} }, "waves errors.required": func(in *evaluation.Input) { in.Waves = nil },
			"waves errors.evaluator_wave": func(in *evaluation.Input) { in.Waves = []surveys.WaveID{without.ID} }, "valid_until errors.evaluator_past": func(in *evaluation.Input) { in.Until = "2026-05-13" },
			"destroy_by errors.evaluator_destroy": func(in *evaluation.Input) { in.DestroyBy = "2026-12-30" },
		} {
			wrong := in
			bad(&wrong)
			_, err := evaluation.Create.Do(director, h.App.Door, wrong)
			name, key, _ := strings.Cut(field, " ")
			house.WantFault(t, err, name, key)
		}
		_, err := evaluation.Create.Do(staff, h.App.Door, in)
		house.WantKind(t, err, operation.Forbidden)
		a := house.Do(t, h, director, evaluation.Create, in)
		if a.Organization != "Valley University" || a.State != evaluation.Waiting || len(a.Waves) != 2 || a.Text == "" || a.Terms != 0 {
			t.Errorf("%+v", a)
		}
		take("evaluator", operation.Forbidden) // is not signed

		// Others do not see it, and only the evaluator signs what they have read.
		_, err = evaluation.Get.Do(other, h.App.Door, evaluation.Ref{ID: a.ID})
		house.WantKind(t, err, operation.Forbidden)
		sign := evaluation.SignInput{ID: a.ID, Version: a.Version, Name: "Nora Lind", Agreed: true}
		_, err = evaluation.Sign.Do(other, h.App.Door, sign)
		house.WantKind(t, err, operation.Forbidden)
		_, err = evaluation.Sign.Do(evaluator, h.App.Door, evaluation.SignInput{ID: a.ID, Version: a.Version, Name: "Nora"})
		house.WantFault(t, err, "agreed", "errors.evaluator_agreed")
		a = house.Do(t, h, director, evaluation.Edit, evaluation.Patch{ID: a.ID, Version: a.Version, Purpose: new("To see how trust grows, yearly")})
		_, err = evaluation.Sign.Do(evaluator, h.App.Door, sign)
		house.WantKind(t, err, operation.Conflict)
		house.Do(t, h, director, evaluation.AdoptTerms, evaluation.AdoptInput{En: "Our own words"})
		sign.Version = a.Version
		a = house.Do(t, h, evaluator, evaluation.Sign, sign)
		if a.State != evaluation.InForce || a.SignedName != "Nora Lind" || a.Text == "Our own words" || !a.MayTake {
			t.Errorf("signed: %+v", a)
		}
		_, err = evaluation.Edit.Do(director, h.App.Door, evaluation.Patch{ID: a.ID, Version: a.Version, Purpose: new("other")})
		house.WantFault(t, err, "id", "errors.evaluator_signed")

		// The same bytes each time, also after somebody who answered was erased.
		first := take("evaluator", 0)
		take("other", operation.Forbidden)
		take("director", operation.Forbidden)
		p := house.Do(t, h, director, directory.GetPerson, directory.PersonRef{ID: w.People[0].PersonID})
		house.Do(t, h, director, directory.ErasePerson, directory.Erase{ID: p.ID, Version: p.Version, Name: p.Name()})
		if again := take("evaluator", 0); len(first) == 0 || !slices.Equal(first, again) {
			t.Error("the file is another after an erasure")
		}
		taken := house.Do(t, h, staff, evaluation.ListTaken, evaluation.TakeInput{WaveID: w.ID})
		if len(taken.Items) != 2 || taken.Items[0].Person != "Nora" || taken.Items[0].AgreementID != a.ID {
			t.Errorf("taken: %+v", taken)
		}
		_, err = evaluation.Take.Do(evaluator, h.App.Door, evaluation.TakeInput{WaveID: small.ID})
		house.WantKind(t, err, operation.NotFound)

		// After its last day it opens nothing, nor once it is ended; a new one has the new words.
		h.Clock.Set(h.Clock.Now().AddDate(0, 8, 0))
		take("evaluator", operation.Forbidden)
		if got := house.Do(t, h, evaluator, evaluation.Get, evaluation.Ref{ID: a.ID}); got.State != evaluation.Expired {
			t.Errorf("after its last day it is %s", got.State)
		}
		in.Until, in.DestroyBy = "2027-12-31", "2027-12-31"
		b := house.Do(t, h, director, evaluation.Create, in)
		b = house.Do(t, h, evaluator, evaluation.Sign, evaluation.SignInput{ID: b.ID, Version: b.Version, Name: "Nora Lind", Agreed: true})
		if b.Text != "Our own words" || b.Terms != 1 {
			t.Errorf("the new words: %+v", b)
		}
		take("evaluator", 0)
		house.Do(t, h, director, evaluation.End, evaluation.EndInput{ID: b.ID, Version: b.Version, Note: "Left"})
		take("evaluator", operation.Forbidden)
		if own := house.Do(t, h, evaluator, evaluation.List, evaluation.ListInput{}); len(own.Items) != 2 || own.Items[0].EndNote != "" || own.Items[0].State != evaluation.Ended {
			t.Errorf("own: %+v", own.Items)
		}
		if none := house.Do(t, h, other, evaluation.List, evaluation.ListInput{}); len(none.Items) != 0 {
			t.Errorf("somebody else's: %+v", none.Items)
		}
	})
}

// Only the director decides that a file may be made, and never of an anonymous wave.
func TestWhoAllowsFiles(t *testing.T) {
	h := house.New(t, "")
	held := house.Do(t, h, h.As(operation.Staff), surveys.Bring, surveys.BringInput{Format: "json", File: asked})
	_, err := surveys.Create.Do(h.As(operation.Staff), h.App.Door, surveys.Input{InstrumentID: held.ID, ForEvaluator: true})
	house.WantFault(t, err, "for_evaluator", "errors.survey_file_director")
	_, err = surveys.Create.Do(h.As(operation.Director), h.App.Door, surveys.Input{InstrumentID: held.ID, ForEvaluator: true, Mode: surveys.Anonymous})
	house.WantFault(t, err, "for_evaluator", "errors.survey_file_anonymous")
}
