package directory_test

import (
	"fmt"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

func tableOf(t *testing.T, c directory.Coverage, scope, dimension string) directory.CoverageTable {
	t.Helper()
	for _, table := range c.Tables {
		if table.Scope == scope && table.Dimension == dimension {
			return table
		}
	}
	t.Fatalf("no table of %s by %s", scope, dimension)
	return directory.CoverageTable{}
}

func TestCoverage(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		var clinic directory.OrganizationID
		for n, in := range []directory.OrganizationInput{{Name: "A", Sector: "health", Place: "North Side", Since: "2024-01-01"}, {Name: "B", Sector: "health", Place: "north side", Since: "2026-01-01"}, {Name: "C", Sector: "education", Since: "2024-01-01"}, {Name: "D", Sector: "faith", Status: "prospect"}} {
			o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, in))
			if n == 0 {
				clinic = o.ID
			}
		}
		body := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Table", Kind: "leadership_table"}))
		// Eleven with lived experience and eleven without: the least, both ways.
		var last directory.Person
		for n := range 22 {
			p := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: fmt.Sprint("P", n)}))
			if n < 11 {
				p = must[directory.Person](t)(directory.SetPrivate.Do(ctx, at.door, directory.PersonPrivate{ID: p.ID, Version: 1, LivedExperience: ptr("yes")}))
				last = p
			}
			must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: body.ID, Voting: true, Sector: "community", Terms: []directory.TermInput{{PersonID: p.ID, From: "2025-01-01"}}}))
		}
		must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: body.ID, Voting: true, Terms: []directory.TermInput{{PersonID: last.ID, OrganizationID: clinic, From: "2025-01-01"}}}))
		must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: body.ID, Voting: false, Terms: []directory.TermInput{{PersonID: last.ID, From: "2025-01-01"}}}))
		var receipt operation.Receipt
		must[operation.None](t)(directory.SetTargets.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.TargetsInput{Scope: "members", Dimension: "sector", Targets: []directory.TargetShare{{Value: "faith", Share: 50}, {Value: "health", Share: 40}}}))

		read := func(day string) directory.Coverage {
			return must[directory.Coverage](t)(directory.GetCoverage.Do(at.as(operation.TableMember), at.door, directory.CoverageInput{AsOf: day}))
		}
		sectors := tableOf(t, read(""), "members", "sector")
		if sectors.Total != 3 || len(sectors.Rows) != 3 || sectors.Rows[0] != (directory.CoverageRow{Value: "health", Count: 2, Share: 67, Target: 40}) || sectors.Rows[2] != (directory.CoverageRow{Value: "faith", Target: 50, Gap: 2}) {
			t.Errorf("sectors %+v", sectors)
		}
		places := tableOf(t, read(""), "members", "place")
		if len(places.Rows) != 2 || places.Rows[0].Count != 2 || places.Rows[1].Value != "" {
			t.Errorf("places %+v", places)
		}
		if then := tableOf(t, read("2025-06-01"), "members", "sector"); then.Total != 2 {
			t.Errorf("as of a day: %+v", then)
		}
		seats := tableOf(t, read(""), "voting_seats", "sector")
		if seats.Total != 23 || seats.Rows[0].Count != 22 || seats.Rows[1].Value != "health" {
			t.Errorf("seats %+v", seats)
		}
		lived := tableOf(t, read(""), "voting_seats", "lived_experience")
		if lived.Withheld || lived.Total != 22 || lived.Rows[0].Share != 50 || lived.Rows[0].Count != 0 {
			t.Errorf("lived experience %+v", lived)
		}
		if then := tableOf(t, read("2026-05-13"), "voting_seats", "lived_experience"); !then.Withheld || len(then.Rows) != 0 {
			t.Errorf("of another day: %+v", then)
		}
		// One fewer on either side, and nothing is told.
		for _, answer := range []string{"", "yes"} {
			last = must[directory.Person](t)(directory.SetPrivate.Do(ctx, at.door, directory.PersonPrivate{ID: last.ID, Version: last.Version, LivedExperience: ptr(answer)}))
			if answer == "yes" {
				break
			}
			if now := tableOf(t, read(""), "voting_seats", "lived_experience"); !now.Withheld || len(now.Rows) != 0 {
				t.Errorf("ten of 22: %+v", now)
			}
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if back := tableOf(t, read(""), "members", "sector"); len(back.Rows) != 2 {
			t.Errorf("aims taken back: %+v", back)
		}
		for _, bad := range []directory.TargetsInput{{Scope: "members", Dimension: "sector", Targets: []directory.TargetShare{{Value: "nothing", Share: 10}}}, {Scope: "members", Dimension: "lived_experience", Targets: []directory.TargetShare{{Value: "yes", Share: 10}}},
			{Scope: "members", Dimension: "place", Targets: []directory.TargetShare{{Value: "a", Share: 60}, {Value: "b", Share: 60}}}, {Scope: "members", Dimension: "place", Targets: []directory.TargetShare{{Value: "a", Share: 10}, {Value: "Á", Share: 10}}}} {
			_, err := directory.SetTargets.Do(ctx, at.door, bad)
			wantKind(t, err, operation.Invalid)
		}
		_, err := directory.SetTargets.Do(at.as(operation.Staff), at.door, directory.TargetsInput{Scope: "members", Dimension: "sector"})
		wantKind(t, err, operation.Forbidden)
	})
}
