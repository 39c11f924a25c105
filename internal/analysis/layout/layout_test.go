package layout_test

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"commontable/internal/analysis/graph"
	"commontable/internal/analysis/layout"
)

// groups is a network of groups with most ties inside.
func groups(t *testing.T, nodes, size, degree int, seed uint64) *graph.Graph {
	t.Helper()
	c := rand.New(rand.NewPCG(seed, 1))
	var ties []graph.Tie
	for range nodes * degree / 2 {
		a := c.IntN(nodes)
		b := a/size*size + c.IntN(size)
		if c.IntN(10) == 0 {
			b = c.IntN(nodes)
		}
		ties = append(ties, graph.Tie{From: int32(a), To: int32(min(b, nodes-1)), Weight: 1})
	}
	g, err := graph.New(nodes, ties, graph.Kind{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func places(t *testing.T, g *graph.Graph, o layout.Options) []layout.Point {
	t.Helper()
	at, err := layout.Places(context.Background(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func far(a, b layout.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// Those that are tied stand nearer than others, and no two on top of each other.
func TestTiedStandTogether(t *testing.T) {
	g := groups(t, 300, 20, 6, 1)
	at := places(t, g, layout.Options{Seed: 1})
	tied, all, n := 0.0, 0.0, 0
	for a := range at {
		if math.IsNaN(at[a].X) || math.IsInf(at[a].X, 0) {
			t.Fatalf("node %d is at %v", a, at[a])
		}
		for b := range a {
			d := far(at[a], at[b])
			if d < layout.Gap {
				t.Fatalf("%d and %d are %v apart", a, b, d)
			}
			all += d
			n++
		}
	}
	for tie := range g.All() {
		tied += far(at[tie.From], at[tie.To]) / float64(g.Ties())
	}
	if all /= float64(n); tied > 0.5*all {
		t.Errorf("tied nodes are %v apart, all %v", tied, all)
	}
}

// The same gives the same, on one processor and on several.
func TestSeedsDecide(t *testing.T) {
	g := groups(t, 200, 20, 6, 1)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	want := places(t, g, layout.Options{Seed: 3})
	runtime.GOMAXPROCS(4)
	if !slices.Equal(want, places(t, g, layout.Options{Seed: 3})) {
		t.Error("another number of processors gives other places")
	}
	if slices.Equal(want, places(t, g, layout.Options{Seed: 4})) {
		t.Error("the seed does nothing")
	}
}

// A wave that changed a little moves nobody far, and new nodes come to those they are tied to.
func TestPlacesKeepTheirMeaning(t *testing.T) {
	g := groups(t, 300, 20, 6, 1)
	earlier := places(t, g, layout.Options{Seed: 1})
	earlier[7] = layout.Nowhere
	var ties []graph.Tie
	i := 0
	for tie := range g.All() {
		if i++; i%10 != 0 { // every tenth tie went
			ties = append(ties, tie)
		}
	}
	later, err := graph.New(300, ties, graph.Kind{})
	if err != nil {
		t.Fatal(err)
	}
	at := places(t, later, layout.Options{Seed: 2, Earlier: earlier})
	anew := places(t, later, layout.Options{Seed: 2})
	width, moved, other := 0.0, 0.0, 0.0
	for v := range at {
		if v == 7 {
			continue
		}
		width = math.Max(width, far(earlier[v], earlier[0]))
		moved += far(at[v], earlier[v]) / 299
		other += far(anew[v], earlier[v]) / 299
	}
	if moved > 0.05*width || moved > other/5 {
		t.Errorf("nodes moved %v of %v on average, and anew %v", moved, width, other)
	}
	for _, tie := range ties {
		if tie.From == 7 || tie.To == 7 {
			if d := far(at[tie.From], at[tie.To]); d > 0.6*width {
				t.Errorf("the new node is %v from one it is tied to", d)
			}
		}
	}
}

// Odd networks have places too.
func TestOddNetworks(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 50} {
		g, err := graph.New(n, nil, graph.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		same := make([]layout.Point, n) // all at one place
		for _, o := range []layout.Options{{}, {Earlier: same}} {
			at := places(t, g, o)
			for a := range at {
				for b := range a {
					if d := far(at[a], at[b]); !(d >= layout.Gap) {
						t.Errorf("%d nodes: %v apart", n, d)
					}
				}
			}
		}
	}
	g := groups(t, 100, 10, 4, 1)
	if _, err := layout.Places(context.Background(), g, layout.Options{Earlier: make([]layout.Point, 3)}); !errors.Is(err, layout.ErrSize) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := layout.Places(ctx, g, layout.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Five thousand nodes: the time is told, and no two nodes lie on each other.
func TestFiveThousand(t *testing.T) {
	g := groups(t, 5000, 50, 6, 1)
	begun := time.Now()
	at := places(t, g, layout.Options{Seed: 1})
	t.Logf("5,000 nodes in %s", time.Since(begun))
	slices.SortFunc(at, func(a, b layout.Point) int { return cmp.Compare(a.X, b.X) })
	for i, a := range at {
		for _, b := range at[i+1:] {
			if b.X-a.X >= layout.Gap {
				break
			}
			if d := far(a, b); d < layout.Gap {
				t.Fatalf("%v and %v are %v apart", a, b, d)
			}
		}
	}
}

// Where nodes begin follows from what is given, and the same start gives the same
// places whoever else there is; places of other than all nodes are refused.
func TestStartDecides(t *testing.T) {
	g := groups(t, 60, 20, 6, 4)
	start := make([]layout.Point, g.Nodes())
	for v := range start {
		angle := float64(v)
		start[v] = layout.Point{X: math.Cos(angle) * 0.9, Y: math.Sin(angle) * 0.9}
	}
	one, two := places(t, g, layout.Options{Seed: 1, Start: start}), places(t, g, layout.Options{Seed: 2, Start: start})
	if !slices.Equal(one, two) {
		t.Error("chance decided where everybody began")
	}
	if slices.Equal(one, places(t, g, layout.Options{Seed: 1})) {
		t.Error("the start made no difference")
	}
	if _, err := layout.Places(context.Background(), g, layout.Options{Start: start[1:]}); !errors.Is(err, layout.ErrSize) {
		t.Errorf("a start of too few: %v", err)
	}
}
