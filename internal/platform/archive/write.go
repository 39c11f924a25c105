package archive

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"io"
	"reflect"
	"time"
)

// The entries of an archive.
const (
	readmeEntry   = "README.txt"
	schemaEntry   = "schema.json"
	dataFolder    = "data/"
	tablesFolder  = "tables/"
	historyFolder = "history/"
	dataSuffix    = ".jsonl"
)

// day is the moment every entry bears: archives do not tell when they were made,
// and ZIP knows nothing earlier.
var day = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Contents is what goes into an archive.
type Contents struct {
	// Readme says what is what, for people.
	Readme   string
	Entities []Entity
	// History asks for the entities that are history as well.
	History bool
}

// Files are the entries that hold data, in their order.
func (c Contents) Files() []string {
	var out []string
	for _, e := range c.carried() {
		out = append(out, e.file())
		for _, t := range e.tables() {
			out = append(out, t.file)
		}
	}
	return out
}

func (c Contents) carried() []Entity {
	var out []Entity
	for _, e := range c.Entities {
		if !e.History || c.History {
			out = append(out, e)
		}
	}
	return out
}

func (e Entity) file() string {
	if e.History {
		return historyFolder + e.Name + dataSuffix
	}
	return dataFolder + e.Name + dataSuffix
}

// Write writes an archive. file is told the name of every entry before it is
// written; it may be nil.
func Write(w io.Writer, c Contents, r *Reading, file func(name string) error) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	out := &writer{zip: z, titles: map[[16]byte]string{}, blobs: map[string]Blob{}, own: map[string][]string{}, file: file}
	schema, err := Schema(c.Entities)
	if err == nil {
		err = out.text(readmeEntry, []byte(c.Readme))
	}
	if err == nil {
		err = out.text(schemaEntry, schema)
	}
	for _, e := range c.carried() {
		if err == nil {
			err = out.data(r, e)
		}
	}
	for _, e := range c.carried() {
		for _, t := range e.tables() {
			if err == nil {
				err = out.table(r, e, t)
			}
		}
	}
	if err == nil {
		err = out.files(r)
	}
	if err != nil {
		return err
	}
	return z.Close()
}

type writer struct {
	zip    *zip.Writer
	file   func(name string) error
	titles map[[16]byte]string // what the tables call whom a row refers to
	blobs  map[string]Blob     // what rows tell of, by its entry
	own    map[string][]string // keys of own fields by the kind of record
}

func (w *writer) entry(name string) (io.Writer, error) {
	if w.file != nil {
		if err := w.file(name); err != nil {
			return nil, err
		}
	}
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: day})
}

func (w *writer) text(name string, content []byte) error {
	out, err := w.entry(name)
	if err == nil {
		_, err = out.Write(content)
	}
	return err
}

// data writes an entity as lines of JSON, and notes what its rows are called.
func (w *writer) data(r *Reading, e Entity) error {
	out, err := w.entry(e.file())
	if err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(out, 64<<10)
	err = e.each(r, func(row any) error {
		line, err := encode(row)
		if err != nil {
			return err
		}
		if id, ok := idOf(reflect.ValueOf(row).Elem()); ok && e.title != nil {
			w.titles[id] = e.title(row)
		}
		if e.blob != nil {
			if b := e.blob(row); b.Hash != [32]byte{} {
				w.blobs[b.entry()] = b
			}
		}
		if e.column != nil {
			if kind, key := e.column(row); key != "" {
				w.own[kind] = append(w.own[kind], key)
			}
		}
		_, _ = buffer.Write(line) // the buffer keeps the first error
		return buffer.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	return buffer.Flush()
}

// idOf is the id of a row, where it has one.
func idOf(row reflect.Value) (id [16]byte, ok bool) {
	field := row.FieldByName("ID")
	if !field.IsValid() {
		return id, false
	}
	return array(field)
}

// array is an id of whichever noun.
func array(v reflect.Value) (id [16]byte, ok bool) {
	if v.Kind() != reflect.Array || !v.CanConvert(reflect.TypeFor[[16]byte]()) {
		return id, false
	}
	return v.Convert(reflect.TypeFor[[16]byte]()).Interface().([16]byte), true
}
