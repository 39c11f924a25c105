package access

import (
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Standing is what an account may be taken for in a collaborative now: the actor
// it would be, without roles once its membership ended or it was disabled. Work
// that goes on after a request asks for it again and again.
func Standing(tx *store.InstallationTx, c operation.CollaborativeID, account operation.AccountID) (operation.Actor, error) {
	actor := operation.Actor{Account: account, Via: operation.ViaSession}
	found, err := store.One(tx, func(row store.Row) (operation.Actor, error) {
		a := actor
		var ended, disabled time.Time
		err := row.Scan(&a.Person, store.ScanJSON(&a.Roles), store.ScanTime(&ended), &a.Name, &a.Email, store.ScanTime(&disabled))
		if a.Roles = withinMembership(a.Roles); !ended.IsZero() || !disabled.IsZero() {
			a.Roles = nil
		}
		return a, err
	}, `SELECT m.person_id, m.roles, m.ended_at, a.name, a.email, a.disabled_at
		FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.collaborative_id = $1 AND m.account_id = $2`, c, account)
	if errors.Is(err, store.ErrNotFound) {
		return actor, nil
	}
	return found, err
}

// LanguageOf is the language an account is written to in.
func LanguageOf(tx *store.InstallationTx, account operation.AccountID) (string, error) {
	return store.Value[string](tx, `SELECT language FROM accounts WHERE id = $1`, account)
}
