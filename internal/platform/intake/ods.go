package intake

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

// openODS opens a spreadsheet in the OpenDocument format (ISO/IEC 26300), all of whose sheets lie in one
// part one after another.
func (f *File) openODS(ctx context.Context, b *blocks, a *archive, o Options) error {
	kind, err := a.start(ctx, a.file("mimetype"), 100)
	if err != nil {
		return err
	}
	if !strings.Contains(string(kind), "opendocument.spreadsheet") {
		if strings.Contains(string(kind), "opendocument") {
			return refuse("intake.document", nil)
		}
		return refuse("intake.unknown", nil)
	}
	if manifest := a.file("META-INF/manifest.xml"); manifest != nil {
		encrypted := false
		if err := a.read(ctx, manifest, func(m *markup) error {
			encrypted = encrypted || string(m.name) == "encryption-data"
			return nil
		}); err != nil {
			return err
		}
		if encrypted {
			return refuse("intake.password", nil)
		}
	}
	f.Format = ODS
	content := a.file("content.xml")
	hidden := map[string]bool{} // styles of sheets that are not shown
	style := ""
	err = a.read(ctx, content, func(m *markup) error {
		switch string(m.name) {
		case "style":
			style = m.attr("name")
		case "table-properties":
			if m.attr("display") == "false" && int64(len(hidden)) < a.limits.Entries {
				hidden[style] = true
			}
		case "table":
			if m.within("table-cell") || m.within("table-row") {
				return nil // a table in a cell
			}
			if int64(len(f.Tables)) == o.Limits.Tables {
				return tooManyTables(o.Limits.Tables)
			}
			at := len(f.Tables)
			t := &Table{
				Name: (&pass{}).cell(m.attr("name"), 0), Hidden: hidden[m.attr("style-name")], limits: o.Limits, blame: b.blame,
				source: func(ctx context.Context, p *pass) iter.Seq2[Row, error] { return odsRows(ctx, a, content, at, p) },
			}
			if t.Hidden {
				f.note("intake.hidden_sheet", map[string]any{"Name": t.Name})
			}
			f.Tables = append(f.Tables, t)
		}
		return nil
	})
	return err
}

// start is at most the first n bytes of an entry.
func (a *archive) start(ctx context.Context, file *zip.File, n int) (head []byte, err error) {
	in, err := a.reader(ctx, file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it is closed before its end, on purpose
	head = make([]byte, n)
	k, err := io.ReadFull(in, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:k], err
}

// odsRows yields the rows of the sheet numbered wanted from 0.
func odsRows(ctx context.Context, a *archive, file *zip.File, wanted int, p *pass) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := a.reader(ctx, file)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer func() { _ = in.Close() }() // everything that matters was read by then
		r := &odsReader{markup: newMarkup(in, a.limits), pass: p}
		if err := r.rows(wanted, yield); err != nil {
			yield(Row{}, err)
		}
	}
}

type odsReader struct {
	*markup
	pass  *pass
	value []byte
}

// rows finds the sheet and yields its rows.
func (r *odsReader) rows(wanted int, yield func(Row, error) bool) error {
	for at := -1; ; {
		what, err := r.next()
		if err != nil {
			return err
		}
		switch {
		case what == markDone:
			return nil
		case what != markStart:
		case string(r.name) == "table":
			if at++; at == wanted {
				return r.sheet(yield)
			}
			if err := r.skip(); err != nil {
				return err
			}
		}
	}
}

// sheet yields the rows of the sheet that just began. A row that stands for many is yielded as often,
// unless it is blank.
func (r *odsReader) sheet(yield func(Row, error) bool) error {
	number := int64(1)
	for depth := len(r.opened); len(r.opened) >= depth; {
		what, err := r.next()
		if err != nil {
			return err
		}
		if what != markStart {
			continue
		}
		switch string(r.name) {
		case "table-row-group", "table-rows", "table-header-rows":
			continue
		case "table-row":
		default:
			if err := r.skip(); err != nil {
				return err
			}
			continue
		}
		times := repeated(r.attr("number-rows-repeated"))
		hidden := r.attr("visibility") != "" && r.attr("visibility") != "visible"
		cells, err := r.cells(number)
		if err != nil {
			return err
		}
		if len(cells) > 0 {
			for i := range min(times, r.pass.limits.Rows+1) {
				if hidden {
					r.pass.notice("intake.hidden_rows", number+i)
				}
				if !yield(Row{number + i, append([]string(nil), cells...)}, nil) {
					return nil
				}
			}
		}
		number += times
	}
	return nil
}

