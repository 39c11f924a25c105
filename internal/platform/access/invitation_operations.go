package access

import (
	"errors"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// invitationOperations are what can be done about invitations.
type invitationOperations struct {
	Invite           *operation.Operation[InviteInput, Invitation]
	ListInvitations  *operation.Operation[ListInvitationsInput, operation.Page[Invitation]]
	ResendInvitation *operation.Operation[InvitationInput, Invitation]
	RevokeInvitation *operation.Operation[InvitationInput, operation.None]
	accept           *operation.Operation[acceptProof, SignedIn]
}

// InviteInput names a person of the collaborative, and the roles they are to
// have. The address is the person's own unless another is given.
type InviteInput struct {
	Person   operation.PersonID `json:"person"`
	Email    string             `json:"email" format:"email" maxLength:"254"`
	Roles    []operation.Role   `json:"roles" required:"true" maxItems:"11"`
	Language string             `json:"language" maxLength:"10" doc:"Language of the mail; the collaborative's when absent."`
}

// InvitationInput names an invitation.
type InvitationInput struct {
	ID LinkID `json:"id"`
}

// ListInvitationsInput chooses a page.
type ListInvitationsInput struct {
	After  string `json:"after" text:"raw" maxLength:"2000" doc:"Cursor of the page."`
	Before string `json:"before" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

func (o invitationOperations) list() []operation.Any {
	return []operation.Any{o.Invite, o.ListInvitations, o.ResendInvitation, o.RevokeInvitation, o.accept}
}

func newInvitationOperations(s *Service) invitationOperations {
	return invitationOperations{
		Invite: operation.Define(operation.Operation[InviteInput, Invitation]{
			Definition: operation.Definition{ID: "members.invite", Summary: "Invites a person of the collaborative to sign in", Method: "POST", Path: "/invitations"},
			Validate: func(in *InviteInput, faults *operation.Faults) {
				checkRoles(faults, in.Roles)
				validateAddress(faults, in.Email)
			},
			Run: s.invite,
		}),
		ListInvitations: operation.Define(operation.Operation[ListInvitationsInput, operation.Page[Invitation]]{
			Definition: operation.Definition{ID: "invitations.list", Summary: "Lists invitations not yet accepted, latest first", ReadOnly: true, Method: "GET", Path: "/invitations"},
			Run:        listInvitations,
		}),
		ResendInvitation: operation.Define(operation.Operation[InvitationInput, Invitation]{
			Definition: operation.Definition{ID: "invitations.resend", Summary: "Sends an invitation again with a new link; the old one ends", Method: "POST", Path: "/invitations/{id}/resend"},
			Run:        s.resendInvitation,
		}),
		RevokeInvitation: operation.Define(operation.Operation[InvitationInput, operation.None]{
			Definition: operation.Definition{ID: "invitations.revoke", Summary: "Takes an invitation back", Method: "DELETE", Path: "/invitations/{id}"},
			Run: func(c *operation.Call, in InvitationInput) (none operation.None, err error) {
				i, _, err := findInvitation(c, in.ID)
				if err != nil {
					return none, err
				}
				c.Changed(i.subject(), i.Name, 0, granted{i.Roles}, nil)
				_, err = c.Installation.Exec(`DELETE FROM links WHERE id = $1 AND collaborative_id = $2`, in.ID, c.Collaborative.ID)
				return none, err
			},
		}),
		accept: operation.Define(operation.Operation[acceptProof, SignedIn]{
			Definition: operation.Definition{ID: "invitations.accept", Summary: "Accepts an invitation and signs in", BrowserOnly: setsCookie, Secret: true},
			Run:        s.runAccept,
		}),
	}
}

func (s *Service) invite(c *operation.Call, in InviteInput) (Invitation, error) {
	if err := mayGive(c, nil, in.Roles); err != nil {
		return Invitation{}, err
	}
	card, err := s.card(c, in.Person)
	if err != nil {
		return Invitation{}, err
	}
	if in.Email == "" {
		in.Email = card.Email
	}
	if in.Email == "" {
		return Invitation{}, operation.InvalidField("email", "errors.required")
	}
	if _, err := findMember(c, in.Person); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = operation.Refuse(operation.Conflict, "access.already_member")
		}
		return Invitation{}, err
	}
	language := in.Language
	if language == "" {
		language = c.Collaborative.Language
	}
	body := invited{Person: in.Person, Name: card.Name, Email: in.Email, Roles: in.Roles, Sender: c.Actor.Name, Language: languageOf(c.Context(), language)}
	// One person has one invitation: the latest.
	old, err := pendingFor(c, in.Person)
	if err != nil {
		return Invitation{}, err
	}
	if _, err := c.Installation.Exec(`DELETE FROM links WHERE collaborative_id = $1 AND id IN ($2)`, c.Collaborative.ID, store.In(old)); err != nil {
		return Invitation{}, err
	}
	return s.sendInvitation(c, body)
}

// sendInvitation makes the link and the mail.
func (s *Service) sendInvitation(c *operation.Call, body invited) (Invitation, error) {
	if err := s.Limiter.drawIn(c, Draw{limitInvitations, c.Collaborative.ID.String()}); err != nil {
		return Invitation{}, err
	}
	expires := c.Now.Add(invitationFor)
	secret, id, err := newLink(c.Installation, c.Now, toAccept, link{email: EmailKey(body.Email), collaborative: c.Collaborative.ID, expires: expires}, body)
	if err != nil {
		return Invitation{}, err
	}
	out := Invitation{ID: id, Person: body.Person, Name: body.Name, Email: body.Email, Roles: body.Roles, Sender: body.Sender, Sent: c.Now, Expires: expires}
	c.Changed(out.subject(), out.Name, 0, nil, struct {
		Email string           `json:"email"`
		Roles []operation.Role `json:"roles"`
	}{out.Email, out.Roles})
	send(c, Letter{Template: mail.Invitation, To: body.Email, ToName: body.Name, Language: body.Language,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: body.Sender, Link: s.link(PathInvitation + secret), Expires: expires}})
	return out, nil
}

// pendingFor lists the unused invitations of a person. They are few: the
// collaborative's unused links are read and told apart here.
func pendingFor(c *operation.Call, person operation.PersonID) ([]LinkID, error) {
	list, err := store.Collect(c.Installation, scanInvitation(c.Now), `SELECT `+invitationColumns+` FROM links
		WHERE collaborative_id = $1 AND purpose = $2 AND used_at IS NULL`, c.Collaborative.ID, string(toAccept))
	var out []LinkID
	for _, i := range list {
		if i.Person == person {
			out = append(out, i.ID)
		}
	}
	return out, err
}

func findInvitation(c *operation.Call, id LinkID) (Invitation, invited, error) {
	var body invited
	i, err := store.One(c.Installation, scanInvitation(c.Now), `SELECT `+invitationColumns+` FROM links
		WHERE id = $1 AND collaborative_id = $2 AND purpose = $3 AND used_at IS NULL`, id, c.Collaborative.ID, string(toAccept))
	if err != nil {
		return i, body, err
	}
	err = store.Each(c.Installation, func(row store.Row) error { return row.Scan(store.ScanJSON(&body)) },
		`SELECT payload FROM links WHERE id = $1 AND collaborative_id = $2`, id, c.Collaborative.ID)
	return i, body, err
}

func (s *Service) resendInvitation(c *operation.Call, in InvitationInput) (Invitation, error) {
	_, body, err := findInvitation(c, in.ID)
	if err != nil {
		return Invitation{}, err
	}
	if err := mayGive(c, nil, body.Roles); err != nil {
		return Invitation{}, err
	}
	if _, err := c.Installation.Exec(`DELETE FROM links WHERE id = $1 AND collaborative_id = $2`, in.ID, c.Collaborative.ID); err != nil {
		return Invitation{}, err
	}
	body.Sender = c.Actor.Name
	return s.sendInvitation(c, body)
}

func listInvitations(c *operation.Call, in ListInvitationsInput) (operation.Page[Invitation], error) {
	q := store.SelectInstallation(`SELECT `+invitationColumns+` FROM links WHERE collaborative_id = ? AND purpose = ? AND used_at IS NULL`, c.Collaborative.ID, string(toAccept))
	page, err := operation.List(c.Installation, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true,
		Columns: []string{"created_at", "id"}, Types: "ib"}, scanInvitation(c.Now), func(i Invitation) []any { return []any{i.Sent.UnixMicro(), i.ID[:]} })
	page.Total = -1
	return page, err
}
