package operation_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// notes is a small capability to try the door with.
type note struct {
	ID     operation.EntryID `json:"id" audit:"-"`
	Text   string            `json:"text"`
	Secret string            `json:"secret" audit:"secret"`
}

type noteInput struct {
	Text   string   `json:"text" required:"true" maxLength:"20"`
	Lines  string   `json:"lines,omitempty" text:"lines"`
	Kind   string   `json:"kind,omitempty" enum:"a,b"`
	Day    string   `json:"day,omitempty" format:"date"`
	Email  string   `json:"email,omitempty" format:"email"`
	Link   string   `json:"link,omitempty" format:"url"`
	N      int64    `json:"n,omitempty" minimum:"-5" maximum:"5"`
	List   []string `json:"list,omitempty" maxItems:"2"`
	Secret string   `json:"secret,omitempty"`
	Fail   string   `json:"fail,omitempty"`
}

var runs int

var writeNote = operation.Define(operation.Operation[noteInput, note]{
	Definition: operation.Definition{ID: "notes.write", Summary: "Writes a note", Method: "POST", Path: "/notes"},
	Run: func(c *operation.Call, in noteInput) (note, error) {
		runs++
		n := note{ID: operation.EntryID{1}, Text: in.Text, Secret: in.Secret}
		c.Changed(operation.Subject{Kind: "note", ID: n.ID}, in.Text, 1, nil, n)
		c.Enqueue(operation.Later{Kind: "tell", Payload: in.Text})
		switch in.Fail {
		case "error":
			return n, errors.New("canary-cause")
		case "panic":
			panic("canary-panic")
		}
		return n, nil
	},
})

var freshNote = operation.Define(operation.Operation[operation.None, operation.None]{
	Definition: operation.Definition{ID: "notes.fresh", Summary: "Wants a fresh proof", Fresh: true, Method: "POST", Path: "/notes/fresh"},
	Run:        func(*operation.Call, operation.None) (operation.None, error) { return operation.None{}, nil },
})

var closedNote = operation.Define(operation.Operation[operation.None, operation.None]{
	Definition: operation.Definition{ID: "notes.closed", Summary: "Has no row in the table", Method: "POST", Path: "/notes/closed"},
	Run:        func(*operation.Call, operation.None) (operation.None, error) { return operation.None{}, nil },
})

type strangers struct{}

func (strangers) Holds(*operation.Call, operation.Grant, operation.Subject) (bool, error) {
	return false, nil
}

type hall struct {
	door     *operation.Door
	clock    *clock.Fake
	log      *bytes.Buffer
	enqueued int
	observed []operation.Kind
	place    operation.Collaborative
}

