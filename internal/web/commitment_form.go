package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

func commitmentCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "commitments.title"), Href: place(ctx, "commitments")}}
}

// commitment reads the commitment of the address.
func (s *Server) commitment(r *http.Request) (commitments.Commitment, error) {
	i, err := pathID[commitments.Commitment](r)
	if err != nil {
		return commitments.Commitment{}, err
	}
	return commitments.Get.Do(r.Context(), s.app.Door, commitments.Ref{ID: i})
}

// commitmentForm shows the form of a commitment; nil is a new one. choice asks which
// person of a name is meant.
func (s *Server) commitmentForm(w http.ResponseWriter, r *http.Request, status int, k *commitments.Commitment, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "commitments.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "commitments.help_"+key) }
	organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
	if err != nil {
		return err
	}
	here, err := collaborative.Get.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	fields := []ui.FieldProps{{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Required: true, Blank: i18n.T(ctx, "list.none"), Options: organizations}}
	if k == nil {
		fields = append(fields, ui.FieldProps{Kind: ui.Radios, Name: "kind", Label: t("kind"), Options: options(ctx, "commitment_kinds.", commitments.Kinds), Required: true})
	}
	fields = append(fields, pledgeFields(ctx, here.Currency)...)
	fields = append(fields, s.personLookup(ctx, values, "given_by", t("person"), ""))
	if choice != nil {
		fields = append(fields, *choice)
	}
	fields = append(fields,
		ui.FieldProps{Name: "person", Label: t("person_name"), MaxLength: 200, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Date, Name: "pledged_on", Label: t("pledged_on")},
		ui.FieldProps{Name: "rate", Label: i18n.T(ctx, "commitments.rate_in", i18n.Args{"Currency": here.Currency}), Help: help("rate"), Size: "short", InputMode: "decimal", Autocomplete: "off"},
		ui.FieldProps{Name: "source", Label: t("source"), Help: help("source"), MaxLength: 500, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.TextArea, Name: "note", Label: t("note"), Rows: 4, MaxLength: 5000})
	fields = f.mark(filled(fields, values))
	props := ui.PageProps{Title: i18n.T(ctx, "commitments.add"), Lede: i18n.T(ctx, "commitments.form_lede"), Crumbs: commitmentCrumbs(ctx)}
	form := ui.FormProps{Action: place(ctx, "commitments"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "commitments")}}
	if k != nil {
		address := commitmentAddress(ctx, k.ID, "")
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": k.Title()})
		props.Crumbs = append(props.Crumbs, ui.Link{Label: k.Title(), Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: number(k.Version)}}
	}
	if choice != nil {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "given_by_for", Value: values.Get("given_by")})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// pledgeFields are what every form of a pledge asks for.
func pledgeFields(ctx context.Context, currency string) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "commitments.field_"+key) }
	return []ui.FieldProps{
		{Kind: ui.TextArea, Name: "text", Label: t("text"), Help: i18n.T(ctx, "commitments.help_text"), Rows: 2, MaxLength: 500},
		{Name: "amount", Label: t("amount"), Help: i18n.T(ctx, "commitments.help_amount", i18n.Args{"Currency": currency}), Size: "short", InputMode: "decimal", Autocomplete: "off"},
		{Kind: ui.Date, Name: "begins_on", Label: t("begins_on")},
		{Kind: ui.Date, Name: "ends_on", Label: t("ends_on"), Help: i18n.T(ctx, "commitments.help_ends_on")},
	}
}

// commitmentNew is GET …/commitments/new, of the organization of the address.
func (s *Server) commitmentNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"kind": {commitments.TimeKind}}
	if i, err := id.Parse[directory.Organization](r.URL.Query().Get("organization")); err == nil {
		values.Set("organization_id", i.String())
	}
	return s.commitmentForm(w, r, http.StatusOK, nil, values, nil, faults{})
}

// commitmentInput is what the form says.
func (s *Server) commitmentInput(ctx context.Context, v url.Values) (in commitments.Input, choice *ui.FieldProps, err error) {
	in = commitments.Input{Kind: v.Get("kind"), Text: v.Get("text"), Person: v.Get("person"), Source: v.Get("source"), Note: v.Get("note"), PledgedOn: v.Get("pledged_on"), BeginsOn: v.Get("begins_on"), EndsOn: v.Get("ends_on")}
	in.OrganizationID, _ = id.Parse[directory.Organization](v.Get("organization_id")) // the operation says that one is needed
	if in.Amount, err = hundredths(v.Get("amount"), "amount"); err != nil {
		return in, nil, err
	}
	if in.Rate, err = hundredths(v.Get("rate"), "rate"); err != nil {
		return in, nil, err
	}
	in.PersonID, choice, err = s.personChoice(ctx, v, "given_by")
	return in, choice, err
}

// commitmentCreate is POST …/commitments.
func (s *Server) commitmentCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in, choice, err := s.commitmentInput(ctx, v)
	var receipt operation.Receipt
	var made commitments.Commitment
	if err == nil {
		made, err = commitments.Create.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "given_by")); ok {
		return s.commitmentForm(w, r, http.StatusUnprocessableEntity, nil, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, commitmentAddress(ctx, made.ID, ""), "commitments.create", receipt)
}

// commitmentEdit is GET …/commitments/{id}/edit.
func (s *Server) commitmentEdit(w http.ResponseWriter, r *http.Request) error {
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	values := url.Values{"organization_id": {k.OrganizationID.String()}, "text": {k.Text}, "amount": {amountTyped(k.Amount)}, "rate": {amountTyped(k.Rate)}, "source": {k.Source}, "note": {k.Note},
		"pledged_on": {k.PledgedOn}, "begins_on": {k.BeginsOn}, "ends_on": {k.EndsOn}}
	if k.PersonID.IsZero() {
		values.Set("person", k.Person)
	} else {
		values.Set("given_by", k.Person)
		values.Set("given_by_id", k.PersonID.String())
	}
	return s.commitmentForm(w, r, http.StatusOK, &k, values, nil, faults{})
}

// commitmentSave is POST …/commitments/{id}.
func (s *Server) commitmentSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	in, choice, err := s.commitmentInput(ctx, v)
	var receipt operation.Receipt
	if err == nil {
		_, err = commitments.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, commitments.Patch{ID: k.ID, Version: whole(v.Get("version")), OrganizationID: &in.OrganizationID, PersonID: &in.PersonID,
			Person: &in.Person, Text: &in.Text, Amount: &in.Amount, Rate: &in.Rate, Source: &in.Source, Note: &in.Note, PledgedOn: &in.PledgedOn, BeginsOn: &in.BeginsOn, EndsOn: &in.EndsOn})
	}
	if f, ok := formFaults(ctx, renamed(err, "person_id", "given_by")); ok {
		return s.commitmentForm(w, r, http.StatusUnprocessableEntity, &k, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, commitmentAddress(ctx, k.ID, ""), "commitments.edit", receipt)
}
