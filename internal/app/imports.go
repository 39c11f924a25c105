package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// goOnWithImport runs the long parts of an import on behalf of whoever asked for
// them.
func (a *App) goOnWithImport(ctx context.Context, j jobs.Job) error {
	var job imports.Job
	if err := json.Unmarshal(j.Payload, &job); err != nil {
		return jobs.Permanent(err)
	}
	var account operation.AccountID
	err := a.Store.Read(ctx, j.Collaborative, func(tx *store.Tx) (err error) {
		account, err = imports.OnBehalfOf(tx, job.Import)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // forgotten meanwhile
	}
	if err != nil {
		return err
	}
	acting, err := a.Access.Acting(ctx, account, j.Collaborative)
	if err != nil {
		return err
	}
	return imports.Work(acting, a.Door, job.Import)
}

// forgetImports deletes files and rows that were kept long enough.
func (a *App) forgetImports(ctx context.Context, now time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		return a.Store.Write(ctx, place.ID, func(tx *store.Tx) error { return imports.Sweep(tx, now) })
	})
}
