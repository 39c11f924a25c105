package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"commontable/internal/app"
	"commontable/internal/platform/operation"
)

// describer builds the OpenAPI document.
type describer struct {
	app      *app.App
	document *huma.OpenAPI
	schemas  *schemaBook
}

const (
	bearerScheme   = "token"
	problemSchema  = "Problem"
	rolesExtension = "x-commontable-roles"
	// apiVersion is that of the contract, and the v1 of every path.
	apiVersion = "1.0.0"
)

func newDescriber(a *app.App, all shapes) *describer {
	registry := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	d := &describer{app: a, schemas: newSchemaBook(registry.Map())}
	server := "/"
	if a.Config.BaseURL != nil {
		server = strings.TrimSuffix(a.Config.BaseURL.String(), "/")
	}
	d.document = &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Commontable", Version: apiVersion,
			Description: "Every operation of the installation. Lists come page by page: follow `next`, or the Link header. " +
				"Records carry a version: send it back as `If-Match` to change them. " +
				"Whatever fails answers with a problem (RFC 9457). An id that names nothing is an empty text."},
		Servers: []*huma.Server{{URL: server}},
		Components: &huma.Components{
			Schemas:         registry,
			SecuritySchemes: map[string]*huma.SecurityScheme{bearerScheme: {Type: "http", Scheme: "bearer", Description: "A token made on the account page. It begins with ct_."}},
			Parameters: map[string]*huma.Param{
				"Collaborative":  {Name: slugPlaceholder, In: "path", Required: true, Description: "The collaborative's short name, as in the addresses of its pages.", Schema: &huma.Schema{Type: huma.TypeString}},
				"IfMatch":        {Name: "If-Match", In: "header", Description: "The version that was read, as in the ETag header; instead of the field `version`.", Schema: &huma.Schema{Type: huma.TypeString, Pattern: `^"v[1-9][0-9]*"$`}},
				"IdempotencyKey": {Name: "Idempotency-Key", In: "header", Description: "Any text of the caller's choice. The same request with the same key runs once; later answers are the first one again.", Schema: &huma.Schema{Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(maxKey), Pattern: "^[ -~]+$"}},
			},
			Headers: map[string]*huma.Header{
				"ETag":     {Description: "The version of the record.", Schema: &huma.Schema{Type: huma.TypeString}},
				"Link":     {Description: "The neighboring pages, with rel next and prev.", Schema: &huma.Schema{Type: huma.TypeString}},
				"Location": {Description: "Where the new record is.", Schema: &huma.Schema{Type: huma.TypeString, Format: "uri-reference"}},
				"Replayed": {Description: "\"true\" when this is the answer given before to the same Idempotency-Key.", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"true"}}},
			},
		},
	}
	d.schemas.answer(all.of(typeOfProblem))
	return d
}

// operation describes a route.
func (d *describer) operation(rt *route) *huma.Operation {
	noun, _, _ := strings.Cut(rt.def.ID, ".")
	if !slices.ContainsFunc(d.document.Tags, func(t *huma.Tag) bool { return t.Name == noun }) {
		d.document.Tags = append(d.document.Tags, &huma.Tag{Name: noun})
	}
	op := &huma.Operation{Method: rt.def.Method, Path: rt.path, OperationID: rt.def.ID, Summary: rt.def.Summary, Tags: []string{noun},
		Security:   []map[string][]string{{bearerScheme: {}}},
		Extensions: map[string]any{rolesExtension: d.roles(rt.def.ID)}, Responses: map[string]*huma.Response{}}
	if rt.public {
		op.Security = append(op.Security, map[string][]string{})
	}
	if rt.def.Fresh {
		op.Description = "Asks for a recent proof of who is calling, which a token cannot give."
	}
	d.inputs(op, rt)
	d.success(op, rt)
	d.failures(op, rt)
	return op
}