func newHall(t *testing.T) *hall {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{Path: migrated.File(t), Migrations: schema.Files})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &hall{clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC)), log: &bytes.Buffer{}}
	table, err := operation.ParsePermissions(map[string]string{
		"notes.write":  "Y Y - - - - s - - - - - -",
		"notes.fresh":  "Y - - - - - - - - - - - -",
		"history.list": "Y - - - - - - - - - - - -",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.door = &operation.Door{Store: s, Clock: h.clock, Permissions: table, Relations: strangers{},
		Log:     slog.New(slog.NewTextHandler(h.log, nil)),
		Observe: func(_ string, k operation.Kind, _ time.Duration) { h.observed = append(h.observed, k) },
		Enqueue: func(_ *store.InstallationTx, _ time.Time, _ operation.Collaborative, work []operation.Later) error {
			h.enqueued += len(work)
			return nil
		}}
	h.place = operation.Collaborative{ID: operation.NewCollaborativeID(), Slug: "here", Zone: time.UTC}
	if err := s.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, 'here', 'Here', '', '', '', 'UTC', 'en', '[]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, h.place.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *hall) as(roles ...operation.Role) context.Context {
	ctx := operation.WithCollaborative(context.Background(), h.place)
	return operation.WithActor(ctx, operation.Actor{Account: operation.NewAccountID(), Name: "Ana", Roles: roles, Via: operation.ViaSession, Verified: h.clock.Now()})
}

func (h *hall) entries(t *testing.T) []operation.Entry {
	t.Helper()
	page, err := operation.ListHistory.Do(h.as(operation.Director), h.door, operation.ListHistoryInput{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

func TestWhoMayPass(t *testing.T) {
	h := newHall(t)
	readOnly := operation.ActorFrom(h.as(operation.Director))
	readOnly.ReadOnly = true
	for name, try := range map[string]struct {
		ctx  context.Context
		want operation.Kind
	}{
		"a director":              {h.as(operation.Director), 0},
		"a funder":                {h.as(operation.Funder), operation.Forbidden},
		"a director of elsewhere": {operation.WithCollaborative(h.as(operation.Director), operation.Collaborative{}), operation.NotFound},
		"nobody":                  {operation.WithCollaborative(context.Background(), h.place), operation.Unauthenticated},
		"no role at all":          {h.as(), operation.Forbidden},
		"a relation not held":     {h.as(operation.Representative), operation.Forbidden},
		"a read-only token":       {operation.WithActor(h.as(), readOnly), operation.Forbidden},
		"background work":         {operation.WithActor(h.as(), operation.System()), 0},
	} {
		_, err := writeNote.Do(try.ctx, h.door, noteInput{Text: "hello"})
		if operation.KindOf(err) != try.want {
			t.Errorf("%s: %v, want kind %d", name, err, try.want)
		}
	}
	if _, err := closedNote.Do(h.as(operation.Roles...), h.door, operation.None{}); operation.KindOf(err) != operation.Forbidden {
		t.Errorf("an operation without a row gave %v", err)
	}
	ctx := h.as(operation.Director)
	if _, err := freshNote.Do(ctx, h.door, operation.None{}); err != nil {
		t.Errorf("fresh: %v", err)
	}
	h.clock.Advance(operation.FreshFor + time.Second)
	if _, err := freshNote.Do(ctx, h.door, operation.None{}); !errors.Is(err, &operation.Error{Kind: operation.Forbidden, Key: "errors.verify_again"}) {
		t.Errorf("stale proof: %v", err)
	}
}

// Whatever goes wrong, nothing is kept, the reader learns nothing of the inside,
// and the log learns everything.
func TestFailuresKeepNothingAndTellNothing(t *testing.T) {
	for _, fail := range []string{"error", "panic"} {
		h := newHall(t)
		_, err := writeNote.Do(h.as(operation.Director), h.door, noteInput{Text: "hello", Fail: fail})
		var e *operation.Error
		if !errors.As(err, &e) || e.Kind != operation.Internal || e.Key != "errors.internal" {
			t.Errorf("%s: %v", fail, err)
		}
		if got := h.entries(t); len(got) != 0 {
			t.Errorf("%s left %d audit entries", fail, len(got))
		}
		if !strings.Contains(h.log.String(), "canary-") {
			t.Errorf("%s: the log does not name the cause: %s", fail, h.log)
		}
	}
}

func TestWhatStandsBesideAChange(t *testing.T) {
	h := newHall(t)
	var receipt operation.Receipt
	ctx := operation.WithRequest(operation.WithReceipt(h.as(operation.Staff), &receipt), "req-1")
	if _, err := writeNote.Do(ctx, h.door, noteInput{Text: "hello", Secret: "canary-secret"}); err != nil {
		t.Fatal(err)
	}
	entries := h.entries(t)
	if len(entries) != 1 || entries[0].ID != receipt.Entry || entries[0].Actor != "Ana" || entries[0].Title != "hello" || entries[0].Operation != "notes.write" {
		t.Fatalf("audit: %+v", entries)
	}
	for _, f := range entries[0].Fields {
		if strings.Contains(string(f.After), "canary") {
			t.Errorf("the audit log holds a secret: %+v", f)
		}
	}
	if len(entries[0].Fields) != 2 {
		t.Errorf("fields: %+v", entries[0].Fields)
	}
	if h.enqueued != 1 {
		t.Errorf("%d pieces of later work", h.enqueued)
	}
	if h.observed[0] != 0 {
		t.Errorf("observed %v", h.observed)
	}
}

// Every fault is reported at once, each with its field.
func TestFaultsByField(t *testing.T) {
	h := newHall(t)
	_, err := writeNote.Do(h.as(operation.Director), h.door, noteInput{
		Text: strings.Repeat("é", 21), Kind: "c", Day: "2026-02-30", Email: "a@b", Link: "javascript:alert(1)", N: 6, List: []string{"1", "2", "3"}})
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		t.Fatalf("error = %v", err)
	}
	got := map[string]string{}
	for _, f := range e.Faults {
		got[f.Field] = f.Key
	}
	want := map[string]string{"text": "errors.too_long", "kind": "errors.not_offered", "day": "errors.not_a_date", "email": "errors.not_an_email",
		"link": "errors.not_a_link", "n": "errors.maximum", "list": "errors.too_many_items"}
	for field, key := range want {
		if got[field] != key {
			t.Errorf("%s: %q, want %q", field, got[field], key)
		}
	}
	if len(got) != len(want) {
		t.Errorf("faults: %v", got)
	}
	before := runs
	for _, bad := range []noteInput{{}, {Text: "  \t "}, {Text: "a\x00b"}, {Text: "\xff\xfe"}, {Text: "ok", Day: "0001-01-01"}, {Text: "ok", Day: "9999-99-99"}, {Text: "ok", N: -1 << 63},
		{Text: strings.Repeat("x", 1<<20)}, {Text: "ok", Email: "a@b.c\r\nBcc: x@y.z"}, {Text: "ok", Link: "https://a@b.example"}, {Text: "ok", Link: "http://x y"}} {
		if _, err := writeNote.Do(h.as(operation.Director), h.door, bad); operation.KindOf(err) != operation.Invalid {
			t.Errorf("%.40q: %v", bad.Text, err)
		}
	}
	if runs != before {
		t.Error("an invalid input was run")
	}
}

func TestTextIsCleaned(t *testing.T) {
	h := newHall(t)
	n, err := writeNote.Do(h.as(operation.Director), h.door, noteInput{Text: "  Jose\u0301 \u202e\t x\u0007 "})
	if err != nil || n.Text != "José x" {
		t.Errorf("stored %q, %v", n.Text, err)
	}
}

func TestMalformedPermissionsAreRefused(t *testing.T) {
	for _, row := range []string{"", "Y Y", "Y Y Y Y Y Y Y Y Y Y Y Y X", "Y Y Y Y Y Y Y Y Y Y Y Y Y Y"} {
		if _, err := operation.ParsePermissions(map[string]string{"x": row}); err == nil {
			t.Errorf("%q was accepted", row)
		}
	}
}

// A database that answers with a full disk or a broken file is said so in words
// that tell what to do.
func TestStoreFailuresHaveWords(t *testing.T) {
	for kind, want := range map[error]string{store.ErrFull: "errors.disk_full", store.ErrBusy: "errors.busy", store.ErrUnavailable: "errors.unavailable",
		store.ErrUnknown: "errors.unknown_outcome", store.ErrNotFound: "errors.not_found", context.DeadlineExceeded: "errors.timeout"} {
		op := operation.Define(operation.Operation[operation.None, operation.None]{
			Definition: operation.Definition{ID: "notes.write", Summary: "Fails", Method: "POST", Path: "/x"},
			Run:        func(*operation.Call, operation.None) (operation.None, error) { return operation.None{}, kind },
		})
		h := newHall(t)
		var e *operation.Error
		if _, err := op.Do(h.as(operation.Director), h.door, operation.None{}); !errors.As(err, &e) || e.Key != want {
			t.Errorf("%v became %v, want %s", kind, err, want)
		}
	}
}
