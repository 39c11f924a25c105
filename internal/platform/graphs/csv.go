package graphs

import (
	"io"

	"commontable/internal/platform/sheets"
)

// WriteNodes writes the nodes as CSV, by the names of columns that Gephi and most programs know.
func WriteNodes(w io.Writer, g Graph) error {
	return sheets.WriteCSV(w, g.nodeTable("Id", "Label", "Kind"))
}

// WriteTies writes the ties as CSV. Type is "Directed" or "Undirected", as Gephi has it.
func WriteTies(w io.Writer, g Graph) error {
	ties := sheets.Table{Columns: columns("Source", "Target", "Type", "Weight", "Kind", "Label", "Since", "Until", "Layer")}
	ties.Rows = func(yield func(sheets.Row, error) bool) {
		for _, t := range g.drawn() {
			direction := "Directed"
			if t.Mutual {
				direction = "Undirected"
			}
			row := sheets.Row{}
			for _, value := range []string{t.From, t.To, direction, t.Strength, t.Kind, t.Label, t.Since, t.Until, t.Layer} {
				row = append(row, sheets.Text(value))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return sheets.WriteCSV(w, ties)
}

// nodeTable has a row for each node, with the facts behind the columns named.
func (g Graph) nodeTable(id, label, kind string) sheets.Table {
	table := sheets.Table{Columns: columns(id, label, kind)}
	for _, f := range g.Facts {
		table.Columns = append(table.Columns, sheets.Column{Title: f.Title})
	}
	table.Rows = func(yield func(sheets.Row, error) bool) {
		for _, n := range g.Nodes {
			row := sheets.Row{sheets.Text(n.ID), sheets.Text(n.Label), sheets.Text(n.Kind)}
			for _, f := range g.Facts {
				row = append(row, sheets.Text(n.Values[f.Key]))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return table
}
