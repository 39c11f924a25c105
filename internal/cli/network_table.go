package cli

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// shown is a figure in a table.
func (f figure) shown() string {
	if math.IsNaN(float64(f)) {
		return "-"
	}
	return strconv.FormatFloat(float64(f), 'g', 4, 64)
}

func (s span) shown() string { return s[0].shown() + " to " + s[1].shown() }

// print tells people what was measured.
func (m *measuring) print() error {
	t, r := m.terminal, m.result
	kind := "undirected"
	if r.Directed {
		kind = "directed"
	}
	if r.Weighted {
		kind += ", weighted"
	}
	t.say("%s: %s, %s, %d nodes, %d ties.", r.File, r.Format, kind, r.Whole.Nodes, r.Whole.Ties)
	if d := r.Dropped; d.Loops+d.Parallel+d.Zero > 0 {
		t.hint("Left out: ties of a node with itself, %d; of weight 0, %d. Taken together with another of the same two nodes: %d.", d.Loops, d.Zero, d.Parallel)
	}
	t.say("")
	header := []string{"MEASURE", "VALUE"}
	if r.Without != nil {
		header = append(header, "WITHOUT")
	}
	var rows [][]string
	rest := wholeResult{}
	if r.Without != nil {
		rest = r.Without.Whole
	}
	for _, line := range wholeLines(r.Whole, rest) {
		rows = append(rows, line[:len(header)])
	}
	rows = append(rows, []string{"communities", strconv.Itoa(r.Communities.Count)}, []string{"modularity", r.Communities.Modularity.shown()},
		[]string{"cut points", strconv.Itoa(len(r.CutPoints))}, []string{"bridges", strconv.Itoa(len(r.Bridges))})
	if g := r.Groups; g != nil {
		rows = append(rows, []string{"groups by " + g.By, strconv.Itoa(len(g.Names))}, []string{"E–I index", g.EI.shown()}, []string{"assortativity", g.Assortativity.shown()})
	}
	if err := t.table(header, rows); err != nil {
		return err
	}
	if err := m.printRanges(); err != nil {
		return err
	}
	if c := r.Change; c != nil {
		t.say("\nTies since %s: %d kept, %d new, %d lost; stability %s, turnover %s.", m.command.Earlier, c.Kept, c.New, c.Lost, c.Stability.shown(), c.Turnover.shown())
		t.say("By chance %s would be kept; as many as were, in %s of %d permutations.", c.ByChance.shown(), c.Chance.shown(), c.Permutations)
	}
	return m.printNodes()
}

func wholeLines(w, rest wholeResult) [][]string {
	line := func(name string, a, b figure) []string { return []string{name, a.shown(), b.shown()} }
	count := func(name string, a, b int) []string { return []string{name, strconv.Itoa(a), strconv.Itoa(b)} }
	return [][]string{
		count("nodes", w.Nodes, rest.Nodes), count("ties", w.Ties, rest.Ties),
		line("density", w.Density, rest.Density), line("mean degree", w.MeanDegree, rest.MeanDegree),
		line("ties returned", w.TiesReturned, rest.TiesReturned), line("pairs mutual", w.PairsMutual, rest.PairsMutual),
		line("degree centralization", w.Centralization, rest.Centralization), line("in-degree centralization", w.InCentralization, rest.InCentralization),
		line("betweenness centralization", w.Betweenness, rest.Betweenness),
		line("clustering", w.Clustering, rest.Clustering), line("mean local clustering", w.MeanClustering, rest.MeanClustering),
		count("components", w.Components, rest.Components), count("largest component", w.Largest, rest.Largest),
	}
}

func (m *measuring) printRanges() error {
	r := m.result.Missing
	if r == nil {
		return nil
	}
	m.terminal.say("\nNodes that reported nothing: %d. Share of the possible ties that is known: %s.", len(r.Unanswered), r.Known.shown())
	p := r.Plausible
	return m.terminal.table([]string{"MEASURE", "CAN BE", "PLAUSIBLE"}, [][]string{
		{"density", r.Density.shown(), p.Density.shown()},
		{"mean degree", r.MeanDegree.shown(), p.MeanDegree.shown()},
		{"pairs mutual", r.PairsMutual.shown(), p.PairsMutual.shown()},
		{"degree centralization", "", p.Centralization.shown()},
		{"clustering", "", p.Clustering.shown()},
	})
}

// printNodes shows those with the most betweenness.
func (m *measuring) printNodes() error {
	nodes := slices.Clone(m.result.Nodes)
	slices.SortStableFunc(nodes, func(a, b nodeResult) int {
		return cmp.Or(cmp.Compare(b.Betweenness, a.Betweenness), cmp.Compare(b.Degree, a.Degree))
	})
	nodes = nodes[:min(len(nodes), max(0, m.command.Top))]
	if len(nodes) == 0 {
		return nil
	}
	m.terminal.say("")
	var rows [][]string
	for _, n := range nodes {
		between := n.Betweenness.shown()
		if n.BetweennessSE != nil {
			between += " ± " + n.BetweennessSE.shown()
		}
		cut := ""
		if n.CutPoint {
			cut = "cut point"
		}
		rows = append(rows, []string{printable(n.Label), fmt.Sprint(n.Degree), between, n.Closeness.shown(), n.Eigenvector.shown(), n.PageRank.shown(), fmt.Sprint(n.Core), fmt.Sprint(n.Community), cut})
	}
	return m.terminal.table([]string{"NODE", "DEGREE", "BETWEENNESS", "CLOSENESS", "EIGENVECTOR", "PAGERANK", "CORE", "COMMUNITY", ""}, rows)
}

// printable is a name on one line of a table.
func printable(name string) string {
	const most = 40
	letters := []rune(name)
	for i, r := range letters {
		if r == '\n' || r == '\t' {
			letters[i] = ' '
		}
	}
	if len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return string(letters)
}
