package surveys

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
)

// Over many years of an evergreen wave in which some people change some answers, some come
// and some take theirs back: an item tells what it told last, or at least eight people stand
// between it and every earlier snapshot that told something else. What is told again says
// nothing new, however few changed since. The test counts people by what it did to them, and
// not by what the program compares.
func TestSnapshotsTellOfNobody(t *testing.T) {
	i, all, roster := wave(t)
	rules := survey.Rules{Mean: 5, Spread: 8}
	told, held := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 24))
		people := map[directory.PersonID]Response{}
		for k := range 24 { // two of each of the dozen
			one := copied(t, all[k%12])
			one.person[0], one.person[1] = byte(k+1), 7
			people[one.person] = one
		}
		type state struct {
			figures Results
			open    map[directory.PersonID]int // what each answers to one item
			rated   map[directory.PersonID]string
			gone    int
		}
		var past []state
		var earlier []taken
		for range 5 {
			for _, p := range sorted(people) {
				if one := people[p]; len(past) > 0 && r.IntN(5) < 2 {
					changed := copied(t, one)
					changed.person = p
					if r.IntN(2) == 0 {
						changed.Answers["open"] = Answer{Number: n(int64(1 + r.IntN(4)))}
					} else {
						changed.Answers["with"] = Answer{Known: map[string]map[string]*int64{roster[r.IntN(4)].Key: {"reliable": n(int64(1 + r.IntN(4)))}}}
					}
					people[p] = changed
				}
			}
			if len(past) > 0 && r.IntN(3) == 0 { // somebody takes everything back, also out of what was kept
				for _, p := range sorted(people)[r.IntN(len(people)):][:1] {
					delete(people, p)
					for k := range earlier {
						for m, one := range earlier[k].responses {
							if one.person == p {
								earlier[k].responses = append(earlier[k].responses[:m:m], earlier[k].responses[m+1:]...)
								break
							}
						}
					}
					for k := range past {
						if _, there := past[k].open[p]; there {
							past[k].gone++
							delete(past[k].open, p)
							delete(past[k].rated, p)
						}
					}
				}
			}
			for k := range r.IntN(3) { // some come
				one := copied(t, all[r.IntN(12)])
				one.person[0], one.person[1], one.person[2] = byte(k), 8, byte(len(past))
				people[one.person] = one
			}
			var list []Response
			now := state{open: map[directory.PersonID]int{}, rated: map[directory.PersonID]string{}}
			for _, p := range sorted(people) {
				one := people[p]
				list = append(list, one)
				now.open[p] = int(*one.Answers["open"].Number)
				rated, err := json.Marshal(one.Answers["with"].Known)
				if err != nil {
					t.Fatal(err)
				}
				now.rated[p] = string(rated)
			}
			now.figures = i.snapshotFigures(list, roster, earlier, rules)
			for _, before := range past {
				open, rated := before.gone, before.gone
				for p, value := range now.open {
					if was, there := before.open[p]; !there || was != value {
						open++
					}
					if was, there := before.rated[p]; !there || was != now.rated[p] {
						rated++
					}
				}
				for p := range before.open {
					if _, there := now.open[p]; !there {
						open++
						rated++
					}
				}
				for question, changed := range map[string]int{"open": open, "with": rated} {
					figure := figureOf(t, now.figures, question)
					same := figure == figureOf(t, before.figures, question)
					again := figure == figureOf(t, past[len(past)-1].figures, question)
					if !same && !again && changed < rules.Spread {
						t.Fatalf("seed %d: %s differs by %d people", seed, question, changed)
					}
					if same {
						held++
					} else {
						told++
					}
				}
			}
			if len(now.figures.Cuts) > 0 || len(question(now.figures, "open").Items[0].Parts) > 0 {
				t.Fatal("told by sector")
			}
			past = append(past, now)
			earlier = append([]taken{{figures: now.figures, responses: list, roster: roster}}, earlier...)
		}
	}
	if told == 0 || held == 0 {
		t.Errorf("%d told anew, %d held: the test says nothing", told, held)
	}
}

// sorted are the keys of people in an order that does not change between two runs.
func sorted(people map[directory.PersonID]Response) []directory.PersonID {
	return slices.SortedFunc(maps.Keys(people), func(a, b directory.PersonID) int { return bytes.Compare(a[:], b[:]) })
}

func copied(t *testing.T, r Response) Response {
	t.Helper()
	raw, err := json.Marshal(r.Answers)
	if err != nil {
		t.Fatal(err)
	}
	r.Answers = nil
	if err := json.Unmarshal(raw, &r.Answers); err != nil {
		t.Fatal(err)
	}
	return r
}

func figureOf(t *testing.T, r Results, question string) string {
	t.Helper()
	for _, q := range r.Questions {
		if q.Key == question {
			raw, err := json.Marshal(q.Items)
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
	}
	return ""
}
