// Package migrated gives tests databases that have this program's schema and nothing
// else, as a new installation has. The migrations take longer than most tests, so
// their result is used many times. Tests of the migrations begin with an empty
// database instead.
package migrated

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/postgres"
)

// file is the database's name in the data folder of an installation.
const file = "commontable.db"

// Folder makes a data folder with a database of SQLite in it, which goes when the test
// ends.
func Folder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	Fill(t, folder)
	return folder
}

// File is Folder for those who want the path of the database.
func File(t testing.TB) string {
	t.Helper()
	return filepath.Join(Folder(t), file)
}

// Fill puts a database of SQLite into a data folder.
func Fill(t testing.TB, folder string) {
	t.Helper()
	raw, err := migratedFile()
	if err != nil {
		t.Fatalf("migrated: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, file), raw, 0o600); err != nil {
		t.Fatalf("migrated: %v", err)
	}
}

// migratedFile is the content of a migrated database, made once in a test binary.
var migratedFile = sync.OnceValues(func() (raw []byte, err error) {
	folder, err := os.MkdirTemp("", "commontable-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, file)
	if err := migrate(store.Config{Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Database gives a database on the PostgreSQL server all tests share and returns its
// URL, as Server.Database does.
func Database(t testing.TB) string {
	t.Helper()
	key, err := checksum()
	if err != nil {
		t.Fatalf("migrated: %v", err)
	}
	return postgres.Start(t).Filled(t, key, "schema_migrations", func(url string) error { return migrate(store.Config{URL: url}) })
}

func migrate(cfg store.Config) error {
	cfg.Migrations = schema.Files
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		return err
	}
	return s.Close()
}

// checksum tells the migrations from others, since a server may outlive a change of them.
var checksum = sync.OnceValues(func() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(schema.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(schema.Files, path)
		sum.Write([]byte(path))
		sum.Write(raw)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:16], err
})
