package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
)

// Of work of which several are done at once as many are as may be, each once; one that
// fails or is put off is noted as such, and what a round shares reaches all of them.
func TestSeveralAtOnce(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		for range 60 {
			q.add(t, operation.Later{Kind: "tell", Payload: "letter"})
		}
		q.add(t, operation.Later{Kind: "tell", Payload: "refused"}, operation.Later{Kind: "tell", Payload: "later"})
		type round struct{}
		var at, most, done atomic.Int64
		w := q.worker(nil)
		w.Together = map[string]func() int{"tell": func() int { return 4 }}
		w.Round = func(ctx context.Context) context.Context { return context.WithValue(ctx, round{}, true) }
		w.Handlers["tell"] = func(ctx context.Context, j jobs.Job) error {
			if ctx.Value(round{}) == nil {
				t.Error("the round does not reach its work")
			}
			most.Store(max(most.Load(), at.Add(1)))
			defer at.Add(-1)
			time.Sleep(time.Millisecond)
			switch string(j.Payload) {
			case `"refused"`:
				return jobs.Permanent(errors.New("refused"))
			case `"later"`:
				return jobs.NotBefore(q.clock.Now().Add(time.Hour))
			}
			done.Add(1)
			return nil
		}
		for q.work(t, w) > 0 {
		}
		states, _, _ := q.rows(t)
		if all := strings.Join(states, " "); done.Load() != 60 || most.Load() < 2 || most.Load() > 4 || strings.Count(all, "done") != 60 || strings.Count(all, "failed") != 1 || strings.Count(all, "queued") != 1 {
			t.Errorf("%d done, %d at once, %v", done.Load(), most.Load(), states)
		}
	})
}

// When the program ends in the middle of many, those that were begun are finished, and
// the others wait in the queue for the next start, at once and without an attempt used up.
func TestTheRestIsGivenBack(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		for range 20 {
			q.add(t, operation.Later{Kind: "tell"})
		}
		ctx, stop := context.WithCancel(t.Context())
		var ran atomic.Int64
		var once sync.Once
		w := q.worker(func(jobs.Job) error { ran.Add(1); once.Do(stop); return nil })
		w.Together = map[string]func() int{"tell": func() int { return 2 }}
		if n, err := w.Work(ctx); !errors.Is(err, context.Canceled) || int64(n) != ran.Load() || n > 3 {
			t.Errorf("%d done, %d ran: %v", n, ran.Load(), err)
		}
		next := q.worker(func(j jobs.Job) error {
			if ran.Add(1); j.Attempts != 1 {
				t.Errorf("attempt %d", j.Attempts)
			}
			return nil
		})
		for q.work(t, next) > 0 {
		}
		if states, _, _ := q.rows(t); ran.Load() != 20 || strings.Count(strings.Join(states, " "), "done") != 20 {
			t.Errorf("%d ran, %v", ran.Load(), states)
		}
	})
}
