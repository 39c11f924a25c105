package survey_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
)

// tell makes figures of an item by cuts.
type tell func(it survey.Item, cuts []survey.Cut, rules survey.Rules) survey.Figures

func byTheRule(it survey.Item, cuts []survey.Cut, rules survey.Rules) survey.Figures {
	return it.Tell(cuts, rules)
}

// eachGroupAlone is what would be told if the rule did not look at groups together: any
// group that may be told of by itself.
func eachGroupAlone(it survey.Item, cuts []survey.Cut, rules survey.Rules) survey.Figures {
	out := it.Tell(nil, rules)
	for _, cut := range cuts {
		for _, g := range cut.Groups {
			own := survey.Item{From: it.From, To: it.To, Answers: slices.Repeat([]int{survey.None}, len(it.Answers))}
			for _, who := range g.Members {
				own.Answers[who] = it.Answers[who]
			}
			f := own.Tell(nil, rules).All
			f.Cut, f.Groups = cut.Key, []string{g.Key}
			out.Parts = append(out.Parts, f)
		}
	}
	return out
}

// workedOut plays the attacker who knows who is in which group of every cut, and how
// figures are made. It tries every way in which people could have answered and keeps those
// that give the very figures told, the joining of groups, the refusals and their reasons
// included. It returns a set of fewer people than the rule asks for of which all these ways
// have the same sum; nil is none. Answers are 1 and 2.
//
// People who are in the same groups are interchangeable in all that is told: a way is how
// many of each such block answered 2, and a set how many of each block are in it.
func workedOut(truth survey.Item, cuts []survey.Cut, rules survey.Rules, tell tell) []int {
	blocks := blocksOf(cuts, len(truth.Answers))
	heard := func(answers []int) survey.Figures {
		f := tell(survey.Item{From: truth.From, To: truth.To, Answers: answers}, cuts, rules)
		return survey.Figures{All: f.All, Parts: f.Parts}
	}
	told := heard(truth.Answers)
	var sets [][]int
	var choose func(set []int, left int)
	choose = func(set []int, left int) {
		if len(set) == len(blocks) {
			if left < rules.Mean-1 {
				sets = append(sets, slices.Clone(set))
			}
			return
		}
		for n := range 1 + min(left, len(blocks[len(set)])) {
			choose(append(set, n), left-n)
		}
	}
	choose(nil, rules.Mean-1)
	least, most := make([]int, len(sets)), make([]int, len(sets))
	for n := range sets {
		least[n] = math.MaxInt
	}
	answers := make([]int, len(truth.Answers))
	var try func(twos []int)
	try = func(twos []int) {
		if len(twos) < len(blocks) {
			for n := range len(blocks[len(twos)]) + 1 {
				for k, who := range blocks[len(twos)] {
					if answers[who] = 1; k < n {
						answers[who] = 2
					}
				}
				try(append(twos, n))
			}
			return
		}
		if !reflect.DeepEqual(heard(answers), told) {
			return
		}
		for n, set := range sets {
			low, high := 0, 0
			for b, some := range set {
				low += max(0, some-(len(blocks[b])-twos[b]))
				high += min(some, twos[b])
			}
			least[n], most[n] = min(least[n], low), max(most[n], high)
		}
	}
	try(nil)
	for n, set := range sets {
		if least[n] == most[n] {
			return set
		}
	}
	return nil
}

// blocksOf are the people who are in the same groups.
func blocksOf(cuts []survey.Cut, people int) (out [][]int) {
	at := map[string]int{}
	for who := range people {
		in := ""
		for _, cut := range cuts {
			for _, g := range cut.Groups {
				in += fmt.Sprint(slices.Contains(g.Members, who))
			}
		}
		if _, known := at[in]; !known {
			at[in] = len(out)
			out = append(out, nil)
		}
		out[at[in]] = append(out[at[in]], who)
	}
	return out
}

