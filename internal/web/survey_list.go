package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// surveyRoutes are the pages of surveys, and the one on which they are answered.
func (s *Server) surveyRoutes() []Route {
	const list = "/c/{collaborative}/surveys"
	return []Route{
		{"GET", list, []string{"survey-waves.list"}, s.surveyList},
		{"GET", list + "/new", []string{"survey-waves.create", "survey-waves.list", "survey-instruments.list"}, s.surveyNew},
		{"POST", list, []string{"survey-waves.create"}, s.surveyCreate},
		{"GET", list + "/{id}", []string{"survey-waves.get", "bodies.list"}, s.surveyRecord},
		{"GET", list + "/{id}/edit", []string{"survey-waves.get", "survey-waves.edit", "survey-waves.list"}, s.surveyEdit},
		{"GET", list + "/{id}/answers", []string{"survey-waves.get", "survey-waves.answers"}, s.surveyAnswers},
		{"POST", list + "/{id}", []string{"survey-waves.edit"}, s.surveySave},
		{"POST", list + "/{id}/state", []string{"survey-waves.get", "survey-waves.step"}, s.surveyStep},
		{"POST", list + "/{id}/snapshots", []string{"survey-waves.get", "survey-waves.snapshot"}, s.surveySnapshot},
		{"POST", list + "/{id}/invite", []string{"survey-waves.invite"}, s.surveyInvite},
		{"POST", list + "/{id}/people", []string{"survey-waves.get", "survey-waves.add-people"}, s.surveyPeopleAdd},
		{"POST", list + "/{id}/people/remove", []string{"survey-waves.get", "survey-waves.remove-people"}, s.surveyPeopleRemove},
		{"POST", list + "/{id}/trash", []string{"survey-waves.trash"}, s.surveyTrash},
		{"POST", list + "/{id}/restore", []string{"survey-waves.restore"}, s.surveyRestore},

		{"GET", "/c/{collaborative}/instruments", []string{"survey-instruments.list"}, s.instrumentList},
		{"POST", "/c/{collaborative}/instruments", []string{"survey-instruments.bring"}, s.instrumentBring},
		{"GET", "/c/{collaborative}/instruments/template.csv", []string{"survey-instruments.list"}, s.instrumentTemplate},
		{"GET", "/c/{collaborative}/instruments/{id}", []string{"survey-instruments.get"}, s.instrumentFile},
		{"POST", "/c/{collaborative}/instruments/{id}/trash", []string{"survey-instruments.trash"}, s.instrumentTrash},
		{"POST", "/c/{collaborative}/instruments/{id}/restore", []string{"survey-instruments.restore"}, s.instrumentRestore},

		{"GET", access.PathSurvey + "{secret}", []string{"survey-links.open"}, s.surveyLink},
		{"POST", access.PathSurvey + "{secret}", []string{"survey-links.answer"}, s.surveyAnswer},
		{"POST", access.PathSurvey + "{secret}/slip", []string{"survey-slips.give"}, s.slipGive},
		{"GET", access.PathSlip + "{secret}", []string{"survey-slips.open"}, s.slipPage},
		{"POST", access.PathSlip + "{secret}", []string{"survey-slips.hand-in"}, s.slipHandIn},
	}
}

var surveyStateKinds = map[string]ui.Kind{surveys.Open: ui.Due, surveys.Released: ui.Good}

func surveyAddress(ctx context.Context, i surveys.WaveID, part string) string {
	return place(ctx, "surveys/"+i.Short()+part)
}

func surveyCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "surveys.title"), Href: place(ctx, "surveys")}}
}

func surveyProgress(ctx context.Context, w surveys.Wave) string {
	key := "surveys.progress"
	if w.Mode == surveys.Anonymous && w.State == surveys.Open {
		key = "surveys.progress_slips"
	}
	return i18n.T(ctx, key, i18n.Args{"Answered": i18n.Number(ctx, w.Answered), "Invited": i18n.Number(ctx, w.Invited)})
}

