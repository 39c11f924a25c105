package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"commontable/internal/analysis/graph"
	"commontable/internal/platform/graphs"
	"commontable/internal/platform/i18n"
)

type networkCommand struct {
	File       string   `arg:"" help:"The network: GraphML, GEXF, Pajek, UCINET DL, Kumu, or a CSV of ties." type:"path"`
	Nodes      string   `help:"A CSV of its nodes, beside a CSV of ties." type:"path" placeholder:"FILE"`
	Earlier    string   `help:"An earlier wave of the same nodes, to tell what changed." type:"path" placeholder:"FILE"`
	Directed   bool     `help:"Take ties for directed, whatever the file says." xor:"direction"`
	Undirected bool     `help:"Take ties for undirected, whatever the file says." xor:"direction"`
	Weighted   bool     `help:"Let weights count; without it, every tie counts the same."`
	Group      string   `help:"What nodes carry that puts them into groups; their kind when absent." placeholder:"NAME"`
	Without    []string `help:"Measure also without this node, by its id; repeatable." placeholder:"ID"`
	Unanswered []string `help:"This node, by its id, reported no ties; repeatable. Gives ranges." placeholder:"ID"`
	Seed       uint64   `help:"Seed of what is drawn by chance." default:"1"`
	Top        int      `help:"How many nodes the table shows." default:"10"`
	JSON       bool     `help:"Print everything as JSON." name:"json"`
}

// Run measures the network in a file.
func (c networkCommand) Run(ctx context.Context, t *terminal) error {
	taken, err := c.read(t, c.File, c.Nodes)
	if err != nil {
		return err
	}
	if c.Weighted && !taken.Weighted {
		return fmt.Errorf("no tie of %s has a weight; leave --weighted out", c.File)
	}
	if taken.Weighted && !c.Weighted {
		t.hint("The file has weights. They are left aside; use --weighted to let them count.")
	}
	kind := graph.Kind{Directed: (taken.Directed || c.Directed) && !c.Undirected, Weighted: c.Weighted}
	m := &measuring{ctx: ctx, command: c, terminal: t, taken: taken, result: networkResult{File: c.File, Format: taken.Format, Name: taken.Name, Directed: kind.Directed, Weighted: kind.Weighted, Seed: c.Seed}}
	if m.graph, err = graphOf(taken, numbers(taken), len(taken.Nodes), kind); err != nil {
		return err
	}
	if err := m.measure(); err != nil {
		return err
	}
	if c.JSON {
		return t.json(m.result)
	}
	return m.print()
}

// read reads a file whole and in the words of the catalogue says why it cannot.
func (c networkCommand) read(t *terminal, path, nodes string) (*graphs.Taken, error) {
	whole, err := content(path)
	if err != nil {
		return nil, err
	}
	var list []byte
	if nodes != "" {
		if list, err = content(nodes); err != nil {
			return nil, err
		}
	}
	taken, err := graphs.Read(whole, list, graphs.Limits{})
	ctx := i18n.With(context.Background(), "en")
	var refusal *graphs.Refusal
	if errors.As(err, &refusal) {
		return nil, fmt.Errorf("%s: %s", path, i18n.T(ctx, refusal.Key, i18n.Args(refusal.Args)))
	}
	if err != nil {
		return nil, err
	}
	for _, note := range taken.Notes {
		t.hint("%s: %s", path, i18n.T(ctx, note.Key, i18n.Args(note.Args)))
	}
	return taken, nil
}

// content is a file, as far as the limit and one byte beyond, by which Read sees that it is too large.
func content(path string) (all []byte, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", path)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", path)
	}
	return io.ReadAll(io.LimitReader(file, int64(graphs.DefaultLimits.Bytes)+1))
}

// numbers are the places of nodes, by id.
func numbers(taken *graphs.Taken) map[string]int32 {
	number := make(map[string]int32, len(taken.Nodes))
	for i, n := range taken.Nodes {
		number[n.ID] = int32(i)
	}
	return number
}

// graphOf makes the ties of a file those of a graph. A tie that leads both ways is two where ties have a direction;
// one without a strength weighs 1.
func graphOf(taken *graphs.Taken, number map[string]int32, nodes int, kind graph.Kind) (*graph.Graph, error) {
	ties := make([]graph.Tie, 0, len(taken.Ties))
	for _, tie := range taken.Ties {
		out := graph.Tie{From: number[tie.From], To: number[tie.To], Weight: 1}
		if tie.Strength != "" {
			w, err := strconv.ParseFloat(tie.Strength, 64)
			if err != nil {
				return nil, err
			}
			out.Weight = w
		}
		ties = append(ties, out)
		if tie.Mutual && kind.Directed && out.From != out.To {
			ties = append(ties, graph.Tie{From: out.To, To: out.From, Weight: out.Weight})
		}
	}
	g, err := graph.New(nodes, ties, kind)
	if errors.Is(err, graph.ErrWeight) {
		return nil, fmt.Errorf("a weight is 0 < weight < %g or more than %g, with which no measure can be taken", graph.LeastWeight, graph.MostWeight)
	}
	return g, err
}
