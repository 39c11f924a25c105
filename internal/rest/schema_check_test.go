package rest

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// checkSchema fails unless the text is what a schema of the document allows.
func checkSchema(t *testing.T, d document, schema map[string]any, text []byte) {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Errorf("no JSON: %v\n%.500s", err, text)
		return
	}
	if schema == nil {
		t.Errorf("the document does not describe this answer:\n%.500s", text)
		return
	}
	for _, fault := range d.schemaFaults("", schema, value) {
		t.Error(fault)
	}
}

// schemaFaults is as much of JSON Schema as the document uses.
func (d document) schemaFaults(at string, schema map[string]any, value any) []string {
	if ref, ok := schema["$ref"].(string); ok {
		return d.schemaFaults(at, d.Components.Schemas[strings.TrimPrefix(ref, schemaPrefix)], value)
	}
	if kinds, ok := schema["type"].([]any); ok { // nullable
		if value == nil {
			return nil
		}
		schema = withType(schema, kinds[0])
	}
	var out []string
	fault := func(format string, args ...any) { out = append(out, at+": "+fmt.Sprintf(format, args...)) }
	switch schema["type"] {
	case "object":
		object, ok := value.(map[string]any)
		if !ok {
			fault("%v is no object", value)
			break
		}
		out = append(out, d.objectFaults(at, schema, object)...)
	case "array":
		list, ok := value.([]any)
		if !ok {
			fault("%v is no list", value)
			break
		}
		for i, item := range list {
			out = append(out, d.schemaFaults(fmt.Sprintf("%s.%d", at, i), schema["items"].(map[string]any), item)...)
		}
	case "string":
		text, ok := value.(string)
		if !ok {
			fault("%v is no text", value)
		}
		if _, err := time.Parse(time.RFC3339Nano, text); schema["format"] == "date-time" && err != nil {
			fault("%q is no instant", text)
		}
		if options, ok := schema["enum"].([]any); ok && !slices.Contains(options, any(text)) {
			fault("%q is not offered", text)
		}
	case "integer":
		if n, ok := value.(float64); !ok || n != math.Trunc(n) {
			fault("%v is no whole number", value)
		}
	case "boolean":
		if _, ok := value.(bool); !ok {
			fault("%v is neither true nor false", value)
		}
	}
	return out
}

func (d document) objectFaults(at string, schema, object map[string]any) []string {
	var out []string
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, there := object[name.(string)]; !there {
			out = append(out, fmt.Sprintf("%s: %v is missing", at, name))
		}
	}
	for name, item := range object {
		described, ok := properties[name].(map[string]any)
		if !ok {
			if additional, isMap := schema["additionalProperties"].(map[string]any); isMap {
				described, ok = additional, true
			}
		}
		if !ok {
			out = append(out, fmt.Sprintf("%s: %s is not described", at, name))
			continue
		}
		out = append(out, d.schemaFaults(at+"."+name, described, item)...)
	}
	return out
}

func withType(schema map[string]any, kind any) map[string]any {
	out := map[string]any{}
	for name, value := range schema {
		out[name] = value
	}
	out["type"] = kind
	return out
}
