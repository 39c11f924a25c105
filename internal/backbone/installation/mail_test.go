package installation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// canary is a password that must appear nowhere.
const canary = "Kanarienvogel-9f2c"

type house struct {
	door    *operation.Door
	service *installation.Service
	log     bytes.Buffer
	clock   *clock.Fake
	sealer  *access.Sealer
}

func newHouse(t *testing.T) *house {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: migrated.File(t), Migrations: schema.Files})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h := &house{clock: clock.Fixed(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), sealer: access.NewSealer(access.NewKey())}
	h.service = installation.New()
	registry, err := operation.NewRegistry(h.service.Operations())
	if err != nil {
		t.Fatal(err)
	}
	h.door = &operation.Door{Store: s, Clock: h.clock, Permissions: backbone.ParsedPermissions(), Registry: registry, Relations: directory.Relations{}, Secrets: h.sealer,
		Log: slog.New(slog.NewJSONHandler(&h.log, nil))}
	return h
}

func (h *house) as(ctx context.Context, roles ...operation.Role) context.Context {
	return operation.WithActor(ctx, operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Email: "ana@example.org", Roles: roles, Via: operation.ViaSession, Verified: h.clock.Now()})
}

func input(version int64) installation.MailInput {
	return installation.MailInput{Version: version, Host: "smtp.example.org", Username: "table", Password: canary, From: "table@example.org", FromName: "The table"}
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

func wantKind(t *testing.T, err error, kind operation.Kind) {
	t.Helper()
	if operation.KindOf(err) != kind {
		t.Errorf("error = %v, want kind %d", err, kind)
	}
}

func TestThePasswordIsNowhere(t *testing.T) {
	h := newHouse(t)
	ctx := h.as(t.Context(), operation.Administrator)
	var seen bytes.Buffer
	note := func(v any, err error) {
		raw, _ := json.Marshal(v)
		fmt.Fprintf(&seen, "%s %+v %v\n", raw, v, err)
	}
	note(h.service.EditMail.Do(ctx, h.door, input(0)))
	note(h.service.EditMail.Do(ctx, h.door, input(0))) // stale
	bad := input(1)
	bad.Host = "no such host !"
	note(h.service.EditMail.Do(ctx, h.door, bad))
	m := must[installation.MailSettings](t)(h.service.ShowMail.Do(ctx, h.door, operation.None{}))
	note(m, nil)
	if !m.PasswordSet || !m.On || m.Security != mail.STARTTLS || m.Version != 1 {
		t.Errorf("stored %+v", m)
	}
	note(h.service.TestMail.Do(ctx, h.door, installation.TestInput{To: "ana@example.org"}))
	note(h.service.TestMail.DoAny(ctx, h.door, &installation.TestInput{To: "ana@example.org"}))
	note(h.service.Outbox.Do(ctx, h.door, operation.None{}))
	if h.service.TestMail.OutputType().Name() != "Diagnosis" {
		t.Errorf("a test answers with %s", h.service.TestMail.OutputType())
	}
	entries := 0
	if err := h.door.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		err := store.Each(tx, func(row store.Row) error {
			var operation, title, fields string
			err := row.Scan(&operation, store.ScanText(&title), store.ScanText(&fields))
			entries++
			fmt.Fprintln(&seen, operation, title, fields)
			return err
		}, `SELECT operation, subject_title, fields FROM installation_audit`)
		return errors.Join(err, store.Each(tx, func(row store.Row) error {
			var value string
			var sealed []byte
			err := row.Scan(&value, &sealed)
			fmt.Fprintf(&seen, "%s %s\n", value, sealed)
			return err
		}, `SELECT value, sealed FROM installation_settings`))
	}); err != nil {
		t.Fatal(err)
	}
	if entries != 4 {
		t.Errorf("%d audit entries, want the edit, two tests and a look at the messages", entries)
	}
	if !strings.Contains(seen.String(), "•••") {
		t.Error("the log does not say that the password changed")
	}
	for name, text := range map[string]string{"an answer, the audit log or the table": seen.String(), "the log": h.log.String()} {
		if strings.Contains(text, canary) {
			t.Errorf("%s holds the password", name)
		}
	}
	settings, version, on, err := installation.Sender(ctx, h.door.Store, h.sealer)
	if err != nil || !on || version != 1 || string(settings.Password) != canary {
		t.Errorf("the post office gets %+v, version %d, %v", settings, version, err)
	}
}

