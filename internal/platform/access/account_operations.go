package access

import (
	"errors"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// accountOperations are what someone can do with their own account.
type accountOperations struct {
	ShowAccount        *operation.Operation[operation.None, Account]
	UpdateAccount      *operation.Operation[UpdateAccountInput, Account]
	ChangeEmail        *operation.Operation[ChangeEmailInput, operation.None]
	ListCollaboratives *operation.Operation[operation.None, []Participation]
}

// UpdateAccountInput holds what to change; what is absent stays.
type UpdateAccountInput struct {
	Name     *string `json:"name" maxLength:"120" doc:"How others see the account's owner."`
	Language *string `json:"language" maxLength:"10" doc:"Language of pages and mails: en, fr or es."`
}

// ChangeEmailInput names the new address.
type ChangeEmailInput struct {
	Email string `json:"email" required:"true" format:"email" maxLength:"254"`
}

// Participation is one collaborative the caller takes part in.
type Participation struct {
	ID    operation.CollaborativeID `json:"id"`
	Slug  string                    `json:"slug"`
	Name  string                    `json:"name"`
	Roles []operation.Role          `json:"roles"`
	// Person is who they are there.
	Person operation.PersonID `json:"person"`
}

func (o accountOperations) list() []operation.Any {
	return []operation.Any{o.ShowAccount, o.UpdateAccount, o.ChangeEmail, o.ListCollaboratives}
}

// needsProof is why an operation marked Fresh has no place in REST.
const needsProof = "it asks for a fresh proof of identity, which a token cannot give"

func newAccountOperations(s *Service) accountOperations {
	return accountOperations{
		ShowAccount: operation.Define(operation.Operation[operation.None, Account]{
			Definition: operation.Definition{ID: "account.show", Summary: "Shows the caller's account", Scope: operation.OnInstallation,
				ReadOnly: true, Method: "GET", Path: "/account"},
			Run: func(c *operation.Call, _ operation.None) (Account, error) { return ownAccount(c) },
		}),
		UpdateAccount: operation.Define(operation.Operation[UpdateAccountInput, Account]{
			Definition: operation.Definition{ID: "account.update", Summary: "Changes the caller's name or language", Scope: operation.OnInstallation,
				Method: "PATCH", Path: "/account"},
			Validate: func(in *UpdateAccountInput, faults *operation.Faults) {
				if in.Name != nil && *in.Name == "" {
					faults.Add("name", "errors.required")
				}
				if in.Language != nil && !i18n.Known(*in.Language) {
					faults.Add("language", "errors.not_offered")
				}
			},
			Run: updateAccount,
		}),
		ChangeEmail: operation.Define(operation.Operation[ChangeEmailInput, operation.None]{
			Definition: operation.Definition{ID: "account.change-email", Summary: "Asks for the account to use another mail address, by a link sent there",
				Scope: operation.OnInstallation, Fresh: true, BrowserOnly: needsProof},
			Validate: func(in *ChangeEmailInput, faults *operation.Faults) {
				if in.Email == "" {
					return
				}
				if _, err := mail.CheckAddress("email", in.Email); err != nil {
					faults.Add("email", "errors.not_an_email")
				}
			},
			Run: s.changeEmail,
		}),
		ListCollaboratives: operation.Define(operation.Operation[operation.None, []Participation]{
			Definition: operation.Definition{ID: "account.list-collaboratives", Summary: "Lists the collaboratives the caller takes part in",
				Scope: operation.OnInstallation, ReadOnly: true, Method: "GET", Path: "/account/collaboratives"},
			Run: func(c *operation.Call, _ operation.None) ([]Participation, error) {
				list, err := store.Collect(c.Installation, func(row store.Row) (p Participation, err error) {
					return p, row.Scan(&p.ID, &p.Slug, &p.Name, store.ScanJSON(&p.Roles), &p.Person)
				}, `SELECT c.id, c.slug, c.name, m.roles, m.person_id FROM memberships m JOIN collaboratives c ON c.id = m.collaborative_id
					WHERE m.account_id = $1 AND m.ended_at IS NULL`, c.Actor.Account)
				slices.SortFunc(list, func(a, b Participation) int { return strings.Compare(a.Slug, b.Slug) })
				if list == nil {
					list = []Participation{}
				}
				return list, err
			},
		}),
	}
}

func updateAccount(c *operation.Call, in UpdateAccountInput) (Account, error) {
	before, err := ownAccount(c)
	if err != nil {
		return Account{}, err
	}
	after := before
	operation.Patch(&after, in)
	if _, err := c.Installation.Exec(`UPDATE accounts SET name = $2, language = $3 WHERE id = $1`, before.ID, after.Name, after.Language); err != nil {
		return Account{}, err
	}
	return changeAccount(c, before)
}

// newEmail is what the link that confirms an address remembers.
type newEmail struct {
	Email string `json:"email"`
}

// changeEmail writes to the new address. Whether another account uses it is
// not told here, since that would tell who has an account; it shows when the
// owner of the address confirms.
func (s *Service) changeEmail(c *operation.Call, in ChangeEmailInput) (none operation.None, err error) {
	a, err := s.strong(c)
	if err != nil {
		return none, err
	}
	if EmailKey(in.Email) == EmailKey(a.Email) {
		return none, operation.InvalidField("email", "access.email_same")
	}
	if err := s.Limiter.drawIn(c, Draw{limitMailOwn, a.ID.String()}); err != nil {
		return none, err
	}
	// Only the latest request counts.
	if _, err := c.Installation.Exec(`DELETE FROM links WHERE account_id = $1 AND purpose = $2`, a.ID, string(toConfirmEmail)); err != nil {
		return none, err
	}
	expires := c.Now.Add(confirmEmailFor)
	secret, _, err := newLink(c.Installation, c.Now, toConfirmEmail, link{email: EmailKey(in.Email), account: a.ID, expires: expires}, newEmail{in.Email})
	if err != nil {
		return none, err
	}
	c.Changed(a.subject(), a.Name, a.Version, nil, nil)
	send(c, Letter{Template: mail.EmailChangeConfirm, To: in.Email, ToName: a.Name, Language: a.Language,
		Data: mail.Data{NewAddress: in.Email, Link: s.link(PathConfirmEmail + secret), Expires: expires}})
	return none, nil
}

// runConfirmEmail puts the new address in use and tells the old one. The link
// proves the new mailbox, and that is all: nobody is signed in by it.
func (s *Service) runConfirmEmail(c *operation.Call, in secretInput) (Account, error) {
	var body newEmail
	l, err := useLink(c.Installation, c.Now, toConfirmEmail, in.Secret, &body)
	if err != nil {
		return Account{}, err
	}
	before, err := findAccount(c.Installation, l.account)
	if errors.Is(err, store.ErrNotFound) || err == nil && before.Disabled != nil {
		return Account{}, errLink
	}
	if err != nil {
		return Account{}, err
	}
	switch other, err := FindAccount(c.Installation, body.Email); {
	case err == nil && other.ID != before.ID:
		return Account{}, operation.Refuse(operation.Conflict, "access.email_taken")
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return Account{}, err
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1`, before.ID, body.Email, EmailKey(body.Email)); err != nil {
		return Account{}, err
	}
	// Links on their way to the old address must not open the account.
	if _, err := c.Installation.Exec(`DELETE FROM links WHERE account_id = $1 AND used_at IS NULL`, before.ID); err != nil {
		return Account{}, err
	}
	c.Actor.Account, c.Actor.Name, c.Actor.Via = before.ID, before.Name, operation.ViaLink
	sendTo(c, before, mail.EmailChanged, mail.Data{NewAddress: body.Email, At: c.Now, Link: s.link("/account/security")})
	return changeAccount(c, before)
}
