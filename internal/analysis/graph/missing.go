package graph

import "math"

// Range is where a measure can lie when some ties are not known. Both ends are NaN where the measure is not defined.
type Range struct{ Low, High float64 }

// Answers says of which nodes it is known which ties they have, those who answered: answered[v]. A tie is known
// where the one who would report it answered: the node it leads from, or without direction either of the two.
type Answers struct {
	g        *Graph
	answered []bool
	known    float64 // possible ties that are known of
	unknown  float64
	ties     float64 // known ties
	// Pairs with direction of one who answered and one who did not, by whether the first reports a tie.
	named, unnamed float64
	silent         float64 // pairs of two who did not answer
	dyads          Dyads   // of those who answered
}

// Answered looks at a graph knowing who answered. Ties reported by others are not looked at: there should be none.
// It fails with ErrNode where there is not one answer for each node.
func Answered(g *Graph, answered []bool) (*Answers, error) {
	if len(answered) != g.n {
		return nil, ErrNode
	}
	a := &Answers{g: g, answered: answered}
	yes, no := 0.0, 0.0
	for _, is := range answered {
		if is {
			yes++
		} else {
			no++
		}
	}
	a.silent = no * (no - 1) / 2
	both, one := 0.0, 0.0
	for t := range g.All() {
		from, to := answered[t.From], answered[t.To]
		if !from && (g.kind.Directed || !to) {
			continue
		}
		a.ties++
		switch {
		case !from || !to:
			a.named++
		case g.Has(t.To, t.From):
			both++
		default:
			one++
		}
	}
	if !g.kind.Directed {
		both *= 2 // each was seen once
	}
	a.dyads = Dyads{Mutual: int64(both / 2), Asymmetric: int64(one)}
	a.dyads.Null = int64(yes*(yes-1)/2) - a.dyads.Mutual - a.dyads.Asymmetric
	a.unnamed = yes*no - a.named
	a.unknown = a.silent
	if g.kind.Directed {
		a.unknown = no * float64(g.n-1)
	}
	a.known = slots(g) - a.unknown
	return a, nil
}

// Known is the share of possible ties that are known of, there or not: 0 to 1; NaN for fewer than two nodes.
func (a *Answers) Known() float64 { return ratio(a.known, slots(a.g)) }

// Density is the least and the most that Density can be: with none and with all of the unknown ties.
func (a *Answers) Density() Range {
	all := slots(a.g)
	return Range{ratio(a.ties, all), ratio(a.ties+a.unknown, all)}
}

// ObservedDensity is the share of the known possible ties that are there, which is what density would be if those
// who did not answer were like the others. NaN where nothing is known.
func (a *Answers) ObservedDensity() float64 { return ratio(a.ties, a.known) }

// MeanDegree is the least and the most that MeanDegree can be.
func (a *Answers) MeanDegree() Range {
	d, others := a.Density(), float64(a.g.n-1)
	if a.g.n == 1 {
		return Range{0, 0}
	}
	return Range{d.Low * others, d.High * others}
}

// PairsMutual is the least and the most that Dyads.PairsMutual can be. Most: whoever was named by somebody returns
// it, nobody else who did not answer has a tie to one who did, and they are tied both ways among themselves. Least:
// nobody returns a tie, and every other pair that can be is tied one way.
func (a *Answers) PairsMutual() Range {
	mutual, one := float64(a.dyads.Mutual), float64(a.dyads.Asymmetric)
	if !a.g.kind.Directed {
		all := ratio(a.ties, a.ties)
		return Range{all, all}
	}
	low := ratio(mutual, mutual+one+a.named+a.unnamed+a.silent)
	most := mutual + one + a.named + a.silent
	if most == 0 { // no tie can be returned, if there is any
		return Range{low, low}
	}
	return Range{low, (mutual + a.named + a.silent) / most}
}

// InDegrees is the least and the most that the in-degree of each node can be. Without direction it is the degree.
func (a *Answers) InDegrees() []Range {
	least := make([]float64, a.g.n)
	silent := 0
	for _, is := range a.answered {
		if !is {
			silent++
		}
	}
	for t := range a.g.All() {
		if a.answered[t.From] {
			least[t.To]++
		}
		if !a.g.kind.Directed && (a.answered[t.From] || a.answered[t.To]) {
			least[t.From]++
			if !a.answered[t.From] {
				least[t.To]++
			}
		}
	}
	out := make([]Range, a.g.n)
	for v := range out {
		more := silent
		switch {
		case !a.answered[v]:
			more--
		case !a.g.kind.Directed:
			more = 0 // who answered has told of every tie
		}
		out[v] = Range{least[v], math.Max(least[v], least[v]+float64(more))}
	}
	return out
}

// PairsTied is the least and the most pairs that are tied, whatever the direction. Where ties have a direction, a
// pair is open if one answered and named nothing and the other did not answer, or neither did.
func (a *Answers) PairsTied() Range {
	least := float64(a.dyads.Mutual) + float64(a.dyads.Asymmetric) + a.named
	if !a.g.kind.Directed {
		return Range{least, least + a.silent}
	}
	return Range{least, least + a.unnamed + a.silent}
}

// PairsBothWays is the least and the most pairs that are tied both ways. A pair is open if one answered and named the
// other, who did not answer, or neither did. Without direction it is PairsTied.
func (a *Answers) PairsBothWays() Range {
	if !a.g.kind.Directed {
		return a.PairsTied()
	}
	least := float64(a.dyads.Mutual)
	return Range{least, least + a.named + a.silent}
}
