package graph

import "math"

// Length says how long a tie is on a path.
type Length int

const (
	// Steps: every tie is one step, whatever its weight.
	Steps Length = iota
	// Inverse: a tie is 1 ÷ weight long, so that strong ties are short (Newman 2001, Phys. Rev. E 64:016132;
	// Opsahl, Agneessens and Skvoretz 2010 with α = 1). This is meant where weights are strengths.
	Inverse
	// Weights: a tie is as long as its weight, which is what igraph and sna take weights for.
	Weights
)

// measured are rows with lengths; nil lengths are steps. Graphs without weights have steps only.
func (l Length) measured(r rows) lined {
	m := lined{at: r.at, to: r.to}
	if l == Steps || r.weight == nil {
		return m
	}
	m.length = make([]float64, len(r.weight))
	for i, w := range r.weight {
		if m.length[i] = w; l == Inverse {
			m.length[i] = 1 / w
		}
	}
	return m
}

// lined are rows with how long each arc is.
type lined struct {
	at, to []int32
	length []float64
}

// nearly is how much two lengths of paths may differ, as a share of their sum, and still count as the same: sums of
// the same lengths in another order differ by rounding. igraph uses the same value.
const nearly = 1e-10

// shorter tells whether path a is shorter than b, and same whether they count as equally long.
func shorter(a, b float64) bool { return b-a > nearly*(a+b) }
func same(a, b float64) bool    { return math.Abs(a-b) <= nearly*(a+b) }

// queue is a heap of nodes by distance, four to a parent; place says where in the heap a node is.
type queue struct {
	nodes    []int32
	place    []int32
	distance []float64 // by node; the sweep's own
}

func (q *queue) up(i int) {
	v := q.nodes[i]
	d := q.distance[v]
	for i > 0 {
		parent := (i - 1) / 4
		u := q.nodes[parent]
		if q.distance[u] <= d {
			break
		}
		q.nodes[i], q.place[u] = u, int32(i)
		i = parent
	}
	q.nodes[i], q.place[v] = v, int32(i)
}

func (q *queue) push(v int32) {
	q.nodes = append(q.nodes, v)
	q.up(len(q.nodes) - 1)
}

func (q *queue) pop() int32 {
	top := q.nodes[0]
	last := len(q.nodes) - 1
	v := q.nodes[last]
	q.nodes = q.nodes[:last]
	if last == 0 {
		return top
	}
	d, i := q.distance[v], 0
	for {
		first := 4*i + 1
		if first >= last {
			break
		}
		best, least := first, q.distance[q.nodes[first]]
		for c := first + 1; c < min(first+4, last); c++ {
			if l := q.distance[q.nodes[c]]; l < least {
				best, least = c, l
			}
		}
		if least >= d {
			break
		}
		u := q.nodes[best]
		q.nodes[i], q.place[u] = u, int32(i)
		i = best
	}
	q.nodes[i], q.place[v] = v, int32(i)
	return top
}
