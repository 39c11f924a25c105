package web

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// togetherRoutes are the pages about how we work together.
func (s *Server) togetherRoutes() []Route {
	const at = "/c/{collaborative}/working-together"
	return []Route{
		{"GET", at, []string{"together.get", "bodies.list", "survey-results.list"}, s.togetherPage},
		{"GET", at + "/brief", []string{"together.get", "survey-results.list", "seats.list", "terms.list", "actions.list", "bodies.list", "meetings.list", "agenda.list"}, s.togetherBrief},
		{"GET", at + "/trend.svg", []string{"together.get"}, s.togetherDrawing},
		{"GET", at + "/trend.csv", []string{"together.get"}, s.togetherFile},
		{"GET", at + "/follow-through.svg", []string{"together.get"}, s.togetherDrawing},
		{"GET", at + "/follow-through.csv", []string{"together.get"}, s.togetherFile},
		{"GET", at + "/stays.svg", []string{"together.get"}, s.togetherDrawing},
		{"GET", at + "/stays.csv", []string{"together.get"}, s.togetherFile},
		{"GET", at + "/met.csv", []string{"together.network"}, s.metFile},
		{"GET", at + "/met.graphml", []string{"together.network"}, s.metGraph},
	}
}

func togetherInput(r *http.Request) together.Input {
	body, _ := id.Parse[directory.Body](r.URL.Query().Get("body")) // none means all
	return together.Input{AsOf: r.URL.Query().Get("as-of"), BodyID: body}
}

// rate is a share of one in per cent, or a dash where there was nothing.
func rate(ctx context.Context, s together.Share) string {
	if s.All == 0 {
		return "–"
	}
	return percent(ctx, int64(math.Round(s.Rate*100)))
}

// ofHowMany says what a rate is of, and how sure it is.
func ofHowMany(ctx context.Context, s together.Share) string {
	if s.All == 0 {
		return i18n.T(ctx, "together.nothing")
	}
	return i18n.T(ctx, "together.of", i18n.Args{"Some": i18n.Number(ctx, s.Some), "All": i18n.Number(ctx, s.All), "Low": percent(ctx, int64(math.Round(s.Low*100))), "High": percent(ctx, int64(math.Round(s.High*100)))})
}

