package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// memberInviteForm is GET …/settings/members/invite; ?person= names somebody of
// the directory.
func (s *Server) memberInviteForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !s.may(ctx, "members.invite") {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	values := url.Values{"language": {operation.CollaborativeFrom(ctx).Language}}
	if person := r.URL.Query().Get("person"); person != "" {
		i, err := id.Parse[struct{}](person)
		if err != nil {
			return operation.Missing()
		}
		p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: directory.PersonID(i)})
		if err != nil {
			return err
		}
		values.Set("person", p.ID.Short())
		values.Set("name", p.Name())
		values.Set("email", p.Email)
		if p.Language != "" {
			values.Set("language", p.Language)
		}
	}
	return s.inviteForm(w, r, http.StatusOK, values, faults{})
}

// memberInvite is POST …/settings/members/invite. An invitation is for somebody
// of the directory: the person chosen, the one who has this address, or one who
// is added now.
func (s *Server) memberInvite(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	err := checkInvitation(v)
	var person operation.PersonID
	if err == nil {
		person, err = s.invitee(ctx, v)
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = s.app.Access.Invite.Do(operation.WithReceipt(ctx, &receipt), s.app.Door,
			access.InviteInput{Person: person, Email: v.Get("email"), Roles: rolesOf(v), Language: v.Get("language")})
	}
	if f, ok := faultsOf(ctx, err); ok {
		return s.inviteForm(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if k := operation.KindOf(err); k == operation.Conflict || k == operation.Forbidden && s.may(ctx, "members.invite") {
		return s.inviteForm(w, r, statuses[k], v, faults{}, refusal(ctx, err))
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/members"), "members.invite", receipt)
}

// checkInvitation finds the faults that must be found before somebody is added
// to the directory for the invitation's sake.
func checkInvitation(v url.Values) error {
	var found operation.Faults
	if strings.TrimSpace(v.Get("name")) == "" && v.Get("person") == "" {
		found.Add("name", "errors.required")
	}
	if email := strings.TrimSpace(v.Get("email")); email == "" {
		found.Add("email", "errors.required")
	} else if !operation.IsEmail(email) {
		found.Add("email", "errors.not_an_email")
	}
	if len(v["roles"]) == 0 {
		found.Add("roles", "members.a_role_needed")
	}
	return found.Err()
}

// invitee finds or adds the person of an invitation.
func (s *Server) invitee(ctx context.Context, v url.Values) (operation.PersonID, error) {
	if short := v.Get("person"); short != "" {
		i, err := id.Parse[struct{}](short)
		if err != nil {
			return operation.PersonID{}, operation.Missing()
		}
		return operation.PersonID(i), nil
	}
	email := strings.TrimSpace(v.Get("email"))
	page, err := directory.ListPeople.Do(ctx, s.app.Door, directory.ListPeopleInput{Text: email, Limit: 50})
	if err != nil {
		return operation.PersonID{}, err
	}
	for _, p := range page.Items {
		if strings.EqualFold(p.Email, email) {
			return p.ID, nil
		}
	}
	given, family, _ := strings.Cut(i18n.CleanLine(v.Get("name")), " ")
	p, err := directory.CreatePerson.Do(ctx, s.app.Door, directory.PersonInput{GivenName: given, FamilyName: family, Email: email, Language: v.Get("language")})
	return p.ID, err
}

func rolesOf(v url.Values) []operation.Role {
	var out []operation.Role
	for _, r := range v["roles"] {
		out = append(out, operation.Role(r))
	}
	return out
}

// roleField offers the roles a membership can give, each with what it allows.
// Roles that only a director may give are shown and cannot be chosen by others.
func roleField(ctx context.Context, chosen []string) ui.FieldProps {
	f := ui.FieldProps{Kind: ui.Checkboxes, Name: "roles", Label: i18n.T(ctx, "members.field_roles"), Values: chosen, Required: true}
	leads := operation.ActorFrom(ctx).Has(operation.Director)
	for _, role := range operation.MembershipRoles {
		f.Options = append(f.Options, ui.Option{Value: string(role), Label: collaborative.RoleLabel(ctx, role), Help: i18n.T(ctx, "roles.help_"+string(role)),
			Disabled: !leads && slices.Contains([]operation.Role{operation.Director, operation.Convener}, role)})
	}
	return f
}

// refusal shows an operation's refusal above the form, which keeps what was typed.
func refusal(ctx context.Context, err error) ui.NoticeProps {
	e := &operation.Error{}
	if !asError(err, &e) {
		e = operation.Refuse(operation.Internal, "errors.internal")
	}
	return ui.NoticeProps{Kind: ui.Bad, Text: message(ctx, e)}
}

func (s *Server) inviteForm(w http.ResponseWriter, r *http.Request, status int, v url.Values, f faults, notices ...ui.NoticeProps) error {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "members.field_name"), Help: i18n.T(ctx, "members.help_name"), Value: v.Get("name"), MaxLength: 200, Required: true, Autocomplete: "off", ReadOnly: v.Get("person") != ""},
		{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "members.field_email"), Help: i18n.T(ctx, "members.help_email"), Value: v.Get("email"), MaxLength: 254, Required: true, Autocomplete: "off"},
		roleField(ctx, v["roles"]),
		{Kind: ui.Select, Name: "language", Label: i18n.T(ctx, "members.field_language"), Value: v.Get("language"), Options: languageOptions()},
	})
	form := ui.FormProps{Action: place(ctx, "settings/members/invite"), Errors: f.explain(fields), Submit: i18n.T(ctx, "members.send_invitation"), Cancel: ui.Link{Href: place(ctx, "settings/members")}}
	if person := v.Get("person"); person != "" {
		form.Hidden = []ui.Hidden{{Name: "person", Value: person}}
	}
	props := ui.PageProps{Title: i18n.T(ctx, "members.invite"), Lede: i18n.T(ctx, "members.invite_lede"), Crumbs: memberCrumbs(ctx), Notices: notices}
	return s.show(w, r, status, "settings", props, with(ui.Form(form), formFields(fields[:2]), muted(i18n.T(ctx, "members.help_roles")), formFields(fields[2:])))
}

func memberCrumbs(ctx context.Context) []ui.Link {
	return append(settingsCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "settings.members"), Href: place(ctx, "settings/members")})
}
