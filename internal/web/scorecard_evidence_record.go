package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// evidence reads the evidence of the address, and the function it speaks for.
func (s *Server) evidence(r *http.Request) (scorecard.Evidence, error) {
	i, err := pathID[scorecard.Evidence](r)
	if err != nil {
		return scorecard.Evidence{}, err
	}
	return scorecard.GetEvidence.Do(r.Context(), s.app.Door, scorecard.EvidenceRef{ID: i})
}

func (s *Server) evidenceCrumbs(ctx context.Context, e scorecard.Evidence) ([]ui.Link, error) {
	out := scorecardCrumbs(ctx)
	rec, err := scorecard.GetFunction.Do(ctx, s.app.Door, scorecard.FunctionInput{Function: e.Function})
	if operation.KindOf(err) == operation.NotFound {
		return out, nil // put out of use since
	}
	return append(out, ui.Link{Label: lineName(ctx, rec.Line), Href: functionAddress(ctx, e.Function, "")}), err
}

// evidenceRecord is GET …/scorecard/evidence/{id}.
func (s *Server) evidenceRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.evidence(r)
	if err != nil {
		return err
	}
	crumbs, err := s.evidenceCrumbs(ctx, e)
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "scorecard", scorecard.EvidenceKind, e.ID)
	if err != nil {
		return err
	}
	address := place(ctx, "scorecard/evidence/"+e.ID.Short())
	t := func(key string) string { return cardText(ctx, "field_"+key) }
	version := []ui.Hidden{{Name: "version", Value: number(e.Version)}}
	props := ui.PageProps{Title: evidenceTitle(ctx, e), Lede: i18n.T(ctx, "scorecard_kinds."+e.Kind), Crumbs: crumbs}
	switch {
	case e.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: cardText(ctx, "is_withdrawn", i18n.Args{"When": i18n.DateTime(ctx, *e.DeletedAt)})})
		props.Primary = &ui.Action{Label: cardText(ctx, "bring_back"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.may(ctx, "scorecard-evidence.edit"):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
		props.Menu = append(props.Menu, ui.Action{Label: cardText(ctx, "withdraw"), Href: address + "/withdraw", Post: true, Hidden: version, Icon: "trash"})
	}
	facts := []ui.Fact{{Label: t("told"), Value: evidenceValue(ctx, e)}, {Label: t("happened_on"), Value: civilDay(ctx, e.HappenedOn)}}
	if told := e.Told; told != nil && told.Material != nil {
		facts = append(facts, ui.Fact{Label: t("material_id"), Value: told.Material.Title, Href: meetingAddress(ctx, told.Material.MeetingID, "/materials/"+told.Material.ID.Short())})
	}
	if e.Link != "" {
		facts = append(facts, ui.Fact{Label: t("link"), Value: e.Link, Href: e.Link})
	}
	if !e.WaveID.IsZero() && e.Told != nil && e.Told.Survey != nil {
		facts = append(facts, ui.Fact{Label: surveyText(ctx, "survey"), Value: e.Told.Survey.Wave, Href: surveyResultAddress(ctx, e.WaveID, "")})
	}
	if e.Kind == scorecard.Story && e.Teller != "" {
		facts = append(facts, ui.Fact{Label: t("teller"), Value: e.Teller}, ui.Fact{Label: t("alongside"), Value: e.Alongside}, ui.Fact{Label: t("consent"), Value: dotted(i18n.T(ctx, "scorecard_consents."+e.Consent), civilDay(ctx, e.ConsentedOn))},
			ui.Fact{Label: t("consent_until"), Value: civilDay(ctx, e.ConsentUntil)})
	}
	if e.Note != "" {
		label := t("note")
		if e.Kind == scorecard.Story {
			label = t("story")
		}
		facts = append(facts, ui.Fact{Label: label, Content: prose(e.Note)})
	}
	facts = append(facts, ui.Fact{Label: t("by"), Value: named(ctx, e.By)})
	return s.show(w, r, http.StatusOK, "bodies", props, ui.Record(ui.RecordProps{Facts: ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts}), Timeline: timeline}))
}

// formOf is the form in which a piece of evidence is written.
func formOf(e scorecard.Evidence) string {
	if e.Kind == scorecard.Count && e.Measure == "" {
		return typedFigure
	}
	return e.Kind
}

