package imports_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
	"commontable/internal/testing/migrated"
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
		test(t, newTable(t, store.Config{Path: migrated.File(t)}))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, newTable(t, store.Config{URL: migrated.Database(t)}))
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

const contacts = `First Name,Last Name,Email Address,Company,Job Title,Favourite colour,Status,Represents
Ana,Ruiz,ana@riverbend.org,Riverbend Health,Director,green,Subscribed,no
José,García,jose@school.example,Riverbend School,,blue,Unsubscribed,yes
,,,,,,,
Tom,Reed,not an address,Riverbend Health,,red,,
Maya,Okafor,maya@okafor.example,,,"a, b",,
`

func TestContacts(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		i := at.bring(ctx, t, "contacts.csv", "", []byte(contacts))
		if i.Kind != "people" || !slices.Equal(i.Plan.Fields, []string{"given_name", "family_name", "email", "organization", "title", "", "subscription", "represents"}) {
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
		groups = at.load(ctx, t, at.plan(ctx, t, groups, nil))
		if groups.Counts.Applied != 35 || groups.Counts.BadRows != 0 {
			t.Errorf("groups: %+v", groups.Counts)
		}

		raw := shared(t, "open-source-foundation/seats.csv")
		seats := at.bring(ctx, t, "seats.csv", "", raw)
		if seats.Kind != "seats" {
			t.Fatalf("seats are taken for %s: %q", seats.Kind, seats.Plan.Fields)
		}
		seats = at.plan(ctx, t, seats, nil)
		doubts := at.records(ctx, t, seats, imports.Doubt)
		if len(doubts) == 0 || int64(len(doubts)) != seats.Counts.Doubts {
			t.Errorf("%d doubts, counted %d", len(doubts), seats.Counts.Doubts)
		}
		seats = at.load(ctx, t, at.agree(ctx, t, seats))
		if seats.Counts.Refused != 0 || seats.Counts.Actions[imports.Create] != 286 {
			t.Errorf("seats: %+v", seats.Counts)
		}
		// Each organization once, however it is spelled in the file.
		names := map[string]int{}
		for _, o := range must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{Limit: 200})).Items {
			names[strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(o.Name, " GmbH"), ", Inc"))]++
		}
		for name, n := range names {
			if n > 1 {
				t.Errorf("%s is there %d times", name, n)
			}
		}
		// The tally of the file itself, counted without any of our code.
		want := map[string]int{}
		for _, row := range must[[][]string](t)(csv.NewReader(bytes.NewReader(raw)).ReadAll())[1:] {
			want[row[4]]++
		}
		got := map[string]int{}
		after := ""
		for {
			page := must[operation.Page[directory.Seat]](t)(directory.ListSeats.Do(ctx, at.door, directory.ListSeatsInput{Limit: 200, After: after}))
			got["current"] += len(page.Items)
			if after = page.Next; after == "" {
				break
			}
		}
		if got["current"] != want["current"] {
			t.Errorf("%d seats are there today, the file has %d", got["current"], want["current"])
		}

		again := at.plan(ctx, t, at.bring(ctx, t, "seats.csv", "", raw), nil)
		if again.Counts.Actions[imports.Unchanged] != 286 || len(again.Counts.Actions) != 1 || again.Counts.Doubts != 0 || len(again.Counts.Beside) != 0 {
			t.Errorf("the same file again: %+v", again.Counts)
			for _, action := range []string{imports.Create, imports.Update, imports.Doubt} {
				for _, r := range at.records(ctx, t, again, action) {
					t.Logf("%s: %s %q %+v", action, r.Kind, r.Title, r.Changes)
				}
			}
		}
	})
}

