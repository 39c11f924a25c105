package networkmap

import (
	"context"
	"math"

	"commontable/internal/analysis/graph"
)

// Whole is what can be said of a network as a whole. Two organizations count as tied
// however many ties they have and whatever the direction, but for reciprocity. What is
// not defined is absent.
type Whole struct {
	Organizations int      `json:"organizations"`
	Pairs         int      `json:"pairs" doc:"Organizations that are tied, two by two."`
	Density       *float64 `json:"density,omitempty" doc:"Pairs that are tied, of all possible: 0 to 1."`
	MeanDegree    *float64 `json:"mean_degree,omitempty" doc:"Organizations each is tied to, on average."`
	Reciprocity   *float64 `json:"reciprocity,omitempty" doc:"Pairs tied both ways, of those of which a tie with a direction is known: 0 to 1."`
	Directed      int      `json:"directed" doc:"Pairs of which a declared, imported or told tie is shown; reciprocity is of these."`
	Components    int      `json:"components" doc:"Parts that hang together; who is tied to nobody is a part."`
	Largest       int      `json:"largest" doc:"Organizations in the largest part."`
	Alone         int      `json:"alone" doc:"Organizations tied to nobody."`

	DegreeCentralization      *float64 `json:"degree_centralization,omitempty" doc:"How much the ties gather at one organization: 0, all have as many, to 1, a star."`
	BetweennessCentralization *float64 `json:"betweenness_centralization,omitempty" doc:"How much the shortest paths lead through one organization: 0 to 1; absent where there are more than 1,500 organizations."`
	Clustering                *float64 `json:"clustering,omitempty" doc:"How often two that are tied to a third are tied to each other: 0 to 1."`
	Communities               int      `json:"communities" doc:"Groups of two or more that the ties make of their own."`
	Modularity                *float64 `json:"modularity,omitempty" doc:"How much more the ties lie within these groups than chance would have it: -0.5 to 1."`
	EI                        *float64 `json:"e_i,omitempty" doc:"Ties between sectors less ties within, of all: -1, all within, to 1, all between."`
	CutPoints                 int      `json:"cut_points" doc:"Organizations without which the network would fall apart."`
	Bridges                   int      `json:"bridges" doc:"Pairs without whose tie it would."`
}

const (
	// mostExact is how many organizations betweenness follows all paths of; beyond, a
	// sample of so many pivots.
	mostExact = 1500
	pivots    = 300
)

// measure fills in the measures of a map.
func (d drawn) measure(ctx context.Context, m *Map) error {
	whole, of, err := d.of(ctx, m, nil)
	if err != nil {
		return err
	}
	m.Whole = whole
	for k := range m.Items {
		n := &m.Items[k]
		n.Degree, n.Betweenness, n.Core, n.Cut = of.degree[k], of.between[k], of.core[k], of.cut[k]
		n.In, n.Out = of.in[k], of.out[k]
		n.Community = of.community[k]
	}
	for k, p := range d.pairs {
		m.Ties[k].Bridge = of.bridge[between(p)]
	}
	gone, any := make([]bool, len(m.Items)), false
	for k, n := range m.Items {
		gone[k], any = n.Backbone, any || n.Backbone
	}
	if !any {
		return nil
	}
	without, _, err := d.of(ctx, m, gone)
	m.Without = &without
	return err
}

// each are the measures of the single organizations.
type each struct {
	degree, in, out, core, community []int
	between                          []float64
	cut                              []bool
	bridge                           map[pairOf]bool
}

func between(p pairOf) pairOf {
	if p.from > p.to {
		p.from, p.to = p.to, p.from
	}
	return p
}

// of measures the network, without some of its organizations where gone says so.
func (d drawn) of(ctx context.Context, m *Map, gone []bool) (Whole, each, error) {
	either, known, err := d.graphs(m)
	if err != nil {
		return Whole{}, each{}, err
	}
	sectors := sectorsOf(m.Items)
	if gone != nil {
		var old []int32
		if either, old, err = either.Without(gone); err != nil {
			return Whole{}, each{}, err
		}
		if known, _, err = known.Without(gone); err != nil {
			return Whole{}, each{}, err
		}
		stay := make([]int32, len(old))
		for k, v := range old {
			stay[k] = sectors[v]
		}
		sectors = stay
	}
	return measured(ctx, either, known, sectors, graph.Search{})
}

