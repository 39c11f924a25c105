package takeout_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/sample"
	"commontable/internal/testing/migrated"
	"commontable/internal/testing/postgres"
)

var ctx = context.Background()

// everything asks for all there is.
var everything = takeout.Options{Private: true, History: true}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// house is an installation of its own.
func house(t testing.TB, engine string) *app.App {
	t.Helper()
	database := ""
	if engine == "postgres" {
		database = migrated.Database(t)
	}
	return houseIn(t, database, migrated.Folder(t))
}

func houseIn(t testing.TB, database, folder string) *app.App {
	t.Helper()
	a, err := app.Open(ctx, config(database, folder))
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

func config(database, folder string) app.Config {
	return app.Config{DataDir: folder, DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"}, Clock: clock.Fixed(noon), Log: slog.New(slog.DiscardHandler)}
}

// story is an installation in which the sample is told, made once on an engine for all
// tests, since telling it takes far longer than copying it.
type story struct {
	once             sync.Once
	told             bool
	folder, database string
	drop             func() error
}

var stories = map[string]*story{"sqlite": {}, "postgres": {}}

func TestMain(m *testing.M) {
	status := m.Run()
	for _, s := range stories {
		err := os.RemoveAll(s.folder)
		if s.drop != nil {
			err = errors.Join(err, s.drop())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = max(status, 1)
		}
	}
	os.Exit(status)
}

// told is an installation with the sample collaborative.
func told(t testing.TB, engine string) *app.App {
	t.Helper()
	s := stories[engine]
	s.once.Do(func() {
		var err error
		if s.folder, err = os.MkdirTemp("", "commontable-story-"); err != nil {
			t.Fatal(err)
		}
		if engine == "postgres" {
			s.database, s.drop = postgres.Start(t).Lasting(t)
		}
		a, err := app.Open(ctx, config(s.database, s.folder))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sample.Build(ctx, a, sample.Options{Seed: 7}); err != nil {
			t.Fatal(err)
		}
		lived(t, a)
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		s.told = true
	})
	if !s.told {
		t.Fatal("the story could not be told; see the first test that needed it")
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(s.folder)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, app.KeyFile), 0o600); err != nil { // CopyFS makes files for everybody
		t.Fatal(err)
	}
	database := ""
	if engine == "postgres" {
		database = postgres.Start(t).Like(t, s.database)
	}
	return houseIn(t, database, folder)
}

// lived does to the sample what the story leaves out: own fields, confidence,
// merges, decisions, the trash, an erasure.
func lived(t testing.TB, a *app.App) {
	t.Helper()
	c := within(t, a, sample.Slug)
	organizations := got(directory.ListOrganizations.Do(c, a.Door, directory.ListOrganizationsInput{Limit: 10}))(t).Items
	people := got(directory.ListPeople.Do(c, a.Door, directory.ListPeopleInput{Limit: 50}))(t).Items
	people = slices.DeleteFunc(people, func(p directory.Person) bool {
		return slices.ContainsFunc(sample.Told().Cast, func(m sample.Player) bool { return m.Email == p.Email })
	})
	tags := []string{"=dangerous", "Été"}
	o := organizations[0]
	got(directory.EditOrganization.Do(c, a.Door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Tags: &tags, Custom: map[string]string{"children_reached_in_a_year": "120"}}))(t)
	needs, yes := confided, "yes"
	p := got(directory.SetPrivate.Do(c, a.Door, directory.PersonPrivate{ID: people[0].ID, Version: people[0].Version, AccessNeeds: &needs, LivedExperience: &yes}))(t)
	got(directory.MergePeople.Do(c, a.Door, directory.PersonMerge{ID: p.ID, Version: p.Version, MergeID: people[1].ID, MergeVersion: people[1].Version}))(t)
	got(directory.MergeOrganizations.Do(c, a.Door, directory.OrganizationMerge{ID: organizations[2].ID, Version: organizations[2].Version, MergeID: organizations[3].ID, MergeVersion: organizations[3].Version}))(t)
	got(directory.TrashPerson.Do(c, a.Door, directory.PersonVersion{ID: people[2].ID, Version: people[2].Version}))(t)
	got(directory.ErasePerson.Do(c, a.Door, directory.Erase{ID: people[3].ID, Version: people[3].Version, Name: people[3].Name()}))(t)
	got(directory.DecideResemblance.Do(c, a.Door, directory.Decide{Kind: directory.PersonKind, First: directory.RecordID(people[4].ID), Second: directory.RecordID(people[5].ID), Decision: directory.DifferentDecision}))(t)
	bodies := got(directory.ListBodies.Do(c, a.Door, directory.ListBodiesInput{Limit: 10}))(t).Items
	// The older body reports to the newer one, so its parent comes later.
	slices.SortFunc(bodies, func(a, b directory.Body) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	first, last := bodies[0], bodies[len(bodies)-1]
	var none directory.BodyID
	if !last.ParentID.IsZero() {
		last = got(directory.EditBody.Do(c, a.Door, directory.BodyPatch{ID: last.ID, Version: last.Version, ParentID: &none}))(t)
	}
	got(directory.EditBody.Do(c, a.Door, directory.BodyPatch{ID: first.ID, Version: first.Version, ParentID: &last.ID}))(t)
	brought(t, c, a)
}

// brought gives a meeting two versions of a file, one of another that was withdrawn and
// has the same bytes, and an address.
func brought(t testing.TB, c context.Context, a *app.App) {
	t.Helper()
	m := got(convening.ListMeetings.Do(c, a.Door, convening.ListMeetingsInput{Limit: 1}))(t).Items[0].ID
	upload := func(name, content string) materials.UploadID {
		u := got(a.Materials.Begin.Do(c, a.Door, materials.BeginInput{MeetingID: m, FileName: name}))(t)
		got(a.Materials.AddPart.Do(c, a.Door, materials.PartInput{MeetingID: m, ID: u.ID, Content: []byte(content), Last: true}))(t)
		return u.ID
	}
	one := got(a.Materials.Create.Do(c, a.Door, materials.Input{MeetingID: m, UploadID: upload("Budget é.pdf", "%PDF-1.4 one"), ForInvited: true}))(t)
	got(a.Materials.AddVersion.Do(c, a.Door, materials.VersionInput{MeetingID: m, ID: one.ID, Version: one.Version, UploadID: upload("Budget.pdf", "%PDF-1.4 two"), Note: "as decided"}))(t)
	two := got(a.Materials.Create.Do(c, a.Door, materials.Input{MeetingID: m, UploadID: upload("copy.pdf", "%PDF-1.4 two")}))(t)
	got(materials.Withdraw.Do(c, a.Door, materials.NumberInput{MeetingID: m, ID: two.ID, Version: two.Version, Number: 1}))(t)
	got(a.Materials.Create.Do(c, a.Door, materials.Input{MeetingID: m, Link: "https://data.example/report"}))(t)
	shown(t, c, a)
}

// shown gives something that was given a file and an address that show it, and one more
// in the trash.
func shown(t testing.TB, c context.Context, a *app.App) {
	t.Helper()
	k := got(commitments.List.Do(c, a.Door, commitments.ListInput{Limit: 1}))(t).Items[0].ID
	d := got(commitments.AddDelivery.Do(c, a.Door, commitments.DeliveryInput{CommitmentID: k, Amount: 100}))(t)
	u := got(a.Materials.BeginEvidence.Do(c, a.Door, materials.BeginEvidence{CommitmentID: k, FileName: "Receipt.pdf"}))(t)
	got(a.Materials.AddEvidencePart.Do(c, a.Door, materials.EvidencePart{CommitmentID: k, ID: u.ID, Content: []byte("%PDF-1.4 receipt"), Last: true}))(t)
	got(a.Materials.AddEvidence.Do(c, a.Door, materials.EvidenceInput{CommitmentID: k, DeliveryID: d.ID, Title: "Paid in May", UploadID: u.ID}))(t)
	got(a.Materials.AddEvidence.Do(c, a.Door, materials.EvidenceInput{CommitmentID: k, DeliveryID: d.ID, Link: "https://photos.example/fair"}))(t)
	gone := got(a.Materials.AddEvidence.Do(c, a.Door, materials.EvidenceInput{CommitmentID: k, DeliveryID: d.ID, Link: "https://photos.example/wrong"}))(t)
	got(materials.TrashEvidence.Do(c, a.Door, materials.EvidenceVersion{CommitmentID: k, ID: gone.ID, Version: gone.Version}))(t)
}

// confided is what one person told in confidence.
const confided = "A ramp and a quiet room, please."

func got[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func system() context.Context { return operation.WithActor(ctx, operation.System()) }

// within is a context of the program itself in a collaborative.
func within(t testing.TB, a *app.App, slug string) context.Context {
	t.Helper()
	page, err := collaborative.List.Do(system(), a.Door, collaborative.ListInput{All: true, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Items {
		if c.Slug == slug {
			return operation.WithCollaborative(system(), operation.Collaborative{ID: c.ID, Slug: slug, Name: c.Name, Zone: time.UTC, Language: "en"})
		}
	}
	t.Fatalf("no collaborative %s", slug)
	return nil
}

// taken is an archive of the sample collaborative.
func taken(t testing.TB, a *app.App, o takeout.Options) []byte {
	t.Helper()
	return takenOf(t, a, sample.Slug, o)
}

func takenOf(t testing.TB, a *app.App, slug string, o takeout.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	place := operation.CollaborativeFrom(within(t, a, slug))
	if err := a.Takeouts.Write(ctx, place.ID, &out, o, func(takeout.Progress) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func load(a *app.App, raw []byte) (takeout.Loaded, error) {
	in, err := archive.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return takeout.Loaded{}, err
	}
	return a.Takeouts.Load.Do(system(), a.Door, takeout.LoadInput{Archive: in})
}

// files are the entries of an archive by name.
func files(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(content)
	}
	return out
}

// same compares two archives and names the first line that differs.
func same(t testing.TB, want, got []byte) {
	t.Helper()
	if bytes.Equal(want, got) {
		return
	}
	before, after := files(t, want), files(t, got)
	for name, text := range before {
		one, two := strings.Split(text, "\n"), strings.Split(after[name], "\n")
		for i := range one {
			if i >= len(two) || one[i] != two[i] {
				other := "(nothing)"
				if i < len(two) {
					other = two[i]
				}
				t.Errorf("%s:%d differs:\n%s\n%s", name, i+1, one[i], other)
				break
			}
		}
	}
	t.Errorf("the archives differ: %d and %d bytes, %d and %d files", len(want), len(got), len(before), len(after))
}
