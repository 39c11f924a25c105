package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// silent says whether an organization was asked, and nobody answered for it.
func silent(n networkmap.Node) bool { return n.Answer == networkmap.Silent }

// toldAlone says whether what was told is all that is drawn, so that its own table says
// all that the table of the whole would.
func (v mapView) toldAlone() bool {
	return len(v.m.Waves) > 0 && slices.Equal(v.choice.in.Layers, []string{networkmap.Told})
}

// claimField chooses which told ties are drawn, where there are any.
func (v mapView) claimField() templ.Component {
	if len(v.m.Waves) == 0 {
		return templ.NopComponent
	}
	return ui.Field(ui.FieldProps{Kind: ui.Select, Name: "claim", Label: mapText(v.ctx, "claim"), Value: v.choice.in.Claim, Options: options(v.ctx, "map_claims.", networkmap.Claims)})
}

// measureText is a value of a measure in the form that it has.
func measureText(ctx context.Context, key string, value *float64) string {
	switch key {
	case "density", "reciprocity", "clustering":
		return share(ctx, value)
	case "mean_degree":
		return decimal(ctx, value, 1)
	case "degree_centralization", "betweenness_centralization", "modularity", "e_i":
		return decimal(ctx, value, 2)
	}
	return decimal(ctx, value, 0)
}

func rangeText(ctx context.Context, key string, low, high *float64) string {
	if low == nil || high == nil {
		return "–"
	}
	from, to := measureText(ctx, key, low), measureText(ctx, key, high)
	if from == to {
		return from
	}
	return mapText(ctx, "range", i18n.Args{"Low": from, "High": to})
}

// toldPanels say of each wave that is drawn who answered, what its measures are and what
// they can be, with and without the backbone.
func (v mapView) toldPanels(r *http.Request) (out []templ.Component) {
	ctx := v.ctx
	for _, w := range v.m.Waves {
		panel := ui.PanelProps{Heading: mapText(ctx, "told_heading", i18n.Args{"Survey": w.Title}),
			Detail: mapText(ctx, "told_text", i18n.Args{"Date": i18n.CivilDate(ctx, w.Since), "Answered": wholeNumber(ctx, w.Answered), "Asked": wholeNumber(ctx, w.Asked)})}
		if w.Answered < w.Asked {
			panel.Detail += " " + mapText(ctx, "told_ranges")
		}
		if w.Before != "" && v.choice.before == "" {
			panel.Actions = append(panel.Actions, ui.Action{Label: mapText(ctx, "told_compare"), Href: query(r.URL, "before", w.Before), Kind: ui.Quiet})
		}
		var content []templ.Component
		if w.Few {
			content = append(content, ui.Notice(ui.NoticeProps{Kind: ui.Due, Text: mapText(ctx, "told_few", i18n.Args{"Share": i18n.Number(ctx, int64(100*networkmap.LeastAnswered))})}))
		}
		out = append(out, with(ui.Panel(panel), append(content, ui.Table(v.toldTable(w)))...))
	}
	return out
}

func (v mapView) toldTable(w networkmap.ToldWave) ui.TableProps {
	ctx := v.ctx
	table := ui.TableProps{ID: "told-" + w.WaveID.Short(), Caption: mapText(ctx, "told_heading", i18n.Args{"Survey": w.Title}), Columns: []ui.Column{{Label: mapText(ctx, "measure")}}}
	heads := []string{"told_value", "told_plausible", "told_possible"}
	complete := w.Answered == w.Asked // then nothing is missing
	switch {
	case complete:
		heads = heads[:1]
	case w.Few:
		heads = heads[1:]
	}
	for _, head := range heads {
		table.Columns = append(table.Columns, ui.Column{Label: mapText(ctx, head), Numeric: true})
	}
	if w.Without != nil {
		table.Columns = append(table.Columns, ui.Column{Label: mapText(ctx, "without_backbone"), Numeric: true})
	}
	for k, m := range w.Measures {
		if m.Value == nil && m.Low == nil && m.Least == nil {
			continue // not defined, or what was chosen
		}
		row := ui.TableRow{Cells: []ui.Cell{{Text: mapText(ctx, "m_"+m.Key), Detail: mapText(ctx, "m_"+m.Key+"_means")}}}
		if !w.Few {
			row.Cells = append(row.Cells, ui.Cell{Text: measureText(ctx, m.Key, m.Value)})
		}
		if !complete {
			row.Cells = append(row.Cells, ui.Cell{Text: rangeText(ctx, m.Key, m.Low, m.High)}, ui.Cell{Text: rangeText(ctx, m.Key, m.Least, m.Most)})
		}
		if w.Without != nil {
			rest := w.Without[k]
			cell := ui.Cell{Text: measureText(ctx, m.Key, rest.Value)}
			switch {
			case w.Few:
				cell.Text = rangeText(ctx, m.Key, rest.Low, rest.High)
			case rest.Low != nil:
				cell.Detail = rangeText(ctx, m.Key, rest.Low, rest.High)
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// toldChanges say what became of what was told from one wave to another, among those who
// answered both.
func (v mapView) toldChanges(c networkmap.Change) (out []templ.Component) {
	ctx := v.ctx
	for k, w := range c.Waves {
		if w.Before == w.After { // two days of one survey that stays open
			w.Before, w.After = dotted(w.Before, i18n.ShortCivilDate(ctx, w.BeforeSince)), dotted(w.After, i18n.ShortCivilDate(ctx, w.AfterSince))
		}
		args := i18n.Args{"Before": w.Before, "After": w.After, "Both": wholeNumber(ctx, w.Both), "Asked": wholeNumber(ctx, w.AskedBoth)}
		heading := mapText(ctx, "told_change", args)
		table := ui.TableProps{ID: "map-mixing-" + wholeNumber(ctx, k+1), Caption: mapText(ctx, "mixing"), Columns: []ui.Column{{Label: mapText(ctx, "mixing_from")}, {Label: mapText(ctx, "mixing_to")}, {Label: i18n.ShortCivilDate(ctx, w.BeforeSince), Numeric: true}, {Label: i18n.ShortCivilDate(ctx, w.AfterSince), Numeric: true}, {Label: mapText(ctx, "mixing_possible"), Numeric: true}}}
		for _, m := range w.Mixing {
			table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: i18n.T(ctx, "sectors."+m.From)}, {Text: i18n.T(ctx, "sectors."+m.To)}, {Text: i18n.Number(ctx, m.Before)}, {Text: i18n.Number(ctx, m.After)}, {Text: i18n.Number(ctx, m.Possible)}}})
		}
		content := []templ.Component{figures(v.changeFigures(w.Balance))}
		if len(table.Rows) > 0 {
			content = append(content, with(folded(mapText(ctx, "mixing")), muted(mapText(ctx, "mixing_text")), ui.Table(table)))
		}
		out = append(out, with(ui.Panel(ui.PanelProps{Heading: heading, Detail: mapText(ctx, "told_change_text", args)}), content...))
	}
	return out
}