// drawn draws how people answered, and cuts: some in which everybody is in one group, some
// whose groups overlap.
func drawn(random *rand.Rand, people, top, cuts, groups int) (truth survey.Item, out []survey.Cut) {
	for n := range cuts {
		cut := survey.Cut{Key: fmt.Sprint("cut", n), Overlaps: random.IntN(2) == 0}
		for g := range 1 + random.IntN(groups) {
			cut.Groups = append(cut.Groups, survey.Group{Key: fmt.Sprint(g)})
		}
		share := 2 + random.IntN(groups)
		for who := range people {
			one := min(random.IntN(share), len(cut.Groups)-1)
			for g := range cut.Groups {
				if g == one && !cut.Overlaps || cut.Overlaps && random.IntN(share) == 0 {
					cut.Groups[g].Members = append(cut.Groups[g].Members, who)
				}
			}
		}
		out = append(out, cut)
	}
	truth = survey.Item{From: 1, To: top}
	often := top + random.IntN(2)
	for range people {
		truth.Answers = append(truth.Answers, 1+min(top-1, random.IntN(often)))
	}
	return truth, out
}

// told counts the cuts by which something is told.
func told(f survey.Figures) int {
	by := map[string]bool{}
	for _, part := range f.Parts {
		if part.Told() {
			by[part.Cut] = true
		}
	}
	return len(by)
}

// TestNobodyIsWorkedOut attacks what is told of up to thirty people by up to three cuts,
// overlapping ones among them. The same attack finds somebody where every group is told of as
// if it were the only one.
func TestNobodyIsWorkedOut(t *testing.T) {
	random := rand.New(rand.NewPCG(seed, 31))
	together, partly, without := 0, 0, 0
	for n := 0; n < worlds; {
		rules := survey.Rules{Mean: 3 + random.IntN(3), Spread: 6}
		truth, cuts := drawn(random, 10+random.IntN(22), 2, 1+random.IntN(3), 2)
		ways := 1
		for _, block := range blocksOf(cuts, len(truth.Answers)) {
			ways *= len(block) + 1
		}
		if ways > mostWays {
			continue
		}
		n++
		f := truth.Tell(cuts, rules)
		if set := workedOut(truth, cuts, rules, byTheRule); set != nil {
			t.Errorf("world %d, least %d: %+v tells what a set answered together, %v of the blocks %v; answers %v, cuts %+v", n, rules.Mean, f, set, blocksOf(cuts, len(truth.Answers)), truth.Answers, cuts)
		}
		switch by := told(f); {
		case by > 1:
			together++
		case by < len(cuts):
			partly++
		}
		if workedOut(truth, cuts, rules, eachGroupAlone) != nil {
			without++
		}
	}
	t.Logf("of %d worlds, %d tell several cuts and %d some alone; without the rule, %d would tell of somebody", worlds, together, partly, without)
	if together < worlds/20 || without == 0 {
		t.Error("the test says nothing")
	}
}

// How many worlds are attacked, and how many ways to answer one may have. With 2,000 worlds
// of 3,000 ways, the attack found nobody either; it took four minutes.
const worlds, mostWays, seed = 60, 4000, 1

// TestTwoGroupsThatShareAllButTwo shows what overlapping groups tell together: the two who
// are in one of them alone would be known by the difference. So whoever is in either is told
// of together.
func TestTwoGroupsThatShareAllButTwo(t *testing.T) {
	truth := survey.Item{From: 1, To: 4, Answers: []int{1, 2, 3, 4, 1, 2, 3, 4, 4, 1, 2, 3, 4, 1, 2, 3, 2, 2}}
	cuts := []survey.Cut{{Key: "body", Overlaps: true, Groups: []survey.Group{{Key: "one", Members: span(0, 10)}, {Key: "two", Members: span(0, 12)}}}}
	f := truth.Tell(cuts, survey.Usual)
	if one, _ := f.Of("body", "one"); !one.Told() || one.N != 12 || !slices.Equal(one.Groups, []string{"one", "two"}) {
		t.Errorf("%+v", f)
	}
	// With two people fewer outside there is nothing that may be told of.
	truth.Answers = truth.Answers[:16]
	f = truth.Tell(cuts, survey.Usual)
	if one, _ := f.Of("body", "one"); one.Told() || one.Why != disclosure.WorkedOut || one.Instead != nil {
		t.Errorf("four are left over, and are told of: %+v", f)
	}
}

