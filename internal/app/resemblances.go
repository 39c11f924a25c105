package app

import (
	"context"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	// compareAfter is how long after a search for duplicates the next one comes
	// by itself, when something changed.
	compareAfter = 20 * time.Hour
	// compareQuiet is how long nothing must have changed: an import is compared
	// when it is done.
	compareQuiet = time.Hour
)

// compareRecords asks for a search for duplicates where records changed since
// the last one.
func (a *App) compareRecords(ctx context.Context, now time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error { return a.compareRecordsOf(ctx, place.ID, now) })
}

func (a *App) compareRecordsOf(ctx context.Context, place operation.CollaborativeID, now time.Time) error {
	var due []string
	if err := a.Store.Read(ctx, place, func(tx *store.Tx) (err error) {
		due, err = directory.DueForComparison(tx, now, compareAfter, compareQuiet)
		return err
	}); err != nil || len(due) == 0 {
		return err
	}
	return a.Store.Write(ctx, place, func(tx *store.Tx) error {
		for _, kind := range due {
			if err := directory.AskForResemblances(tx, now, kind); err != nil {
				return err
			}
			if err := jobs.Insert(tx.Installation(), a.Access.Sealer(), now, place, directory.ComparisonOf(kind)); err != nil {
				return err
			}
		}
		return nil
	})
}
