package surveys

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"commontable/internal/platform/operation"
)

// keysOf are the message keys of a fault.
func keysOf(err error) (out []string) {
	var e *operation.Error
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			out = append(out, f.Key)
		}
	}
	return out
}

// Every instrument that is shipped is read and has no fault, goes into a file and comes
// out the same, and has its own id.
func TestShippedInstrumentsAreSound(t *testing.T) {
	all, err := shipped()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d shipped: %v", len(all), err)
	}
	earlier, err := shippedEarlier()
	if err != nil || len(earlier) == 0 {
		t.Fatalf("%d earlier: %v", len(earlier), err)
	}
	for _, i := range earlier {
		if now := slices.IndexFunc(all, func(o Instrument) bool { return o.Key == i.Key }); now < 0 || all[now].Version <= i.Version {
			t.Errorf("edition %d of %s is no earlier one", i.Version, i.Key)
		}
	}
	all = slices.Concat(all, earlier)
	ids := map[InstrumentID]string{}
	for _, i := range all {
		if !slices.Equal(i.Languages(), []string{"en", "es", "fr"}) {
			t.Errorf("%s is in %v", i.Key, i.Languages())
		}
		raw, err := i.File()
		if err != nil {
			t.Fatal(err)
		}
		var faults operation.Faults
		again := parseJSON(string(raw), "file", &faults)
		twice, _ := again.File()
		if faults.Err() != nil || string(twice) != string(raw) {
			t.Errorf("%s changes on its way: %v", i.Key, faults.Err())
		}
		if other := ids[shippedID(i)]; other != "" {
			t.Errorf("%s and %s have one id", i.Key, other)
		}
		ids[shippedID(i)] = i.Key
	}
	broken := fstest.MapFS{"instruments/x.json": {Data: []byte(`{"key":"y"}`)}}
	if _, err := readShipped(broken, "instruments/*.json", func(i Instrument) string { return "instruments/" + i.Key + ".json" }); err == nil {
		t.Error("a broken instrument would be shipped")
	}
}

// Each fault of a file is told with its place.
func TestFaultsOfAnInstrument(t *testing.T) {
	const head = `{"key":"k","version":1,"minutes":5,"title":{"en":"T"},"sections":[{"key":"s","title":{"en":"S"},"questions":[`
	question := func(rest string) string { return `{"key":"q","text":{"en":"Q"},` + rest + `}` }
	for file, want := range map[string]string{
		head + question(`"kind":"song"`) + `]}]}`:                                                                            "errors.instrument_kind",
		head + question(`"kind":"single","choices":[{"key":"a","text":{"en":"A"}}]`) + `]}]}`:                                "errors.instrument_many",
		head + question(`"kind":"single","choices":[{"key":"a","text":{"en":"A"}},{"key":"a","text":{"en":"B"}}]`) + `]}]}`:  "errors.instrument_twice",
		head + question(`"kind":"single","choices":[{"key":"a","text":{"en":"A"}},{"key":"B!","text":{"en":"B"}}]`) + `]}]}`: "errors.instrument_key",
		head + question(`"kind":"scale"`) + `]}]}`:                                                                           "errors.instrument_scale",
		head + question(`"kind":"scale","scale":{"from":1,"to":400}`) + `]}]}`:                                               "errors.instrument_scale",
		head + question(`"kind":"text","choices":[{"key":"a","text":{"en":"A"}}]`) + `]}]}`:                                  "errors.instrument_extra",
		head + question(`"kind":"text","factor":"none"`) + `]}]}`:                                                            "errors.instrument_factor",
		head + question(`"kind":"text","show_if":[{"question":"q","is":["a"]}]`) + `]}]}`:                                    "errors.instrument_show_if",
		head + question(`"kind":"roster","roster":{"of":"cats"}`) + `]}]}`:                                                   "errors.instrument_roster",
		head + question(`"kind":"roster","roster":{"of":"people","drawn":true}`) + `]}]}`:                                    "errors.instrument_drawn",
		head + question(`"kind":"roster","roster":{"of":"organizations","drawn":true}`) + `,` + strings.Replace(question(`"kind":"roster","roster":{"of":"organizations","drawn":true}`), `"q"`, `"r"`, 1) + `]}]}`:                                                                    "errors.instrument_drawn",
		head + strings.Replace(question(`"kind":"single","choices":[{"key":"a","text":{"en":"A"}},{"key":"b","text":{"en":"B"}}]`), `"q"`, `"r"`, 1) + `,` + question(`"kind":"roster","roster":{"of":"organizations","drawn":true},"show_if":[{"question":"r","is":["a"]}]`) + `]}]}`: "errors.instrument_drawn",
		head + question(`"kind":"number","least":9,"most":3`) + `]}]}`:                                                                                     "errors.instrument_bounds",
		head + `{"key":"q","kind":"text","text":{}}]}]}`:                                                                                                   "errors.instrument_words",
		head + `{"key":"q","kind":"text","text":{"en":"Q","fr":"Q"}}]}]}`:                                                                                  "errors.instrument_language",
		head + `{"key":"q","kind":"text","text":{"en":"` + strings.Repeat("x", longText+1) + `"}}]}]}`:                                                     "errors.instrument_long",
		head + question(`"kind":"text"`) + `,` + question(`"kind":"text"`) + `]}]}`:                                                                        "errors.instrument_twice",
		head + question(`"kind":"text","colour":"red"`) + `]}]}`:                                                                                           "errors.instrument_unread",
		head + question(`"kind":"text"`) + `]}]} {}`:                                                                                                       "errors.instrument_unread",
		`{"key":"k","minutes":5,"title":{"xx":"T"},"sections":[{"key":"s","title":{"xx":"S"},"questions":[{"key":"q","kind":"text","text":{"xx":"Q"}}]}]}`: "errors.instrument_language",
	} {
		var faults operation.Faults
		i := parseJSON(file, "file", &faults)
		if faults.Err() == nil {
			i.check("file", &faults)
		}
		if got := keysOf(faults.Err()); !slices.Equal(got, []string{want}) {
			t.Errorf("%.160s\n got %v, want %s", file, got, want)
		}
	}
}

