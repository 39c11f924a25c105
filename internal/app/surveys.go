package app

import (
	"context"
	"time"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// keepSurveys closes the waves whose time is over, and writes the reminders of those that
// are open, in every collaborative.
func (a *App) keepSurveys(ctx context.Context, _ time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		open, err := surveys.OpenWaves(ctx, a.Store, place.ID)
		if err != nil {
			return err
		}
		for _, w := range open {
			for more := true; more && ctx.Err() == nil; {
				out, err := a.Surveys.Keep.Do(asProgramIn(ctx, place), a.Door, surveys.Ref{ID: w})
				if err != nil {
					return err
				}
				more = out.More
			}
		}
		return nil
	})
}
