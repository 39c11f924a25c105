package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"commontable/internal/analysis/survey"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// surveyResultsFile is GET …/survey-results/{id}/results.csv and .xlsx: every figure that is
// told, and of the others the reason.
func (s *Server) surveyResultsFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	table := sheets.Table{Name: told.Title}
	for _, key := range []string{"question", "statement", "cut", "group", "mean", "low", "high", "n", "spread", "change_mean", "reason"} {
		table.Columns = append(table.Columns, sheets.Column{Title: surveyText(ctx, key)})
	}
	var rows []sheets.Row
	add := func(question, statement string, f survey.Figure) {
		group, cut := surveyText(ctx, "everybody"), ""
		if len(f.Groups) > 0 {
			by, _ := told.Cut(f.Cut)
			group, cut = groupNames(ctx, by, f.Groups), cutName(ctx, f.Cut)
		}
		row := sheets.Row{sheets.Text(question), sheets.Text(statement), sheets.Text(cut), sheets.Text(group), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(""), sheets.Text(cmp.Or(notTold(ctx, f), why(ctx, f.SpreadWhy)))}
		if f.Change != nil {
			row[9] = sheets.Number(f.Change.Value)
		}
		if f.Told() {
			row[4], row[7] = sheets.Number(f.Mean.Value), sheets.Whole(int64(f.N))
			if f.Mean.AtMost || f.Mean.AtLeast {
				row[4] = sheets.Text(score(ctx, f))
			}
			if f.Half > 0 {
				row[5], row[6] = sheets.Number(f.Mean.Value-f.Half), sheets.Number(f.Mean.Value+f.Half)
			}
			var spread []string
			for _, count := range f.Spread {
				spread = append(spread, strconv.Itoa(count))
			}
			row[8] = sheets.Text(strings.Join(spread, " / "))
		}
		rows = append(rows, row)
	}
	for _, f := range told.Factors {
		add(surveyText(ctx, "factor"), factorTitle(ctx, told.Instrument, f.Key), f.All)
		for _, part := range f.Parts {
			add(surveyText(ctx, "factor"), factorTitle(ctx, told.Instrument, f.Key), part)
		}
	}
	for _, result := range told.Questions {
		q, _ := told.Instrument.Question(result.Key)
		for _, it := range result.Items {
			for _, f := range append([]survey.Figure{it.All}, it.Parts...) {
				add(q.Text.In(i18n.Language(ctx)), itemTitle(ctx, q, it.Key), f)
			}
		}
	}
	table.Rows = sheets.FromRows(rows)
	return s.attach(w, r, operation.CollaborativeFrom(ctx).Slug+"-"+told.Title, table)
}
