package security_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// After erasing, no byte of the database tells who the person was, while what
// they did is counted; and an older backup does not bring them back.
func TestErasedPeopleLeaveNoByte(t *testing.T) {
	dir := t.TempDir()
	o := office(t, dir)
	system := operation.WithActor(t.Context(), operation.System())
	k, err := collaborative.Create.Do(system, o.Door, collaborative.CreateInput{Name: "Maple"})
	if err != nil {
		t.Fatal(err)
	}
	here := operation.WithCollaborative(system, operation.Collaborative{ID: k.ID, Language: "en", Zone: time.UTC})
	org, err := directory.CreateOrganization.Do(here, o.Door, directory.OrganizationInput{Name: "Harbor School"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := directory.CreatePerson.Do(operation.WithIdempotencyKey(here, "once"), o.Door, directory.PersonInput{GivenName: "Wilhelmina", FamilyName: "Quixote", Email: "wilhelmina@quixote.example", Phone: "555 0147 221", Notes: "zanzibarnote", OrganizationID: org.ID, Title: "Pharologist"})
	if err != nil {
		t.Fatal(err)
	}
	given := "Minnie"
	if p, err = directory.EditPerson.Do(here, o.Door, directory.PersonPatch{ID: p.ID, Version: p.Version, GivenName: &given}); err != nil {
		t.Fatal(err)
	}
	twin, err := directory.CreatePerson.Do(here, o.Door, directory.PersonInput{GivenName: "Minerva", FamilyName: "Quixote", Email: "minerva@quixote.example"})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = directory.MergePeople.Do(here, o.Door, directory.PersonMerge{ID: p.ID, Version: p.Version, MergeID: twin.ID, MergeVersion: 1}); err != nil {
		t.Fatal(err)
	}
	body, err := directory.CreateBody.Do(here, o.Door, directory.BodyInput{Name: "Table", Kind: "leadership_table"})
	if err != nil {
		t.Fatal(err)
	}
	seat, err := directory.CreateSeat.Do(here, o.Door, directory.SeatInput{BodyID: body.ID, Role: "chair", From: "2018-01-01", Terms: []directory.TermInput{{PersonID: p.ID, From: "2018-01-01"}}})
	if err != nil {
		t.Fatal(err)
	}
	notes := "Ask Minnie Quixote, or minerva@quixote.example."
	if org, err = directory.EditOrganization.Do(here, o.Door, directory.OrganizationPatch{ID: org.ID, Version: org.Version, Notes: &notes}); err != nil {
		t.Fatal(err)
	}
	if _, err := directory.CreateTouch.Do(here, o.Door, directory.TouchInput{OrganizationID: org.ID, About: "Wilhelmina Quixote sends her regards."}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Access.Invite.Do(here, o.Door, access.InviteInput{Person: p.ID, Roles: []operation.Role{operation.TableMember}}); err != nil {
		t.Fatal(err)
	}
	if _, err := directory.SearchResemblances.Do(here, o.Door, operation.None{}); err != nil {
		t.Fatal(err)
	}
	telling := []string{"Wilhelmina", "Minnie", "Minerva", "Quixote", "quixote", "wilhelmina", "minnie", "555 0147", "zanzibarnote", "Pharologist", "pharologist"}
	if found := bytesOf(t, dir, telling); len(found) < 5 {
		t.Fatalf("before: only %q is found: the test looks in the wrong place", found)
	}
	backup := filepath.Join(t.TempDir(), "backup.zip")
	if _, err := o.Store.BackupFile(t.Context(), backup, store.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := directory.ErasePerson.Do(here, o.Door, directory.Erase{ID: p.ID, Version: p.Version, Name: "Somebody Else"}); operation.KindOf(err) != operation.Invalid {
		t.Errorf("with another name: %v", err)
	}
	if _, err := directory.ErasePerson.Do(here, o.Door, directory.Erase{ID: p.ID, Version: p.Version, Name: "minnie quixote"}); err != nil {
		t.Fatal(err)
	}
	work(t, o)
	nothing := func(o *app.App, dir string) {
		t.Helper()
		if found := bytesOf(t, dir, telling); len(found) > 0 {
			t.Errorf("still there: %q", found)
		}
		x, err := directory.GetSeat.Do(here, o.Door, directory.SeatRef{ID: seat.ID})
		if err != nil || len(x.Terms) != 1 || x.Terms[0].PersonID != p.ID || x.Terms[0].Person != "" || x.Role != "chair" {
			t.Errorf("the chair: %+v, %v", x, err)
		}
		for _, trash := range []bool{false, true} {
			if page, err := directory.ListPeople.Do(here, o.Door, directory.ListPeopleInput{Trash: trash}); err != nil || len(page.Items) != 0 || page.Total != 0 {
				t.Errorf("people: %+v, %v", page, err)
			}
		}
		if _, err := directory.GetPerson.Do(here, o.Door, directory.PersonRef{ID: p.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("their page: %v", err)
		}
	}
	nothing(o, dir)
	keepErasures(t, o)
	raw, err := os.ReadFile(filepath.Join(dir, app.ErasuresFile))
	if err != nil || strings.Count(string(raw), "\n") != 2 || !strings.Contains(string(raw), p.ID.String()) {
		t.Errorf("the list: %q, %v", raw, err)
	}

	// The older backup, in a data folder that keeps the list.
	other := t.TempDir()
	for _, name := range []string{app.ErasuresFile, app.KeyFile} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(other, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := o.Config
	cfg.DataDir = other
	if _, err := store.Restore(t.Context(), app.StoreConfig(cfg), backup, store.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	restored := office(t, other)
	if found := bytesOf(t, other, telling); len(found) < 5 {
		t.Fatalf("restored: only %q", found)
	}
	keepErasures(t, restored)
	work(t, restored)
	nothing(restored, other)
}

// bytesOf are the words that stand in the database's files.
func bytesOf(t *testing.T, dir string, words []string) (found []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, app.DatabaseFile)+"?_pragma=busy_timeout(10000)") // the program itself may be reading
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var busy, log, done int
	if err := db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done); err != nil || busy != 0 {
		t.Fatal(busy, err)
	}
	for _, name := range []string{app.DatabaseFile, app.DatabaseFile + "-wal"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, word := range words {
			if bytes.Contains(raw, []byte(word)) {
				found = append(found, word)
			}
		}
	}
	return found
}

// office is the program on a data folder, without its faces.
func office(t *testing.T, dir string) *app.App {
	t.Helper()
	base, err := url.Parse("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), app.Config{DataDir: dir, BaseURL: base, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func work(t *testing.T, a *app.App) {
	t.Helper()
	if _, err := a.Worker.Work(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func keepErasures(t *testing.T, a *app.App) {
	t.Helper()
	for _, chore := range a.Worker.Chores {
		if chore.Name == "people who were erased" {
			if err := chore.Do(context.Background(), a.Config.Clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
