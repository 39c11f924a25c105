package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// coverageRoutes are the pages about who is at the table and who is missing.
func (s *Server) coverageRoutes() []Route {
	const coverage = "/c/{collaborative}/coverage"
	return []Route{
		{"GET", coverage, []string{"coverage.get"}, s.coveragePage},
		{"GET", coverage + "/targets", []string{"coverage.get", "coverage.set-targets"}, s.coverageTargets},
		{"POST", coverage + "/targets", []string{"coverage.get", "coverage.set-targets"}, s.coverageTargetsSave},
	}
}

// coverageValue is a sector or place in words.
func coverageValue(ctx context.Context, dimension, value string) string {
	switch {
	case value == "":
		return i18n.T(ctx, "list.not_known")
	case dimension == directory.SectorDimension:
		return i18n.T(ctx, "sectors."+value)
	case dimension == directory.LivedDimension:
		return i18n.T(ctx, "people.field_lived_experience")
	}
	return value
}

func coverageTitle(ctx context.Context, t directory.CoverageTable) string {
	return i18n.T(ctx, "coverage.scope_"+t.Scope) + " · " + i18n.T(ctx, "coverage.by_"+t.Dimension)
}

// coveragePage is GET …/coverage.
func (s *Server) coveragePage(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	c, err := directory.GetCoverage.Do(ctx, s.app.Door, directory.CoverageInput{AsOf: day})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "coverage.title"), Lede: i18n.T(ctx, "coverage.lede"), Tabs: s.groupTabs(ctx, "coverage"), AsOf: s.asOf(r, "coverage")}
	var children []templ.Component
	for n, t := range c.Tables {
		if t.Dimension == directory.LivedDimension && t.Withheld {
			text := i18n.T(ctx, "coverage.withheld", i18n.Args{"Least": int(t.Least), "Both": int(2 * t.Least)})
			if day != "" {
				text = i18n.T(ctx, "coverage.only_today")
			}
			children = append(children, with(ui.Panel(s.coverageHead(ctx, t, day)), muted(text)))
			continue
		}
		if len(t.Rows) == 0 {
			children = append(children, with(ui.Panel(s.coverageHead(ctx, t, day)), muted(i18n.T(ctx, "coverage.nobody"))))
			continue
		}
		children = append(children, s.coverageChart(ctx, n, t, c.Day))
		if actions := s.coverageHead(ctx, t, day).Actions; len(actions) > 0 {
			children = append(children, ui.Button(actions[0]))
		}
	}
	return s.show(w, r, http.StatusOK, "bodies", props, children...)
}

func (s *Server) coverageHead(ctx context.Context, t directory.CoverageTable, day string) ui.PanelProps {
	panel := ui.PanelProps{Heading: coverageTitle(ctx, t)}
	if day == "" && s.may(ctx, "coverage.set-targets") {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "coverage.set_targets", i18n.Args{"Name": coverageTitle(ctx, t)}), Href: place(ctx, "coverage/targets?scope="+t.Scope+"&dimension="+t.Dimension), Kind: ui.Quiet}}
	}
	return panel
}

// coverageChart draws one table, with the table itself beside it.
func (s *Server) coverageChart(ctx context.Context, n int, t directory.CoverageTable, day string) templ.Component {
	id := "coverage-" + strconv.Itoa(n)
	bars := chart.Bars{ID: id, Title: coverageTitle(ctx, t), Description: i18n.T(ctx, "coverage.chart_description")}
	table := ui.TableProps{ID: id + "-table", Caption: bars.Title, Columns: []ui.Column{{Label: i18n.T(ctx, "coverage.by_"+t.Dimension)}, {Label: i18n.T(ctx, "coverage.count"), Numeric: true},
		{Label: i18n.T(ctx, "coverage.share"), Numeric: true}, {Label: i18n.T(ctx, "coverage.target"), Numeric: true}, {Label: i18n.T(ctx, "coverage.gap")}}}
	percent := func(n int64) string { return i18n.Number(ctx, n) + " %" }
	for _, row := range t.Rows {
		label := coverageValue(ctx, t.Dimension, row.Value)
		share := chart.Share{Label: label, Text: percent(row.Share), Part: row.Share, Target: row.Target}
		cells := []ui.Cell{{Text: label}, {Text: i18n.Number(ctx, row.Count)}, {Text: percent(row.Share)}, {}, {}}
		if t.Dimension == directory.LivedDimension {
			share.Text, cells[1].Text = i18n.T(ctx, "coverage.about", i18n.Args{"Share": percent(row.Share)}), ""
		}
		if row.Target > 0 {
			cells[3].Text = percent(row.Target)
			share.Text += " · " + i18n.T(ctx, "coverage.aim", i18n.Args{"Share": percent(row.Target)})
		}
		if row.Gap > 0 {
			cells[4] = s.coverageGap(ctx, t, row)
		}
		bars.Rows = append(bars.Rows, share)
		table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
	}
	source := i18n.T(ctx, "coverage.source", i18n.Args{"Count": int(t.Total), "Date": i18n.ShortCivilDate(ctx, day)})
	if t.Dimension == directory.LivedDimension {
		source += " " + i18n.T(ctx, "coverage.rounded", i18n.Args{"Least": int(t.Least)})
	}
	return ui.Chart(ui.ChartProps{ID: id, Title: bars.Title, Drawing: bars, Source: source, Table: ui.Table(table)})
}

