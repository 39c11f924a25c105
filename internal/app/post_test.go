package app

import (
	"bytes"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

// office is an App whose worker runs only when a test says so.
type office struct {
	*App
	clock *clock.Fake
	log   *lockedLog
}

type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func openOffice(t testing.TB, dir string) *office {
	t.Helper()
	base, err := url.Parse("https://table.example.org")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{clock: clock.Fixed(time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)), log: &lockedLog{}}
	o.App, err = Open(t.Context(), Config{DataDir: dir, BaseURL: base, Clock: o.clock, Log: slog.New(slog.NewTextHandler(o.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// server makes the settings lead to a test server.
func (o *office) server(t testing.TB, s *mailtest.Server, version int64) {
	t.Helper()
	m := s.Settings()
	_, err := o.Installation.EditMail.Do(operation.WithActor(t.Context(), operation.System()), o.Door, installation.MailInput{Version: version, Host: m.Host, Port: int64(m.Port),
		Security: string(m.Security), Username: m.Username, Password: string(m.Password), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	if err != nil {
		t.Fatal(err)
	}
}

func letter(to string) access.Letter {
	return access.Letter{Template: mail.SignInLink, To: to, ToName: "Ana Ruiz", Language: "es", Zone: "America/New_York",
		Data: mail.Data{Recipient: "Ana Ruiz", Link: "https://table.example.org/sign-in/link/abc", Expires: time.Date(2026, 11, 22, 15, 15, 0, 0, time.UTC)}}
}

func (o *office) post(t *testing.T, letters ...any) {
	t.Helper()
	if err := o.Store.WriteInstallation(t.Context(), func(tx *store.InstallationTx) error {
		for _, l := range letters {
			if err := jobs.Insert(tx, o.Access.Sealer(), o.clock.Now(), operation.CollaborativeID{}, operation.Later{Kind: access.MailKind, Payload: l}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (o *office) work(t *testing.T) int {
	t.Helper()
	n, err := o.Worker.Work(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// states lists the jobs as "state attempts error", oldest first.
func (o *office) states(t *testing.T) []string {
	t.Helper()
	var out []string
	if err := o.Store.ReadInstallation(t.Context(), func(tx *store.InstallationTx) (err error) {
		out, err = store.Collect(tx, func(row store.Row) (string, error) {
			var state, reason string
			var attempts int64
			err := row.Scan(&state, &attempts, store.ScanText(&reason))
			return strings.TrimSpace(state + " " + string('0'+rune(attempts)) + " " + reason), err
		}, `SELECT state, attempts, error FROM jobs ORDER BY id`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func (o *office) kept(t *testing.T) []installation.KeptMessage {
	t.Helper()
	kept, err := o.Post.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestLettersAreDeliveredOnce(t *testing.T) {
	o, server := openOffice(t, migrated.Folder(t)), mailtest.Start(t, mailtest.Options{Username: "table", Password: "secret-9"})
	o.server(t, server, 0)
	o.post(t, letter("ana@example.org"), letter("luis@example.org"), letter("mei@example.org"))
	if n := o.work(t); n != 3 {
		t.Errorf("worked on %d jobs", n)
	}
	if n := o.work(t); n != 0 {
		t.Errorf("worked on %d jobs again", n)
	}
	got := server.Messages()
	if len(got) != 3 || server.Connections() != 1 {
		t.Fatalf("%d messages over %d connections", len(got), server.Connections())
	}
	ids := map[string]bool{}
	for _, m := range got {
		ids[m.Header.Get("Message-Id")] = true
	}
	first := got[0]
	if len(ids) != 3 || first.To[0] != "ana@example.org" || !first.Secure || first.User != "table" || first.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("first = %+v, ids %v", first, ids)
	}
	if first.Links()[0] != "https://table.example.org/sign-in/link/abc" || !strings.Contains(first.Text, "Hola") || !strings.Contains(first.Text, "10:15") {
		t.Errorf("the letter is not in its language and zone:\n%s", first.Text)
	}
}

func TestTemporaryFailuresAreTriedAgain(t *testing.T) {
	o, server := openOffice(t, migrated.Folder(t)), mailtest.Start(t, mailtest.Options{})
	o.server(t, server, 0)
	server.Script(mailtest.To, mailtest.Reply{Code: 451, Words: "try later"})
	server.Script(mailtest.Body, mailtest.Reply{Drop: true})
	o.post(t, letter("ana@example.org"))
	o.work(t)
	if got := o.states(t); !strings.HasPrefix(got[0], "queued 1") || !strings.Contains(got[0], "try later") {
		t.Fatalf("after a temporary refusal: %q", got)
	}
	if n := o.work(t); n != 0 {
		t.Error("tried again without a pause")
	}
	o.clock.Advance(16 * time.Second)
	o.work(t)
	if got := o.states(t); !strings.HasPrefix(got[0], "queued 2") {
		t.Fatalf("after the server hung up: %q", got)
	}
	o.clock.Advance(16 * time.Second)
	if n := o.work(t); n != 0 {
		t.Error("the second pause is no longer than the first")
	}
	o.clock.Advance(16 * time.Second)
	o.work(t)
	if got := o.states(t); got[0] != "done 3" || len(server.Messages()) != 1 {
		t.Errorf("%q, %d messages", got, len(server.Messages()))
	}
}

func TestPermanentFailuresAreShown(t *testing.T) {
	o, server := openOffice(t, migrated.Folder(t)), mailtest.Start(t, mailtest.Options{})
	o.server(t, server, 0)
	server.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "no such mailbox"})
	o.post(t, letter("ana@example.org"))
	o.work(t)
	broken := letter("luis@example.org")
	broken.Data.Link = ""
	o.post(t, broken)
	o.work(t)
	o.post(t, "not a letter")
	o.work(t)
	got := o.states(t)
	if len(got) != 3 || !strings.HasPrefix(got[0], "failed 1") || !strings.Contains(got[0], "no such mailbox") || !strings.HasPrefix(got[1], "failed 1") || !strings.HasPrefix(got[2], "failed 1") {
		t.Errorf("states = %q", got)
	}
	ctx := operation.WithActor(t.Context(), operation.System())
	m, err := o.Installation.ShowMail.Do(ctx, o.Door, operation.None{})
	if err != nil || m.Failed != 3 || m.Waiting != 0 {
		t.Errorf("the page says %+v, %v", m, err)
	}
}

// A refused sign-in is the settings' fault: the letter waits and goes out as soon
// as they are mended, in this process or another.
func TestMendedSettingsAreUsedAtOnce(t *testing.T) {
	dir := migrated.Folder(t)
	o, other := openOffice(t, dir), openOffice(t, dir)
	server := mailtest.Start(t, mailtest.Options{Username: "table", Password: "right-7"})
	o.server(t, server, 0)
	in := installation.MailInput{Version: 1, Host: "127.0.0.1", Port: int64(server.Settings().Port), Security: "starttls", Username: "table", Password: "wrong-7", From: "table@example.org", ExtraRoots: server.Settings().ExtraRoots}
	system := operation.WithActor(t.Context(), operation.System())
	if _, err := o.Installation.EditMail.Do(system, o.Door, in); err != nil {
		t.Fatal(err)
	}
	o.post(t, letter("ana@example.org"))
	o.work(t)
	if got := o.states(t); !strings.HasPrefix(got[0], "queued 1") {
		t.Fatalf("states = %q", got)
	}
	other.server(t, server, 2)
	if o.work(t); len(server.Messages()) != 1 {
		t.Errorf("%d messages after the settings were mended: %q", len(server.Messages()), o.states(t))
	}
	if strings.Contains(o.log.String()+strings.Join(o.states(t), ""), "wrong-7") {
		t.Error("the password is in the log or on the queue")
	}
}

func TestWithoutServerLettersAreKept(t *testing.T) {
	o := openOffice(t, migrated.Folder(t))
	o.post(t, letter("ana@example.org"))
	o.work(t)
	kept := o.kept(t)
	if len(kept) != 1 || kept[0].To != "ana@example.org" || len(kept[0].Links) != 1 || o.states(t)[0] != "done 1" {
		t.Errorf("kept %+v", kept)
	}
	if !strings.Contains(o.log.String(), "https://table.example.org/sign-in/link/abc") {
		t.Error("the log does not hold the link")
	}
	// From the moment a server is set up nothing is kept any more, and after it
	// is forgotten messages are kept again.
	server := mailtest.Start(t, mailtest.Options{})
	o.server(t, server, 0)
	o.post(t, letter("luis@example.org"))
	o.work(t)
	if len(server.Messages()) != 1 || len(o.kept(t)) != 1 {
		t.Errorf("%d sent, %d kept", len(server.Messages()), len(o.kept(t)))
	}
	if _, err := o.Installation.EditMail.Do(operation.WithActor(t.Context(), operation.System()), o.Door, installation.MailInput{Version: 1, Off: true}); err != nil {
		t.Fatal(err)
	}
	o.post(t, letter("mei@example.org"))
	o.work(t)
	if len(server.Messages()) != 1 || len(o.kept(t)) != 2 {
		t.Errorf("%d sent, %d kept", len(server.Messages()), len(o.kept(t)))
	}
}

// What one process kept another shows, also after a restart, until the link ends.
func TestEveryProcessShowsKeptLetters(t *testing.T) {
	dir := migrated.Folder(t)
	o := openOffice(t, dir)
	o.post(t, letter("ana@example.org"))
	o.work(t)
	other := openOffice(t, dir)
	if kept := other.kept(t); len(kept) != 1 || kept[0].To != "ana@example.org" || len(kept[0].Links) != 1 {
		t.Fatalf("another process shows %+v", kept)
	}
	for _, file := range []string{DatabaseFile, DatabaseFile + "-wal"} {
		raw, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("sign-in/link/abc")) {
			t.Errorf("the link lies open in %s", file)
		}
	}
	other.clock.Advance(15 * time.Minute)
	for _, chore := range other.chores() {
		if err := chore.Do(t.Context(), other.clock.Now()); err != nil {
			t.Errorf("%s: %v", chore.Name, err)
		}
	}
	if kept := o.kept(t); len(kept) != 0 {
		t.Errorf("kept after its link ended: %+v", kept)
	}
}

// A worker that vanishes after sending leaves its job to another, which sends the
// same message with the same id.
func TestTheIdOfAMessageIsItsJobs(t *testing.T) {
	o, server := openOffice(t, migrated.Folder(t)), mailtest.Start(t, mailtest.Options{})
	o.server(t, server, 0)
	server.Script(mailtest.Accepted, mailtest.Reply{Drop: true})
	o.post(t, letter("ana@example.org"))
	o.work(t)
	o.clock.Advance(time.Minute)
	o.work(t)
	got := server.Messages()
	if len(got) != 2 || got[0].Header.Get("Message-Id") == "" || got[0].Header.Get("Message-Id") != got[1].Header.Get("Message-Id") {
		t.Errorf("%d messages", len(got))
	}
}
