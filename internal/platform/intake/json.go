package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
)

// listed is a list found in JSON: a table, whose columns are the union of what its records have.
type listed struct {
	columns []string
	index   map[string]int
	bare    bool // a list of lists: a row is a list, and the header is found as in a sheet
	rows    int64
}

// addJSON adds a table for each list of records: the file itself, or lists in the objects it consists of.
// Without any list the file is one record. Every line may also be a record of its own (NDJSON). The text
// is read to its end, since any record may bring a further column.
func (f *File) addJSON(ctx context.Context, t *text, name string) error {
	sample, _, err := t.sample(ctx)
	if err != nil {
		return err
	}
	lines := isLines(sample)
	found, order := map[string]*listed{}, []string(nil)
	learn := func(path string, record json.RawMessage) (bool, error) {
		if lines && record[0] != '{' {
			return true, nil
		}
		l := found[path]
		if l == nil {
			l = &listed{index: map[string]int{}, bare: record[0] == '['}
			found[path] = l
			if order = append(order, path); int64(len(order)) > t.limits.Tables {
				return false, tooManyTables(t.limits.Tables)
			}
		}
		if l.rows++; l.rows > t.limits.Rows {
			return false, refuse("intake.too_many_rows", map[string]any{"Count": t.limits.Rows})
		}
		if l.bare || record[0] != '{' {
			return true, nil
		}
		return true, l.learn(record, t.limits)
	}
	if err := t.records(ctx, lines, learn); err != nil {
		return err
	}
	if len(order) == 0 && !lines {
		lines = true // without lists the text is one record
		if err := t.records(ctx, lines, learn); err != nil {
			return err
		}
	}
	for _, path := range order {
		l := found[path]
		if !l.bare && len(l.columns) == 0 {
			continue
		}
		table := t.table(name, t.source(func(in io.Reader, p *pass) iter.Seq2[Row, error] { return l.read(in, lines, path, p) }))
		if path != "" {
			table.Name = path
			if name != "" {
				table.Name = name + " / " + path
			}
		}
		table.Name = (&pass{}).cell(table.Name, 0)
		if !l.bare {
			table.setHeader(l.columns)
		}
		f.Tables = append(f.Tables, table)
	}
	if len(f.Tables) == 0 {
		return refuse("intake.no_records", nil)
	}
	return nil
}

// setHeader gives a table the names of its columns, which do not stand in a row.
func (t *Table) setHeader(columns []string) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = (&pass{}).cell(c, 0)
	}
	t.Header, t.FirstRow, t.fixed = named(names), 1, true
}

// isLines reports whether a text is a record on every line, as far as its beginning shows.
func isLines(sample []byte) bool {
	first, rest, more := bytes.Cut(bytes.TrimLeft(sample, " \t\r\n"), []byte("\n"))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return more && len(first) > 0 && first[0] == '{' && len(rest) > 0 && rest[0] == '{' && json.Valid(first)
}

// records calls visit with every record of every list, with the path of the list, until it is false.
func (t *text) records(ctx context.Context, lines bool, visit func(path string, record json.RawMessage) (bool, error)) error {
	in, closer, err := t.decoded(ctx, &pass{limits: t.limits})
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }() // the reading may stop anywhere
	return walkJSON(in, lines, t.limits, visit)
}

// read yields the records of the list at path.
func (l *listed) read(in io.Reader, lines bool, path string, p *pass) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		number := int64(0)
		err := walkJSON(in, lines, p.limits, func(at string, record json.RawMessage) (bool, error) {
			if at != path {
				return true, nil
			}
			number++
			cells, err := l.cells(record, p.limits)
			if err != nil {
				return false, err
			}
			if cells == nil {
				p.notice("intake.other_record", number)
				return true, nil
			}
			return yield(Row{number, cells}, nil), nil
		})
		if err != nil {
			yield(Row{}, err)
		}
	}
}

// errStop ends a walk.
var errStop = errors.New("intake: enough")

// walkJSON walks through a text; see text.records.
func walkJSON(in io.Reader, lines bool, limits Limits, visit func(path string, record json.RawMessage) (bool, error)) error {
	rations := &rationed{in: in, most: limits.RowBytes + 64<<10}
	d := json.NewDecoder(rations)
	d.UseNumber()
	rations.decoder = d
	w := &jsonWalk{d: d, limits: limits, visit: visit}
	err := w.document(lines)
	var refusal *Refusal
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errStop):
		return nil
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Refusal{Key: "intake.json_broken", Args: map[string]any{"Records": w.seen}, Cause: err}
	}
	return err
}

// rationed bounds how far a decoder reads ahead of what it has given out, and thereby its memory.
type rationed struct {
	in      io.Reader
	decoder *json.Decoder
	given   int64
	most    int64
}

func (r *rationed) Read(p []byte) (int, error) {
	if r.given-r.decoder.InputOffset() > r.most {
		return 0, longCell(0)
	}
	n, err := r.in.Read(p)
	r.given += int64(n)
	return n, err
}

type jsonWalk struct {
	d      *json.Decoder
	limits Limits
	visit  func(path string, record json.RawMessage) (bool, error)
	seen   int64
}

func (w *jsonWalk) record(path string, record json.RawMessage) error {
	w.seen++
	more, err := w.visit(path, record)
	if err == nil && !more {
		return errStop
	}
	return err
}

func (w *jsonWalk) document(lines bool) error {
	if lines {
		for w.d.More() {
			var record json.RawMessage
			if err := w.d.Decode(&record); err != nil {
				return err
			}
			if err := w.record("", record); err != nil {
				return err
			}
		}
		return nil
	}
	token, err := w.d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		err = w.list("")
	case json.Delim('{'):
		err = w.object("", 0)
	}
	if err != nil {
		return err
	}
	if _, err := w.d.Token(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = &json.SyntaxError{Offset: w.d.InputOffset()}
		}
		return err
	}
	return nil
}

// list reads a list that just began.
func (w *jsonWalk) list(path string) error {
	first := true
	records := false
	for w.d.More() {
		var record json.RawMessage
		if err := w.d.Decode(&record); err != nil {
			return err
		}
		if first {
			first = false
			records = record[0] == '{' || record[0] == '['
		}
		if records {
			if err := w.record(path, record); err != nil {
				return err
			}
		}
	}
	_, err := w.d.Token()
	return err
}

// object reads an object that just began, and looks into the objects in it.
func (w *jsonWalk) object(path string, depth int64) error {
	if depth > w.limits.Depth {
		return refuse("intake.too_deep", nil)
	}
	for w.d.More() {
		key, err := w.d.Token()
		if err != nil {
			return err
		}
		below, _ := key.(string)
		if path != "" {
			below = path + "." + below
		}
		value, err := w.d.Token()
		if err == nil && value == json.Delim('[') {
			err = w.list(below)
		} else if err == nil && value == json.Delim('{') {
			err = w.object(below, depth+1)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	return err
}
