package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// scorecardRoutes are the pages about how far the functions of the backbone have come.
func (s *Server) scorecardRoutes() []Route {
	const at = "/c/{collaborative}/scorecard"
	const function, evidence, assessment = at + "/functions/{function}", at + "/evidence/{id}", at + "/assessments/{id}"
	return []Route{
		{"GET", at, []string{"scorecard.get"}, s.scorecardPage},
		{"GET", at + "/print", []string{"scorecard.get"}, s.scorecardPrint},
		{"GET", at + "/export.csv", []string{"scorecard.get"}, s.scorecardFile},
		{"GET", function, []string{"scorecard.function"}, s.scorecardFunction},
		{"GET", function + "/assess", []string{"scorecard.function", "scorecard-assessments.create"}, s.scorecardAssess},
		{"POST", function + "/assessments", []string{"scorecard.function", "scorecard-assessments.create"}, s.scorecardAssessed},
		{"POST", assessment + "/withdraw", []string{"scorecard-assessments.trash"}, s.assessmentWithdraw},
		{"POST", assessment + "/restore", []string{"scorecard-assessments.restore"}, s.assessmentRestore},
		{"GET", function + "/evidence/new", []string{"scorecard.function", "scorecard.sources", "scorecard-evidence.create"}, s.evidenceNew},
		{"POST", function + "/evidence", []string{"scorecard.function", "scorecard.sources", "scorecard-evidence.create"}, s.evidenceCreate},
		{"GET", evidence, []string{"scorecard-evidence.get"}, s.evidenceRecord},
		{"GET", evidence + "/edit", []string{"scorecard-evidence.get", "scorecard-evidence.edit"}, s.evidenceEdit},
		{"POST", evidence, []string{"scorecard-evidence.get", "scorecard-evidence.edit"}, s.evidenceSave},
		{"POST", evidence + "/withdraw", []string{"scorecard-evidence.trash"}, s.evidenceWithdraw},
		{"POST", evidence + "/restore", []string{"scorecard-evidence.restore"}, s.evidenceRestore},
	}
}

// cardText is a text of the scorecard.
func cardText(ctx context.Context, key string, args ...i18n.Args) string {
	return i18n.T(ctx, "scorecard."+key, args...)
}

func scorecardCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: cardText(ctx, "title"), Href: place(ctx, "scorecard")}}
}

func functionAddress(ctx context.Context, key, rest string) string {
	return place(ctx, "scorecard/functions/"+key+rest)
}

// lineName is what a function is called here.
func lineName(ctx context.Context, l scorecard.Line) string {
	return functionName(ctx, directory.Function{Key: l.Key, Name: l.Name})
}

// signsOf are what to look at in a function: in our words for the six, in the
// collaborative's for its own.
func signsOf(ctx context.Context, l scorecard.Line) string {
	if l.Name == "" {
		return i18n.T(ctx, "scorecard_signs."+l.Key)
	}
	return l.About
}

// levelWord is a level in words.
func levelWord(ctx context.Context, level int64) string {
	return i18n.T(ctx, "scorecard_levels."+number(level))
}

// levelMeaning is what a level means.
func levelMeaning(ctx context.Context, level int64) string {
	return i18n.T(ctx, "scorecard_rubric."+number(level))
}

// byWhom says who assessed, in which role.
func byWhom(ctx context.Context, a scorecard.Assessment) string {
	return cardText(ctx, "by_as", i18n.Args{"Name": named(ctx, a.By), "Role": collaborative.RoleLabel(ctx, a.Role)})
}

// levelFigure is the level of a function with who said so.
func levelFigure(ctx context.Context, l scorecard.Line) figure {
	a := l.Current
	return figure{levelWord(ctx, a.Level), cardText(ctx, "of_four", i18n.Args{"Level": number(a.Level)}), dotted(trendText(ctx, l), byWhom(ctx, *a), i18n.ShortCivilDate(ctx, a.AssessedOn)), levelMeaning(ctx, a.Level)}
}

// trendText says how the level stands to the one before.
func trendText(ctx context.Context, l scorecard.Line) string {
	if l.Current == nil || l.Before == nil {
		return ""
	}
	key := "as_before"
	switch {
	case l.Current.Level > l.Before.Level:
		key = "up_from"
	case l.Current.Level < l.Before.Level:
		key = "down_from"
	}
	return cardText(ctx, key, i18n.Args{"Level": number(l.Before.Level), "Day": i18n.ShortCivilDate(ctx, l.Before.AssessedOn)})
}

// scorecardPage is GET …/scorecard.
func (s *Server) scorecardPage(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	card, err := scorecard.Get.Do(ctx, s.app.Door, scorecard.CardInput{AsOf: day})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: cardText(ctx, "title"), Lede: cardText(ctx, "lede", i18n.Args{"Backbone": collaborative.Label(ctx, "backbone")}), Tabs: s.groupTabs(ctx, "scorecard"), AsOf: s.asOf(r, "scorecard"),
		Menu: []ui.Action{{Label: cardText(ctx, "print"), Href: asOfHref(place(ctx, "scorecard/print"), day), Icon: "download"}, {Label: cardText(ctx, "csv"), Href: asOfHref(place(ctx, "scorecard/export.csv"), day), Icon: "download", Download: true}}}
	props.Notices = s.cardNotices(ctx, card, day)
	panels := make([]templ.Component, 0, len(card.Functions))
	for _, l := range card.Functions {
		panels = append(panels, s.linePanel(ctx, l, day))
	}
	children := []templ.Component{with(ui.Grid(), panels...)}
	if table, any := yearTable(ctx, card, day); any {
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: cardText(ctx, "over_years"), Detail: cardText(ctx, "over_years_said")}), ui.Table(table)))
	}
	children = append(children, rubricPanel(ctx), muted(cardText(ctx, "no_sum")))
	return s.show(w, r, http.StatusOK, "bodies", props, children...)
}

