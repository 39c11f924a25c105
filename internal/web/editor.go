package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// editor is what the forms of every kind of record share: adding one, changing
// one, saying what is wrong with what was typed, and setting beside it what
// someone else saved meanwhile, so that neither text is lost.
type editor[T any] struct {
	area string // of the catalogue, of the address and of the operations' ids
	noun string // the entry of the rail the pages belong to
	kind string // the kind of subject, for the history
	ops  string // the first part of its operations' ids, where that is not the area
	// what the form needs to know of a record
	name    func(T) string
	short   func(T) string
	version func(T) int64
	trashed func(T) bool
	values  func(T) url.Values
	// fields are the form, filled from what was typed or stored.
	fields func(ctx context.Context, values url.Values) ([]ui.FieldProps, error)
	get    func(ctx context.Context, i [16]byte) (T, error)
	create func(ctx context.Context, values url.Values) (T, error)
	edit   func(ctx context.Context, i [16]byte, values url.Values) (T, error)
	// hidden are values that travel along unseen; none when nil.
	hidden func(values url.Values) []ui.Hidden
	// above is where a new record's form leads back to; the list when nil.
	above func(ctx context.Context, values url.Values) ui.Link
	// alike warns that a record like the one to be added is there; nil when
	// nothing is looked for.
	alike func(ctx context.Context, values url.Values) ([]ui.NoticeProps, error)
}

// address is a record's page.
func (e *editor[T]) address(ctx context.Context, short string) string {
	return place(ctx, e.area+"/"+short)
}

func (e *editor[T]) back(ctx context.Context, values url.Values) ui.Link {
	if e.above != nil {
		return e.above(ctx, values)
	}
	return ui.Link{Label: i18n.T(ctx, e.area+".title"), Href: place(ctx, e.area)}
}

// add is GET …/new, with what the address already says filled in.
func (e *editor[T]) add(s *Server, w http.ResponseWriter, r *http.Request, values url.Values) error {
	if !s.may(r.Context(), or(e.ops, e.area)+".create") {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	return e.form(s, w, r, http.StatusOK, "", "", values, faults{})
}

// added is POST … for a new record.
func (e *editor[T]) added(s *Server, w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if e.alike != nil && r.PostFormValue("sure") == "" {
		notices, err := e.alike(ctx, r.PostForm)
		if err != nil {
			return err
		}
		if len(notices) > 0 {
			return e.form(s, w, r, http.StatusUnprocessableEntity, "", "", r.PostForm, faults{notices: notices})
		}
	}
	var receipt operation.Receipt
	t, err := e.create(operation.WithReceipt(ctx, &receipt), r.PostForm)
	if f, ok := faultsOf(ctx, err); ok {
		return e.form(s, w, r, http.StatusUnprocessableEntity, "", "", r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, e.address(ctx, e.short(t)), or(e.ops, e.area)+".create", receipt)
}

// change is GET …/{id}/edit.
func (e *editor[T]) change(s *Server, w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[T](r)
	if err != nil {
		return err
	}
	t, err := e.get(r.Context(), i)
	if err != nil {
		return err
	}
	return e.form(s, w, r, http.StatusOK, i.Short(), e.name(t), e.values(t), faults{})
}

// changed is POST …/{id}.
func (e *editor[T]) changed(s *Server, w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[T](r)
	if err != nil {
		return err
	}
	values := settle(r.PostForm)
	var receipt operation.Receipt
	t, err := e.edit(operation.WithReceipt(ctx, &receipt), i, values)
	var failure *operation.Error
	if errors.As(err, &failure) && failure.Kind == operation.Conflict {
		return e.conflict(s, w, r, i, values)
	}
	if f, ok := faultsOf(ctx, err); ok {
		now, err := e.get(ctx, i) // for the name it has
		if err != nil {
			return err
		}
		return e.form(s, w, r, http.StatusUnprocessableEntity, i.Short(), e.name(now), values, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, e.address(ctx, e.short(t)), or(e.ops, e.area)+".edit", receipt)
}

// form shows the form; short is "" for a new record.
func (e *editor[T]) form(s *Server, w http.ResponseWriter, r *http.Request, status int, short, name string, values url.Values, f faults) error {
	ctx := r.Context()
	fields, err := e.fields(ctx, values)
	if err != nil {
		return err
	}
	fields = f.mark(fields)
	back := e.back(ctx, values)
	props := ui.PageProps{Title: i18n.T(ctx, e.area+".add"), Crumbs: []ui.Link{back}}
	form := ui.FormProps{Action: place(ctx, e.area), Errors: f.explain(fields), Cancel: ui.Link{Href: back.Href}}
	if len(f.notices) > 0 {
		props.Notices, form.Submit = f.notices, i18n.T(ctx, "resemblance.add_anyway")
		form.Hidden = []ui.Hidden{{Name: "sure", Value: "yes"}}
	}
	if short != "" {
		address := e.address(ctx, short)
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": name})
		props.Heading = i18n.T(ctx, "list.edit")
		props.Crumbs = append(props.Crumbs, ui.Link{Label: name, Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: values.Get("version")}}
	}
	if e.hidden != nil {
		form.Hidden = append(form.Hidden, e.hidden(values)...)
	}
	return s.show(w, r, status, e.noun, props, with(ui.Form(form), formFields(fields)))
}

// conflict shows what someone else saved meanwhile beside what was typed.
func (e *editor[T]) conflict(s *Server, w http.ResponseWriter, r *http.Request, i id.Of[T], yours url.Values) error {
	ctx := r.Context()
	now, err := e.get(ctx, i)
	if err != nil {
		return err
	}
	if e.trashed(now) {
		return operation.Missing()
	}
	fields, err := e.fields(ctx, yours)
	if err != nil {
		return err
	}
	conflict, err := s.conflict(r, e.kind, i, e.version(now), fields, e.values(now), yours)
	if err != nil {
		return err
	}
	address := e.address(ctx, i.Short())
	conflict.Action, conflict.Cancel = address, ui.Link{Href: address}
	props := ui.PageProps{Title: i18n.T(ctx, "list.conflict"), Crumbs: []ui.Link{e.back(ctx, yours), {Label: e.name(now), Href: address}}}
	return s.show(w, r, http.StatusConflict, e.noun, props, ui.Conflict(conflict))
}

// filled gives each field its value.
func filled(fields []ui.FieldProps, values url.Values) []ui.FieldProps {
	for i := range fields {
		switch fields[i].Kind {
		case ui.Checkbox:
			fields[i].Checked = values.Get(fields[i].Name) == "true"
		case ui.Checkboxes:
			fields[i].Values = values[fields[i].Name]
		default:
			fields[i].Value = values.Get(fields[i].Name)
		}
	}
	return fields
}

// ticked is the value of a checkbox in a form: "true", or nothing.
func ticked(yes bool) string {
	if yes {
		return "true"
	}
	return ""
}

// moved puts the record of the address into the trash or takes it out.
func moved[V, T any](s *Server, w http.ResponseWriter, r *http.Request, area string, op *operation.Operation[V, T], at func(i [16]byte, version int64) V) error {
	ctx := r.Context()
	i, err := pathID[T](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, at(i, formVersion(r))); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, area+"/"+i.Short()), op.ID, receipt)
}
