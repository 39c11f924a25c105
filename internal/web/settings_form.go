package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// settingsForm is one form over some of the collaborative's fields. The forms
// for facts, words and rules are made alike and differ in these.
type settingsForm struct {
	key    string // "facts", "labels" or "rules", in addresses and the catalogue
	fields func(ctx context.Context, values url.Values) []ui.FieldProps
	input  func(values url.Values) collaborative.EditInput
	// arrange lays out the fields; one after another when nil.
	arrange func(ctx context.Context, fields []ui.FieldProps) templ.Component
	extra   []ui.SubmitButton
}

// settingsEdit shows a form with what is stored.
func (s *Server) settingsEdit(w http.ResponseWriter, r *http.Request, form settingsForm) error {
	ctx := r.Context()
	if !s.may(ctx, "collaboratives.edit") {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	k, err := collaborative.Get.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	return s.settingsShow(w, r, http.StatusOK, form, collaborativeValues(k), faults{})
}

// settingsSave stores a form. An edit that someone else overtook goes through
// when they changed other things than this form holds.
func (s *Server) settingsSave(w http.ResponseWriter, r *http.Request, form settingsForm) error {
	values := settle(r.PostForm)
	err := s.settingsStore(w, r, form, values)
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Conflict {
		return err
	}
	now, err := collaborative.Get.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	stored := collaborativeValues(now)
	conflict, err := s.conflict(r, collaborative.Kind, now.ID, now.Version, form.fields(r.Context(), values), stored, values)
	if err != nil {
		return err
	}
	if !touched(conflict.Fields) {
		values.Set("version", stored.Get("version"))
		return s.settingsStore(w, r, form, values)
	}
	conflict.Action = place(r.Context(), "settings/"+form.key)
	conflict.Cancel = ui.Link{Href: conflict.Action}
	return s.show(w, r, http.StatusConflict, "settings", settingsProps(r.Context(), form.key), ui.Conflict(conflict))
}

// touched says whether someone else changed any field of the form since it was
// opened.
func touched(fields []ui.ConflictField) bool {
	for _, f := range fields {
		if !same(f.Base, f.Theirs) {
			return true
		}
	}
	return false
}

// settingsStore runs the operation once and shows the outcome, except a conflict.
func (s *Server) settingsStore(w http.ResponseWriter, r *http.Request, form settingsForm, values url.Values) error {
	ctx := r.Context()
	in := form.input(values)
	in.Version, _ = strconv.ParseInt(values.Get("version"), 10, 64) // 0 is refused by the operation
	var receipt operation.Receipt
	_, err := collaborative.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, perLabel(err)); ok {
		return s.settingsShow(w, r, http.StatusUnprocessableEntity, form, values, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/"+form.key), "collaboratives.edit", receipt)
}

// perLabel names the field of the form for each fault of a label.
func perLabel(err error) error {
	var e *operation.Error
	if !errors.As(err, &e) {
		return err
	}
	renamed := *e
	renamed.Faults = nil
	for _, f := range e.Faults {
		if key, ok := strings.CutPrefix(f.Field, "labels."); ok {
			f.Field = "label_" + key
		}
		renamed.Faults = append(renamed.Faults, f)
	}
	return &renamed
}

func settingsProps(ctx context.Context, key string) ui.PageProps {
	return ui.PageProps{Title: i18n.T(ctx, "settings."+key), Lede: i18n.T(ctx, "settings.about_"+key), Crumbs: settingsCrumbs(ctx)}
}

// settingsShow shows a form with values: what is stored, or what was typed.
func (s *Server) settingsShow(w http.ResponseWriter, r *http.Request, status int, form settingsForm, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark(form.fields(ctx, values))
	props := ui.FormProps{Action: place(ctx, "settings/"+form.key), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "settings")},
		Hidden: []ui.Hidden{{Name: "version", Value: values.Get("version")}}, Extra: form.extra}
	body := formFields(fields)
	if form.arrange != nil {
		body = form.arrange(ctx, fields)
	}
	for i, b := range props.Extra {
		props.Extra[i].Label = i18n.T(ctx, b.Label)
	}
	return s.show(w, r, status, "settings", settingsProps(ctx, form.key), with(ui.Form(props), body))
}

// collaborativeValues are the stored collaborative as the forms have it.
func collaborativeValues(k collaborative.Collaborative) url.Values {
	second := ""
	if k.RequireSecondFactor {
		second = "true"
	}
	out := url.Values{
		"name": {k.Name}, "place": {k.Place}, "population": {k.Population}, "purpose": {k.Purpose}, "zone": {k.Zone}, "phase": {k.Phase},
		"language": {k.Language}, "languages": k.Languages, "currency": {k.Currency},
		"survey_minimum": {strconv.FormatInt(k.SurveyMinimum, 10)}, "people_minimum": {strconv.FormatInt(k.PeopleMinimum, 10)}, "require_second_factor": {second},
		"version": {strconv.FormatInt(k.Version, 10)},
	}
	for _, key := range collaborative.LabelKeys {
		out.Set("label_"+key, k.Labels[key])
	}
	return out
}
