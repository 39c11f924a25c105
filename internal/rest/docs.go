package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/danielgtaylor/huma/v2"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// pagePolicy is the content policy of the few pages for people: the house's own
// style sheet, fonts and script, and nothing from elsewhere.
var pagePolicy = []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"form-action 'none'; frame-ancestors 'none'; base-uri 'none'"}

// docsGroup is what can be done with one noun.
type docsGroup struct {
	noun       string
	operations []docsOperation
}

type docsOperation struct {
	id, method, path, summary, description string
	parameters                             []docsField
	body, answer                           []docsField
	answerStatus, answerType               string
	roles                                  []string
	curl                                   string
}

// docsField is a parameter or a property.
type docsField struct {
	name, in, kind, schema, doc string
	required                    bool
}

// docsSchema is a named type.
type docsSchema struct {
	name   string
	fields []docsField
}

// pages keeps the documentation page in each language: it is the same for
// everyone.
type pages struct {
	mu   sync.Mutex
	docs map[string][]byte
}

func (s *Server) serveDocs(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	language := i18n.Language(ctx)
	s.pages.mu.Lock()
	page := s.pages.docs[language]
	s.pages.mu.Unlock()
	if page == nil {
		var body bytes.Buffer
		groups, schemas := s.docs()
		props := ui.BareProps{Title: i18n.T(ctx, "rest.docs_title"), Lede: i18n.T(ctx, "rest.docs_lede"), BrandHref: "/", Wide: true}
		if err := renderPage(ctx, &body, props, docsPage(groups, schemas, s.document.Servers[0].URL)); err != nil {
			s.fail(w, r, err)
			return
		}
		page = body.Bytes()
		s.pages.mu.Lock()
		if s.pages.docs == nil {
			s.pages.docs = map[string][]byte{}
		}
		s.pages.docs[language] = page
		s.pages.mu.Unlock()
	}
	w.Header()["Content-Security-Policy"] = pagePolicy
	s.send(w, r, http.StatusOK, "text/html; charset=utf-8", page)
}

// serveProblem explains a type of problem to whoever follows its address.
func (s *Server) serveProblem(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	for _, kind := range problemKinds() {
		if kind.slug != r.PathValue("problem") {
			continue
		}
		var body bytes.Buffer
		props := ui.BareProps{Title: i18n.T(ctx, kind.title), Lede: i18n.T(ctx, kind.help), BrandHref: "/"}
		if err := renderPage(ctx, &body, props, problemPage(kind.status, s.prefix+base+"/docs")); err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header()["Content-Security-Policy"] = pagePolicy
		s.send(w, r, http.StatusOK, "text/html; charset=utf-8", body.Bytes())
		return
	}
	s.fail(w, r, operation.Missing())
}

func renderPage(ctx context.Context, body *bytes.Buffer, props ui.BareProps, content templ.Component) error {
	return ui.BarePage(props).Render(templ.WithChildren(ctx, content), body)
}

// docs arranges the OpenAPI document for readers.
func (s *Server) docs() ([]docsGroup, []docsSchema) {
	var groups []docsGroup
	for _, tag := range s.document.Tags {
		group := docsGroup{noun: tag.Name}
		for _, rt := range s.routes {
			op := operationAt(s.document, rt.path, rt.def.Method)
			if op.Tags[0] == tag.Name {
				group.operations = append(group.operations, s.docsOperation(rt, op))
			}
		}
		groups = append(groups, group)
	}
	var schemas []docsSchema
	book := s.document.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(book)) {
		if !strings.HasSuffix(name, "Body") {
			schemas = append(schemas, docsSchema{name, docsFields(book[name])})
		}
	}
	return groups, schemas
}

func operationAt(d *huma.OpenAPI, path, method string) *huma.Operation {
	item := d.Paths[path]
	switch method {
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	}
	return item.Get
}

func (s *Server) docsOperation(rt *route, op *huma.Operation) docsOperation {
	out := docsOperation{id: op.OperationID, method: op.Method, path: op.Path, summary: op.Summary, description: op.Description, answerStatus: fmt.Sprint(rt.status)}
	for _, p := range op.Parameters {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			p = s.document.Components.Parameters[name]
		}
		kind, schema := schemaText(p.Schema)
		out.parameters = append(out.parameters, docsField{name: p.Name, in: p.In, kind: kind, schema: schema, doc: p.Description, required: p.Required})
	}
	if op.RequestBody != nil {
		name := strings.TrimPrefix(op.RequestBody.Content["application/json"].Schema.Ref, schemaPrefix)
		out.body = docsFields(s.document.Components.Schemas.Map()[name])
	}
	if answer := op.Responses[out.answerStatus]; answer.Content != nil {
		schema := answer.Content["application/json"].Schema
		out.answerType = strings.TrimPrefix(schema.Ref, schemaPrefix)
		if out.answerType == "" {
			out.answer = docsFields(schema)
		}
	}
	roles := s.docsRoles(rt.def.ID)
	out.roles = roles
	out.curl = s.curl(rt, out)
	return out
}

