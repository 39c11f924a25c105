package networkmap

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"sync"

	"commontable/internal/analysis/graph"
)

// toldKeys are the measures of what was told, in the order of figuresOf.
var toldKeys = []string{"pairs", "density", "mean_degree", "reciprocity", "components", "alone", "degree_centralization", "betweenness_centralization", "clustering", "communities", "modularity", "e_i", "cut_points", "bridges"}

const (
	// fillings is how often what was not told is filled in, for graphs of up to 300; fewer
	// for larger ones, so that the page of a large network does not wait.
	fillings      = 100
	leastFillings = 20
	mostFilled    = 1500
)

// figuresOf are the measures of a graph of ticks as numbers; what is not defined is NaN.
func figuresOf(ctx context.Context, ticks *graph.Graph, sectors []int32, claim string, search graph.Search) ([]float64, error) {
	g, err := claimedTies(ticks, claim)
	if err != nil {
		return nil, err
	}
	w, _, err := measured(ctx, g, ticks, sectors, search)
	if err != nil {
		return nil, err
	}
	if claim == Reciprocated {
		w.Reciprocity = nil // it is what was asked for
	}
	number := func(p *float64) float64 {
		if p == nil {
			return math.NaN()
		}
		return *p
	}
	return []float64{float64(w.Pairs), number(w.Density), number(w.MeanDegree), number(w.Reciprocity), float64(w.Components), float64(w.Alone), number(w.DegreeCentralization), number(w.BetweennessCentralization),
		number(w.Clustering), float64(w.Communities), number(w.Modularity), number(w.EI), float64(w.CutPoints), float64(w.Bridges)}, nil
}

// measures are those of what was told with what they can be; few hides the values.
func (a asked) measures(ctx context.Context, claim string, few bool) ([]ToldMeasure, error) {
	list, err := rangesKept.of(a.key(claim), func() ([]ToldMeasure, error) { return a.ranges(ctx, claim) })
	if err != nil {
		return nil, err
	}
	out := make([]ToldMeasure, len(list))
	for k, m := range list {
		if out[k] = m; few {
			out[k].Value = nil
		}
	}
	return out, nil
}

// ranges works the measures out.
func (a asked) ranges(ctx context.Context, claim string) ([]ToldMeasure, error) {
	values, err := figuresOf(ctx, a.g, a.sectors, claim, graph.Search{})
	if err != nil {
		return nil, err
	}
	known, err := graph.Answered(a.g, a.answered)
	if err != nil {
		return nil, err
	}
	out := make([]ToldMeasure, len(toldKeys))
	for k, key := range toldKeys {
		out[k] = ToldMeasure{Key: key, Value: defined(values[k])}
	}
	can := func(k int, r graph.Range) { out[k].Least, out[k].Most = defined(r.Low), defined(r.High) }
	pairs, n := known.PairsTied(), float64(a.g.Nodes())
	if claim == Reciprocated {
		pairs = known.PairsBothWays()
	} else {
		can(3, known.PairsMutual())
	}
	can(0, pairs)
	can(1, graph.Range{Low: pairs.Low / (n * (n - 1) / 2), High: pairs.High / (n * (n - 1) / 2)})
	can(2, graph.Range{Low: 2 * pairs.Low / n, High: 2 * pairs.High / n})
	return out, a.fill(ctx, known, claim, out)
}

// fill adds the ranges of what is plausible.
func (a asked) fill(ctx context.Context, known *graph.Answers, claim string, out []ToldMeasure) error {
	if a.g.Nodes() > mostFilled || known.Known() == 1 {
		return nil
	}
	draws := max(leastFillings, min(fillings, fillings*300/max(1, a.g.Nodes())))
	// All measures of a draw are taken at once, by whichever is asked for first.
	var taken sync.Map
	list := make([]graph.Measure, len(toldKeys))
	for k := range list {
		list[k] = func(g *graph.Graph) float64 {
			if kept, ok := taken.Load(g); ok {
				return kept.([]float64)[k]
			}
			values, err := figuresOf(ctx, g, a.sectors, claim, graph.Search{Starts: 1})
			if err != nil {
				values = make([]float64, len(toldKeys))
				for i := range values {
					values[i] = math.NaN()
				}
			}
			taken.Store(g, values)
			return values[k]
		}
	}
	plausible, err := known.Reconstruct(ctx, draws, 1, list...)
	if errors.Is(err, graph.ErrSize) {
		return nil
	}
	if err != nil {
		return err
	}
	for k, p := range plausible {
		if p.Draws == draws { // one that is often not defined would be told of a part alone
			out[k].Low, out[k].High = defined(p.Low), defined(p.High)
		}
	}
	return ctx.Err()
}

// key is what the measures follow from.
func (a asked) key(claim string) (key [sha256.Size]byte) {
	content := sha256.New()
	content.Write([]byte(claim + "."))
	_ = binary.Write(content, binary.BigEndian, a.answered) // a hash takes everything
	_ = binary.Write(content, binary.BigEndian, a.sectors)
	for t := range a.g.All() {
		_ = binary.Write(content, binary.BigEndian, [2]int32{t.From, t.To})
	}
	content.Sum(key[:0])
	return key
}

// rangeMemory keeps the last measures by what they follow from, since filling in takes a
// while and a map is looked at again and again.
type rangeMemory struct {
	mu    sync.Mutex
	kept  map[[sha256.Size]byte][]ToldMeasure
	order [][sha256.Size]byte // the oldest first
}

const mostRanges = 200

var rangesKept = &rangeMemory{kept: map[[sha256.Size]byte][]ToldMeasure{}}

// of looks for measures, and makes them where there are none.
func (m *rangeMemory) of(key [sha256.Size]byte, make func() ([]ToldMeasure, error)) ([]ToldMeasure, error) {
	m.mu.Lock()
	list, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := make()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.kept[key]; again {
		return list, nil
	}
	m.kept[key], m.order = list, append(m.order, key)
	for len(m.order) > mostRanges {
		delete(m.kept, m.order[0])
		m.order = m.order[1:]
	}
	return list, nil
}
