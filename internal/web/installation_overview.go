package web

import (
	"context"
	"net/http"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// installationOverview is GET /installation.
func (s *Server) installationOverview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.app.Installation.ShowMail.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	open := func(key, href string, more ...ui.Action) ui.PanelProps {
		return ui.PanelProps{Heading: i18n.T(ctx, "installation."+key), Detail: i18n.T(ctx, "installation.about_"+key),
			Actions: append([]ui.Action{{Label: i18n.T(ctx, "installation.open_"+key), Href: href, Kind: ui.Quiet}}, more...)}
	}
	post := open("mail", "/installation/mail")
	if !m.On {
		post.Actions = append(post.Actions, ui.Action{Label: i18n.T(ctx, "installation.open_outbox"), Href: "/installation/outbox", Kind: ui.Quiet})
	}
	props := ui.PageProps{Title: i18n.T(ctx, "nav.installation"), Lede: i18n.T(ctx, "installation.lede"), Notices: mailNotices(ctx, m)}
	return s.show(w, r, http.StatusOK, "", props, with(ui.Grid(), ui.Panel(post),
		ui.Panel(open("collaboratives", "/installation/collaboratives")), ui.Panel(open("accounts", "/installation/accounts")),
		ui.Panel(open("jobs", installationJobsPath)), ui.Panel(open("history", "/installation/history"))))
}

// mailNotices say plainly when mail does not leave the installation.
func mailNotices(ctx context.Context, m installation.MailSettings) []ui.NoticeProps {
	var out []ui.NoticeProps
	if !m.On {
		out = append(out, ui.NoticeProps{Kind: ui.Warn, Title: i18n.T(ctx, "installation.mail_off"), Text: i18n.T(ctx, "installation.mail_off_text"),
			Links: []ui.Link{{Label: i18n.T(ctx, "installation.open_outbox"), Href: "/installation/outbox"}}})
	}
	if m.Waiting > 0 && m.On {
		out = append(out, ui.NoticeProps{Text: i18n.T(ctx, "installation.mail_waiting", i18n.Args{"Count": m.Waiting})})
	}
	if m.FailedOutside > 0 {
		out = append(out, ui.NoticeProps{Kind: ui.Bad, Text: i18n.T(ctx, "installation.mail_failed_outside", i18n.Args{"Count": m.FailedOutside}),
			Links: []ui.Link{{Label: i18n.T(ctx, "installation.open_failed"), Href: installationJobsPath + "?state=" + string(jobs.Failed)}}})
	}
	if inside := m.Failed - m.FailedOutside; inside > 0 {
		out = append(out, ui.NoticeProps{Kind: ui.Bad, Text: i18n.T(ctx, "installation.mail_failed", i18n.Args{"Count": inside})})
	}
	return out
}

// installationCrumbs lead back to the installation's page.
func installationCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "nav.installation"), Href: "/installation"}}
}
