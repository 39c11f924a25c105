package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// liteWriter runs all writes on one connection. Callers that arrive while a
// commit is being made durable are run together in the next transaction, each
// in a savepoint of its own, and share its one fsync. A caller is answered only
// after the commit that holds its work, so nothing acknowledged can be lost.
type liteWriter struct {
	conn  *liteConn
	slow  time.Duration // see Config.SlowCommit
	queue chan *writeRequest
	quit  chan struct{}
	done  chan struct{}
	again <-chan time.Time // when clearing the log is tried again; nil for never
}

type writeRequest struct {
	ctx    context.Context
	fn     func(executor) error
	err    error
	answer chan error
}

const (
	// batchMost and batchLongest bound how much one commit gathers: the first
	// caller of a batch waits for the last.
	batchMost    = 128
	batchLongest = 5 * time.Millisecond
)

// errClosed answers writes that arrive after Close.
var errClosed = fmt.Errorf("%w: the program is shutting down", ErrUnavailable)

func startWriter(conn *liteConn, slow time.Duration) *liteWriter {
	w := &liteWriter{conn: conn, slow: slow, queue: make(chan *writeRequest, batchMost), quit: make(chan struct{}), done: make(chan struct{})}
	go w.loop()
	return w
}

func (w *liteWriter) do(ctx context.Context, fn func(executor) error) error {
	r := &writeRequest{ctx: ctx, fn: fn, answer: make(chan error, 1)}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	select {
	case err := <-r.answer:
		return rethrow(err)
	case <-w.done:
		// The loop has ended; it may have answered on its way out.
		select {
		case err := <-r.answer:
			return rethrow(err)
		default:
			return errClosed
		}
	}
}

func (w *liteWriter) stop() {
	close(w.quit)
	<-w.done
	w.conn.close()
}

func (w *liteWriter) loop() {
	defer close(w.done)
	w.clearLog() // of what a process left that ended without warning
	for {
		select {
		case r := <-w.queue:
			w.batch(r)
		case <-w.again:
			w.clearLog()
		case <-w.quit:
			for {
				select {
				case r := <-w.queue:
					w.batch(r)
				default:
					return
				}
			}
		}
	}
}

// batch runs first and whoever else is waiting in one transaction. The first one
// needs no savepoint: before it there is nothing that its failure could take
// along. That matters where it is large. Within a savepoint SQLite remembers every
// page it changes, and each statement that inserts several rows walks through all
// of them when it ends, so that a long transaction would take quadratic time.
func (w *liteWriter) batch(first *writeRequest) {
	ctx := context.Background()
	if err := first.ctx.Err(); err != nil {
		first.answer <- err // given up while waiting
		return
	}
	if _, err := w.conn.exec(ctx, "BEGIN IMMEDIATE", nil); err != nil {
		first.answer <- classify(err)
		return
	}
	started := time.Now()
	var putOff late
	if err := guarded(first.fn, steady{w.conn, &putOff}); err != nil {
		first.answer <- w.undo(err)
		return
	}
	requests, whole := []*writeRequest{first}, true
gather:
	for whole && len(requests) < batchMost && time.Since(started) < batchLongest {
		select {
		case r := <-w.queue:
			requests = append(requests, r)
			whole = w.runInSavepoint(r, &putOff)
		default:
			break gather
		}
	}
	var err error
	if whole {
		err = guarded(func(executor) error { return putOff.run() }, nil)
	}
	if err != nil && len(requests) == 1 {
		first.answer <- w.undo(err)
		return
	}
	if whole && err == nil {
		_, err = w.conn.exec(ctx, "COMMIT", nil)
		time.Sleep(w.slow)
	}
	if !whole || err != nil {
		// A full disk or a failing one takes the whole transaction down, and so does
		// work put off that fails, for it is everybody's.
		// Nobody has been answered yet, so each may be tried alone; those who
		// cannot succeed then get their own error.
		_, _ = w.conn.exec(ctx, "ROLLBACK", nil) // it may already be gone
		for _, r := range requests {
			r.err = w.alone(r)
			w.clearAfter([]*writeRequest{r})
			r.answer <- r.err
		}
		return
	}
	w.clearAfter(requests)
	for _, r := range requests {
		r.answer <- r.err
	}
}

// runInSavepoint runs one request within the open transaction. It reports
// whether the transaction is still whole. What the request puts off counts once it has
// succeeded.
func (w *liteWriter) runInSavepoint(r *writeRequest, putOff *late) bool {
	if r.err = r.ctx.Err(); r.err != nil {
		return true // given up while waiting
	}
	ctx := context.Background()
	if _, err := w.conn.exec(ctx, "SAVEPOINT request", nil); err != nil {
		return false
	}
	var own late
	r.err = guarded(r.fn, steady{w.conn, &own})
	if r.err != nil {
		if _, err := w.conn.exec(ctx, "ROLLBACK TO request", nil); err != nil {
			return false
		}
	} else {
		putOff.join(&own)
	}
	_, err := w.conn.exec(ctx, "RELEASE request", nil)
	return err == nil
}

// alone runs one request in a transaction of its own.
func (w *liteWriter) alone(r *writeRequest) error {
	ctx := context.Background()
	if _, err := w.conn.exec(ctx, "BEGIN IMMEDIATE", nil); err != nil {
		return classify(err)
	}
	var own late
	err := guarded(func(e executor) error {
		if err := r.fn(e); err != nil {
			return err
		}
		return own.run()
	}, steady{w.conn, &own})
	if err == nil {
		_, err = w.conn.exec(ctx, "COMMIT", nil)
	}
	if err != nil {
		return w.undo(err)
	}
	return nil
}

// undo ends the open transaction without keeping anything of it, for the given
// reason.
func (w *liteWriter) undo(err error) error {
	if _, undone := w.conn.exec(context.Background(), "ROLLBACK", nil); undone != nil && !isGone(undone) {
		err = errors.Join(err, undone)
	}
	return classify(err)
}

// steady runs statements on a connection without the caller's deadline: SQLite
// answers an interrupted write by rolling back the whole transaction, which
// here holds other callers' work too.
type steady struct {
	conn *liteConn
	late *late
}

func (s steady) putOff() *late { return s.late }

func (s steady) query(_ context.Context, text string, args []any) (*sql.Rows, error) {
	return s.conn.query(context.Background(), text, args)
}

func (s steady) exec(_ context.Context, text string, args []any) (sql.Result, error) {
	return s.conn.exec(context.Background(), text, args)
}

// panicked carries a panic from the writer's goroutine to the caller's.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

func guarded(fn func(executor) error, e executor) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	return fn(e)
}

func rethrow(err error) error {
	var p *panicked
	if errors.As(err, &p) {
		panic(p)
	}
	return err
}
