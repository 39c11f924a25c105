package web

import (
	"context"
	"net/http"

	"commontable/internal/backbone/evaluation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// evaluatorRoutes are the pages of agreements with evaluators, and the files they take.
func (s *Server) evaluatorRoutes() []Route {
	const list = "/c/{collaborative}/evaluators"
	get := []string{"evaluator-agreements.get"}
	return []Route{
		{"GET", list, []string{"evaluator-agreements.list"}, s.evaluatorList},
		{"GET", list + "/new", []string{"evaluator-agreements.create", "evaluator-files.list"}, s.evaluatorNew},
		{"GET", list + "/terms", []string{"evaluator-terms.get"}, s.evaluatorTerms},
		{"POST", list + "/terms", []string{"evaluator-terms.adopt"}, s.evaluatorTermsAdopt},
		{"POST", list, []string{"evaluator-agreements.create"}, s.evaluatorCreate},
		{"GET", list + "/{id}", get, s.evaluatorRecord},
		{"GET", list + "/{id}/edit", append(get, "evaluator-agreements.edit", "evaluator-files.list"), s.evaluatorEdit},
		{"POST", list + "/{id}", append(get, "evaluator-agreements.edit"), s.evaluatorSave},
		{"POST", list + "/{id}/send", append(get, "evaluator-agreements.send"), s.evaluatorSend},
		{"POST", list + "/{id}/withdraw", []string{"evaluator-agreements.withdraw"}, s.evaluatorWithdraw},
		{"POST", list + "/{id}/sign", append(get, "evaluator-agreements.sign"), s.evaluatorSign},
		{"GET", list + "/{id}/end", append(get, "evaluator-agreements.end"), s.evaluatorEnd},
		{"POST", list + "/{id}/end", append(get, "evaluator-agreements.end"), s.evaluatorEnded},
		{"POST", list + "/{id}/trash", []string{"evaluator-agreements.trash"}, s.evaluatorTrash},
		{"POST", list + "/{id}/restore", []string{"evaluator-agreements.restore"}, s.evaluatorRestore},
		{"POST", "/c/{collaborative}/surveys/{id}/evaluator-file", []string{"evaluator-files.take"}, s.evaluatorTake},

		{"GET", access.PathEvaluator + "{secret}", []string{"evaluator-links.open"}, s.evaluatorLink},
		{"POST", access.PathEvaluator + "{secret}", []string{"evaluator-links.sign"}, s.evaluatorLinkSigned},
	}
}

// evaluatorText is a text about evaluators.
func evaluatorText(ctx context.Context, key string, args ...i18n.Args) string {
	return i18n.T(ctx, "evaluators."+key, args...)
}

func evaluatorAddress(ctx context.Context, i evaluation.ID, rest string) string {
	return place(ctx, "evaluators/"+i.Short()+rest)
}

var evaluatorStateKinds = map[string]ui.Kind{evaluation.Waiting: ui.Due, evaluation.InForce: ui.Good}

// evaluatorList is GET …/evaluators.
func (s *Server) evaluatorList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	in := evaluation.ListInput{Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
	page, err := evaluation.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	type agreement = evaluation.Agreement
	plain := func(key string, get func(agreement) string) column[agreement] {
		return column[agreement]{key: key, cell: func(a agreement) ui.Cell { return ui.Cell{Text: get(a)} }, sheet: func(a agreement) sheets.Cell { return sheets.Text(get(a)) }}
	}
	state := func(a agreement) string { return i18n.T(ctx, "evaluator_states."+a.State) }
	l := listing[agreement]{area: "evaluators", path: place(ctx, "evaluators"), columns: []column[agreement]{
		{key: "person", sheet: func(a agreement) sheets.Cell { return sheets.Text(a.Person) },
			cell: func(a agreement) ui.Cell {
				return ui.Cell{Text: named(ctx, a.Person), Detail: a.Organization, Href: evaluatorAddress(ctx, a.ID, "")}
			}},
		plain("purpose", func(a agreement) string { return firstLine(a.Purpose) }),
		{key: "state", sheet: func(a agreement) sheets.Cell { return sheets.Text(state(a)) },
			cell: func(a agreement) ui.Cell {
				return ui.Cell{Tags: []ui.TagProps{{Label: state(a), Kind: evaluatorStateKinds[a.State]}}}
			}},
		plain("valid_until", func(a agreement) string { return civilDay(ctx, a.Until) }),
		plain("destroy_by", func(a agreement) string { return civilDay(ctx, a.DestroyBy) }),
	}}
	list := l.props(r, page)
	list.CSV, list.XLSX = "", ""
	props := ui.PageProps{Title: evaluatorText(ctx, "title"), Lede: evaluatorText(ctx, "lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "together.title"), Href: place(ctx, "working-together")}}}
	if s.may(ctx, "evaluator-agreements.create") {
		props.Primary = &ui.Action{Label: evaluatorText(ctx, "add"), Href: place(ctx, "evaluators/new"), Icon: "plus"}
	}
	props.Menu = append(props.Menu, ui.Action{Label: evaluatorText(ctx, "terms_title"), Href: place(ctx, "evaluators/terms"), Icon: "document"})
	if s.may(ctx, "evaluator-agreements.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "evaluators?trash=1"), Icon: "trash"})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "evaluators", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "working-together", props, ui.List(list))
}