// togetherPage is GET …/working-together.
func (s *Server) togetherPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := togetherInput(r)
	p, err := together.Get.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "together.title"), Lede: i18n.T(ctx, "together.lede", i18n.Args{"From": i18n.ShortCivilDate(ctx, p.From), "To": i18n.ShortCivilDate(ctx, p.AsOf)}), AsOf: s.asOf(r, "working-together"),
		Primary: &ui.Action{Label: i18n.T(ctx, "together.brief"), Href: place(ctx, "working-together/brief") + "?" + asked(r, "as-of"), Icon: "print"}}
	if s.may(ctx, "scorecard.get") {
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "scorecard.title"), Href: place(ctx, "scorecard"), Icon: "chart"}}
	}
	choose := ui.FormProps{Action: place(ctx, "working-together"), Get: true, Unguarded: true, Submit: i18n.T(ctx, "together.show")}
	if in.AsOf != "" {
		choose.Hidden = []ui.Hidden{{Name: "as-of", Value: in.AsOf}}
	}
	which := ui.FieldProps{Kind: ui.Select, Name: "body", Label: i18n.T(ctx, "meetings.field_body"), Blank: i18n.T(ctx, "together.all_bodies"), Options: bodies, Value: r.URL.Query().Get("body")}
	children := []templ.Component{with(folded(i18n.T(ctx, "together.choose_body")), with(ui.Form(choose), ui.Field(which)))}
	if p.Seats.All == 0 && p.Presence.All == 0 && len(p.Trend) == 0 {
		children = append(children, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "together.empty"), Text: i18n.T(ctx, "together.empty_text"),
			Actions: []ui.Action{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}}}))
		return s.show(w, r, http.StatusOK, "working-together", props, children...)
	}
	children = append(children, heading(i18n.T(ctx, "together.participation")), figures(togetherFigures(ctx, p)), s.trendChart(ctx, r, p, presenceTrend(p)))
	if len(p.Bodies) > 0 {
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "together.by_body"), Detail: i18n.T(ctx, "together.few")}), ui.Table(groupTable(ctx, "by-body", i18n.T(ctx, "meetings.field_body"), p.Bodies))))
	}
	if len(p.Sectors) > 0 {
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "together.by_sector"), Detail: i18n.T(ctx, "together.few")}), ui.Table(groupTable(ctx, "by-sector", i18n.T(ctx, "organizations.field_sector"), p.Sectors))))
	}
	if len(p.Stays) > 0 {
		children = append(children, s.staysChart(ctx, r, p))
	}
	promised, err := s.togetherCommitment(ctx, in)
	if err != nil {
		return err
	}
	if p.Kept.All > 0 || len(p.KeptTrend) > 0 || len(promised) > 0 {
		children = append(children, heading(i18n.T(ctx, "together.commitment")))
	}
	if p.Kept.All > 0 || len(p.KeptTrend) > 0 {
		children = append(children, figures([]figure{{i18n.T(ctx, "together.kept"), rate(ctx, p.Kept), ofHowMany(ctx, p.Kept), i18n.T(ctx, "together.kept_formula")}}), s.trendChart(ctx, r, p, keptTrend(p)))
	}
	children = append(children, promised...)
	if in.BodyID.IsZero() {
		trust, err := s.togetherTrust(ctx, in.AsOf)
		if err != nil {
			return err
		}
		children = append(children, trust...)
	}
	if in.BodyID.IsZero() && s.may(ctx, "network-map.get") {
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: mapText(ctx, "title"), Detail: mapText(ctx, "about"), Actions: []ui.Action{{Label: mapText(ctx, "open"), Href: asOfHref(place(ctx, "network-map"), in.AsOf)}}})))
	}
	if in.BodyID.IsZero() && s.may(ctx, "together.network") {
		which := "?" + asked(r, "as-of")
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "together.met"), Detail: i18n.T(ctx, "together.met_formula"), Actions: []ui.Action{
			{Label: i18n.T(ctx, "together.met_csv"), Href: place(ctx, "working-together/met.csv"+which), Kind: ui.Quiet},
			{Label: i18n.T(ctx, "together.met_graphml"), Href: place(ctx, "working-together/met.graphml"+which), Kind: ui.Quiet}}})))
	}
	return s.show(w, r, http.StatusOK, "working-together", props, children...)
}

// togetherCommitment is what was pledged and given by kind, for all groups together:
// a commitment belongs to none of them.
func (s *Server) togetherCommitment(ctx context.Context, in together.Input) ([]templ.Component, error) {
	if !in.BodyID.IsZero() || !s.may(ctx, "commitment-totals.get") {
		return nil, nil
	}
	ask := commitments.TotalsInput{}
	if s.mayAll(ctx, "commitments.list") {
		ask.AsOf = in.AsOf
	}
	t, err := commitments.GetTotals.Do(ctx, s.app.Door, ask)
	if err != nil {
		return nil, err
	}
	var out []templ.Component
	for _, kind := range commitments.Kinds {
		if table, any := totalsTable(ctx, t, kind); any {
			out = append(out, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "commitment_kinds."+kind)}), ui.Table(table)))
		}
	}
	if len(out) == 0 {
		return append(out, muted(i18n.T(ctx, "commitments.no_totals"))), nil
	}
	out = append(out, muted(i18n.T(ctx, "commitments.formulas")))
	if t.Least > 0 {
		out = append(out, muted(i18n.T(ctx, "commitments.disclosed", i18n.Args{"Count": int(t.Least)})))
	}
	return out, nil
}

