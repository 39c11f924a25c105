package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"commontable/internal/analysis/graph"
	"commontable/internal/platform/graphs"
)

// measuring is one network being measured.
type measuring struct {
	ctx      context.Context // of the one call it lives for
	command  networkCommand
	terminal *terminal
	taken    *graphs.Taken
	graph    *graph.Graph
	result   networkResult
}

// length is how long ties are on paths.
func (c networkCommand) length() graph.Length {
	if c.Weighted {
		return graph.Inverse
	}
	return graph.Steps
}

// or gives up only where somebody asked to stop; a measure that cannot be taken is said and left out.
func (m *measuring) or(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case m.ctx.Err() != nil:
		return m.ctx.Err()
	case errors.Is(err, graph.ErrNoConvergence):
		m.terminal.hint("%s was left out: this network has no single answer, or it was not found in time.", what)
	case errors.Is(err, graph.ErrPaths):
		m.terminal.hint("%s was left out: there are more shortest paths than can be counted.", what)
	case errors.Is(err, graph.ErrSize):
		m.terminal.hint("%s was left out: the network is too large for it.", what)
	default:
		return err
	}
	return nil
}

func (m *measuring) measure() error {
	ctx, g, r := m.ctx, m.graph, &m.result
	d := g.Dropped()
	r.Dropped = droppedTies{d.Loops, d.Parallel, d.Zero}
	between, err := graph.Betweenness(ctx, g, m.command.length(), graph.Sampling{Seed: m.command.Seed})
	if err := m.or("Betweenness", err); err != nil {
		return err
	}
	r.Pivots = between.Pivots
	steps := between
	if g.Kind().Weighted {
		if steps, err = graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{Seed: m.command.Seed}); err != nil {
			steps = graph.Between{}
		}
	}
	clusters, err := graph.Clustering(ctx, g)
	if err != nil {
		return err
	}
	r.Whole = whole(g, steps, clusters)
	parts, q, err := graph.Leiden(ctx, g, graph.Search{Seed: m.command.Seed})
	if err != nil {
		return err
	}
	r.Communities = communities{len(parts.Sizes), figure(q)}
	cuts := graph.CutsOf(g)
	r.CutPoints, r.Bridges = []string{}, [][2]string{}
	for _, v := range cuts.Points {
		r.CutPoints = append(r.CutPoints, m.taken.Nodes[v].ID)
	}
	for _, b := range cuts.Bridges {
		r.Bridges = append(r.Bridges, [2]string{m.taken.Nodes[b.From].ID, m.taken.Nodes[b.To].ID})
	}
	if err := m.nodes(between, clusters, parts, cuts); err != nil {
		return err
	}
	for _, step := range []func() error{m.groups, m.without, m.missing, m.change} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func whole(g *graph.Graph, steps graph.Between, clusters graph.Clusters) wholeResult {
	dyads, weak := graph.DyadsOf(g), graph.Components(g)
	w := wholeResult{Nodes: g.Nodes(), Ties: g.Ties(), Density: figure(graph.Density(g)), MeanDegree: figure(graph.MeanDegree(g)),
		TiesReturned: figure(dyads.TiesReturned()), PairsMutual: figure(dyads.PairsMutual()),
		Centralization: figure(graph.DegreeCentralization(g)), InCentralization: figure(graph.InDegreeCentralization(g)), OutCentralization: figure(graph.OutDegreeCentralization(g)),
		Betweenness: figure(graph.BetweennessCentralization(g, steps.Values)), Clustering: figure(clusters.Global()), MeanClustering: figure(clusters.Mean()),
		Components: len(weak.Sizes), Strong: len(graph.StrongComponents(g).Sizes), Largest: weak.Largest()}
	if !g.Kind().Directed { // every tie would count as returned
		w.TiesReturned, w.PairsMutual = figure(math.NaN()), figure(math.NaN())
	}
	return w
}

