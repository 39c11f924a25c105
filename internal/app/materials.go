package app

import (
	"context"
	"time"

	"commontable/internal/backbone/materials"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// keptFiles is how long bytes stay that no row names: long enough for an upload whose
// row is about to come, and for a backup that has read the rows already.
const keptFiles = 24 * time.Hour

// sweepFiles removes uploads that nobody finished, and bytes that nothing names any
// more, also those of collaboratives that are gone.
func (a *App) sweepFiles(ctx context.Context, now time.Time) error {
	have, err := a.Files.Places(ctx) // before the collaboratives, so that none is taken for gone
	if err != nil {
		return err
	}
	live := map[files.Place]bool{}
	err = a.eachPlace(ctx, func(place operation.Collaborative) error {
		live[files.Place(place.ID)] = true
		if err := a.Store.Write(ctx, place.ID, func(tx *store.Tx) error { return materials.SweepUploads(tx, now) }); err != nil {
			return err
		}
		_, err := a.Files.Sweep(ctx, files.Place(place.ID), now.Add(-keptFiles), func(hashes []files.Hash) (wanted map[files.Hash]bool, err error) {
			err = a.Store.Read(ctx, place.ID, func(tx *store.Tx) error {
				wanted, err = materials.Wanted(tx, hashes)
				return err
			})
			return wanted, err
		})
		return err
	})
	if err != nil {
		return err
	}
	for _, place := range have {
		if live[place] {
			continue
		}
		if _, err := a.Files.Sweep(ctx, place, now.Add(-keptFiles), func([]files.Hash) (map[files.Hash]bool, error) { return nil, nil }); err != nil {
			return err
		}
	}
	return nil
}
