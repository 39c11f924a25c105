package survey_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
)

func TestClasses(t *testing.T) {
	division := []survey.Group{{Key: "arts", Members: span(0, 3)}, {Key: "health", Members: span(3, 25)}, {Key: "schools", Members: span(25, 33)}}
	got := survey.Classes(division, survey.Usual)
	if len(got) != 2 || got[0].Key != "arts" || !slices.Equal(got[0].Also, []string{"schools"}) || len(got[0].Members) != 11 || got[1].Key != "health" {
		t.Errorf("%+v", got)
	}
	answers := make([]int, 33)
	for who := range answers {
		answers[who] = 1 + who%4
	}
	if f := (survey.Item{From: 1, To: 4, Answers: answers}).Tell(bySector(got), survey.Usual); len(f.Parts) != 2 || !slices.Equal(f.Parts[0].Groups, []string{"arts", "schools"}) {
		t.Errorf("the figure of a class names all its groups: %+v", f.Parts)
	}
}

// given is what a file and the figures beside it tell.
type given struct {
	Rows    []int // each a number of class and values
	Why     []disclosure.Why
	Figures []survey.Figures
}

// give makes a file of the items.
func give(classes []survey.Group, items []survey.Item, points []bool, rules survey.Rules) (out given) {
	columns := make([]disclosure.Column, len(items))
	for n, it := range items {
		columns[n] = disclosure.Column{Values: it.Answers, Points: points[n]}
	}
	out.Why = disclosure.Rows(members(classes), columns, rules.Mean)
	for class, c := range classes {
		for _, who := range c.Members {
			row := class
			for n, it := range items {
				row *= 10
				if out.Why[n] == "" && it.Answers[who] != survey.None {
					row += 1 + it.Answers[who]
				}
			}
			out.Rows = append(out.Rows, row)
		}
	}
	slices.Sort(out.Rows)
	return out
}

// figured adds the figures by a division.
func (g given) figured(division []survey.Group, items []survey.Item, rules survey.Rules) given {
	for _, it := range items {
		g.Figures = append(g.Figures, it.Tell(bySector(division), rules))
	}
	return g
}

func members(classes []survey.Group) (out [][]int) {
	for _, c := range classes {
		out = append(out, c.Members)
	}
	return out
}

// attack tries every way to answer and says of which set of fewer people than the rule
// asks for it is told how they answered an item; "" is none. pointed are items whose
// answers the attacker knows of everybody.
func attack(people int, classes []survey.Group, truth []survey.Item, points []bool, rules survey.Rules) string {
	told := give(classes, truth, points, rules).figured(classes, truth, rules)
	items := slices.Clone(truth)
	for n := range items {
		items[n].Answers = slices.Clone(truth[n].Answers)
	}
	sums := make([]map[[2]int]bool, 1<<people)
	for set := range sums {
		sums[set] = map[[2]int]bool{}
	}
	var try func(at int)
	try = func(at int) {
		if at < people*len(items) {
			it := items[at/people]
			if points[at/people] {
				try(at + 1) // is known
				return
			}
			for it.Answers[at%people] = it.From; it.Answers[at%people] <= it.To; it.Answers[at%people]++ {
				try(at + 1)
			}
			return
		}
		g := give(classes, items, points, rules)
		if !slices.Equal(g.Rows, told.Rows) || !slices.Equal(g.Why, told.Why) || !reflect.DeepEqual(g.figured(classes, items, rules), told) {
			return
		}
		for set := range sums {
			if bits.OnesCount(uint(set)) >= rules.Mean {
				continue
			}
			for n, it := range items {
				sum := 0
				for who := range people {
					sum += set >> who & 1 * it.Answers[who]
				}
				sums[set][[2]int{n, sum}] = true
			}
		}
	}
	try(0)
	for set := 1; set < len(sums); set++ {
		if bits.OnesCount(uint(set)) >= rules.Mean {
			continue
		}
		for n := range items {
			ways := 0
			for key := range sums[set] {
				if key[0] == n {
					ways++
				}
			}
			if !points[n] && ways < 2 {
				return fmt.Sprintf("%+v tells how %b answered item %d", told, set, n)
			}
		}
	}
	return ""
}

