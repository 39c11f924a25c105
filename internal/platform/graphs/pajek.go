package graphs

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// numbered are the numbers of nodes from 1, by id.
func (g Graph) numbered() map[string]int {
	number := make(map[string]int, len(g.Nodes))
	for i, n := range g.Nodes {
		number[n.ID] = i + 1
	}
	return number
}

// quoted is text in quotation marks for programs that know no way to write one inside.
func quoted(text string) string {
	return `"` + strings.Join(strings.Fields(strings.ReplaceAll(clean(text), `"`, "'")), " ") + `"`
}

// WritePajek writes a .net file: ties with direction as arcs, the others as edges. It has room for labels and
// strengths only; a tie without a strength has 1.
func WritePajek(w io.Writer, g Graph) error {
	out := bufio.NewWriter(w)
	number := g.numbered()
	// The writer keeps its first error for Flush.
	fmt.Fprintf(out, "*Network %s\n*Vertices %d\n", quoted(g.Name+" "+g.Day), len(g.Nodes))
	for i, n := range g.Nodes {
		fmt.Fprintf(out, "%d %s\n", i+1, quoted(n.Label))
	}
	ties := g.drawn()
	for _, part := range []struct {
		name   string
		mutual bool
	}{{"*Arcs", false}, {"*Edges", true}} {
		fmt.Fprintln(out, part.name)
		for _, t := range ties {
			if t.Mutual == part.mutual {
				fmt.Fprintf(out, "%d %d %s\n", number[t.From], number[t.To], t.weight())
			}
		}
	}
	return out.Flush()
}

// weight is the strength of a tie, 1 where nobody said.
func (t Tie) weight() string {
	if t.Strength == "" {
		return "1"
	}
	return t.Strength
}
