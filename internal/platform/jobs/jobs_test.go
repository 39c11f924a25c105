package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/postgres"
)

// plainSealer marks what it seals, so that a test sees whether it was used.
type plainSealer struct{}

func (plainSealer) Seal(purpose string, plain []byte) ([]byte, error) {
	sealed := []byte("sealed:")
	for _, b := range plain {
		sealed = append(sealed, b^0x55)
	}
	return sealed, nil
}

func (plainSealer) Open(purpose string, sealed []byte) ([]byte, error) {
	rest, ok := strings.CutPrefix(string(sealed), "sealed:")
	if !ok {
		return nil, errors.New("not sealed")
	}
	out := []byte(rest)
	for i := range out {
		out[i] ^= 0x55
	}
	return out, nil
}

type queue struct {
	store *store.Store
	clock *clock.Fake
}

func queues(t *testing.T, test func(t *testing.T, q *queue)) {
	for name, cfg := range map[string]func(t *testing.T) store.Config{
		"sqlite":   func(t *testing.T) store.Config { return store.Config{Path: filepath.Join(t.TempDir(), "test.db")} },
		"postgres": func(t *testing.T) store.Config { return store.Config{URL: postgres.Start(t).Database(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			c := cfg(t)
			c.Migrations = schema.Files
			s, err := store.Open(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, &queue{s, clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))})
		})
	}
}

func (q *queue) add(t *testing.T, work ...operation.Later) {
	t.Helper()
	if err := q.store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		for _, w := range work {
			if err := jobs.Insert(tx, plainSealer{}, q.clock.Now(), operation.CollaborativeID{}, w); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (q *queue) worker(handle func(j jobs.Job) error) *jobs.Worker {
	return &jobs.Worker{Store: q.store, Clock: q.clock, Sealer: plainSealer{}, Log: slog.New(slog.DiscardHandler),
		Handlers: map[string]jobs.Handler{"tell": func(_ context.Context, j jobs.Job) error { return handle(j) }}}
}

func (q *queue) work(t *testing.T, w *jobs.Worker) int {
	t.Helper()
	n, err := w.Work(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (q *queue) rows(t *testing.T) (states, payloads, failures []string) {
	t.Helper()
	if err := q.store.ReadInstallation(context.Background(), func(tx *store.InstallationTx) error {
		return store.Each(tx, func(row store.Row) error {
			var state, payload, failure string
			err := row.Scan(&state, &payload, store.ScanText(&failure))
			states, payloads, failures = append(states, state), append(payloads, payload), append(failures, failure)
			return err
		}, `SELECT state, payload, error FROM jobs ORDER BY id`)
	}); err != nil {
		t.Fatal(err)
	}
	return states, payloads, failures
}

func TestJobsRunOnceAndAreForgotten(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		q.add(t, operation.Later{Kind: "tell", Payload: "canary"}, operation.Later{Kind: "tell", Payload: "later", At: q.clock.Now().Add(time.Hour)},
			operation.Later{Kind: "tell", Payload: "a", Key: "k"}, operation.Later{Kind: "tell", Payload: "b", Key: "k"})
		if _, payloads, _ := q.rows(t); strings.Contains(strings.Join(payloads, ""), "canary") {
			t.Error("a payload lies open in the queue")
		}
		var told []string
		w := q.worker(func(j jobs.Job) error { told = append(told, string(j.Payload)); return nil })
		for q.work(t, w) > 0 {
		}
		if got := strings.Join(told, " "); got != `"canary" "a"` {
			t.Errorf("ran %s", got)
		}
		q.clock.Advance(2 * time.Hour)
		q.work(t, w)
		states, payloads, _ := q.rows(t)
		if strings.Join(states, " ") != "done done done" || strings.Trim(strings.Join(payloads, ""), `"`) != "" {
			t.Errorf("afterwards %v %v", states, payloads)
		}
	})
}

func TestFailuresAreTriedAgainLaterAndThenGivenUp(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		q.add(t, operation.Later{Kind: "tell"}, operation.Later{Kind: "unknown"})
		tries := 0
		w := q.worker(func(jobs.Job) error { tries++; return errors.New("the server is down\r\nsecret line") })
		q.work(t, w)
		if n := q.work(t, w); n != 0 {
			t.Errorf("%d jobs ran without a pause", n)
		}
		for range 60 {
			q.clock.Advance(4 * time.Hour)
			q.work(t, w)
		}
		states, _, failures := q.rows(t)
		if tries != 20 || strings.Join(states, " ") != "failed failed" {
			t.Errorf("%d tries, states %v", tries, states)
		}
		if strings.ContainsAny(failures[0], "\r\n") || !strings.Contains(failures[0], "the server is down") {
			t.Errorf("reason %q", failures[0])
		}
	})
}

func TestPermanentFailuresAndPanics(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		q.add(t, operation.Later{Kind: "tell", Payload: "refused"}, operation.Later{Kind: "tell", Payload: "panic"})
		w := q.worker(func(j jobs.Job) error {
			if string(j.Payload) == `"panic"` {
				panic("oh")
			}
			return jobs.Permanent(errors.New("no such mailbox"))
		})
		q.work(t, w)
		states, _, failures := q.rows(t)
		if strings.Join(states, " ") != "failed queued" || failures[0] != "no such mailbox" || strings.Contains(failures[1], "oh") {
			t.Errorf("states %v, reasons %q", states, failures)
		}
	})
}

// Of many workers one runs each job; a worker that vanished is replaced once its
// lease is over, and its late answer counts for nothing.
func TestLeases(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		for range 20 {
			q.add(t, operation.Later{Kind: "tell"})
		}
		var ran atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			w := q.worker(func(jobs.Job) error { ran.Add(1); return nil })
			wg.Go(func() {
				for range 5 {
					if _, err := w.Work(context.Background()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if ran.Load() != 20 {
			t.Errorf("20 jobs ran %d times", ran.Load())
		}

		q.add(t, operation.Later{Kind: "tell"})
		var second *jobs.Worker
		taken := 0
		first := q.worker(func(jobs.Job) error {
			q.clock.Advance(3 * time.Minute) // longer than the lease
			q.work(t, second)
			return errors.New("too late")
		})
		second = q.worker(func(jobs.Job) error { taken++; return nil })
		q.work(t, first)
		states, _, _ := q.rows(t)
		if taken != 1 || states[len(states)-1] != "done" {
			t.Errorf("the second worker ran %d, the job is %s", taken, states[len(states)-1])
		}
	})
}
