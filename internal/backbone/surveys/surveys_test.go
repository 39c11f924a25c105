package surveys_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/house"
)

// keys are the message keys of a fault, by field.
func keys(err error) string {
	var e *operation.Error
	var out []string
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			out = append(out, f.Field+" "+f.Key)
		}
	}
	return strings.Join(out, ", ")
}

const roster = `{"key":"ties","version":1,"minutes":4,"title":{"en":"Ties"},"sections":[
	{"key":"one","title":{"en":"Partners"},"questions":[{"key":"know","kind":"roster","text":{"en":"Whom do you know?"},"scale":{"from":1,"to":4,"unsure":true},"roster":{"of":"organizations","rate":[{"key":"trust","text":{"en":"Trust"}}]}}]},
	{"key":"two","title":{"en":"You"},"questions":[
		{"key":"came","kind":"single","required":true,"text":{"en":"Did you come?"},"choices":[{"key":"yes","text":{"en":"Yes"}},{"key":"no","text":{"en":"No"}}]},
		{"key":"why","kind":"text","required":true,"text":{"en":"Why not?"},"show_if":[{"question":"came","is":["no"]}]}]}]}`

func number(n int64) *int64 { return &n }

func work(t *testing.T, h *house.House) {
	t.Helper()
	for {
		n, err := h.App.Worker.Work(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// secrets are those of the links in letters, by address.
func secrets(t *testing.T, h *house.House) map[string]string {
	t.Helper()
	work(t, h)
	kept, err := h.App.Post.Newest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, k := range kept {
		if _, link, ok := strings.Cut(k.Text, "/survey/"); ok && out[k.To] == "" {
			out[k.To], _, _ = strings.Cut(link, "\n")
		}
	}
	return out
}

// begun is a wave of three people of two organizations that is open, with their links.
func begun(t *testing.T, h *house.House, mode string) (surveys.Wave, map[string]string, map[string]directory.PersonID) {
	t.Helper()
	staff := h.As(operation.Staff)
	people := map[string]directory.PersonID{}
	var all []directory.PersonID
	organizations := map[string]directory.OrganizationID{}
	for _, name := range []string{"School", "Clinic"} {
		organizations[name] = house.Do(t, h, staff, directory.CreateOrganization, directory.OrganizationInput{Name: name, Sector: "education"}).ID
	}
	for name, at := range map[string]string{"Ana": "School", "Bo": "School", "Cleo": "Clinic"} {
		p := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: strings.ToLower(name) + "@example.org", OrganizationID: organizations[at]})
		people[name], all = p.ID, append(all, p.ID)
	}
	held := house.Do(t, h, staff, surveys.Bring, surveys.BringInput{Format: "json", File: roster})
	w := house.Do(t, h, staff, surveys.Create, surveys.Input{InstrumentID: held.ID, Mode: mode})
	if _, err := surveys.Step.Do(staff, h.App.Door, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open}); keys(err) != "state errors.survey_nobody" {
		t.Errorf("opened for nobody: %v", err)
	}
	w = house.Do(t, h, staff, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: all})
	w = house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	told := house.Do(t, h, staff, h.App.Surveys.Invite, surveys.InviteInput{ID: w.ID})
	if told.Letters != 3 {
		t.Fatalf("told %+v", told)
	}
	return w, secrets(t, h), people
}

