package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Handler does one kind of work. The payload is the JSON that was enqueued.
type Handler func(ctx context.Context, j Job) error

// Worker leases jobs and runs their handlers.
type Worker struct {
	Store    *store.Store
	Clock    clock.Clock
	Sealer   operation.Sealer
	Log      *slog.Logger
	Handlers map[string]Handler
	// Long are kinds of work that may take minutes. They run beside the others,
	// so that a letter does not wait for them, and keep their lease while they do.
	Long []string
	// Together are kinds of short work of which several are done at once, with how many
	// that may be just now.
	Together map[string]func() int
	// Round, when set, is given the context of each round of short work, for what its
	// jobs share.
	Round func(ctx context.Context) context.Context
	// Chores are done by one process at a time, each about once an interval.
	Chores []Chore

	wake [2]chan struct{} // of the short work and the long
	once sync.Once
}

// Chore is recurring housekeeping.
type Chore struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context, now time.Time) error
}

const (
	// lease is how long a worker has for one job before another may take over.
	lease = 2 * time.Minute
	// idle is how often the queue is looked at when nothing wakes the worker.
	idle = 2 * time.Second
	// mostAttempts, with the pauses of backoff, gives a mail server that is
	// down almost three days to come back.
	mostAttempts = 20
	maxError     = 500
)

// backoff is the pause after the n-th failed attempt: 15 s, doubling, at most
// four hours.
func backoff(attempts int64) time.Duration {
	pause := 15 * time.Second
	for range min(attempts-1, 20) {
		pause = min(2*pause, 4*time.Hour)
	}
	return pause
}

func (w *Worker) init() {
	w.once.Do(func() {
		for i := range w.wake {
			w.wake[i] = make(chan struct{}, 1)
		}
	})
}

// Wake makes the worker look at the queue now.
func (w *Worker) Wake() {
	w.init()
	for _, wake := range w.wake {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// Run works until ctx ends, then finishes the job at hand.
func (w *Worker) Run(ctx context.Context) {
	w.init()
	var long sync.WaitGroup
	defer long.Wait()
	if len(w.Long) > 0 {
		long.Go(func() { w.lane(ctx, true, func() {}) })
	}
	last := map[string]time.Time{}
	w.lane(ctx, false, func() { w.chores(ctx, last) })
}

// lane does the short work or the long until ctx ends.
func (w *Worker) lane(ctx context.Context, long bool, between func()) {
	wake := w.wake[0]
	if long {
		wake = w.wake[1]
	}
	for ctx.Err() == nil {
		n, err := w.work(ctx, long)
		if err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "the job queue cannot be read", "error", err)
		}
		between()
		if n > 0 {
			continue
		}
		select {
		case <-wake:
		case <-time.After(idle):
		case <-ctx.Done():
		}
	}
}

func (w *Worker) chores(ctx context.Context, last map[string]time.Time) {
	now := w.Clock.Now()
	for _, chore := range w.Chores {
		if now.Sub(last[chore.Name]) < chore.Every {
			continue
		}
		last[chore.Name] = now
		if err := chore.Do(ctx, now); err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "housekeeping failed", "chore", chore.Name, "error", err)
		}
	}
}

// Work runs the jobs that are due now and returns how many it ran.
func (w *Worker) Work(ctx context.Context) (int, error) {
	short, err := w.work(ctx, false)
	if err != nil {
		return short, err
	}
	long, err := w.work(ctx, true)
	return short + long, err
}

func (w *Worker) work(ctx context.Context, long bool) (int, error) {
	due, err := w.due(ctx, long)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	if w.Round != nil && !long {
		ctx = w.Round(ctx)
	}
	ran := 0
	many := map[string][]Job{}
	for _, j := range due {
		if w.Together[j.Kind] != nil {
			many[j.Kind] = append(many[j.Kind], j)
			continue
		}
		if err := ctx.Err(); err != nil {
			return ran, err
		}
		mine, err := w.take(ctx, &j)
		if err != nil {
			return ran, err
		}
		if !mine.IsZero() {
			ran++
			stop := w.hold(ctx, j, mine)
			failure := w.attempt(ctx, j)
			stop()
			if err := w.finish(context.WithoutCancel(ctx), j, mine, failure); err != nil {
				return ran, err
			}
		}
	}
	for kind, these := range many {
		n, err := w.workTogether(ctx, these, max(1, w.Together[kind]()))
		if ran += n; err != nil {
			return ran, err
		}
	}
	return ran, nil
}

// due lists jobs whose time has come and those whose worker vanished: 500 short ones, or 50
// of each kind that is long. The limits stand in the statements, which SQLite would plan
// anew at every run were they given.
func (w *Worker) due(ctx context.Context, long bool) (out []Job, err error) {
	now := store.Micros(w.Clock.Now())
	err = w.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		if long {
			out, err = w.dueLong(tx, now)
		} else {
			out, err = w.dueShort(tx, now)
		}
		return err
	})
	return out, err
}

func (w *Worker) dueShort(tx *store.InstallationTx, now any) ([]Job, error) {
	kinds := w.Long
	if len(kinds) == 0 {
		kinds = []string{""} // which is no kind
	}
	queued, err := store.Collect(tx, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE state = 'queued' AND run_at <= $1 AND kind NOT IN ($2) ORDER BY run_at, id LIMIT 500`, now, store.In(kinds))
	if err != nil {
		return nil, err
	}
	lost, err := store.Collect(tx, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE state = 'running' AND leased_until < $1 AND kind NOT IN ($2) ORDER BY run_at, id LIMIT 500`, now, store.In(kinds))
	return append(queued, lost...), err
}

