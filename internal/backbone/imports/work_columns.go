package imports

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/intake"
)

// layout is where the cells of several tables stand when they are read as one:
// the columns of all of them, the table a row is from, and what cells hold by
// name.
type layout struct {
	names  []string
	places map[int][]int // by table: the place of each of its columns
	table  int           // the column that says which table a row is from, -1 for none
	inside int           // the column whose cells hold values by name, -1 for none
	within map[string]int
}

// mostUnfolded is how many names inside cells become columns.
const mostUnfolded = 100

// layOut finds the columns of the chosen tables. Those of the first come first.
func layOut(ctx context.Context, file *intake.File, tables []Table, chosen []int) (layout, error) {
	l := layout{places: map[int][]int{}, table: -1, inside: -1}
	for _, at := range chosen {
		for _, name := range tables[at].Columns {
			place := slices.Index(l.names, name)
			if place < 0 || slices.Contains(l.places[at], place) {
				place = len(l.names)
				l.names = append(l.names, name)
			}
			l.places[at] = append(l.places[at], place)
		}
	}
	if unfolded := sourceOf(file.Format, l.names, "").unfolded; unfolded != "" {
		l.inside = slices.IndexFunc(l.names, func(name string) bool { return i18n.FoldKey(name) == unfolded })
		if err := l.unfold(ctx, file, chosen); err != nil {
			return l, err
		}
	}
	if len(chosen) > 1 {
		l.table = len(l.names)
		l.names = append(l.names, "Table")
	}
	return l, nil
}

// unfold reads the tables once for the names that stand inside cells.
func (l *layout) unfold(ctx context.Context, file *intake.File, chosen []int) error {
	l.within = map[string]int{}
	for _, at := range chosen {
		for row, err := range file.Tables[at].Rows(ctx) {
			if err != nil {
				return err
			}
			for _, v := range inside(l.spread(at, row.Cells)[l.inside]) {
				if _, known := l.within[v.name]; !known && len(l.within) < mostUnfolded {
					l.within[v.name] = len(l.names)
					l.names = append(l.names, l.names[l.inside]+"."+v.name)
				}
			}
		}
	}
	return nil
}

// row brings the cells of a table's row to their places.
func (l *layout) row(at int, cells []string, table string) []string {
	if l.table < 0 && l.inside < 0 {
		return cells
	}
	out := l.spread(at, cells)
	if l.inside >= 0 {
		for _, v := range inside(out[l.inside]) {
			if place, known := l.within[v.name]; known {
				out[place] = v.value
			}
		}
	}
	if l.table >= 0 {
		out[l.table] = table
	}
	return out
}

func (l *layout) spread(at int, cells []string) []string {
	out := make([]string, len(l.names))
	for k, cell := range cells[:min(len(cells), len(l.places[at]))] {
		out[l.places[at][k]] = cell
	}
	return out
}

// inner is a value that stands inside a cell.
type inner struct{ name, value string }

// inside are the values of a cell that is an object in JSON, in order of their
// names, those of objects in it under "outer.inner"; nothing for any other cell.
func inside(cell string) []inner {
	var object map[string]json.RawMessage
	if !strings.HasPrefix(cell, "{") || json.Unmarshal([]byte(cell), &object) != nil {
		return nil
	}
	out := make([]inner, 0, len(object))
	for name, raw := range object {
		if deeper := inside(string(raw)); deeper != nil {
			for _, v := range deeper {
				out = append(out, inner{name + "." + v.name, v.value})
			}
			continue
		}
		value := string(raw) // a number, or what has no plain form
		var text string
		var several []string
		switch {
		case json.Unmarshal(raw, &text) == nil: // null too, which says nothing
			value = text
		case json.Unmarshal(raw, &several) == nil:
			value = strings.Join(several, " | ")
		}
		out = append(out, inner{name, value})
	}
	slices.SortFunc(out, func(a, b inner) int { return strings.Compare(a.name, b.name) })
	return out
}
