package access

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The paths that links lead to, each followed by the link's secret. The pages
// there show what the link will do and do it on a POST, since mail scanners
// open every link they see.
const (
	PathSignInLink   = "/sign-in/link/"
	PathInvitation   = "/invitation/"
	PathSetUp        = "/set-up/"
	PathConfirmEmail = "/account/confirm/"
)

// How long links serve.
const (
	signInLinkFor   = 15 * time.Minute
	confirmEmailFor = 24 * time.Hour
	invitationFor   = 14 * 24 * time.Hour
	setUpFor        = 24 * time.Hour
)

// purpose is what a link does.
type purpose string

const (
	toSignIn       purpose = "sign_in"
	toAccept       purpose = "invitation"
	toConfirmEmail purpose = "confirm_email"
	toSetUp        purpose = "set_up"
)

// link is a row of links.
type link struct {
	id            LinkID
	email         string // as a key
	account       operation.AccountID
	collaborative operation.CollaborativeID
	payload       rawText
	expires       time.Time
	used          time.Time
}

// errLink is the answer to a link that does not exist, was used, was taken
// back or has expired; they are not told apart, except to say how to go on.
var errLink = operation.Refuse(operation.NotFound, "access.link_dead")

func newLink(tx *store.InstallationTx, now time.Time, what purpose, l link, payload any) (secret string, id LinkID, err error) {
	secret, hash := newSecret(linkPrefix)
	id = newID[LinkID]()
	_, err = tx.Exec(`INSERT INTO links (token_hash, id, purpose, email_key, account_id, collaborative_id, payload, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		hash, id, string(what), l.email, l.account, l.collaborative, store.JSON(payload), store.Micros(now), store.Micros(l.expires))
	return secret, id, err
}

// lookLink reads a link that still serves, and its payload.
func lookLink(tx *store.InstallationTx, now time.Time, what purpose, secret string, payload any) (link, error) {
	if !isSecret(linkPrefix, secret) {
		return link{}, errLink
	}
	l, err := store.One(tx, func(row store.Row) (l link, err error) {
		return l, row.Scan(&l.id, &l.email, &l.account, &l.collaborative, &l.payload, store.ScanTime(&l.expires), store.ScanTime(&l.used))
	}, `SELECT id, email_key, account_id, collaborative_id, payload, expires_at, used_at FROM links WHERE token_hash = $1 AND purpose = $2`,
		hashSecret(secret), string(what))
	if errors.Is(err, store.ErrNotFound) || err == nil && (!l.used.IsZero() || !now.Before(l.expires)) {
		return link{}, errLink
	}
	if err == nil {
		err = l.payload.into(payload)
	}
	return l, err
}

// useLink is lookLink and uses the link up. Of any number of attempts at once
// only one finds it unused.
func useLink(tx *store.InstallationTx, now time.Time, what purpose, secret string, payload any) (link, error) {
	l, err := lookLink(tx, now, what, secret, payload)
	if err != nil {
		return link{}, err
	}
	used, err := tx.Exec(`UPDATE links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL`, hashSecret(secret), store.Micros(now))
	if err == nil && used == 0 {
		err = errLink
	}
	return l, err
}

// look reads a link outside an operation, for the page that asks whether to go
// on. Nothing is changed.
func (s *Service) look(ctx context.Context, what purpose, secret string, payload any) (l link, err error) {
	err = s.cfg.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		l, err = lookLink(tx, s.now(), what, secret, payload)
		return err
	})
	return l, err
}
