package access

import (
	"context"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Method says how a session was begun.
type Method string

// The ways in.
const (
	ByPassword   Method = "password"
	ByLink       Method = "link"
	ByPasskey    Method = "passkey"
	ByProvider   Method = "provider"
	ByInvitation Method = "invitation"
	BySetUp      Method = "set_up"
)

// Session is one place where an account is signed in.
type Session struct {
	ID           SessionID `json:"id"`
	Device       string    `json:"device" doc:"Browser and system, as the browser names them."`
	Address      string    `json:"address" doc:"The network address it was begun from."`
	Method       Method    `json:"method" doc:"How it was begun."`
	SecondFactor bool      `json:"second_factor" doc:"Whether two factors were proved."`
	Begun        time.Time `json:"begun"`
	Seen         time.Time `json:"seen" doc:"When it was last used, to five minutes."`
	Expires      time.Time `json:"expires"`
	Current      bool      `json:"current" doc:"Whether this is the session of this request."`
}

// begin opens a session and ends the one the request came with, if any: a
// secret known before signing in must be worth nothing after it.
func (s *Service) begin(c *operation.Call, account operation.AccountID, method Method, secondFactor bool) (secret string, expires time.Time, err error) {
	if len(c.Actor.Credential) > 0 && c.Actor.Via == operation.ViaSession {
		if _, err := c.Installation.Exec(`DELETE FROM sessions WHERE token_hash = $1`, c.Actor.Credential); err != nil {
			return "", time.Time{}, err
		}
	}
	client := ClientFrom(c.Context())
	secret, hash := newSecret(sessionPrefix)
	now, expires := store.Micros(c.Now), c.Now.Add(s.cfg.Absolute)
	_, err = c.Installation.Exec(`INSERT INTO sessions (token_hash, id, account_id, method, second_factor, address, agent, created_at, verified_at, seen_at, expires_at, renew)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE)`,
		hash, newID[SessionID](), account, string(method), secondFactor, client.address(), client.agent(), now, now, now, store.Micros(expires))
	if err != nil {
		return "", time.Time{}, err
	}
	_, err = c.Installation.Exec(`UPDATE accounts SET signed_in_at = $2 WHERE id = $1`, account, now)
	return secret, expires, err
}

// Renew gives a session a fresh secret, as Found.Renew asks. It returns "" when
// another request has done so already. The previous secret serves for a minute
// more, for requests under way.
func (s *Service) Renew(ctx context.Context, cookie string) (fresh string, err error) {
	secret, hash := newSecret(sessionPrefix)
	now := store.Micros(s.now())
	err = s.cfg.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		changed, err := tx.Exec(`UPDATE sessions SET token_hash = $2, previous_hash = $1, rotated_at = $3, renew = FALSE WHERE token_hash = $1`,
			hashSecret(cookie), hash, now)
		fresh = ""
		if changed > 0 {
			fresh = secret
		}
		return err
	})
	return fresh, err
}

// renewSessions asks every session of an account for a fresh secret and a fresh
// proof of identity: what the account may do has changed.
func renewSessions(tx *store.InstallationTx, account operation.AccountID) error {
	_, err := tx.Exec(`UPDATE sessions SET renew = TRUE, verified_at = 0 WHERE account_id = $1`, account)
	return err
}

// endSessions ends the sessions of an account, but for the one that keep is the
// secret's hash of; nil keeps none.
func endSessions(tx *store.InstallationTx, account operation.AccountID, keep []byte) (int64, error) {
	if keep == nil {
		keep = []byte{}
	}
	return tx.Exec(`DELETE FROM sessions WHERE account_id = $1 AND token_hash <> $2`, account, keep)
}

// endEverything ends what an account's secrets have opened: other sessions,
// tokens, and links that were sent but not used.
func endEverything(tx *store.InstallationTx, account operation.AccountID, keep []byte) error {
	if _, err := endSessions(tx, account, keep); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM tokens WHERE account_id = $1`, account); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM links WHERE account_id = $1 AND used_at IS NULL`, account)
	return err
}

// provedTwo says whether the caller's session or token proved two factors.
func provedTwo(c *operation.Call) (bool, error) {
	switch c.Actor.Via {
	case operation.ViaSystem:
		return true, nil
	case operation.ViaSession:
		return optional(store.Value[bool](c.Installation, `SELECT second_factor FROM sessions WHERE token_hash = $1`, c.Actor.Credential))
	case operation.ViaToken:
		return optional(store.Value[bool](c.Installation, `SELECT second_factor FROM tokens WHERE token_hash = $1`, c.Actor.Credential))
	}
	return false, nil
}
