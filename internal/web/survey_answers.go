package web

import (
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// surveyAnswers is GET …/surveys/{id}/answers: who answered what in a named survey. The
// list is of names; ?person= is one of them with their answers.
func (s *Server) surveyAnswers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := s.survey(r)
	if err != nil {
		return err
	}
	page, err := surveys.NamedAnswers.Do(ctx, s.app.Door, surveys.Ref{ID: one.ID})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "surveys.answers"), Lede: one.Title, Crumbs: append(surveyCrumbs(ctx), ui.Link{Label: one.Title, Href: surveyAddress(ctx, one.ID, "")})}
	if len(page.Items) == 0 {
		return s.show(w, r, http.StatusOK, "working-together", props, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "surveys.no_answers"), Text: i18n.T(ctx, "surveys.no_answers_text")}))
	}
	for _, signed := range page.Items {
		if signed.PersonID.Short() == r.URL.Query().Get("person") {
			props.Title, props.Lede = signed.Person, dotted(signed.Organization, one.Title)
			props.Crumbs = append(props.Crumbs, ui.Link{Label: i18n.T(ctx, "surveys.answers"), Href: surveyAddress(ctx, one.ID, "/answers")})
			view := page.View(signed)
			return s.show(w, r, http.StatusOK, "working-together", props, answerFacts(ctx, view, surveyLanguages(ctx, view), faults{})...)
		}
	}
	table := ui.TableProps{ID: "answers", Caption: i18n.T(ctx, "surveys.answers"), Columns: []ui.Column{{Label: i18n.T(ctx, "surveys.field_person")}, {Label: i18n.T(ctx, "surveys.field_organization")}}}
	for _, signed := range page.Items {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: signed.Person, Href: surveyAddress(ctx, one.ID, "/answers?person="+signed.PersonID.Short())}, {Text: signed.Organization}}})
	}
	return s.show(w, r, http.StatusOK, "working-together", props, []templ.Component{ui.Table(table)}...)
}
