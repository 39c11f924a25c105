package access

import (
	"context"
	"errors"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// SetUpInput is what the set-up page asks for about the first account. The
// password may be left out; the page then goes on to a passkey.
type SetUpInput struct {
	Secret   string `json:"secret" required:"true" text:"raw"`
	Name     string `json:"name" required:"true" maxLength:"120"`
	Email    string `json:"email" required:"true" format:"email" maxLength:"254"`
	Language string `json:"language" maxLength:"10"`
	Password string `json:"password" text:"raw" maxLength:"1000"`
}

// setUpProof is the same with the password's hash, derived beforehand.
type setUpProof struct {
	SetUpInput
	hash string
}

// SetUpLink makes the link that sets up an empty installation, in place of any
// made before. It is "" once there is an account: there is then nothing to set
// up, and no link brings that back.
func (s *Service) SetUpLink(ctx context.Context, door *operation.Door) (string, error) {
	return s.makeSetUp.Do(operation.WithActor(ctx, operation.System()), door, operation.None{})
}

func isEmpty(tx *store.InstallationTx) (bool, error) {
	_, err := store.Value[operation.AccountID](tx, `SELECT id FROM accounts WHERE id >= $1 LIMIT 1`, make([]byte, len(operation.AccountID{})))
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return false, err
}

func (s *Service) runMakeSetUp(c *operation.Call, _ operation.None) (string, error) {
	empty, err := isEmpty(c.Installation)
	if err != nil || !empty {
		c.Continue()
		return "", err
	}
	if _, err := c.Installation.Exec(`DELETE FROM links WHERE collaborative_id IS NULL AND purpose = $1`, string(toSetUp)); err != nil {
		return "", err
	}
	secret, _, err := newLink(c.Installation, c.Now, toSetUp, link{expires: c.Now.Add(setUpFor)}, operation.None{})
	return s.link(PathSetUp + secret), err
}

// LookSetUp says whether a set-up link serves, without using it.
func (s *Service) LookSetUp(ctx context.Context, secret string) error {
	_, err := s.look(ctx, toSetUp, secret, &operation.None{})
	return err
}

// CompleteSetUp makes the first account, of an administrator, and signs it in.
// The first collaborative is made after that, as the administrator.
func (s *Service) CompleteSetUp(ctx context.Context, door *operation.Door, in SetUpInput) (SignedIn, error) {
	if err := s.Limiter.Take(ctx, limitSetUpAddress, ClientFrom(ctx).network()); err != nil {
		return SignedIn{}, err
	}
	// Nobody without a link that serves gets a key derived.
	if err := s.LookSetUp(ctx, in.Secret); err != nil {
		return s.entered(ctx, BySetUp, SignedIn{}, err)
	}
	proof := setUpProof{SetUpInput: in}
	var err error
	if proof.hash, err = s.newPassword(ctx, in.Password, in.Email, in.Name, s.cfg.Name); err != nil {
		return SignedIn{}, err
	}
	out, err := s.setUp.Do(ctx, door, proof)
	return s.entered(ctx, BySetUp, out, err)
}

// newPassword judges a new password and derives its hash; none gives none.
func (s *Service) newPassword(ctx context.Context, password string, own ...string) (string, error) {
	if password == "" {
		return "", nil
	}
	var faults operation.Faults
	checkPassword(&faults, "password", password, own...)
	if err := faults.Err(); err != nil {
		return "", err
	}
	return s.hasher.hash(ctx, password)
}

func validateAddress(faults *operation.Faults, email string) {
	if _, err := mail.CheckAddress("email", email); err != nil && email != "" {
		faults.Add("email", "errors.not_an_email")
	}
}

func (s *Service) runSetUp(c *operation.Call, in setUpProof) (SignedIn, error) {
	if (in.Password == "") != (in.hash == "") {
		return SignedIn{}, errLink
	}
	if _, err := useLink(c.Installation, c.Now, toSetUp, in.Secret, &operation.None{}); err != nil {
		return SignedIn{}, err
	}
	empty, err := isEmpty(c.Installation)
	if err != nil {
		return SignedIn{}, err
	}
	if !empty {
		return SignedIn{}, errLink
	}
	a, err := CreateAccount(c.Installation, c.Now, NewAccount{Name: in.Name, Email: in.Email, Language: languageOf(c.Context(), in.Language),
		Administrator: true, PasswordHash: in.hash})
	if err != nil {
		return SignedIn{}, err
	}
	out, err := s.enter(c, a, BySetUp, false, "")
	out.New = true
	return out, err
}
