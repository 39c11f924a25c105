package surveys

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
)

func instrument(t *testing.T) *Instrument {
	var i Instrument
	if err := json.Unmarshal([]byte(`{"key":"small","version":1,"minutes":1,"title":{"en":"Small"},"factors":[{"key":"trust","title":{"en":"Trust"}}],"sections":[{"key":"one","title":{"en":"One"},"questions":[
		{"key":"years","kind":"single","text":{"en":"Years"},"choices":[{"key":"few","text":{"en":"Few"}},{"key":"many","text":{"en":"Many"}}]},
		{"key":"gives","kind":"multiple","text":{"en":"Gives"},"choices":[{"key":"time","text":{"en":"Time"}},{"key":"cash","text":{"en":"Cash"}}]},
		{"key":"order","kind":"ranking","text":{"en":"Order"},"choices":[{"key":"a","text":{"en":"A"}},{"key":"b","text":{"en":"B"}}]},
		{"key":"open","kind":"scale","factor":"trust","text":{"en":"Open"},"scale":{"from":1,"to":4}},
		{"key":"do","kind":"matrix","text":{"en":"Do"},"scale":{"from":1,"to":4,"unsure":true},"rows":[{"key":"x","factor":"trust","text":{"en":"X"}}]},
		{"key":"words","kind":"text","text":{"en":"Words"}},
		{"key":"with","kind":"roster","text":{"en":"With"},"scale":{"from":1,"to":4},"roster":{"of":"organizations","rate":[{"key":"reliable","factor":"trust","text":{"en":"Reliable"}}]}}]}]}`), &i); err != nil {
		t.Fatal(err)
	}
	return &i
}

func n(v int64) *int64 { return &v }

// answered is a dozen people of four organizations in two sectors; one is not sure.
func answered(people []directory.PersonID, organizations []directory.OrganizationID, roster []Entry) (out []Response) {
	for k := range 12 {
		choice := "few"
		if k%3 == 0 {
			choice = "many"
		}
		of := roster[(k+1)%4]
		r := Response{person: people[k], OrganizationID: organizations[k%4], Sector: []string{"education", "health"}[k%2], Answers: map[string]Answer{
			"years": {Choices: []string{choice}},
			"gives": {Choices: []string{"time"}},
			"order": {Choices: []string{"b", "a"}},
			"open":  {Number: n(int64(1 + k%4))},
			"do":    {Ratings: map[string]*int64{"x": n(int64(2 + k%2))}},
			"words": {Text: "Words of " + string(rune('a'+k))},
			"with":  {Known: map[string]map[string]*int64{of.Key: {"reliable": n(int64(1 + k%4))}}},
		}}
		if k == 5 {
			r.Answers["do"] = Answer{Ratings: map[string]*int64{"x": nil}}
		}
		out = append(out, r)
	}
	return out
}

func wave(t *testing.T) (*Instrument, []Response, []Entry) {
	var people []directory.PersonID
	var organizations []directory.OrganizationID
	var roster []Entry
	for range 12 {
		people = append(people, directory.PersonID(id.New[directory.Person]()))
	}
	for k := range 4 {
		organizations = append(organizations, id.New[directory.Organization]())
		roster = append(roster, Entry{Key: string(rune('p' + k)), OrganizationID: organizations[k]})
	}
	return instrument(t), answered(people, organizations, roster), roster
}

func question(r Results, key string) QuestionResult {
	k := slices.IndexFunc(r.Questions, func(q QuestionResult) bool { return q.Key == key })
	return r.Questions[k]
}

