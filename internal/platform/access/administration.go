package access

import (
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// keepAdministrator refuses to leave the installation without an administrator
// who can sign in.
func keepAdministrator(c *operation.Call, without operation.AccountID) error {
	n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM accounts WHERE administrator = TRUE AND disabled_at IS NULL AND id <> $1`, without)
	if err == nil && n == 0 {
		err = operation.Refuse(operation.Conflict, "access.last_administrator")
	}
	return err
}

// disableAccount shuts an account out from the next request on.
func disableAccount(c *operation.Call, in AccountInput) (Account, error) {
	before, err := findAccount(c.Installation, in.ID)
	if err != nil || before.Disabled != nil {
		return before, err
	}
	if before.Administrator {
		if err := keepAdministrator(c, before.ID); err != nil {
			return Account{}, err
		}
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET disabled_at = $2 WHERE id = $1`, before.ID, store.Micros(c.Now)); err != nil {
		return Account{}, err
	}
	if err := endEverything(c.Installation, before.ID, nil); err != nil {
		return Account{}, err
	}
	return changeAccount(c, before)
}

func enableAccount(c *operation.Call, in AccountInput) (Account, error) {
	before, err := findAccount(c.Installation, in.ID)
	if err != nil || before.Disabled == nil {
		return before, err
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET disabled_at = NULL WHERE id = $1`, before.ID); err != nil {
		return Account{}, err
	}
	return changeAccount(c, before)
}

// resetSecondFactor leaves an account with its mailbox and its password. What
// was signed in ends, in case the lost key is in other hands.
func resetSecondFactor(c *operation.Call, in AccountInput) (Account, error) {
	before, err := findAccount(c.Installation, in.ID)
	if err != nil {
		return Account{}, err
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET totp_secret = NULL, totp_step = 0, recovery_hashes = NULL, second_factor = FALSE WHERE id = $1`, before.ID); err != nil {
		return Account{}, err
	}
	if _, err := c.Installation.Exec(`DELETE FROM passkeys WHERE account_id = $1`, before.ID); err != nil {
		return Account{}, err
	}
	if err := endEverything(c.Installation, before.ID, nil); err != nil {
		return Account{}, err
	}
	return changeAccount(c, before)
}

func setAdministrator(c *operation.Call, in SetAdministratorInput) (Account, error) {
	before, err := findAccount(c.Installation, in.ID)
	if err != nil || before.Administrator == in.Administrator {
		return before, err
	}
	if !in.Administrator {
		if err := keepAdministrator(c, before.ID); err != nil {
			return Account{}, err
		}
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET administrator = $2 WHERE id = $1`, before.ID, in.Administrator); err != nil {
		return Account{}, err
	}
	if err := renewSessions(c.Installation, before.ID); err != nil {
		return Account{}, err
	}
	return changeAccount(c, before)
}

func (s *Service) issueLink(c *operation.Call, in IssueLinkInput) (IssuedLink, error) {
	a, err := FindAccount(c.Installation, in.Email)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Disabled != nil {
		return IssuedLink{}, operation.InvalidField("email", "access.no_account")
	}
	if err != nil {
		return IssuedLink{}, err
	}
	c.Changed(a.subject(), a.Name, a.Version, nil, nil)
	secret, expires, err := s.makeSignInLink(c.Installation, c.Now, a, SafeNext(in.Next), time.Duration(in.Minutes)*time.Minute)
	return IssuedLink{Link: s.link(PathSignInLink + secret), Expires: expires}, err
}

// issueToken makes a token as strong as can be: whoever commands the machine
// needs no second factor to prove it.
func issueToken(c *operation.Call, in IssueTokenInput) (NewToken, error) {
	a, err := FindAccount(c.Installation, in.Email)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Disabled != nil {
		return NewToken{}, operation.InvalidField("email", "access.no_account")
	}
	if err != nil {
		return NewToken{}, err
	}
	return createToken(c, a, in.CreateTokenInput, true)
}
