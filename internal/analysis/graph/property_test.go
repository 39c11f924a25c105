package graph_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/graph"
)

// A star is as centralized as can be and a complete graph not at all, whatever the size.
func TestStarsAreCentralized(t *testing.T) {
	ctx := context.Background()
	for n := 3; n < 40; n += 7 {
		g := named("star", n, false, star(n)...).graph(t)
		b := must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{}))
		if d, c := graph.DegreeCentralization(g), graph.BetweennessCentralization(g, b.Values); !near(d, 1) || !near(c, 1) || !near(graph.BetweennessShare(g, b.Values[0]), 1) {
			t.Errorf("star of %d: %v, %v", n, d, c)
		}
		var in [][2]int
		for _, p := range star(n) {
			in = append(in, [2]int{p[1], p[0]})
		}
		if d := graph.InDegreeCentralization(named("in", n, true, in...).graph(t)); !near(d, 1) {
			t.Errorf("star of %d, inwards: %v", n, d)
		}
		whole := named("complete", n, false, complete(n)...).graph(t)
		if d := graph.DegreeCentralization(whole); d != 0 || graph.Density(whole) != 1 {
			t.Errorf("complete graph of %d: %v", n, d)
		}
	}
	if !math.IsNaN(graph.DegreeCentralization(named("pair", 2, false, [2]int{0, 1}).graph(t))) {
		t.Error("two nodes are centralized")
	}
}

// What nodes are called does not matter.
func TestNamesDoNotMatter(t *testing.T) {
	ctx := context.Background()
	for i, s := range specs() {
		g := s.graph(t)
		who := rand.New(rand.NewPCG(5, uint64(i))).Perm(s.N)
		other := s
		other.Ties, other.Groups = nil, make([]int32, s.N)
		for _, tie := range s.Ties {
			other.Ties = append(other.Ties, [3]float64{float64(who[int(tie[0])]), float64(who[int(tie[1])]), tie[2]})
		}
		slices.Reverse(other.Ties)
		for v, group := range s.Groups {
			other.Groups[who[v]] = group
		}
		h := other.graph(t)
		for name, measure := range map[string]func(*graph.Graph) []float64{
			"betweenness": func(g *graph.Graph) []float64 {
				return must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Inverse, graph.Sampling{})).Values
			},
			"closeness": func(g *graph.Graph) []float64 {
				return must[graph.Close](t)(graph.Closeness(ctx, g, graph.Inverse, graph.Sampling{})).Closeness
			},
			"pagerank": func(g *graph.Graph) []float64 {
				return must[[]float64](t)(graph.PageRank(ctx, g, 0.85))
			},
			"clustering": func(g *graph.Graph) []float64 { return must[graph.Clusters](t)(graph.Clustering(ctx, g)).Local },
			"strength":   graph.Strengths,
		} {
			a, b := measure(g), measure(h)
			for v := range a {
				if !near(a[v], b[who[v]]) {
					t.Errorf("%s of %q: %v as %d and %v as %d", name, s.Name, a[v], v, b[who[v]], who[v])
				}
			}
		}
		if a, b := must[graph.Mixing](t)(graph.MixingOf(g, s.Groups)), must[graph.Mixing](t)(graph.MixingOf(h, other.Groups)); !near(a.EI(), b.EI()) || !near(a.Assortativity(), b.Assortativity()) {
			t.Errorf("mixing of %q", s.Name)
		}
	}
}

// The same seed gives the same to the last bit, on one processor and on several.
func TestSeedsDecide(t *testing.T) {
	ctx := context.Background()
	g := drawn("x", 400, 1600, true, true, 9).graph(t)
	after := drawn("x", 400, 1500, true, true, 10).graph(t)
	answered := make([]bool, 400)
	for v := range answered {
		answered[v] = v%4 != 0
	}
	all := func() []float64 {
		b := must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Inverse, graph.Sampling{}))
		s := must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{Pivots: 50, Seed: 3}))
		parts, q, err := graph.Leiden(ctx, g, graph.Search{Seed: 4})
		c := must[graph.Chance](t)(graph.StabilityBeyondChance(ctx, g, after, 50, 5))
		a := must[*graph.Answers](t)(graph.Answered(g, answered))
		r := must[[]graph.Plausible](t)(a.Reconstruct(ctx, 20, 6, graph.Density))
		if err != nil {
			t.Fatal(err)
		}
		out := slices.Concat(b.Values, s.Values, s.Errors, []float64{q, c.Mean, c.Deviation, c.More, r[0].Low, r[0].Mean, r[0].High})
		for _, part := range parts.Of {
			out = append(out, float64(part))
		}
		return out
	}
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	want := all()
	runtime.GOMAXPROCS(4)
	if got := all(); !slices.Equal(got, want) {
		t.Error("another number of processors gives other values")
	}
}