// surveyList is GET …/surveys.
func (s *Server) surveyList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	in := surveys.ListInput{State: q.Get("state"), Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
	page, err := surveys.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	type wave = surveys.Wave
	plain := func(key string, get func(wave) string) column[wave] {
		return column[wave]{key: key, cell: func(w wave) ui.Cell { return ui.Cell{Text: get(w)} }, sheet: func(w wave) sheets.Cell { return sheets.Text(get(w)) }}
	}
	state := func(w wave) string { return i18n.T(ctx, "survey_states."+w.State) }
	l := listing[wave]{area: "surveys", path: place(ctx, "surveys"), columns: []column[wave]{
		{key: "title", sheet: func(w wave) sheets.Cell { return sheets.Text(w.Title) }, cell: func(w wave) ui.Cell { return ui.Cell{Text: w.Title, Href: surveyAddress(ctx, w.ID, "")} }},
		plain("instrument", func(w wave) string { return w.Instrument }),
		{key: "state", sheet: func(w wave) sheets.Cell { return sheets.Text(state(w)) },
			cell: func(w wave) ui.Cell {
				return ui.Cell{Tags: []ui.TagProps{{Label: state(w), Kind: surveyStateKinds[w.State]}}}
			}},
		plain("mode", func(w wave) string { return i18n.T(ctx, "survey_modes."+w.Mode) }),
		plain("answered", func(w wave) string { return surveyProgress(ctx, w) }),
		plain("created_at", func(w wave) string { return i18n.ShortDate(ctx, w.CreatedAt) }),
	}}
	l.filters = []ui.FieldProps{{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "surveys.field_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "survey_states.", surveys.States)}}
	list := l.props(r, page)
	list.CSV, list.XLSX = "", ""
	props := ui.PageProps{Title: i18n.T(ctx, "surveys.title"), Lede: i18n.T(ctx, "surveys.lede")}
	if s.may(ctx, "survey-waves.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "surveys.add"), Href: place(ctx, "surveys/new"), Icon: "plus"}
	}
	props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "surveys.instruments"), Href: place(ctx, "instruments")})
	if s.may(ctx, "evaluator-agreements.list") {
		props.Menu = append(props.Menu, ui.Action{Label: evaluatorText(ctx, "title"), Href: place(ctx, "evaluators")})
	}
	if s.may(ctx, "survey-waves.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "surveys?trash=1"), Icon: "trash"})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "surveys", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "working-together", props, ui.List(list))
}