func TestResults(t *testing.T) {
	i, list, _ := wave(t)
	r := i.results(list, nil, survey.Usual)
	if r.Answered != 12 || !slices.Equal(r.Groups, []string{"education", "health"}) {
		t.Errorf("%d answers of %v", r.Answered, r.Groups)
	}
	if f := question(r, "years").Items[0].All; !slices.Equal(f.Spread, []int{8, 4}) || f.Mean != (disclosure.Mean{}) {
		t.Errorf("years: %+v", f)
	}
	gives := question(r, "gives")
	if f := gives.Items[0].All; !f.Mean.AtLeast || f.Mean.Value != 11.0/12 {
		t.Errorf("everybody gives time: %+v", f)
	}
	if f := question(r, "order").Items[1].All; !f.Mean.AtMost {
		t.Errorf("everybody ranks b first: %+v", f)
	}
	open := question(r, "open").Items[0]
	if open.All.Mean.Value != 2.5 || open.All.N != 12 || !slices.Equal(open.All.Spread, []int{3, 3, 3, 3}) || len(open.Parts) != 2 || open.Parts[0].Mean.Value != 2 || open.Parts[1].Mean.Value != 3 {
		t.Errorf("open: %+v", open)
	}
	// Of x, each sector is of one mind: they are told together alone.
	if x := question(r, "do").Items[0]; x.All.N != 11 || len(x.Parts) != 0 {
		t.Errorf("x: %+v", x)
	}
	if q := question(r, "words"); q.Comments != 12 || len(q.Items) != 0 {
		t.Errorf("words: %+v", q)
	}
	if f := r.Factors[0]; f.Key != "trust" || f.All.N != 11 || math.Abs(f.All.Mean.Value-(2.5+27.0/11)/2) > 1e-9 {
		t.Errorf("trust: %+v", f)
	}
}

// TestResultsTellNothingElse looks that nothing but figures leaves: no text of an answer
// and no name.
func TestResultsTellNothingElse(t *testing.T) {
	i, list, roster := wave(t)
	r := i.results(list, nil, survey.Usual)
	places := i.places(&r, list, roster, nil, survey.Usual)
	raw, err := json.Marshal(map[string]any{"results": r, "places": places})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		for _, hidden := range []string{one.Answers["words"].Text, one.person.String(), one.person.Short()} {
			if strings.Contains(string(raw), hidden) {
				t.Errorf("%q is told", hidden)
			}
		}
	}
}

func TestPlaces(t *testing.T) {
	i, list, roster := wave(t)
	// The second organization is rated by everybody else of three organizations.
	for k := range list {
		list[k].Answers["with"].Known[roster[1].Key] = map[string]*int64{"reliable": n(int64(2 + k%3))}
	}
	r := i.results(list, nil, survey.Usual)
	places := i.places(&r, list, roster, nil, survey.Usual)
	if f := places[roster[1].OrganizationID].Questions[0].Items[0].All; !f.Told() || f.N != 9 {
		t.Errorf("rated by nine others: %+v", f)
	}
	if f := places[roster[2].OrganizationID].Questions[0].Items[0].All; f.Told() {
		t.Errorf("rated by three of one organization: %+v", f)
	}
	if len(places) != 4 {
		t.Errorf("%d places", len(places))
	}
	if f := question(r, "with").Items[0].All; !f.Told() || len(r.Factors) != 2 {
		t.Errorf("over all: %+v, %d factors", f, len(r.Factors))
	}
}

func TestResultsCompared(t *testing.T) {
	i, list, _ := wave(t)
	later := slices.Clone(list)
	for k := range later {
		later[k].Answers = map[string]Answer{"open": {Number: n(min(4, *list[k].Answers["open"].Number+int64(k%2)))}, "words": {Text: "Other"}}
	}
	later = append(later[:10:10], Response{Sector: "health", Answers: map[string]Answer{"open": {Number: n(1)}}})
	before := &earlier{content: i, responses: list, division: division(list), figures: i.results(list, nil, survey.Usual)}
	c := question(i.results(later, before, survey.Usual), "open").Items[0].Change
	if c == nil || c.All.Why != "" {
		t.Fatalf("%+v", c)
	}
	// Ten of twelve and ten of eleven: who is left over would be told.
	if c.Matched.Why != disclosure.WorkedOut {
		t.Errorf("matched: %+v", c.Matched)
	}
	// Asked on another scale, nothing is compared.
	other := instrument(t)
	other.Sections[0].Questions[3].Scale.To = 5
	before.content = other
	if c := question(i.results(later, before, survey.Usual), "open").Items[0].Change; c != nil {
		t.Errorf("compared over two scales: %+v", c)
	}
}

