package access

import (
	"context"
	"strings"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// validatePassword judges a new password as far as that needs no account, and
// derives its hash here, outside the transaction.
func (s *Service) validatePassword(in *SetPasswordInput, faults *operation.Faults) {
	if in.Password == "" {
		return // already said
	}
	if key := CheckPassword(in.Password, s.cfg.Name); key != "" {
		checkPassword(faults, "password", in.Password, s.cfg.Name)
		return
	}
	hash, err := s.hasher.hash(context.Background(), in.Password)
	if err != nil {
		faults.Add("password", "errors.busy")
		return
	}
	in.hash = hash
}

// strong returns the caller's account for an operation that changes how they
// prove who they are. Where two factors are asked of them and they have a
// second one, they must have proved both: else a mailbox or a password alone
// would be enough to replace the second factor.
func (s *Service) strong(c *operation.Call) (Account, error) {
	a, err := ownAccount(c)
	if err != nil || !a.HasSecondFactor() {
		return a, err
	}
	asked := a.SecondFactor
	if !asked {
		n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM memberships m JOIN collaboratives c ON c.id = m.collaborative_id AND c.require_second_factor
			WHERE m.account_id = $1 AND m.ended_at IS NULL`, a.ID)
		if err != nil {
			return a, err
		}
		asked = n > 0
	}
	if !asked {
		return a, nil
	}
	proved, err := provedTwo(c)
	if err == nil && !proved {
		err = operation.Refuse(operation.Forbidden, "access.second_factor_first")
	}
	return a, err
}

func (s *Service) setPassword(c *operation.Call, in SetPasswordInput) (Account, error) {
	before, err := ownAccount(c)
	if err != nil {
		return Account{}, err
	}
	own := []string{before.Email, before.Name}
	names, err := store.Collect(c.Installation, func(row store.Row) (n string, err error) { return n, row.Scan(&n) },
		`SELECT c.name FROM memberships m JOIN collaboratives c ON c.id = m.collaborative_id WHERE m.account_id = $1 AND m.ended_at IS NULL`, before.ID)
	if err != nil {
		return Account{}, err
	}
	if key := CheckPassword(in.Password, append(own, names...)...); key != "" {
		return Account{}, operation.InvalidField("password", key)
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET password_hash = $2 WHERE id = $1`, before.ID, in.hash); err != nil {
		return Account{}, err
	}
	return s.passwordChanged(c, before)
}

func (s *Service) removePassword(c *operation.Call, _ operation.None) (Account, error) {
	before, err := s.strong(c)
	if err != nil {
		return Account{}, err
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET password_hash = NULL WHERE id = $1`, before.ID); err != nil {
		return Account{}, err
	}
	return s.passwordChanged(c, before)
}

// passwordChanged ends whatever the old password may have opened, and tells the
// owner.
func (s *Service) passwordChanged(c *operation.Call, before Account) (Account, error) {
	if err := endEverything(c.Installation, before.ID, c.Actor.Credential); err != nil {
		return Account{}, err
	}
	sendTo(c, before, mail.PasswordChanged, mail.Data{At: c.Now, Link: s.link("/account/security")})
	after, err := changeAccount(c, before)
	if err == nil && before.Password && after.Password {
		// A changed password leaves no trace in what is compared; say it.
		c.Changed(after.subject(), after.Name, after.Version, nil, struct {
			Password string `json:"password" audit:"secret"`
		}{strings.Repeat("•", 3)})
	}
	return after, err
}
