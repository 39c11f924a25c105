// Package house opens an installation with one collaborative for the tests of
// capabilities that need all of the program: links, undo, merging and erasing.
package house

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
)

// House is an installation with one collaborative, whose clock moves only when
// told. Mail is kept, since there is no mail server.
type House struct {
	App   *app.App
	Clock *clock.Fake
	Place operation.Collaborative
}

// Each runs a test on both engines.
func Each(t *testing.T, test func(t *testing.T, h *House)) {
	t.Run("sqlite", func(t *testing.T) { test(t, New(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, New(t, migrated.Database(t))) })
}

// New opens a house on a PostgreSQL database, or on SQLite when there is none. It is
// 14 May 2026, three in the afternoon.
func New(t testing.TB, database string) *House {
	t.Helper()
	return NewLogging(t, database, slog.New(slog.DiscardHandler))
}

// NewLogging is New with a log.
func NewLogging(t testing.TB, database string, log *slog.Logger) *House {
	t.Helper()
	h := &House{Clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))}
	var err error
	h.App, err = app.Open(context.Background(), app.Config{DataDir: migrated.Folder(t), DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"}, Clock: h.Clock, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.App.Close(); err != nil {
			t.Error(err)
		}
	})
	h.Place = h.Found(t, "Maple Valley")
	return h
}

// Found founds another collaborative.
func (h *House) Found(t testing.TB, name string) operation.Collaborative {
	t.Helper()
	system := operation.WithActor(context.Background(), operation.System())
	account := Must[access.Account](t)(h.App.Access.CreateAccount.Do(system, h.App.Door, access.CreateAccountInput{Name: "Founder of " + name, Email: "founder" + operation.NewAccountID().Short() + "@example.org"}))
	founder := operation.WithActor(context.Background(), operation.Actor{Account: account.ID, Name: account.Name, Email: account.Email, Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession})
	made := Must[collaborative.Collaborative](t)(collaborative.Create.Do(founder, h.App.Door, collaborative.CreateInput{Name: name, Zone: "UTC"}))
	place, err := h.App.Access.Collaborative(context.Background(), made.Slug)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// As is a context of somebody with a role who is nobody on record.
func (h *House) As(role operation.Role) context.Context {
	return h.AsPerson(role, directory.PersonID{})
}

// AsPerson is a context of a person with a role.
func (h *House) AsPerson(role operation.Role, person directory.PersonID) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), h.Place),
		operation.Actor{Account: operation.NewAccountID(), Person: person, Name: "Ana Ruiz", Roles: []operation.Role{role}, Via: operation.ViaSession, Verified: h.Clock.Now()})
}

// Organization puts one on record.
func (h *House) Organization(t testing.TB, name string) directory.OrganizationID {
	t.Helper()
	return Do(t, h, h.As(operation.Director), directory.CreateOrganization, directory.OrganizationInput{Name: name}).ID
}

// Person puts one on record who represents an organization, or none.
func (h *House) Person(t testing.TB, name string, of directory.OrganizationID) directory.PersonID {
	t.Helper()
	return Do(t, h, h.As(operation.Director), directory.CreatePerson, directory.PersonInput{GivenName: name, OrganizationID: of, Represents: !of.IsZero()}).ID
}

// Undo takes the newest run of an operation back, whose receipt is given.
func (h *House) Undo(t testing.TB, receipt operation.Receipt) {
	t.Helper()
	Do(t, h, h.As(operation.Director), operation.Undo, operation.UndoInput{ID: receipt.Entry})
}

// Do runs an operation that has to succeed.
func Do[In, Out any](t testing.TB, h *House, ctx context.Context, op *operation.Operation[In, Out], in In) Out {
	t.Helper()
	out, err := op.Do(ctx, h.App.Door, in)
	if err != nil {
		t.Fatalf("%s: %v", op.ID, err)
	}
	return out
}

// Must passes on what came without an error.
func Must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// WantKind wants an error of a kind.
func WantKind(t testing.TB, err error, kind operation.Kind) {
	t.Helper()
	if operation.KindOf(err) != kind {
		t.Errorf("error = %v, want kind %d", err, kind)
	}
}

// WantFault wants a fault of a field.
func WantFault(t testing.TB, err error, field, key string) {
	t.Helper()
	var e *operation.Error
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			if f.Field == field && f.Key == key {
				return
			}
		}
	}
	t.Errorf("error = %v, want %s at %q", err, key, field)
}
