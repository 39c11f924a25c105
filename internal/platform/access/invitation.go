package access

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Invitation is a link on its way to someone who is to take part.
type Invitation struct {
	ID      LinkID             `json:"id"`
	Person  operation.PersonID `json:"person"`
	Name    string             `json:"name"`
	Email   string             `json:"email"`
	Roles   []operation.Role   `json:"roles"`
	Sender  string             `json:"sender" doc:"Who sent it."`
	Sent    time.Time          `json:"sent"`
	Expires time.Time          `json:"expires"`
	Expired bool               `json:"expired"`
}

func (i Invitation) subject() operation.Subject {
	return operation.Subject{Kind: "person", ID: i.Person}
}

// invited is what an invitation's link remembers.
type invited struct {
	Person   operation.PersonID `json:"person"`
	Name     string             `json:"name"`
	Email    string             `json:"email"`
	Roles    []operation.Role   `json:"roles"`
	Sender   string             `json:"sender"`
	Language string             `json:"language"`
}

func scanInvitation(now time.Time) func(store.Row) (Invitation, error) {
	return func(row store.Row) (i Invitation, err error) {
		var body invited
		err = row.Scan(&i.ID, store.ScanJSON(&body), store.ScanTime(&i.Sent), store.ScanTime(&i.Expires))
		i.Person, i.Name, i.Email, i.Roles, i.Sender = body.Person, body.Name, body.Email, body.Roles, body.Sender
		i.Expired = !now.Before(i.Expires)
		return i, err
	}
}

const invitationColumns = `id, payload, created_at, expires_at`

// InvitationView is what the page behind an invitation shows: who invites to
// what. HasAccount says that the address has an account, which the link's
// bearer may know: they have read its mail.
type InvitationView struct {
	Collaborative operation.Collaborative
	Name, Email   string
	Sender        string
	Roles         []operation.Role
	Language      string
	Expires       time.Time
	HasAccount    bool
}

// LookInvitation tells what a link invites to, without using it.
func (s *Service) LookInvitation(ctx context.Context, secret string) (InvitationView, error) {
	var body invited
	var l link
	var p place
	account := true
	err := s.cfg.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) (err error) {
		if l, err = lookLink(tx, s.now(), toAccept, secret, &body); err != nil {
			return err
		}
		p, err = store.One(tx, func(row store.Row) (p place, err error) { return p, row.Scan(p.columns()...) },
			`SELECT `+placeColumns+` FROM collaboratives c WHERE c.id = $1`, l.collaborative)
		if err != nil {
			return err
		}
		if _, err = FindAccount(tx, body.Email); errors.Is(err, store.ErrNotFound) {
			account, err = false, nil
		}
		return err
	})
	if err != nil {
		return InvitationView{}, err
	}
	return InvitationView{Collaborative: s.collaborative(p), Name: body.Name, Email: body.Email, Sender: body.Sender, Roles: body.Roles,
		Language: body.Language, Expires: l.expires, HasAccount: account}, nil
}

// AcceptInput is what the invitation's page asks for. A new account's password
// may be left out, for a passkey made next or for links by mail.
type AcceptInput struct {
	Secret   string `json:"secret" required:"true" text:"raw"`
	Name     string `json:"name" maxLength:"120"`
	Language string `json:"language" maxLength:"10"`
	Password string `json:"password" text:"raw" maxLength:"1000"`
	// AsCurrent takes part with the account that is signed in, whatever its
	// address.
	AsCurrent bool `json:"as_current"`
}

// acceptProof is the same with the password's hash, derived beforehand.
type acceptProof struct {
	AcceptInput
	hash string
}

// AcceptInvitation makes the bearer of the link a member: with the account of
// the address it was sent to, which is made when there is none, or with the one
// that is signed in. The link came by mail, so it signs in as a sign-in link
// would, second factor included.
func (s *Service) AcceptInvitation(ctx context.Context, door *operation.Door, in AcceptInput) (SignedIn, error) {
	if err := s.Limiter.Take(ctx, limitRedeemAddress, ClientFrom(ctx).network()); err != nil {
		return SignedIn{}, err
	}
	view, err := s.LookInvitation(ctx, in.Secret)
	if err != nil {
		return s.entered(ctx, ByInvitation, SignedIn{}, err)
	}
	proof := acceptProof{AcceptInput: in}
	if !view.HasAccount && !in.AsCurrent {
		if proof.hash, err = s.newPassword(ctx, in.Password, view.Email, view.Name, in.Name, view.Collaborative.Name, s.cfg.Name); err != nil {
			return SignedIn{}, err
		}
	}
	out, err := s.accept.Do(operation.WithCollaborative(ctx, view.Collaborative), door, proof)
	return s.entered(ctx, ByInvitation, out, err)
}

func (s *Service) runAccept(c *operation.Call, in acceptProof) (SignedIn, error) {
	var body invited
	l, err := useLink(c.Installation, c.Now, toAccept, in.Secret, &body)
	if err != nil {
		return SignedIn{}, err
	}
	if l.collaborative != c.Collaborative.ID {
		return SignedIn{}, errLink
	}
	// The link's bearer may not look into the directory; the program may.
	asProgram := *c
	asProgram.Actor = operation.System()
	if _, err := s.card(&asProgram, body.Person); err != nil {
		return SignedIn{}, errLink // the person has been deleted meanwhile
	}
	a, fresh, err := s.accepting(c, in, body)
	if err != nil {
		return SignedIn{}, err
	}
	err = Grant(c.Installation, c.Now, Membership{Account: a.ID, Collaborative: c.Collaborative.ID, Person: body.Person, Roles: body.Roles})
	if errors.Is(err, store.ErrUnique) {
		return SignedIn{}, operation.Refuse(operation.Conflict, "access.person_taken")
	}
	if err != nil {
		return SignedIn{}, err
	}
	out := SignedIn{Account: a}
	if !in.AsCurrent {
		if out, err = s.enter(c, a, ByInvitation, false, ""); err != nil {
			return SignedIn{}, err
		}
	}
	c.Actor.Account, c.Actor.Person, c.Actor.Name = a.ID, body.Person, a.Name
	c.Changed(operation.Subject{Kind: "person", ID: body.Person}, a.Name, 0, nil, granted{body.Roles})
	out.New, out.Collaborative, out.Next = fresh, c.Collaborative.Slug, "/c/"+c.Collaborative.Slug+"/"
	return out, nil
}

// accepting finds or makes the account that takes part.
func (s *Service) accepting(c *operation.Call, in acceptProof, body invited) (a Account, fresh bool, err error) {
	if in.AsCurrent {
		a, err = ownAccount(c)
		return a, false, err
	}
	a, err = FindAccount(c.Installation, body.Email)
	if !errors.Is(err, store.ErrNotFound) {
		if err == nil && a.Disabled != nil {
			err = errLink
		}
		return a, false, err
	}
	name, language := in.Name, in.Language
	if name == "" {
		name = body.Name
	}
	if language == "" {
		language = body.Language
	}
	a, err = CreateAccount(c.Installation, c.Now, NewAccount{Name: name, Email: body.Email, Language: languageOf(c.Context(), language), PasswordHash: in.hash})
	return a, true, err
}

// card is a person's name and address.
func (s *Service) card(c *operation.Call, person operation.PersonID) (Card, error) {
	if s.cfg.Person == nil {
		return Card{}, nil
	}
	return s.cfg.Person(c, person)
}
