// Package operation is the one door to a collaborative's data.
//
// Everything that reads or changes data is an Operation: a typed value with an
// id, a line of description, an input, an output and a function. Pages, REST,
// the command line, imports and background work all run operations through a
// Door, which checks permission and relation, validates, opens one scoped
// transaction, runs, writes the audit entry and whatever the operation asked to
// be done later in that same transaction, and commits.
package operation

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
)

// Scope says what an operation works on.
type Scope int

// The scopes.
const (
	InCollaborative Scope = iota // one collaborative, taken from the context
	OnInstallation               // accounts and settings of the whole installation
)

// Definition is the part of an operation that needs no types.
type Definition struct {
	// ID is noun.verb, such as "organizations.create". It is stable: audit
	// entries, permissions and tokens refer to it.
	ID string
	// Summary is one line, for the API's documentation and the permission list.
	Summary string
	Scope   Scope
	// ReadOnly operations run in a snapshot and leave no audit entry unless
	// Sensitive is set.
	ReadOnly bool
	// Sensitive reads (exports, private fields) are written to the audit log.
	Sensitive bool
	// Method and Path place the operation in REST, below the collaborative or,
	// for OnInstallation, below /api/v1. An operation without them can only be
	// reached through pages, and BrowserOnly says why.
	Method, Path string
	BrowserOnly  string
	// Fresh operations want the actor to have proved who they are lately.
	Fresh bool
	// Secret marks inputs or outputs that must not be recorded: their
	// idempotent replay is refused and their input never reaches the log.
	Secret bool
}

// Subject is the thing an operation is about, for relations and audit.
type Subject struct {
	Kind string // "organization", "person", …
	ID   [16]byte
}

// Operation is one thing that can be done. Build it with Define.
type Operation[In, Out any] struct {
	Definition
	// Validate reports every fault of the input beyond what its struct tags
	// say. It sees cleaned text.
	Validate func(in *In, faults *Faults)
	// Limit names the rate limit that a run counts against, "" for none. It is
	// asked before the transaction.
	Limit func(in In) string
	// About names the subject by which relations are judged; needed when the
	// permission table grants the operation on one's own things.
	About func(in In) Subject
	// Run does it, inside the transaction.
	Run func(c *Call, in In) (Out, error)

	rules *rules
}

// Define checks and completes an operation. It panics on a definition that
// could never work, since operations are package variables.
func Define[In, Out any](op Operation[In, Out]) *Operation[In, Out] {
	if op.ID == "" || op.Summary == "" || op.Run == nil {
		panic(fmt.Sprintf("operation %q lacks an id, a summary or a function", op.ID))
	}
	if (op.Method == "") == (op.BrowserOnly == "") {
		panic(fmt.Sprintf("operation %q needs either a place in REST or a reason to have none", op.ID))
	}
	op.rules = rulesOf(reflect.TypeFor[In]())
	return &op
}

// Any is an operation whose types are known only at run time; REST, undo and
// the permission test use it.
type Any interface {
	Describe() Definition
	InputType() reflect.Type
	OutputType() reflect.Type
	HasSubject() bool
	// DoAny runs the operation on a pointer to its input type.
	DoAny(ctx context.Context, door *Door, in any) (any, error)

	runJSON(c *Call, raw []byte) (any, error)
}

// Describe gives the untyped part.
func (o *Operation[In, Out]) Describe() Definition { return o.Definition }

// InputType is the type of the input.
func (o *Operation[In, Out]) InputType() reflect.Type { return reflect.TypeFor[In]() }

// OutputType is the type of the output.
func (o *Operation[In, Out]) OutputType() reflect.Type { return reflect.TypeFor[Out]() }

// HasSubject says whether relations can be judged.
func (o *Operation[In, Out]) HasSubject() bool { return o.About != nil }

// DoAny runs the operation on a *In.
func (o *Operation[In, Out]) DoAny(ctx context.Context, door *Door, in any) (any, error) {
	return o.Do(ctx, door, *in.(*In))
}

// Do runs the operation for the actor and collaborative of the context.
func (o *Operation[In, Out]) Do(ctx context.Context, door *Door, in In) (Out, error) {
	t := typed[In, Out]{operation: o, in: in}
	if err := door.do(ctx, o.Definition, &t); err != nil {
		var none Out
		return none, err
	}
	return t.out, nil
}

// typed is one run of an operation with its input and its output.
type typed[In, Out any] struct {
	operation *Operation[In, Out]
	in        In
	out       Out
}

func (t *typed[In, Out]) valid() error   { return t.operation.validate(&t.in) }
func (t *typed[In, Out]) about() Subject { return t.operation.subject(t.in) }
func (t *typed[In, Out]) input() any     { return &t.in }
func (t *typed[In, Out]) output() any    { return &t.out }

func (t *typed[In, Out]) limit() string {
	if t.operation.Limit == nil {
		return ""
	}
	return t.operation.Limit(t.in)
}

func (t *typed[In, Out]) run(c *Call) (err error) {
	t.out, err = t.operation.Run(c, t.in)
	return err
}

// Within runs another operation inside the transaction of c, with its own
// permission check and validation but as part of c's audit entry: that it has
// nothing to record says nothing of what else c does.
func (o *Operation[In, Out]) Within(c *Call, in In) (Out, error) {
	var none Out
	if err := c.door.permit(c, o.Definition, o.subject(in)); err != nil {
		return none, err
	}
	if err := o.validate(&in); err != nil {
		return none, err
	}
	quiet := c.quiet
	defer func() { c.quiet = quiet }()
	return o.Run(c, in)
}

// WithinAsProgram is Within with the program's rights: see Call.AsProgram.
func (o *Operation[In, Out]) WithinAsProgram(c *Call, in In) (out Out, err error) {
	err = c.AsProgram(func() error {
		out, err = o.Within(c, in)
		return err
	})
	return out, err
}

func (o *Operation[In, Out]) runJSON(c *Call, raw []byte) (any, error) {
	var in In
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, err
	}
	return o.Within(c, in)
}

func (o *Operation[In, Out]) subject(in In) Subject {
	if o.About == nil {
		return Subject{}
	}
	return o.About(in)
}

func (o *Operation[In, Out]) validate(in *In) error {
	var faults Faults
	o.rules.apply(reflect.ValueOf(in).Elem(), &faults)
	if o.Validate != nil {
		o.Validate(in, &faults)
	}
	return faults.Err()
}

// Registry holds every operation of the program by id.
type Registry map[string]Any

// NewRegistry gathers operations and refuses two with one id.
func NewRegistry(groups ...[]Any) (Registry, error) {
	out := Registry{}
	for _, group := range groups {
		for _, op := range group {
			id := op.Describe().ID
			if out[id] != nil {
				return nil, fmt.Errorf("operation %s is defined twice", id)
			}
			out[id] = op
		}
	}
	return out, nil
}

// Sorted lists the operations by id.
func (r Registry) Sorted() []Any {
	out := make([]Any, 0, len(r))
	for _, op := range r {
		out = append(out, op)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Describe().ID < out[j].Describe().ID })
	return out
}

// None is the input or output of an operation that has none.
type None struct{}

// Page is one page of a list. Next and Previous are opaque cursors, "" at the
// ends. Total is how many there are in all without filters, -1 when unknown.
type Page[T any] struct {
	Items    []T    `json:"items"`
	Next     string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
	Previous string `json:"previous,omitempty" doc:"Cursor of the page before; absent on the first."`
	Total    int64  `json:"total" doc:"How many there are in all, or -1 when not counted."`
}
