package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// installationOutbox is GET /installation/outbox: the messages that were not
// mailed because no server is set up, with their links.
func (s *Server) installationOutbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	kept, err := s.app.Installation.Outbox.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "installation.outbox"), Lede: i18n.T(ctx, "installation.outbox_lede", i18n.Args{"Count": installation.KeptMessages}), Crumbs: installationCrumbs(ctx),
		Notices: []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "installation.outbox_warning")}}}
	if kept.On {
		props.Notices = []ui.NoticeProps{{Text: i18n.T(ctx, "installation.outbox_closed")}}
	} else {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "installation.open_mail"), Href: "/installation/mail"}
	}
	if kept.Unreadable > 0 {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "installation.outbox_unreadable", i18n.Args{"Count": kept.Unreadable})})
	}
	if len(kept.Messages) == 0 {
		return s.show(w, r, http.StatusOK, "", props, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "installation.outbox_empty"), Text: i18n.T(ctx, "installation.outbox_empty_text")}))
	}
	var panels []templ.Component
	for n, m := range kept.Messages {
		panels = append(panels, keptMessage(ctx, n, m))
	}
	return s.show(w, r, http.StatusOK, "", props, panels...)
}

// keptMessage is the n-th message: to whom, when, and the addresses in it.
func keptMessage(ctx context.Context, n int, m installation.KeptMessage) templ.Component {
	panel := ui.PanelProps{Heading: m.Subject, Detail: i18n.T(ctx, "installation.kept_for", i18n.Args{"To": m.To, "When": i18n.DateTime(ctx, m.At)})}
	if len(m.Links) == 0 {
		return with(ui.Panel(panel), paragraphs(m.Text))
	}
	var parts []templ.Component
	for i, link := range m.Links {
		// A field lets a long address be copied whole and never widens the page.
		id := "link-" + strconv.Itoa(n) + "-" + strconv.Itoa(i)
		parts = append(parts, ui.Field(ui.FieldProps{ID: id, Name: id, Label: i18n.T(ctx, "installation.link"), Value: link, ReadOnly: true}))
		panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "installation.open_link"), Href: link, Kind: ui.Quiet})
	}
	return with(ui.Panel(panel), parts...)
}
