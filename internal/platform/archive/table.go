package archive

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"commontable/internal/platform/sheets"
)

// table is one CSV file: an entity's rows, or the rows below them.
type table struct {
	file  string
	below int // index of the field that holds the rows below, -1 for the rows themselves
}

// tables are the CSV files of an entity. History has none: what changed has a
// shape of its own in every line, which a table cannot show.
func (e Entity) tables() []table {
	if e.History {
		return nil
	}
	out := []table{{tablesFolder + e.Name + ".csv", -1}}
	for i := range e.row.NumField() {
		if f := e.row.Field(i); isBelow(f.Type) {
			out = append(out, table{tablesFolder + e.Name + "_" + jsonName(f) + ".csv", i})
		}
	}
	return out
}

// isBelow says whether a field holds rows that belong to the row.
func isBelow(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}

// nameSuffix ends the column that says what an id stands for.
const nameSuffix = "_name"

var errStop = errors.New("stop")

func (w *writer) table(r *Reading, e Entity, t table) error {
	out, err := w.entry(t.file)
	if err != nil {
		return err
	}
	row := e.row
	var columns []sheets.Column
	if t.below >= 0 {
		row = e.row.Field(t.below).Type.Elem()
		owner := strings.TrimPrefix(strings.TrimSuffix(t.file, "_"+jsonName(e.row.Field(t.below))+".csv"), tablesFolder)
		columns = append(columns, sheets.Column{Title: owner + "_id"}, sheets.Column{Title: owner + nameSuffix})
	}
	columns = append(columns, w.columns(row)...)
	rows := func(yield func(sheets.Row, error) bool) {
		err := e.each(r, func(item any) error {
			v := reflect.ValueOf(item).Elem()
			if t.below < 0 {
				return keepOn(yield(w.cells(nil, v), nil))
			}
			owner := sheets.Row{}
			if id, ok := idOf(v); ok {
				owner = sheets.Row{sheets.Text(text(v.FieldByName("ID"))), sheets.Text(w.titles[id])}
			}
			below := v.Field(t.below)
			for i := range below.Len() {
				if err := keepOn(yield(w.cells(append(sheets.Row{}, owner...), below.Index(i)), nil)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
	return sheets.WriteCSV(out, sheets.Table{Columns: columns, Rows: rows})
}

func keepOn(more bool) error {
	if !more {
		return errStop
	}
	return nil
}

// namedBeside says whether an id gets a column with the name it stands for: not
// where the row holds such a name itself, as it was at the time.
func namedBeside(t reflect.Type, f reflect.StructField) bool {
	if f.Tag.Get("ref") == "" {
		return false
	}
	for i := range t.NumField() {
		if jsonName(t.Field(i)) == strings.TrimSuffix(jsonName(f), "_id")+nameSuffix {
			return false
		}
	}
	return true
}

func (w *writer) columns(t reflect.Type) []sheets.Column {
	var out []sheets.Column
	for i := range t.NumField() {
		f := t.Field(i)
		name := jsonName(f)
		switch {
		case isBelow(f.Type):
		case f.Tag.Get("extra") != "":
			for _, key := range w.own[f.Tag.Get("extra")] {
				out = append(out, sheets.Column{Title: name + "." + key})
			}
		case namedBeside(t, f):
			out = append(out, sheets.Column{Title: name}, sheets.Column{Title: strings.TrimSuffix(name, "_id") + nameSuffix})
		default:
			out = append(out, sheets.Column{Title: name})
		}
	}
	return out
}

func (w *writer) cells(out sheets.Row, v reflect.Value) sheets.Row {
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		switch {
		case isBelow(f.Type):
		case f.Tag.Get("extra") != "":
			for _, key := range w.own[f.Tag.Get("extra")] {
				own := value.MapIndex(reflect.ValueOf(key))
				if !own.IsValid() {
					out = append(out, sheets.Cell{})
					continue
				}
				out = append(out, sheets.Text(own.String()))
			}
		case namedBeside(v.Type(), f):
			id, _ := array(value)
			out = append(out, sheets.Text(text(value)), sheets.Text(w.titles[id]))
		default:
			out = append(out, cell(value))
		}
	}
	return out
}

// cell is a value as a table shows it.
func cell(v reflect.Value) sheets.Cell {
	switch value := v.Interface().(type) {
	case string:
		return sheets.Text(value)
	case bool:
		return sheets.Bool(value)
	case int64:
		return sheets.Whole(value)
	case time.Time:
		return sheets.Instant(value)
	case *time.Time:
		if value == nil {
			return sheets.Cell{}
		}
		return sheets.Instant(*value)
	case fmt.Stringer:
		return sheets.Text(value.String())
	}
	switch {
	case v.IsZero():
		return sheets.Cell{}
	case v.Kind() == reflect.String:
		return sheets.Text(v.String())
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = v.Index(i).String()
		}
		return sheets.Text(strings.Join(words, "\n"))
	}
	return sheets.Text(text(v))
}

// text is any other value: an id in its canonical form, or JSON.
func text(v reflect.Value) string {
	if s, ok := v.Interface().(fmt.Stringer); ok {
		return s.String()
	}
	raw, err := encode(v.Interface())
	if err != nil {
		return ""
	}
	return string(raw)
}
