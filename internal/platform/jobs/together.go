package jobs

import (
	"context"
	"sync"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/store"
)

// leased is a job that is this worker's until its lease ends.
type leased struct {
	job  Job
	mine ID
}

// starts is how long after its lease a job of many is still begun: early enough that it
// ends before another worker may take over.
const starts = lease / 8

// workTogether does many jobs of one kind, width of them at a time, and returns how many
// it did. They are leased with one commit. Each is noted as done before its lane begins
// the next, so that of a program that is killed no more than width jobs were done and not
// noted; the commits of the lanes join by themselves.
func (w *Worker) workTogether(ctx context.Context, due []Job, width int) (int, error) {
	these, err := w.takeAll(ctx, due)
	if err != nil || len(these) == 0 {
		return 0, err
	}
	begun := time.Now()
	var mu sync.Mutex
	var failed error
	next := 0
	take := func() (leased, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(these) || failed != nil || ctx.Err() != nil || time.Since(begun) > starts {
			return leased{}, false
		}
		next++
		return these[next-1], true
	}
	var lanes sync.WaitGroup
	for range min(width, len(these)) {
		lanes.Go(func() {
			for l, more := take(); more; l, more = take() {
				if err := w.finish(context.WithoutCancel(ctx), l.job, l.mine, w.attempt(ctx, l.job)); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		})
	}
	lanes.Wait()
	if err := w.giveBack(context.WithoutCancel(ctx), these[next:]); err != nil && failed == nil {
		failed = err
	}
	if failed == nil {
		failed = ctx.Err()
	}
	return next, failed
}

// takeAll leases jobs with one commit; those that another worker took are left out.
func (w *Worker) takeAll(ctx context.Context, due []Job) ([]leased, error) {
	var out []leased
	err := w.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		out = out[:0]
		now := w.Clock.Now()
		for _, j := range due {
			mine := id.New[Job]()
			n, err := tx.Exec(takeJob, j.ID, mine, store.Micros(now.Add(lease)), j.Attempts, store.Micros(now))
			if err != nil {
				return err
			}
			if n > 0 {
				j.Attempts++
				out = append(out, leased{j, mine})
			}
		}
		return nil
	})
	return out, err
}

// giveBack puts jobs back into the queue that were not begun; it counts as no attempt.
func (w *Worker) giveBack(ctx context.Context, these []leased) error {
	if len(these) == 0 {
		return nil
	}
	return w.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		for _, l := range these {
			if _, err := tx.Exec(`UPDATE jobs SET state = 'queued', attempts = attempts - 1, lease_id = NULL, leased_until = NULL WHERE id = $1 AND lease_id = $2`, l.job.ID, l.mine); err != nil {
				return err
			}
		}
		return nil
	})
}
