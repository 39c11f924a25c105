package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
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
	props := ui.PageProps{Title: i18n.T(ctx, "installation.outbox"), Lede: i18n.T(ctx, "installation.outbox_lede", i18n.Args{"Count": mail.KeptMessages}), Crumbs: installationCrumbs(ctx),
		Notices: []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "installation.outbox_warning")}}}
	if kept.On {
		props.Notices = []ui.NoticeProps{{Text: i18n.T(ctx, "installation.outbox_closed")}}
	} else {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "installation.open_mail"), Href: "/installation/mail"}
	}
	if len(kept.Messages) == 0 {
		return s.show(w, r, http.StatusOK, "", props, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "installation.outbox_empty"), Text: i18n.T(ctx, "installation.outbox_empty_text")}))
	}
	var panels []templ.Component
	for _, m := range kept.Messages {
		panels = append(panels, keptMessage(ctx, m))
	}
	return s.show(w, r, http.StatusOK, "", props, panels...)
}

// keptMessage is one message: to whom, when, and the addresses in it.
func keptMessage(ctx context.Context, m mail.Kept) templ.Component {
	panel := ui.PanelProps{Heading: m.Subject, Detail: i18n.T(ctx, "installation.kept_for", i18n.Args{"To": m.To, "When": i18n.DateTime(ctx, m.At)})}
	var rows []ui.Row
	for _, link := range m.Links {
		rows = append(rows, ui.Row{Title: link, Href: link})
	}
	if len(rows) == 0 {
		return with(ui.Panel(panel), paragraphs(m.Text))
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}
