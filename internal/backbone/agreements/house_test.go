package agreements_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
)

// house is an installation with one collaborative, whose clock moves only when
// told. Mail is kept, since there is no mail server.
type house struct {
	t     testing.TB
	app   *app.App
	clock *clock.Fake
	place operation.Collaborative
	log   bytes.Buffer
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
	return h
}

// as is a context of somebody with a role.
func (h *house) as(role operation.Role) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), h.place),
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

func (h *house) adopt(body string) collaborative.Principles {
	h.t.Helper()
	page := must[operation.Page[collaborative.Principles]](h.t)(collaborative.ListPrinciples.Do(h.as(operation.Director), h.app.Door, collaborative.ListPrinciplesInput{}))
	return must[collaborative.Principles](h.t)(collaborative.AdoptPrinciples.Do(h.as(operation.Director), h.app.Door, collaborative.AdoptInput{Body: body, Newest: int64(len(page.Items))}))
}

func (h *house) organization(name string) directory.Organization {
	h.t.Helper()
	return must[directory.Organization](h.t)(directory.CreateOrganization.Do(h.as(operation.Director), h.app.Door, directory.OrganizationInput{Name: name}))
}

// draft is an agreement with a new organization and somebody to sign it.
func (h *house) draft(name string) agreements.Agreement {
	h.t.Helper()
	return must[agreements.Agreement](h.t)(agreements.Create.Do(h.as(operation.Staff), h.app.Door, agreements.Input{OrganizationID: h.organization(name).ID,
		SignatoryName: "Cleo Ono", SignatoryTitle: "Principal", SignatoryEmail: "cleo@example.org"}))
}

// send sends an agreement and gives it as it is then, and the secret of its link.
func (h *house) send(a agreements.Agreement) (agreements.Agreement, string) {
	h.t.Helper()
	a = must[agreements.Agreement](h.t)(h.app.Agreements.Send.Do(h.as(operation.Staff), h.app.Door, agreements.AtVersion{ID: a.ID, Version: a.Version}))
	return a, h.newestLink()
}

func (h *house) work() {
	h.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = h.app.Worker.Work(context.Background()); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) newestLink() string {
	h.t.Helper()
	h.work()
	kept, err := h.app.Post.Newest(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range kept {
		for _, link := range m.Links {
			if strings.Contains(link, access.PathAgreement) {
				return path.Base(link)
			}
		}
	}
	h.t.Fatal("no link was mailed")
	return ""
}

func (h *house) look(secret string) agreements.LinkView {
	h.t.Helper()
	_, view, err := h.app.Agreements.Look(context.Background(), h.app.Door, secret)
	if err != nil {
		h.t.Fatal(err)
	}
	return view
}

// sign signs as a stranger with nothing but the link.
func (h *house) sign(secret, name string) (agreements.LinkView, error) {
	_, view, err := h.app.Agreements.Sign(context.Background(), h.app.Door, agreements.SignInput{Secret: secret, Name: name, Agreed: true})
	return view, err
}

func (h *house) get(i agreements.ID) agreements.Agreement {
	h.t.Helper()
	return must[agreements.Agreement](h.t)(agreements.Get.Do(h.as(operation.Staff), h.app.Door, agreements.Ref{ID: i}))
}
