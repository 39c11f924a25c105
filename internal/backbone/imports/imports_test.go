package imports_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/postgres"
)

// table is a collaborative into which files are brought.
type table struct {
	door  *operation.Door
	clock *clock.Fake
	place operation.Collaborative
}

// tables runs a test on both engines.
func tables(t *testing.T, test func(t *testing.T, at *table)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, newTable(t, store.Config{Path: filepath.Join(t.TempDir(), "test.db")}))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, newTable(t, store.Config{URL: postgres.Start(t).Database(t)}))
	})
}

func newTable(t testing.TB, cfg store.Config) *table {
	t.Helper()
	cfg.Migrations = schema.Files
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	registry, err := operation.NewRegistry(directory.Operations(), network.Operations(), imports.Operations(), operation.HistoryOperations())
	if err != nil {
		t.Fatal(err)
	}
	at := &table{clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))}
	at.door = &operation.Door{Store: s, Clock: at.clock, Permissions: backbone.ParsedPermissions(), Registry: registry, Relations: directory.Relations{}, Log: slog.New(slog.DiscardHandler),
		// The work is done by the test itself, through imports.Work.
		Enqueue: func(*store.InstallationTx, time.Time, operation.Collaborative, []operation.Later) error { return nil }}
	at.place = operation.Collaborative{ID: operation.NewCollaborativeID(), Slug: "maple-valley", Name: "Maple Valley", Zone: time.UTC, Language: "en"}
	if err := s.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, 'maple-valley', 'Maple Valley', '', '', '', 'UTC', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, at.place.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return at
}

func (at *table) as(roles ...operation.Role) context.Context {
	a := operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: roles, Via: operation.ViaSession}
	return operation.WithActor(operation.WithCollaborative(context.Background(), at.place), a)
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

// bring uploads a file and reads it.
func (at *table) bring(ctx context.Context, t testing.TB, name, kind string, content []byte) imports.Import {
	t.Helper()
	i := must[imports.Import](t)(imports.Begin.Do(ctx, at.door, imports.BeginInput{FileName: name, Size: int64(len(content)), Kind: kind}))
	for part := 0; part*imports.PartBytes < len(content); part++ {
		end := min((part+1)*imports.PartBytes, len(content))
		i = must[imports.Import](t)(imports.AddPart.Do(ctx, at.door, imports.PartInput{ID: i.ID, Part: int64(part), Content: content[part*imports.PartBytes : end]}))
	}
	return at.work(ctx, t, i.ID)
}

// work does the background work of an import.
func (at *table) work(ctx context.Context, t testing.TB, i imports.ID) imports.Import {
	t.Helper()
	if err := imports.Work(ctx, at.door, i); err != nil {
		t.Fatal(err)
	}
	return must[imports.Import](t)(imports.Get.Do(ctx, at.door, imports.Ref{ID: i}))
}

// plan takes the mapping that is offered, changed by edit, and plans.
func (at *table) plan(ctx context.Context, t testing.TB, i imports.Import, edit func(*imports.MapInput)) imports.Import {
	t.Helper()
	if i.State != imports.Mapping {
		t.Fatalf("state %s, problem %+v", i.State, i.Problem)
	}
	in := imports.MapInput{ID: i.ID, Version: i.Version, Kind: i.Kind, Fields: i.Plan.Fields, Rules: i.Plan.Rules, Fixed: i.Plan.Fixed}
	if edit != nil {
		edit(&in)
	}
	must[imports.Import](t)(imports.Map.Do(ctx, at.door, in))
	i = at.work(ctx, t, i.ID)
	if i.State != imports.Preview {
		t.Fatalf("state %s, problem %+v", i.State, i.Problem)
	}
	return i
}

// load writes what the preview shows.
func (at *table) load(ctx context.Context, t testing.TB, i imports.Import) imports.Import {
	t.Helper()
	must[imports.Import](t)(imports.Start.Do(ctx, at.door, imports.VersionRef{ID: i.ID, Version: i.Version}))
	i = at.work(ctx, t, i.ID)
	if i.State != imports.Done {
		t.Fatalf("state %s, problem %+v", i.State, i.Problem)
	}
	return i
}

func (at *table) records(ctx context.Context, t testing.TB, i imports.Import, action string) []imports.PlannedRecord {
	t.Helper()
	return must[operation.Page[imports.PlannedRecord]](t)(imports.ListRecords.Do(ctx, at.door, imports.ListRecordsInput{ID: i.ID, Action: action, Limit: 200})).Items
}

func (at *table) people(ctx context.Context, t testing.TB) []directory.Person {
	t.Helper()
	return must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{Limit: 200})).Items
}

const contacts = `First Name,Last Name,Email Address,Company,Job Title,Favourite colour,Status
Ana,Ruiz,ana@riverbend.org,Riverbend Health,Director,green,Subscribed
José,García,jose@school.example,Riverbend School,,blue,Unsubscribed
,,,,,,
Tom,Reed,not an address,Riverbend Health,,red,
Maya,Okafor,maya@okafor.example,,,"a, b",
`

