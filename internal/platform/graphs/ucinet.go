package graphs

import (
	"bufio"
	"fmt"
	"io"
)

// WriteUCINET writes a DL file, a list of ties by the numbers of nodes with their labels. A tie without direction
// is written both ways, and labels that several nodes have get a number, since UCINET takes them for names.
func WriteUCINET(w io.Writer, g Graph) error {
	out := bufio.NewWriter(w)
	number := g.numbered()
	// The writer keeps its first error for Flush.
	fmt.Fprintf(out, "dl n=%d format=edgelist1\nlabels:\n", len(g.Nodes))
	given := map[string]bool{}
	for _, n := range g.Nodes {
		label := quoted(n.Label)
		if label == `""` {
			label = quoted(n.ID)
		}
		plain := label[1 : len(label)-1]
		for i := 2; given[label]; i++ {
			label = fmt.Sprintf(`"%s (%d)"`, plain, i)
		}
		given[label] = true
		fmt.Fprintln(out, label)
	}
	fmt.Fprintln(out, "data:")
	for _, t := range g.drawn() {
		fmt.Fprintf(out, "%d %d %s\n", number[t.From], number[t.To], t.weight())
		if t.Mutual && t.From != t.To {
			fmt.Fprintf(out, "%d %d %s\n", number[t.To], number[t.From], t.weight())
		}
	}
	return out.Flush()
}
