package graph

import (
	"context"
	"errors"
	"math"
)

// StandardDamping is the chance of going on along a tie (Brin and Page 1998).
const StandardDamping = 0.85

// ErrNoConvergence says that a measure did not settle within the number of rounds it is given.
var ErrNoConvergence = errors.New("graph: did not converge")

// ErrDamping says that a damping is not between 0 and 1.
var ErrDamping = errors.New("graph: damping out of range")

// PageRank is how likely somebody is met at each node who goes along ties by chance, each tie by its weight, and
// with probability 1 − damping jumps to any node; 0 to 1, with sum 1. From a node without ties out they jump too,
// to any node alike, as igraph's default does. Values are right to 1e-11 in sum. damping is 0 to below 1. It fails
// with ErrDamping, ErrNoConvergence, or when ctx ends.
func PageRank(ctx context.Context, g *Graph, damping float64) ([]float64, error) {
	if !(damping >= 0 && damping < 1) {
		return nil, ErrDamping
	}
	n := g.n
	if n == 0 {
		return []float64{}, nil
	}
	// flow is damping times the rank ÷ strength, which is what each tie carries by its weight.
	rank, flow, rate := make([]float64, n), make([]float64, n), OutStrengths(g)
	idle := 0.0
	for v := range rank {
		rank[v] = 1 / float64(n)
		if rate[v] == 0 {
			idle += rank[v]
			continue
		}
		rate[v] = damping / rate[v]
		flow[v] = rank[v] * rate[v]
	}
	at, to := g.in.at, g.in.to
	// Values are used as soon as they are new (Gauss and Seidel), in the order of the nodes.
	const rounds = 10_000
	for range rounds {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		moved, total := 0.0, 0.0
		for v := range rank {
			sum := 0.0
			if g.in.weight == nil {
				for _, u := range to[at[v]:at[v+1]] {
					sum += flow[u]
				}
			} else {
				weights := g.in.weight[at[v]:at[v+1]]
				for i, u := range to[at[v]:at[v+1]] {
					sum += flow[u] * weights[i]
				}
			}
			now := sum + (1-damping+damping*idle)/float64(n)
			if rate[v] == 0 {
				idle += now - rank[v]
			} else {
				flow[v] = now * rate[v]
			}
			moved += math.Abs(now - rank[v])
			rank[v] = now
			total += now
		}
		if moved*damping <= 1e-12*(1-damping) {
			for v := range rank {
				rank[v] /= total
			}
			return rank, nil
		}
	}
	return nil, ErrNoConvergence
}
