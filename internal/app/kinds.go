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
	var after operation.CollaborativeID
	for {
		places, err := a.placesAfter(ctx, after)
		if err != nil {
			return err
		}
		for _, place := range places {
			after = place.ID
			wait := false
			if err := a.Store.Read(ctx, place.ID, func(tx *store.Tx) (err error) {
				wait, err = directory.KindsWait(tx)
				return err
			}); err != nil {
				return err
			}
			if wait {
				if err := directory.IndexKinds(ctx, a.Store, place.ID); err != nil {
					return err
				}
			}
		}
		if len(places) < sweepPlaces {
			return nil
		}
	}
}