// All faults are told, not the first alone.
func TestEveryFaultIsTold(t *testing.T) {
	var faults operation.Faults
	i := parseJSON(`{"key":"K!","minutes":0,"title":{"en":"T"},"sections":[]}`, "file", &faults)
	i.check("file", &faults)
	if got := keysOf(faults.Err()); !slices.Equal(got, []string{"errors.instrument_key", "errors.instrument_bounds", "errors.instrument_many"}) {
		t.Errorf("told are %v", got)
	}
}

// The CSV to begin with is an instrument without a fault.
func TestTheTemplateIsAnInstrument(t *testing.T) {
	var faults operation.Faults
	i := parseCSV(Template, "file", about{key: "own", title: "Own", language: "en", minutes: 3}, &faults)
	i.check("file", &faults)
	if err := faults.Err(); err != nil || i.Count() != 5 || len(i.Sections) != 3 {
		t.Fatalf("%d questions in %d sections: %v", i.Count(), len(i.Sections), err)
	}
	heard, _ := i.Question("heard")
	if !heard.Scale.Unsure || len(heard.Rows) != 2 || !slices.Equal(heard.ShowIf[0].Is, []Match{"room", "online"}) {
		t.Errorf("the matrix is %+v", heard)
	}
	for text, want := range map[string]string{"colour,key\n1,2\n": "errors.instrument_column", "key,kind,text,scale\nq,scale,Q,1to5\n": "errors.instrument_cell", "key,kind\n\"open": "errors.instrument_unread"} {
		var faults operation.Faults
		parseCSV(text, "file", about{key: "own", title: "Own", language: "en", minutes: 3}, &faults)
		if got := keysOf(faults.Err()); !slices.Contains(got, want) {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}

// A mark that ticks are drawn comes in by CSV and leaves by JSON; one on a question that is
// no roster is a fault.
func TestAMarkGoesThroughFiles(t *testing.T) {
	const head = "section,key,kind,text,roster,drawn\n"
	var faults operation.Faults
	i := parseCSV(head+"One,know,roster,Whom?,organizations,yes\n", "file", about{key: "own", title: "Own", language: "en", minutes: 3}, &faults)
	if i.check("file", &faults); faults.Err() != nil {
		t.Fatal(faults.Err())
	}
	raw, err := i.File()
	if err != nil {
		t.Fatal(err)
	}
	again := parseJSON(string(raw), "file", &faults)
	if q, marked := again.drawn(); !marked || q.Key != "know" {
		t.Errorf("the mark is lost in %s", raw)
	}
	parseCSV(head+"One,words,text,What?,,yes\n", "file", about{key: "own", title: "Own", language: "en", minutes: 3}, &faults)
	if faults.Err() == nil {
		t.Error("a text is drawn")
	}
}

// chain has questions each of which is asked on a condition of earlier ones.
func chain(r *rand.Rand, n int) *Instrument {
	i := &Instrument{Sections: []Section{{}}}
	for k := range n {
		q := Question{Key: "q" + strconv.Itoa(k), Kind: Single, Choices: []Choice{{Key: "a"}, {Key: "b"}, {Key: "c"}}}
		for range r.IntN(3) {
			if k > 0 {
				q.ShowIf = append(q.ShowIf, Condition{Question: "q" + strconv.Itoa(r.IntN(k)), Is: []Match{Match([]string{"a", "b", "c"}[r.IntN(3)])}})
			}
		}
		i.Sections[0].Questions = append(i.Sections[0].Questions, q)
	}
	return i
}

// asked is the rule again, from the other end: a question is asked if each of its
// conditions names a question that is asked and was answered so.
func asked(i *Instrument, answers map[string]Answer, key string) bool {
	q, _ := i.Question(key)
	for _, c := range q.ShowIf {
		if !asked(i, answers, c.Question) || !slices.ContainsFunc(c.Is, func(m Match) bool { return slices.Contains(answers[c.Question].Choices, string(m)) }) {
			return false
		}
	}
	return true
}

// Over many instruments and answers a question is asked exactly when its conditions hold;
// dropping what is not asked changes nothing of what is; and doing it twice is doing it once.
func TestSkipping(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2026))
	hidden := 0
	for range 2000 {
		i := chain(r, 1+r.IntN(12))
		answers := map[string]Answer{}
		for q := range i.questions {
			if r.IntN(4) > 0 {
				answers[q.Key] = Answer{Choices: []string{[]string{"a", "b", "c"}[r.IntN(3)]}}
			}
		}
		shown := i.Visible(answers)
		for q := range i.questions {
			if shown[q.Key] != asked(i, answers, q.Key) {
				t.Fatalf("%s: shown %v of %+v with %+v", q.Key, shown[q.Key], i, answers)
			}
			if !shown[q.Key] {
				hidden++
			}
		}
		i.drop(answers)
		again := i.Visible(answers)
		for key := range shown {
			if shown[key] != again[key] {
				t.Fatalf("%s changes when hidden answers go", key)
			}
		}
	}
	if hidden < 1000 {
		t.Errorf("only %d questions were hidden", hidden)
	}
}

