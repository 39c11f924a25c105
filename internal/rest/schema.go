package rest

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

const schemaPrefix = "#/components/schemas/"

var typeOfProblem = reflect.TypeFor[Problem]()

// schemaBook writes shapes as JSON Schema. huma can do so too, from tags that
// look like ours, but knows neither the door's defaults nor its meaning of
// required, and would have to be corrected afterwards.
type schemaBook struct {
	book  map[string]*huma.Schema
	named map[schemaKey]string
}

// schemaKey tells apart what a type is as an input and as an answer.
type schemaKey struct {
	goType reflect.Type
	input  bool
}

func newSchemaBook(book map[string]*huma.Schema) *schemaBook {
	return &schemaBook{book: book, named: map[schemaKey]string{}}
}

func reference(name string) *huma.Schema { return &huma.Schema{Ref: schemaPrefix + name} }

// answer describes a value the API gives.
func (b *schemaBook) answer(s *shape) *huma.Schema {
	switch s.kind {
	case listKind:
		return &huma.Schema{Type: huma.TypeArray, Items: b.answer(s.element)}
	case dictionaryKind:
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: b.answer(s.element)}
	case recordKind:
		name, known := b.name(s.goType, false)
		if !known {
			out := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
			b.book[name] = out
			for _, f := range s.fields {
				out.Properties[f.name] = b.answerField(f)
				if !f.omitEmpty && !f.omitZero {
					out.Required = append(out.Required, f.name)
				}
			}
		}
		return reference(name)
	}
	return plainSchema(s)
}

func (b *schemaBook) answerField(f *field) *huma.Schema {
	schema := b.answer(f.shape)
	if f.pointer && !f.omitEmpty && !f.omitZero {
		if schema.Ref != "" {
			schema = &huma.Schema{OneOf: []*huma.Schema{schema, {Type: "null"}}}
		} else {
			schema.Nullable = true
		}
	}
	schema.Description = f.doc()
	if f.shape.kind == textKind {
		schema.Enum = enum(f)
	}
	return schema
}

// input describes a field a caller may set, with what the door asks of it.
func (b *schemaBook) input(f *field) *huma.Schema {
	schema := b.inputShape(f.shape, f)
	schema.Description = f.doc()
	if f.shape.kind == idKind || f.shape.kind == listKind && f.shape.element.kind == idKind {
		schema.Description = strings.TrimSpace(schema.Description + " The short form of 26 characters is accepted too.")
	}
	return schema
}

func (b *schemaBook) inputShape(s *shape, f *field) *huma.Schema {
	switch s.kind {
	case textKind:
		return textSchema(f)
	case wholeKind:
		schema := plainSchema(s)
		schema.Minimum, schema.Maximum = bound(f, "minimum"), bound(f, "maximum")
		return schema
	case listKind:
		schema := &huma.Schema{Type: huma.TypeArray, Items: b.inputShape(s.element, f), MaxItems: ptr(f.maxItems())}
		if f.required() {
			schema.MinItems = ptr(1)
		}
		return schema
	case dictionaryKind:
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: b.inputShape(s.element, f), MaxProperties: ptr(f.maxItems())}
	case recordKind:
		name, known := b.name(s.goType, true)
		if !known {
			b.book[name] = &huma.Schema{} // known from here on, should it contain itself
			*b.book[name] = *b.object(s.fields, nil)
		}
		return reference(name)
	}
	return plainSchema(s)
}

// object describes fields a caller may set. The version of a record is not
// required in it, because a header can give it as well.
func (b *schemaBook) object(fields []*field, version *field) *huma.Schema {
	out := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, f := range fields {
		if f.hidden {
			continue
		}
		out.Properties[f.name] = b.input(f)
		if f.required() && f != version {
			out.Required = append(out.Required, f.name)
		}
	}
	return out
}

const (
	// The door's defaults; see operation's rules.
	defaultMaxLength = 200
	linesMaxLength   = 10_000
)

func textSchema(f *field) *huma.Schema {
	most := defaultMaxLength
	if f.tag.Get("text") == "lines" {
		most = linesMaxLength
	}
	if n, err := strconv.Atoi(f.tag.Get("maxLength")); err == nil {
		most = n
	}
	schema := &huma.Schema{Type: huma.TypeString, MaxLength: &most, Enum: enum(f)}
	if f.required() && f.shape.kind == textKind {
		schema.MinLength = ptr(1)
	}
	switch format := f.tag.Get("format"); format {
	case "url":
		schema.Format = "uri"
	default:
		schema.Format = format
	}
	return schema
}

func enum(f *field) []any {
	var out []any
	for value := range strings.SplitSeq(f.tag.Get("enum"), ",") {
		if value != "" {
			out = append(out, value)
		}
	}
	return out
}

func bound(f *field, name string) *float64 {
	n, err := strconv.ParseInt(f.tag.Get(name), 10, 64)
	if err != nil {
		return nil
	}
	return ptr(float64(n))
}

// plainSchema describes what has no parts.
func plainSchema(s *shape) *huma.Schema {
	switch s.kind {
	case textKind, coinedKind:
		return &huma.Schema{Type: huma.TypeString}
	case idKind:
		return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
	case instantKind:
		return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
	case truthKind:
		return &huma.Schema{Type: huma.TypeBoolean}
	case wholeKind:
		return &huma.Schema{Type: huma.TypeInteger, Format: "int64"}
	case numberKind:
		return &huma.Schema{Type: huma.TypeNumber, Format: "double"}
	}
	return &huma.Schema{} // anything
}

// undescribed is a schema for a parameter, which has a description itself.
func undescribed(s *huma.Schema) *huma.Schema {
	copied := *s
	copied.Description = ""
	return &copied
}

// name is what a type is called in the document. known says that it is there
// already. Two types of one name are told apart by their packages.
func (b *schemaBook) name(t reflect.Type, input bool) (name string, known bool) {
	key := schemaKey{t, input}
	if name = b.named[key]; name != "" {
		return name, true
	}
	if name = typeName(t.Name()); name == "" {
		name = "Object"
	}
	if input && !strings.HasSuffix(name, "Input") {
		name += "Input"
	}
	if b.book[name] != nil {
		name = camel(t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]) + name
	}
	for b.book[name] != nil {
		name += "Also"
	}
	b.named[key] = name
	return name, false
}

// typeName turns the name of a Go type into one word: Page[…directory.Person]
// is a PersonPage.
func typeName(name string) string {
	outer, inner, generic := strings.Cut(name, "[")
	if !generic {
		return camel(name)
	}
	inner = strings.TrimSuffix(inner, "]")
	return camel(inner[strings.LastIndexAny(inner, "./")+1:]) + camel(outer)
}

// camel turns organizations.edit-several into OrganizationsEditSeveral.
func camel(id string) string {
	words := strings.FieldsFunc(id, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') })
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
