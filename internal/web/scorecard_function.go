package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// scorecardRecord reads the function of the address.
func (s *Server) scorecardRecord(r *http.Request, day string) (scorecard.Record, error) {
	return scorecard.GetFunction.Do(r.Context(), s.app.Door, scorecard.FunctionInput{Function: r.PathValue("function"), AsOf: day})
}

// scorecardFunction is GET …/scorecard/functions/{function}.
func (s *Server) scorecardFunction(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	rec, err := s.scorecardRecord(r, day)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: lineName(ctx, rec.Line), Lede: signsOf(ctx, rec.Line), Crumbs: scorecardCrumbs(ctx), AsOf: s.asOf(r, "scorecard/functions/"+rec.Key)}
	if day == "" && s.may(ctx, "scorecard-assessments.create") {
		props.Primary = &ui.Action{Label: cardText(ctx, "assess"), Href: functionAddress(ctx, rec.Key, "/assess")}
	}
	add := day == "" && s.may(ctx, "scorecard-evidence.create")
	if add {
		for _, kind := range evidenceForms {
			props.Menu = append(props.Menu, ui.Action{Label: cardText(ctx, "add_"+kind), Href: functionAddress(ctx, rec.Key, "/evidence/new?kind="+kind), Icon: "plus"})
		}
	}
	now := []templ.Component{muted(s.notAssessed(ctx))}
	if rec.Current != nil {
		now = []templ.Component{figures([]figure{levelFigure(ctx, rec.Line)})}
		if rec.Current.Why != "" {
			now = append(now, prose(rec.Current.Why))
		}
	}
	children := []templ.Component{with(ui.Panel(ui.PanelProps{Heading: cardText(ctx, "now")}), now...), heading(cardText(ctx, "evidence"))}
	for _, kind := range scorecard.Kinds {
		children = append(children, s.evidencePanel(ctx, rec, kind, add))
	}
	if len(rec.Withdrawn) > 0 && day == "" {
		var rows []ui.Row
		for _, e := range rec.Withdrawn {
			row := s.evidenceRow(ctx, e)
			row.Action = &ui.Action{Label: cardText(ctx, "bring_back"), Href: place(ctx, "scorecard/evidence/"+e.ID.Short()+"/restore"), Post: true, Kind: ui.Bare, Hidden: []ui.Hidden{{Name: "version", Value: number(e.Version)}}}
			rows = append(rows, row)
		}
		children = append(children, with(folded(cardText(ctx, "withdrawn_evidence")), ui.Rows(rows)))
	}
	if len(rec.Assessments) > 0 {
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: cardText(ctx, "history")}), ui.Table(s.assessmentTable(ctx, rec, day == ""))))
	}
	children = append(children, rubricPanel(ctx))
	return s.show(w, r, http.StatusOK, "bodies", props, children...)
}