// togetherFigures are the figures at the top, each with what it is of and how it is
// counted.
func togetherFigures(ctx context.Context, p together.Picture) []figure {
	t := func(key string) string { return i18n.T(ctx, "together."+key) }
	list := []figure{
		{t("seats"), rate(ctx, p.Seats), ofHowMany(ctx, p.Seats), t("seats_formula")},
		{t("presence"), rate(ctx, p.Presence), ofHowMany(ctx, p.Presence), t("presence_formula")},
		{t("breadth"), rate(ctx, p.Breadth.Members), breadthSaid(ctx, p.Breadth), t("breadth_formula")},
		{t("came"), i18n.Number(ctx, p.Breadth.New) + " / " + i18n.Number(ctx, p.Breadth.Lapsed), i18n.T(ctx, "together.came_said", i18n.Args{"New": i18n.Number(ctx, p.Breadth.New), "Lapsed": i18n.Number(ctx, p.Breadth.Lapsed), "Returned": i18n.Number(ctx, p.Breadth.Returned)}), t("came_formula")},
	}
	if p.Voice.All > 0 {
		list = append(list, figure{t("voice"), rate(ctx, p.Voice), ofHowMany(ctx, p.Voice), t("voice_formula")})
	}
	if e := p.Engagement; e != nil {
		value := i18n.Number(ctx, int64(e.Low))
		if e.High != e.Low {
			value += "–" + i18n.Number(ctx, int64(e.High))
		}
		list = append(list, figure{t("engagement"), value, i18n.T(ctx, "together.engagement_of", i18n.Args{"N": i18n.Number(ctx, e.N)}), t("engagement_formula")})
	}
	return list
}

// breadthSaid says of how many members a breadth is.
func breadthSaid(ctx context.Context, b together.Breadth) string {
	return i18n.T(ctx, "together.breadth_of", i18n.Args{"Some": i18n.Number(ctx, b.Members.Some), "All": i18n.Number(ctx, b.Members.All), "Count": b.Guests})
}

// trend is one share by quarter: its words are those of its name in the catalogue.
type trend struct {
	file  string // of its drawing and its CSV
	words string // "together.<words>" is what it is a share of, and so on
	steps []together.Step
}

func presenceTrend(p together.Picture) trend { return trend{"trend", "presence", p.Trend} }
func keptTrend(p together.Picture) trend     { return trend{"follow-through", "kept", p.KeptTrend} }

// lines are the quarters as a drawing.
func (t trend) lines(ctx context.Context) chart.Lines {
	l := chart.Lines{ID: t.words + "-trend", Title: i18n.T(ctx, "together."+t.words+"_trend"), Description: i18n.T(ctx, "together."+t.words+"_trend_description")}
	line := chart.Line{Name: i18n.T(ctx, "together."+t.words)}
	for _, step := range t.steps {
		label := ""
		if step.From[5:] == "01-01" {
			label = step.From[:4]
		}
		l.Labels = append(l.Labels, label)
		line.Points = append(line.Points, chart.Point{Share: step.Share.Rate, Low: step.Share.Low, High: step.Share.High, None: step.Share.All == 0, Open: step.Partial})
	}
	l.Series = []chart.Line{line}
	return l
}

func (t trend) heads(ctx context.Context) []string {
	say := func(key string) string { return i18n.T(ctx, "together."+key) }
	return []string{say("quarter"), say(t.words + "_some"), say("all"), say("rate"), say("low"), say("high")}
}

func quarterText(ctx context.Context, step together.Step) string {
	month, _ := strconv.Atoi(step.From[5:7])
	text := i18n.T(ctx, "together.quarter_of", i18n.Args{"Quarter": (month-1)/3 + 1, "Year": step.From[:4]})
	if step.Partial {
		text += " " + i18n.T(ctx, "together.partial")
	}
	return text
}

