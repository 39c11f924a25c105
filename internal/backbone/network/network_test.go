package network_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// table is a collaborative with two clinics, a school and two people.
type table struct {
	door                   *operation.Door
	place                  operation.Collaborative
	clinic, twin, school   directory.OrganizationID
	omar, double           directory.PersonID
	director, staff, chair context.Context
}

// tables runs a test on both engines.
func tables(t *testing.T, test func(t *testing.T, at *table)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, newTable(t, store.Config{Path: migrated.File(t)}))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, newTable(t, store.Config{URL: migrated.Database(t)}))
	})
}

func newTable(t testing.TB, cfg store.Config) *table {
	t.Helper()
	cfg.Migrations = schema.Files
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	registry, err := operation.NewRegistry(directory.Operations(), network.Operations(), operation.HistoryOperations())
	if err != nil {
		t.Fatal(err)
	}
	at := &table{door: &operation.Door{Store: s, Clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC)), Permissions: backbone.ParsedPermissions(), Registry: registry,
		Relations: directory.Relations{}, Log: slog.New(slog.DiscardHandler),
		Enqueue: func(*store.InstallationTx, time.Time, operation.Collaborative, []operation.Later) error { return nil }}}
	at.place = operation.Collaborative{ID: operation.NewCollaborativeID(), Slug: "maple-valley", Name: "Maple Valley", Zone: time.UTC, Language: "en"}
	if err := s.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, 'maple-valley', 'Maple Valley', '', '', '', 'UTC', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, at.place.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	at.director, at.staff, at.chair = at.as(operation.Director), at.as(operation.Staff), at.as(operation.TableChair)
	at.clinic, at.twin, at.school = at.organization(t, "Clinic"), at.organization(t, "The Clinic"), at.organization(t, "School")
	at.omar, at.double = at.person(t, "Omar"), at.person(t, "Omar Haddad")
	return at
}

func (at *table) as(role operation.Role) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), at.place),
		operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: []operation.Role{role}, Via: operation.ViaSession})
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

func (at *table) organization(t testing.TB, name string) directory.OrganizationID {
	t.Helper()
	return must[directory.Organization](t)(directory.CreateOrganization.Do(at.director, at.door, directory.OrganizationInput{Name: name})).ID
}

func (at *table) person(t testing.TB, name string) directory.PersonID {
	t.Helper()
	return must[directory.Person](t)(directory.CreatePerson.Do(at.director, at.door, directory.PersonInput{GivenName: name})).ID
}

func (at *table) tie(t testing.TB, in network.Input) network.Tie {
	t.Helper()
	return must[network.Tie](t)(network.Create.Do(at.staff, at.door, in))
}

func (at *table) get(t testing.TB, i network.ID) network.Tie {
	t.Helper()
	return must[network.Tie](t)(network.Get.Do(at.staff, at.door, network.Ref{ID: i}))
}

// count wants so many ties, read one a page.
func (at *table) count(ctx context.Context, t testing.TB, in network.ListInput, want int) {
	t.Helper()
	in.Limit = 1
	n := 0
	for {
		page := must[operation.Page[network.Tie]](t)(network.List.Do(ctx, at.door, in))
		n += len(page.Items)
		if in.After = page.Next; in.After == "" {
			break
		}
	}
	if n != want {
		t.Errorf("%+v: %d ties, want %d", in, n, want)
	}
}

func wantFault(t testing.TB, err error, field, key string) {
	t.Helper()
	var e *operation.Error
	if !errors.As(err, &e) || len(e.Faults) == 0 || e.Faults[0].Field != field || e.Faults[0].Key != key {
		t.Errorf("error = %v, want %s at %q", err, key, field)
	}
}

func wantKind(t testing.TB, err error, kind operation.Kind) {
	t.Helper()
	if operation.KindOf(err) != kind {
		t.Errorf("error = %v, want kind %d", err, kind)
	}
}

func ptr[T any](v T) *T { return &v }