// An answer fits its question or is told why not.
func TestAnswersFitTheirQuestions(t *testing.T) {
	n := func(v int64) *int64 { return &v }
	choices := []Choice{{Key: "a"}, {Key: "b"}, {Key: "c"}}
	scale := &Points{From: 1, To: 4, Unsure: true}
	plain := &Points{From: 1, To: 4}
	entries := map[string]bool{"e1": true, "e2": true}
	rows := []Row{{Key: "r"}, {Key: "s"}}
	for _, c := range []struct {
		q    Question
		a    Answer
		want string
	}{
		{Question{Kind: Single, Choices: choices}, Answer{Choices: []string{"a"}}, ""},
		{Question{Kind: Single, Choices: choices}, Answer{Choices: []string{"a", "b"}}, "errors.not_offered"},
		{Question{Kind: Single, Choices: choices}, Answer{Choices: []string{"z"}}, "errors.not_offered"},
		{Question{Kind: Single, Choices: choices}, Answer{Text: "a"}, "errors.not_offered"},
		{Question{Kind: Multiple, Choices: choices, Most: 1}, Answer{Choices: []string{"a", "b"}}, "errors.survey_most"},
		{Question{Kind: Multiple, Choices: choices, Least: 2}, Answer{Choices: []string{"a"}}, "errors.survey_least"},
		{Question{Kind: Ranking, Choices: choices}, Answer{Choices: []string{"a", "a"}}, "errors.not_offered"},
		{Question{Kind: Scale, Scale: scale}, Answer{Number: n(4)}, ""},
		{Question{Kind: Scale, Scale: scale}, Answer{Number: n(5)}, "errors.not_offered"},
		{Question{Kind: Scale, Scale: scale}, Answer{Unsure: true}, ""},
		{Question{Kind: Scale, Scale: plain}, Answer{Unsure: true}, "errors.not_offered"},
		{Question{Kind: Number, Least: 1, Most: 9}, Answer{Number: n(0)}, "errors.minimum"},
		{Question{Kind: Number, Least: 1, Most: 9}, Answer{Number: n(10)}, "errors.maximum"},
		{Question{Kind: Number}, Answer{Number: n(10)}, ""},
		{Question{Kind: Text, Most: 3}, Answer{Text: "äöüß"}, "errors.too_long"},
		{Question{Kind: Matrix, Rows: rows, Scale: scale}, Answer{Ratings: map[string]*int64{"r": n(1), "s": nil}}, ""},
		{Question{Kind: Matrix, Rows: rows, Scale: plain}, Answer{Ratings: map[string]*int64{"r": nil}}, "errors.not_offered"},
		{Question{Kind: Matrix, Rows: rows, Scale: scale}, Answer{Ratings: map[string]*int64{"x": n(1)}}, "errors.not_offered"},
		{Question{Kind: Roster, Scale: scale, Roster: &RosterPart{Rate: rows}}, Answer{Known: map[string]map[string]*int64{"e1": {"r": n(2)}}}, ""},
		{Question{Kind: Roster, Scale: scale, Roster: &RosterPart{Rate: rows}}, Answer{Known: map[string]map[string]*int64{"elsewhere": {}}}, "errors.not_offered"},
	} {
		if got := c.q.fits(c.a, entries); got.Key != c.want {
			t.Errorf("%s with %+v: %q, want %q", c.q.Kind, c.a, got.Key, c.want)
		}
	}
	// A page that showed one entry leaves the others, and a page that ticks alone keeps ratings.
	q := Question{Kind: Roster, Scale: scale, Roster: &RosterPart{Rate: rows}}
	before := Answer{Known: map[string]map[string]*int64{"e1": {"r": n(2)}, "e2": {"r": n(3)}}}
	after := q.merged(before, Answer{Known: map[string]map[string]*int64{"e1": nil}}, []string{"e1"})
	if len(after.Known) != 2 || *after.Known["e1"]["r"] != 2 || *after.Known["e2"]["r"] != 3 {
		t.Errorf("merged: %+v", after)
	}
	if after = q.merged(before, Answer{}, []string{"e1"}); len(after.Known) != 1 {
		t.Errorf("unticked: %+v", after)
	}
}

