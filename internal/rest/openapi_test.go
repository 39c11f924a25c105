package rest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// document is what the tests read of an OpenAPI document.
type document struct {
	OpenAPI    string
	Info       struct{ Title, Version string }
	Servers    []struct{ URL string }
	Paths      map[string]map[string]describedOperation
	Components struct {
		Schemas         map[string]map[string]any
		Parameters      map[string]parameter
		Responses       map[string]response
		Headers         map[string]map[string]any
		SecuritySchemes map[string]struct{ Type, Scheme string }
	}
	Tags []struct{ Name string }
}

type describedOperation struct {
	OperationID string
	Summary     string
	Tags        []string
	Parameters  []parameter
	RequestBody *struct {
		Required bool
		Content  map[string]struct{ Schema map[string]any }
	}
	Responses map[string]response
	Security  []map[string][]string
	Roles     map[string]string `json:"x-commontable-roles"`
}

type parameter struct {
	Ref      string `json:"$ref"`
	Name, In string
	Required bool
	Schema   map[string]any
}

type response struct {
	Ref         string `json:"$ref"`
	Description string
	Content     map[string]struct{ Schema map[string]any }
}

func readDocument(t testing.TB, text []byte) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d document) resolve(p parameter) parameter {
	if p.Ref != "" {
		return d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
	}
	return p
}

// faults judges the document by the rules of OpenAPI 3.1 and of the house.
func (d document) faults(text []byte) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if !regexp.MustCompile(`^3\.1\.\d+$`).MatchString(d.OpenAPI) || d.Info.Title == "" || d.Info.Version == "" || len(d.Servers) == 0 {
		fault("version, title or server is missing")
	}
	seen := map[string]bool{}
	for path, item := range d.Paths {
		placeholders := placeholdersOf(path)
		for method, op := range item {
			where := strings.ToUpper(method) + " " + path
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				fault("%s: no such method", where)
			}
			if op.OperationID == "" || seen[op.OperationID] || op.Summary == "" || len(op.Tags) != 1 || len(op.Security) == 0 || op.Roles == nil {
				fault("%s: id, summary, tag, security or roles are missing or there twice", where)
			}
			seen[op.OperationID] = true
			if !slices.ContainsFunc(d.Tags, func(tag struct{ Name string }) bool { return tag.Name == op.Tags[0] }) {
				fault("%s: tag %s is not declared", where, op.Tags[0])
			}
			out = append(out, d.parameterFaults(where, placeholders, op)...)
			if op.RequestBody != nil && (method == "get" || method == "delete" || len(op.RequestBody.Content) != 1) {
				fault("%s: a body that does not belong", where)
			}
			success := 0
			for status, answer := range op.Responses {
				if answer.Ref == "" && answer.Description == "" {
					fault("%s: answer %s has no description", where, status)
				}
				if status[0] == '2' {
					success++
				}
				if status[0] >= '4' && answer.Ref == "" {
					fault("%s: answer %s is no problem", where, status)
				}
			}
			if success != 1 {
				fault("%s: %d successful answers", where, success)
			}
		}
	}
	var all any
	_ = json.Unmarshal(text, &all) // readDocument has read it
	return append(out, d.referenceFaults(all, all)...)
}

func (d document) parameterFaults(where string, placeholders []string, op describedOperation) []string {
	var out, inPath []string
	seen := map[string]bool{}
	for _, p := range op.Parameters {
		p = d.resolve(p)
		if p.Name == "" || p.Schema == nil || seen[p.In+p.Name] || !slices.Contains([]string{"path", "query", "header"}, p.In) {
			out = append(out, fmt.Sprintf("%s: parameter %q lacks something or is there twice", where, p.Name))
		}
		seen[p.In+p.Name] = true
		if p.In == "path" {
			inPath = append(inPath, p.Name)
			if !p.Required {
				out = append(out, fmt.Sprintf("%s: {%s} is not required", where, p.Name))
			}
		}
	}
	if !slices.Equal(slices.Sorted(slices.Values(inPath)), slices.Sorted(slices.Values(placeholders))) {
		out = append(out, fmt.Sprintf("%s: placeholders %q, parameters %q", where, placeholders, inPath))
	}
	return out
}

var schemaTypes = []string{"string", "integer", "number", "boolean", "array", "object", "null"}

// referenceFaults walks through everything: references lead somewhere, types
// are types, required properties exist.
func (d document) referenceFaults(root, node any) []string {
	var out []string
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			out = append(out, d.referenceFaults(root, item)...)
		}
	case map[string]any:
		if ref, ok := node["$ref"].(string); ok && !leads(root, ref) {
			out = append(out, "no such thing: "+ref)
		}
		if kind, ok := node["type"].(string); ok && node["scheme"] == nil && node["properties"] == nil && !slices.Contains(schemaTypes, kind) {
			out = append(out, "no such type: "+kind)
		}
		properties, isSchema := node["properties"].(map[string]any)
		if required, ok := node["required"].([]any); ok && isSchema {
			for _, name := range required {
				if properties[name.(string)] == nil {
					out = append(out, fmt.Sprintf("required but not there: %v", name))
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(node)) {
			out = append(out, d.referenceFaults(root, node[name])...)
		}
	}
	return out
}

func leads(root any, ref string) bool {
	rest, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return false
	}
	for step := range strings.SplitSeq(rest, "/") {
		object, _ := root.(map[string]any)
		if root = object[step]; root == nil {
			return false
		}
	}
	return true
}

func TestDocumentKeepsTheRulesOfOpenAPI(t *testing.T) {
	h := newHouse(t)
	d := readDocument(t, h.server.jsonText)
	for _, fault := range d.faults(h.server.jsonText) {
		t.Error(fault)
	}
	if d.Components.SecuritySchemes[bearerScheme].Scheme != "bearer" {
		t.Error("the security scheme is not bearer")
	}
}

func TestBrokenDocumentsAreFound(t *testing.T) {
	broken := []byte(`{"openapi":"3.0.0","paths":{"/a/{b}":{"get":{"responses":{"200":{"$ref":"#/components/responses/None"}}}}}}`)
	if got := len(readDocumentQuietly(broken)); got < 4 {
		t.Errorf("only %d faults found", got)
	}
}

func readDocumentQuietly(text []byte) []string {
	var d document
	_ = json.Unmarshal(text, &d)
	for path, item := range d.Paths {
		for method, op := range item {
			op.Tags = []string{"x"}
			d.Paths[path][method] = op
		}
	}
	return d.faults(text)
}
