package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// surveyResultRoutes are the pages about what surveys tell.
func (s *Server) surveyResultRoutes() []Route {
	const at = "/c/{collaborative}/survey-results"
	return []Route{
		{"GET", at, []string{"survey-results.list"}, s.surveyResultList},
		{"GET", at + "/{id}", []string{"survey-results.get", "survey-comments.list"}, s.surveyResults},
		{"GET", at + "/{id}/results.csv", []string{"survey-results.get"}, s.surveyResultsFile},
		{"GET", at + "/{id}/results.xlsx", []string{"survey-results.get"}, s.surveyResultsFile},
		{"GET", at + "/{id}/factors.svg", []string{"survey-results.get"}, s.surveyResultsDrawing},
		{"GET", at + "/{id}/place", []string{"survey-results.place", "survey-results.get"}, s.surveyPlace},
		{"GET", at + "/{id}/comments", []string{"survey-comments.edit", "survey-comments.list", "survey-results.get"}, s.surveyComments},
		{"POST", at + "/{id}/comments/{comment}", []string{"survey-comments.edit"}, s.sortSurveyComment},
	}
}

func surveyResultAddress(ctx context.Context, wave surveys.WaveID, rest string) string {
	return place(ctx, "survey-results/"+wave.Short()+rest)
}

// surveyResultList is GET …/survey-results.
func (s *Server) surveyResultList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := surveys.ListResults.Do(ctx, s.app.Door, surveys.ListResultsInput{After: r.URL.Query().Get("after"), Before: r.URL.Query().Get("before")})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: surveyText(ctx, "title"), Lede: surveyText(ctx, "lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "together.title"), Href: place(ctx, "working-together")}}}
	if s.may(ctx, "evaluator-agreements.list") {
		props.Menu = []ui.Action{{Label: evaluatorText(ctx, "title"), Href: place(ctx, "evaluators")}}
	}
	if len(page.Items) == 0 {
		empty := ui.EmptyProps{Title: surveyText(ctx, "empty"), Text: surveyText(ctx, "empty_text")}
		if s.may(ctx, "survey-waves.list") {
			empty.Actions = []ui.Action{{Label: i18n.T(ctx, "surveys.title"), Href: place(ctx, "surveys")}}
		}
		return s.show(w, r, http.StatusOK, "working-together", props, ui.Empty(empty))
	}
	return s.show(w, r, http.StatusOK, "working-together", props, ui.Table(surveyResultTable(ctx, page.Items)), pagerOf(r, page.Next, page.Previous))
}

// surveyText is a text about results.
func surveyText(ctx context.Context, key string, args ...i18n.Args) string {
	return i18n.T(ctx, "survey_results."+key, args...)
}

func surveyResultTable(ctx context.Context, list []surveys.Brief) ui.TableProps {
	table := ui.TableProps{ID: "surveys", Caption: surveyText(ctx, "title"), Columns: []ui.Column{{Label: surveyText(ctx, "survey")}, {Label: surveyText(ctx, "released_on")}, {Label: surveyText(ctx, "answered"), Numeric: true}}}
	for _, b := range list {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: b.Title, Href: surveyResultAddress(ctx, b.WaveID, ""), Detail: b.Instrument}, {Text: i18n.ShortCivilDate(ctx, b.ReleasedOn)}, {Text: responseRate(ctx, b.Answered, b.Invited)}}})
	}
	return table
}

func responseRate(ctx context.Context, answered, invited int64) string {
	if invited == 0 {
		return i18n.Number(ctx, answered)
	}
	return surveyText(ctx, "rate", i18n.Args{"Answered": i18n.Number(ctx, answered), "Invited": i18n.Number(ctx, invited), "Rate": i18n.Percent(ctx, float64(answered)/float64(invited))})
}

// surveyTold reads the wave of the address.
func (s *Server) surveyTold(r *http.Request) (surveys.Told, error) {
	wave, err := id.Parse[surveys.Wave](r.PathValue("id"))
	if err != nil {
		return surveys.Told{}, operation.Missing()
	}
	return surveys.GetResults.Do(r.Context(), s.app.Door, surveys.Ref{ID: wave})
}

