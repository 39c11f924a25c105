package imports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/operation"
)

const connections = `From,To,Type,Direction,Label,Tags,Description,Strength
Clinic,School|Food Bank,Funds,directed,grant,money,Since the flood.,3
School,Food Bank,shares data,mutual,,,,
Omar Haddad,Clinic,advises,,,,,7
Clinic,Clinic,funds,,,,,
`

func (at *table) ties(t testing.TB) []string {
	t.Helper()
	page := must[operation.Page[network.Tie]](t)(network.List.Do(at.as(operation.Director), at.door, network.ListInput{Limit: 200}))
	var out []string
	for _, x := range page.Items {
		out = append(out, fmt.Sprintf("%s %s %d %s", x.Title(), x.Type, x.Strength, x.Layer))
	}
	slices.Sort(out)
	return out
}

// A Kumu sheet of connections becomes ties: several for a cell with several
// targets, with a person on record as one end; a second load changes nothing, and
// taking the import back leaves nothing behind.
func TestKumuConnections(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Clinic"}))
		must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Omar", FamilyName: "Haddad", Email: "omar@example.org"}))
		i := at.bring(ctx, t, "connections.csv", "", []byte(connections))
		if i.Kind != "ties" || i.File.Source != "kumu" || !slices.Equal(i.Plan.Fields, []string{"from", "to", "type", "direction", "", "", "about", "strength"}) {
			t.Fatalf("kind %s, source %s, fields %q", i.Kind, i.File.Source, i.Plan.Fields)
		}
		i = at.plan(ctx, t, i, nil)
		if i.Counts.Actions[imports.Create] != 4 || i.Counts.BadRows != 1 || i.Counts.Beside["organizations"] != 2 || i.Counts.Beside["people"] != 0 {
			t.Fatalf("counts %+v", i.Counts)
		}
		i = at.load(ctx, t, i)
		want := []string{"Clinic → Food Bank Funds 3 imported", "Clinic → School Funds 3 imported", "Omar Haddad → Clinic advises 7 imported", "School ↔ Food Bank shares data -1 imported"}
		if got := at.ties(t); !slices.Equal(got, want) {
			t.Fatalf("ties %q", got)
		}

		// Once more, with one tie the other way round and one stronger.
		changed := strings.Replace(strings.Replace(connections, "School,Food Bank", "Food Bank,School", 1), ",7", ",9", 1)
		again := at.plan(ctx, t, at.bring(ctx, t, "connections.csv", "", []byte(connections)), nil)
		if again.Counts.Actions[imports.Unchanged] != 4 || again.Counts.Actions[imports.Create]+again.Counts.Actions[imports.Update] != 0 {
			t.Errorf("the same file again: %+v", again.Counts)
		}
		undo := func(i imports.Import) {
			t.Helper()
			must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: i.ID}))
			if i = at.work(ctx, t, i.ID); i.State != imports.Undone || i.Counts.LeftOver != 0 {
				t.Errorf("undone: %s %+v", i.State, i.Counts)
			}
		}
		undo(i)
		organizations := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{}))
		if got := at.ties(t); len(got) != 0 || len(organizations.Items) != 1 || len(at.people(ctx, t)) != 1 {
			t.Errorf("after the undo %q, %d organizations", got, len(organizations.Items))
		}

		at.load(ctx, t, at.plan(ctx, t, at.bring(ctx, t, "connections.csv", "", []byte(connections)), nil))
		third := at.plan(ctx, t, at.bring(ctx, t, "connections.csv", "", []byte(changed)), nil)
		if third.Counts.Actions[imports.Unchanged] != 3 || third.Counts.Actions[imports.Update] != 1 {
			t.Errorf("a changed file: %+v %+v", third.Counts, at.records(ctx, t, third, imports.Update))
		}
		third = at.load(ctx, t, third)
		if got := at.ties(t); got[2] != "Omar Haddad → Clinic advises 9 imported" {
			t.Errorf("after the changed file %q", got)
		}
		undo(third)
		if got := at.ties(t); !slices.Equal(got, want) {
			t.Errorf("after the change was taken back %q", got)
		}
	})
}

// The edges of a program for graphs say their direction where others have a type,
// and days are no ends.
func TestEdgesAndDays(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		i := at.bring(ctx, t, "edges.csv", "", []byte("Source,Target,Type,Weight\nClinic,School,Undirected,2.0\nSchool,Farm,Directed,\nFarm,Clinic,Directed,0.5\n"))
		if i.Kind != "ties" || i.File.Source != "gephi" {
			t.Fatalf("kind %s, source %s", i.Kind, i.File.Source)
		}
		i = at.plan(ctx, t, i, nil)
		if i.Counts.Actions[imports.Create] != 2 || i.Counts.BadRows != 1 {
			t.Fatalf("counts %+v", i.Counts)
		}
		at.load(ctx, t, i)
		if got := at.ties(t); !slices.Equal(got, []string{"Clinic ↔ School  2 imported", "School → Farm  -1 imported"}) {
			t.Errorf("ties %q", got)
		}
		if i = at.bring(ctx, t, "served.csv", "", []byte("Name,From,To\nAna Ruiz,2020-01-01,2022-01-01\nTom Reed,2021-01-01,2023-01-01\n")); i.Kind == "ties" {
			t.Errorf("days are taken for ties: %q", i.Plan.Fields)
		}
	})
}