// repeated is how often something stands there, between once and as often as a sheet has rows.
func repeated(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 1
	}
	return min(max(n, 1), 1<<20)
}

// cells reads the row that just began. Blank cells at its end, often a thousand in one, are left out.
func (r *odsReader) cells(number int64) (cells []string, err error) {
	column, size := int64(0), 0
	for depth := len(r.opened); len(r.opened) >= depth; {
		what, err := r.next()
		if err != nil {
			return nil, err
		}
		if what != markStart {
			continue
		}
		if name := string(r.name); name != "table-cell" && name != "covered-table-cell" {
			if err := r.skip(); err != nil {
				return nil, err
			}
			continue
		}
		times := repeated(r.attr("number-columns-repeated"))
		text, err := r.cell(number)
		if err != nil {
			return nil, err
		}
		if text != "" {
			limits := r.pass.limits
			switch size += len(text) * int(times); {
			case column+times > limits.Columns:
				return nil, tooManyColumns(limits.Columns)
			case int64(len(text)) > limits.CellBytes:
				return nil, longCell(number)
			case int64(size) > limits.RowBytes:
				return nil, longCell(number)
			}
			for int64(len(cells)) < column {
				cells = append(cells, "")
			}
			for range times {
				cells = append(cells, text)
			}
		}
		column += times
	}
	return cells, nil
}

// cell reads the cell that just began: the value its attributes give, or else its text.
func (r *odsReader) cell(row int64) (string, error) {
	kind := r.attr("value-type")
	value := r.attr("office:value")
	date, moment, truth, said := r.attr("date-value"), r.attr("time-value"), r.attr("boolean-value"), r.attr("string-value")
	if attribute(r.rawAttr, "formula") != nil {
		r.pass.notice("intake.formulas", row)
	}
	if err := r.text(); err != nil {
		return "", err
	}
	shown := string(r.value)
	switch kind {
	case "float", "currency":
		return odsNumber(value, shown), nil
	case "percentage":
		if f, err := strconv.ParseFloat(value, 64); err == nil {
			return shifted(f) + "%", nil
		}
	case "date":
		if day, clock, ok := strings.Cut(date, "T"); ok {
			clock, _, _ = strings.Cut(clock, ".")
			return day + " " + clock, nil
		} else if date != "" {
			return date, nil
		}
	case "time":
		if seconds, ok := duration(moment); ok {
			return clock(seconds), nil
		}
	case "boolean":
		if truth != "" {
			return truth, nil
		}
	case "string":
		if said != "" {
			return said, nil
		}
	}
	return shown, nil
}

// odsNumber is a number in full. Zeros in front that the format of the cell shows belong to it.
func odsNumber(value, shown string) string {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return shown
	}
	if len(shown) > 1 && shown[0] == '0' && strings.Trim(shown, "0123456789") == "" {
		if same, err := strconv.ParseFloat(shown, 64); err == nil && same == f {
			return shown
		}
	}
	return plainNumber(f)
}

// duration reads a duration such as PT26H30M00S, in seconds.
func duration(s string) (seconds int64, ok bool) {
	rest, ok := strings.CutPrefix(s, "PT")
	if !ok || rest == "" || len(rest) > 30 {
		return 0, false
	}
	for rest != "" {
		at := strings.IndexAny(rest, "HMS")
		if at < 0 {
			return 0, false
		}
		n, err := strconv.ParseFloat(rest[:at], 64)
		if err != nil || !(n >= 0 && n < 1e9) {
			return 0, false
		}
		seconds += int64(n+0.5) * map[byte]int64{'H': 3600, 'M': 60, 'S': 1}[rest[at]]
		rest = rest[at+1:]
	}
	return seconds, true
}
