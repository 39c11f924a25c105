package store_test

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/store"
)

// A backup taken while others write holds, of each writer, everything up to some
// moment and nothing after it.
func TestBackupWhileWriting(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			s := open(t, target(t, engine))
			furnish(t, s)
			var stop atomic.Bool
			var writers sync.WaitGroup
			for _, c := range []store.Collaborative{here, away} {
				writers.Go(func() {
					for n := 1000; !stop.Load(); n++ {
						if err := s.Write(ctx, c, func(tx *store.Tx) error {
							_, err := tx.Exec(insertFact, n, key(9), nil, true, store.JSON(nil), 0.0)
							return err
						}); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			for range 3 {
				time.Sleep(50 * time.Millisecond)
				path := backUp(t, s, store.BackupOptions{})
				cfg := target(t, "sqlite")
				if _, err := store.Restore(ctx, cfg, path, store.RestoreOptions{}); err != nil {
					t.Fatal(err)
				}
				restored := open(t, cfg)
				for _, c := range []store.Collaborative{here, away} {
					mustRead(t, restored, c, func(tx *store.Tx) error {
						n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM facts WHERE collaborative_id = $1 AND id BETWEEN 1000 AND 999999`)
						last, _ := store.Value[int64](tx, `SELECT CAST(COALESCE(MAX(id), 999) AS BIGINT) FROM facts WHERE collaborative_id = $1 AND id BETWEEN 1000 AND 999999`)
						if last-999 != n {
							t.Errorf("%d rows up to %d: not a prefix", n, last)
						}
						return err
					})
				}
			}
			stop.Store(true)
			writers.Wait()
		})
	}
}

func TestFilesComeAlong(t *testing.T) {
	s := open(t, target(t, "sqlite"))
	furnish(t, s)
	folder := filepath.Join(t.TempDir(), "files")
	for name, text := range map[string]string{"a.txt": "one", "deep/er/b.bin": "\x00two"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	path := backUp(t, s, store.BackupOptions{Files: folder})
	cfg := target(t, "sqlite")
	back := filepath.Join(filepath.Dir(cfg.Path), "files")
	if err := os.MkdirAll(filepath.Join(back, "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(ctx, cfg, path, store.RestoreOptions{Files: back}); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(back, "deep/er/b.bin"))
	if err != nil || string(raw) != "\x00two" {
		t.Errorf("%q, %v", raw, err)
	}
	for _, gone := range []string{"old", "link"} {
		if _, err := os.Lstat(filepath.Join(back, gone)); err == nil {
			t.Errorf("%s is there", gone)
		}
	}
}
