package access

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const byAccount = `SELECT a.id, a.name, a.email, a.language, a.administrator, m.person_id, m.roles, FALSE, ` + placeColumns + `
	FROM accounts a JOIN collaboratives c ON c.id = $2
	LEFT JOIN memberships m ON m.account_id = a.id AND m.ended_at IS NULL AND m.collaborative_id = c.id WHERE a.id = $1 AND a.disabled_at IS NULL`

// Acting is a context in which background work runs on behalf of an account, in a
// collaborative, with the roles the account has there now: whoever lost them
// meanwhile has none. The zero account is the program itself, for what was begun
// on the command line.
func (s *Service) Acting(ctx context.Context, account operation.AccountID, place operation.CollaborativeID) (context.Context, error) {
	var c caller
	var err error
	if account.IsZero() {
		c, err = look(ctx, s, func(row store.Row) (c caller, err error) { return c, row.Scan(c.place.columns()...) }, `SELECT `+placeColumns+` FROM collaboratives c WHERE c.id = $1`, place)
	} else {
		c, err = look(ctx, s, func(row store.Row) (c caller, err error) { return c, row.Scan(c.common()...) }, byAccount, account, place)
	}
	if errors.Is(err, store.ErrNotFound) {
		return ctx, operation.Missing()
	}
	if err != nil {
		return ctx, err
	}
	actor := operation.System()
	if !account.IsZero() {
		// A second factor was proved when the work was asked for.
		c.secondFactor = true
		actor, _, _ = s.admit(c, operation.ViaSession, nil)
		actor.Verified = time.Time{}
	}
	return operation.WithCollaborative(operation.WithActor(ctx, actor), s.collaborative(c.place)), nil
}