// dueLong looks at each kind by itself, so that it does not read all the letters that
// wait to find the few jobs that are long.
func (w *Worker) dueLong(tx *store.InstallationTx, now any) (out []Job, err error) {
	for _, kind := range w.Long {
		queued, err := store.Collect(tx, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE kind = $2 AND state = 'queued' AND run_at <= $1 ORDER BY run_at, id LIMIT 50`, now, kind)
		if err != nil {
			return nil, err
		}
		lost, err := store.Collect(tx, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE kind = $2 AND state = 'running' AND leased_until < $1 ORDER BY run_at, id LIMIT 50`, now, kind)
		if err != nil {
			return nil, err
		}
		out = append(append(out, queued...), lost...)
	}
	slices.SortFunc(out, func(a, b Job) int { return a.RunAt.Compare(b.RunAt) })
	return out, nil
}

const takeJob = `UPDATE jobs SET state = 'running', lease_id = $2, leased_until = $3, attempts = attempts + 1
	WHERE id = $1 AND attempts = $4 AND (state = 'queued' OR state = 'running' AND leased_until < $5)`

// take leases a job; the lease is zero when another worker was quicker.
func (w *Worker) take(ctx context.Context, j *Job) (ID, error) {
	now, mine := w.Clock.Now(), id.New[Job]()
	var n int64
	err := w.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) (err error) {
		n, err = tx.Exec(takeJob, j.ID, mine, store.Micros(now.Add(lease)), j.Attempts, store.Micros(now))
		return err
	})
	if err != nil || n == 0 {
		return ID{}, err
	}
	j.Attempts++
	return mine, nil
}

// attempt runs the handler; a panic is a failure like any other.
func (w *Worker) attempt(ctx context.Context, j Job) (err error) {
	defer func() {
		if v := recover(); v != nil {
			w.Log.ErrorContext(ctx, "a job panicked", "kind", j.Kind, "job", j.ID.String(), "panic", v, "stack", string(debug.Stack()))
			err = fmt.Errorf("an internal error, see the log for job %s", j.ID)
		}
	}()
	handler := w.Handlers[j.Kind]
	if handler == nil {
		return Permanent(fmt.Errorf("this program does not know jobs of kind %q", j.Kind))
	}
	plain, err := w.Sealer.Open(sealPurpose, j.Payload)
	if err != nil {
		return Permanent(fmt.Errorf("the job cannot be opened with this installation's key: %w", err))
	}
	j.Payload = plain
	within := lease * 3 / 4
	if slices.Contains(w.Long, j.Kind) {
		within = longest
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	if slices.Contains(w.Long, j.Kind) {
		// Long work does not hold up the end of the program; another goes on.
		defer context.AfterFunc(ctx, cancel)()
	}
	return handler(bounded, j)
}

// longest is how long long work may take in one go.
const longest = 2 * time.Hour

// hold renews the lease of long work until stop is called.
func (w *Worker) hold(ctx context.Context, j Job, mine ID) (stop func()) {
	if !slices.Contains(w.Long, j.Kind) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(lease / 4):
			}
			if err := w.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
				_, err := tx.Exec(`UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease_id = $2`, j.ID, mine, store.Micros(w.Clock.Now().Add(lease)))
				return err
			}); err != nil && ctx.Err() == nil {
				w.Log.WarnContext(ctx, "a lease could not be renewed", "job", j.ID.String(), "error", err)
			}
		}
	})
	return func() { cancel(); renewing.Wait() }
}

// finish records the outcome, if the lease is still this worker's.
func (w *Worker) finish(ctx context.Context, j Job, mine ID, failure error) error {
	now := w.Clock.Now()
	var later putOff
	if failure != nil && !errors.As(failure, &later) {
		w.Log.WarnContext(ctx, "job failed", "kind", j.Kind, "job", j.ID.String(), "attempt", j.Attempts, "error", failure)
	}
	return w.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		var err error
		switch {
		case failure == nil:
			// What was done is not kept: payloads may hold personal data.
			_, err = tx.Exec(`UPDATE jobs SET state = 'done', payload = '""', lease_id = NULL, leased_until = NULL, error = NULL, finished_at = $3 WHERE id = $1 AND lease_id = $2`,
				j.ID, mine, store.Micros(now))
		case !later.until.IsZero():
			_, err = tx.Exec(`UPDATE jobs SET state = 'queued', attempts = attempts - 1, lease_id = NULL, leased_until = NULL, error = NULL, run_at = $3 WHERE id = $1 AND lease_id = $2`,
				j.ID, mine, store.Micros(later.until))
		case isPermanent(failure) || j.Attempts >= mostAttempts:
			_, err = tx.Exec(`UPDATE jobs SET state = 'failed', lease_id = NULL, leased_until = NULL, error = $3, finished_at = $4 WHERE id = $1 AND lease_id = $2`,
				j.ID, mine, bounded(failure), store.Micros(now))
		default:
			_, err = tx.Exec(`UPDATE jobs SET state = 'queued', lease_id = NULL, leased_until = NULL, error = $3, run_at = $4 WHERE id = $1 AND lease_id = $2`,
				j.ID, mine, bounded(failure), store.Micros(now.Add(backoff(j.Attempts))))
		}
		return err
	})
}

func bounded(err error) string {
	text := err.Error()
	if len(text) > maxError {
		text = text[:maxError]
	}
	return cleanError(text)
}
