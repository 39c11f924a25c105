package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

var factsForm = settingsForm{key: "facts", fields: collaborativeFields, input: collaborativeInput}

// settingsFacts is GET …/settings/facts.
func (s *Server) settingsFacts(w http.ResponseWriter, r *http.Request) error {
	return s.settingsEdit(w, r, factsForm)
}

// settingsFactsSave is POST …/settings/facts.
func (s *Server) settingsFactsSave(w http.ResponseWriter, r *http.Request) error {
	return s.settingsSave(w, r, factsForm)
}

func collaborativeFields(ctx context.Context, values url.Values) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "settings.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "settings.help_"+key) }
	all := languageOptions()
	fields := []ui.FieldProps{
		{Name: "name", Label: t("name"), Required: true, MaxLength: 120, Autocomplete: "off"},
		{Name: "place", Label: t("place"), Help: help("place"), MaxLength: 200, Autocomplete: "off"},
		{Name: "population", Label: t("population"), Help: help("population"), MaxLength: 500, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "purpose", Label: t("purpose"), Help: help("purpose"), Rows: 4, MaxLength: 2000},
		{Kind: ui.Select, Name: "phase", Label: t("phase"), Help: help("phase"), Options: options(ctx, "phases.", collaborative.Phases)},
		{Kind: ui.Select, Name: "zone", Label: t("zone"), Help: help("zone"), Options: zoneOptions(values.Get("zone"))},
		{Kind: ui.Checkboxes, Name: "languages", Label: t("languages"), Help: help("languages"), Options: all, Values: values["languages"]},
		{Kind: ui.Select, Name: "language", Label: t("language"), Help: help("language"), Options: all},
		{Kind: ui.Select, Name: "currency", Label: t("currency"), Help: help("currency"), Options: currencyOptions()},
	}
	for i := range fields {
		fields[i].Value = values.Get(fields[i].Name)
	}
	return fields
}

func collaborativeInput(v url.Values) collaborative.EditInput {
	name, where, population, purpose := v.Get("name"), v.Get("place"), v.Get("population"), v.Get("purpose")
	zone, phase, language, languages := v.Get("zone"), v.Get("phase"), v.Get("language"), v["languages"]
	in := collaborative.EditInput{Name: &name, Place: &where, Population: &population, Purpose: &purpose, Zone: &zone, Phase: &phase, Language: &language, Languages: &languages}
	if currency := v.Get("currency"); currency != "" { // an empty choice leaves it as it is
		in.Currency = &currency
	}
	return in
}

// currencyOptions are what money can be counted in, by the codes people know.
func currencyOptions() []ui.Option {
	out := make([]ui.Option, len(collaborative.Currencies))
	for i, code := range collaborative.Currencies {
		out[i] = ui.Option{Value: code, Label: code}
	}
	return out
}

// zoneOptions are the time zones offered, and the one in use should it be another.
func zoneOptions(current string) []ui.Option {
	zones := collaborative.Zones
	if current != "" && !slices.Contains(zones, current) {
		zones = append([]string{current}, zones...)
	}
	out := make([]ui.Option, len(zones))
	for i, z := range zones {
		out[i] = ui.Option{Value: z, Label: zoneLabel(z)}
	}
	return out
}
