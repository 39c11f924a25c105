package graph

import (
	"context"
	"errors"
	"math"
)

// MostExact is how many nodes a graph may have for Sampling to leave betweenness exact: about two seconds on two
// cores with ten ties each.
const MostExact = 5000

// ErrPaths says that there are more shortest paths between two nodes than a float64 can count (10^308).
var ErrPaths = errors.New("graph: too many shortest paths to count")

// Sampling says from how many nodes paths are followed. The zero value is exact up to MostExact nodes, and from
// StandardPivots nodes beyond.
type Sampling struct {
	Pivots int     // from so many nodes drawn by chance; from all where it is not below their number
	Seed   uint64  // of the draw
	Nodes  []int32 // from these and no others; then nothing is scaled and there are no errors
}

// StandardPivots is from how many nodes paths are followed where a graph is too large for all.
const StandardPivots = 1000

// Between is how often nodes lie between others.
type Between struct {
	// Values is for each node v the sum over pairs (s, t) of the share of shortest paths from s to t that lead
	// through v (Freeman 1977; Brandes 2001, J. Math. Sociol. 25:163), 0 to (n − 1)(n − 2); without direction each
	// pair counts once, so it is at most half of that. Not normalised, as in igraph and sna.
	Values []float64
	// Errors is the standard error of each value where Pivots is below the number of nodes, else nil: the paths of
	// each pivot are one observation (Brandes and others 2007, Int. J. Bifurcat. Chaos 17:2303), drawn without
	// putting back. For nodes that owe their value to few sources it is too small, and the value then more likely
	// too low: trust what stands out by several errors.
	Errors []float64
	// Pivots is from how many nodes paths were followed.
	Pivots int
}

// BetweennessShare is a value of Betweenness ÷ the most it could be in a graph of so many nodes, (n − 1)(n − 2) and
// half of it without direction: 0 to 1; NaN for fewer than three nodes.
func BetweennessShare(g *Graph, value float64) float64 {
	most := float64(g.n-1) * float64(g.n-2)
	if g.n < 3 {
		return math.NaN()
	}
	if !g.kind.Directed {
		most /= 2
	}
	return value / most
}

// Betweenness follows the shortest paths from all nodes, or from a sample of them. It takes n·m steps, on all
// processors, and stops when ctx ends. It fails with ErrPaths or ErrNode.
func Betweenness(ctx context.Context, g *Graph, length Length, sampling Sampling) (Between, error) {
	sources, sampled, err := sampling.sources(g.n)
	if err != nil {
		return Between{}, err
	}
	// Sources are dealt out in a fixed number of stretches, each with sums of its own that are added in order at
	// the end, so that rounding does not depend on the number of processors.
	pieces := min(len(sources), 32)
	sums, squares := make([][]float64, pieces), make([][]float64, pieces)
	r := length.measured(g.out)
	err = inPieces(ctx, pieces, func() *sweep { return newSweep(g.n, r) }, func(s *sweep, piece int) {
		s.sum = make([]float64, g.n)
		if s.square = nil; sampled {
			s.square = make([]float64, g.n)
		}
		from, to := stretch(len(sources), piece, pieces)
		for _, source := range sources[from:to] {
			if ctx.Err() != nil {
				return
			}
			s.from(source)
		}
		sums[piece], squares[piece] = s.sum, s.square
	})
	if err != nil {
		return Between{}, err
	}
	b := Between{Values: added(g.n, sums), Pivots: len(sources)}
	half := 1.0
	if !g.kind.Directed {
		half = 0.5
	}
	scale := half
	if k := float64(len(sources)); sampled {
		scale = half * float64(g.n) / k
		b.Errors = added(g.n, squares)
		for v, square := range b.Errors {
			mean := b.Values[v] / k
			variance := max(0, square/k-mean*mean) * k / (k - 1)
			b.Errors[v] = half * float64(g.n) * math.Sqrt(variance/k*(1-k/float64(g.n)))
		}
	}
	for v := range b.Values {
		if b.Values[v] *= scale; math.IsNaN(b.Values[v]) || math.IsInf(b.Values[v], 0) {
			return Between{}, ErrPaths
		}
	}
	return b, nil
}

