package access

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// house is an installation with everything access needs around it.
type house struct {
	database string // on PostgreSQL
	t        testing.TB
	store    *store.Store
	clock    *clock.Fake
	s        *Service
	door     *operation.Door
	log      *lockedBuffer
	key      Key

	path   string // of the database file, on SQLite
	closed bool
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var cheapArgon = argonParameters{memory: 256, passes: 1, lanes: 1}

var begun = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// noRelations grants "themselves" and nothing else.
type noRelations struct{}

func (noRelations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	return grant == operation.Themselves && s.ID == c.Actor.Person, nil
}

// on runs a test on both engines.
func on(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, newHouse(t, "sqlite")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, newHouse(t, "postgres")) })
}

func newHouse(t testing.TB, engine string) *house {
	t.Helper()
	cfg := store.Config{Migrations: schema.Files}
	if engine == "postgres" {
		cfg.URL = migrated.Database(t)
	} else {
		cfg.Path = migrated.File(t)
	}
	h := &house{t: t, database: cfg.URL, clock: clock.Fixed(begun), key: NewKey(), log: &lockedBuffer{}}
	var err error
	if h.store, err = store.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	h.path = cfg.Path
	t.Cleanup(func() {
		if !h.closed {
			_ = h.store.Close()
		}
	})
	h.s, h.door = h.open(Config{})
	return h
}

// open is another process on the same installation.
func (h *house) open(cfg Config) (*Service, *operation.Door) {
	h.t.Helper()
	if cfg.BaseURL == nil {
		cfg.BaseURL, _ = url.Parse("https://table.example.org")
	}
	cfg.Store, cfg.Clock, cfg.Key, cfg.Name = h.store, h.clock, h.key, "Valley Table"
	cfg.Log = slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := New(cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	// Thousands of derivations at full cost would only make the tests slow.
	s.hasher = newHasher(cheapArgon)
	registry, err := operation.NewRegistry(s.Operations())
	if err != nil {
		h.t.Fatal(err)
	}
	permissions, err := operation.ParsePermissions(permissionRows)
	if err != nil {
		h.t.Fatal(err)
	}
	return s, &operation.Door{Store: h.store, Clock: h.clock, Permissions: permissions, Registry: registry, Relations: noRelations{}, Secrets: s.Sealer(), Log: cfg.Log,
		Enqueue: func(tx *store.InstallationTx, now time.Time, c operation.Collaborative, work []operation.Later) error {
			for _, w := range work {
				raw, err := json.Marshal(w.Payload)
				if err != nil {
					return err
				}
				// Plain here, so that tests can read it; the real queue seals.
				if _, err := tx.Exec(`INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at) VALUES ($1, $2, $3, 'queued', 0, 0, $4)`,
					newID[LinkID](), w.Kind, string(raw), store.Micros(now)); err != nil {
					return err
				}
			}
			return nil
		}}
}

// letters are the mails queued so far, oldest first; asking takes them.
func (h *house) letters() []Letter {
	h.t.Helper()
	h.runJobs()
	var out []Letter
	h.write(func(tx *store.InstallationTx) error {
		out = nil
		err := store.Each(tx, func(row store.Row) error {
			var l Letter
			err := row.Scan(store.ScanJSON(&l))
			out = append(out, l)
			return err
		}, `SELECT payload FROM jobs WHERE kind = $1 ORDER BY id`, MailKind)
		if err == nil {
			_, err = tx.Exec(`DELETE FROM jobs WHERE kind = $1`, MailKind)
		}
		return err
	})
	return out
}

// runJobs answers the requests for links that are waiting.
func (h *house) runJobs() {
	h.t.Helper()
	var waiting [][]byte
	h.write(func(tx *store.InstallationTx) error {
		waiting = nil
		err := store.Each(tx, func(row store.Row) error {
			var raw rawText
			err := row.Scan(&raw)
			waiting = append(waiting, raw)
			return err
		}, `SELECT payload FROM jobs WHERE kind = $1 ORDER BY id`, LinkRequestKind)
		if err == nil {
			_, err = tx.Exec(`DELETE FROM jobs WHERE kind = $1`, LinkRequestKind)
		}
		return err
	})
	for _, raw := range waiting {
		if err := h.s.Jobs(h.door)[LinkRequestKind](context.Background(), raw); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) write(fn func(tx *store.InstallationTx) error) {
	h.t.Helper()
	if err := h.store.WriteInstallation(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wants checks an error's key.
func wants(t testing.TB, err error, key string) {
	t.Helper()
	var e *operation.Error
	if !asError(err, &e) {
		t.Fatalf("got %v, want %s", err, key)
	}
	if e.Key == key {
		return
	}
	for _, f := range e.Faults {
		if f.Key == key {
			return
		}
	}
	t.Fatalf("got %v, want %s", err, key)
}

// secretOf takes a link's secret from a letter.
func secretOf(t testing.TB, l Letter) string {
	t.Helper()
	at := strings.LastIndexByte(l.Data.Link, '/')
	if !isSecret(linkPrefix, l.Data.Link[at+1:]) {
		t.Fatalf("no secret in %q", l.Data.Link)
	}
	return l.Data.Link[at+1:]
}
