package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

var rulesForm = settingsForm{key: "rules", fields: ruleFields, input: rulesInput}

// settingsRules is GET …/settings/rules.
func (s *Server) settingsRules(w http.ResponseWriter, r *http.Request) error {
	return s.settingsEdit(w, r, rulesForm)
}

// settingsRulesSave is POST …/settings/rules.
func (s *Server) settingsRulesSave(w http.ResponseWriter, r *http.Request) error {
	return s.settingsSave(w, r, rulesForm)
}

func ruleFields(ctx context.Context, values url.Values) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "settings.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "settings.help_"+key) }
	second := help("require_second_factor")
	if !foundFrom(ctx).SecondFactor {
		second += " " + i18n.T(ctx, "settings.second_factor_yourself")
	}
	return []ui.FieldProps{
		{Kind: ui.Number, Name: "survey_minimum", Label: t("survey_minimum"), Help: help("survey_minimum"), Value: values.Get("survey_minimum"),
			Min: strconv.Itoa(collaborative.LeastSurveyMinimum), Max: "100", Size: "short", Required: true},
		{Kind: ui.Number, Name: "people_minimum", Label: t("people_minimum"), Help: help("people_minimum"), Value: values.Get("people_minimum"),
			Min: strconv.Itoa(collaborative.LeastPeopleMinimum), Max: "100", Size: "short", Required: true},
		{Kind: ui.Checkbox, Name: "require_second_factor", Label: t("require_second_factor"), Help: second, Checked: values.Get("require_second_factor") == "true"},
	}
}

func rulesInput(v url.Values) collaborative.EditInput {
	survey, _ := strconv.ParseInt(v.Get("survey_minimum"), 10, 64) // what is no number is below the least
	people, _ := strconv.ParseInt(v.Get("people_minimum"), 10, 64)
	second := v.Get("require_second_factor") == "true"
	return collaborative.EditInput{SurveyMinimum: &survey, PeopleMinimum: &people, RequireSecondFactor: &second}
}
