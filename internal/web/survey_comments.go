package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// commentsPart are the comments that members may read, by theme.
func commentsPart(ctx context.Context, q surveys.Question, result surveys.QuestionResult, comments []surveys.Comment) []templ.Component {
	out := []templ.Component{muted(q.Text.In(i18n.Language(ctx)))}
	var shown []surveys.Comment
	for _, m := range comments {
		if m.Question == q.Key && m.Shown {
			shown = append(shown, m)
		}
	}
	if len(shown) == 0 {
		key := "comments_waiting"
		if result.Comments == 0 {
			key = "comments_few"
		}
		return append(out, muted(surveyText(ctx, key)))
	}
	slices.SortStableFunc(shown, func(a, b surveys.Comment) int { return cmp.Compare(a.Theme, b.Theme) })
	table := ui.TableProps{ID: "c-" + q.Key, Caption: surveyText(ctx, "comments"), Columns: []ui.Column{{Label: surveyText(ctx, "comment")}, {Label: surveyText(ctx, "theme")}}}
	for _, m := range shown {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: m.Text}, {Text: m.Theme}}})
	}
	return append(out, ui.Table(table))
}

// surveyComments is GET …/survey-results/{id}/comments, where they are looked through.
func (s *Server) surveyComments(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	comments, err := surveys.ListComments.Do(ctx, s.app.Door, surveys.Ref{ID: told.WaveID})
	if err != nil {
		return err
	}
	props := surveyResultPage(ctx, told)
	props.Crumbs = append(props.Crumbs, ui.Link{Label: told.Title, Href: surveyResultAddress(ctx, told.WaveID, "")})
	props.Title, props.Lede = surveyText(ctx, "read_comments"), surveyText(ctx, "read_lede")
	if len(comments.Items) == 0 {
		return s.show(w, r, http.StatusOK, "working-together", props, ui.Empty(ui.EmptyProps{Title: surveyText(ctx, "no_comments"), Text: surveyText(ctx, "comments_few")}))
	}
	var parts []templ.Component
	for _, section := range told.Instrument.Sections {
		for _, q := range section.Questions {
			var forms []templ.Component
			for _, m := range comments.Items {
				if m.Question == q.Key {
					forms = append(forms, commentForm(ctx, told, m))
				}
			}
			if len(forms) > 0 {
				parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: q.Text.In(i18n.Language(ctx))}), forms...))
			}
		}
	}
	return s.show(w, r, http.StatusOK, "working-together", props, parts...)
}

func commentForm(ctx context.Context, told surveys.Told, m surveys.Comment) templ.Component {
	form := ui.FormProps{Action: surveyResultAddress(ctx, told.WaveID, "/comments/"+m.ID.Short()), Hidden: []ui.Hidden{{Name: "version", Value: number(m.Version)}}, Submit: surveyText(ctx, "sort"), SubmitKind: ui.Quiet, Unguarded: true}
	fields := []ui.FieldProps{
		{Kind: ui.Text, ID: "theme-" + m.ID.Short(), Name: "theme", Label: surveyText(ctx, "theme"), Value: m.Theme, MaxLength: 80},
		{Kind: ui.Checkbox, ID: "shown-" + m.ID.Short(), Name: "shown", Label: surveyText(ctx, "show"), Checked: m.Shown},
	}
	return with(ui.Form(form), plain(m.Text), formFields(fields))
}

// sortSurveyComment is POST …/survey-results/{id}/comments/{comment}.
func (s *Server) sortSurveyComment(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := id.Parse[surveys.Wave](r.PathValue("id"))
	if err != nil {
		return operation.Missing()
	}
	comment, err := id.Parse[surveys.Comment](r.PathValue("comment"))
	if err != nil {
		return operation.Missing()
	}
	theme, shown := r.PostFormValue("theme"), r.PostFormValue("shown") != ""
	var receipt operation.Receipt
	if _, err := surveys.EditComment.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, surveys.CommentPatch{ID: comment, Version: whole(r.PostFormValue("version")), Theme: &theme, Shown: &shown}); err != nil {
		return err
	}
	return s.done(w, r, surveyResultAddress(ctx, told, "/comments")+"#theme-"+comment.Short(), surveys.EditComment.ID, receipt)
}

// surveyPlace is GET …/survey-results/{id}/place: how the organizations that
// the reader represents were rated.
func (s *Server) surveyPlace(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	told, err := s.surveyTold(r)
	if err != nil {
		return err
	}
	places, err := surveys.MyPlaces.Do(ctx, s.app.Door, surveys.Ref{ID: told.WaveID})
	if err != nil {
		return err
	}
	props := surveyResultPage(ctx, told)
	props.Crumbs = append(props.Crumbs, ui.Link{Label: told.Title, Href: surveyResultAddress(ctx, told.WaveID, "")})
	props.Title, props.Lede = surveyText(ctx, "place"), placeSaid(ctx, told.Least)
	if len(places.Items) == 0 {
		return s.show(w, r, http.StatusOK, "working-together", props, ui.Empty(ui.EmptyProps{Title: surveyText(ctx, "place_none"), Text: surveyText(ctx, "place_none_text")}))
	}
	return s.show(w, r, http.StatusOK, "working-together", props, append(placePanels(ctx, told.Instrument, places.Items), muted(surveyText(ctx, "rules", i18n.Args{"Count": int(told.Least)})))...)
}

// placeSaid says who may read how an organization was rated, and when it is told.
func placeSaid(ctx context.Context, least int64) string {
	return surveyText(ctx, "place_said", i18n.Args{"Count": int(least)})
}

// placePanels tell how organizations were rated, each in a panel of its own.
func placePanels(ctx context.Context, instrument surveys.Instrument, places []surveys.OwnPlace) (parts []templ.Component) {
	for n, p := range places {
		own := surveys.Told{Instrument: instrument}
		own.Factors = p.Factors
		content := []templ.Component{ui.Table(factorTable(ctx, own, number(int64(n))))}
		for _, result := range p.Questions {
			if q, found := instrument.Question(result.Key); found {
				q.Key += number(int64(n))
				content = append(content, questionResult(ctx, q, result)...)
			}
		}
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: p.Organization, Detail: surveyText(ctx, "factors_formula")}), content...))
	}
	return parts
}
