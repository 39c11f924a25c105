package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// mapMeasures are the measures of the whole, by catalogue key "network-map.m_…" with
// "…_means" for what they say.
var mapMeasures = []struct {
	key string
	of  func(ctx context.Context, w networkmap.Whole) string
}{
	{"organizations", func(ctx context.Context, w networkmap.Whole) string { return wholeNumber(ctx, w.Organizations) }},
	{"pairs", func(ctx context.Context, w networkmap.Whole) string { return wholeNumber(ctx, w.Pairs) }},
	{"density", func(ctx context.Context, w networkmap.Whole) string { return share(ctx, w.Density) }},
	{"mean_degree", func(ctx context.Context, w networkmap.Whole) string { return decimal(ctx, w.MeanDegree, 1) }},
	{"reciprocity", func(ctx context.Context, w networkmap.Whole) string {
		if w.Reciprocity == nil {
			return "–"
		}
		return share(ctx, w.Reciprocity) + " " + mapText(ctx, "of_pairs", i18n.Args{"Count": w.Directed})
	}},
	{"components", func(ctx context.Context, w networkmap.Whole) string {
		return wholeNumber(ctx, w.Components) + " " + mapText(ctx, "largest", i18n.Args{"Count": w.Largest})
	}},
	{"alone", func(ctx context.Context, w networkmap.Whole) string { return wholeNumber(ctx, w.Alone) }},
	{"degree_centralization", func(ctx context.Context, w networkmap.Whole) string { return decimal(ctx, w.DegreeCentralization, 2) }},
	{"betweenness_centralization", func(ctx context.Context, w networkmap.Whole) string {
		return decimal(ctx, w.BetweennessCentralization, 2)
	}},
	{"clustering", func(ctx context.Context, w networkmap.Whole) string { return share(ctx, w.Clustering) }},
	{"communities", func(ctx context.Context, w networkmap.Whole) string { return wholeNumber(ctx, w.Communities) }},
	{"modularity", func(ctx context.Context, w networkmap.Whole) string { return decimal(ctx, w.Modularity, 2) }},
	{"e_i", func(ctx context.Context, w networkmap.Whole) string { return decimal(ctx, w.EI, 2) }},
	{"cut_points", func(ctx context.Context, w networkmap.Whole) string { return wholeNumber(ctx, w.CutPoints) }},
	{"bridges", func(ctx context.Context, w networkmap.Whole) string { return wholeNumber(ctx, w.Bridges) }},
}

func wholeNumber(ctx context.Context, n int) string { return i18n.Number(ctx, int64(n)) }

// share is a part of one in per cent, or a dash where it is not defined.
func share(ctx context.Context, v *float64) string {
	if v == nil {
		return "–"
	}
	return i18n.Decimal(ctx, *v*100, 1) + " %"
}

func decimal(ctx context.Context, v *float64, places int) string {
	if v == nil {
		return "–"
	}
	return i18n.Decimal(ctx, *v, places)
}

// wholeTable is what can be said of the network as a whole, with and without the
// backbone.
func (v mapView) wholeTable() templ.Component {
	ctx := v.ctx
	table := ui.TableProps{ID: "whole", Caption: mapText(ctx, "whole"), Columns: []ui.Column{{Label: mapText(ctx, "measure")}, {Label: mapText(ctx, "with_all"), Numeric: true}}}
	if v.m.Without != nil {
		table.Columns = append(table.Columns, ui.Column{Label: mapText(ctx, "without_backbone"), Numeric: true})
	}
	for _, of := range mapMeasures {
		row := ui.TableRow{Cells: []ui.Cell{{Text: mapText(ctx, "m_"+of.key), Detail: mapText(ctx, "m_"+of.key+"_means")}, {Text: of.of(ctx, v.m.Whole)}}}
		if v.m.Without != nil {
			row.Cells = append(row.Cells, ui.Cell{Text: of.of(ctx, *v.m.Without)})
		}
		table.Rows = append(table.Rows, row)
	}
	detail := mapText(ctx, "whole_text", i18n.Args{"Source": v.source()})
	missing := 0
	for _, n := range v.m.Items {
		if silent(n) {
			missing++
		}
	}
	if missing > 0 {
		detail += " " + mapText(ctx, "whole_silent", i18n.Args{"Count": missing})
	}
	return with(ui.Panel(ui.PanelProps{Heading: mapText(ctx, "whole"), Detail: detail}), ui.Table(table))
}

// The tables of the map have so many rows, so that the page stays light; all of them
// are in its files, and those of one organization where it is in focus.
const (
	mostRows    = 500
	mostTieRows = 50
)