// TestSeveralCuts tells of forty people by two cuts: each is told, in groups large enough
// that they go together.
func TestSeveralCuts(t *testing.T) {
	truth := survey.Item{From: 1, To: 4}
	sector, years := survey.Cut{Key: "sector", Groups: make([]survey.Group, 4)}, survey.Cut{Key: "years", Groups: make([]survey.Group, 3)}
	for who := range 40 {
		truth.Answers = append(truth.Answers, 1+who*7/3%4)
		s, y := &sector.Groups[who%4], &years.Groups[who/4%3]
		s.Key, s.Members = fmt.Sprint("s", who%4), append(s.Members, who)
		y.Key, y.Members = fmt.Sprint("y", who/4%3), append(y.Members, who)
	}
	for _, c := range []struct {
		cuts []survey.Cut
		want string
	}{
		{[]survey.Cut{sector}, "sector[s0] 10 sector[s1] 10 sector[s2] 10 sector[s3] 10 "},
		{[]survey.Cut{years}, "years[y0] 16 years[y1] 12 years[y2] 12 "},
		{[]survey.Cut{sector, years}, "sector[s0 s1] 20 sector[s2 s3] 20 years[y0] 16 years[y1] 12 years[y2] 12 "},
		{[]survey.Cut{years, sector}, "years[y0] 16 years[y1] 12 years[y2] 12 sector[s0 s1] 20 sector[s2 s3] 20 "},
	} {
		got := ""
		for _, part := range truth.Tell(c.cuts, survey.Usual).Parts {
			got += fmt.Sprint(part.Cut, part.Groups, " ", part.N, " ")
		}
		if got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestHiddenGroupsAreNotSolvedFor takes larger worlds, and solves by linear equations from
// all groups told of for every group that is hidden, every crossing of two groups and every
// single person.
func TestHiddenGroupsAreNotSolvedFor(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 31))
	several, without := 0, 0
	for range 60 {
		truth, cuts := drawn(random, 20+random.IntN(60), 4, 2+random.IntN(2), 5)
		f := truth.Tell(cuts, survey.Usual)
		if told(f) > 1 {
			several++
		}
		if set := solved(truth, cuts, f); set != nil {
			t.Errorf("%v is solved for: %+v", set, f)
		}
		if solved(truth, cuts, eachGroupAlone(truth, cuts, survey.Usual)) != nil {
			without++
		}
	}
	t.Logf("%d worlds tell several cuts; without the rule %d would be solved", several, without)
	if several < 10 || without < 5 {
		t.Error("the test says nothing")
	}
}

// solved is a set of fewer people than the least whose sum follows from those of the groups
// told of; nil is none.
func solved(truth survey.Item, cuts []survey.Cut, f survey.Figures) []int {
	people := len(truth.Answers)
	indicator := func(members []int) []float64 {
		row := make([]float64, people)
		for _, who := range members {
			row[who] = 1
		}
		return row
	}
	var rows [][]float64
	reduce := func(row []float64) int {
		for _, r := range rows {
			if at := slices.IndexFunc(r, func(v float64) bool { return v != 0 }); row[at] != 0 {
				times := row[at] / r[at]
				for k := range row {
					if row[k] -= times * r[k]; math.Abs(row[k]) < 1e-9 {
						row[k] = 0
					}
				}
			}
		}
		return slices.IndexFunc(row, func(v float64) bool { return v != 0 })
	}
	add := func(members []int) {
		if row := indicator(members); reduce(row) >= 0 {
			rows = append(rows, row)
		}
	}
	add(span(0, people))
	var groups [][]int
	for _, cut := range cuts {
		for _, part := range f.Parts {
			if part.Cut != cut.Key || !part.Told() {
				continue
			}
			var members []int
			for _, g := range cut.Groups {
				if slices.Contains(part.Groups, g.Key) {
					members = append(members, g.Members...)
				}
			}
			slices.Sort(members)
			add(slices.Compact(members))
		}
		for _, g := range cut.Groups {
			groups = append(groups, g.Members)
		}
	}
	within := func(a, b []int, both bool) (out []int) {
		for _, who := range a {
			if slices.Contains(b, who) == both {
				out = append(out, who)
			}
		}
		return out
	}
	var sets [][]int
	for who := range people {
		sets = append(sets, []int{who})
	}
	for _, a := range groups {
		sets = append(sets, a, within(span(0, people), a, false))
		for _, b := range groups {
			sets = append(sets, within(a, b, true), within(a, b, false))
		}
	}
	for _, set := range sets {
		if len(set) > 0 && len(set) < survey.Usual.Mean && reduce(indicator(set)) < 0 {
			return set
		}
	}
	return nil
}
