// Package graph measures networks: graphs of up to a million nodes, directed or not, with or without weights.
//
// Every measure says its formula, range, normalisation and source, and what it is where it is not defined: NaN.
// docs/decisions/0033-graph-measures.md tells which definition was chosen where programs differ. Whatever takes
// chance takes a seed and gives the same for the same seed, whatever the number of processors.
package graph

import (
	"errors"
	"fmt"
	"iter"
	"math"
)

// Limits on the size of a graph. A graph at both takes about 700 MB.
const (
	MostNodes = 1_000_000
	MostTies  = 20_000_000
)

// Weights of ties lie between these, so that no sum, product or reciprocal of them leaves the range of a float64.
const (
	LeastWeight = 1e-100
	MostWeight  = 1e100
)

// ErrSize says that a graph, or a calculation about it, is larger than the limit its docstring names.
var ErrSize = errors.New("graph: too large")

// ErrNode says that a tie or a list names a node that is not below the number of nodes.
var ErrNode = errors.New("graph: no such node")

// ErrWeight says that a weight is negative, no number, infinite, or neither 0 nor between LeastWeight and MostWeight.
var ErrWeight = errors.New("graph: weight out of range")

// Tie leads from one node to another. Weight is how strong it is; graphs without weights do not look at it.
type Tie struct {
	From, To int32
	Weight   float64
}

// Kind says what the ties of a graph mean.
type Kind struct {
	Directed bool // From and To differ in meaning
	Weighted bool // the weights count
}

// Graph is a network of the nodes 0 to Nodes() − 1. It has no loops and at most one tie from one node to another
// (between two nodes, where it is not directed), and does not change.
type Graph struct {
	kind    Kind
	n       int
	ties    int
	out, in rows // the same where ties have no direction
	dropped Dropped
}

// Dropped is what New took out of the ties it was given.
type Dropped struct {
	Loops    int // ties of a node with itself: no measure here knows what they would mean
	Parallel int // ties beside another one of the same two nodes: weights were added, without weights they count once
	Zero     int // ties of weight 0, which are none
}

// rows are the neighbors of each node in one array, ascending: those of v are to[at[v]:at[v+1]].
type rows struct {
	at, to []int32
	weight []float64 // beside to; nil where ties have no weights
}

func (r *rows) of(v int32) []int32 { return r.to[r.at[v]:r.at[v+1]] }

func (r *rows) weights(v int32) []float64 {
	if r.weight == nil {
		return nil
	}
	return r.weight[r.at[v]:r.at[v+1]]
}

func (r *rows) degree(v int32) int { return int(r.at[v+1] - r.at[v]) }

// weightAt is the weight of the i-th arc.
func (r *rows) weightAt(i int32) float64 {
	if r.weight == nil {
		return 1
	}
	return r.weight[i]
}

