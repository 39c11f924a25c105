// Package layout gives the nodes of a network places on a plane: those that are tied stand near each other, all
// others apart. The same network, start and seed give the same places to the last bit, on every number of
// processors, and a network that begins from earlier places keeps them as far as its ties allow, so that a place on
// the map keeps its meaning from wave to wave.
package layout

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"commontable/internal/analysis/graph"
)

// Point is a place. One is about how far two tied nodes stand from each other.
type Point struct{ X, Y float64 }

// Nowhere is the place of a node that had none.
var Nowhere = Point{math.NaN(), math.NaN()}

func (p Point) known() bool {
	return !math.IsNaN(p.X) && !math.IsNaN(p.Y) && math.Abs(p.X) < 1e9 && math.Abs(p.Y) < 1e9
}

// Options say how places are looked for; the zero value begins anew with seed 0.
type Options struct {
	Seed uint64
	// Earlier is where nodes stood, Nowhere where one did not; nil begins anew.
	Earlier []Point
	// Start is where nodes without an earlier place begin, within the circle of radius 1 around 0, so that it
	// follows from what they are and not from how many others there are; nil draws it by chance.
	Start []Point
	// Rounds is how often all forces are felt; 0 is StandardRounds.
	Rounds int
}

const (
	// MostNodes is how many nodes Places takes, about half a minute's worth.
	MostNodes = 50_000
	// StandardRounds is how often all forces are felt.
	StandardRounds = 150
	// MostRounds bounds Options.
	MostRounds = 2000
	// Gap is how far apart any two nodes stand at least.
	Gap = 0.25
)

// ErrSize says that there are too many nodes or rounds, or places of other than all nodes.
var ErrSize = errors.New("layout: size out of range")

const (
	gravity = 0.05 // towards the middle, so that parts that do not hang together stay on one map
	opening = 1.2  // how large a group of nodes may look from a node to be felt as one, in radians
	hold    = 0.3  // of an earlier place, as a share of the pull of a tie
)

// Places finds where nodes stand: all push each other apart by 1 ÷ distance, ties pull by distance², and steps
// become shorter from round to round (Fruchterman and Reingold 1991, Softw. Pract. Exper. 21:1129; groups of far
// nodes push as one, Barnes and Hut 1986, Nature 324:446). Nodes that had a place are held to it by a spring and
// move little; new ones begin beside those they are tied to. Direction and weights are not looked at. It takes
// n·log n a round, on all processors, and fails with ErrSize or when ctx ends.
func Places(ctx context.Context, g *graph.Graph, o Options) ([]Point, error) {
	if o.Rounds <= 0 {
		o.Rounds = StandardRounds
	}
	if g.Nodes() > MostNodes || o.Rounds > MostRounds || o.Earlier != nil && len(o.Earlier) != g.Nodes() || o.Start != nil && len(o.Start) != g.Nodes() {
		return nil, ErrSize
	}
	f := newForces(g, o)
	for round := range o.Rounds {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.round(f.heat * (1 - float64(round)/float64(o.Rounds)))
	}
	apart(f.at)
	return f.at, nil
}

// forces are what moves nodes.
type forces struct {
	at, push []Point
	anchor   []Point // Nowhere where a node is free
	from, to []int32
	heat     float64 // the longest step of the first round
	tree     tree
}

func newForces(g *graph.Graph, o Options) *forces {
	n := g.Nodes()
	f := &forces{at: make([]Point, n), push: make([]Point, n), anchor: make([]Point, n)}
	for t := range g.Undirected().All() {
		f.from, f.to = append(f.from, t.From), append(f.to, t.To)
	}
	size := math.Sqrt(float64(n))
	f.heat = size / 10
	c := rand.New(rand.NewPCG(o.Seed, 0)) // #nosec G404 -- no secret hangs on it
	held := 0
	for v := range f.at {
		// Evenly over a disc, in an order by chance; drawn for all, so that a new node shifts nobody's draw.
		angle, radius := 2*math.Pi*c.Float64(), size*math.Sqrt(c.Float64())
		f.at[v] = Point{radius * math.Cos(angle), radius * math.Sin(angle)}
		if o.Start != nil && o.Start[v].known() {
			f.at[v] = Point{size * o.Start[v].X, size * o.Start[v].Y}
		}
		f.anchor[v] = Nowhere
		if o.Earlier != nil && o.Earlier[v].known() {
			f.anchor[v] = o.Earlier[v]
			// Two at one place would never part.
			f.at[v] = Point{o.Earlier[v].X + 1e-6*(c.Float64()-0.5), o.Earlier[v].Y + 1e-6*(c.Float64()-0.5)}
			held++
		}
	}
	if held > 0 {
		f.heat = min(f.heat, 0.5)
		f.beside()
	}
	return f
}

// beside moves nodes without an earlier place to the middle of those they are tied to.
func (f *forces) beside() {
	sum, count := make([]Point, len(f.at)), make([]float64, len(f.at))
	for i, a := range f.from {
		for _, pair := range [2][2]int32{{a, f.to[i]}, {f.to[i], a}} {
			if v, u := pair[0], pair[1]; !f.anchor[v].known() && f.anchor[u].known() {
				sum[v].X += f.anchor[u].X
				sum[v].Y += f.anchor[u].Y
				count[v]++
			}
		}
	}
	size := math.Sqrt(float64(len(f.at)))
	for v, n := range count {
		if n > 0 {
			f.at[v] = Point{sum[v].X/n + f.at[v].X/size, sum[v].Y/n + f.at[v].Y/size}
		}
	}
}

// round lets every node feel all forces and take a step of at most so far.
func (f *forces) round(heat float64) {
	f.tree.build(f.at)
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			var stack []int32
			for v := len(f.at) * w / workers; v < len(f.at)*(w+1)/workers; v++ {
				f.push[v], stack = f.tree.push(f.at[v], int32(v), stack)
			}
		})
	}
	all.Wait()
	pull := func(v int32, dx, dy, by float64) {
		f.push[v].X += dx * by
		f.push[v].Y += dy * by
	}
	for i, a := range f.from {
		b := f.to[i]
		dx, dy := f.at[b].X-f.at[a].X, f.at[b].Y-f.at[a].Y
		d := math.Sqrt(dx*dx + dy*dy)
		pull(a, dx, dy, d)
		pull(b, -dx, -dy, d)
	}
	for v := range f.at {
		pull(int32(v), -f.at[v].X, -f.at[v].Y, gravity)
		if a := f.anchor[v]; a.known() {
			dx, dy := a.X-f.at[v].X, a.Y-f.at[v].Y
			pull(int32(v), dx, dy, hold*10*(0.1+math.Sqrt(dx*dx+dy*dy)))
		}
		step := math.Hypot(f.push[v].X, f.push[v].Y)
		if step > 0 {
			by := min(step, heat) / step
			f.at[v].X += f.push[v].X * by
			f.at[v].Y += f.push[v].Y * by
		}
	}
}
