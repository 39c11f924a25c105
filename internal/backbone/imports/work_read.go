package imports

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"commontable/internal/analysis/damage"
	"commontable/internal/platform/intake"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// tableLines parts the lines of several tables that are read as one: a line is
// the table's place times this, and the number of the row in it.
const tableLines = 100_000_000

// pageRows is how many rows one transaction stores.
const pageRows = 1000

// content reads the file of an import from its parts. It keeps a few of them,
// since what reads a file reads it in small pieces.
type content struct {
	ctx   context.Context
	door  *operation.Door
	id    ID
	size  int64
	parts map[int64][]byte
	order []int64
}

// keptParts is how many parts stay in memory: a workbook is read at several
// places at once.
const keptParts = 8

// ReadAt implements io.ReaderAt.
func (f *content) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		if off >= f.size {
			return n, io.EOF
		}
		raw, err := f.part(off / PartBytes)
		if err != nil {
			return n, err
		}
		within := off % PartBytes
		if within >= int64(len(raw)) {
			return n, io.ErrUnexpectedEOF
		}
		k := copy(p[n:], raw[within:])
		n, off = n+k, off+int64(k)
	}
	return n, nil
}

func (f *content) part(number int64) ([]byte, error) {
	if raw, ok := f.parts[number]; ok {
		return raw, nil
	}
	raw, err := part.Do(f.ctx, f.door, PartInput{ID: f.id, Part: number})
	if err != nil {
		return nil, err
	}
	if len(f.order) == keptParts {
		delete(f.parts, f.order[0])
		f.order = f.order[1:]
	}
	f.parts[number] = raw
	f.order = append(f.order, number)
	return raw, nil
}

var delimiters = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|', "colon": ':'}

// read turns the file into rows, or finds out that somebody has to choose one of
// its tables.
func (w *worker) read() error {
	source := &content{ctx: w.ctx, door: w.door, id: w.id, size: w.imp.Size, parts: map[int64][]byte{}}
	file, err := intake.Open(w.ctx, source, w.imp.Size, intake.Options{Name: w.imp.FileName, Encoding: w.imp.Plan.Encoding, Delimiter: delimiters[w.imp.Plan.Delimiter]})
	if err != nil {
		return err
	}
	defer file.Close()
	found := File{Format: file.Format, Encoding: file.Encoding, Sure: file.Sure, Notes: notes(file.Notes)}
	chosen := w.imp.Plan.Tables
	refused, err := w.withHeader(file, chosen)
	if err != nil {
		return err
	}
	found.Notes = append(found.Notes, refused...)
	for _, t := range file.Tables {
		found.Tables = append(found.Tables, Table{Name: t.Name, Columns: t.Header, HeaderRow: t.HeaderRow, HeaderRows: t.HeaderRows})
	}
	if len(chosen) == 0 {
		chosen = together(found.Format, found.Tables, w.imp.Kind)
	}
	if len(chosen) == 0 {
		return w.portion(func(_ *operation.Call, i *Import) error {
			i.File, i.State = found, Choosing
			return nil
		})
	}
	if found.Head, err = headOf(w.ctx, file, chosen); err != nil {
		return err
	}
	return w.rows(file, found, chosen)
}

// withHeader reads the chosen tables, or all of them, with their header where
// somebody said that it stands. A row that cannot be one, since nothing stands
// below it, is told and changes nothing: the file need not be sent again for it.
func (w *worker) withHeader(file *intake.File, chosen []int) (told []Message, err error) {
	row, rows := w.imp.Plan.HeaderRow, w.imp.Plan.HeaderRows
	if row == 0 {
		return nil, nil
	}
	for at, t := range file.Tables {
		if len(chosen) > 0 && !slices.Contains(chosen, at) {
			continue
		}
		other, err := t.WithHeader(w.ctx, row, rows)
		var refusal *intake.Refusal
		switch {
		case errors.As(err, &refusal) && refusal.Key == "intake.header_only":
			told = append(told, Message{Key: "import.no_header_there", Args: map[string]any{"Row": row}})
		case err != nil:
			return nil, err
		default:
			file.Tables[at] = other
		}
	}
	return told, nil
}

