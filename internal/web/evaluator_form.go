package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// evaluatorEditor are the forms of an agreement with an evaluator, for one request.
func (s *Server) evaluatorEditor() *editor[evaluation.Agreement] {
	type agreement = evaluation.Agreement
	var choice *ui.FieldProps
	person := func(ctx context.Context, v url.Values) (i directory.PersonID, err error) {
		i, choice, err = s.personChoice(ctx, v, "person")
		return i, err
	}
	waves := func(v url.Values) (out []surveys.WaveID) {
		for _, text := range v["waves"] {
			if i, err := id.Parse[surveys.Wave](text); err == nil {
				out = append(out, i)
			}
		}
		return out
	}
	return &editor[agreement]{area: "evaluators", noun: "working-together", kind: evaluation.Kind, ops: "evaluator-agreements",
		name: agreement.Title, short: func(a agreement) string { return a.ID.Short() },
		version: func(a agreement) int64 { return a.Version }, trashed: func(a agreement) bool { return a.DeletedAt != nil },
		values: func(a agreement) url.Values {
			v := url.Values{"person_id": {a.PersonID.String()}, "person": {a.Person}, "organization": {a.Organization}, "purpose": {a.Purpose}, "language": {a.Language}, "valid_until": {a.Until}, "destroy_by": {a.DestroyBy}, "version": {number(a.Version)}}
			for _, w := range a.Waves {
				v.Add("waves", w.ID.String())
			}
			return v
		},
		fields: func(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
			return s.evaluatorFields(ctx, values, choice)
		},
		hidden: func(values url.Values) []ui.Hidden {
			if choice == nil {
				return nil
			}
			return []ui.Hidden{{Name: "person_for", Value: values.Get("person")}}
		},
		get: func(ctx context.Context, i [16]byte) (agreement, error) {
			return evaluation.Get.Do(ctx, s.app.Door, evaluation.Ref{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (a agreement, err error) {
			who, err := person(ctx, v) // none is a fault of the operation
			if err != nil {
				return a, err
			}
			a, err = evaluation.Create.Do(ctx, s.app.Door, evaluation.Input{PersonID: who, Organization: v.Get("organization"), Purpose: v.Get("purpose"), Waves: waves(v), Language: v.Get("language"), Until: v.Get("valid_until"), DestroyBy: v.Get("destroy_by")})
			return a, renamed(err, "person_id", "person")
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (a agreement, err error) {
			who, err := person(ctx, v)
			if err != nil {
				return a, err
			}
			organization, purpose, language, until, destroy, list := v.Get("organization"), v.Get("purpose"), v.Get("language"), v.Get("valid_until"), v.Get("destroy_by"), waves(v)
			a, err = evaluation.Edit.Do(ctx, s.app.Door, evaluation.Patch{ID: i, Version: whole(v.Get("version")), PersonID: &who, Organization: &organization, Purpose: &purpose, Waves: &list, Language: &language, Until: &until, DestroyBy: &destroy})
			return a, renamed(err, "person_id", "person")
		}}
}

// evaluatorFields are the fields of the form. The evaluator is somebody on record, who may
// have no account yet; the waves are those of which a file may go to one. choice is the
// question which person is meant, where a name fits several.
func (s *Server) evaluatorFields(ctx context.Context, values url.Values, choice *ui.FieldProps) ([]ui.FieldProps, error) {
	t := func(key string) string { return evaluatorText(ctx, "field_"+key) }
	waves, err := evaluation.ListFileable.Do(ctx, s.app.Door, evaluation.TermsInput{})
	if err != nil {
		return nil, err
	}
	var choices []ui.Option
	for _, w := range waves.Items {
		choices = append(choices, ui.Option{Value: w.ID.String(), Label: w.Title, Help: evaluatorFileText(ctx, w)})
	}
	if len(choices) == 0 {
		choices = []ui.Option{}
	}
	who := s.personLookup(ctx, values, "person", t("person"), evaluatorText(ctx, "help_person"))
	who.Required = true
	fields := []ui.FieldProps{who}
	if choice != nil {
		fields = append(fields, *choice)
	}
	fields = append(fields, []ui.FieldProps{
		{Kind: ui.Text, Name: "organization", Label: t("organization"), Help: evaluatorText(ctx, "help_organization"), MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "purpose", Label: t("purpose"), Rows: 3, MaxLength: 2000, Required: true},
	}...)
	if len(choices) > 0 {
		fields = append(fields, ui.FieldProps{Kind: ui.Checkboxes, Name: "waves", Label: t("waves"), Help: evaluatorText(ctx, "help_waves"), Options: choices})
	} else {
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "waves", Label: t("waves"), Help: evaluatorText(ctx, "help_waves"), Blank: i18n.T(ctx, "list.none")})
	}
	return filled(append(fields,
		ui.FieldProps{Kind: ui.Select, Name: "language", Label: t("language"), Help: evaluatorText(ctx, "help_language"), Options: options(ctx, "languages.", i18n.Languages())},
		ui.FieldProps{Kind: ui.Date, Name: "valid_until", Label: t("valid_until"), Min: s.today(ctx), Required: true},
		ui.FieldProps{Kind: ui.Date, Name: "destroy_by", Label: t("destroy_by"), Min: s.today(ctx), Required: true},
	), values), nil
}

func (s *Server) evaluatorNew(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorEditor().add(s, w, r, url.Values{"language": {i18n.Language(r.Context())}})
}

func (s *Server) evaluatorCreate(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorEditor().added(s, w, r)
}

func (s *Server) evaluatorEdit(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorEditor().change(s, w, r)
}

func (s *Server) evaluatorSave(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorEditor().changed(s, w, r)
}

func (s *Server) evaluatorTrash(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorStep(w, r, evaluation.Trash)
}

func (s *Server) evaluatorRestore(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorStep(w, r, evaluation.Restore)
}

// evaluatorSend is POST …/evaluators/{id}/send.
func (s *Server) evaluatorSend(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorStep(w, r, s.app.Evaluation.Send)
}

// evaluatorWithdraw is POST …/evaluators/{id}/withdraw.
func (s *Server) evaluatorWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorStep(w, r, evaluation.Withdraw)
}

func (s *Server) evaluatorStep(w http.ResponseWriter, r *http.Request, op *operation.Operation[evaluation.AtVersion, evaluation.Agreement]) error {
	return moved(s, w, r, "evaluators", op, func(i [16]byte, version int64) evaluation.AtVersion {
		return evaluation.AtVersion{ID: i, Version: version}
	})
}

// evaluatorTerms is GET …/evaluators/terms: what evaluators promise, in every language.
func (s *Server) evaluatorTerms(w http.ResponseWriter, r *http.Request) error {
	terms, err := evaluation.GetTerms.Do(r.Context(), s.app.Door, evaluation.TermsInput{})
	if err != nil {
		return err
	}
	values := url.Values{"newest": {number(terms.Number)}}
	for l, text := range terms.Texts {
		values.Set(l, text)
	}
	return s.evaluatorTermsPage(w, r, http.StatusOK, terms, values, faults{})
}

func (s *Server) evaluatorTermsPage(w http.ResponseWriter, r *http.Request, status int, terms evaluation.Terms, values url.Values, f faults) error {
	ctx := r.Context()
	props := ui.PageProps{Title: evaluatorText(ctx, "terms_title"), Crumbs: evaluatorCrumbs(ctx), Lede: evaluatorText(ctx, "terms_program")}
	if terms.AdoptedAt != nil {
		props.Lede = evaluatorText(ctx, "terms_version", i18n.Args{"Number": number(terms.Number), "Day": i18n.ShortDate(ctx, *terms.AdoptedAt), "Name": named(ctx, terms.By)})
	}
	if !s.may(ctx, "evaluator-terms.adopt") {
		return s.show(w, r, status, "working-together", props, paragraphs(terms.Texts[i18n.Language(ctx)]))
	}
	var fields []ui.FieldProps
	for _, l := range i18n.Languages() {
		fields = append(fields, ui.FieldProps{Kind: ui.TextArea, Name: l, Label: i18n.Name(l), Lang: l, Rows: 14, MaxLength: 20000})
	}
	fields = f.mark(filled(fields, values))
	form := ui.FormProps{Action: place(ctx, "evaluators/terms"), Errors: f.explain(fields), Submit: evaluatorText(ctx, "terms_adopt"), Hidden: []ui.Hidden{{Name: "newest", Value: values.Get("newest")}}}
	return s.show(w, r, status, "working-together", props, muted(evaluatorText(ctx, "terms_help")), with(ui.Form(form), formFields(fields)))
}

// evaluatorTermsAdopt is POST …/evaluators/terms.
func (s *Server) evaluatorTermsAdopt(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	_, err := evaluation.AdoptTerms.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, evaluation.AdoptInput{Newest: whole(v.Get("newest")), En: v.Get("en"), Fr: v.Get("fr"), Es: v.Get("es")})
	var conflict *operation.Error
	f, faulty := faultsOf(ctx, err)
	if faulty || errors.As(err, &conflict) && conflict.Kind == operation.Conflict {
		terms, err := evaluation.GetTerms.Do(ctx, s.app.Door, evaluation.TermsInput{})
		if err != nil {
			return err
		}
		v.Set("newest", number(terms.Number))
		return s.evaluatorTermsPage(w, r, http.StatusUnprocessableEntity, terms, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "evaluators/terms"), "evaluator-terms.adopt", receipt)
}
