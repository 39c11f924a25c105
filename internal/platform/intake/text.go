package intake

import (
	"context"
	"errors"
	"io"
	"iter"
	"unicode/utf8"
)

// text is a text that can be read any number of times.
type text struct {
	raw     func(ctx context.Context) (io.ReadCloser, error) // from the beginning
	verdict verdict
	blame   func(error) error
	limits  Limits
}

// decoded reads the text as UTF-8.
func (t *text) decoded(ctx context.Context, p *pass) (io.Reader, io.Closer, error) {
	in, err := t.raw(ctx)
	if err != nil {
		return nil, nil, err
	}
	return t.verdict.decoded(in, p), in, nil
}

// source is the source that yields what read makes of the decoded text.
func (t *text) source(read func(in io.Reader, p *pass) iter.Seq2[Row, error]) source {
	return func(ctx context.Context, p *pass) iter.Seq2[Row, error] {
		return func(yield func(Row, error) bool) {
			in, closer, err := t.decoded(ctx, p)
			if err != nil {
				yield(Row{}, err)
				return
			}
			defer func() { _ = closer.Close() }() // the reading may stop anywhere
			for row, err := range read(in, p) {
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

func (t *text) table(name string, s source) *Table {
	return &Table{Name: name, limits: t.limits, blame: t.blame, source: s}
}

// openText opens a text and adds its tables. Name is that of the entry of an archive in which it lies, ""
// for a file of its own.
func (f *File) openText(ctx context.Context, raw func(context.Context) (io.ReadCloser, error), name string, blame func(error) error, o Options) error {
	t := &text{raw: raw, blame: blame, limits: o.Limits}
	if err := t.learn(ctx, o); err != nil {
		return err
	}
	f.Encoding, f.Sure = t.verdict.name, t.verdict.sure
	sample, whole, err := t.sample(ctx)
	if err != nil {
		return err
	}
	switch kind := sniffText(string(sample[:min(len(sample), 4096)])); kind {
	case "":
		f.addRows(t, name, sample, whole, o)
		return nil
	case JSON:
		f.Format = JSON
		return f.addJSON(ctx, t, name)
	case VCard:
		f.Format = VCard
		return f.addCards(ctx, t, name)
	case ICalendar:
		f.Format = ICalendar
		return f.addEvents(ctx, t, name)
	default:
		return refuse(kind, nil)
	}
}

// learn finds out the encoding.
func (t *text) learn(ctx context.Context, o Options) (err error) {
	if o.Encoding != "" {
		t.verdict, err = forced(o.Encoding)
		return err
	}
	in, err := t.raw(ctx)
	if err != nil {
		return err
	}
	e, err := gather(in)
	if closing := in.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	verdict, ok := e.judgeEncoding()
	if !ok {
		return refuse("intake.unknown", nil)
	}
	t.verdict = verdict
	return nil
}

// sample is the beginning of the text; whole is true where that is all of it.
func (t *text) sample(ctx context.Context) (sample []byte, whole bool, err error) {
	in, closer, err := t.decoded(ctx, &pass{limits: t.limits})
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = closer.Close() }() // before the end, on purpose
	sample = make([]byte, sampled)
	n, err := io.ReadFull(in, sample)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return sample[:n], true, nil
	}
	return sample[:n], false, err
}

// addRows adds a text of rows of cells.
func (f *File) addRows(t *text, name string, sample []byte, whole bool, o Options) {
	d := detectDialect(sample, whole, o)
	f.Format = CSV
	if d.separator == "\t" {
		f.Format = TSV
	}
	f.Delimiter, _ = utf8.DecodeRuneInString(d.separator)
	table := t.table(name, t.source(d.rows))
	table.written = true
	f.Tables = append(f.Tables, table)
}
