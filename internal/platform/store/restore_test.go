package store_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commontable/internal/platform/store"
)

// Restoring never overwrites by accident, and by force only with what is whole.
func TestRestoreKeepsWhatIsThere(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			source := open(t, target(t, "sqlite"))
			furnish(t, source)
			good := backUp(t, source, store.BackupOptions{})
			damaged := filepath.Join(t.TempDir(), "damaged.zip")
			rewrite(t, good, damaged, func(name string, raw []byte) []byte {
				return bytes.Replace(raw, []byte("true"), []byte("null"), 1)
			})
			cfg := target(t, engine)
			s, err := store.Open(ctx, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
				_, err := tx.Exec(`INSERT INTO collaboratives (id, name) VALUES ($1, 'mine')`, key(7))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if engine == "sqlite" {
				if _, err := store.Restore(ctx, cfg, good, store.RestoreOptions{Force: true}); !errors.Is(err, store.ErrInUse) {
					t.Errorf("while it is open: %v", err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			mine := func() string {
				s, err := store.Open(ctx, cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				return contents(t, backUp(t, s, store.BackupOptions{}))["tables/collaboratives.jsonl"]
			}
			before := mine()
			if _, err := store.Restore(ctx, cfg, good, store.RestoreOptions{}); !errors.Is(err, store.ErrHoldsRecords) {
				t.Errorf("without force: %v", err)
			}
			if _, err := store.Restore(ctx, cfg, damaged, store.RestoreOptions{Force: true}); !errors.Is(err, store.ErrBackupDamage) {
				t.Errorf("a damaged backup by force: %v", err)
			}
			if after := mine(); after != before {
				t.Errorf("what was there changed: %s", after)
			}
			if engine == "sqlite" {
				// A log left behind by a crash must not be played into the new file.
				if err := os.WriteFile(cfg.Path+"-wal", []byte("stale"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := store.Restore(ctx, cfg, good, store.RestoreOptions{Force: true, Leave: []string{"sessions"}}); err != nil {
				t.Fatal(err)
			}
			want := contents(t, good)
			want["tables/sessions.jsonl"] = ""
			s = open(t, cfg)
			if diff := cmp.Diff(want, contents(t, backUp(t, s, store.BackupOptions{}))); diff != "" {
				t.Error(diff)
			}
			if left, _ := filepath.Glob(cfg.Path + ".restoring*"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// rewrite copies a backup and changes its members; nil drops one.
func rewrite(t *testing.T, from, to string, change func(name string, raw []byte) []byte) {
	t.Helper()
	z, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if raw = change(f.Name, raw); raw == nil {
			continue
		}
		m, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
