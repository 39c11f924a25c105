package networkmap_test

import (
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
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
)

// valley is a collaborative with six organizations, each with a person who speaks for
// it, and two bodies.
type valley struct {
	t       testing.TB
	app     *app.App
	clock   *clock.Fake
	founder context.Context
	place   operation.Collaborative

	table, group  directory.Body
	organizations []directory.OrganizationID
	people        []directory.PersonID
}

// valleys runs a test on both engines.
func valleys(t *testing.T, test func(t *testing.T, v *valley)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newValley(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newValley(t, migrated.Database(t))) })
}

func newValley(t testing.TB, database string) *valley {
	t.Helper()
	v := &valley{t: t, clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))}
	var err error
	v.app, err = app.Open(context.Background(), app.Config{DataDir: migrated.Folder(t), DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"},
		Clock: v.clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.app.Close(); err != nil {
			t.Error(err)
		}
	})
	system := operation.WithActor(context.Background(), operation.System())
	account := must[access.Account](t)(v.app.Access.CreateAccount.Do(system, v.app.Door, access.CreateAccountInput{Name: "Ana Ruiz", Email: "ana@example.org"}))
	v.founder = operation.WithActor(context.Background(), operation.Actor{Account: account.ID, Name: "Ana Ruiz", Email: "ana@example.org", Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession})
	v.place = v.found("Maple Valley")
	v.table = must[directory.Body](t)(directory.CreateBody.Do(v.director(), v.app.Door, directory.BodyInput{Name: "Table", Kind: "leadership_table"}))
	v.group = must[directory.Body](t)(directory.CreateBody.Do(v.director(), v.app.Door, directory.BodyInput{Name: "Reading group", Kind: "working_group"}))
	for _, name := range []string{"Clinic", "School", "Library", "Foundation", "Church", "Radio"} {
		o := v.organization(name)
		v.organizations = append(v.organizations, o)
		p := must[directory.Person](t)(directory.CreatePerson.Do(v.director(), v.app.Door, directory.PersonInput{GivenName: "Speaker", FamilyName: name}))
		must[directory.Person](t)(directory.SetAffiliations.Do(v.director(), v.app.Door, directory.PersonAffiliations{ID: p.ID, Version: p.Version,
			Affiliations: []directory.AffiliationInput{{OrganizationID: o, Represents: true, From: "2020-01-01"}}}))
		v.people = append(v.people, p.ID)
	}
	return v
}

func (v *valley) found(name string) operation.Collaborative {
	v.t.Helper()
	made := must[collaborative.Collaborative](v.t)(collaborative.Create.Do(v.founder, v.app.Door, collaborative.CreateInput{Name: name, Zone: "UTC"}))
	return must[operation.Collaborative](v.t)(v.app.Access.Collaborative(context.Background(), made.Slug))
}

func (v *valley) director() context.Context { return v.as(operation.Director) }

func (v *valley) as(role operation.Role) context.Context { return v.in(v.place, role) }

func (v *valley) in(place operation.Collaborative, role operation.Role) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), place),
		operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: []operation.Role{role}, Via: operation.ViaSession})
}

func (v *valley) organization(name string) directory.OrganizationID {
	v.t.Helper()
	return must[directory.Organization](v.t)(directory.CreateOrganization.Do(v.director(), v.app.Door, directory.OrganizationInput{Name: name, Sector: "education"})).ID
}

func (v *valley) tie(in network.Input) network.Tie {
	v.t.Helper()
	return must[network.Tie](v.t)(network.Create.Do(v.director(), v.app.Door, in))
}

// sits gives the speaker of an organization a seat for a while.
func (v *valley) sits(body directory.Body, who int, from, to string) {
	v.t.Helper()
	must[directory.Seat](v.t)(directory.CreateSeat.Do(v.director(), v.app.Door, directory.SeatInput{BodyID: body.ID, From: "2020-01-01",
		Terms: []directory.TermInput{{PersonID: v.people[who], OrganizationID: v.organizations[who], From: from, To: to}}}))
}

// meets holds a meeting at which some were.
func (v *valley) meets(body directory.Body, on string, who ...int) {
	v.t.Helper()
	m := must[convening.Meeting](v.t)(convening.CreateMeeting.Do(v.director(), v.app.Door, convening.MeetingInput{BodyID: body.ID, On: on, Starts: "10:00", Held: true}))
	for _, k := range who {
		must[attendance.Attendance](v.t)(attendance.Record.Do(v.director(), v.app.Door, attendance.Input{MeetingID: m.ID, PersonID: v.people[k], OrganizationID: v.organizations[k]}))
	}
}

func (v *valley) read(ctx context.Context, in networkmap.Input) networkmap.Map {
	v.t.Helper()
	return must[networkmap.Map](v.t)(networkmap.Get.Do(ctx, v.app.Door, in))
}

// said are the ties of a map in words, by layer.
func (v *valley) said(m networkmap.Map) []string {
	names := map[directory.OrganizationID]string{}
	for _, n := range m.Items {
		names[n.ID] = n.Name
	}
	var out []string
	for _, t := range m.Ties {
		arrow := " > "
		if t.Mutual {
			arrow = " - "
		}
		out = append(out, t.Layer+": "+names[t.From]+arrow+names[t.To])
	}
	return out
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

func wantFault(t testing.TB, err error, field, key string) {
	t.Helper()
	var e *operation.Error
	if !errors.As(err, &e) || len(e.Faults) == 0 || e.Faults[0].Field != field || e.Faults[0].Key != key {
		t.Errorf("error = %v, want %s at %q", err, key, field)
	}
}
