package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// principlesOptions are the versions of the principles, the newest first.
func (s *Server) principlesOptions(ctx context.Context) ([]ui.Option, error) {
	page, err := collaborative.ListPrinciples.Do(ctx, s.app.Door, collaborative.ListPrinciplesInput{Limit: 50})
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	for _, p := range page.Items {
		out = append(out, ui.Option{Value: strconv.FormatInt(p.Number, 10), Label: principlesTitle(ctx, p.Number) + " · " + principlesSince(ctx, p)})
	}
	return out, nil
}

// agreementFields are the fields of the form. The organization is chosen once.
// choice is the question which person is meant, where a name fits several.
func (s *Server) agreementFields(ctx context.Context, values url.Values, choice *ui.FieldProps) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "agreements.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "agreements.help_"+key) }
	var fields []ui.FieldProps
	if !values.Has("version") {
		organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
		if err != nil {
			return nil, err
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Required: true, Blank: i18n.T(ctx, "list.choose"), Options: organizations})
	}
	versions, err := s.principlesOptions(ctx)
	if err != nil {
		return nil, err
	}
	fields = append(fields,
		ui.FieldProps{Kind: ui.Select, Name: "principles", Label: t("principles"), Help: help("principles"), Options: versions},
		ui.FieldProps{Kind: ui.Number, Name: "term_months", Label: t("term_months"), Help: help("term_months"), Required: true, Min: "1", Max: "240", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.TextArea, Name: "text", Label: t("text"), Help: help("text"), Rows: 8, MaxLength: 20000},
		ui.FieldProps{Kind: ui.TextArea, Name: "transition", Label: t("transition"), Help: help("transition"), Rows: 4, MaxLength: 5000},
		s.personLookup(ctx, values, "signatory", t("signatory_id"), help("signatory_id")))
	if choice != nil {
		fields = append(fields, *choice)
	}
	fields = append(fields,
		ui.FieldProps{Name: "signatory_name", Label: t("signatory_name"), Help: help("signatory_name"), MaxLength: 200, Autocomplete: "off"},
		ui.FieldProps{Name: "signatory_title", Label: t("signatory_title"), MaxLength: 200, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Email, Name: "signatory_email", Label: t("signatory_email"), Help: help("signatory_email"), MaxLength: 254, Autocomplete: "off", VisibleTo: i18n.T(ctx, "visible.backbone")},
		ui.FieldProps{Kind: ui.Select, Name: "language", Label: t("language"), Help: help("language"), Blank: i18n.T(ctx, "agreements.own_language"), Options: options(ctx, "languages.", i18n.Languages())})
	return filled(fields, values), nil
}

func agreementValues(ctx context.Context, s *Server, a agreements.Agreement) url.Values {
	v := url.Values{"principles": {strconv.FormatInt(a.Principles, 10)}, "term_months": {number(a.TermMonths)}, "text": {a.Text}, "transition": {a.Transition},
		"signatory_id": {a.SignatoryID.String()}, "signatory_name": {a.SignatoryName}, "signatory_title": {a.SignatoryTitle}, "signatory_email": {a.SignatoryEmail},
		"language": {a.Language}, "version": {strconv.FormatInt(a.Version, 10)}}
	if !a.SignatoryID.IsZero() {
		if p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: a.SignatoryID}); err == nil {
			v.Set("signatory", p.Name())
		}
	}
	return v
}

func agreementInput(v url.Values) agreements.Input {
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // the operation says what is missing
	return agreements.Input{OrganizationID: organization, Principles: whole(v.Get("principles")), TermMonths: whole(v.Get("term_months")), Text: v.Get("text"), Transition: v.Get("transition"),
		SignatoryName: v.Get("signatory_name"), SignatoryTitle: v.Get("signatory_title"), SignatoryEmail: v.Get("signatory_email"), Language: v.Get("language")}
}

