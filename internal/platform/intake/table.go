package intake

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"sync"

	"commontable/internal/platform/sheets"
)

// Row is one row of a table.
type Row struct {
	// Number is the place of the row in the file as a spreadsheet program counts it, from 1; blank rows
	// count. In lists that are no sheets (JSON, vCard) it is the number of the record.
	Number int64
	// Cells are as many as the table has columns, and more where this row is longer than its header. Their
	// text has no spaces around it, no control characters but line breaks (\n) and tabs, and nothing that
	// turns the direction of writing. They may be kept.
	Cells []string
}

// Table is one table of a file. Its rows are read from the file each time they are asked for.
type Table struct {
	// Name is that of the sheet, of the file in an archive or of the list in JSON; "" for a text file,
	// which holds one table.
	Name string
	// Hidden tells that the sheet is hidden in its workbook.
	Hidden bool
	// Header names the columns. A column without a name is called by its letter in brackets, "(C)", a name
	// that came before gets a number, "Email (2)", so that each column has a name of its own.
	Header []string
	// HeaderRow is the number of the first row of the header, 0 where the table has none.
	HeaderRow int64
	// HeaderRows is how many rows the header takes: 0, 1 or 2.
	HeaderRows int
	// FirstRow is the number of the first row below the header.
	FirstRow int64

	source  source
	limits  Limits
	fixed   bool // the format names the columns, and no row does
	written bool // by a program that puts an apostrophe before what could be run, as our exports do
	blame   func(error) error
	// from and to are the rows of the source that belong to the table; to is 0 for all that follow.
	from, to int64

	lock  sync.Mutex
	notes []Note
}

// source yields the rows of a table as they stand in the file, blank ones too or not, the header among
// them. It bounds columns and the length of cells and rows itself, since it is the one to use the memory.
type source func(ctx context.Context, p *pass) iter.Seq2[Row, error]

// Notes are what a person should be told about the table, as far as its rows were read: complete after
// Rows was ranged over to its end.
func (t *Table) Notes() []Note {
	t.lock.Lock()
	defer t.lock.Unlock()
	return append([]Note(nil), t.notes...)
}

// Rows yields the rows below the header, from the first one each time. Rows without any text are left
// out. An error ends the rows: a *Refusal when the file is at fault, otherwise that of the source or of
// ctx. Several passes may go on at once.
func (t *Table) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		p := t.begin()
		defer t.end(p)
		for row, err := range t.source(ctx, p) {
			if err != nil {
				yield(Row{}, t.blame(err))
				return
			}
			if t.to > 0 && row.Number > t.to {
				return
			}
			if row.Number < t.FirstRow {
				continue
			}
			filled := p.clean(&row, t.written)
			if filled == 0 {
				continue
			}
			if err := p.count(int64(filled)); err != nil {
				yield(Row{}, err)
				return
			}
			if p.rows%512 == 0 && ctx.Err() != nil {
				yield(Row{}, ctx.Err())
				return
			}
			p.fit(&row, len(t.Header))
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Skip leaves out the first n rows, so that work that was interrupted goes on where it stood.
func Skip(rows iter.Seq2[Row, error], n int64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		left := n
		for row, err := range rows {
			if left > 0 && err == nil {
				left--
				continue
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (t *Table) begin() *pass { return &pass{limits: t.limits} }

// end keeps what the pass noticed. A later pass notices the same again, so it replaces rather than adds,
// unless it was cut short and saw less.
func (t *Table) end(p *pass) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, n := range p.notes() {
		known := false
		for i, old := range t.notes {
			if old.Key == n.Key {
				known = true
				if old.Args["Count"].(int64) < n.Args["Count"].(int64) {
					t.notes[i] = n
				}
			}
		}
		if !known {
			t.notes = append(t.notes, n)
		}
	}
}

// pass is one reading of a table: what it used of the limits, and what it noticed.
type pass struct {
	limits  Limits
	rows    int64
	cells   int64
	noticed []noticed
}

// noticed is a kind of thing that happened in some rows.
type noticed struct {
	key   string
	first int64 // the row of the first
	count int64 // of rows
	last  int64
}

// notice counts a row in which something happened that a person should be told, once for each key.
func (p *pass) notice(key string, row int64) {
	for i := range p.noticed {
		if n := &p.noticed[i]; n.key == key {
			if n.last != row {
				n.count++
				n.last = row
			}
			return
		}
	}
	p.noticed = append(p.noticed, noticed{key, row, 1, row})
}

func (p *pass) notes() []Note {
	var out []Note
	for _, n := range p.noticed {
		out = append(out, Note{Key: n.key, Args: map[string]any{"Count": n.count, "Row": n.first}})
	}
	return out
}

// count adds a row with so many cells that hold something.
func (p *pass) count(filled int64) error {
	p.rows++
	p.cells += filled
	switch {
	case p.rows > p.limits.Rows:
		return refuse("intake.too_many_rows", map[string]any{"Count": p.limits.Rows})
	case p.cells > p.limits.Cells:
		return refuse("intake.too_many_cells", map[string]any{"Count": p.limits.Cells})
	}
	return nil
}

// clean cleans the cells of a row in place, drops empty ones at its end and returns how many hold
// something.
func (p *pass) clean(row *Row, written bool) (filled int) {
	last := 0
	for i, cell := range row.Cells {
		if cell == "" {
			continue
		}
		if written {
			cell = unwrapped(cell)
		}
		if cell = p.cell(cell, row.Number); cell != "" {
			filled++
			last = i + 1
		}
		row.Cells[i] = cell
	}
	row.Cells = row.Cells[:last]
	return filled
}

// unwrapped takes off what programs put around a cell of a text file so that a spreadsheet program leaves
// it alone: the apostrophe of our own exports, and ="00123".
func unwrapped(cell string) string {
	switch {
	case cell[0] == '\'':
		return sheets.Unneutralise(cell)
	case cell[0] == '=' && len(cell) > 2 && cell[1] == '"' && strings.IndexByte(cell[2:], '"') == len(cell)-3:
		return cell[2 : len(cell)-1]
	}
	return cell
}

// fit gives a row at least as many cells as the header has.
func (p *pass) fit(row *Row, columns int) {
	if len(row.Cells) > columns {
		p.notice("intake.long_row", row.Number)
		return
	}
	if cap(row.Cells) >= columns {
		short := len(row.Cells)
		row.Cells = row.Cells[:columns]
		clear(row.Cells[short:])
		return
	}
	row.Cells = append(row.Cells, make([]string, columns-len(row.Cells))...)
}

// columnLetters is the name of the column numbered n from 0 as spreadsheet programs say it: A, B, … AA.
func columnLetters(n int) string {
	var out []byte
	for n++; n > 0; n = (n - 1) / 26 {
		out = append([]byte{byte('A' + (n-1)%26)}, out...)
	}
	return string(out)
}

func bracketed(n int) string { return "(" + columnLetters(n) + ")" }

func bracketedNumber(n int) string { return "(" + strconv.Itoa(n) + ")" }

func numbered(name string, n int) string { return name + " (" + strconv.Itoa(n) + ")" }
