package web

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

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
	return i.FactorTitle(key, i18n.Language(ctx))
}

// ofScale is a mean in per cent of its scale; a dash where it may not be told.
func ofScale(ctx context.Context, f survey.Figure, from, to float64) string {
	if !f.Told() {
		return "–"
	}
	return percent(ctx, int64(math.Round(survey.Percent(f.Mean.Value, from, to))))
}

func factorBars(ctx context.Context, told surveys.Told) chart.Bars {
	bars := chart.Bars{ID: "factors", Title: surveyText(ctx, "factors"), Description: surveyText(ctx, "factors_formula")}
	for _, f := range told.Factors {
		if f.All.Told() {
			from, to := told.Instrument.ScaleOf(f.Key)
			bars.Rows = append(bars.Rows, chart.Share{Label: factorTitle(ctx, told.Instrument, f.Key), Text: score(ctx, f.All), Part: int64(math.Round(survey.Percent(f.All.Mean.Value, from, to)))})
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
		row := ui.TableRow{Cells: []ui.Cell{{Text: factorTitle(ctx, told.Instrument, f.Key), Detail: why(ctx, f.All.Why)}, {Text: score(ctx, f.All)}, {Text: interval(ctx, f.All, from, to)}, {Text: ofScale(ctx, f.All, from, to)}, {Text: answers(ctx, f.All)}}}
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
		content = append(content, questionResult(ctx, q, result)...)
	}
	if len(content) == 0 {
		return nil
	}
	return with(ui.Panel(ui.PanelProps{Heading: section.Title.In(i18n.Language(ctx))}), content...)
}

// itemTitle is the words of a row or choice, or of the question where it is one thing.
func itemTitle(ctx context.Context, q surveys.Question, key string) string {
	language := i18n.Language(ctx)
	return cmp.Or(q.PartTitle(key, language), q.Text.In(language))
}

// questionResult is a question in full above the table of what is told of it; a question
// that is one thing stands in the table's only row.
func questionResult(ctx context.Context, q surveys.Question, result surveys.QuestionResult) []templ.Component {
	if q.Kind == surveys.Scale || q.Kind == surveys.Number {
		return []templ.Component{ui.Table(resultTable(ctx, q, result))}
	}
	return []templ.Component{plain(q.Text.In(i18n.Language(ctx))), ui.Table(resultTable(ctx, q, result))}
}

func resultTable(ctx context.Context, q surveys.Question, result surveys.QuestionResult) ui.TableProps {
	title := q.Text.In(i18n.Language(ctx))
	table := ui.TableProps{ID: "q-" + q.Key, Caption: title, Columns: []ui.Column{{Label: surveyText(ctx, "statement")}}}
	number := func(keys ...string) {
		for _, key := range keys {
			table.Columns = append(table.Columns, ui.Column{Label: surveyText(ctx, key), Numeric: true})
		}
	}
	switch q.Kind {
	case surveys.Scale, surveys.Number:
		table.Columns[0].Label = surveyText(ctx, "question")
	case surveys.Single, surveys.Gradients:
		table.Columns[0].Label = surveyText(ctx, "choice")
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
		table.Columns[0].Label = surveyText(ctx, "choice")
		number("share", "n")
		for _, it := range result.Items {
			share := score(ctx, it.All)
			if it.All.Told() {
				share = surveyText(ctx, "share_"+shareBound(it.All), i18n.Args{"Value": i18n.Percent(ctx, it.All.Mean.Value)})
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

// shareBound says how exactly a share is told.
func shareBound(f survey.Figure) string {
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