func TestContacts(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		i := at.bring(ctx, t, "contacts.csv", "", []byte(contacts))
		if i.Kind != "people" || !slices.Equal(i.Plan.Fields, []string{"given_name", "family_name", "email", "organization", "title", "", "subscription"}) {
			t.Fatalf("kind %s, fields %q", i.Kind, i.Plan.Fields)
		}
		i = at.plan(ctx, t, i, func(in *imports.MapInput) { in.Fields[5] = "new:Favourite colour" })
		if i.Counts.Actions[imports.Create] != 3 || i.Counts.BadRows != 1 || i.Counts.Beside["organizations"] != 2 {
			t.Fatalf("counts %+v", i.Counts)
		}
		bad := must[operation.Page[imports.PlannedRow]](t)(imports.ListRows.Do(ctx, at.door, imports.ListRowsInput{ID: i.ID, Bad: true})).Items
		if len(bad) != 1 || bad[0].Line != 5 || bad[0].Faults[0].Column != 2 || bad[0].Faults[0].Key != "errors.not_an_email" {
			t.Fatalf("bad rows %+v", bad)
		}
		must[imports.Import](t)(imports.Fix.Do(ctx, at.door, imports.FixInput{ID: i.ID, Items: []imports.Cell{{Line: bad[0].Key, Column: 2, Value: "tom@reed.example"}}}))
		if i = at.work(ctx, t, i.ID); i.Counts.Actions[imports.Create] != 4 || i.Counts.BadRows != 0 {
			t.Fatalf("after the fix %+v", i.Counts)
		}
		i = at.load(ctx, t, i)
		people := at.people(ctx, t)
		if len(people) != 4 || i.Counts.Applied != 6 {
			t.Fatalf("%d people, counts %+v", len(people), i.Counts)
		}
		jose := people[slices.IndexFunc(people, func(p directory.Person) bool { return p.GivenName == "José" })]
		if !jose.NoMailings || jose.Affiliation == nil || jose.Affiliation.Organization != "Riverbend School" || jose.Custom["favourite_colour"] != "blue" {
			t.Errorf("José is %+v", jose)
		}

		again := at.bring(ctx, t, "contacts.csv", "", []byte(strings.Replace(contacts, "not an address", "tom@reed.example", 1)))
		if !again.Plan.Saved || again.Plan.Fields[5] != "own:favourite_colour" {
			t.Errorf("the mapping was not offered again: %+v", again.Plan)
		}
		if again = at.plan(ctx, t, again, nil); again.Counts.Actions[imports.Unchanged] != 4 || len(again.Counts.Actions) != 1 {
			t.Errorf("the same file again: %+v", again.Counts)
		}

		must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: i.ID}))
		if i = at.work(ctx, t, i.ID); i.State != imports.Undone || i.Counts.LeftOver != 0 {
			t.Errorf("undone: %s %+v", i.State, i.Counts)
		}
		organizations := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{}))
		fields := must[directory.FieldList](t)(directory.ListFields.Do(ctx, at.door, directory.ListFieldsInput{Kind: directory.PersonKind, Retired: true}))
		if n := len(at.people(ctx, t)); n != 0 || len(organizations.Items) != 0 || organizations.Total != 0 || len(fields.Items) != 0 {
			t.Errorf("after the undo: %d people, %d organizations, %d fields", n, len(organizations.Items), len(fields.Items))
		}
	})
}

// shared reads a real file that lies beside the project, or the excerpt of it
// that the project keeps.
func shared(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", path))
	if err != nil {
		raw, err = os.ReadFile(filepath.Join("testdata", filepath.Base(path)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestFoundation(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		groups := at.bring(ctx, t, "groups.csv", "", shared(t, "open-source-foundation/groups.csv"))
		if groups.Kind != "bodies" {
			t.Fatalf("groups are taken for %s: %q", groups.Kind, groups.Plan.Fields)
		}
		groups = at.plan(ctx, t, groups, nil)
		t.Logf("groups: %+v", groups.Counts)
		at.load(ctx, t, groups)

		seats := at.bring(ctx, t, "seats.csv", "", shared(t, "open-source-foundation/seats.csv"))
		if seats.Kind != "seats" {
			t.Fatalf("seats are taken for %s: %q", seats.Kind, seats.Plan.Fields)
		}
		seats = at.plan(ctx, t, seats, nil)
		t.Logf("seats: %+v", seats.Counts)
		for _, r := range at.records(ctx, t, seats, imports.Doubt) {
			t.Logf("doubt: %s %s: %+v", r.Kind, r.Title, r.Match.Candidates)
		}
		seats = at.load(ctx, t, seats)
		t.Logf("loaded: %+v", seats.Counts)
		for _, r := range must[operation.Page[imports.FailedRow]](t)(imports.ListFailures.Do(ctx, at.door, imports.FailuresInput{ID: seats.ID})).Items {
			t.Logf("failed: %q %+v", r.Cells, r.Reasons)
		}
	})
}
