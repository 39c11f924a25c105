package store_test

import (
	"context"
	"os"
	"testing"
	"time"

	"commontable/internal/platform/store"
)

// After a write that is to leave no order SQLite's log of writes is empty when the write
// is answered. Somebody who reads older pages keeps it from being emptied, holds up no
// writer, and it is emptied when they are done.
func TestTheLogOfWritesIsEmptied(t *testing.T) {
	cfg := target(t, "sqlite")
	s := open(t, cfg)
	furnish(t, s)
	n := 2000
	write := func(ctx context.Context) {
		t.Helper()
		n++
		if err := s.Write(ctx, here, func(tx *store.Tx) error {
			_, err := tx.Exec(insertFact, n, key(9), nil, true, store.JSON(nil), 0.0)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int64 {
		t.Helper()
		at, err := os.Stat(cfg.Path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return at.Size()
	}
	if write(ctx); size() == 0 {
		t.Fatal("an ordinary write leaves nothing in the log: the test is blind")
	}
	if write(store.LeavingNoOrder(ctx)); size() != 0 {
		t.Errorf("%d bytes are left in the log", size())
	}
	count := func(tx *store.Tx) int64 {
		many, err := store.Value[int64](tx, `SELECT COUNT(*) FROM facts WHERE collaborative_id = $1`)
		if err != nil {
			t.Error(err)
		}
		return many
	}
	mustRead(t, s, here, func(tx *store.Tx) error {
		before := count(tx)
		write(store.LeavingNoOrder(ctx))
		if after := count(tx); after != before {
			t.Errorf("who reads saw %d, then %d", before, after)
		}
		if size() == 0 {
			t.Error("the log was emptied while it was read")
		}
		return nil
	})
	for begun := time.Now(); size() != 0; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("the log is not emptied after it was read")
		}
	}
	write(ctx) // the connection waits for locks as before
}
