package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// installationHome is GET /: the collaboratives of whoever is signed in. Someone
// who has only one is taken there; ?all=1 shows the list all the same.
func (s *Server) installationHome(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := collaborative.List.Do(ctx, s.app.Door, collaborative.ListInput{})
	if err != nil {
		return err
	}
	if len(page.Items) == 1 && r.URL.Query().Get("all") == "" {
		http.Redirect(w, r, collaborativeAddress(page.Items[0].Slug), http.StatusSeeOther)
		return nil
	}
	administrator := operation.ActorFrom(ctx).Has(operation.Administrator)
	props := ui.PageProps{Title: i18n.T(ctx, "installation.your_collaboratives")}
	if administrator {
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "nav.installation"), Href: "/installation", Icon: "settings"}}
	}
	if len(page.Items) == 0 {
		empty := ui.EmptyProps{Title: i18n.T(ctx, "installation.no_collaborative"), Text: i18n.T(ctx, "installation.no_collaborative_text")}
		if administrator {
			empty.Text = i18n.T(ctx, "installation.first_collaborative_text")
			empty.Actions = []ui.Action{{Label: i18n.T(ctx, "installation.new_collaborative"), Href: "/installation/collaboratives/new", Icon: "plus"}}
		}
		return s.show(w, r, http.StatusOK, "", props, ui.Empty(empty))
	}
	var panels []templ.Component
	for _, k := range page.Items {
		panels = append(panels, ui.Panel(ui.PanelProps{Heading: k.Name, Detail: k.Place,
			Actions: []ui.Action{{Label: i18n.T(ctx, "installation.enter", i18n.Args{"Name": k.Name}), Href: collaborativeAddress(k.Slug)}}}))
	}
	return s.show(w, r, http.StatusOK, "", props, with(ui.Grid(), panels...))
}

func collaborativeAddress(slug string) string { return "/c/" + url.PathEscape(slug) + "/" }
