package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"commontable/internal/platform/operation"
)

const (
	base = "/api/v1"
	// within is where the operations of a collaborative lie.
	within          = base + "/collaboratives/{collaborative}"
	slugPlaceholder = "collaborative"
)

// route is one operation as it is reached over HTTP. Everything about it is
// worked out at start-up.
type route struct {
	op  operation.Any
	def operation.Definition
	// path is below the host, with placeholders as the mux writes them.
	path string
	// inSlug says whether the path names a collaborative.
	inSlug bool
	// public says whether nobody in particular may call it.
	public bool

	input        *shape
	placeholders []*field
	// rest are the fields that come from the query or the body.
	rest    map[string]*field
	inQuery bool
	// version is the field that If-Match fills; nil for reads and for inputs
	// without one.
	version *field
	// replayable says whether an idempotency key has an effect.
	replayable bool

	output *shape
	// bare outputs are lists by themselves and are put into an object.
	bare bool
	// next and previous are the cursors of a page; nil for other outputs.
	next, previous *field
	versioned      bool
	status         int
	// location is the path of what a create made, with its placeholders.
	location string
}

// newRoute works out an operation. It panics on one that could never work,
// like operation.Define: a test would find it at the latest.
func newRoute(op operation.Any, door *operation.Door, all shapes) *route {
	def := op.Describe()
	rt := &route{op: op, def: def, path: base + strings.TrimSuffix(def.Path, "/"), input: all.of(op.InputType()), output: all.of(op.OutputType()),
		rest: map[string]*field{}, status: http.StatusOK}
	if def.Scope == operation.InCollaborative {
		rt.path, rt.inSlug = within+strings.TrimSuffix(def.Path, "/"), true
	}
	rt.public = door.Permissions.Allows(def.ID, operation.Actor{})
	rt.inQuery = def.Method == http.MethodGet || def.Method == http.MethodDelete
	rt.replayable = !def.ReadOnly && !def.Secret && rt.inSlug
	if rt.input.kind != recordKind {
		panic(fmt.Sprintf("rest: the input of %s is no struct", def.ID))
	}
	rt.readInput()
	rt.readOutput(op.OutputType())
	return rt
}

func (rt *route) readInput() {
	inPath := placeholdersOf(rt.def.Path)
	for _, name := range inPath {
		f := rt.input.byName[name]
		if f == nil || !f.shape.scalar() {
			panic(fmt.Sprintf("rest: the path of %s names {%s}, which its input lacks or which is not plain", rt.def.ID, name))
		}
		rt.placeholders = append(rt.placeholders, f)
	}
	for _, f := range rt.input.fields {
		if f.hidden || slices.Contains(inPath, f.name) {
			continue
		}
		if rt.inQuery && !f.shape.scalar() && !(f.shape.kind == listKind && f.shape.element.scalar()) {
			panic(fmt.Sprintf("rest: %s is called by %s, but its field %s cannot be written in an address", rt.def.ID, rt.def.Method, f.name))
		}
		rt.rest[f.name] = f
	}
	if v := rt.rest["version"]; v != nil && v.shape.kind == wholeKind && !v.pointer && !rt.def.ReadOnly {
		rt.version = v
	}
}

func (rt *route) readOutput(t reflect.Type) {
	rt.bare = rt.output.kind == listKind
	rt.versioned = t.Implements(reflect.TypeFor[versioned]())
	if rt.output.kind == recordKind && rt.output.byName["items"] != nil {
		rt.next, rt.previous = cursor(rt.output, "next"), cursor(rt.output, "previous")
	}
	if t == reflect.TypeFor[operation.None]() {
		rt.status = http.StatusNoContent
	} else if strings.HasSuffix(rt.def.ID, ".create") {
		rt.status = http.StatusCreated
	}
}

func cursor(s *shape, name string) *field {
	if f := s.byName[name]; f != nil && f.shape.kind == textKind && !f.pointer {
		return f
	}
	return nil
}

// settleLocations finds, for every operation that creates, where what it made
// can be read.
func settleLocations(routes []*route) {
	reads := map[string]*route{}
	for _, rt := range routes {
		if noun, ok := strings.CutSuffix(rt.def.ID, ".get"); ok && rt.def.Method == http.MethodGet {
			reads[noun] = rt
		}
	}
	for _, rt := range routes {
		noun, ok := strings.CutSuffix(rt.def.ID, ".create")
		if read := reads[noun]; ok && read != nil {
			rt.location = read.path
		}
	}
}

// input is what a request asks of an operation.
type input struct {
	pointer reflect.Value // to the input type, as DoAny wants it
	value   reflect.Value // what it points to
	given   []bool        // by field number
}

// read makes the input of a request.
func (rt *route) read(w http.ResponseWriter, r *http.Request) (*input, error) {
	pointer := reflect.New(rt.input.goType)
	in := &input{pointer: pointer, value: pointer.Elem(), given: make([]bool, len(rt.input.fields))}
	if err := readPath(r, rt.placeholders, in.value); err != nil {
		return in, err
	}
	var found faults
	inQuery := rt.rest
	if !rt.inQuery {
		inQuery = nil
		if err := readBody(w, r, rt.rest, in.value, in.given, &found); err != nil {
			return in, err
		}
	} else if err := refuseBody(r); err != nil {
		return in, err
	}
	if err := readQuery(r.URL.RawQuery, inQuery, in.value, in.given, &found); err != nil {
		return in, err
	}
	if err := found.err(); err != nil {
		return in, err
	}
	if rt.version != nil {
		return in, rt.settleVersion(r.Header, in)
	}
	return in, nil
}

// answer runs the operation for a request and writes what it gives.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, rt *route) error {
	ctx := r.Context()
	if err := s.app.Door.Admit(ctx, rt.op); err != nil {
		return err
	}
	in, err := rt.read(w, r)
	if err != nil {
		return err
	}
	var replayed bool
	if !rt.def.ReadOnly {
		if ctx, err = rt.withKey(ctx, r.Header, &replayed); err != nil {
			return err
		}
	}
	out, err := rt.op.DoAny(ctx, s.app.Door, in.pointer.Interface())
	if err != nil {
		return err
	}
	if replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	return s.write(w, r, rt, out)
}

// withKey hands the idempotency key to the door. Where a key would have no
// effect it is refused: its sender relies on being able to try again.
func (rt *route) withKey(ctx context.Context, h http.Header, replayed *bool) (context.Context, error) {
	key, err := idempotencyKey(h)
	if key == "" || err != nil {
		return ctx, err
	}
	if !rt.replayable {
		return ctx, operation.InvalidField("Idempotency-Key", "rest.key_without_effect")
	}
	return operation.WithReplayed(operation.WithIdempotencyKey(ctx, key), replayed), nil
}

// made is the path of what a create made.
func (rt *route) madeAt(r *http.Request, out reflect.Value) string {
	segments := strings.Split(rt.location, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		text := r.PathValue(name)
		if text == "" {
			text = rt.textOf(out, name)
		}
		if text == "" {
			return ""
		}
		segments[i] = url.PathEscape(text)
	}
	return strings.Join(segments, "/")
}

// textOf is a field of an output as it is written in an address. What a path
// calls the collaborative, the record itself calls its slug.
func (rt *route) textOf(out reflect.Value, name string) string {
	if name == slugPlaceholder {
		name = "slug"
	}
	f := rt.output.byName[name]
	if f == nil || !f.shape.scalar() || f.pointer {
		return ""
	}
	text, err := f.shape.appendValue(nil, out.FieldByIndex(f.index))
	if err != nil {
		return ""
	}
	return strings.Trim(string(text), `"`)
}
