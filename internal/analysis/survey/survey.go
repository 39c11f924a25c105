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

// part is some groups of a cut that are joined.
type part struct {
	cut     int
	groups  []int
	members []int
	why     disclosure.Why // why it is not told of
}

// Tell makes the figures of an item.
func (i Item) Tell(cuts []Cut, rules Rules) Figures {
	return NewPlan(cuts, len(i.Answers), rules).Tell(i)
}

// Tell makes the figures of an item by the cuts of a plan.
func (p *Plan) Tell(i Item) Figures {
	cuts, rules := p.cuts, p.rules
	everybody := i.others(nil)
	if i.fault(everybody, rules.Mean) != "" {
		return Figures{All: i.alike(everybody, rules.Mean)}
	}
	out := Figures{All: i.figure(everybody, rules, true), told: [][]int{everybody}}
	parts := p.parts(i)
	told := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.why != "" })
	var by []string
	for _, p := range told {
		out.told = append(out.told, p.members)
		if key := cuts[p.cut].Key; !slices.Contains(by, key) {
			by = append(by, key)
		}
	}
	spreads := i.spreads(told, rules)
	for _, p := range parts {
		f := Figure{Why: p.why, SpreadWhy: p.why, Instead: by}
		if p.why == "" {
			f = i.figure(p.members, rules, spreads[0])
			spreads = spreads[1:]
		}
		f.Cut = cuts[p.cut].Key
		for _, g := range p.groups {
			f.Groups = append(append(f.Groups, cuts[p.cut].Groups[g].Key), cuts[p.cut].Groups[g].Also...)
		}
		out.Parts = append(out.Parts, f)
	}
	return out
}

// Plan is how figures of items are told by some cuts. It is worked out once for all items.
type Plan struct {
	cuts  []Cut
	rules Rules
	// paths are, for so many of the cuts as their place says and one more, how their groups
	// are joined one after the other. They depend on nothing but who is in which.
	paths [][][][]part
}

// NewPlan makes the plan of some cuts.
func NewPlan(cuts []Cut, respondents int, rules Rules) *Plan {
	p := &Plan{cuts: cuts, rules: rules.sound()}
	for n := range cuts {
		var path [][][]part
		if n > 0 || cuts[0].Overlaps {
			path = p.path(Item{Answers: make([]int, respondents), To: 1}, n+1)
		}
		p.paths = append(p.paths, path)
	}
	return p
}

// groups are the groups of all cuts with those in them who answered an item. A cut that has
// everybody in one group has none.
func (p *Plan) groups(i Item) [][]part {
	all := make([][]part, len(p.cuts))
	for n, cut := range p.cuts {
		for g, group := range cut.Groups {
			if members := i.answered(group.Members); len(members) > 0 || !cut.Overlaps {
				all[n] = append(all[n], part{cut: n, groups: []int{g}, members: members})
			}
		}
		if !cut.Overlaps && len(all[n]) < 2 {
			all[n] = nil
		}
	}
	return all
}

// path joins the smallest group of any of the first cuts with the next of its cut, from
// where everybody has room to have answered otherwise until a cut would be gone by it.
func (p *Plan) path(everybody Item, cuts int) (out [][][]part) {
	told := p.groups(everybody)[:cuts]
	for ; len(told) > 0; told = joinSmallest(p.cuts, told) {
		if len(out) == 0 && !everybody.cells(slices.Concat(told...)).Roomy(p.rules.Mean) {
			continue
		}
		state := make([][]part, len(told))
		for n := range told {
			state[n] = slices.Clone(told[n])
		}
		out = append(out, state)
	}
	return out
}

// parts decides what is told by which cut, in their order.
func (p *Plan) parts(i Item) (out []part) {
	told := p.fitting(i)
	for n, parts := range p.groups(i) {
		switch {
		case n < len(told) && len(told[n]) > 0:
			slices.SortFunc(told[n], func(a, b part) int { return cmp.Compare(a.groups[0], b.groups[0]) })
			out = append(out, told[n]...)
		case len(parts) > 0:
			out = append(out, refused(parts, p.rules.Mean))
		}
	}
	return out
}

// refused is a whole cut that is not told. That all answered alike somewhere is no reason:
// it would be told of them then.
func refused(parts []part, least int) part {
	joined := parts[0]
	few := false
	for n, p := range parts {
		if few = few || len(p.members) < least; n > 0 {
			joined = joined.with(p)
		}
	}
	if joined.why = disclosure.WorkedOut; few {
		joined.why = disclosure.TooFew
	}
	return joined
}