// evidencePanel is the evidence of one kind, or what is missing and how to come by it.
func (s *Server) evidencePanel(ctx context.Context, rec scorecard.Record, kind string, add bool) templ.Component {
	panel := ui.PanelProps{Heading: i18n.T(ctx, "scorecard_kinds."+kind), Minor: true}
	if add {
		for _, form := range evidenceForms {
			if form == kind || form == typedFigure && kind == scorecard.Count {
				panel.Actions = append(panel.Actions, ui.Action{Label: cardText(ctx, "add_"+form), Href: functionAddress(ctx, rec.Key, "/evidence/new?kind="+form), Kind: ui.Quiet})
			}
		}
	}
	var content []templ.Component
	var rows []ui.Row
	for _, e := range rec.All {
		if e.Kind != kind {
			continue
		}
		row := s.evidenceRow(ctx, e)
		row.When = ""
		row.Detail = dotted(row.Detail, cardText(ctx, "added_by", i18n.Args{"Name": named(ctx, e.By)}))
		if kind != scorecard.Story && e.Note != "" {
			row.Detail = dotted(firstLine(e.Note), row.Detail)
		}
		if kind == scorecard.Story && e.Note != "" {
			content = append(content, storyPart(ctx, e, row))
			continue
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		content = append(content, ui.Rows(rows))
	}
	if len(content) == 0 {
		content = append(content, muted(cardText(ctx, "none_"+kind)))
		if kind == scorecard.SurveyItem && rec.Surveyed == "" && add && s.may(ctx, "survey-waves.create") {
			panel.Actions = append(panel.Actions, ui.Action{Label: cardText(ctx, "ask_survey"), Href: place(ctx, "surveys/new"), Kind: ui.Quiet})
		}
	}
	return with(ui.Panel(panel), content...)
}

// storyPart is a story in full, with whose it is and who else had a part.
func storyPart(ctx context.Context, e scorecard.Evidence, row ui.Row) templ.Component {
	detail := dotted(row.Detail, cardText(ctx, "field_consent")+" "+i18n.T(ctx, "scorecard_consents."+e.Consent))
	return templ.Join(ui.Rows([]ui.Row{{Title: row.Title, Href: row.Href, Detail: detail}}), prose(e.Note))
}

// assessmentTable is how a function was assessed over the years.
func (s *Server) assessmentTable(ctx context.Context, rec scorecard.Record, now bool) ui.TableProps {
	t := func(key string) string { return cardText(ctx, "field_"+key) }
	table := ui.TableProps{ID: "assessments", Caption: cardText(ctx, "history"), Columns: []ui.Column{{Label: t("assessed_on")}, {Label: t("level")}, {Label: t("by")}, {Label: cardText(ctx, "acts"), HideLabel: true}}}
	for _, a := range rec.Assessments {
		day := ui.Cell{Text: i18n.ShortCivilDate(ctx, a.AssessedOn)}
		act := ui.Cell{}
		address := place(ctx, "scorecard/assessments/"+a.ID.Short())
		version := []ui.Hidden{{Name: "version", Value: number(a.Version)}}
		switch {
		case a.DeletedAt != nil:
			day.Tags = []ui.TagProps{{Label: cardText(ctx, "withdrawn")}}
			if now && s.may(ctx, "scorecard-assessments.restore") {
				act.Content = ui.Button(ui.Action{Label: cardText(ctx, "bring_back"), Href: address + "/restore", Post: true, Kind: ui.Bare, Hidden: version})
			}
		case a.Corrected:
			day.Tags = []ui.TagProps{{Label: cardText(ctx, "corrected")}}
		case a.MayCorrect && now:
			act.Content = templ.Join(ui.Button(ui.Action{Label: cardText(ctx, "correct"), Href: functionAddress(ctx, rec.Key, "/assess?corrects="+a.ID.Short()), Kind: ui.Bare}),
				ui.Button(ui.Action{Label: cardText(ctx, "withdraw"), Href: address + "/withdraw", Post: true, Kind: ui.Bare, Hidden: version}))
		}
		table.Rows = append(table.Rows, ui.TableRow{Muted: a.DeletedAt != nil || a.Corrected, Cells: []ui.Cell{day, {Text: number(a.Level) + " · " + levelWord(ctx, a.Level), Detail: a.Why},
			{Text: named(ctx, a.By), Detail: collaborative.RoleLabel(ctx, a.Role)}, act}})
	}
	return table
}

// assessmentWithdraw is POST …/scorecard/assessments/{id}/withdraw.
func (s *Server) assessmentWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.assessmentMove(w, r, scorecard.TrashAssessment)
}

// assessmentRestore is POST …/scorecard/assessments/{id}/restore.
func (s *Server) assessmentRestore(w http.ResponseWriter, r *http.Request) error {
	return s.assessmentMove(w, r, scorecard.RestoreAssessment)
}

func (s *Server) assessmentMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[scorecard.AssessmentVersion, scorecard.Assessment]) error {
	ctx := r.Context()
	i, err := pathID[scorecard.Assessment](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	a, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, scorecard.AssessmentVersion{ID: i, Version: formVersion(r)})
	if err != nil {
		return err
	}
	return s.done(w, r, functionAddress(ctx, a.Function, ""), op.ID, receipt)
}
