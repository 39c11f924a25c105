package web

import (
	"net/http"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// areas are the catalogue areas that name a kind's fields.
var areas = map[string]string{"organization": "organizations", "person": "people", "collaborative": "settings", "principles": "principles",
	"body": "bodies", "seat": "seats", "function": "functions", "holding": "functions", "field": "fields", "touch": "touches", "tie": "ties", "view": "list", "coverage": "coverage", "agreement": "agreements",
	"meeting": "meetings", "meeting-series": "series", "agenda-item": "agenda", "preparation": "preparations", "checklist": "checklists", "capture": "captures",
	"attendance": "attendance", "presence-rule": "attendance", "door": "attendance", "remembered-name": "attendance", "personal-code": "attendance",
	"action": "actions", "commitment": "commitments", "delivery": "deliveries", "pledge-link": "commitments", "due-link": "due", "poll": "polls", "material": "materials", "delivery-evidence": "evidence", "survey-wave": "surveys", "survey-instrument": "surveys", "evaluator-agreement": "evaluators", "scorecard-assessment": "scorecard", "scorecard-evidence": "scorecard", "letter-text": "letter_texts", "followed-calendar": "followed"}

// historyList is GET …/settings/history: the audit log.
func (s *Server) historyList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := operation.ListHistory.Do(ctx, s.app.Door, operation.ListHistoryInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	timeline := ui.TimelineProps{Heading: i18n.T(ctx, "history.entries")}
	seen := map[operation.EntryID]bool{}
	for _, e := range page.Items {
		entry := s.timelineEntry(r, areas[e.Subject], e)
		if seen[e.SubjectID] || q.Get("after") != "" || q.Get("before") != "" {
			entry.Undo = nil // something newer would have to be taken back first
		}
		seen[e.SubjectID] = true
		if e.Title != "" {
			entry.What += ": " + e.Title
		}
		if where, ok := recordPlaces[e.Subject]; ok {
			entry.Href = place(ctx, where.path+e.SubjectID.Short())
		}
		timeline.Entries = append(timeline.Entries, entry)
	}
	props := ui.PageProps{Title: i18n.T(ctx, "history.title"), Lede: i18n.T(ctx, "history.lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "nav.settings"), Href: place(ctx, "settings")}},
		Menu: []ui.Action{{Label: i18n.T(ctx, "history.to_account"), Href: "/account/history", Icon: "user"}}}
	return s.show(w, r, http.StatusOK, "settings", props, ui.Timeline(timeline), ui.Pager(historyPager(r, page)))
}

// accountHistory is GET /account/history: what my account did.
func (s *Server) accountHistory(w http.ResponseWriter, r *http.Request) error {
	return s.installationLog(w, r, "account", operation.AccountHistory, ui.Link{Label: i18n.T(r.Context(), "nav.account"), Href: "/account"})
}

// installationHistory is GET /installation/history: what was done outside the
// collaboratives.
func (s *Server) installationHistory(w http.ResponseWriter, r *http.Request) error {
	return s.installationLog(w, r, "installation", operation.InstallationHistory, ui.Link{Label: i18n.T(r.Context(), "nav.installation"), Href: "/installation"})
}

func (s *Server) installationLog(w http.ResponseWriter, r *http.Request, kind string, op *operation.Operation[operation.OwnHistoryInput, operation.Page[operation.Entry]], above ui.Link) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := op.Do(ctx, s.app.Door, operation.OwnHistoryInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	timeline := ui.TimelineProps{Heading: i18n.T(ctx, "history.entries")}
	for _, e := range page.Items {
		entry := ui.Entry{When: e.At, Who: e.Actor, What: i18n.T(ctx, "done."+e.Operation)}
		if e.Title != "" && e.Title != e.Actor {
			entry.What += ": " + e.Title
		}
		timeline.Entries = append(timeline.Entries, entry)
	}
	props := ui.PageProps{Title: i18n.T(ctx, "history.title_"+kind), Lede: i18n.T(ctx, "history.lede_"+kind), Crumbs: []ui.Link{above}}
	return s.show(w, r, http.StatusOK, kind, props, ui.Timeline(timeline), ui.Pager(historyPager(r, page)))
}

// historyPager leads through a log.
func historyPager(r *http.Request, page operation.Page[operation.Entry]) ui.PagerProps {
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		pager.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	return pager
}

// historyUndo is POST …/history/{id}/undo.
func (s *Server) historyUndo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[struct{}](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	entry, err := operation.Undo.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, operation.UndoInput{ID: operation.EntryID(i)})
	if err != nil {
		return err
	}
	back := returnTo(r, place(ctx, ""))
	if entry.Left != nil {
		back = withLeft(back, areas[entry.Subject], *entry.Left)
	}
	return s.done(w, r, back, "history.undo", receipt)
}