// A sample of pivots is right on average, and for the nodes that matter about as far off as its errors say.
func TestSamplesSayHowFarOffTheyAre(t *testing.T) {
	ctx := context.Background()
	g := drawn("x", 600, 2400, false, false, 11).graph(t)
	exact := must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{}))
	const samples = 40
	off, n, total, want := 0, 0, 0.0, 0.0
	for seed := range uint64(samples) {
		sample := must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{Pivots: 150, Seed: seed}))
		for v, x := range exact.Values {
			total += sample.Values[v] / samples
			want += x / samples
			if x < 2000 {
				continue
			}
			if n++; math.Abs(sample.Values[v]-x) > 2*sample.Errors[v] {
				off++
			}
		}
	}
	if math.Abs(total/want-1) > 0.005 {
		t.Errorf("all values together are %v of the exact ones", total/want)
	}
	if n < 500 || float64(off) > 0.15*float64(n) {
		t.Errorf("%d of %d values lie more than two standard errors off", off, n)
	}
}

// Communities hang together, and part no worse than the whole in one or each node alone.
func TestCommunitiesHangTogether(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		s := drawn("x", rapid.IntRange(1, 80).Draw(t, "nodes"), rapid.IntRange(0, 200).Draw(t, "ties"), rapid.Bool().Draw(t, "directed"), rapid.Bool().Draw(t, "weighted"), rapid.Uint64().Draw(t, "seed"))
		ties := make([]graph.Tie, len(s.Ties))
		for i, tie := range s.Ties {
			ties[i] = graph.Tie{From: int32(tie[0]), To: int32(tie[1]), Weight: tie[2]}
		}
		g, err := graph.New(s.N, ties, graph.Kind{Directed: s.Directed, Weighted: s.Weighted})
		if err != nil {
			t.Fatal(err)
		}
		parts, q, err := graph.Leiden(ctx, g, graph.Search{Seed: 1, Starts: 1, Resolution: rapid.SampledFrom([]float64{0.3, 1, 3}).Draw(t, "resolution")})
		if err != nil {
			t.Fatal(err)
		}
		for c := range parts.Sizes {
			gone := make([]bool, g.Nodes())
			for v, of := range parts.Of {
				gone[v] = of != int32(c)
			}
			if inside, _, err := g.Without(gone); err != nil || len(graph.Components(inside).Sizes) != 1 {
				t.Fatalf("community %d does not hang together", c)
			}
		}
		if g.Ties() > 0 && math.IsNaN(q) {
			t.Fatal("no modularity")
		}
	})
}

// What cannot be is refused, and a context that has ended ends the work.
func TestRefusals(t *testing.T) {
	weighted := graph.Kind{Weighted: true}
	for _, w := range []float64{-1, math.NaN(), math.Inf(1), math.Inf(-1), 1e-300, 1e300} {
		if _, err := graph.New(2, []graph.Tie{{0, 1, w}}, weighted); !errors.Is(err, graph.ErrWeight) {
			t.Errorf("weight %v: %v", w, err)
		}
	}
	if _, err := graph.New(2, []graph.Tie{{0, 2, 1}}, weighted); !errors.Is(err, graph.ErrNode) {
		t.Error(err)
	}
	if _, err := graph.New(graph.MostNodes+1, nil, weighted); !errors.Is(err, graph.ErrSize) {
		t.Error(err)
	}
	g, err := graph.New(3, []graph.Tie{{0, 0, 1}, {0, 1, 1}, {1, 0, 2}, {1, 2, 0}}, weighted)
	if err != nil || g.Ties() != 1 || g.Dropped() != (graph.Dropped{Loops: 1, Parallel: 1, Zero: 1}) {
		t.Errorf("%v %+v", err, g.Dropped())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	large := drawn("x", 3000, 9000, false, false, 1).graph(t)
	for name, err := range map[string]error{
		"betweenness": second(graph.Betweenness(ctx, large, graph.Steps, graph.Sampling{})),
		"closeness":   second(graph.Closeness(ctx, large, graph.Steps, graph.Sampling{})),
		"pagerank":    second(graph.PageRank(ctx, large, 0.85)),
		"eigenvector": second(graph.Eigenvector(ctx, large)),
		"stability":   second(graph.StabilityBeyondChance(ctx, large, large, 100, 1)),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// So many shortest paths that no number can count them are told, and not passed off as a value.
	var ladder [][2]int
	for i := range 1100 {
		ladder = append(ladder, [2]int{3 * i, 3*i + 1}, [2]int{3 * i, 3*i + 2}, [2]int{3*i + 1, 3*i + 3}, [2]int{3*i + 2, 3*i + 3})
	}
	if _, err := graph.Betweenness(context.Background(), named("ladder", 3301, false, ladder...).graph(t), graph.Steps, graph.Sampling{}); !errors.Is(err, graph.ErrPaths) {
		t.Error(err)
	}
}

func second[T any](_ T, err error) error { return err }