// BenchmarkRelease is what a wave of 2,000 people and 60 ratings costs beside reading it.
func BenchmarkRelease(b *testing.B) {
	i := &Instrument{Factors: []Factor{{Key: "f"}}}
	q := Question{Key: "q", Kind: Matrix, Scale: &Points{From: 1, To: 4}}
	for k := range 60 {
		q.Rows = append(q.Rows, Row{Key: strings.Repeat("r", k+1), Factor: "f"})
	}
	i.Sections = []Section{{Questions: []Question{q}}}
	var list []Response
	for k := range 2000 {
		ratings := map[string]*int64{}
		for m, r := range q.Rows {
			ratings[r.Key] = n(int64(1 + (k*7+m*3)%4))
		}
		list = append(list, Response{Sector: string(rune('a' + k%12)), Answers: map[string]Answer{"q": {Ratings: ratings}}})
	}
	for b.Loop() {
		i.results(list, nil, survey.Usual)
	}
}

// How many were asked a question that depends on an answer gives away how many gave that
// answer: nothing is told of it where that is not told, and nothing by group where it is.
func TestDependentQuestionsGiveNoSplitAway(t *testing.T) {
	var i Instrument
	if err := json.Unmarshal([]byte(`{"key":"asks","version":1,"minutes":1,"title":{"en":"Asks"},"factors":[{"key":"ease","title":{"en":"Ease"}}],"sections":[{"key":"one","title":{"en":"One"},"questions":[
		{"key":"came","kind":"single","text":{"en":"Came"},"choices":[{"key":"yes","text":{"en":"Yes"}},{"key":"no","text":{"en":"No"}}]},
		{"key":"ease","kind":"scale","factor":"ease","text":{"en":"Ease"},"scale":{"from":1,"to":4},"show_if":[{"question":"came","is":["yes"]}]},
		{"key":"why","kind":"text","text":{"en":"Why"},"show_if":[{"question":"came","is":["yes"]}]}]}]}`), &i); err != nil {
		t.Fatal(err)
	}
	// of is what is told where so many of 20 came.
	of := func(came int) Results {
		var list []Response
		for k := range 20 {
			r := Response{person: directory.PersonID(id.New[directory.Person]()), Sector: []string{"education", "health"}[k%2], Answers: map[string]Answer{"came": {Choices: []string{"no"}}}}
			if k < came {
				r.Answers["came"], r.Answers["ease"], r.Answers["why"] = Answer{Choices: []string{"yes"}}, Answer{Number: n(int64(1 + k%4))}, Answer{Text: "Because " + string(rune('a'+k))}
			}
			list = append(list, r)
		}
		return i.results(list, &earlier{responses: list, content: &i, division: division(list)}, survey.Usual)
	}
	open, closed := of(11), of(19) // of 19 the one who did not come would be known
	if came := question(closed, "came").Items[0].All; came.SpreadWhy == "" {
		t.Fatalf("19 of 20 came, and that is told: %+v", came)
	}
	if ease := question(closed, "ease"); ease.Items[0].All.Told() || ease.Items[0].All.Why != disclosure.WorkedOut || ease.Items[0].Change != nil || question(closed, "why").Comments != 0 || len(closed.Factors) > 0 && closed.Factors[0].All.Told() {
		t.Errorf("how many came is told by what they were asked: %+v, factors %+v", ease, closed.Factors)
	}
	if ease := question(open, "ease").Items[0]; ease.All.N != 11 || ease.Parts != nil || ease.Change != nil || question(open, "why").Comments != 11 {
		t.Errorf("11 of 20 came, which is told, and of what they were asked it tells %+v", ease)
	}
}
