package takeout_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/clock"
	"commontable/internal/sample"
)

// An import that is taken back leaves nothing: what can be taken away is, byte
// for byte, what it was before. The audit log alone tells of both.
func TestAnImportTakenBackLeavesNothing(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			a := told(t, engine)
			c := within(t, a, sample.Slug)
			before := taken(t, a, takeout.Options{Private: true})
			var done []imports.ID
			for _, file := range []struct {
				name, kind string
				content    []byte
				edit       func(*imports.MapInput)
			}{
				{"people.csv", "people", []byte(changedPeople(t, a, c)), func(in *imports.MapInput) { in.Fields[len(in.Fields)-1] = "new:Shoe size" }},
				{"organizations.csv", "organizations", []byte(changedOrganizations(t, a, c)), nil},
				{"seats.csv", "seats", realFile(t, "open-source-foundation/seats.csv"), nil},
				{"groups.csv", "bodies", realFile(t, "open-source-foundation/groups.csv"), nil},
			} {
				i := bring(c, t, a, file.name, file.kind, file.content, file.edit)
				if i.Counts.Applied == 0 || i.Counts.Refused > 20 {
					t.Fatalf("%s: %+v", file.name, i.Counts)
				}
				done = append(done, i.ID)
				a.Config.Clock.(*clock.Fake).Advance(30 * time.Hour)
			}
			if string(taken(t, a, takeout.Options{Private: true})) == string(before) {
				t.Fatal("the imports changed nothing: the test is blind")
			}
			for n := len(done) - 1; n >= 0; n-- {
				if _, err := imports.Undo.Do(c, a.Door, imports.Ref{ID: done[n]}); err != nil {
					t.Fatal(err)
				}
				i := worked(c, t, a, done[n])
				if i.State != imports.Undone || i.Counts.LeftOver != 0 {
					t.Fatalf("%s %+v", i.State, i.Counts)
				}
			}
			same(t, before, taken(t, a, takeout.Options{Private: true}))
		})
	}
}

// bring brings a file as it is offered, but for edit, and writes it.
func bring(c context.Context, t *testing.T, a *app.App, name, kind string, content []byte, edit func(*imports.MapInput)) imports.Import {
	t.Helper()
	i, err := imports.Begin.Do(c, a.Door, imports.BeginInput{FileName: name, Size: int64(len(content)), Kind: kind})
	if err == nil {
		_, err = imports.AddPart.Do(c, a.Door, imports.PartInput{ID: i.ID, Content: content})
	}
	if err != nil {
		t.Fatal(err)
	}
	i = worked(c, t, a, i.ID)
	in := imports.MapInput{ID: i.ID, Version: i.Version, Kind: i.Kind, Fields: i.Plan.Fields, Rules: i.Plan.Rules}
	if edit != nil {
		edit(&in)
	}
	if _, err := imports.Map.Do(c, a.Door, in); err != nil {
		t.Fatalf("%s in state %s: %v", name, i.State, err)
	}
	i = worked(c, t, a, i.ID)
	if _, err := imports.Start.Do(c, a.Door, imports.VersionRef{ID: i.ID, Version: i.Version}); err != nil {
		t.Fatal(err)
	}
	return worked(c, t, a, i.ID)
}

func worked(c context.Context, t *testing.T, a *app.App, i imports.ID) imports.Import {
	t.Helper()
	if err := imports.Work(c, a.Door, i); err != nil {
		t.Fatal(err)
	}
	out, err := imports.Get.Do(c, a.Door, imports.Ref{ID: i})
	if err != nil || out.Problem != nil {
		t.Fatalf("%v %+v", err, out.Problem)
	}
	return out
}

func realFile(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", path))
	if err != nil {
		raw, err = os.ReadFile(filepath.Join("..", "..", "platform", "intake", "testdata", "real", path))
	}
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// changedPeople is a list of people on record, everything about them changed, and
// some new ones.
func changedPeople(t *testing.T, a *app.App, c context.Context) string {
	t.Helper()
	page, err := directory.ListPeople.Do(c, a.Door, directory.ListPeopleInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("First name,Last name,E-mail,Phone,Organization,Job title,Tags,Language,Other names,Shoe size\n")
	for n, p := range page.Items {
		if p.Email == "" {
			continue
		}
		fmt.Fprintf(&b, "%s,%s X.,%s,555-01%02d,Somewhere Else %d,Baker,brought,fr,%s the Kid,4%d\n", p.GivenName, p.FamilyName, p.Email, n%100, n%7, p.GivenName, n%9)
	}
	for n := range 20 {
		fmt.Fprintf(&b, "New%d,Comer,new%d@comer.example,,Somewhere Else %d,Baker,brought,es,,40\n", n, n, n%7)
	}
	return b.String()
}

// changedOrganizations is the same of organizations.
func changedOrganizations(t *testing.T, a *app.App, c context.Context) string {
	t.Helper()
	page, err := directory.ListOrganizations.Do(c, a.Door, directory.ListOrganizationsInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("Name,Kinds,Sector,Status,Place,Funder,Tags,Notes\n")
	for _, o := range page.Items {
		fmt.Fprintf(&b, "\"%s\",bakery,Business,Dormant,Elsewhere,yes,brought,from a file\n", strings.ReplaceAll(o.Name, `"`, `""`))
	}
	return b.String()
}