func (s Sampling) sources(n int) (sources []int32, sampled bool, err error) {
	if s.Nodes != nil {
		for _, v := range s.Nodes {
			if v < 0 || int(v) >= n {
				return nil, false, ErrNode
			}
		}
		return s.Nodes, false, nil
	}
	pivots := s.Pivots
	if pivots <= 0 {
		if pivots = n; n > MostExact {
			pivots = StandardPivots
		}
	}
	sources = shuffled(n, chance(s.Seed, 0))
	if pivots >= n {
		return sources, false, nil
	}
	return sources[:max(2, pivots)], true, nil
}

func added(n int, parts [][]float64) []float64 {
	out := make([]float64, n)
	for _, part := range parts {
		for v, x := range part {
			out[v] += x
		}
	}
	return out
}

// sweep follows the paths of one source after the other.
type sweep struct {
	lined
	sum, square []float64

	order []int32   // nodes in the order of their distance
	steps []int32   // distance in ties, −1 for not yet
	paths []float64 // how many shortest paths lead here
	share []float64 // (1 + dependency) ÷ paths
	later []int32   // arcs of shortest paths: for each node of order, where they lead
	begin []int32   // where those of a node of order begin in later
	queue queue     // by distance, where ties have lengths
}

func newSweep(n int, r lined) *sweep {
	s := &sweep{lined: r, order: make([]int32, 0, n), paths: make([]float64, n), share: make([]float64, n)}
	if r.length == nil {
		s.steps = make([]int32, n)
		for v := range s.steps {
			s.steps[v] = -1
		}
		s.begin = make([]int32, n+1)
		s.later = make([]int32, len(r.to))
		return s
	}
	s.queue = newQueue(n)
	return s
}

func (s *sweep) from(source int32) {
	if s.length == nil {
		s.walk(source)
		return
	}
	s.measure(source)
}

// walk goes out from a source step by step and comes back with the dependencies of Brandes.
func (s *sweep) walk(source int32) {
	steps, paths, share, later := s.steps, s.paths, s.share, s.later
	order := append(s.order[:0], source)
	steps[source], paths[source] = 0, 1
	end := int32(0)
	for head := 0; head < len(order); head++ {
		v := order[head]
		next, mine := steps[v]+1, paths[v]
		s.begin[head] = end
		for _, u := range s.to[s.at[v]:s.at[v+1]] {
			d := steps[u]
			if d < 0 {
				steps[u], paths[u] = next, mine
				order = append(order, u)
				later[end] = u
				end++
			} else if d == next {
				paths[u] += mine
				later[end] = u
				end++
			}
		}
	}
	for i := len(order) - 1; i > 0; i-- {
		v := order[i]
		sum := 0.0
		for _, u := range later[s.begin[i]:end] {
			sum += share[u]
		}
		end = s.begin[i]
		s.note(v, sum*paths[v])
		share[v] = 1/paths[v] + sum
		steps[v] = -1
	}
	steps[source] = -1
	s.order = order
}

func (s *sweep) note(v int32, dependency float64) {
	s.sum[v] += dependency
	if s.square != nil {
		s.square[v] += dependency * dependency
	}
}

// measure is walk where ties have lengths (Dijkstra).
func (s *sweep) measure(source int32) {
	q, paths, share := &s.queue, s.paths, s.share
	distance := q.distance
	order := s.order[:0]
	paths[source] = 1
	q.push(source, 0)
	for len(q.items) > 0 {
		v := q.pop()
		order = append(order, v)
		mine, here := paths[v], distance[v]
		lengths := s.length[s.at[v]:s.at[v+1]]
		for i, u := range s.to[s.at[v]:s.at[v+1]] {
			d := here + lengths[i]
			old := distance[u] // endless where it was not reached yet
			if d > old*(1+2.5*nearly) {
				continue // most ties lead back, and no closer look is needed
			}
			switch {
			case q.place[u] < 0 || shorter(d, old):
				paths[u] = mine
				q.push(u, d)
			case same(d, old):
				paths[u] += mine
			}
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		v := order[i]
		here, sum := distance[v], 0.0
		lengths := s.length[s.at[v]:s.at[v+1]]
		for i, u := range s.to[s.at[v]:s.at[v+1]] {
			if same(here+lengths[i], distance[u]) {
				sum += share[u]
			}
		}
		if v != source {
			s.note(v, sum*paths[v])
		}
		share[v] = 1/paths[v] + sum
	}
	for _, v := range order {
		q.place[v], distance[v] = -1, math.Inf(1)
	}
	s.order = order
}