// agree says of every doubt that the first that is offered is right.
func (at *table) agree(ctx context.Context, t testing.TB, i imports.Import) imports.Import {
	t.Helper()
	for range 5 {
		var in imports.DecideInput
		for _, r := range at.records(ctx, t, i, imports.Doubt) {
			first := r.Match.Candidates[0]
			d := imports.Decision{Record: r.Number, Is: imports.DecidedTarget, Target: first.Target}
			if first.Record > 0 {
				d = imports.Decision{Record: r.Number, Is: imports.DecidedLike, Like: first.Record}
			}
			in.Items = append(in.Items, d)
		}
		if len(in.Items) == 0 {
			return i
		}
		in.ID = i.ID
		must[imports.Import](t)(imports.Decide.Do(ctx, at.door, in))
		i = at.work(ctx, t, i.ID)
	}
	t.Fatalf("doubts remain: %+v", i.Counts)
	return i
}

func TestAttendance(t *testing.T) {
	at := newTable(t, store.Config{Path: migrated.File(t)})
	ctx := at.as(operation.Director)
	raw := shared(t, "standards-committee/attendance.csv")
	i := at.bring(ctx, t, "attendance.csv", "people", raw)
	i = at.plan(ctx, t, i, nil)
	t.Logf("fields %q, counts %+v", i.Plan.Fields, i.Counts)
	if i.Counts.BadRows != 0 || i.Counts.Doubts == 0 {
		t.Errorf("counts %+v", i.Counts)
	}
	i = at.load(ctx, t, at.agree(ctx, t, i))
	t.Logf("loaded %+v", i.Counts)
	again := at.plan(ctx, t, at.bring(ctx, t, "attendance.csv", "people", raw), nil)
	if again.Counts.Actions[imports.Create]+again.Counts.Actions[imports.Update] != 0 || again.Counts.Doubts != 0 {
		t.Errorf("the same file again: %+v", again.Counts)
		for _, action := range []string{imports.Create, imports.Update, imports.Doubt} {
			for _, r := range at.records(ctx, t, again, action) {
				t.Logf("%s: %s %q %+v %+v", action, r.Kind, r.Title, r.Changes, r.Match)
			}
		}
	}
}

func TestGraduation(t *testing.T) {
	at := newTable(t, store.Config{Path: migrated.File(t)})
	ctx := at.as(operation.Director)
	i := at.bring(ctx, t, "2012_grad.csv", "", shared(t, "graduation/2012_grad.csv"))
	if i.Kind != "figures" {
		t.Fatalf("taken for %s: %q", i.Kind, i.Plan.Fields)
	}
	year := i.File.Columns[0]
	if len(year.Findings) == 0 || year.Findings[0].Kind != "year_spans" || year.Findings[0].Count != year.Filled-1 || // the last row says "end of worksheet"
		i.Plan.Rules["0"] != "span_years" {
		t.Errorf("the years: %+v, rules %v", year.Findings, i.Plan.Rules)
	}
	blank := false
	for _, c := range i.File.Columns {
		blank = blank || c.Filled < i.File.Rows
	}
	if !blank {
		t.Error("no column with blank cells was found; this file has some")
	}
	i = at.plan(ctx, t, i, nil)
	first := at.records(ctx, t, i, imports.Create)
	if len(first) == 0 || !slices.Contains(first[0].Given, imports.Given{Field: "period", Value: "2011-12"}) {
		t.Errorf("the first record is %+v", first[:min(1, len(first))])
	}
	_, err := imports.Start.Do(ctx, at.door, imports.VersionRef{ID: i.ID, Version: i.Version})
	if operation.KindOf(err) != operation.Conflict {
		t.Errorf("figures could be loaded: %v", err)
	}
}

