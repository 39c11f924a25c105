package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/postgres"
)

// targets are fresh databases of every engine, for tests that open them in
// unusual ways.
func targets(t *testing.T, test func(t *testing.T, cfg store.Config)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, store.Config{Path: filepath.Join(t.TempDir(), "test.db")})
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, store.Config{URL: postgres.Start(t).Database(t)})
	})
}

func TestTwoProcessesMigrateAtOnce(t *testing.T) {
	targets(t, func(t *testing.T, cfg store.Config) {
		cfg.Migrations = schema.Files
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				s, err := store.Open(ctx, cfg)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestMigrationsGoForwardOnly(t *testing.T) {
	targets(t, func(t *testing.T, cfg store.Config) {
		second := suiteMigrations()
		second["0002_more.sql"] = &fstest.MapFile{Data: []byte(`CREATE TABLE more (id BYTEA NOT NULL PRIMARY KEY);`)}
		edited := suiteMigrations()
		edited["0001_suite.sql"] = &fstest.MapFile{Data: []byte(suiteSchema + "-- a late thought")}

		cfg.Migrations = suiteMigrations()
		reopen(t, cfg, nil)
		cfg.Migrations = edited
		reopen(t, cfg, store.ErrChanged)
		cfg.Migrations = second
		reopen(t, cfg, nil)
		cfg.Migrations = suiteMigrations()
		reopen(t, cfg, store.ErrNewer)
	})
}

func TestAFailingMigrationLeavesNothing(t *testing.T) {
	targets(t, func(t *testing.T, cfg store.Config) {
		broken := suiteMigrations()
		broken["0002_broken.sql"] = &fstest.MapFile{Data: []byte(`CREATE TABLE more (id BYTEA NOT NULL PRIMARY KEY); CREATE INDEX x ON nothing (id);`)}
		cfg.Migrations = broken
		if _, err := store.Open(ctx, cfg); err == nil {
			t.Fatal("no error")
		}
		cfg.Migrations = suiteMigrations()
		reopen(t, cfg, nil)
	})
}

func reopen(t *testing.T, cfg store.Config, want error) {
	t.Helper()
	s, err := store.Open(ctx, cfg)
	if !errors.Is(err, want) {
		t.Fatalf("error = %v, want %v", err, want)
	}
	if err == nil {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(text, []byte("Minutes of the meeting, not a database at all."), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, store.Config{Path: text, Migrations: suiteMigrations()}); !errors.Is(err, store.ErrForeign) {
		t.Errorf("a text file: %v", err)
	}
	after, err := os.ReadFile(text)
	if err != nil || string(after) != "Minutes of the meeting, not a database at all." {
		t.Errorf("the text file is now %q, %v", after, err)
	}
}
