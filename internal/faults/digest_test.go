package faults_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/directory"
	settings "commontable/internal/backbone/installation"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/post"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	digestReaders = 250
	digestKills   = 6
)

// Killed again and again while it writes and sends the weekly letters, the program
// sends each person one letter: none is forgotten, none is written twice. The one
// whose delivery the mail server had no time to confirm may leave twice, under the
// same Message-ID, by which mail programs show it once.
func TestKilledInMidDigest(t *testing.T) {
	binary := build(t)
	sink := mailtest.Start(t, mailtest.Options{})
	folder := t.TempDir()
	digestPlanned(t, folder, sink)
	for range digestKills {
		before := len(sink.Messages())
		_, process := start(t, binary, folder)
		// The first kill may fall into the writing, the others into the sending.
		until := before + rand.IntN(25)
		for begun := time.Now(); len(sink.Messages()) < until && time.Since(begun) < 30*time.Second; time.Sleep(time.Millisecond) {
		}
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait() // killed
		endLeases(t, folder)
	}
	if n := len(sink.Messages()); n >= digestReaders {
		t.Fatalf("%d letters before the last start: no kill fell into the middle", n)
	}
	start(t, binary, folder)
	for begun := time.Now(); len(byReader(sink)) < digestReaders && time.Since(begun) < 2*time.Minute; time.Sleep(20 * time.Millisecond) {
	}
	time.Sleep(3 * time.Second) // whatever would come twice
	got, total := byReader(sink), len(sink.Messages())
	for n := range digestReaders {
		to := fmt.Sprintf("p%d@example.org", n)
		if len(got[to]) != 1 {
			t.Errorf("%s got %d letters", to, len(got[to]))
		}
	}
	if twice := total - digestReaders; twice > digestKills {
		t.Errorf("%d messages went out twice in %d kills", twice, digestKills)
	} else {
		t.Logf("%d letters, %d of them twice under the same Message-ID, after %d kills", digestReaders, twice, digestKills)
	}
}

// byReader are the different messages that each address got.
func byReader(sink *mailtest.Server) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, m := range sink.Messages() {
		if out[m.To[0]] == nil {
			out[m.To[0]] = map[string]bool{}
		}
		out[m.To[0]][m.Header.Get("Message-Id")] = true
	}
	return out
}

// digestPlanned prepares a collaborative with a mail server, people from whom
// something is due, and the work of a digest.
func digestPlanned(t *testing.T, folder string, sink *mailtest.Server) {
	t.Helper()
	a := open(t, app.Config{DataDir: folder})
	place := prepare(t, a)
	m, system := sink.Settings(), operation.WithActor(context.Background(), operation.System())
	if _, err := a.Installation.EditMail.Do(system, a.Door, settings.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots}); err != nil {
		t.Fatal(err)
	}
	c, err := a.Access.Collaborative(context.Background(), place.slug)
	if err != nil {
		t.Fatal(err)
	}
	ctx, yes := operation.WithCollaborative(system, c), true
	for n := range digestReaders {
		p, err := directory.CreatePerson.Do(ctx, a.Door, directory.PersonInput{GivenName: fmt.Sprintf("p%d", n), Email: fmt.Sprintf("p%d@example.org", n)})
		if err == nil {
			_, err = actions.Create.Do(ctx, a.Door, actions.Input{Text: "Call", OwnerPersonID: p.ID})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := letters.EditRules.Do(ctx, a.Door, letters.RulesPatch{Digest: &yes}); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if err := a.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		return jobs.Insert(tx, a.Access.Sealer(), now, c.ID, operation.Later{Kind: post.DigestKind, Payload: post.Day{On: now.Format(time.DateOnly)}})
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// endLeases makes the work of a dead program free at once, which otherwise takes two
// minutes.
func endLeases(t *testing.T, folder string) {
	t.Helper()
	a := open(t, app.Config{DataDir: folder})
	if err := a.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE jobs SET leased_until = $1 WHERE state = 'running'`, store.Micros(time.Now().Add(-time.Hour)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}