// fitting are the parts of the cuts that are told, as they are joined: of all cuts together,
// or else without the last one, and so on. What people answered decides alone how far on its
// path that is: as early as a search by halves finds everybody secure.
func (p *Plan) fitting(i Item) [][]part {
	least := p.rules.Mean
	for n := len(p.cuts); n > 0; n-- {
		if n == 1 && !p.cuts[0].Overlaps {
			if parts := i.join(p.groups(i)[0], least); len(parts) > 1 {
				return [][]part{parts}
			}
			break
		}
		path := p.paths[n-1]
		var found [][]part
		for from, to := 0, len(path); from < to; {
			at := (from + to) / 2
			if from == 0 && to == len(path) {
				at = 0
			}
			told := i.among(path[at])
			if i.secure(slices.Concat(told...), least) {
				found, to = told, at
			} else {
				from = at + 1
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// among are some parts with those in them who answered.
func (i Item) among(parts [][]part) [][]part {
	out := make([][]part, len(parts))
	for n, list := range parts {
		for _, p := range list {
			p.members = i.answered(p.members)
			out[n] = append(out[n], p)
		}
	}
	return out
}

// joinSmallest joins the smallest group of any cut with the next of its cut; nil where a cut
// would then be everybody or nobody.
func joinSmallest(cuts []Cut, told [][]part) [][]part {
	at, smallest := -1, part{}
	for n, parts := range told {
		for _, p := range parts {
			if at < 0 || len(p.members) <= len(smallest.members) {
				at, smallest = n, p
			}
		}
	}
	if at < 0 {
		return nil
	}
	parts := told[at]
	slices.SortFunc(parts, bySize)
	if len(parts) == 1 || len(parts) == 2 && !cuts[at].Overlaps {
		return nil
	}
	parts[1] = parts[0].with(parts[1])
	told[at] = parts[1:]
	return told
}

// cells are all groups told of.
func (i Item) cells(parts []part) disclosure.Cells {
	out := disclosure.Cells{Answers: i.Answers, Alone: !i.bounded()}
	for _, p := range parts {
		out.Members = append(out.Members, p.members)
	}
	return out
}

// secure says whether some parts may be told of together.
func (i Item) secure(parts []part, least int) bool {
	fault := func(members []int) disclosure.Why { return i.fault(members, least) }
	return !slices.ContainsFunc(parts, func(p part) bool { return fault(p.members) != "" }) && i.cells(parts).Secure(least, fault)
}

// spreads says of which parts the spread is told. That of a group which is too small for
// one would follow from those of the others: so the smallest ones are left out, a fifth at a
// time, until none follows.
func (i Item) spreads(told []part, rules Rules) []bool {
	out := make([]bool, len(told))
	large := slices.DeleteFunc(slices.Clone(told), func(p part) bool { return len(p.members) < rules.Spread })
	if rules.Spread == rules.Mean || i.secure(large, rules.Spread) {
		for n, p := range told {
			out[n] = len(p.members) >= rules.Spread
		}
		return out
	}
	var spread []part
	for from := 0; from < len(told); {
		var more []int
		for cut := told[from].cut; from < len(told) && told[from].cut == cut; from++ {
			if len(told[from].members) >= rules.Spread {
				more = append(more, from)
			}
		}
		slices.SortFunc(more, func(a, b int) int { return bySize(told[b], told[a]) })
		for ; len(more) > 0; more = more[:len(more)-1-len(more)/5] {
			var parts []part
			for _, n := range more {
				parts = append(parts, told[n])
			}
			if i.secure(slices.Concat(spread, parts), rules.Spread) {
				spread = append(spread, parts...)
				break
			}
		}
		for _, n := range more {
			out[n] = true
		}
	}
	return out
}

func bySize(a, b part) int {
	return cmp.Or(cmp.Compare(len(a.members), len(b.members)), cmp.Compare(a.groups[0], b.groups[0]))
}

// with joins two parts; whoever is in both counts once.
func (p part) with(other part) part {
	p.groups = slices.Concat(p.groups, other.groups)
	slices.Sort(p.groups)
	p.members = slices.Concat(p.members, other.members)
	slices.Sort(p.members)
	p.members = slices.Compact(p.members)
	return p
}

// answered are those of a group who answered the item.
func (i Item) answered(group []int) (out []int) {
	for _, who := range group {
		if i.Answers[who] != None {
			out = append(out, who)
		}
	}
	return out
}

// join joins each group that may not be told of with the smallest of the others, the
// smallest group first, until all may be told of or one is left.
func (i Item) join(parts []part, least int) []part {
	parts = slices.Clone(parts)
	for len(parts) > 1 {
		slices.SortFunc(parts, bySize)
		wrong := slices.IndexFunc(parts, func(p part) bool { return i.fault(p.members, least) != "" })
		if wrong < 0 {
			break
		}
		one := parts[wrong]
		parts = slices.Delete(parts, wrong, wrong+1)
		parts[0] = parts[0].with(one)
	}
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
