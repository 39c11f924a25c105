package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// asError is errors.As for operations' errors.
func asError(err error, into **operation.Error) bool { return errors.As(err, into) }

// memberEdit is GET …/settings/members/{id}: a member's roles.
func (s *Server) memberEdit(w http.ResponseWriter, r *http.Request) error {
	m, err := s.member(r)
	if err != nil {
		return err
	}
	return s.memberForm(w, r, http.StatusOK, m, memberValues(m), faults{})
}

func (s *Server) member(r *http.Request) (access.Member, error) {
	i, err := pathID[struct{}](r)
	if err != nil {
		return access.Member{}, err
	}
	return s.app.Access.ShowMember.Do(r.Context(), s.app.Door, access.MemberInput{Person: operation.PersonID(i)})
}

func memberValues(m access.Member) url.Values {
	v := url.Values{"version": {strconv.FormatInt(m.Version, 10)}}
	for _, role := range m.Roles {
		v.Add("roles", string(role))
	}
	return v
}

// memberSave is POST …/settings/members/{id}.
func (s *Server) memberSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.member(r)
	if err != nil {
		return err
	}
	roles := rolesOf(r.PostForm)
	if !operation.ActorFrom(ctx).Has(operation.Director) {
		roles = append(roles, leadRoles(m)...) // their boxes are locked, and a locked box is not sent
	}
	var receipt operation.Receipt
	_, err = s.app.Access.SetRoles.Do(operation.WithReceipt(ctx, &receipt), s.app.Door,
		access.SetRolesInput{Person: m.Person, Roles: roles, Version: max(1, formVersion(r))})
	if f, ok := faultsOf(ctx, err); ok {
		return s.memberForm(w, r, http.StatusUnprocessableEntity, m, r.PostForm, f)
	}
	if operation.KindOf(err) == operation.Conflict {
		// What is stored now is shown as the current roles; the boxes keep what
		// was ticked, and saving again is then a choice made with both in sight.
		values := r.PostForm
		values.Set("version", strconv.FormatInt(m.Version, 10))
		return s.memberForm(w, r, http.StatusConflict, m, values, faults{}, refusal(ctx, err))
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/members"), "members.edit", receipt)
}

// leadRoles are the roles of a member that only directors give and take.
func leadRoles(m access.Member) []operation.Role {
	var out []operation.Role
	for _, r := range m.Roles {
		if r == operation.Director || r == operation.Convener {
			out = append(out, r)
		}
	}
	return out
}

// memberRemove is POST …/settings/members/{id}/remove. Whoever removes
// themselves has nothing more to see here.
func (s *Server) memberRemove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.member(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	_, err = s.app.Access.EndMembership.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, access.MemberInput{Person: m.Person})
	if operation.KindOf(err) == operation.Conflict {
		return s.memberForm(w, r, http.StatusConflict, m, memberValues(m), faults{}, refusal(ctx, err))
	}
	if err != nil {
		return err
	}
	if m.Account == operation.ActorFrom(ctx).Account {
		http.Redirect(w, r, "/?all=1", http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, place(ctx, "settings/members"), "members.remove", receipt)
}

func (s *Server) memberForm(w http.ResponseWriter, r *http.Request, status int, m access.Member, v url.Values, f faults, notices ...ui.NoticeProps) error {
	ctx := r.Context()
	address := place(ctx, "settings/members/"+m.Person.Short())
	props := ui.PageProps{Title: m.Name, Crumbs: memberCrumbs(ctx), Notices: notices, Lede: i18n.T(ctx, "members.now", i18n.Args{"Roles": roleLabels(ctx, m.Roles)}),
		Menu: []ui.Action{{Label: i18n.T(ctx, "members.in_directory"), Href: place(ctx, "people/"+m.Person.Short()), Icon: "users"}}}
	if s.may(ctx, "members.remove") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "members.remove"), Href: address + "/remove", Post: true, Kind: ui.Bad, Icon: "trash",
			Detail: i18n.T(ctx, "members.remove_detail"), Confirm: i18n.T(ctx, "members.remove_confirm", i18n.Args{"Name": m.Name})})
	}
	facts := ui.Facts(ui.FactsProps{Facts: memberFacts(ctx, m)})
	if !s.may(ctx, "members.edit") {
		return s.show(w, r, status, "settings", props, facts)
	}
	field := roleField(ctx, v["roles"])
	fields := f.mark([]ui.FieldProps{field})
	panel := ui.PanelProps{Heading: field.Label, Detail: i18n.T(ctx, "members.help_roles")}
	form := ui.FormProps{Action: address, Errors: f.explain(fields), Hidden: []ui.Hidden{{Name: "version", Value: v.Get("version")}}, Cancel: ui.Link{Href: place(ctx, "settings/members")}}
	return s.show(w, r, status, "settings", props, facts, with(ui.Panel(panel), with(ui.Form(form), formFields(fields))))
}

func memberFacts(ctx context.Context, m access.Member) []ui.Fact {
	last := i18n.T(ctx, "members.never")
	if m.SignedIn != nil {
		last = i18n.DateTime(ctx, *m.SignedIn)
	}
	return []ui.Fact{
		{Label: i18n.T(ctx, "members.field_email"), Value: m.Email, Href: mailto(m.Email), VisibleTo: i18n.T(ctx, "visible.backbone")},
		{Label: i18n.T(ctx, "members.field_since"), Value: i18n.Date(ctx, m.Since)},
		{Label: i18n.T(ctx, "members.field_signed_in"), Value: last},
	}
}
