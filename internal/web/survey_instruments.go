package web

import (
	"net/http"
	"net/url"
	"strings"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// instrumentList is GET …/instruments.
func (s *Server) instrumentList(w http.ResponseWriter, r *http.Request) error {
	return s.instrumentPage(w, r, http.StatusOK, url.Values{"format": {"json"}}, faults{})
}

func (s *Server) instrumentPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	ctx := r.Context()
	trash := r.URL.Query().Get("trash") != ""
	page, err := surveys.ListInstruments.Do(ctx, s.app.Door, surveys.ListInstrumentsInput{Trash: trash})
	if err != nil {
		return err
	}
	table := ui.TableProps{ID: "instruments", Caption: i18n.T(ctx, "surveys.instruments"), Columns: []ui.Column{{Label: i18n.T(ctx, "surveys.field_title")}, {Label: i18n.T(ctx, "surveys.field_languages")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
	for _, h := range page.Items {
		address := place(ctx, "instruments/"+h.ID.Short())
		first := ui.Cell{Text: h.Title, Detail: dotted(i18n.T(ctx, "surveys.edition", i18n.Args{"Number": h.Edition}), i18n.T(ctx, "surveys.questions", i18n.Args{"Count": int(h.Questions)}), i18n.T(ctx, "surveys.minutes", i18n.Args{"Count": int(h.Minutes)}))}
		acting := []ui.Action{{Label: i18n.T(ctx, "surveys.download"), Href: address, Kind: ui.Bare}}
		version := []ui.Hidden{{Name: "version", Value: number(h.Version)}}
		switch {
		case h.Shipped:
			first.Tags = []ui.TagProps{{Label: i18n.T(ctx, "surveys.shipped")}}
		case trash:
			acting = append(acting, ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Kind: ui.Bare})
		default:
			acting = append(acting, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Kind: ui.Bare})
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{first, {Text: strings.Join(h.Languages, ", ")}, {Content: acts(acting)}}})
	}
	props := ui.PageProps{Title: i18n.T(ctx, "surveys.instruments"), Lede: i18n.T(ctx, "surveys.instruments_lede"), Crumbs: surveyCrumbs(ctx)}
	if s.may(ctx, "survey-instruments.restore") && !trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "instruments?trash=1"), Icon: "trash"})
	}
	if !s.may(ctx, "survey-instruments.bring") {
		return s.show(w, r, status, "working-together", props, ui.Table(table))
	}
	t := func(key string) string { return i18n.T(ctx, "surveys.field_"+key) }
	fields := f.mark(filled([]ui.FieldProps{
		{Kind: ui.Radios, Name: "format", Label: t("format"), Options: []ui.Option{{Value: "json", Label: "JSON"}, {Value: "csv", Label: "CSV"}}},
		{Kind: ui.TextArea, Name: "file", Label: t("file"), Help: i18n.T(ctx, "surveys.bring_help"), Rows: 8, MaxLength: 400_000, Required: true},
		{Name: "key", Label: t("key"), MaxLength: 40, Autocomplete: "off"},
		{Name: "title", Label: t("own_title"), MaxLength: 200, Autocomplete: "off"},
	}, values))
	form := with(ui.Form(ui.FormProps{ID: "bring", Action: place(ctx, "instruments"), Errors: f.explain(fields), Submit: i18n.T(ctx, "surveys.bring"), SubmitKind: ui.Quiet}), formFields(fields),
		acts([]ui.Action{{Label: i18n.T(ctx, "surveys.template"), Href: place(ctx, "instruments/template.csv"), Kind: ui.Bare}}))
	return s.show(w, r, status, "working-together", props, ui.Table(table), with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "surveys.bring")}), form))
}

// instrumentBring is POST …/instruments.
func (s *Server) instrumentBring(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	_, err := surveys.Bring.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, surveys.BringInput{Format: v.Get("format"), File: v.Get("file"), Key: v.Get("key"), Title: v.Get("title"), Language: i18n.Language(ctx)})
	if f, ok := formFaults(ctx, err); ok {
		return s.instrumentPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "instruments"), "survey-instruments.bring", receipt)
}

// instrumentTemplate is GET …/instruments/template.csv.
func (s *Server) instrumentTemplate(w http.ResponseWriter, r *http.Request) error {
	if _, err := surveys.ListInstruments.Do(r.Context(), s.app.Door, surveys.ListInstrumentsInput{}); err != nil {
		return err
	}
	return download(w, "instrument.csv", "text/csv; charset=utf-8", surveys.Template)
}

// instrumentFile is GET …/instruments/{id}: the instrument as a file.
func (s *Server) instrumentFile(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[surveys.Held](r)
	if err != nil {
		return err
	}
	h, err := surveys.GetInstrument.Do(r.Context(), s.app.Door, surveys.InstrumentRef{ID: i})
	if err != nil {
		return err
	}
	return download(w, h.Key+".json", "application/json", h.File)
}

func download(w http.ResponseWriter, name, kind, text string) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write([]byte(text))
	return err
}

func (s *Server) instrumentMove(w http.ResponseWriter, r *http.Request, back bool) error {
	ctx := r.Context()
	i, err := pathID[surveys.Held](r)
	if err != nil {
		return err
	}
	op := surveys.TrashInstrument
	if back {
		op = surveys.RestoreInstrument
	}
	var receipt operation.Receipt
	if _, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, surveys.InstrumentVersion{ID: i, Version: formVersion(r)}); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "instruments"), op.ID, receipt)
}

func (s *Server) instrumentTrash(w http.ResponseWriter, r *http.Request) error {
	return s.instrumentMove(w, r, false)
}

func (s *Server) instrumentRestore(w http.ResponseWriter, r *http.Request) error {
	return s.instrumentMove(w, r, true)
}
