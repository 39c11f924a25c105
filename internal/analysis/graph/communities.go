package graph

import (
	"context"
	"math"
)

// Modularity is how much more of the weight of ties lies within parts than chance would put there:
// Σ_c (W_c ÷ W − γ(S_c ÷ 2W)²) with W the weight of all ties, W_c of those within part c and S_c the strengths in
// it (Newman and Girvan 2004; γ by Reichardt and Bornholdt 2006); −1/2 to 1 for γ = 1. Direction is not looked at.
// It is NaN without ties, and ErrNode where of has not one part for each node.
func Modularity(g *Graph, of []int32, resolution float64) (float64, error) {
	g = g.Undirected()
	if len(of) != g.n {
		return 0, ErrNode
	}
	parts := int32(0)
	for _, c := range of {
		if c < 0 || int(c) >= g.n {
			return 0, ErrNode
		}
		parts = max(parts, c+1)
	}
	within, strength := make([]float64, parts), make([]float64, parts)
	total := 0.0
	for v := range int32(g.n) {
		for i := g.out.at[v]; i < g.out.at[v+1]; i++ {
			w := g.out.weightAt(i)
			total += w
			strength[of[v]] += w
			if of[v] == of[g.out.to[i]] {
				within[of[v]] += w
			}
		}
	}
	if total == 0 {
		return math.NaN(), nil
	}
	q := 0.0
	for c := range within {
		q += within[c]/total - resolution*(strength[c]/total)*(strength[c]/total)
	}
	return q, nil
}

// Search says how communities are looked for. The zero value is resolution 1, two rounds, seed 0, and ten starts in
// graphs of up to a thousand nodes, where an unlucky order of nodes shows most and costs least.
type Search struct {
	Resolution float64 // γ of Modularity; larger gives smaller communities
	Rounds     int     // how often the whole is gone over, each time from what the last gave
	Starts     int     // how often it begins anew, in another order; the best is taken
	Seed       uint64
}

// StandardRounds is how often Leiden goes over the whole.
const StandardRounds = 2

// Leiden parts a graph into communities of high modularity, each of which hangs together (Traag, Waltman and van
// Eck 2019, Sci. Rep. 9:5233). Where they draw by chance which part of a community a node joins while refining, the
// best is taken here; the order of nodes is by chance. Communities are numbered in the order of their lowest node.
// It fails when ctx ends.
func Leiden(ctx context.Context, g *Graph, search Search) (parts Parts, modularity float64, err error) {
	if search.Resolution <= 0 {
		search.Resolution = 1
	}
	if search.Rounds <= 0 {
		search.Rounds = StandardRounds
	}
	if search.Starts <= 0 {
		if search.Starts = 1; g.n <= 1000 {
			search.Starts = 10
		}
	}
	g = g.Undirected()
	best := make([]int32, g.n)
	for v := range best {
		best[v] = int32(v)
	}
	if len(g.out.to) == 0 {
		return renumbered(best, g.n), math.NaN(), nil
	}
	l := newLeiden(g, search)
	most := math.Inf(-1)
	for range search.Starts {
		of, q, err := l.search(ctx, g, search)
		if err != nil {
			return Parts{}, 0, err
		}
		if q > most+1e-12 {
			best, most = of, q
		}
	}
	parts = renumbered(best, g.n)
	modularity, err = Modularity(g, parts.Of, search.Resolution)
	return parts, modularity, err
}

// search goes over the whole until it gains nothing, or as often as it may.
func (l *leiden) search(ctx context.Context, g *Graph, search Search) (of []int32, q float64, err error) {
	of, q = make([]int32, g.n), math.Inf(-1)
	for v := range of {
		of[v] = int32(v)
	}
	for range search.Rounds {
		if of, err = l.round(ctx, of); err != nil {
			return nil, 0, err
		}
		last := q
		if q, err = Modularity(g, of, search.Resolution); err != nil || q <= last+1e-12 {
			return of, q, err
		}
	}
	return of, q, nil
}