// surveyEditor are the forms of a survey.
func (s *Server) surveyEditor() *editor[surveys.Wave] {
	type wave = surveys.Wave
	return &editor[wave]{area: "surveys", noun: "working-together", kind: surveys.Kind, ops: "survey-waves",
		name: wave.Name, short: func(w wave) string { return w.ID.Short() },
		version: func(w wave) int64 { return w.Version }, trashed: func(w wave) bool { return w.DeletedAt != nil },
		values: func(w wave) url.Values {
			return url.Values{"title": {w.Title}, "mode": {w.Mode}, "languages": w.Languages, "opens_on": {w.OpensOn}, "closes_on": {w.ClosesOn}, "grace_days": {number(w.GraceDays)}, "remind_every": {number(w.RemindEvery)},
				"remind_most": {number(w.RemindMost)}, "follows_id": {w.FollowsID.String()}, "evergreen": {ticked(w.Evergreen)}, "ask_again": {number(w.AskAgain)}, "for_evaluator": {ticked(w.ForEvaluator)}, "version": {number(w.Version)}}
		},
		fields: s.surveyFields,
		get: func(ctx context.Context, i [16]byte) (wave, error) {
			return surveys.Get.Do(ctx, s.app.Door, surveys.Ref{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (wave, error) {
			instrument, _ := id.Parse[surveys.Held](v.Get("instrument_id")) // none is a fault of the operation
			follows, _ := id.Parse[surveys.Wave](v.Get("follows_id"))
			return surveys.Create.Do(ctx, s.app.Door, surveys.Input{InstrumentID: instrument, Title: v.Get("title"), Mode: v.Get("mode"), OpensOn: v.Get("opens_on"), ClosesOn: v.Get("closes_on"),
				GraceDays: whole(v.Get("grace_days")), RemindEvery: whole(v.Get("remind_every")), RemindMost: whole(v.Get("remind_most")), Evergreen: v.Get("evergreen") != "", AskAgain: whole(v.Get("ask_again")), FollowsID: follows, ForEvaluator: v.Get("for_evaluator") == "true"})
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (wave, error) {
			title, mode, opens, closes, grace, every, most := v.Get("title"), v.Get("mode"), v.Get("opens_on"), v.Get("closes_on"), whole(v.Get("grace_days")), whole(v.Get("remind_every")), whole(v.Get("remind_most"))
			follows, _ := id.Parse[surveys.Wave](v.Get("follows_id"))
			languages, evergreen, again := v["languages"], v.Get("evergreen") != "", whole(v.Get("ask_again"))
			var file *bool
			if s.may(ctx, "evaluator-agreements.create") {
				file = new(v.Get("for_evaluator") == "true")
			}
			return surveys.Edit.Do(ctx, s.app.Door, surveys.Patch{ID: i, Version: whole(v.Get("version")), Title: &title, Mode: &mode, Languages: &languages, OpensOn: &opens, ClosesOn: &closes, GraceDays: &grace, RemindEvery: &every, RemindMost: &most, Evergreen: &evergreen, AskAgain: &again, FollowsID: &follows, ForEvaluator: file})
		}}
}

// surveyFields are the fields of the form; the instrument is chosen at first alone.
func (s *Server) surveyFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "surveys.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "surveys.help_"+key) }
	var fields []ui.FieldProps
	first := values.Get("version") == ""
	if first {
		page, err := surveys.ListInstruments.Do(ctx, s.app.Door, surveys.ListInstrumentsInput{})
		if err != nil {
			return nil, err
		}
		var instruments []ui.Option
		for _, h := range page.Items {
			instruments = append(instruments, ui.Option{Value: h.ID.String(), Label: dotted(h.Title, i18n.T(ctx, "surveys.edition", i18n.Args{"Number": h.Edition}))})
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "instrument_id", Label: t("instrument"), Options: instruments, Required: true})
	}
	earlier, err := surveys.List.Do(ctx, s.app.Door, surveys.ListInput{Limit: 200})
	if err != nil {
		return nil, err
	}
	var follows []ui.Option
	for _, w := range earlier.Items {
		follows = append(follows, ui.Option{Value: w.ID.String(), Label: dotted(w.Title, w.Instrument)})
	}
	fields = append(fields, ui.FieldProps{Name: "title", Label: t("title"), MaxLength: 200, Autocomplete: "off", Required: !first},
		ui.FieldProps{Kind: ui.Radios, Name: "mode", Label: t("mode"), Help: help("mode") + " " + help("drawn"), Options: options(ctx, "survey_modes.", surveys.Modes)})
	if !first {
		var spoken []ui.Option
		for _, l := range i18n.Languages() {
			spoken = append(spoken, ui.Option{Value: l, Label: i18n.Name(l), Lang: l})
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Checkboxes, Name: "languages", Label: t("languages"), Options: spoken, Values: values["languages"]})
	}
	if s.may(ctx, "evaluator-agreements.create") {
		fields = append(fields, ui.FieldProps{Kind: ui.Checkbox, Name: "for_evaluator", Label: t("for_evaluator"), Help: help("for_evaluator")})
	}
	return filled(append(fields,
		ui.FieldProps{Kind: ui.Date, Name: "opens_on", Label: t("opens_on")},
		ui.FieldProps{Kind: ui.Date, Name: "closes_on", Label: t("closes_on")},
		ui.FieldProps{Kind: ui.Number, Name: "grace_days", Label: t("grace_days"), Help: help("grace_days"), Min: "0", Max: "60", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Number, Name: "remind_every", Label: t("remind_every"), Help: help("remind_every"), Min: "0", Max: "60", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Number, Name: "remind_most", Label: t("remind_most"), Min: "0", Max: "10", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Checkbox, Name: "evergreen", Label: t("evergreen"), Help: help("evergreen")},
		ui.FieldProps{Kind: ui.Number, Name: "ask_again", Label: t("ask_again"), Help: help("ask_again"), Min: "0", Max: "60", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Select, Name: "follows_id", Label: t("follows"), Blank: i18n.T(ctx, "surveys.no_follows"), Options: follows},
	), values), nil
}

func (s *Server) surveyNew(w http.ResponseWriter, r *http.Request) error {
	return s.surveyEditor().add(s, w, r, url.Values{"mode": {surveys.Confidential}, "grace_days": {"0"}, "remind_every": {"5"}, "remind_most": {"2"}, "ask_again": {"12"}})
}

func (s *Server) surveyCreate(w http.ResponseWriter, r *http.Request) error {
	return s.surveyEditor().added(s, w, r)
}

func (s *Server) surveyEdit(w http.ResponseWriter, r *http.Request) error {
	return s.surveyEditor().change(s, w, r)
}

func (s *Server) surveySave(w http.ResponseWriter, r *http.Request) error {
	return s.surveyEditor().changed(s, w, r)
}

func (s *Server) surveyTrash(w http.ResponseWriter, r *http.Request) error {
	return moved(s, w, r, "surveys", surveys.Trash, func(i [16]byte, version int64) surveys.AtVersion { return surveys.AtVersion{ID: i, Version: version} })
}

func (s *Server) surveyRestore(w http.ResponseWriter, r *http.Request) error {
	return moved(s, w, r, "surveys", surveys.Restore, func(i [16]byte, version int64) surveys.AtVersion { return surveys.AtVersion{ID: i, Version: version} })
}
