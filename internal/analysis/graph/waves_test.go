package graph_test

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/graph"
)

// Two waves, by hand: one tie stays, two come, one goes.
func TestChangeBetweenWaves(t *testing.T) {
	before := named("before", 5, false, [2]int{0, 1}, [2]int{1, 2}).graph(t)
	after := named("after", 5, false, [2]int{2, 1}, [2]int{3, 4}, [2]int{0, 4}).graph(t)
	c, err := graph.Compare(before, after)
	if err != nil || len(c.Kept) != 1 || len(c.New) != 2 || len(c.Lost) != 1 || !near(c.Stability(), 0.25) || !near(c.Turnover(), 3.0/5) {
		t.Errorf("%+v %v", c, err)
	}
}

// The chance of as many kept ties is what going through every exchange of the nodes gives.
func TestStabilityAgainstEveryExchange(t *testing.T) {
	before := named("before", 6, true, [2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}, [2]int{0, 3}, [2]int{4, 5}).graph(t)
	after := named("after", 6, true, [2]int{0, 1}, [2]int{1, 2}, [2]int{3, 2}, [2]int{5, 4}, [2]int{0, 3}).graph(t)
	more, all, sum := 0, 0, 0
	var exchange func(who []int32, left []int32)
	exchange = func(who, left []int32) {
		if len(left) == 0 {
			kept := 0
			for tie := range after.All() {
				if before.Has(who[tie.From], who[tie.To]) {
					kept++
				}
			}
			all++
			sum += kept
			if kept >= 3 {
				more++
			}
			return
		}
		for i := range left {
			rest := append(append([]int32{}, left[:i]...), left[i+1:]...)
			exchange(append(who[:len(who):len(who)], left[i]), rest)
		}
	}
	exchange(nil, []int32{0, 1, 2, 3, 4, 5})
	c, err := graph.StabilityBeyondChance(context.Background(), before, after, 20_000, 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := float64(more) / float64(all); c.Observed != 3 || math.Abs(c.More-want) > 0.015 || math.Abs(c.Mean-float64(sum)/float64(all)) > 0.05 {
		t.Errorf("%+v, want %v and mean %v", c, want, float64(sum)/float64(all))
	}
}

// Ranges are what filling in the unknown ties in every way gives.
func TestRangesAgainstFillingInAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "nodes")
		directed := rapid.Bool().Draw(t, "directed")
		answered := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "answered")
		var known, open []graph.Tie
		for a := range int32(n) {
			for b := range int32(n) {
				if a == b || !directed && a > b {
					continue
				}
				switch {
				case !answered[a] && (directed || !answered[b]):
					open = append(open, graph.Tie{From: a, To: b})
				case rapid.Bool().Draw(t, "tied"):
					known = append(known, graph.Tie{From: a, To: b})
				}
			}
		}
		seen, err := graph.New(n, known, graph.Kind{Directed: directed})
		if err != nil {
			t.Fatal(err)
		}
		a, err := graph.Answered(seen, answered)
		if err != nil {
			t.Fatal(err)
		}
		type bounds struct{ low, high float64 }
		density, mutual, degree := bounds{math.Inf(1), math.Inf(-1)}, bounds{math.Inf(1), math.Inf(-1)}, make([]bounds, n)
		tied, returned := bounds{math.Inf(1), math.Inf(-1)}, bounds{math.Inf(1), math.Inf(-1)}
		for v := range degree {
			degree[v] = bounds{math.Inf(1), math.Inf(-1)}
		}
		widen := func(b *bounds, x float64) {
			if !math.IsNaN(x) {
				b.low, b.high = math.Min(b.low, x), math.Max(b.high, x)
			}
		}
		for set := range 1 << len(open) {
			ties := append([]graph.Tie{}, known...)
			for i, tie := range open {
				if set>>i&1 == 1 {
					ties = append(ties, tie)
				}
			}
			g, err := graph.New(n, ties, graph.Kind{Directed: directed})
			if err != nil {
				t.Fatal(err)
			}
			widen(&density, graph.Density(g))
			widen(&mutual, graph.DyadsOf(g).PairsMutual())
			either, both := 0, 0
			for a := range int32(n) {
				for b := range a {
					if g.Has(a, b) || g.Has(b, a) {
						either++
					}
					if g.Has(a, b) && g.Has(b, a) {
						both++
					}
				}
			}
			widen(&tied, float64(either))
			widen(&returned, float64(both))
			for v, d := range graph.InDegrees(g) {
				widen(&degree[v], float64(d))
			}
		}
		if got := a.Density(); !near(got.Low, density.low) || !near(got.High, density.high) {
			t.Fatalf("density %+v, want %+v", got, density)
		}
		if got := a.PairsMutual(); directed && !math.IsInf(mutual.low, 1) && (!near(got.Low, mutual.low) || !near(got.High, mutual.high)) {
			t.Fatalf("mutual %+v, want %+v", got, mutual)
		}
		if got := a.PairsTied(); !near(got.Low, tied.low) || !near(got.High, tied.high) {
			t.Fatalf("pairs tied %+v, want %+v", got, tied)
		}
		if got := a.PairsBothWays(); !near(got.Low, returned.low) || !near(got.High, returned.high) {
			t.Fatalf("pairs tied both ways %+v, want %+v", got, returned)
		}
		for v, got := range a.InDegrees() {
			if !near(got.Low, degree[v].low) || !near(got.High, degree[v].high) {
				t.Fatalf("in-degree of %d: %+v, want %+v", v, got, degree[v])
			}
		}
	})
}

