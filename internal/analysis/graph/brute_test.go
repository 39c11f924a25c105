package graph_test

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/graph"
)

// small draws a graph with loops and parallel ties among what it is made of.
func small(t *rapid.T) (*graph.Graph, [][]float64) {
	n := rapid.IntRange(0, 9).Draw(t, "nodes")
	kind := graph.Kind{Directed: rapid.Bool().Draw(t, "directed"), Weighted: rapid.Bool().Draw(t, "weighted")}
	var ties []graph.Tie
	if n > 0 {
		ties = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) graph.Tie {
			return graph.Tie{From: int32(rapid.IntRange(0, n-1).Draw(t, "from")), To: int32(rapid.IntRange(0, n-1).Draw(t, "to")),
				Weight: rapid.SampledFrom([]float64{0, 0.25, 0.5, 1, 2}).Draw(t, "weight")}
		}), 0, 24).Draw(t, "ties")
	}
	g, err := graph.New(n, ties, kind)
	if err != nil {
		t.Fatal(err)
	}
	// The same as a matrix, made without a look at the package.
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	for _, tie := range ties {
		if tie.From == tie.To || kind.Weighted && tie.Weight == 0 {
			continue
		}
		w := tie.Weight
		if !kind.Weighted {
			w = 1
		}
		ends := [][2]int32{{tie.From, tie.To}}
		if !kind.Directed {
			ends = append(ends, [2]int32{tie.To, tie.From})
		}
		for _, e := range ends {
			if !kind.Weighted {
				m[e[0]][e[1]] = 1
			} else {
				m[e[0]][e[1]] += w
			}
		}
	}
	return g, m
}

// Rows hold what a matrix holds, whatever order the ties came in.
func TestGraphAgainstMatrix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, m := small(t)
		ties := 0
		for tie := range g.All() {
			ties++
			if m[tie.From][tie.To] != tie.Weight {
				t.Fatalf("%+v, and the matrix has %v", tie, m[tie.From][tie.To])
			}
		}
		cells := 0
		for a := range m {
			for b := range m {
				if m[a][b] > 0 {
					cells++
				}
				if (m[a][b] > 0) != g.Has(int32(a), int32(b)) {
					t.Fatalf("has %d, %d", a, b)
				}
			}
		}
		if !g.Kind().Directed {
			cells /= 2
		}
		if ties != cells || g.Ties() != cells {
			t.Fatalf("%d ties, %d listed, %d in the matrix", g.Ties(), ties, cells)
		}
	})
}

// shortest lists, from every node, the length and number of shortest paths by trying every path without a circle.
func shortest(m [][]float64, length graph.Length) (distance, count [][]float64, through [][][]float64) {
	n := len(m)
	distance, count, through = make([][]float64, n), make([][]float64, n), make([][][]float64, n)
	for s := range n {
		distance[s], count[s], through[s] = make([]float64, n), make([]float64, n), make([][]float64, n)
		for v := range n {
			distance[s][v] = math.Inf(1)
			through[s][v] = make([]float64, n)
		}
		on := make([]bool, n)
		var path []int
		var walk func(v int, d float64)
		walk = func(v int, d float64) {
			if d < distance[s][v]-1e-9 {
				distance[s][v], count[s][v] = d, 0
				clear(through[s][v])
			}
			if math.Abs(d-distance[s][v]) < 1e-9 {
				count[s][v]++
				for _, u := range path {
					through[s][v][u]++
				}
			}
			if d > distance[s][v]+1e-9 {
				return
			}
			on[v] = true
			if v != s {
				path = append(path, v)
			}
			for u, w := range m[v] {
				if w > 0 && !on[u] {
					step := 1.0
					switch length {
					case graph.Inverse:
						step = 1 / w
					case graph.Weights:
						step = w
					}
					walk(u, d+step)
				}
			}
			if v != s {
				path = path[:len(path)-1]
			}
			on[v] = false
		}
		walk(s, 0)
	}
	return distance, count, through
}

func near(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(a))
}

// Betweenness and closeness are what following every path gives.
func TestPathsAgainstTryingAll(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		g, m := small(t)
		length := rapid.SampledFrom([]graph.Length{graph.Steps, graph.Inverse, graph.Weights}).Draw(t, "length")
		distance, count, through := shortest(m, length)
		between, err := graph.Betweenness(ctx, g, length, graph.Sampling{})
		if err != nil {
			t.Fatal(err)
		}
		close, err := graph.Closeness(ctx, g, length, graph.Sampling{})
		if err != nil {
			t.Fatal(err)
		}
		for v := range m {
			want, sum, reached, harmonic := 0.0, 0.0, 0, 0.0
			for s := range m {
				for e := range m {
					if s != v && e != v && s != e && count[s][e] > 0 {
						want += through[s][e][v] / count[s][e]
					}
				}
				if d := distance[v][s]; s != v && !math.IsInf(d, 1) {
					sum += d
					reached++
					harmonic += 1 / d
				}
			}
			if !g.Kind().Directed {
				want /= 2
			}
			if !near(between.Values[v], want) {
				t.Fatalf("node %d lies between %v, want %v", v, between.Values[v], want)
			}
			if !near(close.Closeness[v], float64(reached)/sum) || close.Reached[v] != reached || !near(close.Harmonic[v], harmonic/math.Max(1, float64(len(m)-1))) {
				t.Fatalf("node %d: %v %v %d, want %v %v %d", v, close.Closeness[v], close.Harmonic[v], close.Reached[v], float64(reached)/sum, harmonic, reached)
			}
		}
	})
}

