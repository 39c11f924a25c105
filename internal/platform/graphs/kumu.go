package graphs

import (
	"archive/zip"
	"encoding/json"
	"io"
	"time"

	"commontable/internal/platform/sheets"
)

func dayBefore(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// zipDay is what entries of a ZIP bear, which knows nothing earlier.
var zipDay = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// WriteKumuTables writes the pair of tables Kumu imports, elements.csv and
// connections.csv, as a ZIP. Elements are matched by ID, since labels repeat.
func WriteKumuTables(w io.Writer, g Graph) error {
	z := zip.NewWriter(w)
	elements := g.nodeTable("ID", "Label", "Type")
	connections := sheets.Table{Columns: columns("From", "To", "Type", "Direction", "Label", "Since", "Strength", "Layer")}
	connections.Rows = func(yield func(sheets.Row, error) bool) {
		for _, t := range g.drawn() {
			if !yield(sheets.Row{sheets.Text(t.From), sheets.Text(t.To), sheets.Text(t.Kind), sheets.Text(t.direction()), sheets.Text(t.Label), sheets.Text(t.Since), sheets.Text(t.Strength), sheets.Text(t.Layer)}, nil) {
				return
			}
		}
	}
	for _, file := range []struct {
		name  string
		table sheets.Table
	}{{"elements.csv", elements}, {"connections.csv", connections}} {
		out, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: zipDay})
		if err != nil {
			return err
		}
		if err := sheets.WriteCSV(out, file.table); err != nil {
			return err
		}
	}
	return z.Close()
}

func columns(titles ...string) []sheets.Column {
	out := make([]sheets.Column, len(titles))
	for i, title := range titles {
		out[i].Title = title
	}
	return out
}

// WriteKumuBlueprint writes the JSON that Kumu imports as a blueprint.
func WriteKumuBlueprint(w io.Writer, g Graph) error {
	type connection struct {
		ID        string `json:"id"`
		From      string `json:"from"`
		To        string `json:"to"`
		Type      string `json:"type"`
		Direction string `json:"direction"`
		Label     string `json:"label,omitempty"`
		Strength  string `json:"strength,omitempty"`
		Layer     string `json:"layer,omitempty"`
	}
	elements := make([]map[string]any, 0, len(g.Nodes))
	for _, n := range g.Nodes {
		e := map[string]any{"id": n.ID, "label": n.Label, "type": n.Kind}
		for _, f := range g.Facts {
			if value := n.Values[f.Key]; value != "" {
				e[f.Title] = value
			}
		}
		elements = append(elements, e)
	}
	connections := []connection{}
	for _, t := range g.drawn() {
		connections = append(connections, connection{t.ID, t.From, t.To, t.Kind, t.direction(), t.Label, t.Strength, t.Layer})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(map[string]any{"elements": elements, "connections": connections})
}
