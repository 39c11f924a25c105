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
	var facts []ui.Fact
	for _, i := range page.Items {
		facts = append(facts, ui.Fact{Label: i.Name, Content: s.invitationFact(ctx, i)})
	}
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "invited", page.Next)
	}
	return with(ui.Panel(panel), ui.Facts(ui.FactsProps{Facts: facts}), ui.Pager(pager))
}

// invitationFact says to whom an invitation went, as what and until when, and
// offers what can be done about it.
func (s *Server) invitationFact(ctx context.Context, i access.Invitation) templ.Component {
	until := i18n.T(ctx, "invitations.until", i18n.Args{"Day": i18n.ShortDate(ctx, i.Expires)})
	if i.Expired {
		until = i18n.T(ctx, "invitations.expired", i18n.Args{"Day": i18n.ShortDate(ctx, i.Expires)})
	}
	sent := i18n.T(ctx, "invitations.sent_by", i18n.Args{"Name": i.Sender, "Day": i18n.ShortDate(ctx, i.Sent)})
	address := place(ctx, "settings/invitations/"+i.ID.Short())
	var actions []ui.Action
	if s.may(ctx, "invitations.resend") {
		actions = append(actions, ui.Action{Label: i18n.T(ctx, "invitations.resend"), Href: address + "/resend", Post: true, Kind: ui.Quiet})
	}
	if s.may(ctx, "invitations.revoke") {
		actions = append(actions, ui.Action{Label: i18n.T(ctx, "invitations.revoke"), Href: address + "/revoke", Post: true, Kind: ui.Quiet})
	}
	return templ.Join(paragraphs(i.Email+" · "+roleLabels(ctx, i.Roles)), muted(sent+" · "+until), acts(actions))
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