func TestAnotherServerDoesNotGetThePassword(t *testing.T) {
	h := newHouse(t)
	ctx := h.as(t.Context(), operation.Administrator)
	must[installation.MailSettings](t)(h.service.EditMail.Do(ctx, h.door, input(0)))
	in := input(1)
	in.Password, in.FromName = "", "Another name"
	must[installation.MailSettings](t)(h.service.EditMail.Do(ctx, h.door, in))
	for name, change := range map[string]func(*installation.MailInput){
		"host": func(in *installation.MailInput) { in.Host = "smtp.example.com" }, "port": func(in *installation.MailInput) { in.Port = 2525 },
		"protection": func(in *installation.MailInput) { in.Security, in.AllowClear = "none", true }, "user": func(in *installation.MailInput) { in.Username = "other" },
	} {
		in := input(2)
		in.Password = ""
		change(&in)
		_, err := h.service.EditMail.Do(ctx, h.door, in)
		var e *operation.Error
		if !errors.As(err, &e) || len(e.Faults) != 1 || e.Faults[0].Key != "installation.password_again" {
			t.Errorf("%s: %v", name, err)
		}
	}
	off := must[installation.MailSettings](t)(h.service.EditMail.Do(ctx, h.door, installation.MailInput{Version: 2, Off: true}))
	if off.On || off.PasswordSet || off.Version != 3 || off.Host != "" {
		t.Errorf("off: %+v", off)
	}
	_, version, on, err := installation.Sender(ctx, h.door.Store, h.sealer)
	if err != nil || on || version != 3 {
		t.Errorf("sender on=%v version=%d %v", on, version, err)
	}
	_, err = h.service.TestMail.Do(ctx, h.door, installation.TestInput{To: "ana@example.org"})
	wantKind(t, err, operation.Conflict)
}

func TestOnlyTheAdministrator(t *testing.T) {
	h := newHouse(t)
	for _, role := range operation.Roles {
		if role == operation.Administrator {
			continue
		}
		ctx := h.as(t.Context(), role)
		_, err := h.service.ShowMail.Do(ctx, h.door, operation.None{})
		wantKind(t, err, operation.Forbidden)
		_, err = h.service.EditMail.Do(ctx, h.door, input(0))
		wantKind(t, err, operation.Forbidden)
		_, err = h.service.TestMail.Do(ctx, h.door, installation.TestInput{To: "ana@example.org"})
		wantKind(t, err, operation.Forbidden)
		_, err = h.service.Outbox.Do(ctx, h.door, operation.None{})
		wantKind(t, err, operation.Forbidden)
	}
	_, err := h.service.Outbox.Do(t.Context(), h.door, operation.None{})
	wantKind(t, err, operation.Unauthenticated)

	// Sign-in links go wherever these settings say: an old session is not enough.
	ctx := h.as(t.Context(), operation.Administrator)
	h.clock.Advance(time.Hour)
	_, err = h.service.EditMail.Do(ctx, h.door, input(0))
	wantKind(t, err, operation.Forbidden)
}

func TestMailFaults(t *testing.T) {
	h := newHouse(t)
	ctx := h.as(t.Context(), operation.Administrator)
	for _, c := range []struct {
		field  string
		change func(*installation.MailInput)
	}{
		{"host", func(in *installation.MailInput) { in.Host = "" }},
		{"port", func(in *installation.MailInput) { in.Port = 70000 }},
		{"security", func(in *installation.MailInput) { in.Security = "none" }},
		{"security", func(in *installation.MailInput) { in.Security = "rot13" }},
		{"from", func(in *installation.MailInput) { in.From = "" }},
		{"from", func(in *installation.MailInput) { in.From = "a@example.org\r\nBcc: b@example.org" }},
		{"username", func(in *installation.MailInput) { in.Username = "" }},
		{"extra_roots", func(in *installation.MailInput) { in.ExtraRoots = "not a certificate" }},
		{"password", func(in *installation.MailInput) { in.Password = "a\r\nb" }},
	} {
		in := input(0)
		c.change(&in)
		_, err := h.service.EditMail.Do(ctx, h.door, in)
		var e *operation.Error
		if !errors.As(err, &e) || len(e.Faults) == 0 || e.Faults[0].Field != c.field {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}

// A test is a real conversation, and what it meets is told step by step.
func TestDiagnosis(t *testing.T) {
	h := newHouse(t)
	ctx := h.as(t.Context(), operation.Administrator)
	server := mailtest.Start(t, mailtest.Options{Username: "table", Password: canary})
	s := server.Settings()
	in := installation.MailInput{Host: s.Host, Port: int64(s.Port), Security: string(s.Security), Username: s.Username, Password: canary, From: s.From, FromName: s.FromName, ExtraRoots: s.ExtraRoots}
	must[installation.MailSettings](t)(h.service.EditMail.Do(ctx, h.door, in))
	d := must[installation.Diagnosis](t)(h.service.TestMail.Do(ctx, h.door, installation.TestInput{To: "ana@example.org"}))
	if !d.OK || len(d.Steps) < 8 {
		t.Errorf("diagnosis = %+v", d)
	}
	if got := server.Wait(t, 1); got[0].To[0] != "ana@example.org" {
		t.Errorf("received %+v", got[0])
	}
	in.Version, in.Password = 1, "wrong"
	must[installation.MailSettings](t)(h.service.EditMail.Do(ctx, h.door, in))
	d = must[installation.Diagnosis](t)(h.service.TestMail.Do(ctx, h.door, installation.TestInput{To: "ana@example.org"}))
	failed := mail.Step("")
	for _, step := range d.Steps {
		if step.State == mail.Failed && failed == "" {
			failed = step.Step
		}
	}
	if d.OK || failed != mail.StepSignIn {
		t.Errorf("with a wrong password %s failed first: %+v", failed, d)
	}
}
