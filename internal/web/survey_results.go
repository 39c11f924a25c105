package web

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/chart"
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
	page, err := surveys.ListResults.Do(ctx, s.app.Door, surveys.ListResultsInput{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: surveyText(ctx, "title"), Lede: surveyText(ctx, "lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "together.title"), Href: place(ctx, "working-together")}}}
	if len(page.Items) == 0 {
		empty := ui.EmptyProps{Title: surveyText(ctx, "empty"), Text: surveyText(ctx, "empty_text")}
		if s.may(ctx, "survey-waves.list") {
			empty.Actions = []ui.Action{{Label: i18n.T(ctx, "surveys.title"), Href: place(ctx, "surveys")}}
		}
		return s.show(w, r, http.StatusOK, "working-together", props, ui.Empty(empty))
	}
	return s.show(w, r, http.StatusOK, "working-together", props, ui.Table(surveyResultTable(ctx, page.Items)))
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
	props.Menu = []ui.Action{{Label: surveyText(ctx, "csv"), Href: surveyResultAddress(ctx, told.WaveID, "/results.csv"), Icon: "download"}}
	if s.may(ctx, "survey-comments.edit") {
		props.Menu = append(props.Menu, ui.Action{Label: surveyText(ctx, "read_comments"), Href: surveyResultAddress(ctx, told.WaveID, "/comments"), Icon: "eye"})
	}
	var parts []templ.Component
	if len(told.Factors) > 0 {
		bars := factorBars(ctx, told)
		panel := ui.PanelProps{Heading: surveyText(ctx, "factors"), Detail: surveyText(ctx, "factors_formula")}
		content := []templ.Component{ui.Table(factorTable(ctx, told, ""))}
		if len(bars.Rows) > 0 {
			panel.Actions = []ui.Action{{Label: surveyText(ctx, "svg"), Href: surveyResultAddress(ctx, told.WaveID, "/factors.svg"), Kind: ui.Quiet}}
			content = append([]templ.Component{bars}, content...)
		}
		parts = append(parts, with(ui.Panel(panel), content...))
	}
	if hasRatings(told) {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: surveyText(ctx, "place"), Detail: surveyText(ctx, "place_said"), Actions: []ui.Action{{Label: surveyText(ctx, "place_open"), Href: surveyResultAddress(ctx, told.WaveID, "/place"), Kind: ui.Quiet}}})))
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

// score is a mean in words; a dash where it may not be told.
func score(ctx context.Context, f survey.Figure) string {
	if !f.Told() {
		return "–"
	}
	value := i18n.Decimal(ctx, f.Mean.Value, 2)
	switch {
	case f.Mean.AtMost && f.Mean.AtLeast:
		return surveyText(ctx, "about", i18n.Args{"Value": value})
	case f.Mean.AtMost:
		return surveyText(ctx, "at_most", i18n.Args{"Value": value})
	case f.Mean.AtLeast:
		return surveyText(ctx, "at_least", i18n.Args{"Value": value})
	}
	return value
}

// why says why a figure is not told; nothing where it is.
func why[W ~string](ctx context.Context, w W) string {
	if w == "" {
		return ""
	}
	return surveyText(ctx, "why_"+string(w))
}

// interval is the 95 % interval around a mean; a dash where it may not be told.
func interval(ctx context.Context, f survey.Figure, from, to float64) string {
	if !f.Told() || f.Half == 0 {
		return "–"
	}
	return i18n.Decimal(ctx, max(from, f.Mean.Value-f.Half), 2) + "–" + i18n.Decimal(ctx, min(to, f.Mean.Value+f.Half), 2)
}

func answers(ctx context.Context, f survey.Figure) string {
	if !f.Told() {
		return "–"
	}
	return i18n.Number(ctx, int64(f.N))
}

// movedBy is a difference with its sign, and what it is among.
func movedBy(ctx context.Context, d survey.Difference) string {
	if d.Why != "" {
		return "–"
	}
	text := i18n.Decimal(ctx, math.Abs(d.Value), 2)
	switch {
	case d.Value >= 0.005:
		text = "+" + text
	case d.Value <= -0.005:
		text = "−" + text
	}
	if d.Half > 0 {
		text += " ± " + i18n.Decimal(ctx, d.Half, 2)
	}
	return text
}

