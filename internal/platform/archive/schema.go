package archive

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Schema describes every data file as a JSON Schema (2020-12) of one line, made
// from the types that are written. It names the format and its version, by which
// an archive is recognized.
func Schema(entities []Entity) ([]byte, error) {
	defs, files := map[string]any{}, map[string]any{}
	for _, e := range entities {
		defs[e.Name] = objectSchema(e.row)
		files[e.file()] = map[string]any{"$ref": "#/$defs/" + e.Name}
	}
	out, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   Format, "format": Format, "version": Version,
		"description": "Each file holds one record a line. Instants are UTC; valid_to is the first day that no longer holds.",
		"files":       files, "$defs": defs,
	}, "", "  ")
	return append(out, '\n'), err
}

func objectSchema(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		s := valueSchema(f.Type, f.Tag)
		if doc := f.Tag.Get("doc"); doc != "" {
			s["description"] = doc
		}
		if ref := f.Tag.Get("ref"); ref != "" {
			s["x-refers-to"] = strings.Split(ref, ",")
		}
		properties[name] = s
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func valueSchema(t reflect.Type, tag reflect.StructTag) map[string]any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[Raw]():
		return map[string]any{}
	case t.Kind() == reflect.Array:
		return map[string]any{"type": "string", "format": "uuid"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int64, reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.String:
		return textSchema(tag)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": valueSchema(t.Elem(), tag)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": valueSchema(t.Elem(), tag)}
	case reflect.Struct:
		return objectSchema(t)
	}
	return map[string]any{}
}

// schemaFormats are the names JSON Schema has for formats of ours.
var schemaFormats = map[string]string{"date": "date", "email": "email", "url": "uri"}

func textSchema(tag reflect.StructTag) map[string]any {
	s := map[string]any{"type": "string"}
	if most, err := strconv.Atoi(tag.Get("maxLength")); err == nil {
		s["maxLength"] = most
	}
	if offered := tag.Get("enum"); offered != "" {
		values := strings.Split(offered, ",")
		if tag.Get("required") != "true" {
			values = append(values, "")
		}
		s["enum"] = values
	}
	if format := schemaFormats[tag.Get("format")]; format != "" && tag.Get("required") == "true" {
		s["format"] = format
	}
	return s
}
