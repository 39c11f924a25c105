package surveys_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/blind/blindtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/house"
)

// taken is a slip that was taken by a link, and the secret of the address it serves at.
func taken(t *testing.T, h *house.House, link string) (*blindtest.Slip, string) {
	t.Helper()
	_, view, err := h.App.Surveys.Look(context.Background(), h.App.Door, link)
	if err != nil || view.Key == "" {
		t.Fatalf("the link shows %+v %v", view, err)
	}
	slip := blindtest.Draw(t, view.Key)
	signed, err := h.App.Surveys.GiveSlip(context.Background(), h.App.Door, link, slip.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	slip.Signed(t, signed.Signed)
	_, at, found := strings.Cut(view.Door, access.PathSlip)
	if !found {
		t.Fatalf("slips serve at %q", view.Door)
	}
	return slip, at
}

func refusal(err error) string {
	var e *operation.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

var yes = []surveys.Given{{Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}}

// An anonymous wave gives each of those invited one slip, again where the answer was lost
// and never another; takes answers once for each; counts slips while it is open; and comes
// back whole when it is opened again.
func TestAnAnonymousWave(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff, door, ctx := h.As(operation.Staff), h.App.Door, context.Background()
		w, links, people := begun(t, h, surveys.Anonymous)
		audited := count(t, h, "audit_entries")
		ana := links["ana@example.org"]
		_, view, err := h.App.Surveys.Look(ctx, door, ana)
		if err != nil || view.State != surveys.Asking || view.Taken || view.Mode != surveys.Anonymous {
			t.Fatalf("the link shows %+v %v", view, err)
		}
		if _, _, err := h.App.Surveys.Answer(ctx, door, surveys.LinkSave{Secret: ana, Do: surveys.Submit, Answers: yes}); keys(err) != "do errors.not_offered" {
			t.Errorf("answered by the personal link: %v", err)
		}
		slip, at := taken(t, h, ana)
		again, err := h.App.Surveys.GiveSlip(ctx, door, ana, slip.Blinded)
		if err != nil {
			t.Errorf("the same blinded token again: %v", err)
		}
		slip.Signed(t, again.Signed)
		if _, err := h.App.Surveys.GiveSlip(ctx, door, ana, blindtest.Draw(t, view.Key).Blinded); refusal(err) != "errors.survey_slip_taken" {
			t.Errorf("a second slip: %v", err)
		}
		for _, bad := range []string{"", "?", "AAAA", strings.Repeat("_", 342)} {
			if _, err := h.App.Surveys.GiveSlip(ctx, door, links["bo@example.org"], bad); operation.KindOf(err) != operation.Invalid {
				t.Errorf("%q is signed: %v", bad, err)
			}
		}
		_, shown, err := h.App.Surveys.LookSlip(ctx, door, at)
		if err != nil || shown.State != surveys.Asking || shown.Name != "" || len(shown.Roster) != 2 {
			t.Fatalf("where slips serve: %+v %v", shown, err)
		}
		hand := func(s *blindtest.Slip, given ...surveys.Given) (surveys.View, error) {
			_, v, err := h.App.Surveys.HandIn(ctx, door, surveys.HandIn{Secret: at, Token: s.Token, Signature: s.Signature, Answers: given})
			return v, err
		}
		if _, err := hand(slip, surveys.Given{Question: "came", Answer: surveys.Answer{Choices: []string{"no"}}}); keys(err) != "why errors.survey_required" {
			t.Errorf("without what is required: %v", err)
		}
		forged := *slip
		forged.Token = blindtest.Draw(t, view.Key).Token
		if _, err := hand(&forged, yes...); refusal(err) != "errors.survey_slip_unknown" {
			t.Errorf("a forged slip: %v", err)
		}
		// What is asked on a condition that does not hold is not kept.
		if v, err := hand(slip, append(yes, surveys.Given{Question: "why", Answer: surveys.Answer{Text: "canary"}})...); err != nil || !v.Submitted || v.Spent {
			t.Errorf("handed in: %+v %v", v.Spent, err)
		}
		if v, err := hand(slip, yes...); err != nil || !v.Spent {
			t.Errorf("handed in twice: %+v %v", v.Spent, err)
		}
		if now := count(t, h, "audit_entries"); now != audited {
			t.Errorf("%d entries of the log tell of slips", now-audited)
		}
		if w = house.Do(t, h, staff, surveys.Get, surveys.Ref{ID: w.ID}); w.Answered != 1 || !w.Thin {
			t.Errorf("the wave counts %d slips, thin %v", w.Answered, w.Thin)
		}
		isDue := func(name string) bool {
			mine := house.Do(t, h, h.AsPerson(operation.TableMember, people[name]), h.App.Due.Mine, operation.None{})
			return slices.ContainsFunc(mine.Sections[0].Items, func(i due.Item) bool { return i.Kind == surveys.DueItem })
		}
		if isDue("Ana") || !isDue("Bo") {
			t.Errorf("due from Ana: %v, from Bo: %v", isDue("Ana"), isDue("Bo"))
		}
		if told := house.Do(t, h, staff, h.App.Surveys.Invite, surveys.InviteInput{ID: w.ID, Again: true}); told.Lately != 2 {
			t.Errorf("reminded: %+v", told)
		}
		step := func(state string) {
			t.Helper()
			w = house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: state})
		}
		bo, _ := taken(t, h, links["bo@example.org"])
		step(surveys.Closed)
		if v, err := hand(bo, yes...); err != nil || v.State != surveys.Over || v.Submitted {
			t.Errorf("after closing: %+v %v", v.State, err)
		}
		if _, err := h.App.Surveys.GiveSlip(ctx, door, links["cleo@example.org"], bo.Blinded); refusal(err) != "errors.survey_slip_closed" {
			t.Errorf("a slip after closing: %v", err)
		}
		if count(t, h, "survey_responses") != 1 || count(t, h, "survey_answers") != 1 || count(t, h, "survey_identities") != 0 || w.Answered != 1 {
			t.Errorf("closed: %d responses, %d answers", count(t, h, "survey_responses"), count(t, h, "survey_answers"))
		}
		step(surveys.Open)
		if count(t, h, "survey_responses") != 0 || count(t, h, "survey_answers") != 0 {
			t.Error("opened again, some are told from those that come now")
		}
		if v, err := hand(slip, yes...); err != nil || !v.Spent {
			t.Errorf("spent before, and again after it was opened again: %v %v", v.Spent, err)
		}
		if v, err := hand(bo, yes...); err != nil || !v.Submitted || v.Spent {
			t.Errorf("after it was opened again: %+v %v", v.State, err)
		}
		// Whoever is erased takes along that they had a slip, and nothing of the answers.
		if err := directory.EraseAgain(ctx, door, h.Place, people["Ana"]); err != nil {
			t.Fatal(err)
		}
		step(surveys.Closed)
		if count(t, h, "survey_responses") != 2 || count(t, h, "survey_tokens_issued") != 2 {
			t.Errorf("%d responses, %d slips", count(t, h, "survey_responses"), count(t, h, "survey_tokens_issued"))
		}
	})
}

