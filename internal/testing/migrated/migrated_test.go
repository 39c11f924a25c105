package migrated_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"commontable/internal/app"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// The program finds nothing to do in a copy: no step runs again.
func TestNothingIsOutstanding(t *testing.T) {
	ctx, database := context.Background(), migrated.Database(t)
	steps, err := schema.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for engine, cfg := range map[string]store.Config{"sqlite": {Path: migrated.File(t)}, "postgres": {URL: database}} {
		t.Run(engine, func(t *testing.T) {
			cfg.Migrations, cfg.ReadOnlyProbe = schema.Files, true
			s, err := store.Open(ctx, cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var done int64
			err = s.LookInstallation(ctx, func(tx *store.InstallationTx) (err error) {
				done, err = store.Value[int64](tx, `SELECT COUNT(*) FROM schema_migrations`)
				return err
			})
			if err != nil || done != int64(len(steps)) {
				t.Errorf("%d of %d steps, %v", done, len(steps), err)
			}
		})
	}
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var others int
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> current_user::regrole`).Scan(&others); err != nil || others > 0 {
		t.Errorf("%d tables and indexes belong to another role, %v", others, err)
	}
}

// The copy lies where the program looks for its database.
func TestFolderIsADataFolder(t *testing.T) {
	if _, err := os.Stat(filepath.Join(migrated.Folder(t), app.DatabaseFile)); err != nil {
		t.Error(err)
	}
}
