package takeout_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/operation"
	"commontable/internal/sample"
)

// What is taken away, loaded elsewhere and taken away again is the same, byte for
// byte, from either engine to either.
func TestTakenAwayLoadedAndTakenAwayAgain(t *testing.T) {
	for _, from := range []string{"sqlite", "postgres"} {
		a := told(t, from)
		first := taken(t, a, everything)
		same(t, first, taken(t, a, everything))
		for _, to := range []string{"sqlite", "postgres"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				b := house(t, to)
				out, err := load(b, first)
				if err != nil {
					t.Fatalf("%v", err)
				}
				if out.Rows["people"] == 0 || out.Rows["audit"] == 0 || len(out.Unknown) > 0 {
					t.Errorf("loaded %v, unknown %v", out.Rows, out.Unknown)
				}
				same(t, first, taken(t, b, everything))
			})
		}
	}
}

// A change that was taken back leaves everything but the history as it was, byte
// for byte.
func TestAChangeThatWasUndoneLeavesNoTrace(t *testing.T) {
	a := told(t, "sqlite")
	before := taken(t, a, takeout.Options{Private: true})
	c := within(t, a, sample.Slug)
	organizations := got(directory.ListOrganizations.Do(c, a.Door, directory.ListOrganizationsInput{Limit: 1}))(t).Items
	people := got(directory.ListPeople.Do(c, a.Door, directory.ListPeopleInput{Limit: 40}))(t).Items
	var edits []operation.EntryID
	var receipt operation.Receipt
	name, status, tags := "Another name", "dormant", []string{"for a moment"}
	got(directory.EditOrganization.Do(operation.WithReceipt(c, &receipt), a.Door, directory.OrganizationPatch{ID: organizations[0].ID, Version: organizations[0].Version, Name: &name, Status: &status, Tags: &tags}))(t)
	edits = append(edits, receipt.Entry)
	p, email := people[len(people)-1], "another@mail.example"
	got(directory.EditPerson.Do(operation.WithReceipt(c, &receipt), a.Door, directory.PersonPatch{ID: p.ID, Version: p.Version, Email: &email, OrganizationID: &organizations[0].ID}))(t)
	edits = append(edits, receipt.Entry)
	for i := range edits {
		got(operation.Undo.Do(c, a.Door, operation.UndoInput{ID: edits[len(edits)-1-i]}))(t)
	}
	same(t, before, taken(t, a, takeout.Options{Private: true}))
}
