package operation

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"commontable/internal/platform/store"
)

// Call is one running operation: who, where, when, and the transaction.
type Call struct {
	// Tx is the collaborative's transaction; nil for OnInstallation.
	Tx *store.Tx
	// Installation is the installation tables' side of the same transaction.
	Installation  *store.InstallationTx
	Actor         Actor
	Collaborative Collaborative
	// Now is one instant for the whole call, to the microsecond.
	Now time.Time

	door    *Door
	ctx     context.Context
	def     Definition
	changes []Change
	later   []Later
	undo    *undoStep
	quiet   bool
}

// Context is the transaction's context.
func (c *Call) Context() context.Context { return c.ctx }

// Today is the civil date in the collaborative's time zone.
func (c *Call) Today() string {
	zone := c.Collaborative.Zone
	if zone == nil {
		zone = time.UTC
	}
	return c.Now.In(zone).Format(time.DateOnly)
}

// Can says whether the actor may run another operation on everything; records
// use it to decide which fields to show.
func (c *Call) Can(op string) bool { return c.door.Permissions.AllowsAll(op, c.Actor) }

// CanOn says whether the actor may run another operation on this subject.
func (c *Call) CanOn(op string, s Subject) bool {
	if c.Can(op) {
		return true
	}
	allowed, err := c.door.related(c, op, s)
	return err == nil && allowed
}

// AsProgram runs a part of the operation with the program's rights: what its actor may
// not do or see by themselves, and the operation needs so as to tell or do less. It
// stays part of the same call, and the log names the actor.
func (c *Call) AsProgram(run func() error) error {
	who := c.Actor
	c.Actor = System()
	defer func() { c.Actor = who }()
	return run()
}

// Secrets is the door's keeper of sealed values.
func (c *Call) Secrets() Sealer { return c.door.Secrets }

// Continue says that this run goes on with something already in the audit log,
// such as the next thousand rows of an export.
func (c *Call) Continue() { c.quiet = true }

// FieldChange is one field before and after.
type FieldChange struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// Change is what happened to one subject.
type Change struct {
	Subject Subject
	Title   string // what the subject was called at the time
	Version int64  // the subject's version after the change
	Fields  []FieldChange
}

// Changed records what happened to a subject. before and after are values of
// the same struct type, or nil when it came into being or ended; fields tagged
// `audit:"-"` are left out and `audit:"secret"` are recorded without values.
func (c *Call) Changed(s Subject, title string, version int64, before, after any) {
	fields := Diff(before, after)
	c.changes = append(c.changes, Change{Subject: s, Title: title, Version: version, Fields: fields})
}

// Diff lists the fields in which two values of one struct type differ.
func Diff(before, after any) []FieldChange {
	old, fresh := fieldsOf(before), fieldsOf(after)
	names := make([]string, 0, len(old)+len(fresh))
	for name := range old {
		names = append(names, name)
	}
	for name := range fresh {
		if _, both := old[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []FieldChange
	for _, name := range names {
		if string(old[name]) != string(fresh[name]) {
			out = append(out, FieldChange{Field: name, Before: old[name], After: fresh[name]})
		}
	}
	return out
}

// hidden stands for a value that changed but must not be recorded.
var hidden = json.RawMessage(`"•••"`)

func fieldsOf(v any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return out
		}
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return out
	}
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		rule := field.Tag.Get("audit")
		if !field.IsExported() || name == "-" || rule == "-" {
			continue
		}
		if field.Anonymous && name == "" {
			for k, raw := range fieldsOf(value.Field(i).Interface()) {
				out[k] = raw
			}
			continue
		}
		if name == "" || value.Field(i).IsZero() {
			continue
		}
		raw, err := json.Marshal(value.Field(i).Interface())
		if err != nil || string(raw) == `""` || string(raw) == "[]" || string(raw) == "null" {
			continue
		}
		if rule == "secret" {
			raw = hidden
		}
		out[name] = raw
	}
	return out
}

// Later is work to be done after the commit, and only if it happens.
type Later struct {
	Kind    string
	Payload any
	// Key makes the work unique: a second enqueue with the same key is dropped.
	Key string
	// At is the earliest time; zero means at once.
	At time.Time
}

// Enqueue asks for background work, recorded in the same transaction.
func (c *Call) Enqueue(l Later) { c.later = append(c.later, l) }

type undoStep struct {
	operation string
	input     any
}

// UndoWith names the operation and input that would take this one back. The
// undo runs through the door like anything else, with its own permission check.
func (c *Call) UndoWith(operation string, input any) {
	c.undo = &undoStep{operation, input}
}
