package web

import (
	"context"
	"math"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// byCut is the query of the figures by a cut; none for everybody's.
func byCut(key string) string {
	if key == "" {
		return ""
	}
	return "?by=" + key
}

func cutName(ctx context.Context, key string) string { return i18n.T(ctx, "survey_cuts."+key) }

// surveyCutTabs lead from everybody's figures to those by each cut; none where there is no
// cut.
func surveyCutTabs(ctx context.Context, told surveys.Told, by string) []ui.Link {
	if len(told.Cuts) == 0 {
		return nil
	}
	tabs := []ui.Link{{Label: surveyText(ctx, "everybody"), Href: surveyResultAddress(ctx, told.WaveID, ""), Current: by == ""}}
	for _, c := range told.Cuts {
		tabs = append(tabs, ui.Link{Label: cutName(ctx, c.Key), Href: surveyResultAddress(ctx, told.WaveID, byCut(c.Key)), Current: by == c.Key})
	}
	return tabs
}

// groupNames are the groups of a cut that a figure is of.
func groupNames(ctx context.Context, cut surveys.CutTold, keys []string) string {
	if len(keys) == len(cut.Groups) && len(keys) > 1 {
		return surveyText(ctx, "all_groups")
	}
	var names []string
	for _, key := range keys {
		switch name := cut.Name(key); {
		case name != "":
			names = append(names, name)
		case cut.Key == surveys.ByYears:
			names = append(names, surveyText(ctx, "years_"+or(key, "none")))
		case key == "":
			names = append(names, surveyText(ctx, "no_sector"))
		default:
			names = append(names, i18n.T(ctx, "sectors."+key))
		}
	}
	slices.Sort(names)
	return i18n.List(ctx, names)
}

// notTold says why a group is not told of, and by what the item is told instead.
func notTold(ctx context.Context, f survey.Figure) string {
	if f.Why == "" {
		return ""
	}
	instead := []string{surveyText(ctx, "everybody")}
	for _, key := range f.Instead {
		instead = append(instead, cutName(ctx, key))
	}
	return why(ctx, f.Why) + ". " + surveyText(ctx, "instead", i18n.Args{"Cuts": i18n.List(ctx, instead)})
}

// ofCut are the figures by one cut.
func ofCut(parts []survey.Figure, cut string) (out []survey.Figure) {
	for _, f := range parts {
		if f.Cut == cut {
			out = append(out, f)
		}
	}
	return out
}

// groupBars draw what was measured in each group.
func groupBars(ctx context.Context, told surveys.Told, cut surveys.CutTold) chart.Bars {
	bars := chart.Bars{ID: "factors", Title: surveyText(ctx, "factors_by", i18n.Args{"Cut": cutName(ctx, cut.Key)}), Description: surveyText(ctx, "factors_formula")}
	for _, f := range told.Factors {
		from, to := told.Instrument.ScaleOf(f.Key)
		heading := true
		for _, part := range ofCut(f.Parts, cut.Key) {
			if part.Told() {
				if heading {
					bars.Rows = append(bars.Rows, chart.Share{Label: factorTitle(ctx, told.Instrument, f.Key), Heading: true})
					heading = false
				}
				bars.Rows = append(bars.Rows, chart.Share{Label: groupNames(ctx, cut, part.Groups), Text: score(ctx, part), Part: int64(math.Round(survey.Percent(part.Mean.Value, from, to)))})
			}
		}
	}
	return bars
}

// groupColumns are those of a table of groups; compared says whether any has a change.
func groupColumns(ctx context.Context, first string, parts []survey.Figure) (columns []ui.Column, compared bool) {
	columns = []ui.Column{{Label: surveyText(ctx, first)}, {Label: surveyText(ctx, "group")}, {Label: surveyText(ctx, "mean"), Numeric: true}, {Label: surveyText(ctx, "interval"), Numeric: true}, {Label: surveyText(ctx, "n"), Numeric: true}}
	if compared = slices.ContainsFunc(parts, func(f survey.Figure) bool { return f.Change != nil }); compared {
		columns = append(columns, ui.Column{Label: surveyText(ctx, "change_mean"), Numeric: true})
	}
	return columns, compared
}

// groupRow is one group of a table.
func groupRow(ctx context.Context, title, mean string, cut surveys.CutTold, f survey.Figure, from, to float64, compared bool) ui.TableRow {
	row := ui.TableRow{Cells: []ui.Cell{{Text: title}, {Text: groupNames(ctx, cut, f.Groups), Detail: notTold(ctx, f)}, {Text: mean}, {Text: interval(ctx, f, from, to)}, {Text: answers(ctx, f)}}}
	if compared {
		cell := ui.Cell{Text: "–"}
		if f.Change != nil {
			cell.Text = movedBy(ctx, *f.Change)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// factorsByGroup is the table of what was measured in each group.
func factorsByGroup(ctx context.Context, told surveys.Told, cut surveys.CutTold) ui.TableProps {
	var all []survey.Figure
	for _, f := range told.Factors {
		all = append(all, ofCut(f.Parts, cut.Key)...)
	}
	columns, compared := groupColumns(ctx, "factor", all)
	table := ui.TableProps{ID: "factors-by", Caption: surveyText(ctx, "factors_by", i18n.Args{"Cut": cutName(ctx, cut.Key)}), Columns: columns}
	for _, f := range told.Factors {
		from, to := told.Instrument.ScaleOf(f.Key)
		for _, part := range ofCut(f.Parts, cut.Key) {
			table.Rows = append(table.Rows, groupRow(ctx, factorTitle(ctx, told.Instrument, f.Key), score(ctx, part), cut, part, from, to, compared))
		}
	}
	return table
}

// groupSections are the questions, section by section, as they are told by a cut, and what
// that means.
func groupSections(ctx context.Context, told surveys.Told, cut surveys.CutTold) (out []templ.Component) {
	for _, section := range told.Instrument.Sections {
		var content []templ.Component
		for _, q := range section.Questions {
			n := slices.IndexFunc(told.Questions, func(r surveys.QuestionResult) bool { return r.Key == q.Key })
			if n < 0 {
				continue
			}
			if table := groupsTable(ctx, cut, q, told.Questions[n]); len(table.Rows) > 0 {
				if q.Kind != surveys.Scale && q.Kind != surveys.Number { // which stand in their only row
					content = append(content, plain(q.Text.In(i18n.Language(ctx))))
				}
				content = append(content, ui.Table(table))
			}
		}
		if len(content) > 0 {
			out = append(out, with(ui.Panel(ui.PanelProps{Heading: section.Title.In(i18n.Language(ctx))}), content...))
		}
	}
	if len(out) == 0 {
		out = append(out, muted(surveyText(ctx, "no_groups")))
	}
	if cut.Key == surveys.ByBody || cut.Key == surveys.ByKind {
		out = append(out, muted(surveyText(ctx, "overlapping")))
	}
	return append(out, muted(surveyText(ctx, "joined", i18n.Args{"Count": int(told.Least)})))
}

// groupsTable is what is told of groups in one question: the mean, or the share of a choice.
// How often each of several choices was taken stands in the file.
func groupsTable(ctx context.Context, cut surveys.CutTold, q surveys.Question, result surveys.QuestionResult) ui.TableProps {
	var all []survey.Figure
	for _, it := range result.Items {
		all = append(all, ofCut(it.Parts, cut.Key)...)
	}
	columns, compared := groupColumns(ctx, "statement", all)
	table := ui.TableProps{ID: "g-" + q.Key, Caption: dotted(q.Text.In(i18n.Language(ctx)), cutName(ctx, cut.Key)), Columns: columns}
	if q.Kind == surveys.Single || q.Kind == surveys.Gradients {
		return choicesByGroup(ctx, cut, q, result, table)
	}
	from, to := ends(q)
	for _, it := range result.Items {
		for _, part := range ofCut(it.Parts, cut.Key) {
			mean := score(ctx, part)
			if q.Kind == surveys.Multiple && part.Told() {
				mean = surveyText(ctx, "share_"+shareBound(part), i18n.Args{"Value": i18n.Percent(ctx, part.Mean.Value)})
			}
			table.Rows = append(table.Rows, groupRow(ctx, itemTitle(ctx, q, it.Key), mean, cut, part, from, to, compared))
		}
	}
	return table
}

// choicesByGroup is how often each choice was taken in each group.
func choicesByGroup(ctx context.Context, cut surveys.CutTold, q surveys.Question, result surveys.QuestionResult, table ui.TableProps) ui.TableProps {
	table.Columns = []ui.Column{{Label: surveyText(ctx, "group")}, {Label: surveyText(ctx, "n"), Numeric: true}}
	for _, c := range q.Choices {
		table.Columns = append(table.Columns, ui.Column{Label: c.Text.In(i18n.Language(ctx)), Numeric: true})
	}
	for _, it := range result.Items {
		for _, part := range ofCut(it.Parts, cut.Key) {
			row := ui.TableRow{Cells: []ui.Cell{{Text: groupNames(ctx, cut, part.Groups), Detail: notTold(ctx, part)}, {Text: answers(ctx, part)}}}
			for n := range q.Choices {
				cell := ui.Cell{Text: "–"}
				if n < len(part.Spread) {
					cell.Text = i18n.Number(ctx, int64(part.Spread[n]))
				}
				row.Cells = append(row.Cells, cell)
			}
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}
