// Package survey makes figures of the answers to a wave: means with intervals, spreads,
// scores of factors, change between waves, how each is rated by the others. What would
// tell how somebody answered is not told.
//
// The rule is one. Of each item, everybody who answered it belongs to one group of a
// division made before (as by sector). A group of too few, or in which all answers but at
// most one are the same, is joined with another, until every group has enough answers and
// at least two that differ from the most frequent. Every figure told is then worked out
// from the groups as they are joined, and would come out the same if any two in a group
// had answered as the other did. So of no set of people smaller than a group can be worked
// out how they answered, whatever sums, shares and differences of all figures of the item
// are taken: in each group that it cuts, somebody within and somebody without answered
// differently, and might as well have answered the other way round.
package survey

import (
	"cmp"
	"maps"
	"slices"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/stats"
)

// None stands where a respondent gave no answer, or was not sure.
const None = disclosure.None

// Rules are the fewest answers that may stand behind a mean, and behind a spread and the
// interval of a mean, from which a spread of few answers could be worked out.
type Rules struct{ Mean, Spread int }

// Usual are the rules where a collaborative set none.
var Usual = Rules{Mean: 5, Spread: 8}

func (r Rules) sound() Rules {
	r.Mean = max(r.Mean, disclosure.Floor)
	r.Spread = max(r.Spread, r.Mean)
	return r
}

// Item is one thing that was answered with a whole number from From to To, by respondent.
// Where From and To are the same, any number may stand, as of hours or money.
type Item struct {
	Key      string
	From, To int
	Answers  []int
}

func (i Item) bounded() bool { return i.From < i.To }

// Group is a group of respondents, numbered from 0. No two groups of a division have a
// respondent in common.
type Group struct {
	Key     string
	Also    []string // keys of groups that were joined with it before
	Members []int
}

// Figure is what may be told of an item in some groups taken together. N, Mean and what
// follows are zero where Why is not empty.
type Figure struct {
	// Groups are the keys of the groups; empty for everybody.
	Groups []string       `json:"groups,omitempty"`
	Why    disclosure.Why `json:"why,omitempty"`
	N      int            `json:"n,omitempty"`
	// Mean is on the item's scale.
	Mean disclosure.Mean `json:"mean"`
	// Half is half the width of the 95 % interval around the mean (stats.MeanHalf); it
	// stands only with a spread, which could be worked out from it.
	Half float64 `json:"half,omitempty"`
	// Spread is how often each answer from From to To was given, or nil with the reason.
	Spread    []int          `json:"spread,omitempty"`
	SpreadWhy disclosure.Why `json:"spread_why,omitempty"`
}

// Told says whether there is a mean.
func (f Figure) Told() bool { return f.Why == "" && f.N > 0 }

// Figures are everybody's figure, and those of the groups as they were joined, in the
// order of the first group in each. There are no parts where all had to be joined.
type Figures struct {
	All   Figure   `json:"all"`
	Parts []Figure `json:"parts,omitempty"`
}

// Of finds the figure that a group is part of.
func (f Figures) Of(group string) (Figure, bool) {
	for _, part := range f.Parts {
		if slices.Contains(part.Groups, group) {
			return part, true
		}
	}
	return Figure{}, false
}

// part is some groups that are joined.
type part struct {
	groups  []int
	members []int
}

// Tell makes the figures of an item.
func (i Item) Tell(division []Group, rules Rules) Figures {
	rules = rules.sound()
	var out Figures
	parts := i.join(division, rules.Mean)
	var everybody []int
	for _, p := range parts {
		everybody = append(everybody, p.members...)
	}
	if len(parts) == 1 && i.fault(parts[0].members, rules.Mean) != "" {
		out.All = i.alike(parts[0].members, rules.Mean)
		return out
	}
	out.All = i.figure(everybody, rules)
	if len(parts) < 2 {
		return out
	}
	for _, p := range parts {
		f := i.figure(p.members, rules)
		for _, g := range p.groups {
			f.Groups = append(append(f.Groups, division[g].Key), division[g].Also...)
		}
		out.Parts = append(out.Parts, f)
	}
	return out
}