// nodes fills in what is said of each node.
func (m *measuring) nodes(between graph.Between, clusters graph.Clusters, parts graph.Parts, cuts graph.Cuts) error {
	ctx, g := m.ctx, m.graph
	near, err := graph.Closeness(ctx, g, m.command.length(), graph.Sampling{Seed: m.command.Seed})
	if err != nil {
		return err
	}
	eigen, err := graph.Eigenvector(ctx, g)
	if err := m.or("Eigenvector centrality", err); err != nil {
		return err
	}
	rank, err := graph.PageRank(ctx, g, graph.StandardDamping)
	if err := m.or("PageRank", err); err != nil {
		return err
	}
	all, in, out := graph.Degrees(g), graph.InDegrees(g), graph.OutDegrees(g)
	strength, inward, outward := graph.Strengths(g), graph.InStrengths(g), graph.OutStrengths(g)
	cores, weak := graph.Cores(g), graph.Components(g)
	m.result.Nodes = make([]nodeResult, g.Nodes())
	value := func(list []float64, v int) figure {
		if v < len(list) {
			return figure(list[v])
		}
		return figure(math.NaN())
	}
	for v, n := range m.taken.Nodes {
		r := nodeResult{ID: n.ID, Label: n.Label, Kind: n.Kind, Degree: all[v], In: in[v], Out: out[v],
			Strength: figure(strength[v]), InStrength: figure(inward[v]), OutStrength: figure(outward[v]),
			Betweenness: value(between.Values, v), Closeness: figure(near.Closeness[v]), Harmonic: figure(near.Harmonic[v]), Reached: near.Reached[v],
			Eigenvector: value(eigen, v), PageRank: value(rank, v), Core: cores[v], Clustering: figure(clusters.Local[v]), Component: weak.Of[v], Community: parts.Of[v]}
		if between.Errors != nil {
			se := figure(between.Errors[v])
			r.BetweennessSE = &se
		}
		if clusters.Weighted != nil {
			w := figure(clusters.Weighted[v])
			r.Weighted = &w
		}
		_, r.CutPoint = slices.BinarySearch(cuts.Points, int32(v))
		m.result.Nodes[v] = r
	}
	return nil
}

// groups looks at how ties run between groups, where nodes are in at least two.
func (m *measuring) groups() error {
	by, of := m.groupOf()
	if by == "" && m.command.Group != "" {
		var names []string
		for _, f := range m.taken.Facts {
			names = append(names, f.Title)
		}
		return fmt.Errorf("nodes carry no %s; there is: kind %s", m.command.Group, strings.Join(names, ", "))
	}
	group := make([]int32, len(of))
	var names []string
	for _, name := range of {
		if name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) < 2 {
		return nil
	}
	for v, name := range of {
		group[v] = -1
		if at, found := slices.BinarySearch(names, name); found {
			group[v] = int32(at)
		}
	}
	mixing, err := graph.MixingOf(m.graph, group)
	if err != nil {
		return m.or("Mixing between groups", err)
	}
	m.result.Groups = &groupsResult{by, names, mixing.Sizes, mixing.Ties, figure(mixing.EI()), figure(mixing.Assortativity())}
	brokers, err := graph.Brokers(m.ctx, m.graph, group)
	if err != nil {
		return m.or("Brokerage", err)
	}
	for v, b := range brokers {
		m.result.Nodes[v].Brokerage = &brokerRoles{b.Coordinator, b.Consultant, b.Representative, b.Gatekeeper, b.Liaison}
	}
	return nil
}

// groupOf is what puts nodes into groups, and the group of each.
func (m *measuring) groupOf() (by string, of []string) {
	of = make([]string, len(m.taken.Nodes))
	if m.command.Group == "" || strings.EqualFold(m.command.Group, "kind") {
		for v, n := range m.taken.Nodes {
			of[v] = n.Kind
		}
		return "kind", of
	}
	for _, f := range m.taken.Facts {
		if strings.EqualFold(f.Title, m.command.Group) || strings.EqualFold(f.Key, m.command.Group) {
			for v, n := range m.taken.Nodes {
				of[v] = n.Values[f.Key]
			}
			return f.Title, of
		}
	}
	return "", of
}

// marked are the nodes that ids name.
func (m *measuring) marked(ids []string) ([]bool, error) {
	number := numbers(m.taken)
	out := make([]bool, len(m.taken.Nodes))
	for _, id := range ids {
		v, there := number[id]
		if !there {
			return nil, fmt.Errorf("there is no node with the id %s", id)
		}
		out[v] = true
	}
	return out, nil
}

// without measures the whole again without some nodes.
func (m *measuring) without() error {
	if len(m.command.Without) == 0 {
		return nil
	}
	gone, err := m.marked(m.command.Without)
	if err != nil {
		return err
	}
	rest, _, err := m.graph.Without(gone)
	if err != nil {
		return err
	}
	steps, err := graph.Betweenness(m.ctx, rest, graph.Steps, graph.Sampling{Seed: m.command.Seed})
	if err := m.or("Betweenness", err); err != nil {
		return err
	}
	clusters, err := graph.Clustering(m.ctx, rest)
	if err != nil {
		return err
	}
	m.result.Without = &withoutNodes{m.command.Without, whole(rest, steps, clusters)}
	return nil
}