// count counts rows of a table.
func count(t *testing.T, h *house.House, table string) (n int64) {
	t.Helper()
	if err := h.App.Store.Read(context.Background(), h.Place.ID, func(tx *store.Tx) (err error) {
		n, err = store.Value[int64](tx, `SELECT COUNT(*) FROM `+table+` WHERE collaborative_id = $1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// A wave is answered by link, resumed and handed in; faults are told at their question;
// only those who have not answered are reminded; counts alone are shown; a confidential
// answer is read by nobody, and no trace of it stands in the log.
func TestAWave(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff, door, ctx := h.As(operation.Staff), h.App.Door, context.Background()
		w, links, people := begun(t, h, surveys.Confidential)
		audited := count(t, h, "audit_entries")
		ana := links["ana@example.org"]
		_, view, err := h.App.Surveys.Look(ctx, door, ana)
		if err != nil || view.State != surveys.Asking || view.Name != "Ana" || len(view.Roster) != 1 || view.Roster[0].Name != "Clinic" || count(t, h, "survey_responses") != 0 {
			t.Fatalf("the link shows %+v %v", view, err)
		}
		clinic := view.Roster[0].Key
		answer := func(secret, do string, given ...surveys.Given) (surveys.View, error) {
			_, view, err := h.App.Surveys.Answer(ctx, door, surveys.LinkSave{Secret: secret, Do: do, Answers: given})
			return view, err
		}
		tie := surveys.Given{Question: "know", Answer: surveys.Answer{Known: map[string]map[string]*int64{clinic: {"trust": number(3)}}}}
		if _, err := answer(ana, surveys.Save, surveys.Given{Question: "came", Answer: surveys.Answer{Choices: []string{"perhaps"}}}); keys(err) != "came errors.not_offered" {
			t.Errorf("an answer that is not offered: %v", err)
		}
		if view, err = answer(ana, surveys.Save, tie, surveys.Given{Question: "came", Answer: surveys.Answer{Choices: []string{"no"}}}); err != nil || view.Submitted {
			t.Errorf("kept: %+v %v", view, err)
		}
		if _, err = answer(ana, surveys.Submit); keys(err) != "why errors.survey_required" {
			t.Errorf("handed in without what is required: %v", err)
		}
		// Two tabs: what the one keeps does not undo the other.
		if _, err = answer(ana, surveys.Save, surveys.Given{Question: "why", Answer: surveys.Answer{Text: "=canary <b>\u202e"}}); err != nil {
			t.Error(err)
		}
		if view, err = answer(ana, surveys.Submit); err != nil || !view.Submitted || view.Answers["why"].Text == "" || *view.Answers["know"].Known[clinic]["trust"] != 3 {
			t.Errorf("handed in: %+v %v", view, err)
		}
		if now := count(t, h, "audit_entries"); now != audited {
			t.Errorf("%d entries of the log tell of an answer", now-audited)
		}
		w = house.Do(t, h, staff, surveys.Get, surveys.Ref{ID: w.ID})
		if w.Answered != 1 || w.Invited != 3 || len(w.Progress) != 0 || len(w.People) != 3 {
			t.Errorf("the wave shows %d of %d, %+v", w.Answered, w.Invited, w.Progress)
		}
		for _, role := range operation.Roles {
			if _, err := surveys.NamedAnswers.Do(h.As(role), door, surveys.Ref{ID: w.ID}); operation.KindOf(err) != operation.Forbidden && operation.KindOf(err) != operation.Unauthenticated {
				t.Errorf("%s reads confidential answers: %v", role, err)
			}
		}
		// The backbone's list of what is due names nobody: it would tell who has answered.
		if list := house.Do(t, h, staff, h.App.Due.List, due.ListInput{}); slices.ContainsFunc(list.Items, func(o due.Owed) bool { return o.Item.Kind == surveys.DueItem }) {
			t.Error("the list of what is due tells who has not answered")
		}
		isDue := func(name string) bool {
			mine := house.Do(t, h, h.AsPerson(operation.TableMember, people[name]), h.App.Due.Mine, operation.None{})
			return slices.ContainsFunc(mine.Sections[0].Items, func(i due.Item) bool { return i.Kind == surveys.DueItem })
		}
		if isDue("Ana") || !isDue("Bo") {
			t.Errorf("due from Ana: %v, from Bo: %v", isDue("Ana"), isDue("Bo"))
		}
		// Bo declines and is not reminded; Cleo is, once a day.
		if view, err = answer(links["bo@example.org"], surveys.Decline); err != nil || view.State != surveys.Declined {
			t.Errorf("declined: %+v %v", view, err)
		}
		if told := house.Do(t, h, staff, h.App.Surveys.Invite, surveys.InviteInput{ID: w.ID, Again: true}); told.Letters != 0 || told.Lately != 1 {
			t.Errorf("reminded on the same day: %+v", told)
		}
		// Closed takes nothing, and says so; the answers are kept.
		w = house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
		if view, err = answer(links["cleo@example.org"], surveys.Submit, surveys.Given{Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}); err != nil || view.State != surveys.Over || count(t, h, "survey_responses") != 1 {
			t.Errorf("after closing: %+v %v", view, err)
		}
		if view, err = answer(ana, surveys.Decline); err != nil || !view.Submitted {
			t.Errorf("taken back after closing: %+v %v", view, err)
		}
		// For the release rules there is what was handed in, with what was frozen of whoever did.
		read := operation.Define(operation.Operation[surveys.Ref, []surveys.Response]{
			Definition: operation.Definition{ID: "test.responses", Summary: "Reads", ReadOnly: true, BrowserOnly: "a test"},
			Run: func(c *operation.Call, in surveys.Ref) ([]surveys.Response, error) {
				return surveys.Responses(c, in.ID)
			}})
		all, err := read.Do(operation.WithActor(staff, operation.System()), door, surveys.Ref{ID: w.ID})
		if err != nil || len(all) != 1 || all[0].Organization != "School" || all[0].Sector != "education" || len(all[0].Answers) != 3 {
			t.Errorf("for the release rules: %+v %v", all, err)
		}
		// One answer is told nobody, whoever asks.
		if _, err := surveys.Step.Do(staff, door, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Released}); keys(err) != "state errors.survey_few" {
			t.Errorf("one answer is released: %v", err)
		}
		if _, err := surveys.GetResults.Do(staff, door, surveys.Ref{ID: w.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("figures of a wave that is not released: %v", err)
		}
	})
}

// A thousand submissions of one link at once make exactly one response.
func TestSubmittingAThousandTimesIsOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		_, links, _ := begun(t, h, surveys.Named)
		given := []surveys.Given{{Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}}
		var all sync.WaitGroup
		turns := make(chan struct{}, 16)
		for range 1000 {
			turns <- struct{}{}
			all.Go(func() {
				defer func() { <-turns }()
				_, view, err := h.App.Surveys.Answer(context.Background(), h.App.Door, surveys.LinkSave{Secret: links["ana@example.org"], Do: surveys.Submit, Answers: given})
				for operation.KindOf(err) == operation.Unavailable { // somebody else's turn took too long: send it again
					_, view, err = h.App.Surveys.Answer(context.Background(), h.App.Door, surveys.LinkSave{Secret: links["ana@example.org"], Do: surveys.Submit, Answers: given})
				}
				if err != nil || !view.Submitted {
					t.Errorf("%+v %v", view, err)
				}
			})
		}
		all.Wait()
		for table, want := range map[string]int64{"survey_responses": 1, "survey_identities": 1, "survey_answers": 1} {
			if n := count(t, h, table); n != want {
				t.Errorf("%d rows of %s", n, table)
			}
		}
	})
}

// A named wave is read with names by the staff; erasing a person takes their answers.
func TestNamedAnswersAndErasing(t *testing.T) {
	h := house.New(t, "")
	w, links, people := begun(t, h, surveys.Named)
	staff := h.As(operation.Staff)
	if _, _, err := h.App.Surveys.Answer(context.Background(), h.App.Door, surveys.LinkSave{Secret: links["ana@example.org"], Do: surveys.Submit, Answers: []surveys.Given{{Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}}}); err != nil {
		t.Fatal(err)
	}
	list := house.Do(t, h, staff, surveys.NamedAnswers, surveys.Ref{ID: w.ID})
	if len(list.Items) != 1 || list.Items[0].Person != "Ana" || !slices.Equal(list.Items[0].Answers["came"].Choices, []string{"yes"}) {
		t.Errorf("named answers: %+v", list.Items)
	}
	if err := directory.EraseAgain(context.Background(), h.App.Door, h.Place, people["Ana"]); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"survey_responses", "survey_identities", "survey_answers"} {
		if n := count(t, h, table); n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
	}
	if _, view, err := h.App.Surveys.Look(context.Background(), h.App.Door, links["ana@example.org"]); err != nil || view.State != surveys.Gone {
		t.Errorf("the link of whoever was erased: %+v %v", view, err)
	}
}
