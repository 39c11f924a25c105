package app

import (
	"context"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// extendSeries makes the meetings of the coming year of every series.
func (a *App) extendSeries(ctx context.Context, _ time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		var wait []convening.SeriesID
		if err := a.Store.Read(ctx, place.ID, func(tx *store.Tx) (err error) {
			wait, err = convening.SeriesThatWait(tx, a.Config.Clock.Now())
			return err
		}); err != nil {
			return err
		}
		for _, i := range wait {
			if _, err := convening.ExtendSeries.Do(asProgramIn(ctx, place), a.Door, convening.SeriesRef{ID: i}); err != nil && operation.KindOf(err) != operation.NotFound {
				return err
			}
		}
		return nil
	})
}