func factorTitle(ctx context.Context, i surveys.Instrument, key string) string {
	for _, f := range i.Factors {
		if f.Key == key {
			return f.Title.In(i18n.Language(ctx))
		}
	}
	return key
}

// ofScale puts a mean on a scale from 0 to 100: (mean − lowest) ÷ (highest − lowest).
func ofScale(mean, from, to float64) int64 {
	if to <= from {
		return 0
	}
	return int64(math.Round((mean - from) / (to - from) * 100))
}

func factorBars(ctx context.Context, told surveys.Told) chart.Bars {
	bars := chart.Bars{ID: "factors", Title: surveyText(ctx, "factors"), Description: surveyText(ctx, "factors_formula")}
	for _, f := range told.Factors {
		if f.All.Told() {
			from, to := told.Instrument.ScaleOf(f.Key)
			bars.Rows = append(bars.Rows, chart.Share{Label: factorTitle(ctx, told.Instrument, f.Key), Text: score(ctx, f.All), Part: ofScale(f.All.Mean.Value, from, to)})
		}
	}
	return bars
}

func factorTable(ctx context.Context, told surveys.Told, which string) ui.TableProps {
	table := ui.TableProps{ID: "factors-table" + which, Caption: surveyText(ctx, "factors"), Columns: []ui.Column{{Label: surveyText(ctx, "factor")}, {Label: surveyText(ctx, "mean"), Numeric: true}, {Label: surveyText(ctx, "interval"), Numeric: true}, {Label: surveyText(ctx, "percent"), Numeric: true}, {Label: surveyText(ctx, "n"), Numeric: true}}}
	compared := slices.ContainsFunc(told.Factors, func(f surveys.FactorResult) bool { return f.Change != nil })
	if compared {
		table.Columns = append(table.Columns, ui.Column{Label: surveyText(ctx, "change"), Numeric: true})
	}
	for _, f := range told.Factors {
		from, to := told.Instrument.ScaleOf(f.Key)
		share := "–"
		if f.All.Told() {
			share = percent(ctx, ofScale(f.All.Mean.Value, from, to))
		}
		row := ui.TableRow{Cells: []ui.Cell{{Text: factorTitle(ctx, told.Instrument, f.Key), Detail: why(ctx, f.All.Why)}, {Text: score(ctx, f.All)}, {Text: interval(ctx, f.All, from, to)}, {Text: share}, {Text: answers(ctx, f.All)}}}
		if compared {
			cell := ui.Cell{Text: "–"}
			if f.Change != nil {
				cell.Text = movedBy(ctx, *f.Change)
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// sectionPanel is what is told of one section; nil where nothing is asked that is counted.
func sectionPanel(ctx context.Context, told surveys.Told, section surveys.Section, comments []surveys.Comment) templ.Component {
	var content []templ.Component
	for _, q := range section.Questions {
		n := slices.IndexFunc(told.Questions, func(r surveys.QuestionResult) bool { return r.Key == q.Key })
		if n < 0 {
			continue
		}
		result := told.Questions[n]
		if q.Kind == surveys.Text {
			content = append(content, commentsPart(ctx, q, result, comments)...)
			continue
		}
		if len(result.Items) == 0 {
			continue
		}
		content = append(content, ui.Table(resultTable(ctx, q, result)))
		if groups := groupsTable(ctx, told, q, result); len(groups.Rows) > 0 {
			content = append(content, with(folded(surveyText(ctx, "by_group")), ui.Table(groups)))
		}
	}
	if len(content) == 0 {
		return nil
	}
	return with(ui.Panel(ui.PanelProps{Heading: section.Title.In(i18n.Language(ctx))}), content...)
}

// itemTitle is the words of a row or choice, or of the question where it is one thing.
func itemTitle(ctx context.Context, q surveys.Question, key string) string {
	language := i18n.Language(ctx)
	for _, c := range q.Choices {
		if c.Key == key {
			return c.Text.In(language)
		}
	}
	rows := q.Rows
	if q.Roster != nil {
		rows = q.Roster.Rate
	}
	for _, r := range rows {
		if r.Key == key {
			return r.Text.In(language)
		}
	}
	return q.Text.In(language)
}

func resultTable(ctx context.Context, q surveys.Question, result surveys.QuestionResult) ui.TableProps {
	title := q.Text.In(i18n.Language(ctx))
	table := ui.TableProps{ID: "q-" + q.Key, Caption: title, Columns: []ui.Column{{Label: title}}}
	number := func(keys ...string) {
		for _, key := range keys {
			table.Columns = append(table.Columns, ui.Column{Label: surveyText(ctx, key), Numeric: true})
		}
	}
	switch q.Kind {
	case surveys.Scale, surveys.Number:
		table.Columns[0].Label = surveyText(ctx, "question") // the row says which
	case surveys.Single, surveys.Gradients:
		number("count", "share")
		f := result.Items[0].All
		for n, c := range q.Choices {
			cells := []ui.Cell{{Text: c.Text.In(i18n.Language(ctx))}, {Text: "–"}, {Text: "–"}}
			if n < len(f.Spread) {
				cells[1].Text, cells[2].Text = i18n.Number(ctx, int64(f.Spread[n])), i18n.Percent(ctx, float64(f.Spread[n])/float64(f.N))
			}
			table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
		}
		if f.Spread == nil && len(table.Rows) > 0 {
			table.Rows[0].Cells[0].Detail = why(ctx, cmp.Or(f.Why, f.SpreadWhy))
		}
		return table
	case surveys.Multiple:
		number("share", "n")
		for _, it := range result.Items {
			share := score(ctx, it.All)
			if it.All.Told() {
				share = surveyText(ctx, "share_"+bound2(it.All), i18n.Args{"Value": i18n.Percent(ctx, it.All.Mean.Value)})
			}
			table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: itemTitle(ctx, q, it.Key), Detail: why(ctx, it.All.Why)}, {Text: share}, {Text: answers(ctx, it.All)}}})
		}
		return table
	}
	number("mean", "interval", "n")
	points := spreadPoints(q)
	for _, p := range points {
		table.Columns = append(table.Columns, ui.Column{Label: strconv.Itoa(p), Numeric: true})
	}
	compared := slices.ContainsFunc(result.Items, func(it surveys.ItemResult) bool { return it.Change != nil })
	if compared {
		number("change", "change_same")
	}
	from, to := ends(q)
	for _, it := range result.Items {
		cells := []ui.Cell{{Text: itemTitle(ctx, q, it.Key), Detail: why(ctx, it.All.Why)}, {Text: score(ctx, it.All)}, {Text: interval(ctx, it.All, from, to)}, {Text: answers(ctx, it.All)}}
		for n := range points {
			cell := ui.Cell{Text: "–"}
			if n < len(it.All.Spread) {
				cell.Text = i18n.Number(ctx, int64(it.All.Spread[n]))
			}
			cells = append(cells, cell)
		}
		if compared {
			if it.Change == nil {
				cells = append(cells, ui.Cell{Text: "–"}, ui.Cell{Text: "–"})
			} else {
				cells = append(cells, ui.Cell{Text: movedBy(ctx, it.Change.All)}, ui.Cell{Text: movedBy(ctx, it.Change.Matched), Detail: why(ctx, it.Change.Matched.Why)})
			}
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
	}
	return table
}

func bound2(f survey.Figure) string {
	switch {
	case f.Mean.AtMost:
		return "most"
	case f.Mean.AtLeast:
		return "least"
	}
	return "just"
}

// spreadPoints are the points of the scale of which counts are shown; none of rosters,
// which have no spread, nor of numbers.
func spreadPoints(q surveys.Question) (out []int) {
	if q.Kind != surveys.Scale && q.Kind != surveys.Matrix || q.Scale == nil {
		return nil
	}
	for p := q.Scale.From; p <= q.Scale.To; p++ {
		out = append(out, int(p))
	}
	return out
}

func ends(q surveys.Question) (from, to float64) {
	switch {
	case q.Scale != nil:
		return float64(q.Scale.From), float64(q.Scale.To)
	case q.Kind == surveys.Ranking:
		return 1, float64(len(q.Choices))
	}
	return math.Inf(-1), math.Inf(1)
}

// groupsTable is what is told of groups, joined as they were told.
func groupsTable(ctx context.Context, told surveys.Told, q surveys.Question, result surveys.QuestionResult) ui.TableProps {
	table := ui.TableProps{ID: "g-" + q.Key, Caption: surveyText(ctx, "by_group"), Columns: []ui.Column{{Label: surveyText(ctx, "statement")}, {Label: surveyText(ctx, "group")}, {Label: surveyText(ctx, "mean"), Numeric: true}, {Label: surveyText(ctx, "n"), Numeric: true}}}
	if q.Kind == surveys.Single || q.Kind == surveys.Gradients || len(told.Groups) < 2 {
		return table
	}
	for _, it := range result.Items {
		for n, part := range it.Parts {
			title := ""
			if n == 0 {
				title = itemTitle(ctx, q, it.Key)
			}
			mean := score(ctx, part)
			if q.Kind == surveys.Multiple && part.Told() {
				mean = surveyText(ctx, "share_"+bound2(part), i18n.Args{"Value": i18n.Percent(ctx, part.Mean.Value)})
			}
			table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: title}, {Text: groupNames(ctx, part.Groups)}, {Text: mean}, {Text: answers(ctx, part)}}})
		}
	}
	return table
}

