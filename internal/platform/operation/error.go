package operation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"commontable/internal/platform/store"
)

// Kind says what sort of failure an operation met. The list is closed: every
// face maps each kind once.
type Kind int

// The kinds, from the caller's fault to ours.
const (
	Invalid         Kind = iota + 1 // the input has faults; nothing was done
	Unauthenticated                 // nobody is signed in
	Forbidden                       // signed in, but not allowed
	NotFound                        // does not exist, or must not be known to exist
	Conflict                        // someone else was first; Current holds what is there now
	TooMany                         // a rate limit; RetryAfter says when
	TooLarge                        // the input exceeds a size limit
	Unavailable                     // the database or disk does not answer; try again
	Internal                        // our fault; logged, never shown
)

// Fault is one thing wrong with one field of an input. Key is a message of the
// catalogue; Field is the input's JSON name, "" when it concerns the whole.
type Fault struct {
	Field string         `json:"field"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"-"`
}

// Error is what every operation fails with. Key and Args are a message of the
// catalogue, so that each face can say it in the reader's language; Cause is
// for the log only.
type Error struct {
	Kind       Kind
	Key        string
	Args       map[string]any
	Faults     []Fault
	Current    any
	RetryAfter time.Duration
	Cause      error
}

// Error is for logs, never for people.
func (e *Error) Error() string {
	text := fmt.Sprintf("operation: %s", e.Key)
	for _, f := range e.Faults {
		text += fmt.Sprintf("; %s: %s", f.Field, f.Key)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is(err, &Error{Kind: NotFound}) work by kind alone.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Kind == e.Kind && (other.Key == "" || other.Key == e.Key)
}

// KindOf is the kind of an error, Internal when it is not one of ours and 0
// when there is none.
func KindOf(err error) Kind {
	if err == nil {
		return 0
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Refuse makes an Error without a field.
func Refuse(kind Kind, key string, args ...map[string]any) *Error {
	e := &Error{Kind: kind, Key: key}
	if len(args) > 0 {
		e.Args = args[0]
	}
	return e
}

// Missing is the answer for anything that does not exist or may not be seen.
func Missing() *Error { return Refuse(NotFound, "errors.not_found") }

// Stale is the answer to an edit of a version that is no longer the newest.
func Stale(current any) *Error {
	return &Error{Kind: Conflict, Key: "errors.stale", Current: current}
}

// InvalidField is the answer when one field is wrong for a reason only the
// transaction could know, such as a name already taken.
func InvalidField(field, key string, args ...map[string]any) *Error {
	e := &Error{Kind: Invalid, Key: "errors.invalid", Faults: []Fault{{Field: field, Key: key}}}
	if len(args) > 0 {
		e.Faults[0].Args = args[0]
	}
	return e
}

// Faults collects what is wrong with an input.
type Faults struct{ list []Fault }

// Add notes a fault. Only the first fault of a field is kept: the second is
// usually a consequence of it.
func (f *Faults) Add(field, key string, args ...map[string]any) {
	for _, have := range f.list {
		if have.Field == field {
			return
		}
	}
	fault := Fault{Field: field, Key: key}
	if len(args) > 0 {
		fault.Args = args[0]
	}
	f.list = append(f.list, fault)
}

// Err is nil when there are no faults.
func (f *Faults) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "errors.invalid", Faults: f.list}
}

// Translate gives a store's or context's error its kind, and leaves our own as
// they are.
func Translate(err error) error {
	var ours *Error
	if err == nil || errors.As(err, &ours) {
		return err
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return &Error{Kind: NotFound, Key: "errors.not_found", Cause: err}
	case errors.Is(err, store.ErrFull):
		return &Error{Kind: Unavailable, Key: "errors.disk_full", Cause: err}
	case errors.Is(err, store.ErrBusy):
		return &Error{Kind: Unavailable, Key: "errors.busy", Cause: err, RetryAfter: 2 * time.Second}
	case errors.Is(err, store.ErrUnknown):
		return &Error{Kind: Unavailable, Key: "errors.unknown_outcome", Cause: err, RetryAfter: 5 * time.Second}
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrCorrupt):
		return &Error{Kind: Unavailable, Key: "errors.unavailable", Cause: err, RetryAfter: 5 * time.Second}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Unavailable, Key: "errors.timeout", Cause: err}
	}
	return &Error{Kind: Internal, Key: "errors.internal", Cause: err}
}
