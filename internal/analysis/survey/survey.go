// Package survey makes figures of the answers to a wave: means with intervals, spreads,
// scores of factors, change between waves, how each is rated by the others. What would
// tell how somebody answered is not told.
//
// Figures are told for everybody and by cuts, which are chosen before anything is worked
// out: ways to group the respondents, as by sector, or by the bodies they sit in, of which
// somebody may be in several. Of each item, whoever answered it is counted alone. A group
// of too few, or in which all answers but at most one are the same, is joined with another
// of its cut. Then all groups of all cuts are looked at together (disclosure.Cells): told
// is what leaves everybody enough ways to have answered otherwise without any figure
// changing. Cuts are taken in their order, and a later one is joined further, or not told,
// where it does not go with the earlier ones.
//
// Every figure is worked out from how often each answer was given in a group that is told,
// and is the same in all those ways. So of no set of people smaller than the least can be
// worked out how they answered, whatever sums, shares and differences of all figures of the
// item are taken.
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

// Cut is a way to group the respondents.
type Cut struct {
	Key string
	// Overlaps says that somebody may be in several groups, or in none. In any other cut
	// everybody is in one.
	Overlaps bool
	Groups   []Group
}

// Group is a group of respondents, numbered from 0.
type Group struct {
	Key     string
	Also    []string // keys of groups that were joined with it before
	Members []int
}

// Figure is what may be told of an item in some groups taken together. N, Mean and what
// follows are zero where Why is not empty.
type Figure struct {
	Cut string `json:"cut,omitempty" doc:"Which cut it belongs to; absent for everybody."`
	// Groups are the keys of the groups; empty for everybody.
	Groups []string       `json:"groups,omitempty"`
	Why    disclosure.Why `json:"why,omitempty"`
	// Instead is what may be told where this may not.
	Instead []string `json:"instead,omitempty" doc:"Of a group that is not told of: the cuts by which the item is told; absent where it is told of everybody at most."`
	N       int      `json:"n,omitempty"`
	// Mean is on the item's scale.
	Mean disclosure.Mean `json:"mean"`
	// Half is half the width of the 95 % interval around the mean (stats.MeanHalf); it
	// stands only with a spread, which could be worked out from it.
	Half float64 `json:"half,omitempty"`
	// Spread is how often each answer from From to To was given, or nil with the reason.
	Spread    []int          `json:"spread,omitempty"`
	SpreadWhy disclosure.Why `json:"spread_why,omitempty"`
	// Change is told of groups alone, where the same group was told of in the earlier wave.
	Change *Difference `json:"change,omitempty" doc:"Since the earlier wave, of a group that was told of in both: the difference of the two means."`
}

// Told says whether there is a mean.
func (f Figure) Told() bool { return f.Why == "" && f.N > 0 }

// Figures are everybody's figure, and those of groups: by cut, and in each in the order of
// the first group. A group that is not told of stands there with the reason.
type Figures struct {
	All   Figure   `json:"all"`
	Parts []Figure `json:"parts,omitempty"`

	told [][]int // the members of all groups told of, and everybody
}

// Of finds the figure that a group of a cut is part of.
func (f Figures) Of(cut, group string) (Figure, bool) {
	for _, part := range f.Parts {
		if part.Cut == cut && slices.Contains(part.Groups, group) {
			return part, true
		}
	}
	return Figure{}, false
}

// Tell makes the figures of an item.
func (i Item) Tell(cuts []Cut, rules Rules) Figures {
	return NewPlan(cuts, len(i.Answers), rules).Tell(i)
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

// figure is what is told of a group that may be told of, with its spread where that may be.
func (i Item) figure(members []int, rules Rules, spread bool) Figure {
	m := i.moments(members)
	f := Figure{N: m.N, Mean: disclosure.Mean{Value: m.Mean()}, SpreadWhy: disclosure.TooFew}
	if m.N >= rules.Spread && !spread {
		f.SpreadWhy = disclosure.WorkedOut
	}
	if i.bounded() && spread && m.N >= rules.Spread {
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
	out := Figure{Cut: items[0].Cut, Groups: items[0].Groups, N: items[0].N, SpreadWhy: disclosure.TooFew}
	halves := true
	for _, item := range items {
		if !item.Told() {
			return Figure{Cut: item.Cut, Groups: item.Groups, Why: cmp.Or(item.Why, disclosure.TooFew), SpreadWhy: disclosure.TooFew}
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