func groupNames(ctx context.Context, keys []string) string {
	var names []string
	for _, key := range keys {
		if key == "" {
			names = append(names, surveyText(ctx, "no_sector"))
		} else {
			names = append(names, i18n.T(ctx, "sectors."+key))
		}
	}
	return i18n.List(ctx, names)
}

// surveyResultsDrawing is GET …/survey-results/{id}/factors.svg.
func (s *Server) surveyResultsDrawing(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	drawing := factorBars(ctx, told).SVG()
	if drawing == "" {
		return operation.Missing()
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-"+told.Title, "svg"))
	_, err = w.Write([]byte(drawing)) // #nosec G705 -- the chart escapes every text in it
	return err
}

// surveyResultsFile is GET …/survey-results/{id}/results.csv: every figure that is told.
func (s *Server) surveyResultsFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	table := sheets.Table{Name: told.Title}
	for _, key := range []string{"question", "statement", "group", "mean", "low", "high", "n", "spread", "reason"} {
		table.Columns = append(table.Columns, sheets.Column{Title: surveyText(ctx, key)})
	}
	var rows []sheets.Row
	add := func(question, statement string, f survey.Figure) {
		group := surveyText(ctx, "everybody")
		if len(f.Groups) > 0 {
			group = groupNames(ctx, f.Groups)
		}
		row := sheets.Row{sheets.Text(question), sheets.Text(statement), sheets.Text(group), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(why(ctx, cmp.Or(f.Why, f.SpreadWhy)))}
		if f.Told() {
			row[3], row[6] = sheets.Number(f.Mean.Value), sheets.Whole(int64(f.N))
			if f.Mean.AtMost || f.Mean.AtLeast {
				row[3] = sheets.Text(score(ctx, f))
			}
			if f.Half > 0 {
				row[4], row[5] = sheets.Number(f.Mean.Value-f.Half), sheets.Number(f.Mean.Value+f.Half)
			}
			var spread []string
			for _, count := range f.Spread {
				spread = append(spread, strconv.Itoa(count))
			}
			row[7] = sheets.Text(strings.Join(spread, " / "))
		}
		rows = append(rows, row)
	}
	for _, f := range told.Factors {
		add(surveyText(ctx, "factor"), factorTitle(ctx, told.Instrument, f.Key), f.All)
		for _, part := range f.Parts {
			add(surveyText(ctx, "factor"), factorTitle(ctx, told.Instrument, f.Key), part)
		}
	}
	for _, result := range told.Questions {
		q, _ := told.Instrument.Question(result.Key)
		for _, it := range result.Items {
			for _, f := range append([]survey.Figure{it.All}, it.Parts...) {
				add(q.Text.In(i18n.Language(ctx)), itemTitle(ctx, q, it.Key), f)
			}
		}
	}
	table.Rows = sheets.FromRows(rows)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-"+told.Title, "csv"))
	return sheets.WriteCSV(w, table)
}