func TestUndoLeavesLaterEditsAlone(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		old := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Ana", FamilyName: "Ruiz", Email: "ana@riverbend.org", Phone: "1"}))
		i := at.bring(ctx, t, "c.csv", "people", []byte("First Name,Last Name,Email,Phone,Language\nAna,Ruiz,ana@riverbend.org,2,fr\nTom,Reed,tom@reed.example,3,en\n"))
		i = at.plan(ctx, t, i, nil)
		if changes := at.records(ctx, t, i, imports.Update); len(changes) != 1 || !slices.Equal(changes[0].Changes, []imports.Change{{Field: "language", Old: "", New: "fr", Value: "fr"}, {Field: "phone", Old: "1", New: "2", Value: "2"}}) {
			t.Errorf("changes %+v", changes)
		}
		i = at.load(ctx, t, i)
		now := must[directory.Person](t)(directory.GetPerson.Do(ctx, at.door, directory.PersonRef{ID: old.ID}))
		phone := "4"
		must[directory.Person](t)(directory.EditPerson.Do(ctx, at.door, directory.PersonPatch{ID: old.ID, Version: now.Version, Phone: &phone}))
		for _, p := range at.people(ctx, t) {
			if p.GivenName == "Tom" {
				must[directory.Person](t)(directory.EditPerson.Do(ctx, at.door, directory.PersonPatch{ID: p.ID, Version: p.Version, Phone: &phone}))
			}
		}
		must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: i.ID}))
		i = at.work(ctx, t, i.ID)
		now = must[directory.Person](t)(directory.GetPerson.Do(ctx, at.door, directory.PersonRef{ID: old.ID}))
		if now.Phone != "4" || now.Language != "" || i.Counts.LeftOver != 2 || len(at.people(ctx, t)) != 2 {
			t.Errorf("now %q %q, counts %+v", now.Phone, now.Language, i.Counts)
		}
		left := must[operation.Page[imports.DoneChange]](t)(imports.ListChanges.Do(ctx, at.door, imports.ListChangesInput{ID: i.ID, Left: true})).Items
		if len(left) != 2 || !slices.Equal(left[0].Left.Fields, []string{"phone"}) || left[1].Left.Reason != "errors.changed_since" {
			t.Errorf("left alone: %+v", left)
		}
	})
}

// A permission that is withdrawn ends the work at its next step.
func TestWorkStopsWithThePermission(t *testing.T) {
	at := newTable(t, store.Config{Path: migrated.File(t)})
	ctx := at.as(operation.Director)
	i := at.plan(ctx, t, at.bring(ctx, t, "contacts.csv", "", []byte(contacts)), nil)
	must[imports.Import](t)(imports.Start.Do(ctx, at.door, imports.VersionRef{ID: i.ID, Version: i.Version}))
	if err := imports.Work(at.as(operation.TableMember), at.door, i.ID); operation.KindOf(err) != operation.Forbidden {
		t.Errorf("somebody without the right went on: %v", err)
	}
	if n := len(at.people(ctx, t)); n != 0 {
		t.Errorf("%d people were written", n)
	}
}

// A server and the command line may go on with one import at once: one of them
// does, and nothing is read or written twice.
func TestTwoGoOnWithOneImport(t *testing.T) {
	at := newTable(t, store.Config{Path: migrated.File(t)})
	ctx := at.as(operation.Director)
	var file strings.Builder
	file.WriteString("First name,Last name,E-mail\n")
	for n := range 3000 {
		// Names that resemble no other: nobody is there to be asked.
		sum := sha256.Sum256(fmt.Append(nil, n))
		word := strings.Map(func(r rune) rune { return 'a' + (r-'0')%26 }, hex.EncodeToString(sum[:12]))
		fmt.Fprintf(&file, "%s,%s,p%d@example.org\n", word[:10], word[10:], n)
	}
	together := func(i imports.ID) imports.Import {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for {
					err := imports.Work(ctx, at.door, i)
					if operation.KindOf(err) != operation.Unavailable {
						if err != nil {
							t.Error(err)
						}
						return
					}
					time.Sleep(time.Millisecond)
				}
			})
		}
		all.Wait()
		return must[imports.Import](t)(imports.Get.Do(ctx, at.door, imports.Ref{ID: i}))
	}
	raw := []byte(file.String())
	i := must[imports.Import](t)(imports.Begin.Do(ctx, at.door, imports.BeginInput{FileName: "many.csv", Size: int64(len(raw))}))
	must[imports.Import](t)(imports.AddPart.Do(ctx, at.door, imports.PartInput{ID: i.ID, Content: raw}))
	i = together(i.ID)
	must[imports.Import](t)(imports.Map.Do(ctx, at.door, imports.MapInput{ID: i.ID, Version: i.Version, Kind: i.Kind, Fields: i.Plan.Fields}))
	if i = together(i.ID); i.State != imports.Preview || i.Counts.Rows != 3000 || i.Counts.Actions[imports.Create] != 3000 {
		t.Fatalf("%s %+v %+v", i.State, i.Problem, i.Counts)
	}
	must[imports.Import](t)(imports.Start.Do(ctx, at.door, imports.VersionRef{ID: i.ID, Version: i.Version}))
	if i = together(i.ID); i.State != imports.Done || i.Counts.Applied != 3000 {
		t.Fatalf("%s %+v %+v", i.State, i.Problem, i.Counts)
	}
	if total := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{Limit: 1})).Total; total != 3000 {
		t.Errorf("%d people", total)
	}
}

