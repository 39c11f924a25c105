package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/store"
	"commontable/internal/testing/postgres"
)

// When the disk is full each writer hears it, nothing that was acknowledged is
// lost, reading goes on, and small writes succeed again once there is room.
func TestFullDisk(t *testing.T) {
	cfg := store.Config{Path: filepath.Join(t.TempDir(), "test.db"), Migrations: suiteMigrations(), MaxBytes: 400 << 10}
	s := open(t, cfg)
	var acknowledged, refused atomic.Int64
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := range 40 {
				err := s.Write(ctx, here, func(tx *store.Tx) error {
					return addThing(tx, w*1000+n, strings.Repeat("x", 4000)+fmt.Sprint(w, " ", n))
				})
				switch {
				case err == nil:
					acknowledged.Add(1)
				case errors.Is(err, store.ErrFull):
					refused.Add(1)
				default:
					t.Errorf("unexpected: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if acknowledged.Load() == 0 || refused.Load() == 0 {
		t.Fatalf("%d acknowledged, %d refused: the test did not reach the bound", acknowledged.Load(), refused.Load())
	}
	if got := int64(len(names(t, s, here))); got != acknowledged.Load() {
		t.Errorf("%d rows, %d acknowledged", got, acknowledged.Load())
	}
	mustWrite(t, s, here, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM things WHERE collaborative_id = $1`)
		return err
	})
	mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 1, "room again") })
}

// Another program that holds the file makes a write wait and then say so; it
// does not spoil the next one.
func TestLockedDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, store.Config{Path: path, Migrations: suiteMigrations(), BusyTimeout: 200 * time.Millisecond})
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	hold, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(ctx, here, func(tx *store.Tx) error { return addThing(tx, 1, "one") }); !errors.Is(err, store.ErrBusy) {
		t.Errorf("error = %v, want ErrBusy", err)
	}
	if got := names(t, s, here); got != nil {
		t.Errorf("read %v while locked", got)
	}
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 1, "one") })
}

// PostgreSQL going away gives a clear kind of failure, and coming back heals
// everything without a restart of ours.
func TestPostgresGoesAndComes(t *testing.T) {
	server := postgres.StartOwn(t, postgres.Durable())
	s := open(t, store.Config{URL: server.Database(t), Migrations: suiteMigrations()})
	mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 1, "before") })
	server.Immediate(t)
	if err := s.Write(ctx, here, func(tx *store.Tx) error { return addThing(tx, 2, "during") }); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error while away = %v, want ErrUnavailable", err)
	}
	server.Resume(t)
	mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 3, "after") })
	if got := names(t, s, here); fmt.Sprint(got) != "[after before]" {
		t.Errorf("there is %v", got)
	}
}
