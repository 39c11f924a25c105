package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// trustInstrument is the shipped instrument that asks about trust and value between partners.
const trustInstrument = "partner-trust"

// trustWaves is how many surveys back the drawing goes.
const trustWaves = 20

// togetherTrust is the third answer: what the surveys told that are released, as of a day.
// It is for all groups together, since a survey belongs to none.
func (s *Server) togetherTrust(ctx context.Context, asOf string) ([]templ.Component, error) {
	if !s.may(ctx, "survey-results.list") {
		return nil, nil
	}
	newest, err := surveys.ListResults.Do(ctx, s.app.Door, surveys.ListResultsInput{Until: asOf, Limit: 5})
	if err != nil {
		return nil, err
	}
	out := []templ.Component{heading(i18n.T(ctx, "together.trust"))}
	var plan []ui.Action
	if s.may(ctx, "survey-waves.list") {
		plan = append(plan, ui.Action{Label: i18n.T(ctx, "surveys.title"), Href: place(ctx, "surveys"), Kind: ui.Quiet})
	}
	if len(newest.Items) == 0 {
		return append(out, with(ui.Panel(ui.PanelProps{Heading: surveyText(ctx, "title"), Detail: i18n.T(ctx, "together.no_trust"), Actions: plan}))), nil
	}
	asked, err := surveys.ListResults.Do(ctx, s.app.Door, surveys.ListResultsInput{Key: trustInstrument, Until: asOf, Limit: trustWaves})
	if err != nil {
		return nil, err
	}
	if waves := asked.Items; len(waves) > 0 {
		out = append(out, figures(trustFigures(ctx, waves[0])))
		if len(waves) > 1 {
			out = append(out, trustChart(ctx, waves))
		}
	}
	return append(out, with(ui.Panel(ui.PanelProps{Heading: surveyText(ctx, "title"), Actions: append(plan, ui.Action{Label: i18n.T(ctx, "together.all_surveys"), Href: place(ctx, "survey-results"), Kind: ui.Quiet})}), ui.Table(surveyResultTable(ctx, newest.Items)))), nil
}

// trustFigures are the scores of a wave, each with how many it is of.
func trustFigures(ctx context.Context, wave surveys.Brief) []figure {
	var told []figure
	for _, m := range wave.Measures {
		said := why(ctx, m.All.Why)
		if said == "" {
			said = i18n.T(ctx, "together.trust_of", i18n.Args{"Score": score(ctx, m.All), "Top": i18n.Decimal(ctx, m.To, 0), "N": answers(ctx, m.All)})
			if range95 := interval(ctx, m.All, m.From, m.To); range95 != "–" {
				said = dotted(said, i18n.T(ctx, "together.trust_between", i18n.Args{"Range": range95}))
			}
		}
		told = append(told, figure{m.Title, ofScale(ctx, m.All, m.From, m.To), dotted(said, responseRate(ctx, wave.Answered, wave.Invited)), surveyText(ctx, "factors_formula")})
	}
	return told
}

// trustLines draw how trust and value moved from wave to wave, which come the newest
// first.
func trustLines(ctx context.Context, waves []surveys.Brief) chart.Lines {
	lines := chart.Lines{ID: "trust-trend", Title: i18n.T(ctx, "together.trust_trend"), Description: i18n.T(ctx, "together.trust_trend_description")}
	for _, m := range waves[0].Measures {
		line := chart.Line{Name: m.Title}
		for _, w := range slices.Backward(waves) {
			point := chart.Point{None: true}
			for _, other := range w.Measures {
				if other.Key == m.Key && other.All.Told() {
					share := func(mean float64) float64 { return max(0, min(1, survey.Percent(mean, other.From, other.To)/100)) }
					point = chart.Point{Share: share(other.All.Mean.Value), Low: share(other.All.Mean.Value - other.All.Half), High: share(other.All.Mean.Value + other.All.Half)}
				}
			}
			line.Points = append(line.Points, point)
		}
		lines.Series = append(lines.Series, line)
	}
	for _, w := range slices.Backward(waves) {
		lines.Labels = append(lines.Labels, w.ReleasedOn[:4])
	}
	return lines
}

// trustChart is the same with its table: how trust and value
// moved from wave to wave, which come the newest first.
func trustChart(ctx context.Context, waves []surveys.Brief) templ.Component {
	lines := trustLines(ctx, waves)
	table := ui.TableProps{ID: "trust-table", Caption: lines.Title, Columns: []ui.Column{{Label: surveyText(ctx, "survey")}}}
	for _, m := range waves[0].Measures {
		table.Columns = append(table.Columns, ui.Column{Label: m.Title, Numeric: true}, ui.Column{Label: surveyText(ctx, "n"), Numeric: true})
	}
	for _, w := range waves {
		row := ui.TableRow{Cells: []ui.Cell{{Text: w.Title, Href: surveyResultAddress(ctx, w.WaveID, ""), Detail: i18n.ShortCivilDate(ctx, w.ReleasedOn)}}}
		for _, m := range waves[0].Measures {
			cells := []ui.Cell{{Text: "–"}, {Text: "–"}}
			for _, other := range w.Measures {
				if other.Key == m.Key && other.All.Told() {
					cells = []ui.Cell{{Text: ofScale(ctx, other.All, other.From, other.To), Detail: score(ctx, other.All)}, {Text: answers(ctx, other.All)}}
				}
			}
			row.Cells = append(row.Cells, cells...)
		}
		table.Rows = append(table.Rows, row)
	}
	return ui.Chart(ui.ChartProps{ID: lines.ID, Title: lines.Title, Drawing: lines, Source: i18n.T(ctx, "together.trust_source"), Table: ui.Table(table)})
}
