package intake

import (
	"context"
	"strings"
)

// probed is how many rows with text are looked at to find the header.
const probed = 60

type foundTable int

const (
	tableFull foundTable = iota
	tableBare            // a header and nothing below
	tableEmpty
)

// firstRows reads the first rows with text.
func (t *Table) firstRows(ctx context.Context) (rows []Row, err error) {
	p := &pass{limits: t.limits} // its notes come again with the rows
	for row, err := range t.source(ctx, p) {
		if err != nil {
			// What breaks off below the first rows is told while they are read.
			if len(rows) > 1 && ctx.Err() == nil {
				break
			}
			return nil, t.blame(err)
		}
		if t.to > 0 && row.Number > t.to {
			break
		}
		if row.Number < t.from {
			continue
		}
		if p.clean(&row, t.written) > 0 {
			if rows = append(rows, row); len(rows) == probed {
				break
			}
		}
	}
	return rows, nil
}

// findHeader finds the header among the first rows with text and sets what the table says of it.
func (t *Table) findHeader(rows []Row) foundTable {
	if len(rows) == 0 {
		return tableEmpty
	}
	at := headerAt(rows)
	switch rows = rows[at:]; {
	case headless(rows):
		t.nameColumns(rows, 0)
	case twoRows(rows):
		t.nameColumns(rows, 2)
	default:
		t.nameColumns(rows, 1)
	}
	if len(rows) == t.HeaderRows {
		return tableBare
	}
	return tableFull
}

// nameColumns takes the first so many of rows for the header.
func (t *Table) nameColumns(rows []Row, header int) {
	width := 0
	for _, row := range rows {
		width = max(width, len(row.Cells))
	}
	var head [][]string
	for _, row := range rows[:header] {
		head = append(head, row.Cells)
	}
	t.Header, t.HeaderRows = named(joined(head, width)), header
	t.HeaderRow, t.FirstRow = 0, rows[0].Number
	if header > 0 {
		t.HeaderRow, t.FirstRow = rows[0].Number, rows[header-1].Number+1
	}
}

// WithHeader returns the table as it is when its header begins in the row numbered first and takes 0, 1 or
// 2 rows, for a person who knows better. With 0 it has none and its rows begin there. The table itself
// stays as it is. A table whose header stands in no row (JSON, vCard) is returned unchanged.
func (t *Table) WithHeader(ctx context.Context, first int64, rows int) (*Table, error) {
	if t.fixed {
		return t, nil
	}
	chosen := &Table{Name: t.Name, Hidden: t.Hidden, source: t.source, limits: t.limits, written: t.written, blame: t.blame, from: max(first, t.from), to: t.to}
	found, err := chosen.firstRows(ctx)
	if err != nil {
		return nil, err
	}
	rows = min(max(rows, 0), 2)
	if len(found) <= rows {
		return nil, refuse("intake.header_only", nil)
	}
	chosen.nameColumns(found, rows)
	return chosen, nil
}

// headerAt is the index of the first row that belongs to the table itself: titles above it fill a cell or
// two, while its header names most of the columns that the rows below fill.
func headerAt(rows []Row) int {
	widest := 0
	for _, row := range rows {
		widest = max(widest, filledIn(row.Cells))
	}
	if widest < 3 {
		// One or two columns: a title is a single cell above rows of two.
		if widest == 2 && len(rows) > 2 && filledIn(rows[0].Cells) == 1 && filledIn(rows[1].Cells) == 2 && filledIn(rows[2].Cells) == 2 {
			return 1
		}
		return 0
	}
	// What most rows fill, so that a single long row does not decide.
	counts := make([]int, widest+1)
	for _, row := range rows {
		counts[filledIn(row.Cells)]++
	}
	usual, seen := widest, 0
	for n := widest; n > 0; n-- {
		if seen += counts[n]; seen*3 >= len(rows) {
			usual = n
			break
		}
	}
	for i, row := range rows[:len(rows)-1] {
		if n := filledIn(row.Cells); n*2 > usual || n >= 2 && n*2 == usual || i+1 < len(rows) && n >= 2 && twoRows(rows[i:]) {
			return i
		}
	}
	return 0
}

func filledIn(cells []string) (n int) {
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n
}

// headless reports whether the first row is a row like those below it. It is when more of its columns
// look like the values below than like a name above them: a number above numbers, an address above
// addresses. Years say nothing, since tables have a column for each year.
func headless(rows []Row) bool {
	if len(rows) < 2 {
		return false
	}
	same, other := 0, 0
	for i, cell := range rows[0].Cells {
		if cell == "" {
			continue
		}
		below := columnClass(rows[1:], i)
		if below == classText || below == classNone {
			continue
		}
		switch own := classOf(cell); {
		case own == below && !yearLike.MatchString(cell):
			same++
		case own == classText:
			other++
		}
	}
	return same > other
}

// twoRows reports whether the header takes two rows: the upper one names groups of columns and leaves
// cells empty, as merged cells do, and the lower one fills them with names. That the lower one holds names
// and not values shows where names repeat below different groups, or values of another kind follow.
func twoRows(rows []Row) bool {
	if len(rows) < 3 {
		return false
	}
	upper, lower := rows[0].Cells, rows[1].Cells
	if rows[1].Number != rows[0].Number+1 || len(upper) == 0 || upper[0] == "" && filledIn(upper) < 2 {
		return false
	}
	gaps, group := 0, -1
	for i, cell := range lower {
		if i < len(upper) && upper[i] != "" {
			group = i
		} else if cell != "" {
			if group < 0 || group >= len(lower) || lower[group] == "" {
				return false // nothing to the left names a group that this belongs to
			}
			gaps++
		}
		if c := classOf(cell); c != classText && c != classNone && !yearLike.MatchString(cell) {
			return false
		}
	}
	if gaps == 0 {
		return false
	}
	seen := map[string]bool{}
	for i, cell := range lower {
		if cell == "" {
			continue
		}
		if seen[cell] {
			return true
		}
		seen[cell] = true
		if c := columnClass(rows[2:], i); c != classText && c != classNone {
			return true
		}
	}
	return false
}

// joined makes one name for each column of the rows of a header. An empty cell in the upper of two rows
// belongs to the group on its left.
func joined(head [][]string, width int) []string {
	out := make([]string, width)
	at := func(row, i int) string {
		if row < len(head) && i < len(head[row]) {
			return strings.Join(strings.Fields(head[row][i]), " ")
		}
		return ""
	}
	group := ""
	for i := range out {
		upper, lower := at(0, i), at(1, i)
		if upper != "" {
			group = ""
			if lower != "" {
				group = upper
			}
		} else if lower != "" {
			upper = group
		}
		switch {
		case upper == "" || upper == lower:
			out[i] = lower
		case lower == "":
			out[i] = upper
		default:
			out[i] = upper + " / " + lower
		}
	}
	return out
}

// named gives every column a name of its own.
func named(header []string) []string {
	taken := map[string]bool{}
	for _, name := range header {
		taken[name] = true
	}
	seen := map[string]bool{}
	for i, name := range header {
		if name == "" {
			name = bracketed(i)
		}
		if plain := name; seen[plain] {
			for n := 2; taken[name] || seen[name]; n++ {
				name = numbered(plain, n)
			}
		}
		seen[name] = true
		header[i] = name
	}
	return header
}