// graphs are who is tied to whom whatever the direction, and where direction means
// something: of the ties that somebody declared or told of.
func (d drawn) graphs(m *Map) (either, known *graph.Graph, err error) {
	var all, told []graph.Tie
	for k, p := range d.pairs {
		t := graph.Tie{From: p.from, To: p.to, Weight: 1}
		all = append(all, t)
		if directed(m.Ties[k]) {
			told = append(told, t)
			if m.Ties[k].Mutual {
				told = append(told, graph.Tie{From: p.to, To: p.from, Weight: 1})
			}
		}
	}
	if either, err = graph.New(len(m.Items), all, graph.Kind{}); err != nil {
		return nil, nil, err
	}
	known, err = graph.New(len(m.Items), told, graph.Kind{Directed: true})
	return either, known, err
}

// sectorsOf numbers the sectors; none is negative.
func sectorsOf(nodes []Node) []int32 {
	number := map[string]int32{}
	out := make([]int32, len(nodes))
	for k, n := range nodes {
		if n.Sector == "" {
			out[k] = -1
			continue
		}
		at, ok := number[n.Sector]
		if !ok {
			at = int32(len(number)) // #nosec G115 -- a handful
			number[n.Sector] = at
		}
		out[k] = at
	}
	return out
}

func measured(ctx context.Context, g, known *graph.Graph, sectors []int32, search graph.Search) (w Whole, e each, err error) {
	parts, dyads := graph.Components(g), graph.DyadsOf(known)
	w = Whole{Organizations: g.Nodes(), Pairs: g.Ties(), Density: defined(graph.Density(g)), MeanDegree: defined(graph.MeanDegree(g)), Reciprocity: defined(dyads.PairsMutual()),
		Directed: int(dyads.Mutual + dyads.Asymmetric), Components: len(parts.Sizes), Largest: parts.Largest(), DegreeCentralization: defined(graph.DegreeCentralization(g))}
	e = each{degree: graph.Degrees(g), in: graph.InDegrees(known), out: graph.OutDegrees(known), core: graph.Cores(g), cut: make([]bool, g.Nodes()), bridge: map[pairOf]bool{}}
	for _, d := range e.degree {
		if d == 0 {
			w.Alone++
		}
	}
	cuts := graph.CutsOf(g)
	w.CutPoints, w.Bridges = len(cuts.Points), len(cuts.Bridges)
	for _, v := range cuts.Points {
		e.cut[v] = true
	}
	for _, t := range cuts.Bridges {
		e.bridge[pairOf{t.From, t.To}] = true
	}
	if err = betweenness(ctx, g, &w, &e); err != nil {
		return w, e, err
	}
	clusters, err := graph.Clustering(ctx, g)
	if err != nil {
		return w, e, err
	}
	w.Clustering = defined(clusters.Global())
	communities, modularity, err := graph.Leiden(ctx, g, search)
	if err != nil {
		return w, e, err
	}
	w.Modularity = defined(modularity)
	w.Communities, e.community = numbered(communities)
	mixing, err := graph.MixingOf(g, sectors)
	if err == nil {
		w.EI = defined(mixing.EI())
	}
	return w, e, err
}

func betweenness(ctx context.Context, g *graph.Graph, w *Whole, e *each) error {
	sampling := graph.Sampling{}
	if g.Nodes() > mostExact {
		sampling.Pivots = pivots
	}
	b, err := graph.Betweenness(ctx, g, graph.Steps, sampling)
	if err != nil {
		return err
	}
	if b.Pivots >= g.Nodes() {
		w.BetweennessCentralization = defined(graph.BetweennessCentralization(g, b.Values))
	}
	e.between = make([]float64, len(b.Values))
	for k, v := range b.Values {
		if share := graph.BetweennessShare(g, v); !math.IsNaN(share) {
			e.between[k] = share
		}
	}
	return nil
}

// numbered gives communities of two or more a number, from 1.
func numbered(parts graph.Parts) (count int, of []int) {
	number := make([]int, len(parts.Sizes))
	for p, size := range parts.Sizes {
		if size > 1 {
			count++
			number[p] = count
		}
	}
	of = make([]int, len(parts.Of))
	for v, p := range parts.Of {
		of[v] = number[p]
	}
	return count, of
}

// defined is a number, or nothing where it is none.
func defined(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
