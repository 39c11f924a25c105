package intake

import (
	"archive/zip"
	"context"
	"io"
	"iter"
	"path"
	"strings"
)

// workbook is what the sheets of an XLSX file share.
type workbook struct {
	archive  *archive
	shared   *sharedStrings
	formats  []cellFormat // by the number of the style of a cell
	year1904 bool
	limits   Limits
}

// openOffice opens a file of the Office Open XML family, which only workbooks are taken of.
func (f *File) openOffice(ctx context.Context, b *blocks, a *archive, o Options) error {
	roots, err := a.relations(ctx, "_rels/.rels", "")
	if err != nil {
		return err
	}
	main := ""
	for _, r := range roots {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			main = r.target
		}
	}
	switch part := a.file(main); {
	case part == nil:
		return refuse("intake.unknown", nil)
	case strings.HasSuffix(strings.ToLower(main), ".bin"):
		return refuse("intake.binary_workbook", nil)
	case strings.HasPrefix(strings.ToLower(main), "word/"), strings.HasPrefix(strings.ToLower(main), "ppt/"), strings.HasPrefix(strings.ToLower(main), "visio/"):
		return refuse("intake.document", nil)
	default:
		return f.openWorkbook(ctx, b, a, part, o)
	}
}

func (f *File) openWorkbook(ctx context.Context, b *blocks, a *archive, part *zip.File, o Options) error {
	f.Format = XLSX
	w := &workbook{archive: a, limits: o.Limits}
	relations, err := a.relations(ctx, path.Join(path.Dir(part.Name), "_rels", path.Base(part.Name)+".rels"), path.Dir(part.Name))
	if err != nil {
		return err
	}
	targets := map[string]string{}
	for _, r := range relations {
		targets[r.id] = r.target
		switch file := a.file(r.target); {
		case file == nil:
		case strings.HasSuffix(r.kind, "/styles"):
			w.formats, err = readFormats(ctx, a, file)
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			w.shared, err = readStrings(ctx, a, file)
			if w.shared != nil {
				f.closers = append(f.closers, w.shared)
			}
		}
		if err != nil {
			return err
		}
	}
	sheets, err := w.readSheets(ctx, part)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		file := a.file(targets[s.relation])
		if file == nil || strings.Contains(targets[s.relation], "chartsheets/") || strings.Contains(targets[s.relation], "dialogsheets/") {
			continue
		}
		if s.hidden {
			f.note("intake.hidden_sheet", map[string]any{"Name": s.name})
		}
		f.Tables = append(f.Tables, &Table{
			Name: s.name, Hidden: s.hidden, limits: o.Limits, blame: b.blame,
			source: func(ctx context.Context, p *pass) iter.Seq2[Row, error] { return w.rows(ctx, file, p) },
		})
	}
	return nil
}

type sheet struct {
	name     string
	relation string
	hidden   bool
}

// readSheets reads the list of sheets, in the order of their tabs.
func (w *workbook) readSheets(ctx context.Context, part *zip.File) ([]sheet, error) {
	var out []sheet
	err := w.archive.read(ctx, part, func(m *markup) error {
		switch string(m.name) {
		case "workbookPr":
			w.year1904 = isTrue(m.attr("date1904"))
		case "sheet":
			if int64(len(out)) == w.limits.Tables {
				return tooManyTables(w.limits.Tables)
			}
			state := m.attr("state")
			name := (&pass{}).cell(m.attr("name"), 0)
			out = append(out, sheet{name, m.attr("r:id"), state == "hidden" || state == "veryHidden"})
			if last := &out[len(out)-1]; last.relation == "" {
				last.relation = m.attr("id")
			}
		}
		return nil
	})
	return out, err
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// relation is how a part of an office file names another.
type relation struct{ id, kind, target string }

// relations reads a file of relations; folder is what their targets are relative to. A file that is not
// there has none.
func (a *archive) relations(ctx context.Context, name, folder string) ([]relation, error) {
	file := a.file(name)
	if file == nil {
		return nil, nil
	}
	var out []relation
	err := a.read(ctx, file, func(m *markup) error {
		if string(m.name) != "Relationship" || m.attr("TargetMode") == "External" {
			return nil
		}
		target := m.attr("Target")
		if rest, absolute := strings.CutPrefix(target, "/"); absolute {
			target = path.Clean(rest)
		} else {
			target = path.Join(folder, target)
		}
		if int64(len(out)) > a.limits.Entries {
			return tooManyEntries(a.limits, nil)
		}
		out = append(out, relation{m.attr("Id"), m.attr("Type"), target})
		return nil
	})
	return out, err
}

// read calls each for every element that begins in an entry.
func (a *archive) read(ctx context.Context, file *zip.File, each func(m *markup) error) (err error) {
	in, err := a.reader(ctx, file)
	if err != nil {
		return err
	}
	defer closeInto(in, &err)
	for m := newMarkup(in, a.limits); ; {
		switch what, err := m.next(); {
		case err != nil:
			return err
		case what == markDone:
			return nil
		case what == markStart:
			if err := each(m); err != nil {
				return err
			}
		}
	}
}

func closeInto(c io.Closer, err *error) {
	if closing := c.Close(); *err == nil {
		*err = closing
	}
}
