package survey

import (
	"cmp"
	"math"
	"slices"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/stats"
)

// Difference is how much a mean has moved from one wave to the next.
type Difference struct {
	Why   disclosure.Why `json:"why,omitempty"`
	N     int            `json:"n,omitempty"` // of the smaller wave, or of those in both
	Value float64        `json:"value"`
	// Half is half the width of the 95 % interval; 0 where it may not be told.
	Half float64 `json:"half,omitempty"`
}

// Beyond says whether the interval leaves 0 out.
func (d Difference) Beyond() bool { return d.Why == "" && d.Half > 0 && math.Abs(d.Value) > d.Half }

// Change is the difference between everybody in one wave and everybody in the next, and
// that within those who answered in both, which who joined and who left does not move.
type Change struct {
	All     Difference `json:"all"`
	Matched Difference `json:"matched"`
}

// Same pairs a respondent of the earlier wave with the same person in the later one.
type Same struct{ Before, After int }

// Asked is an item in one wave, with what is told of it there (Tell) and other groups of
// whom its mean is told, as those compared with another wave before.
type Asked struct {
	Item
	Figures Figures
	Told    [][]int
}

// Compare tells how an item moved. Both waves must ask it on the same scale.
func Compare(before, after Asked, same []Same, rules Rules) Change {
	rules = rules.sound()
	return Change{all(before, after), matched(before, after, same, rules)}
}

// all is worked out from what is told of either wave.
func all(before, after Asked) Difference {
	everybody := [2]Figure{before.Figures.All, after.Figures.All}
	for _, f := range everybody {
		if !f.Told() {
			return Difference{Why: cmp.Or(f.Why, disclosure.TooFew)}
		}
		if f.Mean.AtMost || f.Mean.AtLeast {
			return Difference{Why: disclosure.Alike}
		}
	}
	out := Difference{N: min(everybody[0].N, everybody[1].N), Value: everybody[1].Mean.Value - everybody[0].Mean.Value}
	if everybody[0].Spread != nil && everybody[1].Spread != nil {
		out.Half, _ = stats.DifferenceHalf(before.everybody(), after.everybody())
	}
	return out
}

// matched is told only if in either wave those in both, and those who are not, may be told
// of each like a group, and no small set could be worked out from the mean of those in both
// beside those of the groups.
func matched(before, after Asked, same []Same, rules Rules) Difference {
	var groups [2][]int
	var differences stats.Moments
	for _, s := range same {
		b, a := before.Answers[s.Before], after.Answers[s.After]
		if b == None || a == None {
			continue
		}
		groups[0], groups[1] = append(groups[0], s.Before), append(groups[1], s.After)
		differences.Add(float64(a - b))
	}
	for w, asked := range [2]Asked{before, after} {
		if why := asked.fault(groups[w], rules.Mean); why != "" {
			return Difference{Why: why}
		}
		if others := asked.others(groups[w]); len(others) > 0 && asked.fault(others, rules.Mean) != "" {
			return Difference{Why: disclosure.WorkedOut}
		}
		told := slices.Concat(asked.Told, asked.Figures.told)
		if why := disclosure.Decide(len(asked.Answers), told, [][]int{groups[w]}, rules.Mean)[0]; why != "" {
			return Difference{Why: why}
		}
	}
	out := Difference{N: differences.N, Value: differences.Mean()}
	// All having moved by the same would tell of each how far.
	if out.N >= rules.Spread && differences.Variance() > 0 {
		out.Half, _ = differences.MeanHalf()
	}
	return out
}

// others are those who answered and are not in a group.
func (i Item) others(group []int) (out []int) {
	within := make([]bool, len(i.Answers))
	for _, who := range group {
		within[who] = true
	}
	for who, answer := range i.Answers {
		if answer != None && !within[who] {
			out = append(out, who)
		}
	}
	return out
}

func (i Item) everybody() stats.Moments { return i.moments(i.others(nil)) }
