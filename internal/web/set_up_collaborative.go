package web

import (
	"net/http"
	"net/url"
	"strings"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// setUpCollaborative is GET /set-up/collaborative.
func (s *Server) setUpCollaborative(w http.ResponseWriter, r *http.Request) error {
	return s.setUpCollaborativePage(w, r, http.StatusOK, url.Values{"language": {i18n.Language(r.Context())}}, faults{})
}

func (s *Server) setUpCollaborativePage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "setup.name"), Help: i18n.T(ctx, "setup.name_help"), Required: true, MaxLength: 120, Autocomplete: "off"},
		{Name: "place", Label: i18n.T(ctx, "setup.place"), Help: i18n.T(ctx, "setup.place_help"), MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.Select, Name: "zone", Label: i18n.T(ctx, "setup.zone"), Help: i18n.T(ctx, "setup.zone_help"), Blank: i18n.T(ctx, "setup.zone_choose"), Options: zoneChoices(), Required: true},
		{Kind: ui.Select, Name: "language", Label: i18n.T(ctx, "setup.language"), Help: i18n.T(ctx, "setup.language_help"), Options: languageOptions()},
	})
	for i := range fields {
		fields[i].Value = values.Get(fields[i].Name)
	}
	props := ui.BareProps{Title: i18n.T(ctx, "setup.collaborative"), Lede: i18n.T(ctx, "setup.collaborative_lede")}
	form := ui.FormProps{Action: setUpCollaborativePath, Submit: i18n.T(ctx, "setup.begin"), Errors: f.explain(fields)}
	address := setUpCollaborativePath
	if status != http.StatusOK {
		address = "" // choosing the language would lose what was typed
	}
	return s.showBare(w, r, status, props, address, kept{}, muted(i18n.T(ctx, "setup.step_two")), with(ui.Form(form), formFields(fields)))
}

// zoneChoices are the time zones, written as people read them.
func zoneChoices() []ui.Option {
	out := make([]ui.Option, len(collaborative.Zones))
	for i, zone := range collaborative.Zones {
		out[i] = ui.Option{Value: zone, Label: strings.ReplaceAll(zone, "_", " ")}
	}
	return out
}

// setUpCollaborativeCreate is POST /set-up/collaborative.
func (s *Server) setUpCollaborativeCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in := collaborative.CreateInput{Name: v.Get("name"), Place: v.Get("place"), Zone: v.Get("zone"), Language: v.Get("language")}
	var k collaborative.Collaborative
	err := error(operation.InvalidField("zone", "errors.required"))
	if in.Zone != "" {
		k, err = collaborative.Create.Do(ctx, s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, err); ok {
		return s.setUpCollaborativePage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/c/"+url.PathEscape(k.Slug)+"/", http.StatusSeeOther)
	return nil
}