// surveyResults is GET …/survey-results/{id}.
func (s *Server) surveyResults(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	props := surveyResultPage(ctx, told)
	by, cut := told.Cut(r.URL.Query().Get("by"))
	props.Tabs = surveyCutTabs(ctx, told, by.Key)
	props.Menu = []ui.Action{{Label: surveyText(ctx, "csv"), Href: surveyResultAddress(ctx, told.WaveID, "/results.csv"), Icon: "download"}, {Label: surveyText(ctx, "xlsx"), Href: surveyResultAddress(ctx, told.WaveID, "/results.xlsx"), Icon: "download"}}
	if s.may(ctx, "survey-comments.edit") {
		props.Menu = append(props.Menu, ui.Action{Label: surveyText(ctx, "read_comments"), Href: surveyResultAddress(ctx, told.WaveID, "/comments"), Icon: "eye"})
	}
	var parts []templ.Component
	bars, table := factorBars(ctx, told), factorTable(ctx, told, "")
	if cut {
		bars, table = groupBars(ctx, told, by), factorsByGroup(ctx, told, by)
	}
	if len(bars.Rows) > 0 {
		parts = append(parts, ui.Chart(ui.ChartProps{ID: bars.ID, Title: bars.Title, Drawing: bars, Source: dotted(told.Title, responseRate(ctx, told.Answered, told.Invited)) + ". " + bars.Description, Table: ui.Table(table),
			SVGHref: surveyResultAddress(ctx, told.WaveID, "/factors.svg"+byCut(by.Key)), CSVHref: surveyResultAddress(ctx, told.WaveID, "/results.csv")}))
	} else if len(table.Rows) > 0 {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: bars.Title, Detail: bars.Description}), ui.Table(table)))
	}
	if cut {
		return s.show(w, r, http.StatusOK, "working-together", props, append(parts, groupSections(ctx, told, by)...)...)
	}
	if hasRatings(told) && told.Mode != surveys.Anonymous {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: surveyText(ctx, "place"), Detail: placeSaid(ctx, told.Least), Actions: []ui.Action{{Label: surveyText(ctx, "place_open"), Href: surveyResultAddress(ctx, told.WaveID, "/place"), Kind: ui.Quiet}}})))
	}
	comments, err := surveys.ListComments.Do(ctx, s.app.Door, surveys.Ref{ID: told.WaveID})
	if err != nil {
		return err
	}
	for _, section := range told.Instrument.Sections {
		if panel := sectionPanel(ctx, told, section, comments.Items); panel != nil {
			parts = append(parts, panel)
		}
	}
	if told.Mode == surveys.Anonymous {
		parts = append(parts, muted(surveyText(ctx, "anonymous")))
	}
	parts = append(parts, muted(surveyText(ctx, "rules", i18n.Args{"Count": int(told.Least)})))
	return s.show(w, r, http.StatusOK, "working-together", props, parts...)
}

func surveyResultPage(ctx context.Context, told surveys.Told) ui.PageProps {
	lede := dotted(responseRate(ctx, told.Answered, told.Invited), i18n.T(ctx, "survey_modes."+told.Mode), surveyText(ctx, "released", i18n.Args{"Day": i18n.ShortCivilDate(ctx, told.ReleasedOn)}))
	if told.Follows != "" {
		lede = dotted(lede, surveyText(ctx, "follows", i18n.Args{"Title": told.Follows}))
	}
	return ui.PageProps{Title: told.Title, Lede: lede, Crumbs: []ui.Link{{Label: i18n.T(ctx, "together.title"), Href: place(ctx, "working-together")}, {Label: surveyText(ctx, "title"), Href: place(ctx, "survey-results")}}}
}

func hasRatings(told surveys.Told) bool {
	return slices.ContainsFunc(told.Questions, func(q surveys.QuestionResult) bool { return q.Kind == surveys.Roster && len(q.Items) > 0 })
}

// surveyResultsDrawing is GET …/survey-results/{id}/factors.svg.
func (s *Server) surveyResultsDrawing(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	bars := factorBars(ctx, told)
	if by, cut := told.Cut(r.URL.Query().Get("by")); cut {
		bars = groupBars(ctx, told, by)
	}
	drawing := bars.SVG()
	if drawing == "" {
		return operation.Missing()
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-"+told.Title, "svg"))
	_, err = w.Write([]byte(drawing)) // #nosec G705 -- the chart escapes every text in it
	return err
}
