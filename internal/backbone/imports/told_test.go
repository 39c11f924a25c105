package imports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/operation"
)

// The names of the columns stand where somebody says, and a row below which
// nothing stands changes nothing.
func TestAnotherHeaderRow(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		names := func(i imports.Import) string {
			var out []string
			for _, c := range i.File.Columns {
				out = append(out, c.Name)
			}
			return fmt.Sprintf("%s, %d rows", strings.Join(out, "|"), i.File.Rows)
		}
		// The first row looks like names of columns and is none.
		i := at.bring(ctx, t, "list.csv", "people", []byte("Spring,Summer,Autumn\nFirst name,Last name,Email\nAna,Ruiz,ana@x.example\nTom,Reed,tom@x.example\n"))
		if got := names(i); got != "Spring|Summer|Autumn, 3 rows" || i.File.Tables[0].HeaderRow != 1 {
			t.Fatalf("found out: %s, %+v", got, i.File.Tables)
		}
		choose := func(row int64, rows int) {
			t.Helper()
			must[imports.Import](t)(imports.Choose.Do(ctx, at.door, imports.ChooseInput{ID: i.ID, Version: i.Version, Tables: []int{0}, HeaderRow: row, HeaderRows: rows}))
			if i = at.work(ctx, t, i.ID); i.State != imports.Mapping {
				t.Fatalf("row %d: state %s, %+v", row, i.State, i.Problem)
			}
		}
		choose(3, 0)
		if got := names(i); got != "(A)|(B)|(C), 2 rows" {
			t.Errorf("without names: %s", got)
		}
		choose(9, 1)
		if got := names(i); got != "Spring|Summer|Autumn, 3 rows" || !slices.ContainsFunc(i.File.Notes, func(m imports.Message) bool { return m.Key == "import.no_header_there" }) {
			t.Errorf("a row that is not there: %s, notes %+v", got, i.File.Notes)
		}
		choose(2, 1)
		if got := names(i); got != "First name|Last name|Email, 2 rows" || !slices.Equal(i.Plan.Fields, []string{"given_name", "family_name", "email"}) {
			t.Fatalf("the second row: %s, fields %q", got, i.Plan.Fields)
		}
		at.load(ctx, t, at.plan(ctx, t, i, nil))
		if got := at.people(ctx, t); len(got) != 2 || got[0].Email+got[1].Email == "" {
			t.Errorf("people %+v", got)
		}
	})
}

// Every organization of a contact is kept; telephones beyond the first are
// counted, whether they stand in a cell, in a column or in a row of their own.
func TestWhatAContactHasSeveralOf(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		file := "First name,Last name,Email,Organization,Job title,Phone,Mobile phone\n" +
			"Ana,Ruiz,ana@x.example,Clinic | School,Director,555-1000000 ::: 555-1000001,555-1000002\n" +
			"Ana,Ruiz,ana@x.example,Farm,,555-1000003,\n" +
			"Tom,Reed,tom@x.example,School,,555-2000000,555-2000000\n"
		both := func(in *imports.MapInput) { in.Fields[6] = "phone" }
		i := at.plan(ctx, t, at.bring(ctx, t, "contacts.csv", "people", []byte(file)), both)
		if i.Counts.Actions[imports.Create] != 2 || i.Counts.Beside["organizations"] != 3 || len(i.Counts.Spare) != 1 || i.Counts.Spare["phone"] != 3 {
			t.Fatalf("counts %+v, fields %q", i.Counts, i.Plan.Fields)
		}
		i = at.load(ctx, t, i)
		if i.Counts.Spare["phone"] != 3 {
			t.Errorf("afterwards %+v", i.Counts)
		}
		for _, p := range at.people(ctx, t) {
			whole := must[directory.Person](t)(directory.GetPerson.Do(ctx, at.door, directory.PersonRef{ID: p.ID}))
			var at []string
			for _, a := range whole.Affiliations {
				at = append(at, strings.TrimSpace(a.Organization+" "+a.Title))
			}
			slices.Sort(at)
			want := map[string]string{"Ana": "Clinic Director, Farm, School; 555-1000000", "Tom": "School; 555-2000000"}[p.GivenName]
			if got := strings.Join(at, ", ") + "; " + p.Phone; got != want {
				t.Errorf("%s: %q, want %q", p.GivenName, got, want)
			}
		}
		if again := at.plan(ctx, t, at.bring(ctx, t, "contacts.csv", "people", []byte(file)), both); again.Counts.Actions[imports.Unchanged] != 2 {
			t.Errorf("the same file again: %+v %+v", again.Counts, at.records(ctx, t, again, imports.Update))
		}
	})
}

// Of a row that names several ties, those that were not written are told with the
// row, by name.
func TestFailuresOfARowWithSeveralTies(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		for _, website := range []string{"https://one.example", "https://two.example"} { // nobody can tell which is meant
			must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Food Bank", Website: website}))
		}
		i := at.load(ctx, t, at.plan(ctx, t, at.bring(ctx, t, "connections.csv", "ties", []byte("From,To,Type\nClinic,School|Food Bank,Funds\nFarm,School,advises\n")), nil))
		failures := must[operation.Page[imports.FailedRow]](t)(imports.ListFailures.Do(ctx, at.door, imports.FailuresInput{ID: i.ID}))
		if len(failures.Items) != 1 || failures.Items[0].Line != 2 || len(failures.Items[0].Reasons) != 1 {
			t.Fatalf("failures %+v", failures.Items)
		}
		if reason := failures.Items[0].Reasons[0]; reason.Key != "import.waits_for_another" || !strings.Contains(fmt.Sprint(reason.Args["Record"]), "Food Bank") {
			t.Errorf("reason %+v", reason)
		}
		if got := at.ties(t); len(got) != 2 {
			t.Errorf("ties %q", got)
		}
	})
}