// coverageGap is how many are missing, with the prospects among whom to look; to
// those who may add one, where there is none, the way to do so.
func (s *Server) coverageGap(ctx context.Context, t directory.CoverageTable, row directory.CoverageRow) ui.Cell {
	if t.Dimension == directory.LivedDimension {
		return ui.Cell{Text: i18n.Number(ctx, row.Gap) + " %"}
	}
	look := url.Values{"status": {"prospect"}}
	add := url.Values{"status": {"prospect"}}
	if t.Dimension == directory.SectorDimension {
		look.Set("sector", row.Value)
		add.Set("sector", row.Value)
	} else {
		look.Set("q", row.Value)
		add.Set("place", row.Value)
	}
	c := ui.Cell{Text: i18n.T(ctx, "coverage.missing", i18n.Args{"Count": int(row.Gap)}), Href: place(ctx, "organizations?"+look.Encode())}
	if s.may(ctx, "organizations.create") {
		c.Content = templ.Join(ui.Button(ui.Action{Label: c.Text, Href: c.Href, Kind: ui.Bare}),
			ui.Button(ui.Action{Label: i18n.T(ctx, "coverage.add_prospect"), Href: place(ctx, "organizations/new?"+add.Encode()), Kind: ui.Bare}))
	}
	return c
}

// coverageTable finds the table of the address.
func (s *Server) coverageTable(r *http.Request) (directory.CoverageTable, error) {
	c, err := directory.GetCoverage.Do(r.Context(), s.app.Door, directory.CoverageInput{})
	if err != nil {
		return directory.CoverageTable{}, err
	}
	scope, dimension := r.FormValue("scope"), r.FormValue("dimension")
	for _, t := range c.Tables {
		if scope == "" || t.Scope == scope && t.Dimension == dimension {
			return t, nil
		}
	}
	return directory.CoverageTable{}, operation.Missing()
}

// coverageTargets is GET …/coverage/targets.
func (s *Server) coverageTargets(w http.ResponseWriter, r *http.Request) error {
	t, err := s.coverageTable(r)
	if err != nil {
		return err
	}
	values := url.Values{}
	if t.Dimension == directory.SectorDimension {
		for _, sector := range directory.Sectors {
			values.Add("value", sector)
			values.Add("share", "")
		}
	}
	for _, row := range t.Rows {
		at := -1
		for n, v := range values["value"] {
			if v == row.Value {
				at = n
			}
		}
		switch {
		case at >= 0:
			values["share"][at] = number(row.Target)
		case row.Value != "":
			values.Add("value", row.Value)
			values.Add("share", number(row.Target))
		}
	}
	if t.Dimension == directory.LivedDimension && len(values["value"]) == 0 {
		values = url.Values{"value": {"yes"}, "share": {""}}
	}
	return s.coverageForm(w, r, http.StatusOK, t, values, faults{})
}

func (s *Server) coverageForm(w http.ResponseWriter, r *http.Request, status int, t directory.CoverageTable, values url.Values, f faults) error {
	ctx := r.Context()
	props := ui.PageProps{Title: i18n.T(ctx, "coverage.field_targets"), Heading: coverageTitle(ctx, t), Lede: i18n.T(ctx, "coverage.targets_lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "coverage.title"), Href: place(ctx, "coverage")}}}
	for n := range f.list {
		f.list[n].Field = ""
	}
	form := ui.FormProps{Action: place(ctx, "coverage/targets"), Errors: f.list, Cancel: ui.Link{Href: place(ctx, "coverage")}, Hidden: []ui.Hidden{{Name: "scope", Value: t.Scope}, {Name: "dimension", Value: t.Dimension}}}
	var fields []ui.FieldProps
	lines := len(values["value"])
	free := t.Dimension == directory.PlaceDimension
	if free {
		lines += spareLines
	}
	for n := range lines {
		id := strconv.Itoa(n)
		value := nth(values["value"], n)
		label := i18n.T(ctx, "coverage.target_of", i18n.Args{"Name": coverageValue(ctx, t.Dimension, value)})
		if free {
			fields = append(fields, ui.FieldProps{Name: "value", ID: "value-" + id, Label: i18n.T(ctx, "organizations.field_place"), Value: value, MaxLength: 200, Autocomplete: "off"})
			label = i18n.T(ctx, "coverage.target")
		} else {
			form.Hidden = append(form.Hidden, ui.Hidden{Name: "value", Value: value})
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Number, Name: "share", ID: "share-" + id, Label: label, Value: nth(values["share"], n), Min: "0", Max: "100", Size: "short", InputMode: "numeric"})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// coverageTargetsSave is POST …/coverage/targets. A line without a share aims at
// nothing.
func (s *Server) coverageTargetsSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	t, err := s.coverageTable(r)
	if err != nil {
		return err
	}
	in := directory.TargetsInput{Scope: t.Scope, Dimension: t.Dimension, Targets: []directory.TargetShare{}}
	for n, value := range v["value"] {
		if share := whole(nth(v["share"], n)); share != 0 && value != "" {
			in.Targets = append(in.Targets, directory.TargetShare{Value: value, Share: share})
		}
	}
	var receipt operation.Receipt
	_, err = directory.SetTargets.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok {
		return s.coverageForm(w, r, http.StatusUnprocessableEntity, t, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "coverage"), "coverage.set-targets", receipt)
}
