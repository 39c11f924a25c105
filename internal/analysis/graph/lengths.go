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

// queue is a heap of nodes by distance, four to a parent; place says where in the heap a node is, −1 for never, and
// distance is what the sweep knows of each node.
type queue struct {
	items    []waiting
	place    []int32
	distance []float64
}

// waiting is a node with its distance beside it, so that looking for the nearest stays within the heap.
type waiting struct {
	distance float64
	node     int32
}

func newQueue(n int) queue {
	q := queue{place: make([]int32, n), distance: make([]float64, n)}
	for v := range n {
		q.place[v], q.distance[v] = -1, math.Inf(1)
	}
	return q
}

// up moves what comes to place i towards the root.
func (q *queue) up(i int, w waiting) {
	for i > 0 {
		parent := (i - 1) / 4
		above := q.items[parent]
		if above.distance <= w.distance {
			break
		}
		q.items[i], q.place[above.node] = above, int32(i)
		i = parent
	}
	q.items[i], q.place[w.node] = w, int32(i)
}

// push adds a node, or moves one up whose distance has become less.
func (q *queue) push(v int32, distance float64) {
	q.distance[v] = distance
	i := int(q.place[v])
	if i < 0 {
		i = len(q.items)
		q.items = append(q.items, waiting{})
	}
	q.up(i, waiting{distance, v})
}

func (q *queue) pop() int32 {
	top := q.items[0].node
	last := len(q.items) - 1
	w := q.items[last]
	q.items = q.items[:last]
	if last == 0 {
		return top
	}
	items, i := q.items, 0
	for {
		first := 4*i + 1
		if first >= len(items) {
			break
		}
		best, least := first, items[first].distance
		for c := first + 1; c < min(first+4, len(items)); c++ {
			if l := items[c].distance; l < least {
				best, least = c, l
			}
		}
		if least >= w.distance {
			break
		}
		items[i], q.place[items[best].node] = items[best], int32(i)
		i = best
	}
	items[i], q.place[w.node] = w, int32(i)
	return top
}
