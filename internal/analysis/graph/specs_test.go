package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"commontable/internal/analysis/graph"
)

// spec is a graph with groups, written out for other programs too.
type spec struct {
	Name     string       `json:"name"`
	N        int          `json:"n"`
	Directed bool         `json:"directed"`
	Weighted bool         `json:"weighted"`
	Ties     [][3]float64 `json:"ties"`
	Groups   []int32      `json:"groups"`
}

func (s spec) graph(t testing.TB) *graph.Graph {
	t.Helper()
	ties := make([]graph.Tie, len(s.Ties))
	for i, tie := range s.Ties {
		ties[i] = graph.Tie{From: int32(tie[0]), To: int32(tie[1]), Weight: tie[2]}
	}
	g, err := graph.New(s.N, ties, graph.Kind{Directed: s.Directed, Weighted: s.Weighted})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// named makes a spec of pairs; groups go round.
func named(name string, n int, directed bool, pairs ...[2]int) spec {
	s := spec{Name: name, N: n, Directed: directed, Ties: [][3]float64{}, Groups: []int32{}}
	for _, p := range pairs {
		s.Ties = append(s.Ties, [3]float64{float64(p[0]), float64(p[1]), 1})
	}
	for v := range n {
		s.Groups = append(s.Groups, int32(v%3))
	}
	return s
}

// drawn is a graph by chance: each new node, or one already there, is tied to others, so that hubs come about; with
// weights from few values, so that many paths are equally long.
func drawn(name string, n, ties int, directed, weighted bool, seed uint64) spec {
	c := rand.New(rand.NewPCG(seed, 7))
	s := named(name, n, directed)
	s.Weighted = weighted
	seen := map[[2]int]bool{}
	for tries := 0; len(s.Ties) < ties && tries < ties*50; tries++ {
		a, b := c.IntN(n), c.IntN(n)
		if c.IntN(2) == 0 {
			b = c.IntN(1 + c.IntN(n)) // low numbers have more
		}
		if !directed && a > b {
			a, b = b, a
		}
		if a == b || seen[[2]int{a, b}] {
			continue
		}
		seen[[2]int{a, b}] = true
		w := 1.0
		if weighted {
			w = float64(1+c.IntN(4)) / 4
		}
		s.Ties = append(s.Ties, [3]float64{float64(a), float64(b), w})
	}
	return s
}

func star(n int) (pairs [][2]int) {
	for v := 1; v < n; v++ {
		pairs = append(pairs, [2]int{0, v})
	}
	return pairs
}

func ring(n int) (pairs [][2]int) {
	for v := range n {
		pairs = append(pairs, [2]int{v, (v + 1) % n})
	}
	return pairs
}

func complete(n int) (pairs [][2]int) {
	for a := range n {
		for b := a + 1; b < n; b++ {
			pairs = append(pairs, [2]int{a, b})
		}
	}
	return pairs
}

// krackhardt is the kite of Krackhardt (1990), on which degree, betweenness and closeness disagree.
var krackhardt = [][2]int{{0, 1}, {0, 2}, {0, 3}, {0, 5}, {1, 3}, {1, 4}, {1, 6}, {2, 3}, {2, 5}, {3, 4}, {3, 5}, {3, 6}, {4, 6}, {5, 6}, {5, 7}, {6, 7}, {7, 8}, {8, 9}}

func specs() []spec {
	path := ring(8)[:7]
	kite := named("kite", 10, false, krackhardt...)
	kite.Weighted = true
	kite.Name = "kite with weights"
	for i := range kite.Ties {
		kite.Ties[i][2] = []float64{0.5, 1, 2}[i%3]
	}
	two := append(complete(5), [2]int{4, 5})
	for _, p := range complete(5) {
		two = append(two, [2]int{p[0] + 5, p[1] + 5})
	}
	out := []spec{
		named("empty", 0, false), named("single", 1, false), named("pair apart", 2, true), named("pair", 2, false, [2]int{0, 1}),
		named("star", 7, false, star(7)...), named("star in", 6, true, [2]int{1, 0}, [2]int{2, 0}, [2]int{3, 0}, [2]int{4, 0}, [2]int{5, 0}),
		named("ring", 9, false, ring(9)...), named("circle", 6, true, ring(6)...), named("path", 8, false, path...),
		named("complete", 6, false, complete(6)...), named("Krackhardt's kite", 10, false, krackhardt...), kite,
		named("two cliques", 10, false, two...), named("islands", 9, false, [2]int{0, 1}, [2]int{1, 2}, [2]int{0, 2}, [2]int{3, 4}, [2]int{6, 7}),
		named("one way", 7, true, [2]int{0, 1}, [2]int{1, 2}, [2]int{2, 0}, [2]int{2, 3}, [2]int{3, 4}, [2]int{4, 3}, [2]int{5, 4}),
	}
	seed := uint64(1)
	for _, directed := range []bool{false, true} {
		for _, weighted := range []bool{false, true} {
			for _, size := range [][2]int{{30, 45}, {60, 240}, {200, 500}} {
				out = append(out, drawn(fmt.Sprintf("drawn %d %d directed %t weighted %t", size[0], size[1], directed, weighted), size[0], size[1], directed, weighted, seed))
				seed++
			}
		}
	}
	return out
}