// cardNotices say what is missing on the whole, and what to do next.
func (s *Server) cardNotices(ctx context.Context, card scorecard.Card, day string) (out []ui.NoticeProps) {
	if card.OwnOnly {
		out = append(out, ui.NoticeProps{Kind: ui.Warn, Text: cardText(ctx, "own_only", i18n.Args{"Chair": collaborative.RoleLabel(ctx, operation.TableChair), "Evaluator": collaborative.RoleLabel(ctx, operation.Evaluator)})})
	}
	if card.Surveyed == "" && day == "" {
		n := ui.NoticeProps{Kind: ui.Due, Text: cardText(ctx, "no_survey")}
		if s.may(ctx, "survey-waves.create") {
			n.Links = []ui.Link{{Label: cardText(ctx, "ask_survey"), Href: place(ctx, "surveys/new")}}
		}
		out = append(out, n)
	}
	return out
}

// linePanel is one function on the scorecard.
func (s *Server) linePanel(ctx context.Context, l scorecard.Line, day string) templ.Component {
	panel := ui.PanelProps{Heading: lineName(ctx, l), Minor: true, Actions: []ui.Action{{Label: cardText(ctx, "open"), Href: asOfHref(functionAddress(ctx, l.Key, ""), day), Kind: ui.Quiet}}}
	var content []templ.Component
	if l.Current == nil {
		content = append(content, muted(s.notAssessed(ctx)))
		if day == "" && s.may(ctx, "scorecard-assessments.create") {
			panel.Actions = append(panel.Actions, ui.Action{Label: cardText(ctx, "assess"), Href: functionAddress(ctx, l.Key, "/assess"), Kind: ui.Quiet})
		}
	} else {
		content = append(content, figures([]figure{levelFigure(ctx, l)}))
		if l.Current.Why != "" {
			content = append(content, prose(l.Current.Why))
		}
	}
	if len(l.Newest) == 0 {
		content = append(content, muted(cardText(ctx, "no_evidence")))
	} else {
		var rows []ui.Row
		for _, e := range l.Newest {
			rows = append(rows, s.evidenceRow(ctx, e))
		}
		content = append(content, ui.Rows(rows), muted(evidenceCounts(ctx, l)))
	}
	return with(ui.Panel(panel), content...)
}

// notAssessed says so, and who may assess.
func (s *Server) notAssessed(ctx context.Context) string {
	if s.may(ctx, "scorecard-assessments.create") {
		return cardText(ctx, "not_assessed")
	}
	var roles []string
	for _, role := range scorecard.Assessors {
		roles = append(roles, collaborative.RoleLabel(ctx, role))
	}
	return cardText(ctx, "not_assessed_by", i18n.Args{"Roles": i18n.List(ctx, roles)})
}

// evidenceCounts says how much evidence there is of each kind.
func evidenceCounts(ctx context.Context, l scorecard.Line) string {
	var out []string
	for _, kind := range scorecard.Kinds {
		if n := l.Evidence[kind]; n > 0 {
			out = append(out, i18n.T(ctx, "scorecard_counts."+kind, i18n.Args{"Count": n}))
		}
	}
	return strings.Join(out, " · ")
}

// historyYears is how many years the table shows, the latest.
const historyYears = 6

// cardYears are the latest years in which something was assessed.
func cardYears(card scorecard.Card) []string {
	var out []string
	for _, l := range card.Functions {
		for _, y := range l.Years {
			if !slices.Contains(out, y.Year) {
				out = append(out, y.Year)
			}
		}
	}
	slices.Sort(out)
	return out[max(0, len(out)-historyYears):]
}

// levelIn is the level of a year; 0 where nobody assessed in it.
func levelIn(l scorecard.Line, year string) int64 {
	for _, y := range l.Years {
		if y.Year == year {
			return y.Level
		}
	}
	return 0
}

// yearTable are the levels year by year, with a plain trend.
func yearTable(ctx context.Context, card scorecard.Card, day string) (ui.TableProps, bool) {
	years := cardYears(card)
	table := ui.TableProps{ID: "years", Caption: cardText(ctx, "over_years"), Columns: []ui.Column{{Label: i18n.T(ctx, "functions.field_function")}}}
	for _, year := range years {
		table.Columns = append(table.Columns, ui.Column{Label: year, Numeric: true})
	}
	table.Columns = append(table.Columns, ui.Column{Label: cardText(ctx, "trend")})
	for _, l := range card.Functions {
		row := ui.TableRow{Cells: []ui.Cell{{Text: lineName(ctx, l), Href: asOfHref(functionAddress(ctx, l.Key, ""), day)}}}
		for _, year := range years {
			cell := ui.Cell{Text: "–"}
			if level := levelIn(l, year); level > 0 {
				cell = ui.Cell{Text: number(level), Detail: levelWord(ctx, level)}
			}
			row.Cells = append(row.Cells, cell)
		}
		row.Cells = append(row.Cells, ui.Cell{Text: trendText(ctx, l)})
		table.Rows = append(table.Rows, row)
	}
	return table, len(years) > 0
}

// rubricPanel says what the levels mean.
func rubricPanel(ctx context.Context) templ.Component {
	var rows []ui.Row
	for _, level := range scorecard.Levels {
		rows = append(rows, ui.Row{When: number(level), Title: levelWord(ctx, level), Detail: levelMeaning(ctx, level)})
	}
	return with(ui.Panel(ui.PanelProps{Heading: cardText(ctx, "levels"), Minor: true}), ui.Rows(rows))
}
