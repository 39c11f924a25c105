package web

import (
	"net/http"
	"net/url"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// searchNoun marks the search page in the frame; it has no entry in the rail.
const searchNoun = "search"

// places of a kind of record, for links from search and history.
var recordPlaces = map[string]struct{ path, icon string }{
	directory.OrganizationKind: {"organizations/", "building"},
	directory.PersonKind:       {"people/", "user"},
	directory.BodyKind:         {"bodies/", "users"},
	directory.SeatKind:         {"seats/", "user"},
	agreements.Kind:            {"agreements/", "edit"},
	directory.TouchKind:        {"touches/", "clock"},
	network.Kind:               {"ties/", "users"},
	convening.MeetingKind:      {"meetings/", "calendar"},
	actions.Kind:               {"actions/", "check"},
	commitments.Kind:           {"commitments/", "check"},
	convening.SeriesKind:       {"series/", "calendar"},
	polls.Kind:                 {"polls/", "calendar"},
	surveys.Kind:               {"surveys/", "chart"},
	surveys.InstrumentKind:     {"instruments/", "chart"},
	scorecard.EvidenceKind:     {"scorecard/evidence/", "chart"},
	convening.ChecklistKind:    {"checklists/", "check"},
}

// searchPage is GET …/search.
func (s *Server) searchPage(w http.ResponseWriter, r *http.Request) error {
	ctx, text := r.Context(), r.URL.Query().Get("q")
	found, err := directory.Search.Do(ctx, s.app.Door, directory.SearchInput{Text: text, Limit: 50})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "search.title")}
	rows := make([]ui.Row, 0, len(found.Items))
	for _, hit := range found.Items {
		rows = append(rows, ui.Row{When: i18n.T(ctx, "search.kind_"+hit.Kind), Title: hit.Title, Href: place(ctx, recordPlaces[hit.Kind].path+hit.ID.Short()), Detail: hit.Detail})
	}
	switch {
	case text == "":
		props.Lede = i18n.T(ctx, "search.lede")
	case found.More:
		props.Lede = i18n.T(ctx, "search.more", i18n.Args{"Query": text})
	default:
		props.Lede = i18n.T(ctx, "search.found", i18n.Args{"Query": text, "Count": len(rows)})
	}
	return s.show(w, r, http.StatusOK, searchNoun, props, ui.Rows(rows))
}

// searchSuggest is GET …/search/suggest, the fragment the search box shows.
func (s *Server) searchSuggest(w http.ResponseWriter, r *http.Request) error {
	ctx, text := r.Context(), r.URL.Query().Get("q")
	found, err := directory.Search.Do(ctx, s.app.Door, directory.SearchInput{Text: text, Limit: 8})
	if err != nil {
		return err
	}
	hits := make([]ui.Suggestion, 0, len(found.Items))
	for _, hit := range found.Items {
		where := recordPlaces[hit.Kind]
		hits = append(hits, ui.Suggestion{Label: hit.Title, Detail: hit.Detail, Href: place(ctx, where.path+hit.ID.Short()), Icon: where.icon})
	}
	all := ""
	if text != "" {
		all = place(ctx, "search?q="+url.QueryEscape(text))
	}
	s.render(w, r, http.StatusOK, ui.Suggestions(text, hits, all))
	return nil
}