// Where a fifth did not answer by chance, the true density lies in the plausible range about as often as it should.
func TestReconstructionHoldsTheTruth(t *testing.T) {
	ctx := context.Background()
	inside := 0
	const trials = 40
	for seed := range uint64(trials) {
		whole := drawn("x", 40, 300, true, false, seed).graph(t)
		answered := make([]bool, 40)
		for v := range answered {
			answered[v] = (v*7+int(seed)*3)%5 != 0
		}
		var seen []graph.Tie
		for tie := range whole.All() {
			if answered[tie.From] {
				seen = append(seen, tie)
			}
		}
		g, err := graph.New(40, seen, graph.Kind{Directed: true})
		if err != nil {
			t.Fatal(err)
		}
		a := must[*graph.Answers](t)(graph.Answered(g, answered))
		r := must[[]graph.Plausible](t)(a.Reconstruct(ctx, 200, seed, graph.Density, graph.MeanDegree))
		truth, sure := graph.Density(whole), a.Density()
		if r[0].Low <= truth && truth <= r[0].High {
			inside++
		}
		if truth < sure.Low || truth > sure.High || r[0].Low < sure.Low-1e-12 || r[0].High > sure.High+1e-12 || r[0].Draws != 200 {
			t.Errorf("truth %v, sure %+v, plausible %+v", truth, sure, r[0])
		}
	}
	if inside < trials*8/10 {
		t.Errorf("the truth was inside %d of %d times", inside, trials)
	}
}

// Everyone who is answered for leaves nothing to fill in.
func TestNothingIsMissing(t *testing.T) {
	g := drawn("x", 30, 100, true, true, 3).graph(t)
	answered := make([]bool, 30)
	for v := range answered {
		answered[v] = true
	}
	a := must[*graph.Answers](t)(graph.Answered(g, answered))
	r := must[[]graph.Plausible](t)(a.Reconstruct(context.Background(), 5, 1, graph.Density))
	if d := graph.Density(g); !near(a.Density().Low, d) || !near(a.Density().High, d) || !near(r[0].Low, d) || !near(r[0].High, d) || a.Known() != 1 {
		t.Errorf("%+v %+v, want %v", a.Density(), r[0], d)
	}
}

// Everyone at a meeting brings one tie along, shared out among the others.
func TestProjection(t *testing.T) {
	g, err := graph.Project(5, [][]int32{{0, 1, 2, 1}, {0, 1}, {3}, {}}, graph.Shared)
	if err != nil || g.Ties() != 3 {
		t.Fatal(err, g)
	}
	if s := graph.Strengths(g); !near(s[0], 2) || !near(s[1], 2) || !near(s[2], 1) || s[3] != 0 {
		t.Errorf("strengths %v", s)
	}
	if g, err = graph.Project(5, [][]int32{{0, 1, 2}, {0, 1}}, graph.Counted); err != nil || graph.Strengths(g)[0] != 3 {
		t.Error(err, g)
	}
	if _, err := graph.Project(2, [][]int32{{0, 2}}, graph.Shared); err == nil {
		t.Error("a node that is not there was at a meeting")
	}
}