// join joins each group that may not be told of with the smallest of the others, the
// smallest group first, until all may be told of or one is left.
func (i Item) join(division []Group, least int) []part {
	parts := make([]part, 0, len(division)+1)
	for g, group := range division {
		var answered []int
		for _, who := range group.Members {
			if i.Answers[who] != None {
				answered = append(answered, who)
			}
		}
		parts = append(parts, part{[]int{g}, answered})
	}
	bySize := func(a, b part) int {
		return cmp.Or(cmp.Compare(len(a.members), len(b.members)), cmp.Compare(a.groups[0], b.groups[0]))
	}
	for len(parts) > 1 {
		slices.SortFunc(parts, bySize)
		wrong := slices.IndexFunc(parts, func(p part) bool { return i.fault(p.members, least) != "" })
		if wrong < 0 {
			break
		}
		one := parts[wrong]
		parts = slices.Delete(parts, wrong, wrong+1)
		parts[0] = part{append(parts[0].groups, one.groups...), append(parts[0].members, one.members...)}
		slices.Sort(parts[0].groups)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.groups[0], b.groups[0]) })
	return parts
}

// fault says why a group may not be told of.
func (i Item) fault(members []int, least int) disclosure.Why {
	if len(members) < least {
		return disclosure.TooFew
	}
	times := map[int]int{}
	for _, who := range members {
		times[i.Answers[who]]++
	}
	if why := disclosure.TellSpread(slices.Collect(maps.Values(times))); why != "" || i.bounded() {
		return why
	}
	return disclosure.TellSum(i.of(members))
}

// figure is what is told of a group that may be told of.
func (i Item) figure(members []int, rules Rules) Figure {
	m := i.moments(members)
	f := Figure{N: m.N, Mean: disclosure.Mean{Value: m.Mean()}, SpreadWhy: disclosure.TooFew}
	if i.bounded() && m.N >= rules.Spread {
		f.SpreadWhy, f.Spread = "", make([]int, i.To-i.From+1)
		for _, who := range members {
			f.Spread[i.Answers[who]-i.From]++
		}
		f.Half, _ = m.MeanHalf()
	}
	return f
}

// alike is what is told of everybody where they may not be told of: that nearly all are
// at an end of the scale, if they are, by the bound that one of another mind could move
// the mean to.
func (i Item) alike(members []int, least int) Figure {
	why := i.fault(members, least)
	if why == disclosure.Alike && i.bounded() {
		n, end := len(members), 0
		for _, who := range members {
			switch i.Answers[who] {
			case i.From:
				end--
			case i.To:
				end++
			}
		}
		far := float64(i.To-i.From) / float64(n)
		switch {
		case end >= n-2 && end > 0:
			return Figure{N: n, Mean: disclosure.Mean{Value: float64(i.To) - far, AtLeast: true}, SpreadWhy: why}
		case -end >= n-2 && end < 0:
			return Figure{N: n, Mean: disclosure.Mean{Value: float64(i.From) + far, AtMost: true}, SpreadWhy: why}
		}
	}
	return Figure{Why: why, SpreadWhy: why}
}

func (i Item) moments(members []int) (m stats.Moments) {
	for _, who := range members {
		m.Add(float64(i.Answers[who]))
	}
	return m
}

func (i Item) of(group []int) []float64 {
	out := make([]float64, len(group))
	for n, who := range group {
		out[n] = float64(i.Answers[who])
	}
	return out
}

// Factor is the score of several items among the same groups: the mean of their means. It
// is worked out from what is told of the items and tells nothing more, whereas a mean of
// each respondent's own score would, where some left an item out. N is the smallest of
// the items, and Half the mean of theirs, which is as wide as the interval can be. If one
// item may not be told, the factor may not.
func Factor(items []Figure) Figure {
	if len(items) == 0 {
		return Figure{Why: disclosure.TooFew, SpreadWhy: disclosure.TooFew}
	}
	out := Figure{Groups: items[0].Groups, N: items[0].N, SpreadWhy: disclosure.TooFew}
	halves := true
	for _, item := range items {
		if !item.Told() {
			return Figure{Groups: item.Groups, Why: cmp.Or(item.Why, disclosure.TooFew), SpreadWhy: disclosure.TooFew}
		}
		out.N = min(out.N, item.N)
		out.Mean.Value += item.Mean.Value / float64(len(items))
		out.Mean.AtMost = out.Mean.AtMost || item.Mean.AtMost
		out.Mean.AtLeast = out.Mean.AtLeast || item.Mean.AtLeast
		out.Half += item.Half / float64(len(items))
		halves = halves && item.Spread != nil
	}
	if !halves {
		out.Half = 0
	}
	return out
}

// Percent puts a mean on a scale from 0 to 100: (mean − from) ÷ (to − from) × 100, with
// from and to the ends of its scale. It is 0 where they are the same.
func Percent(mean, from, to float64) float64 {
	if to <= from {
		return 0
	}
	return (mean - from) / (to - from) * 100
}
