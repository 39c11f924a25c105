package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// memberList is GET …/settings/members: who can sign in, and who was asked to.
func (s *Server) memberList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := s.app.Access.ListMembers.Do(ctx, s.app.Door, access.ListMembersInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	invitations, err := s.app.Access.ListInvitations.Do(ctx, s.app.Door, access.ListInvitationsInput{After: q.Get("invited"), Limit: 50})
	if err != nil {
		return err
	}
	props := settingsProps(ctx, "members")
	if s.may(ctx, "members.invite") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "members.invite"), Href: place(ctx, "settings/members/invite"), Icon: "mail"}
	}
	list := ui.ListProps{ID: "members", Caption: i18n.T(ctx, "members.title"), Shown: int64(len(page.Items)), Total: -1, CountText: i18n.T(ctx, "members.count", i18n.Args{"Count": len(page.Items)}),
		Columns: []ui.Column{{Label: i18n.T(ctx, "members.field_name")}, {Label: i18n.T(ctx, "members.field_roles")}, {Label: i18n.T(ctx, "members.field_signed_in")}}}
	for _, m := range page.Items {
		list.Rows = append(list.Rows, memberRow(ctx, m))
	}
	if page.Next != "" {
		list.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		list.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	return s.show(w, r, http.StatusOK, "settings", props, ui.List(list), s.pendingInvitations(r, invitations))
}

func memberRow(ctx context.Context, m access.Member) ui.TableRow {
	name := ui.Cell{Text: m.Name, Detail: m.Email, Href: place(ctx, "settings/members/"+m.Person.Short())}
	if m.Disabled {
		name.Tags = append(name.Tags, ui.TagProps{Label: i18n.T(ctx, "members.disabled"), Kind: ui.Warn})
	}
	last := i18n.T(ctx, "members.never")
	if m.SignedIn != nil {
		last = i18n.ShortDateTime(ctx, *m.SignedIn)
	}
	return ui.TableRow{Muted: m.Disabled, Cells: []ui.Cell{name, {Text: roleLabels(ctx, m.Roles)}, {Text: last}}}
}

// roleLabels are roles in this place's words, in the order of the roles.
func roleLabels(ctx context.Context, roles []operation.Role) string {
	var out []string
	for _, role := range operation.Roles {
		for _, held := range roles {
			if held == role {
				out = append(out, collaborative.RoleLabel(ctx, role))
			}
		}
	}
	return strings.Join(out, ", ")
}

// pendingInvitations are the invitations not yet accepted.
func (s *Server) pendingInvitations(r *http.Request, page operation.Page[access.Invitation]) templ.Component {
	ctx := r.Context()
	panel := ui.PanelProps{Heading: i18n.T(ctx, "invitations.title"), Detail: i18n.T(ctx, "invitations.about")}
	if len(page.Items) == 0 {
		panel.Detail = ""
		return with(ui.Panel(panel), muted(i18n.T(ctx, "invitations.none")))
	}
	table := ui.TableProps{ID: "invitations", Caption: panel.Heading, Columns: []ui.Column{{Label: i18n.T(ctx, "members.field_name")}, {Label: i18n.T(ctx, "members.field_roles")},
		{Label: i18n.T(ctx, "invitations.field_expires")}, {Label: i18n.T(ctx, "invitations.actions"), HideLabel: true}}}
	for _, i := range page.Items {
		until := ui.Cell{Text: i18n.ShortDate(ctx, i.Expires), Detail: i18n.T(ctx, "invitations.sent_by", i18n.Args{"Name": i.Sender, "Day": i18n.ShortDate(ctx, i.Sent)})}
		if i.Expired {
			until.Tags = []ui.TagProps{{Label: i18n.T(ctx, "invitations.expired"), Kind: ui.Warn}}
		}
		var actions []templ.Component
		address := place(ctx, "settings/invitations/"+i.ID.Short())
		if s.may(ctx, "invitations.resend") {
			actions = append(actions, ui.Button(ui.Action{Label: i18n.T(ctx, "invitations.resend"), Href: address + "/resend", Post: true, Kind: ui.Quiet}))
		}
		if s.may(ctx, "invitations.revoke") {
			actions = append(actions, ui.Button(ui.Action{Label: i18n.T(ctx, "invitations.revoke"), Href: address + "/revoke", Post: true, Kind: ui.Quiet}))
		}
		table.Rows = append(table.Rows, ui.TableRow{Muted: i.Expired, Cells: []ui.Cell{
			{Text: i.Name, Detail: i.Email, Href: place(ctx, "people/"+i.Person.Short())}, {Text: roleLabels(ctx, i.Roles)}, until, {Content: templ.Join(actions...)}}})
	}
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "invited", page.Next)
	}
	return with(ui.Panel(panel), ui.Table(table), ui.Pager(pager))
}

// invitationRevoke is POST …/settings/invitations/{id}/revoke.
func (s *Server) invitationRevoke(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := invitationID(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := s.app.Access.RevokeInvitation.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, access.InvitationInput{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/members"), "invitations.revoke", receipt)
}

// invitationResend is POST …/settings/invitations/{id}/resend.
func (s *Server) invitationResend(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := invitationID(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := s.app.Access.ResendInvitation.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, access.InvitationInput{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/members"), "invitations.resend", receipt)
}

func invitationID(r *http.Request) (access.LinkID, error) {
	i, err := pathID[struct{}](r)
	return access.LinkID(i), err
}