// However often one slip is handed in at once, it counts once.
func TestOneSlipCountsOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		w, links, _ := begun(t, h, surveys.Anonymous)
		slip, at := taken(t, h, links["ana@example.org"])
		other, _ := taken(t, h, links["bo@example.org"])
		var all sync.WaitGroup
		var mu sync.Mutex
		first := 0
		for n := range 200 {
			s := slip
			if n%2 == 0 {
				s = other
			}
			all.Go(func() {
				for {
					_, v, err := h.App.Surveys.HandIn(context.Background(), h.App.Door, surveys.HandIn{Secret: at, Token: s.Token, Signature: s.Signature, Answers: yes})
					if operation.KindOf(err) == operation.Unavailable {
						continue
					}
					if err != nil || !v.Submitted {
						t.Errorf("%+v %v", v.State, err)
					}
					mu.Lock()
					defer mu.Unlock()
					if err == nil && !v.Spent {
						first++
					}
					return
				}
			})
		}
		all.Wait()
		house.Do(t, h, h.As(operation.Staff), surveys.Step, surveys.StepInput{ID: w.ID, Version: house.Do(t, h, h.As(operation.Staff), surveys.Get, surveys.Ref{ID: w.ID}).Version, State: surveys.Closed})
		if n := count(t, h, "survey_responses"); n != 2 || first != 2 {
			t.Errorf("%d responses of two slips, %d of them said to be the first", n, first)
		}
	})
}

// Giving a slip changes every row of the sheet and no length, so that SQLite writes where
// the row was.
func TestASlipKeepsItsPlace(t *testing.T) {
	h := house.New(t, "")
	_, links, _ := begun(t, h, surveys.Anonymous)
	marks := func() (out [][]byte) {
		if err := h.App.Store.Read(context.Background(), h.Place.ID, func(tx *store.Tx) (err error) {
			out, err = store.Collect(tx, func(row store.Row) (m []byte, err error) { return m, row.Scan(&m) }, `SELECT mark FROM survey_tokens_issued WHERE collaborative_id = $1`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := marks()
	taken(t, h, links["ana@example.org"])
	changed := 0
	for n, mark := range marks() {
		if len(mark) != len(before[n]) {
			t.Errorf("a mark of %d bytes was %d long", len(mark), len(before[n]))
		}
		if !bytes.Equal(mark, before[n]) {
			changed++
		}
	}
	if changed != 1 {
		t.Errorf("%d marks changed", changed)
	}
}
