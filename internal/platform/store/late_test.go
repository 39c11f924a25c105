package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/store"
)

// putOff runs callers at once, each of whom adds a thing and puts off one more of the same
// number; those of bad fail themselves, and work put off for a number of spoilt fails.
func putOff(t *testing.T, s *store.Store, callers int, bad, spoilt func(n int) bool) (runs int64) {
	t.Helper()
	var count atomic.Int64
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			err := s.Write(ctx, here, func(tx *store.Tx) error {
				if err := addThing(tx, n, fmt.Sprint("thing ", n)); err != nil {
					return err
				}
				if err := tx.BeforeCommit("more", []any{n}, func(items []any) error {
					count.Add(1)
					for _, item := range items {
						if spoilt(item.(int)) {
							return errors.New("spoilt")
						}
						if err := addThing(tx, 1000+item.(int), fmt.Sprint("more ", item)); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					return err
				}
				if bad(n) {
					return errors.New("no")
				}
				return nil
			})
			if (err != nil) != (bad(n) || spoilt(n)) {
				t.Errorf("caller %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	return count.Load()
}

func never(int) bool { return false }

// Work put off is done for everybody who succeeded and for nobody else, is part of the same
// commit, and fails only those who named what cannot be done.
func TestWorkPutOffUntilTheCommit(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		bad, spoilt := func(n int) bool { return n%3 == 1 }, func(n int) bool { return n == 30 }
		putOff(t, s, 60, bad, spoilt)
		got := names(t, s, here)
		there := map[string]bool{}
		for _, name := range got {
			there[name] = true
		}
		for n := range 60 {
			want := !bad(n) && !spoilt(n)
			if there[fmt.Sprint("thing ", n)] != want || there[fmt.Sprint("more ", n)] != want {
				t.Errorf("of %d there is %v and %v", n, there[fmt.Sprint("thing ", n)], there[fmt.Sprint("more ", n)])
			}
		}
		if err := s.Read(ctx, here, func(tx *store.Tx) error { return tx.BeforeCommit("x", []any{1}, func([]any) error { return nil }) }); err == nil {
			t.Error("work was put off in a transaction that only reads")
		}
	})
}

// Those who share a commit on SQLite have their work done together.
func TestWorkPutOffIsShared(t *testing.T) {
	s := open(t, store.Config{Path: filepath.Join(t.TempDir(), "test.db"), Migrations: suiteMigrations(), SlowCommit: 5 * time.Millisecond})
	if runs := putOff(t, s, 100, never, never); runs > 50 {
		t.Errorf("100 callers, and the work was done %d times", runs)
	}
	if got := names(t, s, here); len(got) != 200 {
		t.Errorf("%d of 200 are there", len(got))
	}
}
