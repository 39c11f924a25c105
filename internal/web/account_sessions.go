package web

import (
	"net/http"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// accountSessions is GET /account/sessions: where someone is signed in.
func (s *Server) accountSessions(w http.ResponseWriter, r *http.Request) error {
	r, err := s.atHome(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	list, err := s.app.Access.ListSessions.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "account.sessions"), Lede: i18n.T(ctx, "account.sessions_lede", i18n.Args{"Zone": i18n.Zone(ctx).String()})}
	if len(list) > 1 {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "account.end_others"), Href: accountSessionsPath + "/end-others", Post: true, Kind: ui.Quiet}
	}
	rows := make([]ui.Row, len(list))
	for i, v := range list {
		rows[i] = s.sessionRow(r, v)
	}
	return s.accountPage(w, r, http.StatusOK, props, with(ui.Panel(ui.PanelProps{}), ui.Rows(rows)))
}

func (s *Server) sessionRow(r *http.Request, v access.Session) ui.Row {
	ctx := r.Context()
	detail := i18n.T(ctx, "account.session_begun", i18n.Args{"When": i18n.DateTime(ctx, v.Begun), "Way": i18n.T(ctx, "account.by_"+string(v.Method)), "Address": v.Address})
	row := ui.Row{Title: v.Device, Detail: detail + " · " + i18n.T(ctx, "account.last_used", i18n.Args{"When": i18n.Relative(ctx, s.app.Config.Clock.Now(), v.Seen)})}
	if v.Current {
		row.Tag = &ui.TagProps{Label: i18n.T(ctx, "account.session_this"), Kind: ui.Good}
	} else {
		row.Action = &ui.Action{Label: i18n.T(ctx, "ui.sign_out"), Href: accountSessionsPath + "/" + v.ID.Short() + "/end", Post: true}
	}
	return row
}

// accountSessionEnd is POST /account/sessions/{id}/end.
func (s *Server) accountSessionEnd(w http.ResponseWriter, r *http.Request) error {
	i, err := parseID[access.SessionID](r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := s.app.Access.RevokeSession.Do(r.Context(), s.app.Door, access.SessionInput{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, accountSessionsPath, "account.revoke-session", operation.Receipt{})
}

// accountSessionsEndOthers is POST /account/sessions/end-others.
func (s *Server) accountSessionsEndOthers(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.app.Access.SignOutElsewhere.Do(r.Context(), s.app.Door, operation.None{}); err != nil {
		return err
	}
	return s.done(w, r, accountSessionsPath, "account.sign-out-elsewhere", operation.Receipt{})
}
