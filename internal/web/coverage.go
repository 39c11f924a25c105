package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// coverageRoutes are the pages about who is at the table and who is missing.
func (s *Server) coverageRoutes() []Route {
	const coverage = "/c/{collaborative}/coverage"
	return []Route{
		{"GET", coverage, []string{"coverage.get"}, s.coveragePage},
		{"GET", coverage + "/chart.svg", []string{"coverage.get"}, s.coverageDrawing},
		{"GET", coverage + "/table.csv", []string{"coverage.get"}, s.coverageFile},
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
	for _, t := range c.Tables {
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
		children = append(children, s.coverageChart(ctx, t, c.Day, day))
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

// coverageBars is one table as a drawing.
func coverageBars(ctx context.Context, t directory.CoverageTable) chart.Bars {
	bars := chart.Bars{ID: "coverage-" + t.Scope + "-" + t.Dimension, Title: coverageTitle(ctx, t), Description: i18n.T(ctx, "coverage.chart_description")}
	for _, row := range t.Rows {
		share := chart.Share{Label: coverageValue(ctx, t.Dimension, row.Value), Text: percent(ctx, row.Share), Part: row.Share, Target: row.Target}
		if t.Dimension == directory.LivedDimension {
			share.Text = i18n.T(ctx, "coverage.about", i18n.Args{"Share": share.Text})
		}
		if row.Target > 0 {
			share.Text += " · " + i18n.T(ctx, "coverage.aim", i18n.Args{"Share": percent(ctx, row.Target)})
		}
		bars.Rows = append(bars.Rows, share)
	}
	return bars
}

func percent(ctx context.Context, n int64) string { return i18n.Number(ctx, n) + " %" }

// coverageSource says of how many and of what day the figures are.
func coverageSource(ctx context.Context, t directory.CoverageTable, day string) string {
	source := i18n.T(ctx, "coverage.source", i18n.Args{"Count": int(t.Total), "Date": i18n.ShortCivilDate(ctx, day)})
	if t.Dimension == directory.LivedDimension {
		source += " " + i18n.T(ctx, "coverage.rounded", i18n.Args{"Least": int(t.Least)})
	}
	return source
}

// coverageHeads are the headings of a table of coverage.
func coverageHeads(ctx context.Context, t directory.CoverageTable) []string {
	return []string{i18n.T(ctx, "coverage.by_"+t.Dimension), i18n.T(ctx, "coverage.count"), i18n.T(ctx, "coverage.share"), i18n.T(ctx, "coverage.target"), i18n.T(ctx, "coverage.gap")}
}

// coverageChart draws one table, with the table itself beside it and both as
// files. asOf is the day of the address.
func (s *Server) coverageChart(ctx context.Context, t directory.CoverageTable, day, asOf string) templ.Component {
	bars, heads := coverageBars(ctx, t), coverageHeads(ctx, t)
	table := ui.TableProps{ID: bars.ID + "-table", Caption: bars.Title, Columns: []ui.Column{{Label: heads[0]}, {Label: heads[1], Numeric: true}, {Label: heads[2], Numeric: true}, {Label: heads[3], Numeric: true}, {Label: heads[4]}}}
	for _, row := range t.Rows {
		cells := []ui.Cell{{Text: coverageValue(ctx, t.Dimension, row.Value)}, {Text: i18n.Number(ctx, row.Count)}, {Text: percent(ctx, row.Share)}, {}, {}}
		if t.Dimension == directory.LivedDimension {
			cells[1].Text = ""
		}
		if row.Target > 0 {
			cells[3].Text = percent(ctx, row.Target)
		}
		if row.Gap > 0 {
			cells[4] = s.coverageGap(ctx, t, row)
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
	}
	which := url.Values{"scope": {t.Scope}, "dimension": {t.Dimension}}
	if asOf != "" {
		which.Set("as-of", asOf)
	}
	return ui.Chart(ui.ChartProps{ID: bars.ID, Title: bars.Title, Drawing: bars, Source: coverageSource(ctx, t, day), Table: ui.Table(table),
		SVGHref: place(ctx, "coverage/chart.svg?"+which.Encode()), CSVHref: place(ctx, "coverage/table.csv?"+which.Encode())})
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
