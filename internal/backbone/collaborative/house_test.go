package collaborative_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// house is an installation without any collaborative.
type house struct {
	door  *operation.Door
	clock *clock.Fake
	work  []string // asked for, as "place kind"
}

// houses runs a test on both engines: what a transaction may touch differs
// between them.
func houses(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, newHouse(t, store.Config{Path: migrated.File(t)}))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, newHouse(t, store.Config{URL: migrated.Database(t)}))
	})
}

func newHouse(t testing.TB, cfg store.Config) *house {
	t.Helper()
	cfg.Migrations = schema.Files
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	registry, err := operation.NewRegistry(collaborative.Operations(), directory.Operations(), operation.HistoryOperations())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{clock: clock.Fixed(time.Date(2026, 5, 14, 3, 0, 0, 0, time.UTC))}
	h.door = &operation.Door{Store: s, Clock: h.clock, Permissions: backbone.ParsedPermissions(), Registry: registry, Relations: directory.Relations{}, Log: slog.New(slog.DiscardHandler),
		Enqueue: func(_ *store.InstallationTx, _ time.Time, c operation.Collaborative, work []operation.Later) error {
			for _, w := range work {
				h.work = append(h.work, c.Slug+" "+w.Kind)
			}
			return nil
		}}
	return h
}

// account adds an account and gives a context of its owner with these roles.
func (h *house) account(t testing.TB, name, email string, roles ...operation.Role) context.Context {
	t.Helper()
	var a access.Account
	if err := h.door.Store.WriteInstallation(t.Context(), func(tx *store.InstallationTx) (err error) {
		a, err = access.CreateAccount(tx, h.clock.Now(), access.NewAccount{Name: name, Email: email, Language: "en"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return operation.WithActor(t.Context(), operation.Actor{Account: a.ID, Name: name, Email: email, Roles: roles, Via: operation.ViaSession, Verified: h.clock.Now()})
}

// found makes a collaborative and gives a context of its director in it.
func (h *house) found(t testing.TB, in collaborative.CreateInput) (context.Context, collaborative.Collaborative) {
	t.Helper()
	ctx := h.account(t, "Ana María Ruiz", "ana-"+in.Name+"@example.org", operation.Administrator)
	k := must[collaborative.Collaborative](t)(collaborative.Create.Do(ctx, h.door, in))
	return inside(ctx, k, operation.Director), k
}

// inside is ctx in the collaborative, with roles there.
func inside(ctx context.Context, k collaborative.Collaborative, roles ...operation.Role) context.Context {
	zone, _ := time.LoadLocation(k.Zone)
	a := operation.ActorFrom(ctx)
	a.Roles = roles
	return operation.WithActor(operation.WithCollaborative(ctx, operation.Collaborative{ID: k.ID, Slug: k.Slug, Name: k.Name, Zone: zone, Language: k.Language, Labels: k.Labels}), a)
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

func ptr[T any](v T) *T { return &v }

func wantKind(t *testing.T, err error, kind operation.Kind) {
	t.Helper()
	if operation.KindOf(err) != kind {
		t.Errorf("error = %v, want kind %d", err, kind)
	}
}

// wantFault checks that an error names a field.
func wantFault(t *testing.T, err error, field, key string) {
	t.Helper()
	var e *operation.Error
	if !errors.As(err, &e) || len(e.Faults) == 0 || e.Faults[0].Field != field || e.Faults[0].Key != key {
		t.Errorf("error = %v, want the fault %s of %s", err, key, field)
	}
}
