package rest

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// kind is what a value is in JSON.
type kind int

const (
	textKind       kind = iota // a string
	idKind                     // a string that names a record
	instantKind                // a string, RFC 3339
	coinedKind                 // a string that the type itself reads and writes
	truthKind                  // true or false
	wholeKind                  // a number without a fraction
	numberKind                 // a number
	listKind                   // an array
	dictionaryKind             // an object with keys of the caller's choice
	recordKind                 // an object with known fields
	foreignKind                // whatever encoding/json makes of the type
)

// shape is a Go type as it is in JSON, worked out once at start-up. The reader
// of bodies, the writer of answers and the schema in the OpenAPI document are
// all made from it, so that they cannot tell three different stories.
type shape struct {
	kind    kind
	goType  reflect.Type
	fields  []*field
	byName  map[string]*field
	element *shape
}

// field is one field of a record.
type field struct {
	name  string
	index []int
	shape *shape
	tag   reflect.StructTag
	// number is the field's place in the record, for noticing it twice.
	number  int
	pointer bool
	// omit leaves the field out when it is empty (omitempty) or zero (omitzero).
	omitEmpty, omitZero bool
	// hidden fields have no JSON name of their own: encoding/json would write
	// them, but no caller may set them.
	hidden bool
	// key is the name as it is written, quoted and with its colon.
	key string
}

func (f *field) doc() string    { return f.tag.Get("doc") }
func (f *field) required() bool { return f.tag.Get("required") == "true" }

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	jsonMarshaler   = reflect.TypeFor[json.Marshaler]()
	timeType        = reflect.TypeFor[time.Time]()
)

// shapes works out types, each once, so that a type may contain itself.
type shapes map[reflect.Type]*shape

func (all shapes) of(t reflect.Type) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if known := all[t]; known != nil {
		return known
	}
	s := &shape{goType: t}
	all[t] = s
	switch {
	case t == timeType:
		s.kind = instantKind
	case isID(t):
		s.kind = idKind
	case reflect.PointerTo(t).Implements(jsonMarshaler):
		s.kind = foreignKind
	case reflect.PointerTo(t).Implements(textUnmarshaler) && reflect.PointerTo(t).Implements(textMarshaler):
		s.kind = coinedKind
	default:
		all.plain(s, t)
	}
	return s
}

func (all shapes) plain(s *shape, t reflect.Type) {
	switch t.Kind() {
	case reflect.String:
		s.kind = textKind
	case reflect.Bool:
		s.kind = truthKind
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s.kind = wholeKind
	case reflect.Float32, reflect.Float64:
		s.kind = numberKind
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			s.kind = foreignKind // base64
			return
		}
		s.kind, s.element = listKind, all.of(t.Elem())
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			s.kind = foreignKind
			return
		}
		s.kind, s.element = dictionaryKind, all.of(t.Elem())
	case reflect.Struct:
		s.kind, s.byName = recordKind, map[string]*field{}
		all.addFields(s, t, nil)
	default:
		s.kind = foreignKind
	}
}

// addFields lists the fields of a struct in the order encoding/json writes
// them; those of embedded structs stand in their place.
func (all shapes) addFields(s *shape, t reflect.Type, above []int) {
	for i := range t.NumField() {
		of := t.Field(i)
		name, options, _ := strings.Cut(of.Tag.Get("json"), ",")
		index := append(append([]int(nil), above...), i)
		if of.Anonymous && name == "" && of.Type.Kind() == reflect.Struct {
			all.addFields(s, of.Type, index)
			continue
		}
		if !of.IsExported() || name == "-" && options == "" {
			continue
		}
		f := &field{name: name, index: index, tag: of.Tag, number: len(s.fields), pointer: of.Type.Kind() == reflect.Pointer, hidden: name == "",
			omitEmpty: hasOption(options, "omitempty"), omitZero: hasOption(options, "omitzero")}
		if f.hidden {
			f.name = of.Name
		}
		if s.byName[f.name] != nil || hasOption(options, "string") || of.Anonymous && f.hidden {
			panic(fmt.Sprintf("rest: field %s of %s is in JSON twice, in quotes or an embedded pointer", f.name, t))
		}
		f.key = string(appendText(nil, f.name)) + ":"
		f.shape = all.of(of.Type)
		s.fields, s.byName[f.name] = append(s.fields, f), f
	}
}

func hasOption(options, wanted string) bool {
	for option := range strings.SplitSeq(options, ",") {
		if option == wanted {
			return true
		}
	}
	return false
}

// isID recognises id.Of whatever its noun: the package and name are all that
// the instances of a generic type share.
func isID(t reflect.Type) bool {
	return t.PkgPath() == "commontable/internal/platform/id" && strings.HasPrefix(t.Name(), "Of[")
}

// scalar says whether a value can be written in an address.
func (s *shape) scalar() bool { return s.kind <= numberKind }
