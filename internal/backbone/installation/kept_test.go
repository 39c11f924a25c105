package installation_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/postgres"
)

// database is an empty one of an engine.
func database(t *testing.T, engine string) store.Config {
	t.Helper()
	cfg := store.Config{Path: filepath.Join(t.TempDir(), "test.db"), Migrations: schema.Files}
	if engine == "postgres" {
		cfg.URL = postgres.Start(t).Database(t)
	}
	return cfg
}

func opened(t *testing.T, cfg store.Config) *store.Store {
	t.Helper()
	s := must[*store.Store](t)(store.Open(t.Context(), cfg))
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestKeptMessages(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { keepsMessages(t, opened(t, database(t, engine))) })
	}
}

// A backup holds them, and either engine shows them again.
func TestKeptMessagesAreInABackup(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	sealer := access.NewSealer(access.NewKey())
	for from, to := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run("from "+from, func(t *testing.T) {
			s := opened(t, database(t, from))
			if err := installation.Keep(t.Context(), s, sealer, now, id.New[jobs.Job](), mail.Message{To: "ana@example.org", Subject: "Hello", Text: "https://t.example/s/1"}, now.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "backup.zip")
			must[store.Manifest](t)(s.BackupFile(t.Context(), file, store.BackupOptions{}))
			cfg := database(t, to)
			must[store.Manifest](t)(store.Restore(t.Context(), cfg, file, store.RestoreOptions{}))
			got := must[[]installation.KeptMessage](t)(installation.NewestKept(t.Context(), opened(t, cfg), sealer, now))
			if len(got) != 1 || got[0].Subject != "Hello" || !got[0].At.Equal(now) {
				t.Errorf("restored %+v", got)
			}
		})
	}
}

// keepsMessages: the newest are kept, sealed, each until its link ends and once
// for each job.
func keepsMessages(t *testing.T, s *store.Store) {
	t.Helper()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	sealer := access.NewSealer(access.NewKey())
	keep := func(job jobs.ID, at time.Time, n int, until time.Time) {
		t.Helper()
		m := mail.Message{To: "ana@example.org", Subject: fmt.Sprintf("Message %d", n), Text: fmt.Sprintf("%s https://t.example/s/%d, twice: https://t.example/s/%d.", canary, n, n)}
		if err := installation.Keep(t.Context(), s, sealer, at, job, m, until); err != nil {
			t.Fatal(err)
		}
	}
	newest := func(at time.Time) []installation.KeptMessage {
		t.Helper()
		return must[[]installation.KeptMessage](t)(installation.NewestKept(t.Context(), s, sealer, at))
	}
	rows := func() (n int) {
		t.Helper()
		if err := s.ReadInstallation(t.Context(), func(tx *store.InstallationTx) error {
			n = 0
			return store.Each(tx, func(row store.Row) error {
				var sealed []byte
				err := row.Scan(&sealed)
				if bytes.Contains(sealed, []byte(canary)) || bytes.Contains(sealed, []byte("t.example")) || bytes.Contains(sealed, []byte("ana@")) {
					t.Error("a message lies open in the database")
				}
				n++
				return err
			}, `SELECT sealed FROM kept_messages`)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}

	first := id.New[jobs.Job]()
	keep(first, now, 1, now.Add(15*time.Minute))
	keep(first, now, 1, now.Add(15*time.Minute)) // its worker vanished and another ran it again
	keep(id.New[jobs.Job](), now, 2, now.Add(-time.Second))
	keep(id.New[jobs.Job](), now.Add(time.Minute), 3, time.Time{})
	got := newest(now)
	if len(got) != 2 || got[0].Subject != "Message 3" || got[1].To != "ana@example.org" || len(got[1].Links) != 1 || got[1].Links[0] != "https://t.example/s/1" || !got[1].At.Equal(now) {
		t.Fatalf("kept %+v", got)
	}
	// A link that has ended is shown to nobody, whether or not it was swept yet.
	if got := newest(now.Add(15 * time.Minute)); len(got) != 1 || rows() != 2 {
		t.Errorf("after a link ended: %+v", got)
	}
	sweep := func(at time.Time) {
		t.Helper()
		if err := installation.SweepKept(t.Context(), s, at); err != nil {
			t.Fatal(err)
		}
	}
	if sweep(now.Add(15 * time.Minute)); rows() != 1 {
		t.Errorf("%d rows are left", rows())
	}
	if sweep(now.Add(14*24*time.Hour + time.Minute)); rows() != 0 {
		t.Errorf("%d rows are left after two weeks", rows())
	}

	for n := range installation.KeptMessages + 5 {
		keep(id.New[jobs.Job](), now.Add(time.Duration(n)*time.Second), n, now.Add(time.Hour))
	}
	got = newest(now)
	if len(got) != installation.KeptMessages || rows() != installation.KeptMessages || got[0].Subject != "Message 204" || got[len(got)-1].Subject != "Message 5" {
		t.Errorf("%d kept in %d rows", len(got), rows())
	}
}

// Messages sealed under another key, as after a restore without it, are counted
// and do not hide the others.
func TestKeptMessagesOfAnotherKey(t *testing.T) {
	h := newHouse(t)
	keep := func(sealer operation.Sealer, subject string) {
		t.Helper()
		if err := installation.Keep(t.Context(), h.door.Store, sealer, h.clock.Now(), id.New[jobs.Job](), mail.Message{To: "ana@example.org", Subject: subject, Text: "Hello"}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	keep(access.NewSealer(access.NewKey()), "lost")
	keep(h.sealer, "found")
	got := must[installation.Kept](t)(h.service.Outbox.Do(h.as(t.Context(), operation.Administrator), h.door, operation.None{}))
	if len(got.Messages) != 1 || got.Messages[0].Subject != "found" || got.Unreadable != 1 {
		t.Errorf("kept %+v", got)
	}
}
