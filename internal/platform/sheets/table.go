// Package sheets writes tables as CSV and XLSX and reads CSV back.
//
// Both formats are opened by programs that run whatever looks like a formula, so text never reaches them
// in a form they would run; see Neutralise for the rule in CSV. In XLSX every cell has its type.
package sheets

import (
	"iter"
	"math"
	"strconv"
	"time"
)

// Table is what is written out: a heading row and any number of rows, produced one at a time so that a
// table larger than memory can be written.
type Table struct {
	// Name is the name of the sheet in XLSX; it is made to fit the rules for such names.
	Name    string
	Columns []Column
	// Rows yields the rows in order. An error ends the writing and is returned by it.
	Rows iter.Seq2[Row, error]
	// Zone is the time zone instants are written in; nil is UTC.
	Zone *time.Location
}

// Column is one column of a Table.
type Column struct {
	Title string
	// Width is the width in XLSX in characters, 0 to 255; 0 chooses one by the title.
	Width float64
}

// Row is one row of cells. It has at most as many cells as the table has columns; cells it lacks are
// empty.
type Row []Cell

// FromRows is the rows of a table that is in memory already.
func FromRows(rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

type kind uint8

const (
	empty kind = iota
	text
	whole
	number
	day
	instant
	boolean
)

// Cell is one typed value. The zero Cell is empty.
type Cell struct {
	kind  kind
	text  string
	whole int64 // also 0 or 1 of a boolean
	float float64
	at    time.Time
}

// Text is a cell of words. They are written exactly, but for characters XLSX cannot hold.
func Text(s string) Cell { return Cell{kind: text, text: s} }

// Whole is a cell of a whole number.
func Whole(n int64) Cell { return Cell{kind: whole, whole: n} }

// Number is a cell of a number. What is not finite makes an empty cell.
func Number(f float64) Cell {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Cell{}
	}
	return Cell{kind: number, float: f}
}

// Day is a cell of a civil date given as YYYY-MM-DD. Anything else makes a cell of text.
func Day(date string) Cell {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return Text(date)
	}
	return Cell{kind: day, text: date, at: at}
}

// Instant is a cell of a moment, written in the zone of the table to the second. The zero time makes an
// empty cell.
func Instant(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: instant, at: t}
}

// Bool is a cell of true or false.
func Bool(b bool) Cell {
	c := Cell{kind: boolean}
	if b {
		c.whole = 1
	}
	return c
}

// string returns the cell as CSV shows it before Neutralise: numbers with a decimal point, days as
// YYYY-MM-DD, instants as RFC 3339 in zone, "true" and "false".
func (c Cell) string(zone *time.Location) string {
	switch c.kind {
	case text, day:
		return c.text
	case whole:
		return strconv.FormatInt(c.whole, 10)
	case number:
		return strconv.FormatFloat(c.float, 'g', -1, 64)
	case instant:
		return c.at.In(zone).Format(time.RFC3339)
	case boolean:
		return strconv.FormatBool(c.whole == 1)
	}
	return ""
}

func (t Table) zone() *time.Location {
	if t.Zone == nil {
		return time.UTC
	}
	return t.Zone
}