// agreementEditor are the forms of an agreement, for one request.
func (s *Server) agreementEditor(ctx context.Context) *editor[agreements.Agreement] {
	type agreement = agreements.Agreement
	var choice *ui.FieldProps
	person := func(ctx context.Context, v url.Values) (i directory.PersonID, err error) {
		i, choice, err = s.personChoice(ctx, v, "signatory")
		return i, err
	}
	return &editor[agreement]{area: "agreements", noun: "organizations", kind: agreements.Kind,
		name: func(a agreement) string { return a.Organization }, short: func(a agreement) string { return a.ID.Short() },
		version: func(a agreement) int64 { return a.Version }, trashed: func(a agreement) bool { return a.DeletedAt != nil },
		values: func(a agreement) url.Values { return agreementValues(ctx, s, a) },
		fields: func(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
			return s.agreementFields(ctx, values, choice)
		},
		hidden: func(values url.Values) []ui.Hidden {
			if choice == nil {
				return nil
			}
			return []ui.Hidden{{Name: "signatory_for", Value: values.Get("signatory")}}
		},
		get: func(ctx context.Context, i [16]byte) (agreement, error) {
			return agreements.Get.Do(ctx, s.app.Door, agreements.Ref{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (a agreement, err error) {
			in := agreementInput(v)
			if in.SignatoryID, err = person(ctx, v); err != nil {
				return a, err
			}
			a, err = agreements.Create.Do(ctx, s.app.Door, in)
			return a, renamed(err, "signatory_id", "signatory")
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (a agreement, err error) {
			in := agreementInput(v)
			if in.SignatoryID, err = person(ctx, v); err != nil {
				return a, err
			}
			a, err = agreements.Edit.Do(ctx, s.app.Door, agreements.Patch{ID: i, Version: whole(v.Get("version")), Principles: &in.Principles, Text: &in.Text, Transition: &in.Transition,
				TermMonths: &in.TermMonths, SignatoryID: &in.SignatoryID, SignatoryName: &in.SignatoryName, SignatoryTitle: &in.SignatoryTitle, SignatoryEmail: &in.SignatoryEmail, Language: &in.Language})
			return a, renamed(err, "signatory_id", "signatory")
		}}
}

// agreementNew is GET …/agreements/new.
func (s *Server) agreementNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	versions, err := s.principlesOptions(ctx)
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		// There is nothing to accept yet.
		props := ui.PageProps{Title: i18n.T(ctx, "agreements.add"), Crumbs: s.agreementCrumbs(ctx)}
		e := ui.EmptyProps{Title: i18n.T(ctx, "principles.empty"), Text: i18n.T(ctx, "agreements.no_principles")}
		if s.may(ctx, "principles.adopt") {
			e.Actions = []ui.Action{{Label: i18n.T(ctx, "principles.adopt"), Href: place(ctx, "settings/principles/new"), Icon: "plus"}}
		}
		return s.show(w, r, http.StatusOK, "organizations", props, ui.Empty(e))
	}
	values := url.Values{"principles": {versions[0].Value}, "term_months": {number(agreements.DefaultTermMonths)}}
	if i, err := id.Parse[directory.Organization](r.URL.Query().Get("organization")); err == nil {
		values.Set("organization_id", i.String())
	}
	return s.agreementEditor(ctx).add(s, w, r, values)
}

// agreementCreate is POST …/agreements.
func (s *Server) agreementCreate(w http.ResponseWriter, r *http.Request) error {
	return s.agreementEditor(r.Context()).added(s, w, r)
}

// agreementEdit is GET …/agreements/{id}/edit. What was sent or signed cannot be
// changed; the page says so and what can be done instead.
func (s *Server) agreementEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := s.agreement(r)
	if err != nil {
		return err
	}
	if a.State != agreements.Draft {
		return s.agreementCannot(w, r, a, i18n.T(r.Context(), "list.edit"), "agreements.no_edit")
	}
	return s.agreementEditor(r.Context()).change(s, w, r)
}

// agreementSave is POST …/agreements/{id}.
func (s *Server) agreementSave(w http.ResponseWriter, r *http.Request) error {
	return s.agreementEditor(r.Context()).changed(s, w, r)
}

// agreementCannot is a form's page where the form would be refused: why, and the
// way back.
func (s *Server) agreementCannot(w http.ResponseWriter, r *http.Request, a agreements.Agreement, title, key string) error {
	ctx := r.Context()
	props := ui.PageProps{Title: title, Lede: a.Organization, Crumbs: append(s.agreementCrumbs(ctx), ui.Link{Label: a.Organization, Href: place(ctx, "agreements/"+a.ID.Short())})}
	return s.show(w, r, http.StatusOK, "organizations", props, plain(i18n.T(ctx, key)), acts([]ui.Action{{Label: i18n.T(ctx, "agreements.back"), Href: place(ctx, "agreements/"+a.ID.Short()), Kind: ui.Main}}))
}

// agreementShort shows a short form about an agreement.
func (s *Server) agreementShort(w http.ResponseWriter, r *http.Request, status int, a agreements.Agreement, title, step string, fields []ui.FieldProps, values url.Values, f faults) error {
	ctx := r.Context()
	fields = f.mark(filled(fields, values))
	address := place(ctx, "agreements/"+a.ID.Short())
	props := ui.PageProps{Title: title, Lede: a.Organization, Crumbs: append(s.agreementCrumbs(ctx), ui.Link{Label: a.Organization, Href: address})}
	form := ui.FormProps{Action: address + "/" + step, Errors: f.explain(fields), Submit: title, Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(a.Version, 10)}}}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), formFields(fields)))
}