// Over many walks no state follows that may not, and what is released stays.
func TestStatesFollowTheirOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 7))
	for range 1000 {
		state := Draft
		for range 30 {
			to := States[r.IntN(len(States))]
			allowed := map[string]bool{"draft>open": true, "open>draft": true, "open>closed": true, "closed>open": true, "closed>released": true}[state+">"+to]
			if Follows(state, to) != allowed {
				t.Fatalf("%s to %s: %v", state, to, Follows(state, to))
			}
			if allowed {
				state = to
			}
		}
		if state == Released && slices.ContainsFunc(States, func(to string) bool { return Follows(state, to) }) {
			t.Fatal("what was released moved on")
		}
	}
}

// No line of the progress, and no difference of lines to the total, is of fewer people
// than the minimum; the lines add up to the total.
func TestProgressTellsOfNoSmallGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for range 2000 {
		var people []Invitee
		answered := map[inviteeID]bool{}
		for o := range r.IntN(8) {
			for range 1 + r.IntN(9) {
				v := Invitee{Organization: "o" + strconv.Itoa(o), id: inviteeID{byte(len(people) + 1)}}
				v.OrganizationID[0] = byte(o + 1)
				if r.IntN(2) == 0 {
					answered[v.id] = true
				}
				people = append(people, v)
			}
		}
		list := progress(people, answered, 5)
		var total, done int64
		for _, p := range list {
			total, done = total+p.Invited, done+p.Answered
			if p.Invited < 5 {
				t.Fatalf("a line of %d: %+v", p.Invited, list)
			}
		}
		if len(list) > 0 && (total != int64(len(people)) || done != int64(len(answered))) {
			t.Fatalf("%d of %d, but %d of %d", done, total, len(answered), len(people))
		}
	}
}
