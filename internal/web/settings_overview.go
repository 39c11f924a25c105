package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// settingsSection is one part of the settings, with the operation one must be
// allowed to see it and the one to change it.
type settingsSection struct {
	key, path, see string
}

var settingsSections = []settingsSection{
	{"labels", "settings/labels", "collaboratives.edit"},
	{"rules", "settings/rules", "collaboratives.edit"},
	{"fields", "settings/fields", "fields.add"},
	{"principles", "settings/principles", "principles.list"},
	{"members", "settings/members", "members.list"},
	{"imports", "imports", "imports.list"},
	{"takeouts", "settings/takeouts", "takeouts.list"},
	{"letters", "settings/letters", "suppressions.list"},
	{"post", "settings/post", "post-rules.get"},
	{"letter-texts", "settings/letter-texts", "letter-texts.list"},
	{"jobs", "settings/jobs", "jobs.list"},
	{"history", "settings/history", "history.list"},
}

// settingsOverview is GET …/settings: the collaborative's facts and the way to
// everything that can be set.
func (s *Server) settingsOverview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := collaborative.Get.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	facts := ui.FactsProps{Heading: i18n.T(ctx, "settings.facts"), Facts: collaborativeFacts(ctx, k)}
	if s.may(ctx, "collaboratives.edit") {
		facts.EditHref = place(ctx, "settings/facts")
	}
	var panels []templ.Component
	for _, section := range settingsSections {
		if s.may(ctx, section.see) {
			panels = append(panels, ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "settings."+section.key), Detail: i18n.T(ctx, "settings.about_"+section.key),
				Actions: []ui.Action{{Label: i18n.T(ctx, "settings.open_"+section.key), Href: place(ctx, section.path), Kind: ui.Quiet}}}))
		}
	}
	props := ui.PageProps{Title: i18n.T(ctx, "nav.settings"), Lede: i18n.T(ctx, "settings.lede", i18n.Args{"Name": k.Name})}
	return s.show(w, r, http.StatusOK, "settings", props, ui.Facts(facts), with(ui.Grid(), panels...))
}

// collaborativeFacts are the stored facts in words.
func collaborativeFacts(ctx context.Context, k collaborative.Collaborative) []ui.Fact {
	t := func(key string) string { return i18n.T(ctx, "settings.field_"+key) }
	names := make([]string, len(k.Languages))
	for i, l := range k.Languages {
		names[i] = i18n.T(ctx, "languages."+l)
	}
	return []ui.Fact{
		{Label: t("name"), Value: k.Name},
		{Label: t("place"), Value: k.Place},
		{Label: t("population"), Value: k.Population},
		{Label: t("purpose"), Content: textOrNothing(k.Purpose)},
		{Label: t("phase"), Value: i18n.T(ctx, "phases."+k.Phase)},
		{Label: t("zone"), Value: zoneLabel(k.Zone)},
		{Label: t("languages"), Value: strings.Join(names, " · "), Note: i18n.T(ctx, "settings.default_language", i18n.Args{"Language": i18n.T(ctx, "languages."+k.Language)})},
	}
}

// textOrNothing leaves it to the record to say that a text is not given.
func textOrNothing(text string) templ.Component {
	if text == "" {
		return nil
	}
	return paragraphs(text)
}

// zoneLabel is a time zone's name as people read it.
func zoneLabel(zone string) string {
	return strings.ReplaceAll(strings.ReplaceAll(zone, "/", " / "), "_", " ")
}

// settingsCrumbs lead back to the settings.
func settingsCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "nav.settings"), Href: place(ctx, "settings")}}
}