// A node or tie is a cut where taking it out leaves more components, and a core is what is left when nodes with
// fewer ties are taken out one after the other.
func TestCutsAndCoresAgainstTakingOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		directed, _ := small(t)
		g := directed.Undirected()
		cuts := graph.CutsOf(directed)
		whole := len(graph.Components(g).Sizes)
		var points []int32
		for v := range int32(g.Nodes()) {
			gone := make([]bool, g.Nodes())
			gone[v] = true
			rest, _, err := g.Without(gone)
			if err != nil {
				t.Fatal(err)
			}
			if len(graph.Components(rest).Sizes) > whole {
				points = append(points, v)
			}
		}
		if fault := differ(told(points), told(cuts.Points)); fault != "" {
			t.Fatal("points ", fault)
		}
		var bridges []graph.Tie
		for cut := range g.All() {
			var others []graph.Tie
			for tie := range g.All() {
				if tie != cut {
					others = append(others, tie)
				}
			}
			rest, err := graph.New(g.Nodes(), others, g.Kind())
			if err != nil {
				t.Fatal(err)
			}
			if len(graph.Components(rest).Sizes) > whole {
				bridges = append(bridges, cut)
			}
		}
		if fault := differ(told(bridges), told(cuts.Bridges)); fault != "" {
			t.Fatal("bridges ", fault)
		}
		cores := graph.Cores(directed)
		for k := 1; k < 20; k++ {
			rest, old := directed, []int32(nil)
			for v := range int32(directed.Nodes()) {
				old = append(old, v)
			}
			for again := true; again; {
				again = false
				gone := make([]bool, rest.Nodes())
				for v, d := range graph.Degrees(rest) {
					gone[v] = d < k
					again = again || gone[v]
				}
				next, kept, err := rest.Without(gone)
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range kept {
					kept[i] = old[v]
				}
				rest, old = next, kept
			}
			n := 0
			for _, core := range cores {
				if core >= k {
					n++
				}
			}
			if n != rest.Nodes() {
				t.Fatalf("%d nodes in the %d-core, want %d", n, k, rest.Nodes())
			}
		}
	})
}

// Brokers, triangles and dyads are what looking at every three and two nodes gives.
func TestThreesAgainstLookingAtAll(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		g, m := small(t)
		group := make([]int32, len(m))
		for v := range group {
			group[v] = int32(rapid.IntRange(-1, 2).Draw(t, "group"))
		}
		brokers, err := graph.Brokers(ctx, g, group)
		if err != nil {
			t.Fatal(err)
		}
		clusters, err := graph.Clustering(ctx, g)
		if err != nil {
			t.Fatal(err)
		}
		for v := range m {
			var want graph.Broker
			pairs, closed := 0, 0
			for a := range m {
				for c := range m {
					if a == c || a == v || c == v {
						continue
					}
					if tied := func(x, y int) bool { return m[x][y] > 0 || m[y][x] > 0 }; a < c && tied(v, a) && tied(v, c) {
						pairs++
						if tied(a, c) {
							closed++
						}
					}
					if m[a][v] == 0 || m[v][c] == 0 || m[a][c] > 0 || group[a] < 0 || group[v] < 0 || group[c] < 0 {
						continue
					}
					switch same := [3]bool{group[a] == group[v], group[v] == group[c], group[a] == group[c]}; same {
					case [3]bool{true, true, true}:
						want.Coordinator++
					case [3]bool{false, false, true}:
						want.Consultant++
					case [3]bool{true, false, false}:
						want.Representative++
					case [3]bool{false, true, false}:
						want.Gatekeeper++
					default:
						want.Liaison++
					}
				}
			}
			if brokers[v] != want {
				t.Fatalf("node %d: %+v, want %+v", v, brokers[v], want)
			}
			if !near(clusters.Local[v], float64(closed)/float64(pairs)) {
				t.Fatalf("node %d: clustering %v, want %d of %d", v, clusters.Local[v], closed, pairs)
			}
		}
		dyads := graph.DyadsOf(g)
		var want graph.Dyads
		for a := range m {
			for b := range a {
				switch there, back := m[a][b] > 0, m[b][a] > 0; {
				case there && back:
					want.Mutual++
				case there || back:
					want.Asymmetric++
				default:
					want.Null++
				}
			}
		}
		if dyads != want {
			t.Fatalf("%+v, want %+v", dyads, want)
		}
	})
}