func (s *Server) docsRoles(id string) []string {
	var out []string
	for i, grant := range s.app.Door.Permissions[id] {
		switch name := grantNames[grant]; {
		case grant == operation.AnyAccount:
			out = append(out, name)
		case grant == operation.Always:
			out = append(out, string(operation.Roles[i]))
		case name != "":
			out = append(out, string(operation.Roles[i])+" ("+name+")")
		}
	}
	return out
}

// docsFields lists the properties of a schema, the required ones first.
func docsFields(schema *huma.Schema) []docsField {
	var out []docsField
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		p := schema.Properties[name]
		kind, named := schemaText(p)
		out = append(out, docsField{name: name, kind: kind, schema: named, doc: p.Description, required: slices.Contains(schema.Required, name)})
	}
	slices.SortStableFunc(out, func(a, b docsField) int {
		switch {
		case a.required == b.required:
			return 0
		case a.required:
			return -1
		}
		return 1
	})
	return out
}

// schemaText says in short what a schema allows, and which named type is meant.
func schemaText(schema *huma.Schema) (text, named string) {
	switch {
	case schema.Ref != "":
		return "", strings.TrimPrefix(schema.Ref, schemaPrefix)
	case schema.Type == huma.TypeArray:
		text, named = schemaText(schema.Items)
		return strings.TrimSpace("[ ] " + text), named
	case len(schema.Enum) > 0:
		words := make([]string, len(schema.Enum))
		for i, value := range schema.Enum {
			words[i] = fmt.Sprint(value)
		}
		return strings.Join(words, " · "), ""
	}
	text = schema.Type
	if schema.Format != "" && schema.Format != "int64" && schema.Format != "double" {
		text = schema.Format
	}
	switch {
	case schema.MaxLength != nil:
		text += fmt.Sprintf(" ≤ %d", *schema.MaxLength)
	case schema.Minimum != nil && schema.Maximum != nil:
		text += fmt.Sprintf(" %v–%v", *schema.Minimum, *schema.Maximum)
	}
	return text, ""
}

// curl is a command to try an operation with.
func (s *Server) curl(rt *route, op docsOperation) string {
	words := []string{"curl"}
	if rt.def.Method != http.MethodGet {
		words = append(words, "-X", rt.def.Method)
	}
	words = append(words, `-H "Authorization: Bearer $TOKEN"`)
	if rt.version != nil {
		words = append(words, `-H 'If-Match: "v1"'`)
	}
	if op.body != nil {
		sample := map[string]any{}
		for _, f := range rt.input.fields {
			if rt.rest[f.name] != nil && f != rt.version && (f.required() || len(sample) == 0) {
				sample[f.name] = sampleOf(f.shape, f)
			}
		}
		text, _ := json.Marshal(sample) // texts, numbers and lists always marshal
		words = append(words, "-H 'Content-Type: application/json'", "-d '"+string(text)+"'")
	}
	path := rt.path
	for _, name := range placeholdersOf(path) {
		path = strings.Replace(path, "{"+name+"}", strings.ToUpper(name), 1)
	}
	return strings.Join(append(words, s.document.Servers[0].URL+path), " ")
}

// sampleOf is a value that fits a field.
func sampleOf(sh *shape, f *field) any {
	switch sh.kind {
	case truthKind:
		return true
	case wholeKind, numberKind:
		return 1
	case listKind:
		return []any{sampleOf(sh.element, f)}
	case dictionaryKind:
		return map[string]any{"name": sampleOf(sh.element, f)}
	case recordKind:
		out := map[string]any{}
		for _, inner := range sh.fields {
			if inner.required() || inner.name == "id" {
				out[inner.name] = sampleOf(inner.shape, inner)
			}
		}
		return out
	case idKind:
		return "ID"
	}
	if values := enum(f); len(values) > 0 {
		return values[0]
	}
	switch f.tag.Get("format") {
	case "date":
		return "2026-11-22"
	case "email":
		return "name@example.org"
	case "url":
		return "https://example.org"
	}
	return "text"
}