// inputs describes parameters and body.
func (d *describer) inputs(op *huma.Operation, rt *route) {
	if rt.inSlug {
		op.Parameters = append(op.Parameters, &huma.Param{Ref: "#/components/parameters/Collaborative"})
	}
	for _, f := range rt.placeholders {
		schema := d.schemas.input(f)
		op.Parameters = append(op.Parameters, &huma.Param{Name: f.name, In: "path", Required: true, Description: schema.Description, Schema: undescribed(schema)})
	}
	if rt.version != nil {
		op.Parameters = append(op.Parameters, &huma.Param{Ref: "#/components/parameters/IfMatch"})
	}
	if rt.replayable {
		op.Parameters = append(op.Parameters, &huma.Param{Ref: "#/components/parameters/IdempotencyKey"})
	}
	var fields []*field
	for _, f := range rt.input.fields {
		if rt.rest[f.name] != nil {
			fields = append(fields, f)
		}
	}
	if rt.inQuery {
		for _, f := range fields {
			schema := d.schemas.input(f)
			op.Parameters = append(op.Parameters, &huma.Param{Name: f.name, In: "query", Required: f.required() && f != rt.version, Description: schema.Description, Schema: undescribed(schema)})
		}
		return
	}
	if len(fields) == 0 {
		return
	}
	name := camel(rt.def.ID) + "Body"
	body := d.schemas.object(fields, rt.version)
	d.schemas.book[name] = body
	op.RequestBody = &huma.RequestBody{Required: len(body.Required) > 0, Content: content("application/json", reference(name))}
}

// success describes the answer when all went well.
func (d *describer) success(op *huma.Operation, rt *route) {
	response := &huma.Response{Description: "Done.", Headers: map[string]*huma.Header{}}
	header := func(name, component string) {
		response.Headers[name] = &huma.Header{Ref: "#/components/headers/" + component}
	}
	if rt.status != http.StatusNoContent {
		schema := d.schemas.answer(rt.output)
		if rt.bare {
			schema = &huma.Schema{Type: huma.TypeObject, Required: []string{"items"}, Properties: map[string]*huma.Schema{"items": schema}}
		}
		response.Content = content("application/json", schema)
	}
	if rt.versioned {
		header("ETag", "ETag")
	}
	if rt.location != "" {
		header("Location", "Location")
	}
	if rt.next != nil && rt.rest["after"] != nil && rt.def.Method == http.MethodGet {
		header("Link", "Link")
	}
	if rt.replayable {
		header("Idempotent-Replayed", "Replayed")
	}
	op.Responses[strconv.Itoa(rt.status)] = response
}

// failures describes the problems this operation can answer with.
func (d *describer) failures(op *huma.Operation, rt *route) {
	kinds := []*problemKind{malformedProblem, problemOf[operation.Unauthenticated], problemOf[operation.Forbidden], problemOf[operation.NotFound],
		problemOf[operation.Invalid], problemOf[operation.TooMany], problemOf[operation.Internal], problemOf[operation.Unavailable]}
	if !rt.inQuery {
		kinds = append(kinds, mediaTypeProblem, problemOf[operation.TooLarge])
	}
	if !rt.def.ReadOnly {
		kinds = append(kinds, problemOf[operation.Conflict], staleProblem)
	}
	if rt.version != nil {
		kinds = append(kinds, versionProblem)
	}
	for _, kind := range kinds {
		status := strconv.Itoa(kind.status)
		op.Responses[status] = &huma.Response{Ref: "#/components/responses/" + d.problemResponse(kind)}
	}
}

// problemResponse is the component that describes a status.
func (d *describer) problemResponse(kind *problemKind) string {
	name := problemSchema + strconv.Itoa(kind.status)
	if d.document.Components.Responses == nil {
		d.document.Components.Responses = map[string]*huma.Response{}
	}
	if d.document.Components.Responses[name] == nil {
		d.document.Components.Responses[name] = &huma.Response{Description: http.StatusText(kind.status), Content: content("application/problem+json", reference(problemSchema))}
	}
	return name
}

// grantNames says in the document what the permission table says in letters.
var grantNames = map[operation.Grant]string{operation.Always: "always", operation.OwnOrg: "own-organization", operation.OwnGroup: "own-group",
	operation.Themselves: "themselves", operation.AnyAccount: "any-account"}

// roles lists which roles may run an operation, and on what.
func (d *describer) roles(op string) map[string]string {
	out := map[string]string{}
	for i, grant := range d.app.Door.Permissions[op] {
		if name := grantNames[grant]; name != "" {
			out[string(operation.Roles[i])] = name
		}
	}
	return out
}

// texts writes the document in both forms. It panics when it cannot: the
// document is made from the program's own types.
func (d *describer) texts() (asJSON, asYAML []byte) {
	asJSON, err := json.Marshal(d.document)
	if err != nil {
		panic(fmt.Sprintf("rest: the OpenAPI document: %v", err))
	}
	if asYAML, err = d.document.YAML(); err != nil {
		panic(fmt.Sprintf("rest: the OpenAPI document in YAML: %v", err))
	}
	return asJSON, asYAML
}

func content(kind string, schema *huma.Schema) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{kind: {Schema: schema}}
}

func ptr[T any](v T) *T { return &v }
