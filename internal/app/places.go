package app

import (
	"context"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// sweepPlaces is how many collaboratives are read at once.
const sweepPlaces = 500

// eachPlace calls fn for every collaborative, one after another: each sees only its own
// rows. It ends at the first error, and with ctx.
func (a *App) eachPlace(ctx context.Context, fn func(place operation.Collaborative) error) error {
	var after operation.CollaborativeID
	for {
		var places []operation.CollaborativeID
		err := a.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) (err error) {
			places, err = store.Collect(tx, func(row store.Row) (c operation.CollaborativeID, err error) { return c, row.Scan(&c) },
				`SELECT id FROM collaboratives WHERE id > $1 ORDER BY id LIMIT 500`, after[:])
			return err
		})
		if err != nil {
			return err
		}
		for _, i := range places {
			if err := ctx.Err(); err != nil {
				return err
			}
			after = i
			place, err := a.Access.Place(ctx, i)
			if operation.KindOf(err) == operation.NotFound {
				continue // deleted meanwhile
			}
			if err != nil {
				return err
			}
			if err := fn(place); err != nil {
				return err
			}
		}
		if len(places) < sweepPlaces {
			return nil
		}
	}
}

// asProgramIn is a context in which the program itself acts in a collaborative.
func asProgramIn(ctx context.Context, place operation.Collaborative) context.Context {
	return operation.WithActor(operation.WithCollaborative(ctx, place), operation.System())
}
