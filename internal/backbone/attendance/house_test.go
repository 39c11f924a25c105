package attendance_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
)

// house is an installation with one collaborative, whose clock moves only when told.
type house struct {
	t     testing.TB
	app   *app.App
	clock *clock.Fake
	place operation.Collaborative
	log   bytes.Buffer

	table                         directory.Body // its quorum is half of the voting seats
	clinic, school                directory.OrganizationID
	dana, eli, fay, gus, stranger directory.PersonID // dana and eli hold seats, fay stands in for eli
	danas, elis, empty            directory.SeatID
}

// houses runs a test on both engines.
func houses(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newHouse(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newHouse(t, migrated.Database(t))) })
}

func newHouse(t testing.TB, database string) *house {
	t.Helper()
	h := &house{t: t, clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))}
	var err error
	h.app, err = app.Open(context.Background(), app.Config{DataDir: migrated.Folder(t), DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"}, Clock: h.clock, Log: slog.New(slog.NewTextHandler(&h.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.app.Close(); err != nil {
			t.Error(err)
		}
	})
	system := operation.WithActor(context.Background(), operation.System())
	account := must[access.Account](t)(h.app.Access.CreateAccount.Do(system, h.app.Door, access.CreateAccountInput{Name: "Ana Ruiz", Email: "ana@example.org"}))
	founder := operation.WithActor(context.Background(), operation.Actor{Account: account.ID, Name: "Ana Ruiz", Email: "ana@example.org", Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession})
	made := must[collaborative.Collaborative](t)(collaborative.Create.Do(founder, h.app.Door, collaborative.CreateInput{Name: "Maple Valley", Zone: "UTC"}))
	if h.place, err = h.app.Access.Collaborative(context.Background(), made.Slug); err != nil {
		t.Fatal(err)
	}
	h.table = must[directory.Body](t)(directory.CreateBody.Do(h.director(), h.app.Door, directory.BodyInput{Name: "Table", Kind: "leadership_table", Quorum: 50, QuorumUnit: "percent"}))
	h.clinic, h.school = h.organization("Clinic"), h.organization("School")
	h.dana, h.eli, h.fay, h.gus, h.stranger = h.person("Dana", "Diaz"), h.person("Eli", "Ek"), h.person("Fay", "Foss"), h.person("Gus", "Gray"), h.person("Zoe", "Zorn")
	h.danas = h.seat(directory.TermInput{PersonID: h.dana, OrganizationID: h.clinic, From: "2025-01-01"})
	h.elis = h.seat(directory.TermInput{PersonID: h.eli, OrganizationID: h.school, AlternateID: h.fay, From: "2025-01-01"})
	h.empty = h.seat()
	return h
}

func (h *house) director() context.Context { return h.as(operation.Director) }

// as is a context of somebody with a role.
func (h *house) as(role operation.Role) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), h.place),
		operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: []operation.Role{role}, Via: operation.ViaSession})
}

// nobody is a context of somebody who is not signed in.
func (h *house) nobody() context.Context {
	return operation.WithActor(context.Background(), operation.Actor{Via: operation.ViaLink})
}

func (h *house) organization(name string) directory.OrganizationID {
	h.t.Helper()
	return must[directory.Organization](h.t)(directory.CreateOrganization.Do(h.director(), h.app.Door, directory.OrganizationInput{Name: name})).ID
}

func (h *house) person(given, family string) directory.PersonID {
	h.t.Helper()
	return must[directory.Person](h.t)(directory.CreatePerson.Do(h.director(), h.app.Door, directory.PersonInput{GivenName: given, FamilyName: family})).ID
}

func (h *house) seat(terms ...directory.TermInput) directory.SeatID {
	h.t.Helper()
	return must[directory.Seat](h.t)(directory.CreateSeat.Do(h.director(), h.app.Door, directory.SeatInput{BodyID: h.table.ID, Voting: true, From: "2025-01-01", Terms: terms})).ID
}

// meeting is a meeting of the table that begins now and lasts an hour.
func (h *house) meeting() convening.Meeting {
	h.t.Helper()
	return must[convening.Meeting](h.t)(convening.CreateMeeting.Do(h.director(), h.app.Door, convening.MeetingInput{BodyID: h.table.ID, On: "2026-05-14", Starts: "15:00", Mode: "hybrid"}))
}

func (h *house) record(in attendance.Input) attendance.Attendance {
	h.t.Helper()
	return must[attendance.Attendance](h.t)(attendance.Record.Do(h.director(), h.app.Door, in))
}

func (h *house) ledger(m convening.MeetingID) []attendance.Attendance {
	h.t.Helper()
	return must[operation.Page[attendance.Attendance]](h.t)(attendance.List.Do(h.director(), h.app.Door, attendance.MeetingPart{MeetingID: m})).Items
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
