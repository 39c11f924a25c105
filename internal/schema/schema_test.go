package schema_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/postgres"
)

// Organizations recorded before facts were dated keep what they were, from the
// day they were recorded. The day is worked out in SQL, so it is compared with
// Go's calendar, at the turns of years, months and leap days above all.
func TestUndatedFactsBecomeDated(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			cfg := store.Config{Path: filepath.Join(t.TempDir(), "test.db")}
			if engine == "postgres" {
				cfg = store.Config{URL: postgres.Start(t).Database(t)}
			}
			raw, err := schema.Files.ReadFile("0001_spine.sql")
			if err != nil {
				t.Fatal(err)
			}
			cfg.Migrations = fstest.MapFS{"0001_spine.sql": &fstest.MapFile{Data: raw}}
			ctx, place := context.Background(), operation.NewCollaborativeID()
			days := map[[16]byte]string{}
			open(t, cfg, func(s *store.Store) error {
				if err := s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
					_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
						VALUES ($1, 'a', 'a', '', '', '', 'UTC', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, place)
					return err
				}); err != nil {
					return err
				}
				return s.Write(ctx, place, func(tx *store.Tx) error {
					for day := time.Date(2015, 12, 30, 23, 59, 59, 0, time.UTC); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
						i := id.New[struct{}]()
						days[i] = day.Format(time.DateOnly)
						if _, err := tx.Exec(`INSERT INTO organizations (collaborative_id, id, name, sort_key, other_names, sector, status, place, website, email, phone, about, notes,
							funder, host, lead_organization, fiscal_sponsor, version, created_at, updated_at) VALUES ($1, $2, 'n', $2, '[]', 'other', 'dormant', '', '', '', '', '', '', FALSE, TRUE, FALSE, FALSE, 1, $3, $3)`,
							i, day.UnixMicro()); err != nil {
							return err
						}
					}
					return nil
				})
			})
			cfg.Migrations = schema.Files
			open(t, cfg, func(s *store.Store) error {
				return s.Read(ctx, place, func(tx *store.Tx) error {
					seen := 0
					err := store.Each(tx, func(row store.Row) error {
						var i id.Of[struct{}]
						var fact, value, from string
						if err := row.Scan(&i, &fact, &value, &from); err != nil {
							return err
						}
						seen++
						if from != days[i] || fact == "status" && value != "dormant" || fact != "status" && fact != "host" {
							t.Errorf("%s %s from %s, recorded on %s", fact, value, from, days[i])
						}
						return nil
					}, `SELECT subject_id, fact, value, valid_from FROM periods WHERE collaborative_id = $1`)
					if seen != 2*len(days) {
						t.Errorf("%d periods of %d organizations", seen, len(days))
					}
					return err
				})
			})
		})
	}
}

// A backup of any step comes back on either engine, brought up to this program's
// schema, with the facts that a step dates.
func TestBackupsOfEveryStepComeBack(t *testing.T) {
	ctx, place, o := context.Background(), operation.NewCollaborativeID(), id.New[struct{}]()
	names, err := fs.Glob(schema.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for step := range names {
		older := fstest.MapFS{}
		for _, name := range names[:step+1] {
			raw, err := schema.Files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			older[name] = &fstest.MapFile{Data: raw}
		}
		archive := filepath.Join(t.TempDir(), "backup.zip")
		open(t, store.Config{Path: filepath.Join(t.TempDir(), "old.db"), Migrations: older}, func(s *store.Store) error {
			if err := s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
				_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
					VALUES ($1, 'a', 'a', '', '', '', 'UTC', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, place)
				return err
			}); err != nil {
				return err
			}
			if err := s.Write(ctx, place, func(tx *store.Tx) error {
				_, err := tx.Exec(`INSERT INTO organizations (collaborative_id, id, name, sort_key, other_names, sector, status, place, website, email, phone, about, notes,
					funder, host, lead_organization, fiscal_sponsor, version, created_at, updated_at) VALUES ($1, $2, 'n', $2, '[]', 'other', 'dormant', '', '', '', '', '', '', FALSE, TRUE, FALSE, FALSE, 1, 0, 0)`, o)
				return err
			}); err != nil {
				return err
			}
			_, err := s.BackupFile(ctx, archive, store.BackupOptions{})
			return err
		})
		for engine, cfg := range map[string]store.Config{"sqlite": {Path: filepath.Join(t.TempDir(), "new.db")}, "postgres": {URL: postgres.Start(t).Database(t)}} {
			cfg.Migrations = schema.Files
			if _, err := store.Restore(ctx, cfg, archive, store.RestoreOptions{}); err != nil {
				t.Fatalf("after %s, to %s: %v", names[step], engine, err)
			}
			open(t, cfg, func(s *store.Store) error {
				return s.Read(ctx, place, func(tx *store.Tx) error {
					n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM periods WHERE collaborative_id = $1 AND subject_id = $2 AND valid_from = '1970-01-01'`, o)
					if want := int64(2); err == nil && n != want && names[step] < "0003" {
						t.Errorf("after %s, to %s: %d periods, want %d", names[step], engine, n, want)
					}
					return err
				})
			})
		}
	}
}

func open(t *testing.T, cfg store.Config, use func(s *store.Store) error) {
	t.Helper()
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := use(s); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
