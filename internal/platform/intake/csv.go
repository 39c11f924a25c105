package intake

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
)

// dialect is how a text file sets its cells apart.
type dialect struct {
	separator string // one character
	loneCR    bool   // lines end with a carriage return alone
	backslash bool   // a quotation mark in a cell is written \" and not ""
	skipFirst bool   // the first line says sep=; and is none of the table
}

// rows yields every record of the text, blank ones with no cells. Stray quotation marks are taken for what
// they are: a mark within a cell that does not begin with one is a character, and so is one at the
// beginning that is never closed.
func (d dialect) rows(in io.Reader, p *pass) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := &csvReader{dialect: d, in: in, limits: p.limits}
		for number := int64(1); ; number++ {
			cells, err := r.record(number)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if d.skipFirst && number == 1 && !r.skipped {
				r.skipped = true
				number = 0
				continue
			}
			if !yield(Row{number, cells}, nil) {
				return
			}
		}
	}
}

type csvReader struct {
	dialect
	in      io.Reader
	limits  Limits
	skipped bool

	buffer []byte // read and not yet taken
	from   int    // where the next record begins in buffer
	ended  bool

	lineBegin, lineEnd, lineNext int // the line found last by restOfLine, lineNext is 0 for none

	scratch []byte // the cells of a record with quotation marks, one after another
	ends    []int
	futile  int   // how many marks were looked for an end in vain
	number  int64 // of the record
	stray   int   // how many marks were characters that should not be
}

// maxFutile bounds how often the reader looks far ahead for a closing mark in vain, since a file made for
// it would make it look ahead from every line. Afterwards a mark must be closed on its line.
const maxFutile = 50

// have makes sure that byte i of the record is in the buffer; false at the end of the text.
func (r *csvReader) have(i int) (bool, error) {
	for r.from+i >= len(r.buffer) {
		if r.ended {
			return false, nil
		}
		if r.from > 0 {
			r.buffer = r.buffer[:copy(r.buffer, r.buffer[r.from:])]
			r.from = 0
		}
		if len(r.buffer) == cap(r.buffer) {
			grown := make([]byte, len(r.buffer), max(128<<10, 2*cap(r.buffer)))
			copy(grown, r.buffer)
			r.buffer = grown
		}
		n, err := r.in.Read(r.buffer[len(r.buffer):cap(r.buffer)])
		r.buffer = r.buffer[:len(r.buffer)+n]
		if errors.Is(err, io.EOF) {
			r.ended = true
		} else if err != nil {
			return false, err
		}
	}
	return true, nil
}

// record returns the cells of the next record, none for a blank line, or io.EOF.
func (r *csvReader) record(number int64) ([]string, error) {
	r.number = number
	if ok, err := r.have(0); !ok {
		if err == nil {
			err = io.EOF
		}
		return nil, err
	}
	end, next, err := r.line(0)
	if err != nil {
		return nil, err
	}
	if line := r.buffer[r.from : r.from+end]; bytes.IndexByte(line, '"') < 0 {
		r.from += next
		return r.split(line, number)
	}
	return r.quoted(number)
}

// line finds the end of the line that goes on at i: where its text ends and where the next line begins.
func (r *csvReader) line(i int) (end, next int, err error) {
	start := i
	for {
		rest := r.buffer[min(r.from+i, len(r.buffer)):]
		var at int
		if r.loneCR {
			at = bytes.IndexAny(rest, "\r\n")
		} else {
			at = bytes.IndexByte(rest, '\n')
		}
		if at >= 0 {
			end, next = i+at, i+at+1
			if r.buffer[r.from+end] == '\n' && end > start && r.buffer[r.from+end-1] == '\r' {
				return end - 1, next, nil
			}
			if r.buffer[r.from+end] == '\r' { // in a file that has both
				if ok, err := r.have(next); err != nil {
					return 0, 0, err
				} else if ok && r.buffer[r.from+next] == '\n' {
					next++
				}
			}
			return end, next, nil
		}
		i += len(rest)
		if int64(i) > r.limits.RowBytes+64<<10 {
			return 0, 0, longCell(r.number)
		}
		ok, err := r.have(i)
		if err != nil {
			return 0, 0, err
		}
		if !ok {
			end = len(r.buffer) - r.from
			if end > start && r.buffer[len(r.buffer)-1] == '\r' {
				return end - 1, end, nil
			}
			return end, end, nil
		}
	}
}

// restOfLine is line, but finds the same line only once for all its cells.
func (r *csvReader) restOfLine(i int) (end, next int, err error) {
	if r.lineNext > 0 && i >= r.lineBegin && i <= r.lineEnd {
		return r.lineEnd, r.lineNext, nil
	}
	end, next, err = r.line(i)
	r.lineBegin, r.lineEnd, r.lineNext = i, end, next
	return end, next, err
}

// split cuts a line without quotation marks.
func (r *csvReader) split(line []byte, number int64) ([]string, error) {
	if len(line) == 0 {
		return nil, nil
	}
	n := bytes.Count(line, []byte(r.separator)) + 1
	if int64(n) > r.limits.Columns && len(r.separator) == 1 { // empty cells at the end do not count
		line = bytes.TrimRight(line, r.separator)
		n = bytes.Count(line, []byte(r.separator)) + 1
	}
	if int64(n) > r.limits.Columns {
		return nil, tooManyColumns(r.limits.Columns)
	}
	if int64(len(line)) > r.limits.RowBytes {
		return nil, longCell(number)
	}
	cells := make([]string, 0, n)
	rest := string(line)
	for {
		cell, after, more := strings.Cut(rest, r.separator)
		if int64(len(cell)) > r.limits.CellBytes {
			return nil, longCell(number)
		}
		cells = append(cells, cell)
		if !more {
			return cells, nil
		}
		rest = after
	}
}