// evidenceEdit is GET …/scorecard/evidence/{id}/edit.
func (s *Server) evidenceEdit(w http.ResponseWriter, r *http.Request) error {
	e, err := s.evidence(r)
	if err != nil {
		return err
	}
	values := url.Values{"happened_on": {e.HappenedOn}, "title": {e.Title}, "note": {e.Note}, "amount": {e.Amount}, "source": {e.Source}, "link": {e.Link}, "alongside": {e.Alongside}, "teller_name": {e.TellerName},
		"consent": {e.Consent}, "consented_on": {e.ConsentedOn}, "consent_until": {e.ConsentUntil}}
	if !e.TellerID.IsZero() {
		values.Set("teller_id", e.TellerID.String())
		if e.TellerName == "" {
			values.Set("teller", e.Teller)
		}
	}
	return s.evidenceChange(w, r, http.StatusOK, e, values, nil, faults{})
}

func (s *Server) evidenceChange(w http.ResponseWriter, r *http.Request, status int, e scorecard.Evidence, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	crumbs, err := s.evidenceCrumbs(ctx, e)
	if err != nil {
		return err
	}
	address := place(ctx, "scorecard/evidence/"+e.ID.Short())
	fields := s.evidenceFields(ctx, formOf(e), values, choice)
	if !e.MaterialID.IsZero() {
		fields = fields[1:] // it is no address
	}
	fields = f.mark(filled(fields, values))
	form := ui.FormProps{Action: address, Errors: f.explain(fields), Cancel: ui.Link{Href: address}, Hidden: []ui.Hidden{{Name: "version", Value: number(e.Version)}}}
	if choice != nil {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "teller_for", Value: values.Get("teller")})
	}
	props := ui.PageProps{Title: i18n.T(ctx, "list.edit_named", i18n.Args{"Name": evidenceTitle(ctx, e)}), Lede: cardText(ctx, "edit_said"), Crumbs: append(crumbs, ui.Link{Label: evidenceTitle(ctx, e), Href: address})}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// evidenceSave is POST …/scorecard/evidence/{id}.
func (s *Server) evidenceSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	e, err := s.evidence(r)
	if err != nil {
		return err
	}
	given := func(key string) *string {
		if !v.Has(key) {
			return nil
		}
		return new(v.Get(key))
	}
	in := scorecard.EvidencePatch{ID: e.ID, Version: whole(v.Get("version")), HappenedOn: given("happened_on"), Title: given("title"), Note: given("note"), Amount: given("amount"), Source: given("source"), Link: given("link"),
		Alongside: given("alongside"), TellerName: given("teller_name"), Consent: given("consent"), ConsentedOn: given("consented_on"), ConsentUntil: given("consent_until")}
	var choice *ui.FieldProps
	if e.Kind == scorecard.Story && v.Has("teller") {
		teller, ask, found := s.personChoice(ctx, v, "teller")
		in.TellerID, choice, err = &teller, ask, found
		if v.Get("teller") == "" && v.Get("teller_name") == e.TellerName && e.TellerName != "" {
			in.TellerID = nil // told of by another name; whose it is stays
		}
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = scorecard.EditEvidence.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := formFaults(ctx, renamed(err, "teller_id", "teller")); ok {
		return s.evidenceChange(w, r, http.StatusUnprocessableEntity, e, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "scorecard/evidence/"+e.ID.Short()), "scorecard-evidence.edit", receipt)
}

// evidenceWithdraw is POST …/scorecard/evidence/{id}/withdraw.
func (s *Server) evidenceWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.evidenceMove(w, r, scorecard.TrashEvidence)
}

// evidenceRestore is POST …/scorecard/evidence/{id}/restore.
func (s *Server) evidenceRestore(w http.ResponseWriter, r *http.Request) error {
	return s.evidenceMove(w, r, scorecard.RestoreEvidence)
}

func (s *Server) evidenceMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[scorecard.EvidenceVersion, scorecard.Evidence]) error {
	ctx := r.Context()
	i, err := pathID[scorecard.Evidence](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	e, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, scorecard.EvidenceVersion{ID: i, Version: formVersion(r)})
	if err != nil {
		return err
	}
	return s.done(w, r, functionAddress(ctx, e.Function, ""), op.ID, receipt)
}
