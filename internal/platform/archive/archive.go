// Package archive is the form in which a collaborative leaves one installation
// and enters another: a ZIP with everything it has recorded, in lines of JSON for
// programs and in CSV for people.
//
// Every capability says how its own records are carried by giving a Kind for each
// noun: how its rows are read in the order of their key, and how they are put
// back. Two archives of the same data are equal byte for byte: entries, rows and
// fields have one order, and nothing tells when or by whom an archive was made.
package archive

import (
	"io"
	"reflect"

	"commontable/internal/platform/operation"
)

// Format and Version name the form in schema.json. A change that an older program
// could not read needs a new version.
const (
	Format  = "commontable-takeout"
	Version = 1
)

// page is how many rows are read, and how many are put back, at once.
const page = 500

// Kind is one noun of a capability as it is carried. T is its row: a struct whose
// fields stand in the order of the columns that Read selects, with these tags:
//
//	json     the field's name in the file
//	column   "-" for what is no column of the row's own, such as rows below it
//	null     "true" for a text that is stored as NULL when it is empty
//	ref      the entities whose ids it may hold, separated by commas
//	extra    the kind of own fields a map holds, each a column of its own in CSV
//
// and the tags of an input (maxLength, enum, format, text), by which a row is
// checked before it is put back.
type Kind[T any] struct {
	// Name names the files: data/people.jsonl, tables/people.csv.
	Name string
	// Tables are the tables whose rows are carried in it.
	Tables []string
	// History marks what also tells of changes that were taken back. It stands in
	// a folder of its own, so that everything else can be compared.
	History bool
	// Title is what others call a row; nil when nobody refers to it.
	Title func(row T) string
	// Column names an own field by the kind of record it belongs to and its key,
	// so that the tables of that kind get a column for it; nil for no such field.
	Column func(row T) (kind, key string)
	// Blob names the bytes that a row tells of, which are carried beside the rows; nil
	// for rows that have none.
	Blob func(row T) Blob
	// Read gives the rows that follow one in the order of their key; the zero row
	// begins.
	Read func(r *Reading, after T, limit int64) ([]T, error)
	// Write puts rows back, with what is worked out from them, such as what search
	// keeps. References have been checked, except to rows of the same kind, which
	// may still be missing.
	Write func(l *Loading, rows []T) error
}

// Entity is a Kind whose row type is known only to its capability.
type Entity struct {
	Name    string
	Tables  []string
	History bool

	row    reflect.Type
	title  func(row any) string
	column func(row any) (kind, key string)
	blob   func(row any) Blob
	each   func(r *Reading, fn func(row any) error) error
	load   func(l *Loading, lines *lines) error
}

// Of makes the entity of a kind.
func Of[T any](k Kind[T]) Entity {
	e := Entity{Name: k.Name, Tables: k.Tables, History: k.History, row: reflect.TypeFor[T]()}
	if k.Title != nil {
		e.title = func(row any) string { return k.Title(*row.(*T)) }
	}
	if k.Column != nil {
		e.column = func(row any) (string, string) { return k.Column(*row.(*T)) }
	}
	if k.Blob != nil {
		e.blob = func(row any) Blob { return k.Blob(*row.(*T)) }
	}
	e.each = func(r *Reading, fn func(any) error) error {
		var after T
		for {
			rows, err := k.Read(r, after, page)
			if err != nil {
				return err
			}
			for i := range rows {
				if err := fn(&rows[i]); err != nil {
					return err
				}
			}
			if r.Step != nil {
				if err := r.Step(int64(len(rows))); err != nil {
					return err
				}
			}
			if len(rows) < page {
				return nil
			}
			after = rows[len(rows)-1]
		}
	}
	e.load = func(l *Loading, in *lines) error { return loadRows(l, in, e, k) }
	return e
}

// Columns lists the names of all fields, those of the rows below among them; a
// test compares them with the columns of the schema.
func (e Entity) Columns() []string { return fieldNames(e.row) }

func fieldNames(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		out = append(out, jsonName(f))
		if isBelow(f.Type) {
			out = append(out, fieldNames(f.Type.Elem())...)
		}
	}
	return out
}

// Reading is one archive being written: the snapshot everything is read from.
type Reading struct {
	*operation.Call
	// Private asks for what people told in confidence, which is left out otherwise.
	Private bool
	// Open gives bytes that a row tells of.
	Open func(hash [32]byte) (io.ReadCloser, error)
	// Step is told after every page how many rows it had, and may end the writing.
	Step func(rows int64) error
}
