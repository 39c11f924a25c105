package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// typedFigure is the form of a count that is typed in with its source.
const typedFigure = "figure"

// evidenceForms are the forms of evidence, in their order.
var evidenceForms = []string{scorecard.SurveyItem, scorecard.Count, typedFigure, scorecard.Document, scorecard.Story}

// evidenceNew is GET …/scorecard/functions/{function}/evidence/new.
func (s *Server) evidenceNew(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	rec, err := s.scorecardRecord(r, "")
	if err != nil {
		return err
	}
	form := q.Get("kind")
	if !slices.Contains(evidenceForms, form) {
		form = scorecard.Story
	}
	return s.evidenceForm(w, r, http.StatusOK, rec, form, url.Values{"wave_id": {q.Get("wave")}, "happened_on": {s.today(ctx)}}, nil, faults{})
}

// evidenceForm shows the form of new evidence of one sort. choice asks which person of a
// name is meant.
func (s *Server) evidenceForm(w http.ResponseWriter, r *http.Request, status int, rec scorecard.Record, form string, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	props := ui.PageProps{Title: cardText(ctx, "add_"+form), Lede: cardText(ctx, "said_"+form), Crumbs: append(scorecardCrumbs(ctx), ui.Link{Label: lineName(ctx, rec.Line), Href: functionAddress(ctx, rec.Key, "")})}
	in := scorecard.SourcesInput{}
	if wave, err := id.Parse[surveys.Wave](values.Get("wave_id")); err == nil && form == scorecard.SurveyItem {
		in.WaveID = wave
	}
	sources, err := scorecard.GetSources.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	if form == scorecard.SurveyItem && in.WaveID.IsZero() {
		return s.show(w, r, status, "bodies", props, s.waveChoice(ctx, rec, sources))
	}
	fields := evidenceSourceFields(ctx, form, sources)
	fields = f.mark(filled(append(fields, s.evidenceFields(ctx, form, values, choice)...), values))
	p := ui.FormProps{Action: functionAddress(ctx, rec.Key, "/evidence"), Errors: f.explain(fields), Cancel: ui.Link{Href: functionAddress(ctx, rec.Key, "")}, Hidden: []ui.Hidden{{Name: "form", Value: form}}}
	if !in.WaveID.IsZero() {
		p.Hidden = append(p.Hidden, ui.Hidden{Name: "wave_id", Value: in.WaveID.String()})
	}
	if choice != nil {
		p.Hidden = append(p.Hidden, ui.Hidden{Name: "teller_for", Value: values.Get("teller")})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(p), formFields(fields)))
}

// waveChoice lists the released surveys of which one is to be taken, or says that none is.
func (s *Server) waveChoice(ctx context.Context, rec scorecard.Record, sources scorecard.Sources) templ.Component {
	if len(sources.Waves) == 0 {
		empty := ui.EmptyProps{Title: surveyText(ctx, "empty"), Text: cardText(ctx, "no_survey")}
		if s.may(ctx, "survey-waves.create") {
			empty.Actions = []ui.Action{{Label: cardText(ctx, "ask_survey"), Href: place(ctx, "surveys/new")}}
		}
		return ui.Empty(empty)
	}
	var rows []ui.Row
	for _, w := range sources.Waves {
		rows = append(rows, ui.Row{Title: w.Title, Href: functionAddress(ctx, rec.Key, "/evidence/new?kind="+scorecard.SurveyItem+"&wave="+w.ID.Short()), Detail: surveyText(ctx, "released", i18n.Args{"Day": i18n.ShortCivilDate(ctx, w.ReleasedOn)})})
	}
	return with(ui.Panel(ui.PanelProps{Heading: cardText(ctx, "choose_wave")}), ui.Rows(rows))
}

// evidenceSourceFields choose what evidence points at.
func evidenceSourceFields(ctx context.Context, form string, sources scorecard.Sources) []ui.FieldProps {
	t := func(key string) string { return cardText(ctx, "field_"+key) }
	var list []ui.Option
	switch form {
	case scorecard.SurveyItem:
		for _, i := range sources.Items {
			list = append(list, ui.Option{Value: i.Item, Label: shortened(i.Text, 120)})
		}
		return []ui.FieldProps{{Kind: ui.Select, Name: "item", Label: t("item"), Blank: cardText(ctx, "choose"), Options: list, Required: true}}
	case scorecard.Count:
		var spans []ui.Option
		for _, p := range sources.Periods {
			spans = append(spans, ui.Option{Value: p, Label: periodText(ctx, p)})
		}
		return []ui.FieldProps{{Kind: ui.Select, Name: "measure", Label: t("measure"), Blank: cardText(ctx, "choose"), Options: options(ctx, "scorecard_measures.", sources.Measures), Required: true},
			{Kind: ui.Select, Name: "period", Label: t("period"), Help: cardText(ctx, "help_period"), Blank: cardText(ctx, "choose"), Options: spans, Required: true}}
	case scorecard.Document:
		for _, m := range sources.Materials {
			list = append(list, ui.Option{Value: m.ID.String(), Label: shortened(dotted(m.Title, m.Meeting), 120)})
		}
		if len(list) > 0 {
			return []ui.FieldProps{{Kind: ui.Select, Name: "material_id", Label: t("material_id"), Blank: i18n.T(ctx, "list.none"), Options: list}}
		}
	}
	return nil
}

