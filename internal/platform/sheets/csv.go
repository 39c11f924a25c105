package sheets

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// CSV are the choices in writing CSV. The zero value is what RFC 4180 describes.
type CSV struct {
	// BOM puts a byte order mark in front, without which Excel takes UTF-8 for something else.
	BOM bool
	// Separator stands between cells; 0 is a comma. Excel expects a semicolon where the comma is the
	// decimal mark.
	Separator byte
}

const bom = "\ufeff"

// WriteCSV writes t as CSV: UTF-8 without a byte order mark, commas, lines ending with CRLF, text made
// safe by Neutralise.
func WriteCSV(w io.Writer, t Table) error { return CSV{}.Write(w, t) }

// Write writes t to w. The error is that of w, that of the rows, or says which row has too many cells.
func (c CSV) Write(w io.Writer, t Table) error {
	if c.Separator == 0 {
		c.Separator = ','
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if c.BOM {
		_, _ = out.WriteString(bom) // the buffer keeps the error
	}
	titles := make(Row, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = Text(column.Title)
	}
	if err := c.row(out, t, titles); err != nil {
		return err
	}
	count := 1
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if count++; len(row) > len(t.Columns) {
			return tooManyCells(count, row, t)
		}
		if err := c.row(out, t, row); err != nil {
			return err
		}
	}
	return out.Flush()
}

func tooManyCells(line int, row Row, t Table) error {
	return fmt.Errorf("sheets: row %d has %d cells for %d columns", line, len(row), len(t.Columns))
}

// row writes one row. The buffer keeps the first error of w, so that only the last one needs a look.
func (c CSV) row(out *bufio.Writer, t Table, row Row) error {
	for i := range t.Columns {
		if i > 0 {
			_ = out.WriteByte(c.Separator)
		}
		field := ""
		if i < len(row) {
			field = row[i].string(t.zone())
			if row[i].kind == text {
				field = Neutralise(field)
			}
		}
		// A line without a character would be read as no row at all.
		if needsQuotes(field) || field == "" && len(t.Columns) == 1 {
			_ = out.WriteByte('"')
			_, _ = out.WriteString(strings.ReplaceAll(field, `"`, `""`))
			_ = out.WriteByte('"')
			continue
		}
		_, _ = out.WriteString(field)
	}
	_, err := out.WriteString("\r\n")
	return err
}

// needsQuotes reports whether a field must stand in quotes. All usual separators count, since the reader
// may expect another one than was written; so do spaces at the ends, which some readers drop, and a byte
// order mark, which would be taken for one of the file.
func needsQuotes(field string) bool {
	return strings.ContainsAny(field, "\",;\t\r\n|") || strings.HasPrefix(field, bom) ||
		strings.HasPrefix(field, " ") || strings.HasSuffix(field, " ")
}
