package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// functionName is a function in words: the standard ones of the six, or the
// collaborative's own.
func functionName(ctx context.Context, f directory.Function) string {
	if f.Name != "" {
		return f.Name
	}
	return i18n.T(ctx, "functions."+f.Key)
}

// shareText is a holder with the share of the effort, where that is known.
func shareText(ctx context.Context, h directory.Holding) string {
	if h.Share == 0 {
		return h.Holder
	}
	return i18n.T(ctx, "functions.holder_share", i18n.Args{"Name": h.Holder, "Share": int(h.Share)})
}

// functionList is GET …/functions: who performs the backbone's functions, and
// how that changed.
func (s *Server) functionList(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	all, err := directory.ListFunctions.Do(ctx, s.app.Door, directory.ListFunctionsInput{})
	if err != nil {
		return err
	}
	label := collaborative.Label(ctx, "backbone")
	props := ui.PageProps{Title: i18n.T(ctx, "functions.title"), Lede: i18n.T(ctx, "functions.lede", i18n.Args{"Backbone": label}), Tabs: s.groupTabs(ctx, "functions"), AsOf: s.asOf(r, "functions")}
	edit := day == ""
	if edit && s.may(ctx, "functions.assign") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "functions.assign"), Href: place(ctx, "holdings/new"), Icon: "plus"}
	}
	if edit && s.may(ctx, "functions.add") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "functions.add"), Href: place(ctx, "functions/new"), Icon: "plus"})
	}
	children := []templ.Component{with(ui.Grid(), s.functionPanels(r, all.Items, day)...)}
	if all.First != "" {
		children = append([]templ.Component{s.functionChart(r, all)}, children...)
	}
	return s.show(w, r, http.StatusOK, "bodies", props, children...)
}

// functionPanels are the functions with whoever performs them on the day shown.
func (s *Server) functionPanels(r *http.Request, functions []directory.Function, day string) []templ.Component {
	ctx := r.Context()
	at := day
	if at == "" {
		at = s.today(ctx)
	}
	var out []templ.Component
	for _, f := range functions {
		panel := ui.PanelProps{Heading: functionName(ctx, f), Detail: f.About, Minor: true}
		if day == "" && s.may(ctx, "functions.assign") {
			panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "functions.assign"), Href: place(ctx, "holdings/new?function="+url.QueryEscape(f.Key)), Kind: ui.Quiet})
			if f.Name != "" {
				panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: place(ctx, "functions/"+f.Key+"/edit"), Kind: ui.Quiet})
			}
		}
		var rows []ui.Row
		for _, h := range f.Holdings {
			if h.From > at || h.To != "" && h.To <= at {
				continue
			}
			row := ui.Row{Title: shareText(ctx, h), Href: holderHref(ctx, h), Detail: dotted(spanText(ctx, h.From, h.To), h.Note)}
			if day == "" && s.may(ctx, "functions.edit-holding") {
				row.Action = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: place(ctx, "holdings/"+h.ID.Short()), Kind: ui.Bare}
			}
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			out = append(out, with(ui.Panel(panel), muted(i18n.T(ctx, "functions.nobody"))))
			continue
		}
		out = append(out, with(ui.Panel(panel), ui.Rows(rows)))
	}
	return out
}

func holderHref(ctx context.Context, h directory.Holding) string {
	if !h.BodyID.IsZero() {
		return place(ctx, "bodies/"+h.BodyID.Short())
	}
	return place(ctx, "organizations/"+h.OrganizationID.Short())
}

// today is the civil date in the collaborative's time zone.
func (s *Server) today(ctx context.Context) string {
	return s.app.Config.Clock.Now().In(i18n.Zone(ctx)).Format(time.DateOnly)
}

// functionChart draws who performed what over the years, with its table.
func (s *Server) functionChart(r *http.Request, all directory.FunctionList) templ.Component {
	ctx := r.Context()
	spans, holders := s.functionSpans(ctx, all)
	table := ui.TableProps{ID: "functions-table", Caption: spans.Title, Columns: []ui.Column{{Label: i18n.T(ctx, "functions.field_function")}, {Label: i18n.T(ctx, "functions.field_holder")},
		{Label: i18n.T(ctx, "functions.field_share"), Numeric: true}, {Label: i18n.T(ctx, "functions.field_valid_from")}, {Label: i18n.T(ctx, "functions.field_valid_to")}, {Label: i18n.T(ctx, "functions.field_note")}}}
	for _, f := range all.Items {
		for _, h := range f.Holdings {
			row := ui.TableRow{Cells: []ui.Cell{{Text: functionName(ctx, f)}, {Text: h.Holder, Href: holderHref(ctx, h)}, {}, {Text: i18n.ShortCivilDate(ctx, h.From)}, {}, {Text: h.Note}}}
			if h.Share > 0 {
				row.Cells[2].Text = i18n.Number(ctx, h.Share) + " %"
			}
			if h.To != "" {
				row.Cells[4].Text = i18n.ShortCivilDate(ctx, h.To)
			}
			if s.may(ctx, "functions.edit-holding") {
				row.Cells[0].Href = place(ctx, "holdings/"+h.ID.Short())
			}
			table.Rows = append(table.Rows, row)
		}
	}
	source := i18n.T(ctx, "functions.source", i18n.Args{"Count": len(table.Rows), "Holders": holders, "Date": i18n.ShortCivilDate(ctx, s.today(ctx))})
	return ui.Chart(ui.ChartProps{ID: spans.ID, Title: spans.Title, Drawing: spans, Source: source, Table: ui.Table(table), SVGHref: place(ctx, "functions/chart.svg")})
}

// functionSpans is the chart and how many entities it shows.
func (s *Server) functionSpans(ctx context.Context, all directory.FunctionList) (chart.Spans, int) {
	spans := chart.Spans{ID: "functions-chart", From: dayOf(all.First), To: dayOf(s.today(ctx)).AddDate(0, 0, 1), Description: i18n.T(ctx, "functions.chart_description")}
	var holders []string
	for _, f := range all.Items {
		lane := chart.Lane{Label: functionName(ctx, f)}
		for _, h := range f.Holdings {
			n := slices.Index(holders, h.Holder)
			if n < 0 {
				n = len(holders)
				holders = append(holders, h.Holder)
			}
			lane.Bars = append(lane.Bars, chart.Bar{Label: shareText(ctx, h), From: dayOf(h.From), To: dayOf(h.To), Series: n})
		}
		if len(lane.Bars) > 0 {
			spans.Lanes = append(spans.Lanes, lane)
		}
	}
	spans.Title = i18n.T(ctx, "functions.chart_title", i18n.Args{"Backbone": collaborative.Label(ctx, "backbone"), "Count": len(holders), "Year": strconv.Itoa(spans.From.Year())})
	return spans, len(holders)
}

// functionChartFile is GET …/functions/chart.svg.
func (s *Server) functionChartFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := directory.ListFunctions.Do(ctx, s.app.Door, directory.ListFunctionsInput{})
	if err != nil {
		return err
	}
	spans, _ := s.functionSpans(ctx, all)
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+operation.CollaborativeFrom(ctx).Slug+`-functions.svg"`)
	_, err = w.Write([]byte(spans.SVG()))
	return err
}

// dayOf is a civil date as an instant; the zero time for none.
func dayOf(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}
