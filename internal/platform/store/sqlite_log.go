package store

import (
	"context"
	"fmt"
	"time"
)

type noOrder struct{}

// LeavingNoOrder is a context whose writes leave nothing behind that tells in which order
// they came: SQLite's log of writes holds each page as every commit left it, one after the
// other, and is emptied before such a write is answered. On PostgreSQL the log is the
// server's own and out of the program's reach.
func LeavingNoOrder(ctx context.Context) context.Context {
	return context.WithValue(ctx, noOrder{}, true)
}

// clearAgain is after what time clearing the log is tried again when readers of older pages
// kept it from being cleared.
const clearAgain = time.Second

// clearAfter empties the log once for all requests of a commit that ask for it.
func (w *liteWriter) clearAfter(requests []*writeRequest) {
	for _, r := range requests {
		if r.err == nil && r.ctx.Value(noOrder{}) != nil {
			w.clearLog()
			return
		}
	}
}

// clearLog moves what the log holds into the database file and empties it. Where somebody
// reads older pages for long, such as a backup, it is tried again later: a writer must not
// wait for them.
func (w *liteWriter) clearLog() {
	ctx, conn := context.Background(), w.conn.conn
	w.again = nil
	var wait, busy, pages, moved int64
	err := conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&wait)
	if err == nil {
		err = conn.QueryRowContext(ctx, "PRAGMA busy_timeout = 50").Scan(&busy)
	}
	if err == nil {
		err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	}
	if err != nil || busy != 0 {
		w.again = time.After(clearAgain)
	}
	if wait > 0 {
		_, _ = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", wait)) // a number that this connection had
	}
}