// A fault at any statement of the background work loses nothing and doubles
// nothing: whoever goes on brings it to the same end.
func TestWorkSurvivesFaults(t *testing.T) {
	at := newTable(t, store.Config{Path: migrated.File(t)})
	ctx := at.as(operation.Director)
	fault := errors.New("a fault of the test")
	for step := range 12 {
		// Each time the work is broken at other statements, over and over.
		broken := func(i imports.ID) imports.Import {
			for again := range 200 {
				left := 5 + step*3 + again*(step+4)
				at.door.Store.FailWith(func(string) error {
					if left--; left == 0 {
						return fault
					}
					return nil
				})
				err := imports.Work(ctx, at.door, i)
				at.door.Store.FailWith(nil)
				at.clock.Advance(3 * time.Minute) // whoever broke off is waited for no longer
				if err == nil {
					return must[imports.Import](t)(imports.Get.Do(ctx, at.door, imports.Ref{ID: i}))
				}
			}
			t.Fatal("the work never ended")
			return imports.Import{}
		}
		raw := []byte(fmt.Sprintf("First name,Last name,E-mail,Organization\nAda%d,Lovelace,ada%d@x.example,Engines\nGrace%d,Hopper,grace%d@x.example,Engines\nBad,Cell,none,\n", step, step, step, step))
		i := must[imports.Import](t)(imports.Begin.Do(ctx, at.door, imports.BeginInput{FileName: "f.csv", Size: int64(len(raw)), Kind: "people"}))
		must[imports.Import](t)(imports.AddPart.Do(ctx, at.door, imports.PartInput{ID: i.ID, Content: raw}))
		i = broken(i.ID)
		must[imports.Import](t)(imports.Map.Do(ctx, at.door, imports.MapInput{ID: i.ID, Version: i.Version, Kind: i.Kind, Fields: i.Plan.Fields}))
		if i = broken(i.ID); i.Counts.Rows != 3 || i.Counts.BadRows != 1 || i.Counts.Actions[imports.Create] != 2 {
			t.Fatalf("%d: planned %+v", step, i.Counts)
		}
		must[imports.Import](t)(imports.Start.Do(ctx, at.door, imports.VersionRef{ID: i.ID, Version: i.Version}))
		i = broken(i.ID)
		if n := len(at.people(ctx, t)); n != 2 || i.State != imports.Done || i.Counts.Refused != 0 {
			t.Fatalf("%d: %s, %d people, %+v", step, i.State, n, i.Counts)
		}
		must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: i.ID}))
		if i = broken(i.ID); len(at.people(ctx, t)) != 0 || i.State != imports.Undone || i.Counts.LeftOver != 0 {
			t.Fatalf("%d: undone %s, %d people, %+v", step, i.State, len(at.people(ctx, t)), i.Counts)
		}
	}
}
