package sheets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

const (
	maxField  = 1 << 20 // bytes of one cell
	maxFields = 16384   // cells of one row; XLSX has no more columns either
)

// ReadCSV yields the rows of a CSV file as text, the titles first, with Neutralise undone: what WriteCSV
// wrote is read back as it was. A byte order mark is skipped; lines may end with CRLF or LF; a line
// without a character is no row. The error names the line and ends the rows.
//
// This is not encoding/csv because that turns CRLF within a cell into LF, so that what was written would
// not come back.
func ReadCSV(r io.Reader) iter.Seq2[[]string, error] { return CSV{}.Read(r) }

// Read is ReadCSV with the separator of c.
func (c CSV) Read(r io.Reader) iter.Seq2[[]string, error] {
	if c.Separator == 0 {
		c.Separator = ','
	}
	return func(yield func([]string, error) bool) {
		in := &csvReader{in: bufio.NewReaderSize(r, 64<<10), separator: c.Separator, line: 1}
		if mark, _ := in.in.Peek(len(bom)); string(mark) == bom {
			_, _ = in.in.Discard(len(bom))
		}
		for {
			row, err := in.row()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("sheets: line %d: %w", in.line, err))
				return
			}
			if row != nil && !yield(row, nil) {
				return
			}
		}
	}
}

var (
	errQuote  = errors.New("a quotation mark stands inside a cell that does not begin with one")
	errAfter  = errors.New("after a closing quotation mark comes neither a separator nor the end of the line")
	errOpen   = errors.New("a quotation mark is never closed")
	errLarge  = fmt.Errorf("a cell has more than %d bytes", maxField)
	errFields = fmt.Errorf("a row has more than %d cells", maxFields)
)

type csvReader struct {
	in        *bufio.Reader
	separator byte
	line      int
}

// end is what ended a field.
type end uint8

const (
	atSeparator end = iota
	atLine
	atFile
)

// row returns the next row, nil for an empty line, or io.EOF.
func (c *csvReader) row() ([]string, error) {
	var row []string
	for {
		field, quoted, stop, err := c.field()
		if err != nil {
			return nil, err
		}
		if row == nil && field == "" && !quoted && stop != atSeparator {
			if stop == atFile {
				return nil, io.EOF
			}
			return nil, nil
		}
		if len(row) == maxFields {
			return nil, errFields
		}
		row = append(row, Unneutralise(field))
		if stop != atSeparator {
			return row, nil
		}
	}
}

func (c *csvReader) field() (field string, quoted bool, stop end, err error) {
	var out strings.Builder
	first, err := c.in.ReadByte()
	if err == nil && first == '"' {
		stop, err = c.quoted(&out)
		return out.String(), true, stop, err
	}
	for b := first; ; b, err = c.in.ReadByte() {
		switch {
		case errors.Is(err, io.EOF):
			return out.String(), false, atFile, nil
		case err != nil:
			return "", false, atFile, err
		case b == c.separator:
			return out.String(), false, atSeparator, nil
		case b == '\n':
			c.line++
			return strings.TrimSuffix(out.String(), "\r"), false, atLine, nil
		case b == '"':
			return "", false, atFile, errQuote
		case out.Len() == maxField:
			return "", false, atFile, errLarge
		}
		out.WriteByte(b)
	}
}

// quoted reads on after an opening quotation mark.
func (c *csvReader) quoted(out *strings.Builder) (end, error) {
	for {
		b, err := c.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return atFile, errOpen
		}
		if err != nil {
			return atFile, err
		}
		if b == '\n' {
			c.line++
		}
		if b != '"' {
			if out.Len() == maxField {
				return atFile, errLarge
			}
			out.WriteByte(b)
			continue
		}
		next, err := c.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return atFile, nil
		case err != nil:
			return atFile, err
		case next == '"':
			out.WriteByte('"')
			continue
		case next == c.separator:
			return atSeparator, nil
		case next == '\n':
			c.line++
			return atLine, nil
		case next == '\r':
			if after, err := c.in.ReadByte(); err == nil && after == '\n' {
				c.line++
				return atLine, nil
			}
		}
		return atFile, errAfter
	}
}
