package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"commontable/internal/platform/operation"
)

// The limits of an archive that is read. It may have been changed since it was
// written, so nothing in it decides how much memory or disk reading it takes.
const (
	// mostEntries is far above what any version writes beside files, of which there are
	// as many as a collaborative has room for.
	mostEntries = 40_000
	// mostDirectory bounds the list of entries in bytes, which ZIP readers hold in
	// memory.
	mostDirectory = 8 << 20
	// mostBytes is what all data may come to; a million attendance rows take less
	// than half a gigabyte.
	mostBytes = 8 << 30
	// mostLine bounds one record.
	mostLine   = 4 << 20
	mostSchema = 4 << 20
)

// Damage says what is wrong with an archive and where. It is written for whoever
// holds the file, with a key of the catalogue.
type Damage struct {
	Key  string
	File string // the entry, "" for the archive itself
	Line int    // 0 for the whole entry
	Args map[string]any
	// Fault is what is wrong with one field of the line; without a key there is none.
	Fault operation.Fault
}

// Error is for logs.
func (d *Damage) Error() string {
	return fmt.Sprintf("archive: %s:%d: %s %v %s", d.File, d.Line, d.Key, d.Args, d.Fault.Field)
}

// Archive is an archive opened for reading.
type Archive struct {
	files map[string]*zip.File
	names []string // in their order
}

// Open reads the list of entries and checks that the format is one this program
// knows. r must not be encrypted; see Unlock.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	if err := checkDirectory(r, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &Damage{Key: "takeout.no_archive"}
	}
	if len(z.File) > mostEntries {
		return nil, &Damage{Key: "takeout.no_archive"}
	}
	a := &Archive{files: map[string]*zip.File{}}
	for _, f := range z.File {
		if a.files[f.Name] != nil {
			return nil, &Damage{Key: "takeout.entry_twice", File: printable(f.Name)}
		}
		a.files[f.Name] = f
		a.names = append(a.names, f.Name)
	}
	return a, a.checkFormat()
}

// checkDirectory finds the end of the list of entries and refuses one that is
// larger than any archive's, before it is read: a ZIP of a few megabytes can list
// a million entries.
func checkDirectory(r io.ReaderAt, size int64) error {
	const ending, comment = 22, 1 << 16
	tail := make([]byte, min(size, ending+comment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < ending {
		return &Damage{Key: "takeout.no_archive"}
	}
	length, offset := binary.LittleEndian.Uint32(tail[at+12:]), binary.LittleEndian.Uint32(tail[at+16:])
	end := size - int64(len(tail)) + int64(at)
	if large := length == 1<<32-1 || offset == 1<<32-1; large {
		// Beyond four gigabytes a second ending holds the numbers.
		return checkLargeDirectory(r, end)
	}
	if length > mostDirectory || int64(offset)+int64(length) != end {
		return &Damage{Key: "takeout.no_archive"}
	}
	return nil
}

func checkLargeDirectory(r io.ReaderAt, end int64) error {
	const locator, ending = 20, 56
	raw := make([]byte, locator+ending)
	if end < int64(len(raw)) {
		return &Damage{Key: "takeout.no_archive"}
	}
	if _, err := r.ReadAt(raw, end-int64(len(raw))); err != nil {
		return err
	}
	length, offset := binary.LittleEndian.Uint64(raw[40:]), binary.LittleEndian.Uint64(raw[48:])
	if !bytes.HasPrefix(raw, []byte("PK\x06\x06")) || length > mostDirectory || offset+length != uint64(end)-uint64(len(raw)) { // #nosec G115 -- end is not negative
		return &Damage{Key: "takeout.no_archive"}
	}
	return nil
}

func (a *Archive) checkFormat() error {
	f := a.files[schemaEntry]
	if f == nil {
		return &Damage{Key: "takeout.no_archive"}
	}
	in, err := f.Open()
	if err != nil {
		return &Damage{Key: "takeout.entry_damaged", File: schemaEntry}
	}
	defer func() { _ = in.Close() }()
	var schema struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.NewDecoder(io.LimitReader(in, mostSchema)).Decode(&schema); err != nil || schema.Format != Format {
		return &Damage{Key: "takeout.no_archive"}
	}
	if schema.Version != Version {
		return &Damage{Key: "takeout.other_version", Args: map[string]any{"Version": schema.Version}}
	}
	return nil
}

// Unknown are the entries with data that none of the entities know.
func (a *Archive) Unknown(entities []Entity) []string {
	known := map[string]bool{}
	for _, e := range entities {
		known[e.file()] = true
	}
	var out []string
	for _, name := range a.names {
		data := strings.HasPrefix(name, dataFolder) || strings.HasPrefix(name, historyFolder)
		if data && !known[name] {
			out = append(out, printable(name))
		}
	}
	return out
}

// First decodes the first line of an entity into a row, without checking it.
func First[T any](a *Archive, e Entity) (T, error) {
	var row T
	budget := int64(mostLine)
	in, err := a.lines(e, &budget)
	if err != nil {
		return row, err
	}
	if in == nil {
		return row, &Damage{Key: "takeout.entry_missing", File: e.file()}
	}
	defer in.close()
	line, err := in.next()
	if err != nil {
		return row, err
	}
	if line == nil {
		return row, in.damage("takeout.entry_missing", nil)
	}
	return row, in.decode(line, &row)
}

// lines are the records of one entry.
type lines struct {
	file   string
	in     io.ReadCloser
	reader *bufio.Reader
	budget *int64
	line   int
}

// lines opens an entity's entry; nil when the archive has none.
func (a *Archive) lines(e Entity, budget *int64) (*lines, error) {
	f := a.files[e.file()]
	if f == nil {
		return nil, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, &Damage{Key: "takeout.entry_damaged", File: e.file()}
	}
	return &lines{file: e.file(), in: in, reader: bufio.NewReaderSize(in, 64<<10), budget: budget}, nil
}

func (l *lines) close() { _ = l.in.Close() }

func (l *lines) damage(key string, args map[string]any) error {
	return &Damage{Key: key, File: l.file, Line: l.line, Args: args}
}

// next is the next record, nil at the end.
func (l *lines) next() ([]byte, error) {
	var out []byte
	l.line++
	for {
		part, err := l.reader.ReadSlice('\n')
		if *l.budget -= int64(len(part)); *l.budget < 0 || len(out)+len(part) > mostLine {
			return nil, l.damage("takeout.too_large", nil)
		}
		out = append(out, part...)
		switch {
		case err == nil:
			return out, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return out, nil // nil when there was nothing more
		default:
			return nil, l.damage("takeout.entry_damaged", nil)
		}
	}
}

// decode reads a record strictly.
func (l *lines) decode(line []byte, row any) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(row); err != nil {
		return l.damage("takeout.line_unreadable", map[string]any{"Reason": printable(err.Error())})
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return l.damage("takeout.line_unreadable", map[string]any{"Reason": "more than one value"})
	}
	return nil
}

// printable bounds text from an archive and takes out what could act on a
// terminal.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "")
	}
	return s
}
