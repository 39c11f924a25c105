package surveys

import (
	"encoding/json"
	"math"
	"math/rand/v2"
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

// sectors are a single cut.
func sectors(list []Response) []survey.Cut {
	cuts, _ := cutBySeveral([]string{BySector}, list)
	return cuts
}

// results are what is told by sector.
func results(i *Instrument, list []Response, before *earlier, rules survey.Rules) Results {
	return i.told(list, sectors(list), false, before, rules)
}

func question(r Results, key string) QuestionResult {
	k := slices.IndexFunc(r.Questions, func(q QuestionResult) bool { return q.Key == key })
	return r.Questions[k]
}

func TestResults(t *testing.T) {
	i, list, _ := wave(t)
	r := results(i, list, nil, survey.Usual)
	if r.Answered != 12 {
		t.Errorf("%d answers", r.Answered)
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
	if x := question(r, "do").Items[0]; x.All.N != 11 || len(x.Parts) != 1 || x.Parts[0].Why != disclosure.WorkedOut || x.Parts[0].Instead != nil {
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
	r := results(i, list, nil, survey.Usual)
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
	r := results(i, list, nil, survey.Usual)
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
	before := &earlier{content: i, responses: list, cuts: sectors(list), figures: results(i, list, nil, survey.Usual)}
	c := question(results(i, later, before, survey.Usual), "open").Items[0].Change
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
	if c := question(results(i, later, before, survey.Usual), "open").Items[0].Change; c != nil {
		t.Errorf("compared over two scales: %+v", c)
	}
}

// Several cuts are told in the order they were chosen, with what their groups were called;
// the change of a group is the difference of what was told of it in both waves.
func TestResultsByCuts(t *testing.T) {
	i := instrument(t)
	clinic, school := InBody{BodyID: id.New[directory.Body](), Body: "Clinics"}, InBody{BodyID: id.New[directory.Body](), Body: "Schools"}
	var list []Response
	for k := range 80 {
		r := Response{person: directory.PersonID(id.New[directory.Person]()), Sector: []string{"education", "health"}[k%2], Kinds: []string{"Association", "association"}, MemberBand: []string{"0", "3", ""}[k%3], Answers: map[string]Answer{"open": {Number: n(int64(1 + k*7/5%4))}}}
		if k%2 == 0 {
			r.Bodies = append(r.Bodies, clinic)
		}
		if k%5 < 2 {
			r.Bodies = append(r.Bodies, school)
		}
		list = append(list, r)
	}
	cuts, named := cutBySeveral([]string{ByYears, ByKind, ByBody}, list)
	if len(cuts) != 3 || len(named[1].Groups) != 1 || named[1].Groups[0].Name == "" || named[2].Name(school.BodyID.String()) != "Schools" || len(named[0].Groups) != 3 {
		t.Fatalf("%+v", named)
	}
	before := &earlier{content: i, responses: list, cuts: cuts, figures: i.told(list, cuts, false, nil, survey.Usual)}
	later := slices.Clone(list)
	for k := range later {
		later[k].Answers = map[string]Answer{"open": {Number: n(min(4, *list[k].Answers["open"].Number+1))}}
	}
	item := question(i.told(later, cuts, false, before, survey.Usual), "open").Items[0]
	by := map[string]int{}
	for _, part := range item.Parts {
		if !part.Told() {
			continue
		}
		by[part.Cut] += part.N
		was, _ := question(before.figures, "open").Items[0].Of(part.Cut, part.Groups[0])
		if part.Change == nil || math.Abs(part.Change.Value-(part.Mean.Value-was.Mean.Value)) > 1e-9 {
			t.Errorf("change of %v: %+v", part.Groups, part.Change)
		}
	}
	if by[ByYears] != 80 || by[ByBody] == 0 {
		t.Errorf("%v: %+v", by, item.Parts)
	}
}

// Figures from before there were several cuts are read as told by sector.
func TestFiguresFromBefore(t *testing.T) {
	var s stored
	if err := json.Unmarshal([]byte(`{"invited":20,"answered":12,"groups":["education","health"],"questions":[{"key":"open","kind":"scale","items":[{"all":{"n":12,"mean":{"Value":2.5}},"parts":[{"groups":["education"],"n":6,"mean":{"Value":2}}]}]}]}`), &s); err != nil {
		t.Fatal(err)
	}
	r := s.read()
	sector, told := r.Cut(BySector)
	if part, found := question(r, "open").Items[0].Of(BySector, "education"); !told || len(sector.Groups) != 2 || !found || part.N != 6 {
		t.Errorf("%+v", r)
	}
}

// TestChosenCuts tries who may be told of how.
func TestChosenCuts(t *testing.T) {
	chosen := func(keys ...string) *[]string { return &keys }
	for _, c := range []struct {
		wave   Wave
		chosen *[]string
		want   []string
		wrong  bool
	}{
		{Wave{Mode: Confidential}, nil, []string{BySector}, false},
		{Wave{Mode: Confidential}, chosen(), nil, false},
		{Wave{Mode: Confidential}, chosen(ByYears, BySector, ByYears), []string{ByYears, BySector}, false},
		{Wave{Mode: Anonymous}, nil, nil, false},
		{Wave{Mode: Anonymous}, chosen(BySector), nil, true},
		{Wave{Mode: Named, Evergreen: true}, chosen(ByBody), nil, true},
		{Wave{Mode: Named, ForEvaluator: true}, nil, []string{BySector}, false},
		{Wave{Mode: Named, ForEvaluator: true}, chosen(BySector, ByBody), nil, true},
	} {
		got, err := c.wave.chosenCuts(c.chosen)
		if (err != nil) != c.wrong || !slices.Equal(got, c.want) {
			t.Errorf("%+v, %v: %v, %v", c.wave.Mode, c.chosen, got, err)
		}
	}
}

// BenchmarkRelease is what a wave of 2,000 people and 60 ratings costs beside reading it,
// told by all cuts: ten sectors, four bands of years, six kinds and twelve bodies that
// overlap.
func BenchmarkRelease(b *testing.B) {
	i := &Instrument{Factors: []Factor{{Key: "f"}}}
	q := Question{Key: "q", Kind: Matrix, Scale: &Points{From: 1, To: 4}}
	for k := range 60 {
		q.Rows = append(q.Rows, Row{Key: strings.Repeat("r", k+1), Factor: "f"})
	}
	i.Sections = []Section{{Questions: []Question{q}}}
	random := rand.New(rand.NewPCG(1, 31))
	bodies := make([]InBody, 12)
	for k := range bodies {
		bodies[k] = InBody{BodyID: id.New[directory.Body](), Body: "Body"}
	}
	var list []Response
	for k := range 2000 {
		ratings := map[string]*int64{}
		for _, r := range q.Rows {
			if random.IntN(20) > 0 { // some leave it out, others elsewhere
				ratings[r.Key] = n(int64(1 + min(3, random.IntN(6))))
			}
		}
		r := Response{Sector: string(rune('a' + k%10)), MemberBand: []string{"0", "1", "3", "6"}[k/10%4], Kinds: []string{string(rune('a' + random.IntN(6)))}, Answers: map[string]Answer{"q": {Ratings: ratings}}}
		for _, body := range bodies {
			if random.IntN(30) == 0 {
				r.Bodies = append(r.Bodies, body)
			}
		}
		list = append(list, r)
	}
	for _, keys := range [][]string{{BySector}, Cuts, {ByBody, ByKind, ByYears, BySector}} {
		cuts, _ := cutBySeveral(keys, list)
		b.Run(strings.Join(keys, " "), func(b *testing.B) {
			var r Results
			for b.Loop() {
				r = i.told(list, cuts, false, nil, survey.Usual)
			}
			told := map[string]int{}
			for _, part := range r.Questions[0].Items[0].Parts {
				if part.Told() {
					told[part.Cut]++
				}
			}
			b.Logf("groups told of: %v", told)
		})
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
		return results(&i, list, &earlier{responses: list, content: &i, cuts: sectors(list)}, survey.Usual)
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
