package store_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"commontable/internal/platform/store"
	"commontable/internal/testing/postgres"
)

const backupSchema = `
CREATE TABLE collaboratives (id BYTEA NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE sessions (id BYTEA NOT NULL PRIMARY KEY, seen BIGINT);
CREATE TABLE groups (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id),
	id BYTEA NOT NULL,
	parent_id BYTEA,
	title TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, parent_id) REFERENCES groups (collaborative_id, id)
);
CREATE TABLE facts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id),
	id BIGINT NOT NULL,
	group_id BYTEA NOT NULL,
	note TEXT,
	flag BOOLEAN NOT NULL,
	about JSONB NOT NULL,
	weight DOUBLE PRECISION NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, group_id) REFERENCES groups (collaborative_id, id)
);
CREATE INDEX facts_note ON facts (collaborative_id, note);
`

func backupMigrations() fstest.MapFS {
	return fstest.MapFS{"0001_suite.sql": {Data: []byte(backupSchema)}}
}

// target is an empty database of an engine.
func target(t *testing.T, engine string) store.Config {
	t.Helper()
	cfg := store.Config{Path: filepath.Join(t.TempDir(), "commontable.db"), Migrations: backupMigrations()}
	if engine == "postgres" {
		cfg.URL = postgres.Start(t).Database(t)
	}
	return cfg
}

const insertFact = `INSERT INTO facts (collaborative_id, id, group_id, note, flag, about, weight) VALUES ($1, $2, $3, $4, $5, $6, $7)`

// furnish fills a database with two collaboratives and every odd value.
func furnish(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		for _, c := range []store.Collaborative{away, here} {
			if _, err := tx.Exec(`INSERT INTO collaboratives (id, name) VALUES ($1, $2)`, c[:], fmt.Sprint("Ünser Ort ", c[0])); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO sessions (id, seen) VALUES ($1, NULL)`, []byte{0, 255})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []store.Collaborative{here, away} {
		mustWrite(t, s, c, func(tx *store.Tx) error {
			// A child whose key comes before its parent's.
			for _, g := range [][2]any{{key(9), nil}, {key(1), key(9)}} {
				if _, err := tx.Exec(`INSERT INTO groups (collaborative_id, id, parent_id, title) VALUES ($1, $2, $3, $4)`, g[0], g[1], "\"a\\b\"\n\t漢"); err != nil {
					return err
				}
			}
			for n := range int64(300) {
				id := n - 100
				if n == 299 {
					id = 1<<62 + 3
				}
				if _, err := tx.Exec(insertFact, id, key(9), store.Text(strings.Repeat("x", int(n%3))), n%2 == 0,
					store.JSON(map[string]any{"zz": n, "a": "<&>", "list": []float64{1.5, 2}}), float64(n)/7); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func backUp(t *testing.T, s *store.Store, opts store.BackupOptions) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.zip")
	if _, err := s.BackupFile(ctx, path, opts); err != nil {
		t.Fatal(err)
	}
	return path
}

// contents are a backup's members except the manifest, which tells the time.
func contents(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.Name, "manifest") {
			out[f.Name] = string(raw)
		}
	}
	return out
}

// What comes back is what was there, within an engine and across both.
func TestBackupRoundTrip(t *testing.T) {
	for _, from := range []string{"sqlite", "postgres"} {
		for _, to := range []string{"sqlite", "postgres"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				s := open(t, target(t, from))
				furnish(t, s)
				first := backUp(t, s, store.BackupOptions{})
				cfg := target(t, to)
				manifest, err := store.Restore(ctx, cfg, first, store.RestoreOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if manifest.Rows() != 2+1+2*2+2*300 {
					t.Errorf("%d rows restored", manifest.Rows())
				}
				restored := open(t, cfg)
				if diff := cmp.Diff(contents(t, first), contents(t, backUp(t, restored, store.BackupOptions{}))); diff != "" {
					t.Error(diff)
				}
				// The tables still hold their rules.
				err = restored.Write(ctx, here, func(tx *store.Tx) error {
					_, err := tx.Exec(insertFact, 5000, key(4), nil, true, store.JSON(nil), 1.0)
					return err
				})
				if !errors.Is(err, store.ErrReference) {
					t.Errorf("a reference to nothing: %v", err)
				}
			})
		}
	}
}

// A backup of a smaller schema comes back in this program's.
func TestRestoreUpgrades(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			s := open(t, target(t, "sqlite"))
			furnish(t, s)
			old := backUp(t, s, store.BackupOptions{})
			cfg := target(t, engine)
			plan := backupMigrations()
			plan["0002_more.sql"] = &fstest.MapFile{Data: []byte(`ALTER TABLE facts ADD COLUMN extra TEXT NOT NULL DEFAULT 'new'; DROP INDEX facts_note;`)}
			cfg.Migrations = plan
			if _, err := store.Restore(ctx, cfg, old, store.RestoreOptions{}); err != nil {
				t.Fatal(err)
			}
			upgraded := open(t, cfg)
			mustRead(t, upgraded, here, func(tx *store.Tx) error {
				n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM facts WHERE collaborative_id = $1 AND extra = 'new'`)
				if n != 300 {
					t.Errorf("%d facts in the new shape", n)
				}
				return err
			})
			newer := backUp(t, upgraded, store.BackupOptions{})
			if _, err := store.Restore(ctx, target(t, engine), newer, store.RestoreOptions{}); !errors.Is(err, store.ErrBackupNewer) {
				t.Errorf("a backup of a newer schema: %v", err)
			}
		})
	}
}

func mustRead(t *testing.T, s *store.Store, c store.Collaborative, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Read(ctx, c, fn); err != nil {
		t.Fatal(err)
	}
}
