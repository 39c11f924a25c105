package web

import (
	"context"
	"net/http"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// pollRoutes are the pages on which a time for a meeting is found.
func (s *Server) pollRoutes() []Route {
	const list = "/c/{collaborative}/polls"
	return []Route{
		{"GET", list, []string{"polls.list", "bodies.list"}, s.pollList},
		{"GET", list + "/new", []string{"polls.create", "bodies.list"}, s.pollNew},
		{"POST", list, []string{"polls.create"}, s.pollCreate},
		{"GET", list + "/export.csv", []string{"polls.export"}, s.pollExport},
		{"GET", list + "/export.xlsx", []string{"polls.export"}, s.pollExport},
		{"GET", list + "/{id}", []string{"polls.get"}, s.pollRecord},
		{"GET", list + "/{id}/answers.csv", []string{"polls.get"}, s.pollAnswersFile},
		{"GET", list + "/{id}/answers.xlsx", []string{"polls.get"}, s.pollAnswersFile},
		{"GET", list + "/{id}/edit", []string{"polls.get", "polls.edit", "bodies.list"}, s.pollEdit},
		{"POST", list + "/{id}", []string{"polls.edit"}, s.pollSave},
		{"POST", list + "/{id}/times", []string{"polls.get", "polls.edit"}, s.pollTimes},
		{"POST", list + "/{id}/state", []string{"polls.get", "polls.step"}, s.pollStep},
		{"POST", list + "/{id}/ask", []string{"polls.ask"}, s.pollAsk},
		{"GET", list + "/{id}/choose", []string{"polls.get", "polls.choose"}, s.pollChoose},
		{"POST", list + "/{id}/choose", []string{"polls.choose"}, s.pollChosen},
		{"POST", list + "/{id}/people", []string{"polls.get", "polls.set-person"}, s.pollPersonAdd},
		{"GET", list + "/{id}/people/{person}", []string{"polls.get", "polls.set-person", "polls.answer"}, s.pollPersonEdit},
		{"POST", list + "/{id}/people/{person}", []string{"polls.get", "polls.set-person", "polls.answer"}, s.pollPersonSave},
		{"POST", list + "/{id}/trash", []string{"polls.trash"}, s.pollTrash},
		{"POST", list + "/{id}/restore", []string{"polls.restore"}, s.pollRestore},

		{"GET", access.PathPoll + "{secret}", []string{"poll-links.open"}, s.pollLink},
		{"POST", access.PathPoll + "{secret}", []string{"poll-links.answer"}, s.pollLinkAnswer},
	}
}

var pollStateKinds = map[string]ui.Kind{polls.Open: ui.Due, polls.Decided: ui.Good}

// poll reads the poll of the address.
func (s *Server) poll(r *http.Request) (polls.Poll, error) {
	i, err := pathID[polls.Poll](r)
	if err != nil {
		return polls.Poll{}, err
	}
	return polls.Get.Do(r.Context(), s.app.Door, polls.Ref{ID: i})
}

func pollAddress(ctx context.Context, i polls.ID, part string) string {
	return place(ctx, "polls/"+i.Short()+part)
}

func pollCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: i18n.T(ctx, "polls.title"), Href: place(ctx, "polls")}}
}

func pollProgress(ctx context.Context, p polls.Poll) string {
	return i18n.T(ctx, "polls.progress", i18n.Args{"Answered": i18n.Number(ctx, p.Answered), "Asked": i18n.Number(ctx, p.Asked)})
}

// pollListing is how polls look as a list.
func pollListing(ctx context.Context) listing[polls.Poll] {
	type poll = polls.Poll
	plain := func(key string, get func(poll) string) column[poll] {
		return column[poll]{key: key, cell: func(p poll) ui.Cell { return ui.Cell{Text: get(p)} }, sheet: func(p poll) sheets.Cell { return sheets.Text(get(p)) }}
	}
	state := func(p poll) string { return i18n.T(ctx, "poll_states."+p.State) }
	return listing[poll]{area: "polls", path: place(ctx, "polls"),
		columns: []column[poll]{
			{key: "title", sheet: func(p poll) sheets.Cell { return sheets.Text(p.Title) }, cell: func(p poll) ui.Cell { return ui.Cell{Text: p.Title, Href: pollAddress(ctx, p.ID, "")} }},
			plain("body", func(p poll) string { return p.Body }),
			{key: "state", sheet: func(p poll) sheets.Cell { return sheets.Text(state(p)) },
				cell: func(p poll) ui.Cell {
					return ui.Cell{Tags: []ui.TagProps{{Label: state(p), Kind: pollStateKinds[p.State]}}}
				}},
			plain("answered", func(p poll) string { return pollProgress(ctx, p) }),
			plain("created_at", func(p poll) string { return i18n.ShortDate(ctx, p.CreatedAt) }),
		}}
}

func pollListInput(r *http.Request) polls.ListInput {
	q := r.URL.Query()
	body, _ := id.Parse[directory.Body](q.Get("body")) // none means all
	return polls.ListInput{BodyID: body, State: q.Get("state"), Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
}

// pollExport is GET …/polls/export.csv and .xlsx.
func (s *Server) pollExport(w http.ResponseWriter, r *http.Request) error {
	in := pollListInput(r)
	return pollListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[polls.Poll], error) {
		in.After, in.Before = after, ""
		return polls.Export.Do(ctx, s.app.Door, polls.ExportInput{ListInput: in})
	})
}

// pollList is GET …/polls.
func (s *Server) pollList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := pollListInput(r)
	page, err := polls.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return err
	}
	l := pollListing(ctx)
	l.filters = []ui.FieldProps{
		{Kind: ui.Select, Name: "body", Label: i18n.T(ctx, "polls.field_body"), Blank: i18n.T(ctx, "list.any"), Options: bodies},
		{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "polls.field_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "poll_states.", polls.States)},
	}
	list := l.props(r, page)
	props := ui.PageProps{Title: i18n.T(ctx, "polls.title"), Lede: i18n.T(ctx, "polls.lede"), Crumbs: pollCrumbs(ctx)[:1]}
	if s.may(ctx, "polls.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "polls.add"), Href: place(ctx, "polls/new"), Icon: "plus"}
	}
	if s.may(ctx, "polls.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "polls?trash=1"), Icon: "trash"})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "polls", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.List(list))
}
