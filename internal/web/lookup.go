package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// A person is chosen by name: there may be a hundred thousand, so no list offers
// them all. With scripts the hits appear while somebody types; without, the
// server looks the name up when the form is sent and, where several fit, asks
// which one is meant.

// lookupLimit is how many people of one name are offered.
const lookupLimit = 10

// personLookup is the field for a person, filled from what was typed or stored:
// name for the text, name_id for the person picked.
func (s *Server) personLookup(ctx context.Context, values url.Values, name, label, help string) ui.FieldProps {
	return ui.FieldProps{Kind: ui.Lookup, Name: name, Label: label, Help: help, Value: values.Get(name), Chosen: values.Get(name + "_id"),
		SuggestHref: place(ctx, "people/suggest"), Autocomplete: "off", MaxLength: 200}
}

// personChoice is the person meant by a lookup's field. When the name fits
// nobody or several, the fault says so, and choice is the field that asks.
func (s *Server) personChoice(ctx context.Context, values url.Values, name string) (i directory.PersonID, choice *ui.FieldProps, err error) {
	typed := values.Get(name)
	if typed == "" {
		return i, nil, nil
	}
	if picked, err := id.Parse[directory.Person](values.Get(name + "_id")); err == nil {
		p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: directory.PersonID(picked)})
		if err == nil && (i18n.FoldKey(p.Name()) == i18n.FoldKey(typed) || values.Get(name+"_for") == typed) {
			return p.ID, nil, nil
		}
		if err != nil && operation.KindOf(err) != operation.NotFound {
			return i, nil, err
		}
	}
	page, err := directory.ListPeople.Do(ctx, s.app.Door, directory.ListPeopleInput{Text: typed, Limit: lookupLimit})
	if err != nil {
		return i, nil, err
	}
	var same []directory.Person
	for _, p := range page.Items {
		if i18n.FoldKey(p.Name()) == i18n.FoldKey(typed) {
			same = append(same, p)
		}
	}
	if len(same) == 0 {
		same = page.Items
	}
	switch len(same) {
	case 0:
		return i, nil, operation.InvalidField(name, "people.lookup_none", map[string]any{"Name": typed})
	case 1:
		return same[0].ID, nil, nil
	}
	field := ui.FieldProps{Kind: ui.Radios, Name: name + "_id", Label: i18n.T(ctx, "people.lookup_which", i18n.Args{"Name": typed})}
	for _, p := range same {
		field.Options = append(field.Options, ui.Option{Value: p.ID.String(), Label: p.Name(), Help: affiliation(p).Organization})
	}
	return i, &field, operation.InvalidField(name, "people.lookup_several", map[string]any{"Name": typed})
}

// personSuggest is GET …/people/suggest, the fragment a lookup shows.
func (s *Server) personSuggest(w http.ResponseWriter, r *http.Request) error {
	ctx, text := r.Context(), r.URL.Query().Get("q")
	found, err := directory.Search.Do(ctx, s.app.Door, directory.SearchInput{Text: text, Kind: directory.PersonKind, Limit: lookupLimit})
	if err != nil {
		return err
	}
	hits := make([]ui.Suggestion, 0, len(found.Items))
	for _, hit := range found.Items {
		hits = append(hits, ui.Suggestion{Value: id.Of[directory.Person](hit.ID).String(), Label: hit.Title, Detail: hit.Detail, Icon: recordPlaces[hit.Kind].icon})
	}
	s.render(w, r, http.StatusOK, ui.Suggestions(text, hits, ""))
	return nil
}