// organizationTable has the same facts as the map: by name, since nobody is ranked.
func (v mapView) organizationTable(r *http.Request) templ.Component {
	ctx := v.ctx
	table := ui.TableProps{ID: "map-organizations", Caption: mapText(ctx, "table_organizations"), Columns: []ui.Column{{Label: i18n.T(ctx, "ties.field_organization")}, {Label: i18n.T(ctx, "organizations.field_sector")}, {Label: mapText(ctx, "bodies")}}}
	for _, head := range []string{"degree", "in", "out", "betweenness", "core", "community"} {
		table.Columns = append(table.Columns, ui.Column{Label: mapText(ctx, "head_"+head), Numeric: true})
	}
	names := map[string]string{}
	for _, o := range v.bodies {
		names[o.Value] = o.Label
	}
	for _, n := range v.m.Items[:min(len(v.m.Items), mostRows)] {
		name := ui.Cell{Text: v.names[n.ID], Href: focusHref(r, n.ID)}
		if n.Backbone {
			name.Tags = append(name.Tags, ui.TagProps{Label: mapText(ctx, "sign_backbone")})
		}
		if n.Cut {
			name.Tags = append(name.Tags, ui.TagProps{Label: mapText(ctx, "cut_point")})
		}
		if silent(n) {
			name.Tags = append(name.Tags, ui.TagProps{Label: mapText(ctx, "silent")})
		}
		var bodies []string
		for _, b := range n.Bodies {
			bodies = append(bodies, names[b.String()])
		}
		community := "–"
		if n.Community > 0 {
			community = wholeNumber(ctx, n.Community)
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{name, {Text: optional(ctx, "sectors.", n.Sector)}, {Text: strings.Join(bodies, ", ")}, {Text: wholeNumber(ctx, n.Degree)}, {Text: wholeNumber(ctx, n.In)}, {Text: wholeNumber(ctx, n.Out)},
			{Text: share(ctx, &n.Betweenness)}, {Text: wholeNumber(ctx, n.Core)}, {Text: community}}})
	}
	panel := ui.PanelProps{Heading: mapText(ctx, "table_organizations"), Detail: mapText(ctx, "table_organizations_text")}
	return with(ui.Panel(panel), with(folded(mapText(ctx, "show_table")), append([]templ.Component{ui.Table(table)}, v.rest(len(v.m.Items)-mostRows)...)...))
}

// rest says how many rows are not shown.
func (v mapView) rest(more int) []templ.Component {
	if more <= 0 {
		return nil
	}
	return []templ.Component{muted(mapText(v.ctx, "more_rows", i18n.Args{"Count": more}))}
}

// tieTable are the ties of the map, or of the organization in focus.
func (v mapView) tieTable() templ.Component {
	ctx := v.ctx
	heading := mapText(ctx, "table_ties")
	if !v.choice.focus.IsZero() {
		heading = mapText(ctx, "table_ties_of", i18n.Args{"Organization": v.names[v.choice.focus]})
	}
	table := ui.TableProps{ID: "map-ties", Caption: heading}
	for _, head := range []string{"from", "to"} {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "ties.field_"+head)})
	}
	table.Columns = append(table.Columns, ui.Column{Label: mapText(ctx, "head_layer")}, ui.Column{Label: i18n.T(ctx, "ties.field_direction")}, ui.Column{Label: mapText(ctx, "head_weight"), Numeric: true}, ui.Column{Label: mapText(ctx, "head_when")})
	all := 0
	for _, t := range v.m.Ties {
		if !v.choice.focus.IsZero() && t.From != v.choice.focus && t.To != v.choice.focus {
			continue
		}
		if all++; all > mostTieRows {
			continue
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: v.names[t.From]}, {Text: v.names[t.To]},
			{Text: i18n.T(ctx, "map_layers."+t.Layer), Detail: v.layerDetail(t)}, {Text: directionText(ctx, t.Mutual)}, {Text: v.weight(t)}, {Text: v.when(t)}}})
	}
	panel := ui.PanelProps{Heading: heading, Detail: mapText(ctx, "table_ties_text")}
	if v.m.Hidden > 0 {
		panel.Detail += " " + mapText(ctx, "hidden", i18n.Args{"Count": v.m.Hidden})
	}
	if len(table.Rows) == 0 {
		return with(ui.Panel(panel), muted(mapText(ctx, "no_ties")))
	}
	rows := append([]templ.Component{ui.Table(table)}, v.rest(all-len(table.Rows))...)
	if v.choice.focus.IsZero() {
		rows = []templ.Component{with(folded(mapText(ctx, "show_table")), rows...)}
	}
	return with(ui.Panel(panel), rows...)
}

func directionText(ctx context.Context, mutual bool) string {
	if mutual {
		return i18n.T(ctx, "tie_directions.mutual")
	}
	return i18n.T(ctx, "tie_directions.directed")
}

func (v mapView) layerDetail(t networkmap.Tie) string {
	detail := or(t.Type, t.Wave)
	if t.Times > 0 {
		detail = mapText(v.ctx, "times_"+t.Layer, i18n.Args{"Count": t.Times})
	}
	if t.Bridge {
		detail = dotted(detail, mapText(v.ctx, "bridge"))
	}
	return detail
}

func (v mapView) weight(t networkmap.Tie) string {
	switch {
	case t.Weight < 0:
		return "–"
	case t.Layer == networkmap.Declared || t.Layer == networkmap.Imported:
		return i18n.Number(v.ctx, int64(t.Weight))
	}
	return i18n.Decimal(v.ctx, t.Weight, 2)
}

func (v mapView) when(t networkmap.Tie) string {
	switch {
	case t.Last != "":
		return mapText(v.ctx, "last_met", i18n.Args{"Date": i18n.ShortCivilDate(v.ctx, t.Last)})
	case t.Since == "" && t.Until == "":
		return ""
	case t.Since == "":
		return i18n.T(v.ctx, "ties.field_valid_to") + " " + i18n.ShortCivilDate(v.ctx, t.Until)
	}
	return spanText(v.ctx, t.Since, t.Until)
}