// has looks for a neighbor by halving.
func (r *rows) has(v, u int32) bool {
	row := r.of(v)
	low, high := 0, len(row)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if row[middle] < u {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low < len(row) && row[low] == u
}

// New makes a graph of ties in any order. Loops and ties of weight 0 are taken out and parallel ties made one, see
// Dropped. It fails with ErrSize, ErrNode or ErrWeight.
func New(nodes int, ties []Tie, kind Kind) (*Graph, error) {
	if nodes < 0 || nodes > MostNodes || len(ties) > MostTies {
		return nil, ErrSize
	}
	g := &Graph{kind: kind, n: nodes}
	kept := 0
	for i, t := range ties {
		if t.From < 0 || t.To < 0 || int(t.From) >= nodes || int(t.To) >= nodes {
			return nil, fmt.Errorf("%w: tie %d leads from %d to %d", ErrNode, i, t.From, t.To)
		}
		if kind.Weighted && t.Weight != 0 && !(t.Weight >= LeastWeight && t.Weight <= MostWeight) {
			return nil, fmt.Errorf("%w: tie %d has %v", ErrWeight, i, t.Weight)
		}
		if g.counts(t) {
			kept++
		} else if t.From == t.To {
			g.dropped.Loops++
		} else {
			g.dropped.Zero++
		}
	}
	g.out = g.gather(ties)
	g.in = g.out
	if kind.Directed {
		g.in = g.out.turned(nodes)
		g.ties = len(g.out.to)
	} else {
		g.ties = len(g.out.to) / 2
	}
	g.dropped.Parallel = kept - g.ties
	return g, nil
}

func (g *Graph) counts(t Tie) bool { return t.From != t.To && (!g.kind.Weighted || t.Weight != 0) }

// gather sorts ties into rows by counting: by target first and then by source, both stable, so that rows ascend
// and the weights of parallel ties are added in the order in which they came, from either end.
func (g *Graph) gather(ties []Tie) rows {
	arcs := 0
	at := make([]int32, g.n+1)
	for _, t := range ties {
		if g.counts(t) {
			at[t.To+1]++
			arcs++
			if !g.kind.Directed {
				at[t.From+1]++
				arcs++
			}
		}
	}
	r := rows{at: at, to: make([]int32, arcs)}
	if g.kind.Weighted {
		r.weight = make([]float64, arcs)
	}
	next := r.begin()
	put := func(row, value int32, weight float64) {
		r.to[next[row]] = value
		if r.weight != nil {
			r.weight[next[row]] = weight
		}
		next[row]++
	}
	for _, t := range ties {
		if g.counts(t) {
			put(t.To, t.From, t.Weight)
			if !g.kind.Directed {
				put(t.From, t.To, t.Weight)
			}
		}
	}
	r = r.turned(g.n)
	r.merge(g.n)
	return r
}

// begin turns the counts at at[v+1] into where rows begin, and returns where each is to be written on.
func (r *rows) begin() []int32 {
	for v := 1; v < len(r.at); v++ {
		r.at[v] += r.at[v-1]
	}
	next := make([]int32, len(r.at))
	copy(next, r.at)
	return next
}

// turned has the arcs the other way round, ascending.
func (r *rows) turned(nodes int) rows {
	t := rows{at: make([]int32, nodes+1), to: make([]int32, len(r.to))}
	if r.weight != nil {
		t.weight = make([]float64, len(r.to))
	}
	for _, u := range r.to {
		t.at[u+1]++
	}
	next := t.begin()
	for v := range int32(nodes) {
		for i := r.at[v]; i < r.at[v+1]; i++ {
			u := r.to[i]
			t.to[next[u]] = v
			if r.weight != nil {
				t.weight[next[u]] = r.weight[i]
			}
			next[u]++
		}
	}
	return t
}

// merge makes equal neighbors in a row one and adds their weights.
func (r *rows) merge(nodes int) {
	end, begin := int32(0), int32(0)
	for v := range nodes {
		from, to := begin, r.at[v+1]
		begin = to
		first := end
		for i := from; i < to; i++ {
			if end > first && r.to[end-1] == r.to[i] {
				if r.weight != nil {
					r.weight[end-1] += r.weight[i]
				}
				continue
			}
			r.to[end] = r.to[i]
			if r.weight != nil {
				r.weight[end] = r.weight[i]
			}
			end++
		}
		r.at[v+1] = end
	}
	r.to = r.to[:end]
	if r.weight != nil {
		r.weight = r.weight[:end]
	}
}

// Nodes is how many nodes there are.
func (g *Graph) Nodes() int { return g.n }

// Ties is how many ties there are; a pair of ties there and back is two where they are directed.
func (g *Graph) Ties() int { return g.ties }

// Kind is what the ties mean.
func (g *Graph) Kind() Kind { return g.kind }

// Dropped is what was taken out of the ties that New was given.
func (g *Graph) Dropped() Dropped { return g.dropped }

// Has tells whether a tie leads from one node to another; both must be nodes.
func (g *Graph) Has(from, to int32) bool { return g.out.has(from, to) }

// All are the ties by From and then To, once each; without direction From < To. Without weights, each weighs 1.
func (g *Graph) All() iter.Seq[Tie] {
	return func(yield func(Tie) bool) {
		for v := range int32(g.n) {
			for i := g.out.at[v]; i < g.out.at[v+1]; i++ {
				u := g.out.to[i]
				if (g.kind.Directed || v < u) && !yield(Tie{v, u, g.out.weightAt(i)}) {
					return
				}
			}
		}
	}
}

// Undirected is the graph without direction: two nodes are tied where either leads to the other. Weights there and
// back are added. A graph without direction is returned as it is.
func (g *Graph) Undirected() *Graph {
	if !g.kind.Directed {
		return g
	}
	u := &Graph{kind: Kind{Weighted: g.kind.Weighted}, n: g.n}
	ties := make([]Tie, 0, g.ties)
	for t := range g.All() {
		ties = append(ties, t)
	}
	u.out = u.gather(ties)
	u.in, u.ties = u.out, len(u.out.to)/2
	return u
}

// Unweighted is the graph with every tie counting the same.
func (g *Graph) Unweighted() *Graph {
	u := *g
	u.kind.Weighted, u.out.weight, u.in.weight = false, nil, nil
	return &u
}

// Without is the graph without the nodes for which gone is true, and the old number of each node that stays. It
// fails with ErrNode where gone has not one answer for each node.
func (g *Graph) Without(gone []bool) (*Graph, []int32, error) {
	if len(gone) != g.n {
		return nil, nil, ErrNode
	}
	number := make([]int32, g.n)
	var old []int32
	for v := range gone {
		if !gone[v] {
			number[v] = int32(len(old))
			old = append(old, int32(v))
		}
	}
	var ties []Tie
	for t := range g.All() {
		if !gone[t.From] && !gone[t.To] {
			ties = append(ties, Tie{number[t.From], number[t.To], t.Weight})
		}
	}
	rest, err := New(len(old), ties, g.kind)
	return rest, old, err
}

// ratio is NaN where there is nothing to divide by.
func ratio(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}
