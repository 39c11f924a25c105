package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// mapForm chooses what is drawn, and how.
func (s *Server) mapForm(r *http.Request, v mapView) templ.Component {
	ctx := v.ctx
	choose := ui.FormProps{ID: "map-form", Action: r.URL.EscapedPath(), Get: true, Unguarded: true, Submit: mapText(ctx, "draw")}
	for _, name := range []string{"as-of", "focus"} {
		if value := r.URL.Query().Get(name); value != "" {
			choose.Hidden = append(choose.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	layers := ui.FieldProps{Kind: ui.Checkboxes, Name: "layer", Label: mapText(ctx, "layers"), Help: mapText(ctx, "layers_help"), Values: v.choice.in.Layers}
	var all []string
	for _, l := range v.m.Layers {
		layers.Options = append(layers.Options, ui.Option{Value: l.Key, Label: i18n.T(ctx, "map_layers."+l.Key), Help: mapText(ctx, "ties", i18n.Args{"Count": l.Ties})})
		all = append(all, l.Key)
	}
	if len(layers.Values) == 0 {
		layers.Values = all
	}
	pick := func(name, blank, value string, options []ui.Option) ui.FieldProps {
		return ui.FieldProps{Kind: ui.Select, Name: name, Label: mapText(ctx, name), Blank: blank, Value: value, Options: options}
	}
	whole := ui.FieldSet(ui.FieldSetProps{Legend: mapText(ctx, "which"), Columns: true})
	look := ui.FieldSet(ui.FieldSetProps{Legend: mapText(ctx, "look"), Columns: true})
	days := ui.FieldSet(ui.FieldSetProps{Legend: mapText(ctx, "days"), Columns: true})
	which := []templ.Component{
		ui.Field(pick("type", mapText(ctx, "any_type"), v.choice.in.Type, typeOptions(v.m.Types, v.choice.in.Type))),
		v.claimField(),
		ui.Field(pick("sector", mapText(ctx, "any_sector"), v.choice.in.Sector, options(ctx, "sectors.", directory.Sectors))),
		ui.Field(pick("body", mapText(ctx, "any_body"), r.URL.Query().Get("body"), v.bodies)),
		ui.Field(pick("strength", mapText(ctx, "any_strength"), strconv.FormatInt(v.choice.in.Strength, 10), plainOptions("25", "50", "75"))),
		ui.Field(withHelp(pick("least", "", strconv.FormatFloat(v.choice.in.Least, 'f', -1, 64), leastOptions(ctx)), mapText(ctx, "least_help"))),
		ui.Field(ui.FieldProps{Kind: ui.Checkbox, Name: "away", Value: "1", Label: mapText(ctx, "away"), Checked: v.choice.in.Away}),
	}
	period := []templ.Component{
		ui.Field(ui.FieldProps{Kind: ui.Date, Name: "before", Label: mapText(ctx, "before"), Help: mapText(ctx, "before_help"), Value: v.choice.before}),
	}
	if slices.ContainsFunc(v.m.Layers, func(l networkmap.Layer) bool { return l.Key == networkmap.Meetings }) {
		period = append(period, ui.Field(ui.FieldProps{Kind: ui.Date, Name: "from", Label: mapText(ctx, "from"), Help: mapText(ctx, "from_help"), Value: v.choice.in.From}))
	}
	return with(folded(mapText(ctx, "choose")), with(ui.Form(choose), ui.Field(layers), with(whole, which...), with(days, period...),
		with(look, ui.Field(pick("color", "", v.choice.color, options(ctx, "network-map.color_", mapColors))), ui.Field(pick("size", "", v.choice.size, options(ctx, "network-map.size_", mapSizes))))))
}

func withHelp(f ui.FieldProps, help string) ui.FieldProps {
	f.Help = help
	return f
}

func plainOptions(values ...string) []ui.Option {
	var out []ui.Option
	for _, value := range values {
		out = append(out, ui.Option{Value: value, Label: value})
	}
	return out
}

func leastOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, value := range mapLeasts {
		f, _ := strconv.ParseFloat(value, 64)
		label := i18n.Decimal(ctx, f, 2)
		if f == 0 {
			label = mapText(ctx, "any_weight")
		}
		out = append(out, ui.Option{Value: value, Label: label})
	}
	return out
}

// typeOptions offers the types of the day, and the one that was chosen though the day
// has none of it.
func typeOptions(types []networkmap.Type, chosen string) []ui.Option {
	var out []ui.Option
	there := chosen == ""
	for _, t := range types {
		there = there || t.Name == chosen
		out = append(out, ui.Option{Value: t.Name, Label: t.Name})
	}
	if !there {
		out = append(out, ui.Option{Value: chosen, Label: chosen})
	}
	return out
}

// years lead through time: a link for each year, and to the quarters beside the day.
func (v mapView) years(r *http.Request, today string) templ.Component {
	year, _ := strconv.Atoi(v.m.AsOf[:4])
	last, _ := strconv.Atoi(today[:4])
	p := mapYearsProps{First: v.m.FirstYear, Today: today, Day: v.m.AsOf, Keep: query(r.URL, "as-of", "")}
	first := max(v.m.FirstYear, last-mostYears)
	quarter := func(y, q int) string {
		return strconv.Itoa(y) + [4]string{"-03-31", "-06-30", "-09-30", "-12-31"}[q]
	}
	month, _ := strconv.Atoi(v.m.AsOf[5:7])
	at := year*4 + (month-1)/3
	if ends := quarter(at/4, at%4); v.m.AsOf < ends || at/4 > first {
		before := quarter((at-1)/4, (at-1)%4)
		if (at-1)/4 >= first {
			p.Earlier = query(r.URL, "as-of", before)
		}
	}
	if next := quarter((at+1)/4, (at+1)%4); v.m.AsOf < today {
		if this := quarter(at/4, at%4); this > v.m.AsOf {
			next = this
		}
		if next >= today {
			next = ""
		}
		p.Later = query(r.URL, "as-of", next)
	}
	for y := first; y <= last; y++ {
		day := quarter(y, 3)
		if day >= today {
			day = ""
		}
		p.Years = append(p.Years, ui.Link{Label: strconv.Itoa(y), Href: query(r.URL, "as-of", day), Current: y == year})
	}
	if len(p.Years) < 2 {
		return templ.NopComponent
	}
	return mapYears(p)
}

// mostYears is how many years are offered.
const mostYears = 30