func (s *Server) trendChart(ctx context.Context, r *http.Request, p together.Picture, t trend) templ.Component {
	if len(t.steps) == 0 {
		return templ.NopComponent
	}
	lines, heads := t.lines(ctx), t.heads(ctx)
	table := ui.TableProps{ID: t.words + "-table", Caption: lines.Title, Columns: []ui.Column{{Label: heads[0]}}}
	for _, head := range heads[1:] {
		table.Columns = append(table.Columns, ui.Column{Label: head, Numeric: true})
	}
	for _, step := range slices.Backward(t.steps) {
		row := ui.TableRow{Cells: []ui.Cell{{Text: quarterText(ctx, step)}, {Text: i18n.Number(ctx, step.Share.Some)}, {Text: i18n.Number(ctx, step.Share.All)}, {Text: rate(ctx, step.Share)}, {}, {}}}
		if step.Share.All > 0 {
			row.Cells[4].Text, row.Cells[5].Text = percent(ctx, int64(math.Round(step.Share.Low*100))), percent(ctx, int64(math.Round(step.Share.High*100)))
		}
		table.Rows = append(table.Rows, row)
	}
	which := "?" + asked(r, "as-of", "body")
	return ui.Chart(ui.ChartProps{ID: lines.ID, Title: lines.Title, Drawing: lines, Source: i18n.T(ctx, "together."+t.words+"_source", i18n.Args{"Date": i18n.ShortCivilDate(ctx, p.AsOf)}), Table: ui.Table(table),
		SVGHref: place(ctx, "working-together/"+t.file+".svg"+which), CSVHref: place(ctx, "working-together/"+t.file+".csv"+which)})
}

// asked are some of the values in the address of a page, to be asked for again.
func asked(r *http.Request, keys ...string) string {
	which := url.Values{}
	for _, key := range keys {
		if value := r.URL.Query().Get(key); value != "" {
			which.Set(key, value)
		}
	}
	return which.Encode()
}

// ofActions says of how many actions a rate is.
func ofActions(ctx context.Context, s together.Share) string {
	if s.All == 0 {
		return ""
	}
	return i18n.T(ctx, "together.of_actions", i18n.Args{"Count": s.All})
}

func groupTable(ctx context.Context, name, head string, groups []together.Group) ui.TableProps {
	table := ui.TableProps{ID: name, Caption: head, Columns: []ui.Column{{Label: head}, {Label: i18n.T(ctx, "together.seats"), Numeric: true}, {Label: i18n.T(ctx, "together.presence"), Numeric: true}, {Label: i18n.T(ctx, "together.all"), Numeric: true}, {Label: i18n.T(ctx, "together.kept"), Numeric: true}}}
	for _, g := range groups {
		cell := ui.Cell{Text: g.Name}
		switch {
		case name == "by-sector" && g.Name == "":
			cell.Text = i18n.T(ctx, "together.other_sectors")
		case name == "by-sector":
			cell.Text = i18n.T(ctx, "sectors."+g.Name)
		case !g.ID.IsZero():
			cell.Href = place(ctx, "bodies/"+g.ID.Short())
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{cell, {Text: rate(ctx, g.Seats)}, {Text: rate(ctx, g.Presence)}, {Text: i18n.Number(ctx, g.Presence.All)}, {Text: rate(ctx, g.Kept), Detail: ofActions(ctx, g.Kept)}}})
	}
	return table
}

