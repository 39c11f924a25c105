package archive

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"commontable/internal/platform/store"
)

// Columns are the places that a row of the database is scanned into: the fields
// of the struct that row points to, in their order, without those marked
// column:"-".
func Columns(row any) []any {
	var out []any
	eachColumn(row, func(null bool, v reflect.Value) {
		switch place := v.Addr().Interface().(type) {
		case *time.Time:
			out = append(out, store.ScanTime(place))
		case **time.Time:
			out = append(out, optional{place})
		case *string:
			if null {
				out = append(out, store.ScanText(place))
			} else {
				out = append(out, place)
			}
		case *Raw:
			out = append(out, place)
		default:
			if isJSON(v) {
				out = append(out, store.ScanJSON(place))
			} else {
				out = append(out, place)
			}
		}
	})
	return out
}

// Scan reads a row of the database into a T; see Columns.
func Scan[T any](row store.Row) (T, error) {
	var t T
	return t, row.Scan(Columns(&t)...)
}

// Values are the arguments that store what Columns reads, followed by more.
func Values(row any, more ...any) []any {
	var out []any
	eachColumn(row, func(null bool, v reflect.Value) {
		switch value := v.Interface().(type) {
		case time.Time:
			out = append(out, store.Micros(value))
		case *time.Time:
			if value == nil {
				out = append(out, nil)
			} else {
				out = append(out, store.Micros(*value))
			}
		case string:
			if null {
				out = append(out, store.Text(value))
			} else {
				out = append(out, value)
			}
		case Raw:
			if value.text == "" {
				out = append(out, nil)
			} else {
				out = append(out, value.text)
			}
		default:
			switch {
			case v.Kind() == reflect.Slice && v.IsNil():
				out = append(out, "[]")
			case v.Kind() == reflect.Map && v.IsNil():
				out = append(out, "{}")
			case isJSON(v):
				out = append(out, store.JSON(value))
			default:
				out = append(out, value)
			}
		}
	})
	return append(out, more...)
}

// columnOf is a field that is a column, and whether its empty text is NULL.
type columnOf struct {
	field int
	null  bool
}

// columnsOf are the columns of row types, worked out once a type.
var columnsOf sync.Map

func eachColumn(row any, fn func(null bool, v reflect.Value)) {
	v := reflect.ValueOf(row).Elem()
	known, ok := columnsOf.Load(v.Type())
	if !ok {
		var columns []columnOf
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Tag.Get("column") != "-" {
				columns = append(columns, columnOf{i, f.Tag.Get("null") == "true"})
			}
		}
		known, _ = columnsOf.LoadOrStore(v.Type(), columns)
	}
	for _, c := range known.([]columnOf) {
		fn(c.null, v.Field(c.field))
	}
}

// isJSON says whether a field lies in its column as JSON: lists, maps, and structs that
// do not say themselves how they are scanned.
func isJSON(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return true
	case reflect.Struct:
		_, scans := v.Addr().Interface().(sql.Scanner)
		return !scans
	}
	return false
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// optional scans an instant that may be absent.
type optional struct{ at **time.Time }

// Scan implements sql.Scanner.
func (o optional) Scan(src any) error {
	var t time.Time
	if err := store.ScanTime(&t).Scan(src); err != nil {
		return err
	}
	*o.at = nil
	if !t.IsZero() {
		*o.at = &t
	}
	return nil
}

// Raw is JSON of any shape in its one canonical spelling: the engines keep keys
// and spaces differently.
type Raw struct{ text string }

// IsZero says whether there is none, for omitzero.
func (r Raw) IsZero() bool { return r.text == "" }

// Into reads it.
func (r Raw) Into(v any) error {
	if r.text == "" {
		return nil
	}
	return json.Unmarshal([]byte(r.text), v)
}

// RawOf is a value as Raw.
func RawOf(v any) (Raw, error) {
	text, err := encode(v)
	if err != nil {
		return Raw{}, err
	}
	var r Raw
	return r, r.UnmarshalJSON(text)
}

// Scan reads a column of JSON.
func (r *Raw) Scan(src any) error {
	switch text := src.(type) {
	case nil:
		r.text = ""
		return nil
	case string:
		return r.UnmarshalJSON([]byte(text))
	case []byte:
		return r.UnmarshalJSON(text)
	}
	return fmt.Errorf("archive: JSON is not a %T", src)
}

// MarshalJSON writes it.
func (r Raw) MarshalJSON() ([]byte, error) {
	if r.text == "" {
		return []byte("null"), nil
	}
	return []byte(r.text), nil
}

// UnmarshalJSON reads any JSON. The null of a column stays absent.
func (r *Raw) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return err
	}
	r.text = ""
	if v == nil {
		return nil
	}
	canonical, err := encode(v)
	r.text = string(canonical)
	return err
}

// encode is the one spelling of a value.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
