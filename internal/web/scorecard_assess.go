package web

import (
	"net/http"
	"net/url"
	"slices"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// scorecardAssess is GET …/scorecard/functions/{function}/assess, also to correct an
// assessment that the address names.
func (s *Server) scorecardAssess(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rec, err := s.scorecardRecord(r, "")
	if err != nil {
		return err
	}
	values := url.Values{"assessed_on": {s.today(ctx)}}
	if wrong := r.URL.Query().Get("corrects"); wrong != "" {
		at := slices.IndexFunc(rec.Assessments, func(a scorecard.Assessment) bool { return a.ID.Short() == wrong && a.MayCorrect })
		if at < 0 {
			return operation.Missing()
		}
		a := rec.Assessments[at]
		values = url.Values{"assessed_on": {a.AssessedOn}, "level": {number(a.Level)}, "why": {a.Why}, "corrects_id": {a.ID.String()}}
		if slices.Contains(scorecard.RolesOf(operation.ActorFrom(ctx)), a.Role) {
			values.Set("role", string(a.Role))
		}
	}
	return s.assessForm(w, r, http.StatusOK, rec, values, faults{})
}

func (s *Server) assessForm(w http.ResponseWriter, r *http.Request, status int, rec scorecard.Record, values url.Values, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return cardText(ctx, "field_"+key) }
	var levels []ui.Option
	for _, level := range scorecard.Levels {
		levels = append(levels, ui.Option{Value: number(level), Label: number(level) + " · " + levelWord(ctx, level), Help: levelMeaning(ctx, level)})
	}
	fields := []ui.FieldProps{
		{Kind: ui.Radios, Name: "level", Label: t("level"), Options: levels, Required: true},
		{Kind: ui.TextArea, Name: "why", Label: t("why"), Help: cardText(ctx, "help_why"), Rows: 4, MaxLength: 1000, Required: true},
		{Kind: ui.Date, Name: "assessed_on", Label: t("assessed_on"), Help: cardText(ctx, "help_assessed_on"), Max: s.today(ctx)},
	}
	if roles := scorecard.RolesOf(operation.ActorFrom(ctx)); len(roles) > 1 {
		var options []ui.Option
		for _, role := range roles {
			options = append(options, ui.Option{Value: string(role), Label: collaborative.RoleLabel(ctx, role)})
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "role", Label: t("role"), Help: cardText(ctx, "help_role"), Options: options})
	}
	fields = f.mark(filled(fields, values))
	props := ui.PageProps{Title: cardText(ctx, "assess_named", i18n.Args{"Function": lineName(ctx, rec.Line)}), Lede: signsOf(ctx, rec.Line), Crumbs: append(scorecardCrumbs(ctx), ui.Link{Label: lineName(ctx, rec.Line), Href: functionAddress(ctx, rec.Key, "")})}
	form := ui.FormProps{Action: functionAddress(ctx, rec.Key, "/assessments"), Errors: f.explain(fields), Cancel: ui.Link{Href: functionAddress(ctx, rec.Key, "")}}
	if wrong := values.Get("corrects_id"); wrong != "" {
		props.Title = cardText(ctx, "correct_named", i18n.Args{"Function": lineName(ctx, rec.Line)})
		props.Notices = []ui.NoticeProps{{Kind: ui.Due, Text: cardText(ctx, "correct_said")}}
		form.Hidden = []ui.Hidden{{Name: "corrects_id", Value: wrong}}
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// scorecardAssessed is POST …/scorecard/functions/{function}/assessments.
func (s *Server) scorecardAssessed(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	rec, err := s.scorecardRecord(r, "")
	if err != nil {
		return err
	}
	in := scorecard.AssessmentInput{Function: rec.Key, Level: whole(v.Get("level")), AssessedOn: v.Get("assessed_on"), Why: v.Get("why"), Role: v.Get("role")}
	if wrong := v.Get("corrects_id"); wrong != "" {
		i, err := id.Parse[scorecard.Assessment](wrong)
		if err != nil {
			return operation.Missing()
		}
		in.CorrectsID = i
	}
	var receipt operation.Receipt
	_, err = scorecard.Assess.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok {
		return s.assessForm(w, r, http.StatusUnprocessableEntity, rec, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, functionAddress(ctx, rec.Key, ""), "scorecard-assessments.create", receipt)
}
