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
	var after operation.CollaborativeID
	for {
		places, err := a.placesAfter(ctx, after)
		if err != nil {
			return err
		}
		for _, place := range places {
			after = place.ID
			here := operation.WithActor(operation.WithCollaborative(ctx, place), operation.System())
			for ctx.Err() == nil {
				wait := false
				if err := a.Store.Read(ctx, place.ID, func(tx *store.Tx) (err error) {
					wait, err = attendance.ActionsUncounted(tx)
					return err
				}); err != nil {
					return err
				}
				if !wait {
					break
				}
				if _, err := attendance.CountActions.Do(here, a.Door, operation.None{}); err != nil {
					return err
				}
			}
		}
		if len(places) < sweepPlaces {
			return ctx.Err()
		}
	}
}
