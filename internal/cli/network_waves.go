package cli

import (
	"commontable/internal/analysis/graph"
	"commontable/internal/platform/graphs"
)

const (
	draws        = 1000 // of reconstructions
	permutations = 2000
)

// missing tells where measures can lie when some nodes reported no ties.
func (m *measuring) missing() error {
	if len(m.command.Unanswered) == 0 {
		return nil
	}
	silent, err := m.marked(m.command.Unanswered)
	if err != nil {
		return err
	}
	answered := make([]bool, len(silent))
	for v, is := range silent {
		answered[v] = !is
	}
	a, err := graph.Answered(m.graph, answered)
	if err != nil {
		return err
	}
	out := &missingTies{Unanswered: m.command.Unanswered, Known: figure(a.Known()), Density: spanOf(a.Density()), MeanDegree: spanOf(a.MeanDegree()), PairsMutual: spanOf(a.PairsMutual())}
	plausible, err := a.Reconstruct(m.ctx, draws, m.command.Seed, graph.Density, graph.MeanDegree,
		func(g *graph.Graph) float64 { return graph.DyadsOf(g).PairsMutual() }, graph.DegreeCentralization,
		func(g *graph.Graph) float64 {
			c, _ := graph.Clustering(m.ctx, g) // it fails only when everything stops
			return c.Global()
		})
	if err != nil {
		return m.or("Plausible ranges", err)
	}
	p := &out.Plausible
	p.Draws = draws
	for i, to := range []*span{&p.Density, &p.MeanDegree, &p.PairsMutual, &p.Centralization, &p.Clustering} {
		*to = spanOf(plausible[i].Range)
	}
	m.result.Missing = out
	return nil
}

func spanOf(r graph.Range) span { return span{figure(r.Low), figure(r.High)} }

// change compares with an earlier wave, over the nodes of both.
func (m *measuring) change() error {
	if m.command.Earlier == "" {
		return nil
	}
	earlier, err := m.command.read(m.terminal, m.command.Earlier, "")
	if err != nil {
		return err
	}
	number, both := map[string]int32{}, int32(0)
	now := numbers(m.taken)
	for _, n := range earlier.Nodes {
		if _, stays := now[n.ID]; stays {
			number[n.ID] = both
			both++
		}
	}
	if away := len(earlier.Nodes) + len(m.taken.Nodes) - 2*int(both); away > 0 {
		m.terminal.hint("Nodes in one wave only: %d. Change is told of the %d in both.", away, both)
	}
	kind := graph.Kind{Directed: m.graph.Kind().Directed}
	before, err := graphOf(among(earlier, number), number, int(both), kind)
	if err != nil {
		return err
	}
	after, err := graphOf(among(m.taken, number), number, int(both), kind)
	if err != nil {
		return err
	}
	change, err := graph.Compare(before, after)
	if err != nil {
		return err
	}
	chance, err := graph.StabilityBeyondChance(m.ctx, before, after, permutations, m.command.Seed)
	if err != nil {
		return err
	}
	m.result.Change = &changeResult{len(change.Kept), len(change.New), len(change.Lost), figure(change.Stability()), figure(change.Turnover()), figure(chance.More), figure(chance.Mean), permutations}
	return nil
}

// among has the ties between the nodes that have a number.
func among(taken *graphs.Taken, number map[string]int32) *graphs.Taken {
	out := &graphs.Taken{}
	for _, tie := range taken.Ties {
		_, from := number[tie.From]
		_, to := number[tie.To]
		if from && to {
			out.Ties = append(out.Ties, tie)
		}
	}
	return out
}
