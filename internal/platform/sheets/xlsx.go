package sheets

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"commontable/internal/platform/i18n"
)

// maxSheetRows is how many rows one sheet holds, titles included.
var maxSheetRows = excelize.TotalRows

// exact is the largest whole number a spreadsheet, which calculates in floating point, holds exactly.
const exact = 1 << 53

// WriteXLSX writes t as a workbook: one sheet, and further ones where the rows do not fit into it. The
// titles stay in view and every cell has its type: text is never taken for a formula, days and instants
// are dates, whole numbers beyond 2^53 are text so that no digit is lost. Characters XML cannot hold are
// left out of text, and a cell keeps at most 32,767 characters. Large tables are gathered in a temporary
// file, not in memory.
func WriteXLSX(w io.Writer, t Table) (err error) {
	if len(t.Columns) > excelize.MaxColumns {
		return fmt.Errorf("sheets: %d columns, a sheet holds %d", len(t.Columns), excelize.MaxColumns)
	}
	file := excelize.NewFile()
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	book := &workbook{file: file, table: t}
	if err := book.learnStyles(); err != nil {
		return err
	}
	if err := book.begin(); err != nil {
		return err
	}
	line := 1
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if line++; len(row) > len(t.Columns) {
			return tooManyCells(line, row, t)
		}
		if err := book.add(row); err != nil {
			return err
		}
	}
	if err := book.stream.Flush(); err != nil {
		return err
	}
	return file.Write(w)
}

type workbook struct {
	file   *excelize.File
	table  Table
	stream *excelize.StreamWriter
	sheets int // begun so far
	rows   int // written to the current sheet
	buffer []any

	title, day, instant int // styles
}

func (b *workbook) learnStyles() (err error) {
	dateFormat, timeFormat := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.title, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&b.day, excelize.Style{CustomNumFmt: &dateFormat}},
		{&b.instant, excelize.Style{CustomNumFmt: &timeFormat}},
	} {
		if *s.id, err = b.file.NewStyle(&s.style); err != nil {
			return err
		}
	}
	return nil
}

// begin starts the next sheet and writes the titles to it.
func (b *workbook) begin() (err error) {
	if b.stream != nil {
		if err := b.stream.Flush(); err != nil {
			return err
		}
	}
	b.sheets++
	name := sheetName(b.table.Name, b.sheets)
	if b.sheets == 1 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.stream.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
	}); err != nil {
		return err
	}
	for i, column := range b.table.Columns {
		if err := b.stream.SetColWidth(i+1, i+1, column.width()); err != nil {
			return err
		}
	}
	b.rows = 0
	titles := make(Row, len(b.table.Columns))
	for i, column := range b.table.Columns {
		titles[i] = Text(column.Title)
	}
	return b.write(titles, b.title)
}

// width is the width of the column in characters.
func (c Column) width() float64 {
	if c.Width > 0 {
		return min(c.Width, excelize.MaxColumnWidth)
	}
	return min(max(float64(utf8.RuneCountInString(c.Title))*1.15+2, 12), 40)
}

func (b *workbook) add(row Row) error {
	if b.rows == maxSheetRows {
		if err := b.begin(); err != nil {
			return err
		}
	}
	return b.write(row, 0)
}

func (b *workbook) write(row Row, style int) error {
	b.buffer = b.buffer[:0]
	for _, cell := range row {
		b.buffer = append(b.buffer, b.value(cell, style))
	}
	b.rows++
	return b.stream.SetRow(fmt.Sprintf("A%d", b.rows), b.buffer)
}

// value is the cell as excelize takes it.
func (b *workbook) value(c Cell, style int) any {
	switch c.kind {
	case text:
		return excelize.Cell{StyleID: style, Value: printable(c.text)}
	case whole:
		if c.whole > exact || c.whole < -exact {
			return c.string(time.UTC)
		}
		return c.whole
	case number:
		return c.float
	case day:
		return b.date(c, c.at, b.day)
	case instant:
		return b.date(c, c.at.In(b.table.zone()).Truncate(time.Second), b.instant)
	case boolean:
		return c.whole == 1
	}
	return nil
}

// date is a moment as the number of days since the spreadsheet's year zero, by the clock on the wall. The
// calendar of spreadsheets begins in 1900 and counts a day too many in its first two months; dates before
// March of that year are text.
func (b *workbook) date(c Cell, at time.Time, style int) any {
	wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	if wall.Before(time.Date(1900, time.March, 1, 0, 0, 0, 0, time.UTC)) || wall.Year() > 9999 {
		return c.string(b.table.zone())
	}
	const epoch = -2209161600 // 1899-12-30, in seconds since 1970
	return excelize.Cell{StyleID: style, Value: float64(wall.Unix()-epoch) / 86400}
}

// printable leaves out of s what XML 1.0 cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffd, r >= 0x10000:
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// sheetName makes a name that XLSX accepts for the sheet numbered n: at most 31 UTF-16 units, none of
// :\/?*[] and no apostrophe at either end.
func sheetName(name string, n int) string {
	suffix := ""
	if n > 1 {
		suffix = fmt.Sprintf(" (%d)", n)
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r > 0xffff {
			return '-'
		}
		return r
	}, printable(i18n.CleanLine(name)))
	if runes := []rune(name); len(runes) > 31-len(suffix) {
		name = string(runes[:31-len(suffix)])
	}
	if name = strings.Trim(name, "' "); name == "" || strings.EqualFold(name, "history") {
		name = "Table" // Excel keeps the name History for itself
	}
	return name + suffix
}
