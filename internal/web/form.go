package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// message is an operation's error in the reader's language.
func message(ctx context.Context, e *operation.Error) string {
	return i18n.T(ctx, e.Key, i18n.Args(e.Args))
}

// faultTexts are the faults of an error in the reader's language.
func faultTexts(ctx context.Context, e *operation.Error) []string {
	var out []string
	for _, f := range e.Faults {
		out = append(out, i18n.T(ctx, f.Key, i18n.Args(f.Args)))
	}
	return out
}

// faults are what a form says is wrong, by field; nil when err is no Invalid.
type faults struct {
	list    []ui.FieldError
	byField map[string]string
	notices []ui.NoticeProps // what is to be thought about, though nothing is wrong
}

// faultsOf reads the faults of an operation's error for a form. The second
// value is false when the error is of another kind and must not be swallowed.
func faultsOf(ctx context.Context, err error) (faults, bool) {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid || len(e.Faults) == 0 {
		return faults{}, false
	}
	out := faults{byField: map[string]string{}}
	for _, f := range e.Faults {
		text := i18n.T(ctx, f.Key, i18n.Args(f.Args))
		// A fault in one line of a list belongs to the field that holds the list.
		field, _, _ := strings.Cut(f.Field, ".")
		if own, ok := strings.CutPrefix(f.Field, "custom."); ok {
			field = customPrefix + own
		}
		out.list = append(out.list, ui.FieldError{Field: field, Message: text})
		if out.byField[field] == "" {
			out.byField[field] = text
		}
	}
	return out, true
}

// formFaults are the faults of an error for a short form, which says that
// somebody else was first as one more fault: what was typed stays, and sending
// it again goes by the newer version.
func formFaults(ctx context.Context, err error) (faults, bool) {
	var e *operation.Error
	if errors.As(err, &e) && e.Kind == operation.Conflict {
		return faults{list: []ui.FieldError{{Message: message(ctx, e)}}, byField: map[string]string{}}, true
	}
	return faultsOf(ctx, err)
}

// renamed moves an error's faults from an operation's field to the form's.
func renamed(err error, from, to string) error {
	var e *operation.Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Faults = nil
	for _, f := range e.Faults {
		if field, _, _ := strings.Cut(f.Field, "."); field == from {
			f.Field = to
		}
		out.Faults = append(out.Faults, f)
	}
	return &out
}

// explain names each fault by its field's label, for the summary at the top.
func (f faults) explain(fields []ui.FieldProps) []ui.FieldError {
	labels := map[string]string{}
	for _, field := range fields {
		labels[field.Name] = field.Label
	}
	out := make([]ui.FieldError, len(f.list))
	for i, e := range f.list {
		out[i] = e
		if label := labels[e.Field]; label != "" && !strings.HasPrefix(e.Message, label+":") {
			out[i].Message = label + ": " + e.Message
		}
	}
	return out
}

// mark puts each fault beside its field.
func (f faults) mark(fields []ui.FieldProps) []ui.FieldProps {
	for i := range fields {
		fields[i].Error = f.byField[fields[i].Name]
	}
	return fields
}

// lines splits a text area into its lines.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// formFields renders fields one after another.
func formFields(fields []ui.FieldProps) templ.Component {
	out := make([]templ.Component, len(fields))
	for i, f := range fields {
		out[i] = ui.Field(f)
	}
	return templ.Join(out...)
}

// with gives a component its children.
func with(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// returnTo is where to go after an action: the address the form names, if it
// lies on this site, or otherwise.
func returnTo(r *http.Request, otherwise string) string {
	if next := r.PostFormValue("return"); next != "" && access.SafeNext(next) == next {
		return next
	}
	return otherwise
}

// query is an address with changed parameters: an empty value takes one away.
// What was just done is said once.
func query(u *url.URL, changes ...string) string {
	q := u.Query()
	for _, passing := range passingParameters {
		q.Del(passing)
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			q.Del(changes[i])
		} else {
			q.Set(changes[i], changes[i+1])
		}
	}
	if len(q) == 0 {
		return u.EscapedPath()
	}
	return u.EscapedPath() + "?" + q.Encode()
}
