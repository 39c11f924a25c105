package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// providerPanel lists the sign-ins elsewhere that are joined to the account and
// joins others; nil where there are none and none can be had.
func (s *Server) providerPanel(ctx context.Context, joined []access.JoinedProvider) templ.Component {
	panel := ui.PanelProps{Heading: i18n.T(ctx, "account.providers"), Detail: i18n.T(ctx, "account.providers_why")}
	for _, p := range s.app.Access.Providers() {
		panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "account.join_provider", i18n.Args{"Name": p.Name}), Href: access.PathProvider + url.PathEscape(p.ID), Post: true, Kind: ui.Quiet,
			Hidden: []ui.Hidden{{Name: "next", Value: accountSecurityPath}}})
	}
	if panel.Actions == nil && len(joined) == 0 {
		return nil
	}
	if len(joined) == 0 {
		return ui.Panel(panel)
	}
	rows := make([]ui.Row, len(joined))
	for i, j := range joined {
		rows[i] = providerRow(ctx, j)
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}

func providerRow(ctx context.Context, j access.JoinedProvider) ui.Row {
	detail := i18n.T(ctx, "account.provider_joined", i18n.Args{"Date": i18n.Date(ctx, j.Joined)})
	if j.Email != "" {
		detail = j.Email + " · " + detail
	}
	sure := "account.provider_remove_sure"
	if j.Trusted {
		sure = "account.provider_remove_trusted"
	}
	row := ui.Row{Title: j.Name, Detail: detail, Action: &ui.Action{Label: i18n.T(ctx, "account.provider_remove"), Href: "/account/providers/" + j.ID.Short() + "/remove", Post: true,
		Confirm: i18n.T(ctx, sure, i18n.Args{"Name": j.Name})}}
	if !j.Offered {
		row.Tag = &ui.TagProps{Label: i18n.T(ctx, "account.provider_gone")}
	}
	return row
}

// accountProviderRemove is POST /account/providers/{id}/remove.
func (s *Server) accountProviderRemove(w http.ResponseWriter, r *http.Request) error {
	i, err := parseID[access.JoinedID](r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := s.app.Access.RemoveProvider.Do(r.Context(), s.app.Door, access.JoinedProviderInput{ID: i}); err != nil {
		return s.securityFailed(w, r, err)
	}
	return s.done(w, r, accountSecurityPath, "account.remove-provider", operation.Receipt{})
}