// world draws who is in which group, and how they answered.
func world(random *rand.Rand, people int, tops []int, points []bool) (division []survey.Group, items []survey.Item) {
	division = make([]survey.Group, 1+random.IntN(3))
	for who := range people {
		g := random.IntN(len(division))
		division[g].Key, division[g].Members = fmt.Sprint(g), append(division[g].Members, who)
	}
	for n, top := range tops {
		it := survey.Item{Key: fmt.Sprint(n), From: 1, To: top}
		for range people {
			it.Answers = append(it.Answers, 1+random.IntN(top))
		}
		items = append(items, it)
	}
	return division, items
}

// joined makes classes of a division as survey.Classes does, at the size that a world of
// so few people can have.
func joined(division []survey.Group, least int) (out []survey.Group) {
	var sizes []int
	for _, g := range division {
		sizes = append(sizes, len(g.Members))
	}
	for _, groups := range disclosure.Classes(sizes, least) {
		var class survey.Group
		for _, g := range groups {
			class.Members = append(class.Members, division[g].Members...)
			class.Also = append(class.Also, division[g].Key)
		}
		class.Key, class.Also = class.Also[0], class.Also[1:]
		out = append(out, class)
	}
	return out
}

// TestFileAndFiguresTogether plays the attacker who has the file and the figures, knows who
// is in which group and, of everybody, what points at them.
func TestFileAndFiguresTogether(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 27))
	rows, pointed := 0, 0
	for range 5 {
		for _, shape := range []struct {
			people int
			tops   []int
			points []bool
		}{{6, []int{2, 3}, []bool{false, false}}, {7, []int{2, 2}, []bool{false, false}}, {8, []int{2, 3}, []bool{true, false}}} {
			rules := survey.Rules{Mean: 3, Spread: 3}
			division, items := world(random, shape.people, shape.tops, shape.points)
			classes := joined(division, rules.Mean)
			if random.IntN(3) > 0 { // more often than chance, a file in which something stands
				for n := range items {
					for k, who := range slices.Concat(members(classes)...) {
						items[n].Answers[who] = 1 + (k+n)%items[n].To
					}
				}
			}
			if found := attack(shape.people, classes, items, shape.points, rules); found != "" {
				t.Fatal(found)
			}
			why := give(classes, items, shape.points, rules).Why
			if slices.Contains(why, "") {
				rows++
			}
			if shape.points[0] && why[0] == "" {
				pointed++
			}
		}
	}
	if rows < 5 || pointed < 1 {
		t.Errorf("only %d files with something in them, %d with something that points", rows, pointed)
	}
}

// TestFileBesideFiguresOfOtherGroups shows why figures are told by the classes of a file.
// By sectors, two people are joined with one sector for one item and with the other for the
// next, which some left out. The file tells that whoever answered both answered the same:
// then the difference of two sums is what the two answered.
func TestFileBesideFiguresOfOtherGroups(t *testing.T) {
	rules := survey.Rules{Mean: 3, Spread: 3}
	two, first, second := span(0, 2), span(2, 6), span(6, 11)
	sectors := []survey.Group{{Key: "two", Members: two}, {Key: "first", Members: first}, {Key: "second", Members: second}}
	classes := joined(sectors, 3)
	make2 := func(ways int) []survey.Item {
		items := []survey.Item{{From: 1, To: 2, Answers: make([]int, 11)}, {From: 1, To: 2, Answers: make([]int, 11)}}
		for who := range 11 {
			items[0].Answers[who] = 1 + ways>>who&1
			items[1].Answers[who] = items[0].Answers[who]
			if who > 8 {
				items[1].Answers[who] = survey.None
			}
		}
		return items
	}
	truth, points := make2(0b00101010101), []bool{false, false}
	for name, c := range map[string]struct {
		division []survey.Group
		leaks    bool
	}{"by sectors": {sectors, true}, "by the classes of the file": {classes, false}} {
		told := give(classes, truth, points, rules).figured(c.division, truth, rules)
		sums := map[int]bool{}
		for ways := range 1 << 11 {
			items := make2(ways)
			if reflect.DeepEqual(give(classes, items, points, rules).figured(c.division, items, rules), told) {
				sums[items[0].Answers[0]+items[0].Answers[1]] = true
			}
		}
		if leaks := len(sums) < 2; leaks != c.leaks {
			t.Errorf("%s: what the two answered is told: %v", name, leaks)
		}
	}
}
