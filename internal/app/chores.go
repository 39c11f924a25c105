package app

import (
	"context"
	"time"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	// keptAnswers is how long a repeated request gets the answer it got first.
	keptAnswers = 7 * 24 * time.Hour
	// keptJobs is how long work that was done stays on the page of the queue.
	keptJobs = 14 * 24 * time.Hour
	// keptFailures is how long work that failed can still be tried again; its
	// sealed content goes with it.
	keptFailures = 90 * 24 * time.Hour
	// sweepMost bounds what one transaction deletes, so that nobody else waits
	// for it.
	sweepMost = 1000
)

// chores is the housekeeping of the program. Each may run in several processes
// at once: all of them only delete what nobody needs any more.
func (a *App) chores() []jobs.Chore {
	return []jobs.Chore{
		{Name: "last use of sessions and tokens", Every: 20 * time.Second, Do: func(ctx context.Context, _ time.Time) error { return a.Access.FlushSeen(ctx) }},
		{Name: "expired sessions, links and limits", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error { return a.Access.Sweep(ctx) }},
		{Name: "kept messages whose links ended", Every: 5 * time.Minute, Do: func(ctx context.Context, now time.Time) error { return installation.SweepKept(ctx, a.Store, now) }},
		{Name: "finished work", Every: time.Hour, Do: a.sweepJobs},
		{Name: "records that may be the same", Every: time.Hour, Do: a.compareRecords},
		{Name: "kinds of organizations", Every: time.Hour, Do: a.indexKinds},
		{Name: "people who were erased", Every: 10 * time.Minute, Do: a.keepErasures},
		{Name: "files of imports that rest", Every: 24 * time.Hour, Do: a.forgetImports},
		{Name: "files that nothing names any more", Every: 6 * time.Hour, Do: a.sweepFiles},
		{Name: "meetings that come again", Every: 6 * time.Hour, Do: a.extendSeries},
		{Name: "calendars elsewhere", Every: 10 * time.Minute, Do: a.readDueCalendars},
		{Name: "action items not counted yet", Every: time.Hour, Do: a.countActions},
		{Name: "letters whose hour has come", Every: 2 * time.Minute, Do: a.startLetters},
		{Name: "surveys that are open", Every: 10 * time.Minute, Do: a.keepSurveys},
		{Name: "letters of long ago", Every: 24 * time.Hour, Do: a.sweepPost},
		{Name: "takeouts", Every: 15 * time.Minute, Do: a.sweepTakeouts},
		{Name: "answers to repeated requests", Every: 24 * time.Hour, Do: a.sweepAnswers},
	}
}

func (a *App) sweepJobs(ctx context.Context, now time.Time) error {
	if err := a.sweepState(ctx, "done", now.Add(-keptJobs)); err != nil {
		return err
	}
	return a.sweepState(ctx, "failed", now.Add(-keptFailures))
}

func (a *App) sweepState(ctx context.Context, state string, before time.Time) error {
	until := store.Micros(before)
	for deleted := int64(sweepMost); deleted == sweepMost && ctx.Err() == nil; {
		err := a.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) (err error) {
			// A job is never finished before it was due, which the index knows.
			deleted, err = tx.Exec(`DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = $2 AND run_at < $1 AND finished_at < $1 ORDER BY run_at, id LIMIT 1000)`, until, state)
			return err
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// sweepAnswers writes only where there is something to delete.
func (a *App) sweepAnswers(ctx context.Context, now time.Time) error {
	until := store.Micros(now.Add(-keptAnswers))
	return a.eachPlace(ctx, func(place operation.Collaborative) error { return a.sweepAnswersOf(ctx, place.ID, until) })
}

func (a *App) sweepAnswersOf(ctx context.Context, c operation.CollaborativeID, until any) error {
	var old int64
	err := a.Store.Read(ctx, c, func(tx *store.Tx) (err error) {
		old, err = store.Value[int64](tx, `SELECT COUNT(*) FROM idempotency_keys WHERE collaborative_id = $1 AND at < $2`, until)
		return err
	})
	if err != nil || old == 0 {
		return err
	}
	return a.Store.Write(ctx, c, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM idempotency_keys WHERE collaborative_id = $1 AND at < $2`, until)
		return err
	})
}
