package graph

import (
	"context"
	"math"
	"math/bits"
)

// Close is how near each node is to the others along the direction of ties.
type Close struct {
	// Closeness is 1 ÷ the mean distance to the nodes it can reach, itself left out: (reached) ÷ Σd. With steps 0
	// to 1. Nodes that cannot be reached do not count, as in igraph from 0.10 on with normalized=True, so compare
	// it only where Reached is alike; sna gives 0 to everyone in a network that does not hang together. NaN where
	// no other is reached.
	Closeness []float64
	// Harmonic is the mean of 1 ÷ distance over all other nodes, those out of reach giving 0 (Marchiori and Latora
	// 2000): with steps 0 to 1, and comparable whatever can be reached. 0 in a graph of one node, as in igraph.
	Harmonic []float64
	// Reached is how many other nodes each reaches.
	Reached []int
	// Pivots is to how many nodes distances were taken; where it is below the number of nodes the values are
	// estimates from a sample (Eppstein and Wang 2004), Reached too.
	Pivots int
}

// MostExactSteps is how many nodes a graph may have for Closeness in steps to stay exact: about ten seconds on two
// cores.
const MostExactSteps = 50_000

// Closeness measures distances. With Steps they are exact up to MostExactSteps nodes, sixty-four sources at a time,
// with lengths up to MostExact; beyond, and where Sampling says so, they are taken to a sample of nodes. It stops
// when ctx ends, and fails with ErrNode.
func Closeness(ctx context.Context, g *Graph, length Length, sampling Sampling) (Close, error) {
	// Distances are added up where they end. So the search begins at the far end and goes against the ties.
	r := length.measured(g.in)
	if r.length == nil && sampling.Pivots <= 0 && sampling.Nodes == nil && g.n <= MostExactSteps {
		sampling.Nodes = neighborly(g) // near ones go together, and share most of their way
	}
	targets, _, err := sampling.sources(g.n)
	if err != nil {
		return Close{}, err
	}
	batch := 1
	if r.length == nil {
		batch = 64
	}
	batches := (len(targets) + batch - 1) / batch
	pieces := min(batches, 16)
	sums := make([]reach, pieces)
	err = inPieces(ctx, pieces, func() *reacher { return newReacher(g.n, r) }, func(w *reacher, piece int) {
		w.reach = reach{distance: make([]float64, g.n), harmonic: make([]float64, g.n), count: make([]int32, g.n)}
		from, to := stretch(batches, piece, pieces)
		for i := from; i < to && ctx.Err() == nil; i++ {
			some := targets[i*batch : min(len(targets), (i+1)*batch)]
			if r.length == nil {
				w.wave(some)
			} else {
				w.measure(some[0])
			}
		}
		sums[piece] = w.reach
	})
	if err != nil {
		return Close{}, err
	}
	return closeOf(g.n, sums, targets), nil
}

// neighborly are all nodes in an order in which those near each other stand near each other.
func neighborly(g *Graph) []int32 {
	order := make([]int32, 0, g.n)
	seen := make([]bool, g.n)
	for start := range int32(g.n) {
		if seen[start] {
			continue
		}
		seen[start] = true
		order = append(order, start)
		for head := len(order) - 1; head < len(order); head++ {
			for _, r := range []*rows{&g.out, &g.in} {
				for _, u := range r.of(order[head]) {
					if !seen[u] {
						seen[u] = true
						order = append(order, u)
					}
				}
			}
		}
	}
	return order
}

func closeOf(n int, sums []reach, targets []int32) Close {
	c := Close{Closeness: make([]float64, n), Harmonic: make([]float64, n), Reached: make([]int, n), Pivots: len(targets)}
	drawn := make([]bool, n)
	for _, t := range targets {
		drawn[t] = true
	}
	for v := range n {
		var all reachOf
		for _, s := range sums {
			all.distance += s.distance[v]
			all.harmonic += s.harmonic[v]
			all.count += int(s.count[v])
		}
		others := len(targets)
		if drawn[v] {
			others--
		}
		c.Closeness[v] = ratio(float64(all.count), all.distance)
		if others > 0 {
			c.Harmonic[v] = all.harmonic / float64(others)
		}
		if c.Reached[v] = all.count; len(targets) < n && others > 0 {
			c.Reached[v] = int(math.Round(float64(all.count) * float64(n-1) / float64(others)))
		}
	}
	return c
}

type reachOf struct {
	distance, harmonic float64
	count              int
}

// reach is what is added up for each node.
type reach struct {
	distance, harmonic []float64
	count              []int32
}

type reacher struct {
	lined
	reach
	seen, now, next []uint64 // one bit for each of sixty-four sources
	front, after    []int32  // the nodes whose bits in now and next are not 0
	sweep           *sweep
}

func newReacher(n int, r lined) *reacher {
	if r.length != nil {
		return &reacher{lined: r, sweep: newSweep(n, r)}
	}
	return &reacher{lined: r, seen: make([]uint64, n), now: make([]uint64, n), next: make([]uint64, n)}
}

// wave goes out from up to sixty-four sources at once (Then and others 2014, PVLDB 8:449).
func (w *reacher) wave(sources []int32) {
	clear(w.seen)
	w.front = w.front[:0]
	for i, s := range sources {
		w.now[s] = 1 << i // sources differ
		w.seen[s] |= 1 << i
		w.front = append(w.front, s)
	}
	for step := 1.0; len(w.front) > 0; step++ {
		w.after = w.after[:0]
		for _, v := range w.front {
			mine := w.now[v]
			for _, u := range w.to[w.at[v]:w.at[v+1]] {
				if fresh := mine &^ w.seen[u]; fresh != 0 {
					if w.next[u] == 0 {
						w.after = append(w.after, u)
					}
					w.next[u] |= fresh
				}
			}
			w.now[v] = 0
		}
		for _, u := range w.after {
			fresh := w.next[u]
			w.seen[u] |= fresh
			many := bits.OnesCount64(fresh)
			w.count[u] += int32(many)
			w.distance[u] += step * float64(many)
			w.harmonic[u] += float64(many) / step
		}
		w.now, w.next = w.next, w.now
		w.front, w.after = w.after, w.front
	}
}

// measure adds the distances from one source where ties have lengths.
func (w *reacher) measure(source int32) {
	q := &w.sweep.queue
	order := w.sweep.order[:0]
	q.push(source, 0)
	for len(q.items) > 0 {
		v := q.pop()
		order = append(order, v)
		for i := w.at[v]; i < w.at[v+1]; i++ {
			u := w.to[i]
			if d := q.distance[v] + w.length[i]; d < q.distance[u] {
				q.push(u, d)
			}
		}
	}
	for i, v := range order {
		if i > 0 {
			w.count[v]++
			w.distance[v] += q.distance[v]
			w.harmonic[v] += 1 / q.distance[v]
		}
		q.place[v] = -1
	}
	for _, v := range order {
		q.distance[v] = math.Inf(1)
	}
	w.sweep.order = order
}
