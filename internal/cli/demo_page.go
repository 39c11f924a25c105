package cli

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// page lists the cast, each with a button.
func (d *demonstration) page(w http.ResponseWriter, r *http.Request) {
	ctx := i18n.With(r.Context(), i18n.Match(r.Header.Get("Accept-Language"), i18n.Languages()...))
	rows := make([]ui.Row, len(d.cast))
	for i, p := range d.cast {
		rows[i] = ui.Row{Title: p.Name, Detail: collaborative.RoleLabel(ctx, p.Role),
			Action: &ui.Action{Label: i18n.T(ctx, "demo.enter"), Href: "/demo", Post: true, Hidden: []ui.Hidden{{Name: "email", Value: p.Email}}}}
	}
	page := ui.BarePage(ui.BareProps{Title: i18n.T(ctx, "demo.title"), Lede: i18n.T(ctx, "demo.lede"), Wide: true})
	var body bytes.Buffer
	if err := page.Render(templ.WithChildren(ctx, ui.Rows(rows)), &body); err != nil {
		d.app.Log.ErrorContext(ctx, "the demonstration's page", "error", err)
		http.Error(w, "The page cannot be shown; see the log.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	_, _ = body.WriteTo(w) // a reader who has gone away needs no answer
}
