package intake

import (
	"context"
	"slices"
)

// Programs put several tables into one sheet, blank rows between them: the report of a meeting tells of the
// meeting first and of its participants below. A run of rows without a blank one is a block here, and one
// or more blocks make a section, which becomes a table.

// mostBlocks is how many blocks are looked at; where there are more, blank rows are a matter of looks.
const mostBlocks = 500

// block is a run of rows with text.
type blockOfRows struct {
	first, last int64  // row numbers
	title       string // the only cell of its first row, where others follow
	head        []string
	width       int  // of the widest row besides the title
	rows        int  // besides the title
	typed       bool // below its first row stands something else than words
}

// sections are the tables a table turns out to consist of, the table itself where there is only one.
func (t *Table) sections(ctx context.Context, rows []Row) ([]*Table, error) {
	gap := false
	for i := range rows {
		gap = gap || i > 0 && rows[i].Number > rows[i-1].Number+1
	}
	if !gap {
		return []*Table{t}, nil
	}
	blocks, err := t.blocks(ctx)
	if err != nil || len(blocks) == 0 {
		return []*Table{t}, err
	}
	var out []*Table
	add := func(from int, to int64) {
		name := blocks[from].title
		switch {
		case name != "" && t.Name != "":
			name = t.Name + " / " + name
		case name == "" && len(out) == 0:
			name = t.Name
		case name == "" && t.Name == "":
			name = bracketedNumber(len(out) + 1)
		case name == "":
			name = numbered(t.Name, len(out)+1)
		}
		out = append(out, &Table{Name: name, Hidden: t.Hidden, source: t.source, limits: t.limits, written: t.written, blame: t.blame, from: blocks[from].first, to: to})
	}
	begun, width := 0, blocks[0].width
	for i, b := range blocks[1:] {
		if !b.begins(width, blocks[i]) {
			width = max(width, b.width)
			continue
		}
		if width > 1 { // lines of one cell are titles of what follows
			add(begun, blocks[i].last)
		}
		begun, width = i+1, b.width
	}
	if len(out) == 0 {
		return []*Table{t}, nil
	}
	add(begun, 0)
	return out, nil
}

// begins reports whether a block begins another table than the one above, which has so many columns: its
// first row names all of its columns, and these are not as many. As many they may be
// below a block of one header and one row, where times or numbers show that the first
// row is a header.
func (b blockOfRows) begins(above int, before blockOfRows) bool {
	if b.rows < 2 || b.width == above && !(b.typed && before.rows == 2 && before.typed && filledIn(before.head) == before.width) || b.width < 2 || filledIn(b.head) != b.width {
		return false
	}
	for _, cell := range b.head {
		if classOf(cell) != classText {
			return false
		}
	}
	return true
}

// blocks reads the table to its end. It returns none where there are too many, or where reading fails,
// which is told again when the rows are read.
func (t *Table) blocks(ctx context.Context) ([]blockOfRows, error) {
	var out []blockOfRows
	p := &pass{limits: t.limits}
	for row, err := range t.source(ctx, p) {
		if err != nil {
			return nil, ctx.Err()
		}
		if p.clean(&row, t.written) == 0 {
			continue
		}
		if len(out) == 0 || row.Number > out[len(out)-1].last+1 {
			if len(out) == mostBlocks {
				return nil, nil
			}
			out = append(out, blockOfRows{first: row.Number})
		}
		b := &out[len(out)-1]
		b.last = row.Number
		if b.rows == 0 && b.title == "" && filledIn(row.Cells) == 1 && len(row.Cells) == 1 {
			b.title = row.Cells[0]
			continue
		}
		if b.rows++; b.rows == 1 {
			b.head = row.Cells
		} else {
			b.typed = b.typed || slices.ContainsFunc(row.Cells, func(cell string) bool { return cell != "" && classOf(cell) != classText })
		}
		b.width = max(b.width, len(row.Cells))
	}
	for i := range out {
		if out[i].rows == 0 {
			out[i].title, out[i].rows, out[i].width = "", 1, 1
		}
	}
	return out, nil
}
