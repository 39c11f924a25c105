package app

import (
	"context"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// countActions counts the action items that an older program or an older backup
// brought, so many at a time that nobody waits for it.
func (a *App) countActions(ctx context.Context, _ time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		for ctx.Err() == nil {
			wait := false
			if err := a.Store.Read(ctx, place.ID, func(tx *store.Tx) (err error) {
				wait, err = attendance.ActionsUncounted(tx)
				return err
			}); err != nil || !wait {
				return err
			}
			if _, err := attendance.CountActions.Do(asProgramIn(ctx, place), a.Door, operation.None{}); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}
