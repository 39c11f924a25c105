package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// installationCollaboratives is GET /installation/collaboratives: the names of
// all, and nothing that is in them.
func (s *Server) installationCollaboratives(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := collaborative.List.Do(ctx, s.app.Door, collaborative.ListInput{All: true, After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	own, err := collaborative.List.Do(ctx, s.app.Door, collaborative.ListInput{})
	if err != nil {
		return err
	}
	mine := map[collaborative.ID]bool{}
	for _, k := range own.Items {
		mine[k.ID] = true
	}
	props := ui.PageProps{Title: i18n.T(ctx, "installation.collaboratives"), Lede: i18n.T(ctx, "installation.collaboratives_lede"), Crumbs: installationCrumbs(ctx),
		Primary: &ui.Action{Label: i18n.T(ctx, "installation.new_collaborative"), Href: "/installation/collaboratives/new", Icon: "plus"}}
	if len(page.Items) == 0 {
		empty := ui.EmptyProps{Title: i18n.T(ctx, "installation.no_collaborative"), Text: i18n.T(ctx, "installation.first_collaborative_text")}
		return s.show(w, r, http.StatusOK, "", props, ui.Empty(empty))
	}
	var rows []ui.Row
	for _, k := range page.Items {
		row := ui.Row{Title: k.Name, Detail: collaborativeAddress(k.Slug)}
		if k.Place != "" {
			row.Detail = k.Place + " · " + row.Detail
		}
		if mine[k.ID] {
			row.Href = collaborativeAddress(k.Slug)
		}
		rows = append(rows, row)
	}
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		pager.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	return s.show(w, r, http.StatusOK, "", props, with(ui.Panel(ui.PanelProps{}), ui.Rows(rows), ui.Pager(pager)))
}

// installationNew is GET /installation/collaboratives/new.
func (s *Server) installationNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !s.may(ctx, "collaboratives.create") {
		return s.refuse(ctx)
	}
	return s.newForm(w, r, http.StatusOK, url.Values{"language": {i18n.Language(ctx)}, "zone": {"America/New_York"}, "phase": {collaborative.Phases[0]}}, faults{})
}

// refuse is the answer to somebody who may not: visitors are asked to sign in.
func (s *Server) refuse(ctx context.Context) error {
	if !operation.ActorFrom(ctx).SignedIn() {
		return operation.Refuse(operation.Unauthenticated, "errors.sign_in")
	}
	return operation.Refuse(operation.Forbidden, "errors.forbidden")
}

// installationCreate is POST /installation/collaboratives.
func (s *Server) installationCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	k, err := collaborative.Create.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, collaborative.CreateInput{Name: v.Get("name"), Slug: v.Get("slug"), Place: v.Get("place"),
		Population: v.Get("population"), Purpose: v.Get("purpose"), Zone: v.Get("zone"), Language: v.Get("language"), Phase: v.Get("phase")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.newForm(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, collaborativeAddress(k.Slug), "collaboratives.create", receipt)
}

func (s *Server) newForm(w http.ResponseWriter, r *http.Request, status int, v url.Values, f faults) error {
	ctx := r.Context()
	var fields []ui.FieldProps
	for _, field := range collaborativeFields(ctx, v) {
		if field.Name != "languages" {
			fields = append(fields, field)
		}
		if field.Name == "name" {
			fields = append(fields, ui.FieldProps{Name: "slug", Label: i18n.T(ctx, "settings.field_slug"), Help: i18n.T(ctx, "settings.help_slug"), Value: v.Get("slug"), MaxLength: 48, Autocomplete: "off"})
		}
	}
	fields = f.mark(fields)
	form := ui.FormProps{Action: "/installation/collaboratives", Errors: f.explain(fields), Submit: i18n.T(ctx, "installation.create"), Cancel: ui.Link{Href: "/installation/collaboratives"}}
	props := ui.PageProps{Title: i18n.T(ctx, "installation.new_collaborative"), Lede: i18n.T(ctx, "installation.new_lede"),
		Crumbs: append(installationCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "installation.collaboratives"), Href: "/installation/collaboratives"})}
	return s.show(w, r, status, "", props, with(ui.Form(form), formFields(fields)))
}