func notes(all []intake.Note) []Message {
	var out []Message
	for _, n := range all {
		out = append(out, Message{Key: n.Key, Args: n.Args})
	}
	return out
}

// rows stores the rows of the chosen tables and looks at every column on the way.
func (w *worker) rows(file *intake.File, found File, chosen []int) error {
	if err := w.portion(func(c *operation.Call, i *Import) error {
		for _, statement := range []struct{ text string }{{`DELETE FROM import_rows WHERE collaborative_id = $1 AND import_id = $2`}, {`DELETE FROM import_records WHERE collaborative_id = $1 AND import_id = $2`}} {
			if _, err := c.Tx.Exec(statement.text, i.ID); err != nil {
				return err
			}
		}
		i.File, i.Plan.Tables, i.Counts = found, chosen, Counts{}
		return nil
	}); err != nil {
		return err
	}
	layout, err := layOut(w.ctx, file, found.Tables, chosen)
	if err != nil {
		return err
	}
	looks := make([]*look, len(layout.names))
	for i, name := range layout.names {
		looks[i] = &look{column: Column{Name: name}, damage: damage.New(name)}
	}
	var page [][]any
	var total int64
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		err := w.portion(func(c *operation.Call, i *Import) error {
			i.Done = total
			return c.Tx.ExecRows(`INSERT INTO import_rows (collaborative_id, import_id, line, cells) VALUES ($1, $2, $3, $4)`, page)
		})
		page = page[:0]
		return err
	}
	for _, at := range chosen {
		table := file.Tables[at]
		for row, err := range table.Rows(w.ctx) {
			if err != nil {
				return err
			}
			cells := layout.row(at, row.Cells, table.Name)
			for k := range min(len(cells), len(looks)) {
				looks[k].add(cells[k])
			}
			line := row.Number
			if len(chosen) > 1 {
				line += int64(at) * tableLines
			}
			total++
			if page = append(page, []any{w.id, line, store.JSON(cells)}); len(page) == pageRows {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		found.Notes = append(found.Notes, notes(table.Notes())...)
	}
	if err := flush(); err != nil {
		return err
	}
	rules := map[string]string{}
	for n, l := range looks {
		column, rule := l.found()
		found.Columns = append(found.Columns, column)
		if rule != "" {
			rules[strconv.Itoa(n)] = rule
		}
	}
	found.Rows = total
	return w.portion(func(c *operation.Call, i *Import) error {
		i.File, i.Counts.Rows, i.State, i.Done = found, total, Mapping, total
		return propose(c, i, rules)
	})
}

// look gathers what is shown of a column.
type look struct {
	column Column
	damage *damage.Column
}

const (
	mostSamples = 5
	sampleRunes = 80
)

func (l *look) add(cell string) {
	l.damage.Add(cell) // blank ones too: it tells where a value stands
	if cell == "" {
		return
	}
	l.column.Filled++
	l.column.Longest = max(l.column.Longest, utf8.RuneCountInString(cell))
	if len(l.column.Samples) < mostSamples {
		sample := cell
		if runes := []rune(cell); len(runes) > sampleRunes {
			sample = string(runes[:sampleRunes-1]) + "…"
		}
		if !slices.Contains(l.column.Samples, sample) {
			l.column.Samples = append(l.column.Samples, sample)
		}
	}
}

// found is the column with what was found out, and the rule that likely mends it.
func (l *look) found() (Column, string) {
	found := l.damage.Findings()
	for _, f := range found {
		d := Damage{Kind: string(f.Kind), Count: f.Count, Lost: f.Lost}
		for _, e := range f.Examples {
			d.Examples = append(d.Examples, e.Value)
		}
		for _, rule := range f.Rules {
			d.Rules = append(d.Rules, string(rule))
		}
		l.column.Findings = append(l.column.Findings, d)
	}
	return l.column, likely(found)
}
