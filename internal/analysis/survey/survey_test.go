package survey_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
)

func span(from, to int) (out []int) {
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

func bySector(division []survey.Group) []survey.Cut {
	return []survey.Cut{{Key: "sector", Groups: division}}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestTell(t *testing.T) {
	item := survey.Item{Key: "open", From: 1, To: 4, Answers: []int{1, 2, 2, 3, 3, 3, 4, 4, 3, 3, 4, survey.None, 4, 4}}
	division := []survey.Group{{Key: "schools", Members: span(0, 6)}, {Key: "health", Members: span(6, 12)}, {Key: "two", Members: span(12, 14)}}
	f := item.Tell(bySector(division), survey.Usual)
	// 40 ÷ 13; the sum of squares is 134, the variance (134 − 40²/13) ÷ 12; t(0.975, 12) = 2.178813.
	if !f.All.Told() || f.All.N != 13 || !near(f.All.Mean.Value, 40.0/13) || math.Abs(f.All.Half-2.178813*math.Sqrt((134-1600.0/13)/12/13)) > 1e-5 {
		t.Errorf("all: %+v", f.All)
	}
	if !slices.Equal(f.All.Spread, []int{1, 2, 5, 5}) {
		t.Errorf("all: spread %v", f.All.Spread)
	}
	if len(f.Parts) != 2 {
		t.Fatalf("%d parts: %+v", len(f.Parts), f.Parts)
	}
	schools, _ := f.Of("sector", "schools")
	if !schools.Told() || schools.N != 6 || !near(schools.Mean.Value, 14.0/6) || schools.Spread != nil || schools.SpreadWhy != disclosure.TooFew || schools.Half != 0 {
		t.Errorf("schools: %+v", schools)
	}
	// The two are joined with the smaller of the others.
	if two, _ := f.Of("sector", "two"); !slices.Equal(two.Groups, []string{"health", "two"}) || two.N != 7 || !near(two.Mean.Value, 26.0/7) {
		t.Errorf("two: %+v", two)
	}
}

func TestTellAlike(t *testing.T) {
	division := []survey.Group{{Key: "a", Members: span(0, 5)}, {Key: "b", Members: span(5, 10)}}
	for name, c := range map[string]struct {
		answers []int
		parts   int
		all     survey.Figure
	}{
		"a group of one mind is joined with the other": {[]int{3, 3, 3, 3, 3, 2, 4, 1, 2, 4}, 1, survey.Figure{N: 10, Mean: disclosure.Mean{Value: 2.8}}},
		"everybody at the top, or all but one":         {[]int{4, 4, 4, 4, 4, 4, 4, 4, 4, 1}, 0, survey.Figure{N: 10, Mean: disclosure.Mean{Value: 3.7, AtLeast: true}, SpreadWhy: disclosure.Alike}},
		"everybody at the bottom":                      {[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 0, survey.Figure{N: 10, Mean: disclosure.Mean{Value: 1.3, AtMost: true}, SpreadWhy: disclosure.Alike}},
		"everybody in the middle":                      {[]int{3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, 0, survey.Figure{Why: disclosure.Alike, SpreadWhy: disclosure.Alike}},
		"four answers":                                 {[]int{3, 2, 1, 4, survey.None, survey.None, survey.None, survey.None, survey.None, survey.None}, 0, survey.Figure{Why: disclosure.TooFew, SpreadWhy: disclosure.TooFew}},
	} {
		got := survey.Item{From: 1, To: 4, Answers: c.answers}.Tell(bySector(division), survey.Usual)
		if len(got.Parts) != c.parts || c.parts == 1 && (got.Parts[0].Told() || got.Parts[0].Why != disclosure.WorkedOut) {
			t.Errorf("%s: %+v", name, got.Parts)
		}
		got.All.Spread, got.All.Half = nil, 0
		if !reflect.DeepEqual(got.All, c.all) {
			t.Errorf("%s: %+v, want %+v", name, got.All, c.all)
		}
	}
}

func TestTellAmounts(t *testing.T) {
	for _, c := range []struct {
		answers []int
		why     disclosure.Why
	}{
		{[]int{10, 20, 30, 40, 50, 60}, ""},
		{[]int{1000, 20, 30, 10, 5, 6}, disclosure.Dominated},
		{[]int{7, 7, 7, 7, 7, 7}, disclosure.Alike},
		{[]int{7, 8, 9, 7, survey.None, survey.None}, disclosure.TooFew},
	} {
		f := survey.Item{Answers: c.answers}.Tell(nil, survey.Usual).All
		if f.Why != c.why || f.Told() && !near(f.Mean.Value, 35) {
			t.Errorf("%v: %+v", c.answers, f)
		}
	}
}

func TestFactor(t *testing.T) {
	told := func(n int, mean, half float64) survey.Figure {
		return survey.Figure{N: n, Mean: disclosure.Mean{Value: mean}, Half: half, Spread: []int{1}}
	}
	if f := survey.Factor([]survey.Figure{told(9, 2, 0.2), told(10, 3, 0.4)}); !f.Told() || f.N != 9 || !near(f.Mean.Value, 2.5) || !near(f.Half, 0.3) {
		t.Errorf("%+v", f)
	}
	if f := survey.Factor([]survey.Figure{told(9, 2, 0.2), {Why: disclosure.WorkedOut}}); f.Told() || f.Why != disclosure.WorkedOut {
		t.Errorf("one item hidden: %+v", f)
	}
	if f := survey.Factor(nil); f.Told() {
		t.Errorf("of no items: %+v", f)
	}
}

func pairs(pairs ...int) (out []survey.Same) {
	for _, p := range pairs {
		out = append(out, survey.Same{Before: p, After: p})
	}
	return out
}

func TestCompare(t *testing.T) {
	before := survey.Item{From: 1, To: 4, Answers: []int{1, 2, 2, 3, 3, 2, 3, 2, 3, 2}}
	after := survey.Item{From: 1, To: 4, Answers: []int{2, 2, 3, 3, 4, 2, 4, 3, 3, 3}}
	asked := func(it survey.Item, told ...[]int) survey.Asked {
		return survey.Asked{Item: it, Figures: it.Tell(nil, survey.Usual), Told: told}
	}
	compare := func(same ...int) survey.Change {
		return survey.Compare(asked(before), asked(after), pairs(same...), survey.Usual)
	}
	c := compare(span(0, 10)...)
	// The mean rises from 2.3 to 2.9; differences 1 0 1 0 1 0 1 1 0 1 have variance 4/15,
	// and t(0.975, 9) = 2.262157.
	if !near(c.All.Value, 0.6) || c.All.N != 10 || !near(c.Matched.Value, 0.6) || math.Abs(c.Matched.Half-2.262157*math.Sqrt(4.0/15/10)) > 1e-5 {
		t.Errorf("%+v", c)
	}
	if !c.Matched.Beyond() {
		t.Error("the change within those in both is within chance")
	}
	// Those in both are all but two: their mean would tell of the two.
	if c := compare(span(0, 8)...); c.Matched.Why != disclosure.WorkedOut || c.All.Why != "" {
		t.Errorf("all but two: %+v", c)
	}
	if c := compare(0, 1, 2); c.Matched.Why != disclosure.TooFew {
		t.Errorf("three: %+v", c)
	}
	// Half of them: five remain, so it may be told, without an interval.
	if c := compare(0, 1, 2, 3, 4); c.Matched.Why != "" || c.Matched.N != 5 || c.Matched.Half != 0 {
		t.Errorf("five: %+v", c)
	}
	// Nor may it be told beside another five, from whom those in both differ by two.
	c = survey.Compare(asked(before, []int{1, 2, 3, 4, 5}), asked(after), pairs(0, 1, 2, 3, 4), survey.Usual)
	if c.Matched.Why != "" {
		t.Errorf("the difference of two sums, 0 less 5, is no sum of answers: %+v", c)
	}
	c = survey.Compare(asked(before, []int{0, 1, 2, 3, 4, 5}), asked(after), pairs(0, 1, 2, 3, 4), survey.Usual)
	if c.Matched.Why != disclosure.WorkedOut {
		t.Errorf("beside six, the sixth is told: %+v", c)
	}
}

func TestIncoming(t *testing.T) {
	var ratings []survey.Rating
	rate := func(of, house, rater, value int) {
		ratings = append(ratings, survey.Rating{Rater: rater, House: house, Of: of, Value: value})
	}
	for i := range 6 {
		rate(0, 10+i, i, 2+i%2) // six organizations
		rate(3, 10+i, i, 3)     // six again, all alike
	}
	for i := range 5 {
		rate(1, 10+i/4, 20+i, 4-i%2) // four of five from one organization
	}
	for i := range 2 {
		rate(2, 10+i, 30+i, 1)
	}
	rate(0, 0, 40, 4)            // its own
	rate(0, 16, 41, survey.None) // not sure
	all, of := survey.Incoming(ratings, 4, 1, 4, survey.Usual)
	if !of[0].Told() || of[0].N != 6 || !near(of[0].Mean.Value, 2.5) {
		t.Errorf("rated by six: %+v", of[0])
	}
	if of[1].Told() || of[1].Why != disclosure.Dominated {
		t.Errorf("rated by one organization: %+v", of[1])
	}
	if of[2].Told() || of[2].Why != disclosure.TooFew {
		t.Errorf("rated by two: %+v", of[2])
	}
	if !of[3].Told() || of[3].Mean.AtLeast || !near(of[3].Mean.Value, 3) {
		t.Errorf("alike in the middle of the scale: %+v", of[3])
	}
	// 19 ratings: 15 + 18 + (4+3+4+3+4) + 2.
	if !all.Told() || all.N != 19 || !near(all.Mean.Value, 53.0/19) {
		t.Errorf("all: %+v", all)
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct{ mean, from, to, want float64 }{{1, 1, 4, 0}, {4, 1, 4, 100}, {2.5, 1, 4, 50}, {3, 1, 5, 50}, {0, 0, 0, 0}} {
		if got := survey.Percent(c.mean, c.from, c.to); !near(got, c.want) {
			t.Errorf("%v from %v to %v: %v", c.mean, c.from, c.to, got)
		}
	}
}
