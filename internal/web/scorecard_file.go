package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// scorecardPrint is GET …/scorecard/print: two pages of paper at most.
func (s *Server) scorecardPrint(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	card, err := scorecard.Get.Do(ctx, s.app.Door, scorecard.CardInput{AsOf: r.URL.Query().Get("as-of")})
	if err != nil {
		return err
	}
	table := ui.TableProps{ID: "card", Caption: cardText(ctx, "title"), Columns: []ui.Column{{Label: i18n.T(ctx, "functions.field_function")}, {Label: cardText(ctx, "field_level")}, {Label: cardText(ctx, "field_why")}, {Label: cardText(ctx, "evidence")}}}
	for _, l := range card.Functions {
		cells := []ui.Cell{{Text: lineName(ctx, l)}, {Text: cardText(ctx, "not_assessed_short")}, {}, {Text: evidenceCounts(ctx, l)}}
		if a := l.Current; a != nil {
			cells[1] = ui.Cell{Text: number(a.Level) + " · " + levelWord(ctx, a.Level), Detail: dotted(byWhom(ctx, *a), i18n.ShortCivilDate(ctx, a.AssessedOn))}
			cells[2] = ui.Cell{Text: shortened(a.Why, 160)}
		}
		if len(l.Newest) > 0 {
			row := s.evidenceRow(ctx, l.Newest[0])
			cells[3].Detail = shortened(dotted(row.Title, row.Detail), 160)
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
	}
	content := []templ.Component{printButton(), ui.Table(table)}
	if years, any := yearTable(ctx, card, r.URL.Query().Get("as-of")); any {
		content = append(content, heading(cardText(ctx, "over_years")), ui.Table(years))
	}
	var levels []string
	for _, level := range scorecard.Levels {
		levels = append(levels, number(level)+" "+levelWord(ctx, level)+": "+levelMeaning(ctx, level))
	}
	content = append(content, muted(strings.Join(levels, " ")), muted(cardText(ctx, "no_sum")))
	props := ui.PageProps{Title: cardText(ctx, "title") + " · " + cardText(ctx, "print"), Heading: cardText(ctx, "title"), Lede: cardText(ctx, "as_of", i18n.Args{"Day": i18n.CivilDate(ctx, card.AsOf)}), Crumbs: scorecardCrumbs(ctx)}
	return s.show(w, r, http.StatusOK, "bodies", props, content...)
}

// shortened is the beginning of a text, in whole words.
func shortened(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := string(runes[:most])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return cut + " …"
}

// scorecardFile is GET …/scorecard/export.csv.
func (s *Server) scorecardFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	card, err := scorecard.Get.Do(ctx, s.app.Door, scorecard.CardInput{AsOf: r.URL.Query().Get("as-of")})
	if err != nil {
		return err
	}
	years := cardYears(card)
	heads := []string{i18n.T(ctx, "functions.field_function"), cardText(ctx, "field_level"), cardText(ctx, "levels"), cardText(ctx, "field_assessed_on"), cardText(ctx, "field_by"), cardText(ctx, "field_role"), cardText(ctx, "field_why")}
	for _, kind := range scorecard.Kinds {
		heads = append(heads, i18n.T(ctx, "scorecard_kinds."+kind))
	}
	heads = append(append(heads, cardText(ctx, "evidence")), years...)
	var rows []sheets.Row
	for _, l := range card.Functions {
		row := sheets.Row{sheets.Text(lineName(ctx, l))}
		if a := l.Current; a != nil {
			row = append(row, sheets.Whole(a.Level), sheets.Text(levelWord(ctx, a.Level)), sheets.Text(a.AssessedOn), sheets.Text(a.By), sheets.Text(collaborative.RoleLabel(ctx, a.Role)), sheets.Text(a.Why))
		} else {
			for range 6 {
				row = append(row, sheets.Text(""))
			}
		}
		for _, kind := range scorecard.Kinds {
			row = append(row, sheets.Whole(int64(l.Evidence[kind])))
		}
		var told []string
		for _, e := range l.Newest {
			shown := s.evidenceRow(ctx, e)
			told = append(told, dotted(shown.Title, shown.Detail))
		}
		row = append(row, sheets.Text(strings.Join(told, "\n")))
		for _, year := range years {
			level := ""
			if n := levelIn(l, year); n > 0 {
				level = strconv.FormatInt(n, 10)
			}
			row = append(row, sheets.Text(level))
		}
		rows = append(rows, row)
	}
	table := sheets.Table{Name: cardText(ctx, "title"), Rows: sheets.FromRows(rows)}
	for _, head := range heads {
		table.Columns = append(table.Columns, sheets.Column{Title: head})
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-scorecard-"+card.AsOf, "csv"))
	return sheets.WriteCSV(w, table)
}
