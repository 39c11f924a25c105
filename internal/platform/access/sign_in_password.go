package access

import (
	"context"
	"errors"
	"unicode/utf8"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PasswordInput is what the sign-in form asks for.
type PasswordInput struct {
	Email, Password string
	Next            string
}

// passwordProof says that a password was compared with the hash the account
// had. Only this package can make one.
type passwordProof struct {
	account operation.AccountID
	hash    string // what it was compared with
	fresh   string // what should be stored instead, where the cost has changed
	next    string
}

// SignInWithPassword signs in by address and password. Whether the account
// exists, has a password, is disabled, or the password is wrong: the answer is
// the same and takes as long.
func (s *Service) SignInWithPassword(ctx context.Context, door *operation.Door, in PasswordInput) (SignedIn, error) {
	proof := passwordProof{next: in.Next}
	var hash string
	err := s.cfg.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		err := store.Each(tx, func(row store.Row) error { return row.Scan(&proof.account, store.ScanText(&hash)) },
			`SELECT id, password_hash FROM accounts WHERE email_key = $1 AND disabled_at IS NULL`, EmailKey(in.Email))
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	draws := s.passwordDraws(ctx, in.Email, proof.account)
	if err := s.Limiter.TakeAll(ctx, draws...); err != nil {
		s.event(ctx, "sign_in_limited", how(ByPassword), s.mark(in.Email), reason(err))
		return SignedIn{}, err
	}
	password := in.Password
	if utf8.RuneCountInString(password) > maxPassword {
		password = "" // nobody's; not worth hashing
	}
	matches, stale, err := s.hasher.verify(ctx, hash, password)
	if err != nil {
		return SignedIn{}, err
	}
	if !matches {
		s.event(ctx, "sign_in_failed", how(ByPassword), s.mark(in.Email), reason(errSignIn))
		return SignedIn{}, errSignIn
	}
	proof.hash = hash
	if stale {
		if proof.fresh, err = s.hasher.hash(ctx, password); err != nil {
			return SignedIn{}, err
		}
	}
	out, err := s.byPassword.Do(ctx, door, proof)
	if err == nil {
		if err := s.Limiter.Return(ctx, draws...); err != nil {
			s.cfg.Log.WarnContext(ctx, "access: an attempt was counted that should not be", "error", err)
		}
	}
	return s.entered(ctx, ByPassword, out, err)
}

// passwordDraws counts an attempt for the account, the address and the
// installation.
func (s *Service) passwordDraws(ctx context.Context, email string, account operation.AccountID) []Draw {
	client := ClientFrom(ctx)
	key := EmailKey(email)
	if s.knows(client, account) {
		key += " known " + client.Device
	}
	return []Draw{{limitSignInAccount, key}, {limitSignInAddress, client.network()}, {limitSignInInstallation, ""}}
}

func (s *Service) runByPassword(c *operation.Call, in passwordProof) (SignedIn, error) {
	if in.hash == "" {
		return SignedIn{}, errSignIn
	}
	a, err := findAccount(c.Installation, in.account)
	if errors.Is(err, store.ErrNotFound) {
		return SignedIn{}, errSignIn
	}
	if err != nil {
		return SignedIn{}, err
	}
	// The password may have been changed while it was being compared.
	now, err := optional(store.One(c.Installation, func(row store.Row) (h string, err error) { return h, row.Scan(store.ScanText(&h)) },
		`SELECT password_hash FROM accounts WHERE id = $1`, in.account))
	if err != nil {
		return SignedIn{}, err
	}
	if now != in.hash {
		return SignedIn{}, errSignIn
	}
	if in.fresh != "" {
		if _, err := c.Installation.Exec(`UPDATE accounts SET password_hash = $2 WHERE id = $1`, in.account, in.fresh); err != nil {
			return SignedIn{}, err
		}
	}
	return s.enterOnly(c, a, ByPassword, in.next)
}