// staysChart tells how many of those who joined are members still, years later.
func (s *Server) staysChart(ctx context.Context, r *http.Request, p together.Picture) templ.Component {
	table := ui.TableProps{ID: "stays", Caption: i18n.T(ctx, "together.stays"), Columns: []ui.Column{{Label: i18n.T(ctx, "together.joined")}, {Label: i18n.T(ctx, "together.members"), Numeric: true}}}
	years := 0
	for _, stay := range p.Stays {
		years = max(years, len(stay.After))
	}
	for n := range years {
		for _, stay := range p.Stays {
			if n < len(stay.After) {
				table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "together.after_years", i18n.Args{"Count": stay.After[n].Years}), Numeric: true})
				break
			}
		}
	}
	for _, stay := range p.Stays {
		name := i18n.T(ctx, "together.everyone")
		if stay.Year > 0 {
			name = strconv.Itoa(stay.Year)
		}
		row := ui.TableRow{Cells: []ui.Cell{{Text: name}, {Text: i18n.Number(ctx, stay.Members)}}}
		for n := range years {
			cell := ui.Cell{Text: "–"}
			if n < len(stay.After) {
				a := stay.After[n]
				cell = ui.Cell{Text: percent(ctx, int64(math.Round(a.Share*100)))}
				if a.Bounded {
					cell.Detail = i18n.T(ctx, "together.between", i18n.Args{"Low": percent(ctx, int64(math.Round(a.Low*100))), "High": percent(ctx, int64(math.Round(a.High*100)))})
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	which := "?" + asked(r, "as-of")
	lines := staysLines(ctx, p)
	source := i18n.T(ctx, "together.stays_source", i18n.Args{"Date": i18n.ShortCivilDate(ctx, p.AsOf)}) + " " + i18n.T(ctx, "together.stays_formula")
	return ui.Chart(ui.ChartProps{ID: lines.ID, Title: i18n.T(ctx, "together.stays"), Drawing: lines, Source: source, Table: ui.Table(table),
		SVGHref: place(ctx, "working-together/stays.svg"+which), CSVHref: place(ctx, "working-together/stays.csv"+which)})
}

// staysLines draw how many are still members after each year, of all that joined.
func staysLines(ctx context.Context, p together.Picture) chart.Lines {
	l := chart.Lines{ID: "stays-curve", Title: i18n.T(ctx, "together.stays_curve"), Description: i18n.T(ctx, "together.stays_description")}
	line := chart.Line{Name: i18n.T(ctx, "together.members")}
	for _, stay := range p.Stays {
		for _, a := range stay.Curve {
			point := chart.Point{Share: a.Share, Low: a.Share, High: a.Share}
			if a.Bounded {
				point.Low, point.High = a.Low, a.High
			}
			l.Labels, line.Points = append(l.Labels, i18n.Number(ctx, int64(a.Years))), append(line.Points, point)
		}
	}
	l.Series = []chart.Line{line}
	return l
}

// bound is an end of an interval in a file; empty where there is none.
func bound(a together.Point, end float64) sheets.Cell {
	if !a.Bounded {
		return sheets.Text("")
	}
	return sheets.Number(end)
}

// togetherDrawing is GET …/working-together/trend.svg and those of the other charts.
func (s *Server) togetherDrawing(w http.ResponseWriter, r *http.Request) error {
	p, err := together.Get.Do(r.Context(), s.app.Door, togetherInput(r))
	if err != nil {
		return err
	}
	ctx := r.Context()
	name, lines := "presence", presenceTrend(p).lines(ctx)
	switch path.Base(r.URL.Path) {
	case "follow-through.svg":
		name, lines = "follow-through", keptTrend(p).lines(ctx)
	case "stays.svg":
		name, lines = "stays", staysLines(ctx, p)
	}
	drawing := lines.SVG()
	if drawing == "" {
		return operation.Missing()
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-"+name+"-"+p.AsOf, "svg"))
	_, err = w.Write([]byte(drawing)) // #nosec G705 -- the chart escapes every text in it
	return err
}

// togetherFile is GET …/working-together/trend.csv and those of the other charts: the
// figures beside each.
func (s *Server) togetherFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := together.Get.Do(ctx, s.app.Door, togetherInput(r))
	if err != nil {
		return err
	}
	name, by := "presence", presenceTrend(p)
	if path.Base(r.URL.Path) == "follow-through.csv" {
		name, by = "follow-through", keptTrend(p)
	}
	heads := by.heads(ctx)
	var rows []sheets.Row
	if path.Base(r.URL.Path) == "stays.csv" {
		name, heads = "stays", []string{i18n.T(ctx, "together.joined"), i18n.T(ctx, "together.members"), i18n.T(ctx, "together.years"), i18n.T(ctx, "together.rate"), i18n.T(ctx, "together.low"), i18n.T(ctx, "together.high")}
		for _, stay := range p.Stays {
			for _, a := range stay.After {
				rows = append(rows, sheets.Row{sheets.Text(number(int64(stay.Year))), sheets.Whole(stay.Members), sheets.Whole(int64(a.Years)), sheets.Number(a.Share), bound(a, a.Low), bound(a, a.High)})
			}
		}
	} else {
		for _, step := range by.steps {
			rows = append(rows, sheets.Row{sheets.Text(step.From), sheets.Whole(step.Share.Some), sheets.Whole(step.Share.All), sheets.Number(step.Share.Rate), sheets.Number(step.Share.Low), sheets.Number(step.Share.High)})
		}
	}
	table := sheets.Table{Name: i18n.T(ctx, "together.title"), Rows: sheets.FromRows(rows)}
	for _, head := range heads {
		table.Columns = append(table.Columns, sheets.Column{Title: head})
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-"+name+"-"+p.AsOf, "csv"))
	return sheets.WriteCSV(w, table)
}

// warningsPanel is for whom it may be time to ask how they are, for Home of the
// backbone; nothing when there is nobody.
func (s *Server) warningsPanel(r *http.Request) (templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "together.warnings") {
		return templ.NopComponent, nil
	}
	w, err := together.GetWarnings.Do(ctx, s.app.Door, together.WarningsInput{})
	if err != nil || len(w.Items) == 0 {
		return templ.NopComponent, err
	}
	var rows []ui.Row
	for _, x := range w.Items {
		rows = append(rows, ui.Row{Title: x.Organization, Href: place(ctx, "organizations/"+x.OrganizationID.Short()),
			Detail: i18n.T(ctx, "together.fell_"+x.Of, i18n.Args{"Earlier": rate(ctx, x.Earlier), "EarlierAll": i18n.Number(ctx, x.Earlier.All), "Recent": rate(ctx, x.Recent), "RecentAll": i18n.Number(ctx, x.Recent.All)}),
			Action: &ui.Action{Label: i18n.T(ctx, "touches.add"), Href: place(ctx, "touches/new?organization="+x.OrganizationID.String())}})
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "together.ask"), Detail: i18n.T(ctx, "together.ask_lede")}
	return with(ui.Panel(panel), ui.Rows(rows)), nil
}

// ownParticipation is how an organization takes part, on its page, for itself and
// the backbone.
func (s *Server) ownParticipation(ctx context.Context, o directory.OrganizationID, asOf string) (templ.Component, error) {
	own, err := together.OfOrganization.Do(ctx, s.app.Door, together.OfOrganizationInput{OrganizationID: o, AsOf: asOf})
	if kind := operation.KindOf(err); err != nil && (kind == operation.Forbidden || kind == operation.NotFound) {
		return templ.NopComponent, nil
	}
	if err != nil || own.Presence.All == 0 && own.Kept.All == 0 {
		return templ.NopComponent, err
	}
	t := func(key string) string { return i18n.T(ctx, "together."+key) }
	list := []figure{{t("presence"), rate(ctx, own.Presence), ofHowMany(ctx, own.Presence), t("presence_formula")}, {t("seats"), rate(ctx, own.Seats), ofHowMany(ctx, own.Seats), t("seats_formula")}}
	if own.Voice.All > 0 {
		list = append(list, figure{t("voice"), rate(ctx, own.Voice), ofHowMany(ctx, own.Voice), t("voice_formula")})
	}
	if own.Kept.All > 0 {
		list = append(list, figure{t("kept"), rate(ctx, own.Kept), ofHowMany(ctx, own.Kept), t("kept_formula")})
	}
	return with(ui.Panel(ui.PanelProps{Heading: t("participation"), Detail: t("only_own")}), figures(list)), nil
}
