package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/outbound"
	"commontable/internal/platform/store"
)

// readFollowed reads a calendar elsewhere, by the right of whoever follows it.
func (a *App) readFollowed(ctx context.Context, j jobs.Job) error {
	var job imports.FollowJob
	if err := json.Unmarshal(j.Payload, &job); err != nil {
		return jobs.Permanent(err)
	}
	var account operation.AccountID
	err := a.Store.Read(ctx, j.Collaborative, func(tx *store.Tx) (err error) {
		account, err = imports.FollowedBehalf(tx, job.Followed)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // followed no more
	}
	if err != nil {
		return err
	}
	acting, err := a.Access.Acting(ctx, account, j.Collaborative)
	if err != nil {
		return err
	}
	return imports.Follow(acting, a.Door, outbound.New(calendar.MaxFile, a.Config.Reach), job.Followed)
}

// readDueCalendars begins to read the calendars whose hour has come. One that is read by
// two processes at once is read twice and brought once.
func (a *App) readDueCalendars(ctx context.Context, now time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		var wait []imports.FollowedID
		if err := a.Store.Read(ctx, place.ID, func(tx *store.Tx) (err error) {
			wait, err = imports.FollowedDue(tx, now)
			return err
		}); err != nil || len(wait) == 0 {
			return err
		}
		return a.Store.Write(ctx, place.ID, func(tx *store.Tx) error {
			for _, i := range wait {
				if err := imports.Postpone(tx, i, now); err != nil {
					return err
				}
				if err := jobs.Insert(tx.Installation(), a.Access.Sealer(), now, place.ID, operation.Later{Kind: imports.FollowKind, Payload: imports.FollowJob{Followed: i}}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
