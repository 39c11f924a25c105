package web

import (
	"net/http"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// pollAnswersFile is GET …/polls/{id}/answers.csv and .xlsx: who answered what, a row for
// each of those asked and a column for each proposed time in the zone of the poll, as the
// page shows it, and below them how many said what.
func (s *Server) pollAnswersFile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.poll(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	table := sheets.Table{Name: p.Title, Columns: []sheets.Column{{Title: i18n.T(ctx, "polls.field_person")}, {Title: i18n.T(ctx, "polls.required")}}}
	for _, text := range p.Times {
		title := text
		if text == p.Chosen {
			title = dotted(text, i18n.T(ctx, "polls.chosen"))
		}
		table.Columns = append(table.Columns, sheets.Column{Title: title})
	}
	var rows []sheets.Row
	for _, a := range p.People {
		row := sheets.Row{sheets.Text(named(ctx, a.Person)), sheets.Text(yesNo(ctx, a.Required))}
		for _, text := range p.Times {
			word := ""
			if answer := a.Answers[text]; answer != "" {
				word = i18n.T(ctx, "poll_answers."+answer)
			}
			row = append(row, sheets.Text(word))
		}
		rows = append(rows, row)
	}
	counts := map[string]map[string]int64{}
	for _, o := range p.Ranking {
		counts[o.Time] = map[string]int64{"poll_answers.yes": o.Yes, "poll_answers.maybe": o.Maybe, "poll_answers.no": o.No, "polls.unanswered": o.Open}
	}
	for _, key := range []string{"poll_answers.yes", "poll_answers.maybe", "poll_answers.no", "polls.unanswered"} {
		row := sheets.Row{sheets.Text(i18n.T(ctx, key)), sheets.Text("")}
		for _, text := range p.Times {
			row = append(row, sheets.Whole(counts[text][key]))
		}
		rows = append(rows, row)
	}
	table.Rows = sheets.FromRows(rows)
	return s.attach(w, r, operation.CollaborativeFrom(ctx).Slug+"-poll-"+p.ID.Short(), table)
}
