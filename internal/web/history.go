package web

import (
	"net/http"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// areas are the catalogue areas that name a kind's fields.
var areas = map[string]string{"organization": "organizations", "person": "people", "collaborative": "settings", "principles": "principles"}

// historyList is GET …/settings/history: the audit log.
func (s *Server) historyList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := operation.ListHistory.Do(ctx, s.app.Door, operation.ListHistoryInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	timeline := ui.TimelineProps{Heading: i18n.T(ctx, "history.entries")}
	for _, e := range page.Items {
		entry := s.timelineEntry(r, areas[e.Subject], e)
		if e.Title != "" {
			entry.What += ": " + e.Title
		}
		if where, ok := recordPlaces[e.Subject]; ok {
			entry.Href = place(ctx, where.path+e.SubjectID.Short())
		}
		timeline.Entries = append(timeline.Entries, entry)
	}
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		pager.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	props := ui.PageProps{Title: i18n.T(ctx, "history.title"), Lede: i18n.T(ctx, "history.lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "nav.settings"), Href: place(ctx, "settings")}}}
	return s.show(w, r, http.StatusOK, "settings", props, ui.Timeline(timeline), ui.Pager(pager))
}

// historyUndo is POST …/history/{id}/undo.
func (s *Server) historyUndo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[struct{}](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := operation.Undo.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, operation.UndoInput{ID: operation.EntryID(i)}); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "")), "history.undo", receipt)
}
