package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// discard is a ResponseWriter that costs next to nothing.
type discard struct {
	header http.Header
	status int
	size   int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(b []byte) (int, error) { d.size += len(b); return len(b), nil }

// peopled is a house with two hundred people more.
func peopled(b *testing.B) *house {
	h := newHouse(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.System()), h.system)
	for i := range 200 {
		if _, err := directory.CreatePerson.Do(ctx, h.app.Door, directory.PersonInput{GivenName: "Given" + sprint(i), FamilyName: "Family", Email: sprint(i) + "@example.org"}); err != nil {
			b.Fatal(err)
		}
	}
	return h
}

func (h *house) benchmark(b *testing.B, c call) {
	r := h.request(c)
	w := &discard{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		w.status, w.size = 0, 0
		h.handler.ServeHTTP(w, r)
	}
	if w.status != http.StatusOK {
		b.Fatalf("status %d", w.status)
	}
	b.ReportMetric(float64(w.size), "bytes")
}

func BenchmarkListOf50(b *testing.B) {
	peopled(b).benchmark(b, call{as: "backbone_staff", method: "GET", path: "/people?limit=50"})
}

func BenchmarkOneRecord(b *testing.B) {
	h := peopled(b)
	h.benchmark(b, call{as: "backbone_staff", method: "GET", path: "/people/" + h.people["funder"].String()})
}

// The floor: the same operations without REST.
func BenchmarkDoorListOf50(b *testing.B) {
	h := peopled(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.Actor{Account: operation.NewAccountID(), Roles: []operation.Role{operation.Staff}}), h.system)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := directory.ListPeople.Do(ctx, h.app.Door, directory.ListPeopleInput{Limit: 50}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDoorOneRecord(b *testing.B) {
	h := peopled(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.Actor{Account: operation.NewAccountID(), Roles: []operation.Role{operation.Staff}}), h.system)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := directory.GetPerson.Do(ctx, h.app.Door, directory.PersonRef{ID: h.people["funder"]}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAuthentication(b *testing.B) {
	h := peopled(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := h.app.Access.AuthenticateToken(b.Context(), h.tokens["backbone_staff"], slug); err != nil {
			b.Fatal(err)
		}
	}
}

// answering is an operation that has its answer ready, so that what is measured
// is REST and nothing else.
type answering struct {
	operation.Any
	out any
}

func (a answering) DoAny(context.Context, *operation.Door, any) (any, error) { return a.out, nil }

// known finds the same caller for every token.
type known struct{ where operation.Collaborative }

func (k known) AuthenticateToken(context.Context, string, string) (operation.Actor, operation.Collaborative, access.Found, error) {
	return operation.Actor{Account: operation.NewAccountID(), Roles: []operation.Role{operation.Staff}, Via: operation.ViaToken}, k.where, access.Found{Member: true}, nil
}

func (k known) Collaborative(context.Context, string) (operation.Collaborative, error) {
	return k.where, nil
}

func BenchmarkRESTAlone(b *testing.B) {
	h := peopled(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.System()), h.system)
	list, err := directory.ListPeople.Do(ctx, h.app.Door, directory.ListPeopleInput{Limit: 50})
	if err != nil {
		b.Fatal(err)
	}
	door := *h.app.Door
	door.Registry, err = operation.NewRegistry([]operation.Any{answering{directory.ListPeople, list}, answering{directory.GetPerson, list.Items[0]}})
	if err != nil {
		b.Fatal(err)
	}
	alone := app.App{Config: h.app.Config, Log: h.app.Log}
	alone.Door = &door
	h.handler = newServer(&alone, known{h.system}, h.app.Access.Limiter).Handler()
	b.Run("list of 50", func(b *testing.B) {
		h.benchmark(b, call{as: "backbone_staff", method: "GET", path: "/people?limit=50"})
	})
	b.Run("one record", func(b *testing.B) {
		h.benchmark(b, call{as: "backbone_staff", method: "GET", path: "/people/" + h.people["funder"].String()})
	})
}

// What writing fifty records costs, and what it would with encoding/json.
func BenchmarkWriting(b *testing.B) {
	h := peopled(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.System()), h.system)
	page, err := directory.ListPeople.Do(ctx, h.app.Door, directory.ListPeopleInput{Limit: 50})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		s, value := shapes{}.of(reflect.TypeOf(page)), reflect.ValueOf(&page).Elem()
		var buffer []byte
		b.ReportAllocs()
		for b.Loop() {
			buffer, _ = s.appendValue(buffer[:0], value) // cannot fail: no foreign types
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(page); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What making a record costs, all of it but the network.
func BenchmarkCreate(b *testing.B) {
	h := newHouse(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.Actor{Account: operation.NewAccountID(), Roles: []operation.Role{operation.Staff}}), h.system)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		if _, err := directory.CreatePerson.Do(ctx, h.app.Door, directory.PersonInput{GivenName: "Maria", FamilyName: "Nueva " + sprint(n), Email: "new" + sprint(n) + "@example.org"}); err != nil {
			b.Fatal(err)
		}
	}
}

// What making five hundred together costs, as an import does.
func BenchmarkCreateSeveral(b *testing.B) {
	h := newHouse(b)
	ctx := operation.WithCollaborative(operation.WithActor(b.Context(), operation.System()), h.system)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		var several directory.CreatePeopleInput
		for range 500 {
			n++
			several.Items = append(several.Items, directory.PersonInput{GivenName: "Maria", FamilyName: "Nueva " + sprint(n), Email: "new" + sprint(n) + "@example.org"})
		}
		if _, err := directory.CreatePeople.Do(ctx, h.app.Door, several); err != nil {
			b.Fatal(err)
		}
	}
}