// evidenceFields are what is said of evidence, which can be changed later.
func (s *Server) evidenceFields(ctx context.Context, form string, values url.Values, choice *ui.FieldProps) []ui.FieldProps {
	t := func(key string) string { return cardText(ctx, "field_"+key) }
	h := func(key string) string { return cardText(ctx, "help_"+key) }
	note := ui.FieldProps{Kind: ui.TextArea, Name: "note", Label: t("note"), Help: h("note"), Rows: 3, MaxLength: 2000}
	title := ui.FieldProps{Name: "title", Label: t("title"), MaxLength: 200, Autocomplete: "off"}
	day := ui.FieldProps{Kind: ui.Date, Name: "happened_on", Label: t("happened_on"), Max: s.today(ctx)}
	switch form {
	case typedFigure:
		title.Label, title.Required = t("counted"), true
		return []ui.FieldProps{title, {Name: "amount", Label: t("amount"), MaxLength: 40, Required: true, Autocomplete: "off", Size: "short"}, {Name: "source", Label: t("source"), Help: h("source"), MaxLength: 300, Required: true, Autocomplete: "off"}, day, note}
	case scorecard.Document:
		return []ui.FieldProps{{Name: "link", Label: t("link"), Help: i18n.T(ctx, "materials.help_link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"}, title, day, note}
	case scorecard.Story:
		note.Label, note.Help, note.Rows, note.Required = t("story"), h("story"), 6, true
		day.Required = true
		fields := []ui.FieldProps{title, note, day, {Name: "alongside", Label: t("alongside"), Help: h("alongside"), MaxLength: 500, Required: true, Autocomplete: "off"}, s.personLookup(ctx, values, "teller", t("teller"), h("teller"))}
		if choice != nil {
			fields = append(fields, *choice)
		}
		return append(fields, ui.FieldProps{Name: "teller_name", Label: t("teller_name"), Help: h("teller_name"), MaxLength: 200, Autocomplete: "off"},
			ui.FieldProps{Kind: ui.Radios, Name: "consent", Label: t("consent"), Options: options(ctx, "scorecard_consents.", scorecard.Consents), Required: true},
			ui.FieldProps{Kind: ui.Date, Name: "consented_on", Label: t("consented_on"), Max: s.today(ctx), Required: true},
			ui.FieldProps{Kind: ui.Date, Name: "consent_until", Label: t("consent_until"), Help: h("consent_until")})
	}
	return []ui.FieldProps{note}
}

// evidenceCreate is POST …/scorecard/functions/{function}/evidence.
func (s *Server) evidenceCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	rec, err := s.scorecardRecord(r, "")
	if err != nil {
		return err
	}
	form := v.Get("form")
	if !slices.Contains(evidenceForms, form) {
		return operation.Missing()
	}
	in := scorecard.EvidenceInput{Function: rec.Key, Kind: form, HappenedOn: v.Get("happened_on"), Title: v.Get("title"), Note: v.Get("note"), Item: v.Get("item"), Measure: v.Get("measure"), Period: v.Get("period"),
		Amount: v.Get("amount"), Source: v.Get("source"), Link: v.Get("link"), Alongside: v.Get("alongside"), TellerName: v.Get("teller_name"), Consent: v.Get("consent"), ConsentedOn: v.Get("consented_on"), ConsentUntil: v.Get("consent_until")}
	if form == typedFigure {
		in.Kind, in.Measure = scorecard.Count, ""
	}
	in.WaveID, _ = id.Parse[surveys.Wave](v.Get("wave_id")) // what is needed, the operation says
	material, _ := id.Parse[materials.Material](v.Get("material_id"))
	in.MaterialID = material
	var choice *ui.FieldProps
	if form == scorecard.Story {
		in.TellerID, choice, err = s.personChoice(ctx, v, "teller")
	}
	if form == scorecard.Count && in.Measure == "" {
		err = operation.InvalidField("measure", "errors.required")
	}
	var receipt operation.Receipt
	var made scorecard.Evidence
	if err == nil {
		made, err = scorecard.AddEvidence.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, renamed(err, "teller_id", "teller")); ok {
		return s.evidenceForm(w, r, http.StatusUnprocessableEntity, rec, form, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, functionAddress(ctx, made.Function, ""), "scorecard-evidence.create", receipt)
}
