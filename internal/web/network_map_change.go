package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// mapCompared is the map beside that of an earlier day, each on the same places, with
// the ties that came, stayed and went.
func (s *Server) mapCompared(r *http.Request, v mapView) ([]templ.Component, error) {
	ctx := v.ctx
	c, err := networkmap.GetChange.Do(ctx, s.app.Door, networkmap.ChangeInput{Before: v.choice.before, Input: v.choice.in})
	if text, ok := faultsOf(ctx, err); ok {
		return []templ.Component{ui.Notice(ui.NoticeProps{Kind: ui.Due, Text: text.list[0].Message})}, nil
	}
	if err != nil {
		return nil, err
	}
	v.name(c.Items)
	at := numbered(c.Items)
	both := mapSides{Words: mapText(ctx, "change_text")}
	for k, side := range []struct{ day, other string }{{c.Before, networkmap.Lost}, {c.AsOf, networkmap.New}} {
		n := v.blank("network-map-"+strconv.Itoa(k+1), c.Items, c.Extent)
		n.Font = 19 // two share the width of the page
		pattern := map[string]chart.Pattern{networkmap.Kept: chart.Solid, networkmap.New: chart.Come, networkmap.Lost: chart.Gone}
		touched := map[int]bool{}
		for _, t := range c.Ties {
			if t.Fate != networkmap.Kept && t.Fate != side.other {
				continue
			}
			a, b := at[t.From], at[t.To]
			touched[a], touched[b] = true, true
			width := 1
			if t.Fate != networkmap.Kept {
				width = 3
			}
			n.Ties = append(n.Ties, chart.Stroke{From: a, To: b, Width: width, Pattern: pattern[t.Fate]})
		}
		for i := range n.Nodes {
			n.Nodes[i].Faint = !touched[i]
		}
		n.Title = mapText(ctx, "on_day", i18n.Args{"Date": i18n.CivilDate(ctx, side.day)})
		n.Description, n.Foot = mapText(ctx, "change_text"), n.Title
		for _, fate := range []string{networkmap.Kept, side.other} {
			n.Legend = append(n.Legend, chart.Sign{Label: i18n.T(ctx, "map_fates."+fate), Pattern: pattern[fate]})
		}
		both.Drawings = append(both.Drawings, n)
	}
	out := []templ.Component{mapBeside(both)}
	if c.ToldOnce {
		out = append(out, ui.Notice(ui.NoticeProps{Kind: ui.Due, Text: mapText(ctx, "told_once")}))
	}
	return append(append(out, figures(v.changeFigures(c.Balance)), v.changeTable(c)), v.toldChanges(c)...), nil
}

// changeFigures are how much changed.
func (v mapView) changeFigures(c networkmap.Balance) []figure {
	ctx := v.ctx
	counted := mapText(ctx, "change_counts", i18n.Args{"New": wholeNumber(ctx, c.New), "Lost": wholeNumber(ctx, c.Lost), "Kept": wholeNumber(ctx, c.Kept)})
	out := []figure{{mapText(ctx, "turnover"), share(ctx, c.Turnover), counted, mapText(ctx, "turnover_formula")}, {mapText(ctx, "stability"), share(ctx, c.Stability), counted, mapText(ctx, "stability_formula")}}
	if c.Expected != nil && c.Chance != nil {
		out = append(out, figure{mapText(ctx, "beyond_chance"), wholeNumber(ctx, c.Kept) + " / " + decimal(ctx, c.Expected, 1),
			mapText(ctx, "beyond_chance_said", i18n.Args{"Chance": decimal(ctx, c.Chance, 3), "Count": c.Permutations}), mapText(ctx, "beyond_chance_formula")})
	}
	return out
}

// changeTable lists what came, went and stayed.
func (v mapView) changeTable(c networkmap.Change) templ.Component {
	ctx := v.ctx
	table := ui.TableProps{ID: "map-change", Caption: mapText(ctx, "change"), Columns: []ui.Column{{Label: i18n.T(ctx, "ties.field_organization")}, {Label: i18n.T(ctx, "ties.field_organization")}, {Label: mapText(ctx, "fate")}, {Label: mapText(ctx, "layers")}}}
	for _, t := range c.Ties[:min(len(c.Ties), mostTieRows)] {
		var layers []string
		for _, l := range t.Layers {
			layers = append(layers, i18n.T(ctx, "map_layers."+l))
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: v.names[t.From]}, {Text: v.names[t.To]}, {Text: i18n.T(ctx, "map_fates."+t.Fate)}, {Text: i18n.List(ctx, layers)}}})
	}
	panel := ui.PanelProps{Heading: mapText(ctx, "change")}
	if len(table.Rows) == 0 {
		return with(ui.Panel(panel), muted(mapText(ctx, "no_ties")))
	}
	return with(ui.Panel(panel), append([]templ.Component{ui.Table(table)}, v.rest(len(c.Ties)-mostTieRows)...)...)
}