func (s *Server) paperForm(w http.ResponseWriter, r *http.Request, status int, a agreements.Agreement, values url.Values, f faults) error {
	ctx := r.Context()
	return s.agreementShort(w, r, status, a, i18n.T(ctx, "agreements.record_paper"), "paper", []ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "agreements.field_signed_name"), Required: true, MaxLength: 120, Autocomplete: "off"},
		{Kind: ui.Date, Name: "on", Label: i18n.T(ctx, "agreements.field_signed_on"), Help: i18n.T(ctx, "agreements.help_signed_on"), Required: true},
	}, values, f)
}

// agreementPaper is GET …/agreements/{id}/paper.
func (s *Server) agreementPaper(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.agreement(r)
	if err != nil {
		return err
	}
	if a.State != agreements.Draft && a.State != agreements.Sent {
		return s.agreementCannot(w, r, a, i18n.T(ctx, "agreements.record_paper"), "agreements.no_record")
	}
	return s.paperForm(w, r, http.StatusOK, a, url.Values{"name": {a.SignatoryName}, "on": {s.today(ctx)}}, faults{})
}

// agreementPaperRecord is POST …/agreements/{id}/paper.
func (s *Server) agreementPaperRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.agreement(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	_, err = agreements.RecordSignature.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, agreements.RecordInput{ID: a.ID, Version: formVersion(r), Name: r.PostFormValue("name"), On: r.PostFormValue("on")})
	if f, ok := formFaults(ctx, err); ok {
		return s.paperForm(w, r, http.StatusUnprocessableEntity, a, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "agreements/"+a.ID.Short()), "agreements.record-signature", receipt)
}

func (s *Server) endForm(w http.ResponseWriter, r *http.Request, status int, a agreements.Agreement, values url.Values, f faults) error {
	ctx := r.Context()
	note := i18n.T(ctx, "agreements.help_end_note")
	if a.Transition != "" {
		note += " " + i18n.T(ctx, "agreements.clause_says", i18n.Args{"Clause": firstLine(a.Transition)})
	}
	return s.agreementShort(w, r, status, a, i18n.T(ctx, "agreements.end"), "end", []ui.FieldProps{
		{Kind: ui.Date, Name: "on", Label: i18n.T(ctx, "agreements.field_valid_to"), Help: i18n.T(ctx, "agreements.help_valid_to"), Required: true},
		{Kind: ui.TextArea, Name: "note", Label: i18n.T(ctx, "agreements.field_end_note"), Help: note, Rows: 4, MaxLength: 2000, VisibleTo: i18n.T(ctx, "visible.backbone")},
	}, values, f)
}

// agreementEnd is GET …/agreements/{id}/end.
func (s *Server) agreementEnd(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.agreement(r)
	if err != nil {
		return err
	}
	if a.From == "" || a.To != "" {
		return s.agreementCannot(w, r, a, i18n.T(ctx, "agreements.end"), "agreements.no_end")
	}
	return s.endForm(w, r, http.StatusOK, a, url.Values{"on": {s.today(ctx)}}, faults{})
}

// agreementEnded is POST …/agreements/{id}/end.
func (s *Server) agreementEnded(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.agreement(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	_, err = agreements.End.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, agreements.EndInput{ID: a.ID, Version: formVersion(r), On: r.PostFormValue("on"), Note: r.PostFormValue("note")})
	if f, ok := formFaults(ctx, err); ok {
		return s.endForm(w, r, http.StatusUnprocessableEntity, a, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "agreements/"+a.ID.Short()), "agreements.end", receipt)
}
