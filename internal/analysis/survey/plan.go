package survey

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/disclosure"
)

// part is some groups of a cut that are joined.
type part struct {
	cut     int
	groups  []int
	members []int
	why     disclosure.Why // why it is not told of
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
