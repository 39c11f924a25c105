package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"iter"
	"strconv"
)

// rows yields the rows of a sheet that say where they are or hold cells.
func (w *workbook) rows(ctx context.Context, file *zip.File, p *pass) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := w.archive.reader(ctx, file)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer func() { _ = in.Close() }() // everything that matters was read by then
		s := &sheetReader{markup: newMarkup(in, w.limits), book: w, pass: p}
		for {
			row, more, err := s.row()
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !more || !yield(row, nil) {
				return
			}
		}
	}
}

type sheetReader struct {
	*markup
	book  *workbook
	pass  *pass
	last  int64 // the number of the row before
	value []byte
}

// row returns the next row of the sheet.
func (s *sheetReader) row() (row Row, more bool, err error) {
	for {
		what, err := s.next()
		if err != nil {
			return Row{}, false, err
		}
		switch {
		case what == markDone:
			return Row{}, false, nil
		case what != markStart:
		case string(s.name) == "row":
			row, err := s.cells()
			return row, err == nil, err
		case string(s.name) != "worksheet" && string(s.name) != "sheetData":
			if err := s.skip(); err != nil {
				return Row{}, false, err
			}
		}
	}
}

// cells reads the row that just began.
func (s *sheetReader) cells() (Row, error) {
	number, err := strconv.ParseInt(s.attr("r"), 10, 64)
	if err != nil || number <= s.last {
		number = s.last + 1
	}
	s.last = number
	hidden := isTrue(s.attr("hidden"))
	row := Row{Number: number}
	column, size := 0, 0
	for depth := len(s.opened); len(s.opened) >= depth; {
		what, err := s.next()
		if err != nil {
			return row, err
		}
		if what != markStart {
			continue
		}
		if string(s.name) != "c" {
			if err := s.skip(); err != nil {
				return row, err
			}
			continue
		}
		if at, ok := columnOf(attribute(s.rawAttr, "r")); ok {
			column = at
		}
		text, err := s.cell(number)
		if err != nil {
			return row, err
		}
		if text != "" {
			switch size += len(text); {
			case int64(column) >= s.pass.limits.Columns:
				return row, tooManyColumns(s.pass.limits.Columns)
			case int64(len(text)) > s.pass.limits.CellBytes:
				return row, longCell(number)
			case int64(size) > s.pass.limits.RowBytes:
				return row, longCell(number)
			}
			for len(row.Cells) <= column {
				row.Cells = append(row.Cells, "")
			}
			row.Cells[column] = text
		}
		column++
	}
	if hidden && len(row.Cells) > 0 {
		s.pass.notice("intake.hidden_rows", number)
	}
	return row, nil
}

// columnOf is the column of a cell reference such as "BC12", counted from 0.
func columnOf(reference []byte) (column int, ok bool) {
	for i, c := range reference {
		switch {
		case c >= 'A' && c <= 'Z' && i < 4:
			column = column*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z' && i < 4:
			column = column*26 + int(c-'a') + 1
		default:
			return column - 1, i > 0
		}
	}
	return column - 1, len(reference) > 0
}

// cell reads the cell that just began.
func (s *sheetReader) cell(row int64) (string, error) {
	kind := string(attribute(s.rawAttr, "t"))
	style := 0
	if raw := attribute(s.rawAttr, "s"); raw != nil {
		if n, err := strconv.Atoi(string(raw)); err == nil {
			style = n
		}
	}
	s.value = s.value[:0]
	formula, valued := false, false
	for depth := len(s.opened); len(s.opened) >= depth; {
		what, err := s.next()
		if err != nil {
			return "", err
		}
		if what != markStart {
			continue
		}
		switch string(s.name) {
		case "v":
			valued = true
			s.value, err = s.plain(s.value)
		case "is":
			valued = true
			s.value, err = richText(s.markup, s.value)
		case "f":
			formula = true
			err = s.skip()
		default:
			err = s.skip()
		}
		if err != nil {
			return "", err
		}
	}
	if formula {
		s.pass.notice("intake.formulas", row)
		if !valued {
			s.pass.notice("intake.formulas_without_value", row)
		}
	}
	if !valued {
		return "", nil
	}
	return s.text(kind, style, row)
}

// plain adds the text of the element that just began to out and leaves the element.
func (s *sheetReader) plain(out []byte) ([]byte, error) {
	for depth := len(s.opened); len(s.opened) >= depth; {
		what, err := s.next()
		if err != nil {
			return out, err
		}
		if what == markText {
			if out = append(out, s.markup.text...); len(out) > s.most {
				return out, longCell(0)
			}
		}
	}
	return out, nil
}

// text is the value just read as a person sees it.
func (s *sheetReader) text(kind string, style int, row int64) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(string(bytes.TrimSpace(s.value)))
		if err != nil {
			return "", damaged(err)
		}
		text, ok, err := s.book.shared.at(i)
		if err == nil && !ok {
			s.pass.notice("intake.missing_text", row)
		}
		return text, err
	case "inlineStr", "e":
		return string(s.value), nil
	case "str":
		return string(unescaped(s.value)), nil
	case "b":
		return strconv.FormatBool(isTrue(string(bytes.TrimSpace(s.value)))), nil
	case "d":
		text := string(bytes.TrimSpace(s.value))
		if len(text) > 10 && text[10] == 'T' {
			text = text[:10] + " " + text[11:]
		}
		return text, nil
	}
	return s.book.number(string(bytes.TrimSpace(s.value)), style), nil
}
