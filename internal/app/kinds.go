package app

import (
	"context"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// indexKinds lets organizations be found by their kind that were recorded by an
// older program, or came back with an older backup.
func (a *App) indexKinds(ctx context.Context, _ time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		wait := false
		if err := a.Store.Read(ctx, place.ID, func(tx *store.Tx) (err error) {
			wait, err = directory.KindsWait(tx)
			return err
		}); err != nil || !wait {
			return err
		}
		return directory.IndexKinds(ctx, a.Store, place.ID)
	})
}
