// Package intake opens whatever file people bring, works out what it is, and yields its tables as rows of
// text. It knows nothing of what the rows are about.
//
// A file comes from anybody, so nothing it says about itself is believed: its kind is told by its content
// and not by its name, sizes are counted while reading, and what would cost too much memory or time is
// refused with a sentence about what is wrong and what to do. Files are streamed; what a pass keeps in
// memory does not grow with the file. docs/decisions/0025-reading-files.md tells the limits and choices.
package intake

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
)

// Options say how to open a file. The zero value works everything out by itself.
type Options struct {
	// Name is the name of the file as given. Its ending decides nothing, but a surprise is noted.
	Name string
	// Encoding is the character encoding of a text file, by a name the web knows ("utf-8", "windows-1252",
	// "macintosh", "utf-16le"); "" finds it out.
	Encoding string
	// Delimiter stands between the cells of a text file; 0 finds it out.
	Delimiter rune
	// Limits bound what is read; zero fields are those of DefaultLimits.
	Limits Limits
}

// The formats a File can have.
const (
	CSV   = "csv"
	TSV   = "tsv"
	XLSX  = "xlsx"
	ODS   = "ods"
	ZIP   = "zip"
	JSON  = "json"
	VCard = "vcard"
	// ICalendar is a calendar; each of its series, and each meeting that is none of a series, is a row.
	ICalendar = "icalendar"
)

// File is an opened file. It holds the source it was opened from, which must stay readable until Close.
type File struct {
	// Format is one of the constants above, by the content of the file.
	Format string
	// Tables are what the file holds, in its order; there is at least one.
	Tables []*Table
	// Encoding is the name of the character encoding of a text file, for people; "" for workbooks.
	Encoding string
	// Sure is false where the encoding is the likelier one of several.
	Sure bool
	// Delimiter stands between the cells of a CSV or TSV file; 0 for the other formats.
	Delimiter rune
	// Notes are what a person should be told about the file as a whole.
	Notes []Note

	closers []io.Closer
}

// Close removes what was put aside while reading. The tables cannot be read afterwards.
func (f *File) Close() error {
	var failed error
	for _, c := range f.closers {
		failed = errors.Join(failed, c.Close())
	}
	f.closers = nil
	return failed
}

func (f *File) note(key string, args map[string]any) {
	f.Notes = append(f.Notes, Note{Key: key, Args: args})
}

// Note is something a person should be told: Key is a message of the catalogue that begins with "intake.",
// Args fill its placeholders.
type Note struct {
	Key  string
	Args map[string]any
}

// Refusal is why a file, or the rest of it, is not taken: Key is a message of the catalogue that begins
// with "intake.", Args fill its placeholders. Cause is for the log and may be nil; it is not unwrapped, so
// that no end of a file inside is taken for the end of the file.
type Refusal struct {
	Key   string
	Args  map[string]any
	Cause error
}

func (r *Refusal) Error() string {
	if r.Cause != nil {
		return r.Key + ": " + r.Cause.Error()
	}
	return r.Key
}

func refuse(key string, args map[string]any) *Refusal { return &Refusal{Key: key, Args: args} }

func damaged(cause error) *Refusal { return &Refusal{Key: "intake.damaged", Cause: cause} }

// Open works out what the size bytes of src are and finds the tables in them. Text is read once to the
// end to learn its encoding, a workbook only as far as the heads of its tables, so limits on rows and
// faults further below are met while reading the rows.
//
// The error is a *Refusal when the file is at fault, and otherwise that of src or of ctx. The caller closes
// the File.
func Open(ctx context.Context, src io.ReaderAt, size int64, o Options) (*File, error) {
	o.Limits = o.Limits.orDefault()
	switch {
	case size == 0:
		return nil, refuse("intake.empty", nil)
	case size > o.Limits.Bytes:
		return nil, refuse("intake.too_large", map[string]any{"Most": megabytes(o.Limits.Bytes), "Size": megabytes(size)})
	}
	b := newBlocks(src, size)
	f := &File{}
	err := f.open(ctx, b, o)
	if err == nil {
		err = f.findHeaders(ctx, o.Limits)
	}
	if err != nil {
		_ = f.Close()
		return nil, b.blame(err)
	}
	f.compareEnding(o.Name)
	return f, nil
}

func (f *File) open(ctx context.Context, b *blocks, o Options) error {
	head := make([]byte, min(b.size, 4096))
	if _, err := b.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch kind := sniff(head); kind {
	case kindZIP:
		return f.openArchive(ctx, b, o)
	case kindOLE:
		return refuseOLE(b)
	case "":
		return f.openText(ctx, b.open, "", b.blame, o)
	default:
		return refuse(kind, nil)
	}
}

// findHeaders reads the head of every table. Tables without any row go, and those that are several become
// several.
func (f *File) findHeaders(ctx context.Context, limits Limits) error {
	var kept []*Table
	bare := false // a table has a header and nothing below
	for _, whole := range f.Tables {
		if whole.fixed {
			kept = append(kept, whole)
			continue
		}
		rows, err := whole.firstRows(ctx)
		if err != nil {
			return err
		}
		parts, err := whole.sections(ctx, rows)
		if err != nil {
			return err
		}
		for _, t := range parts {
			if t != whole {
				if rows, err = t.firstRows(ctx); err != nil {
					return err
				}
			}
			switch t.findHeader(rows) {
			case tableEmpty:
			case tableBare:
				bare = true
			default:
				kept = append(kept, t)
			}
		}
		if int64(len(kept)) > limits.Tables {
			return tooManyTables(limits.Tables)
		}
	}
	switch f.Tables = kept; {
	case len(kept) > 0:
		return nil
	case bare:
		return refuse("intake.header_only", nil)
	}
	return refuse("intake.empty", nil)
}

// compareEnding notes a name whose ending promises something else than the file holds.
func (f *File) compareEnding(name string) {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	expected, known := map[string][]string{
		"csv": {CSV, TSV}, "tsv": {CSV, TSV}, "tab": {CSV, TSV}, "txt": {CSV, TSV, JSON, VCard},
		"xlsx": {XLSX}, "xlsm": {XLSX}, "xltx": {XLSX}, "xls": {}, "ods": {ODS}, "ots": {ODS}, "zip": {ZIP},
		"json": {JSON}, "ndjson": {JSON}, "jsonl": {JSON}, "geojson": {JSON}, "vcf": {VCard}, "vcard": {VCard}, "ics": {ICalendar}, "ical": {ICalendar}, "ifb": {ICalendar},
		"pdf": {}, "doc": {}, "docx": {},
	}[ending]
	if !known {
		return
	}
	for _, format := range expected {
		if format == f.Format {
			return
		}
	}
	f.note("intake.other_ending", map[string]any{"Ending": "." + ending, "Format": formatNames[f.Format]})
}

// formatNames are how people call the formats, in every language.
var formatNames = map[string]string{CSV: "CSV", TSV: "TSV", XLSX: "Excel (XLSX)", ODS: "OpenDocument (ODS)", ZIP: "ZIP", JSON: "JSON", VCard: "vCard", ICalendar: "iCalendar"}
