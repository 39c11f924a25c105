package web

import (
	"net/http"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// viewRoutes keep and forget the views of lists.
func (s *Server) viewRoutes() []Route {
	return []Route{
		{"POST", "/c/{collaborative}/views", []string{"views.save"}, s.viewSave},
		{"POST", "/c/{collaborative}/views/{id}/delete", []string{"views.delete"}, s.viewDelete},
	}
}

// viewQuery is what of a list's address a view keeps: not the place in the list,
// nor what was just done.
func viewQuery(r *http.Request) string {
	q := r.URL.Query()
	for _, passing := range append([]string{"after", "before"}, passingParameters...) {
		q.Del(passing)
	}
	for name, values := range q {
		if len(values) == 1 && values[0] == "" {
			q.Del(name) // a filter that was left open
		}
	}
	return q.Encode()
}

// savedViews are the views of a list, the way to keep the present one and, where
// the present one is kept, the way to forget it.
func (s *Server) savedViews(r *http.Request, area string) (*ui.SavedViews, error) {
	ctx := r.Context()
	if !s.may(ctx, "views.list") {
		return nil, nil
	}
	list, err := directory.ListViews.Do(ctx, s.app.Door, directory.ViewArea{Area: area})
	if err != nil {
		return nil, err
	}
	now, back := viewQuery(r), place(ctx, area)
	here := back
	if now != "" {
		here += "?" + now
	}
	out := &ui.SavedViews{}
	for _, v := range list.Items {
		link := ui.Link{Label: v.Name, Href: back, Current: v.Query == now && now != ""}
		if v.Query != "" {
			link.Href += "?" + v.Query
		}
		if v.Shared {
			link.Label = i18n.T(ctx, "list.view_shared", i18n.Args{"Name": v.Name})
		}
		out.Views = append(out.Views, link)
		if link.Current && (v.Own || s.may(ctx, directory.ShareViews)) {
			out.Delete = &ui.Action{Label: i18n.T(ctx, "list.view_delete", i18n.Args{"Name": v.Name}), Href: place(ctx, "views/"+v.ID.Short()+"/delete"), Post: true, Icon: "trash",
				Hidden: []ui.Hidden{{Name: "return", Value: here}}}
		}
	}
	if s.may(ctx, "views.save") {
		out.SaveAction = place(ctx, "views")
		out.Hidden = []ui.Hidden{{Name: "area", Value: area}, {Name: "query", Value: now}, {Name: "return", Value: here}}
		if s.may(ctx, directory.ShareViews) {
			out.Share = i18n.T(ctx, "list.view_share")
		}
	}
	return out, nil
}

// viewSave is POST …/views.
func (s *Server) viewSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	_, err := directory.SaveView.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.ViewInput{Area: v.Get("area"), Name: v.Get("name"), Query: v.Get("query"), Shared: v.Get("shared") == "true"})
	if err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, v.Get("area"))), "views.save", receipt)
}

// viewDelete is POST …/views/{id}/delete.
func (s *Server) viewDelete(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.View](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := directory.DeleteView.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.ViewRef{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "")), "views.delete", receipt)
}
