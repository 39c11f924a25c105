package directory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

func wantFault(t *testing.T, err error, field, key string) {
	t.Helper()
	var e *operation.Error
	if !errors.As(err, &e) || len(e.Faults) == 0 || e.Faults[0].Field != field || e.Faults[0].Key != key {
		t.Errorf("error = %v, want %s at %s", err, key, field)
	}
}

func TestOrganizationsAsOfADay(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Riverbend", Status: "prospect", Since: "2018-01-01"}))
		must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Later", Since: "2024-01-01"}))
		o = must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Status: ptr("member"), Host: ptr(true), Since: "2020-06-01"}))
		o = must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Host: ptr(false), Since: "2022-01-01"}))
		for _, c := range []struct {
			in   directory.ListOrganizationsInput
			want string
		}{
			{directory.ListOrganizationsInput{AsOf: "2017-12-31"}, ""},
			{directory.ListOrganizationsInput{AsOf: "2018-01-01"}, "Riverbend:prospect"},
			{directory.ListOrganizationsInput{AsOf: "2020-05-31"}, "Riverbend:prospect"},
			{directory.ListOrganizationsInput{AsOf: "2020-06-01"}, "Riverbend:member+host"},
			{directory.ListOrganizationsInput{AsOf: "2021-12-31", Part: "host"}, "Riverbend:member+host"},
			{directory.ListOrganizationsInput{AsOf: "2022-01-01", Part: "host"}, ""},
			{directory.ListOrganizationsInput{AsOf: "2024-01-01"}, "Later:member Riverbend:member"},
			{directory.ListOrganizationsInput{AsOf: "2019-01-01", Status: "member"}, ""},
			{directory.ListOrganizationsInput{}, "Later:member Riverbend:member"},
		} {
			var got []string
			for _, o := range must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, c.in)).Items {
				got = append(got, strings.Join(append([]string{o.Name + ":" + o.Status}, o.Parts()...), "+"))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%+v: %v, want %s", c.in, got, c.want)
			}
		}
		// What began later cannot have changed before; what lies ahead is not yet so.
		_, err := directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Status: ptr("left"), Since: "2019-01-01"})
		wantFault(t, err, "since", "errors.since_before")
		_, err = directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Status: ptr("left"), Since: "2027-01-01"})
		wantFault(t, err, "since", "errors.day_ahead")
	})
}

// Taking a change of status back leaves the dated history as it was, whenever
// the change took effect.
func TestUndoLeavesNoSeamInHistory(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "A", Since: "2020-01-01", Funder: true}))
		before := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: o.ID})).History
		for _, since := range []string{"", "2021-05-05", "2020-01-01"} {
			var receipt operation.Receipt
			now := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: o.ID}))
			must[directory.Organization](t)(directory.EditOrganization.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.OrganizationPatch{ID: o.ID, Version: now.Version, Status: ptr("dormant"), Funder: ptr(false), Since: since}))
			must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
			after := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: o.ID}))
			if fmt.Sprint(after.History) != fmt.Sprint(before) || after.Status != "member" || !after.Funder {
				t.Errorf("since %q: %v, was %v", since, after.History, before)
			}
		}
	})
}

func TestCorrectingAHistory(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "A", Since: "2024-01-01"}))
		var receipt operation.Receipt
		fixed := must[directory.Organization](t)(directory.CorrectOrganizationHistory.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.OrganizationHistory{ID: o.ID, Version: o.Version, Fact: "status",
			Periods: []directory.Span{{Value: "invited", From: "2015-03-01"}, {Value: "member", From: "2016-01-01"}, {Value: "dormant", From: "2025-01-01"}}}))
		if fixed.Status != "dormant" || len(fixed.History) != 3 || fixed.History[0].To != "2016-01-01" {
			t.Errorf("corrected to %+v", fixed)
		}
		_, err := directory.CorrectOrganizationHistory.Do(ctx, at.door, directory.OrganizationHistory{ID: o.ID, Version: fixed.Version, Fact: "funder",
			Periods: []directory.Span{{From: "2015-01-01", To: "2018-01-01"}, {From: "2017-01-01"}}})
		wantFault(t, err, "periods.1", "errors.overlaps")
		_, err = directory.CorrectOrganizationHistory.Do(ctx, at.door, directory.OrganizationHistory{ID: o.ID, Version: fixed.Version, Fact: "funder", Periods: []directory.Span{{From: "2018-01-01", To: "2015-01-01"}}})
		wantFault(t, err, "periods.0", "errors.ends_before_it_begins")
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		back := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: o.ID}))
		if back.Status != "member" || len(back.History) != 1 || back.History[0].From != "2024-01-01" {
			t.Errorf("taken back to %+v", back)
		}
	})
}

func TestABodyIsNeverItsOwnParent(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		top := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Table", Kind: "leadership_table"}))
		mid := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Committee", ParentID: top.ID}))
		low := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Group", ParentID: mid.ID}))
		for _, parent := range []directory.BodyID{top.ID, mid.ID, low.ID} {
			_, err := directory.EditBody.Do(ctx, at.door, directory.BodyPatch{ID: top.ID, Version: top.Version, ParentID: &parent})
			wantFault(t, err, "parent_id", "errors.own_parent")
		}
		moved := must[directory.Body](t)(directory.EditBody.Do(ctx, at.door, directory.BodyPatch{ID: low.ID, Version: low.Version, ParentID: &top.ID}))
		if moved.Parent != "Table" {
			t.Errorf("moved below %q", moved.Parent)
		}
	})
}

// seatAt makes a body with one voting seat of two-year terms.
func seatAt(t *testing.T, at *table) directory.Seat {
	t.Helper()
	ctx := at.as(operation.Director)
	b := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Table", Kind: "leadership_table"}))
	return must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: b.ID, Voting: true, Purpose: "Parents", TermMonths: 24, From: "2020-01-01"}))
}

func personAt(t *testing.T, at *table, name string) directory.Person {
	t.Helper()
	return must[directory.Person](t)(directory.CreatePerson.Do(at.as(operation.Director), at.door, directory.PersonInput{GivenName: name}))
}

func TestASeatAndThoseWhoHoldIt(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		seat, ana, ben := seatAt(t, at), personAt(t, at, "Ana"), personAt(t, at, "Ben")
		if seat.State != directory.Vacant {
			t.Errorf("a new seat is %s", seat.State)
		}
		seat = must[directory.Seat](t)(directory.FillSeat.Do(ctx, at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: ana.ID, From: "2022-02-28", AlternateID: ben.ID}))
		if seat.Term == nil || seat.Term.Ends != "2024-02-28" || seat.Term.Alternate != "Ben" || seat.State != directory.Ending {
			t.Errorf("filled: %+v", seat)
		}
		var receipt operation.Receipt
		seat = must[directory.Seat](t)(directory.FillSeat.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: ben.ID, From: "2026-05-01"}))
		if len(seat.Terms) != 2 || seat.Terms[0].To != "2026-05-01" || seat.Term.Person != "Ben" || seat.State != directory.Filled {
			t.Errorf("the next holder: %+v", seat)
		}
		_, err := directory.FillSeat.Do(ctx, at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: ana.ID, From: "2023-01-01"})
		wantFault(t, err, "valid_from", "errors.terms_overlap")
		_, err = directory.FillSeat.Do(ctx, at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: ana.ID, From: "2019-01-01", Ends: "2018-01-01"})
		wantFault(t, err, "valid_from", "errors.ends_before_it_begins")
		_, err = directory.FillSeat.Do(ctx, at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: ana.ID, AlternateID: ana.ID, From: "2026-05-10"})
		wantFault(t, err, "valid_from", "errors.own_alternate")
		// As of a day.
		for day, want := range map[string]string{"2019-12-31": "", "2021-01-01": "vacant", "2022-02-28": "Ana", "2026-04-30": "Ana", "2026-05-01": "Ben"} {
			got := ""
			for _, x := range must[operation.Page[directory.Seat]](t)(directory.ListSeats.Do(ctx, at.door, directory.ListSeatsInput{AsOf: day})).Items {
				if got = x.State; x.Term != nil {
					got = x.Term.Person
				}
			}
			if got != want {
				t.Errorf("on %s: %q, want %q", day, got, want)
			}
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		back := must[directory.Seat](t)(directory.GetSeat.Do(ctx, at.door, directory.SeatRef{ID: seat.ID}))
		if len(back.Terms) != 1 || back.Terms[0].To != "" || back.Term.Person != "Ana" || back.Term.Ends != "2024-02-28" {
			t.Errorf("taken back: %+v", back)
		}
		ended := must[directory.Seat](t)(directory.EditSeat.Do(ctx, at.door, directory.SeatPatch{ID: seat.ID, Version: back.Version, To: ptr("2026-01-01")}))
		if ended.State != directory.Past || ended.Terms[0].To != "2026-01-01" {
			t.Errorf("a seat that ended: %+v", ended)
		}
	})
}

func TestVacanciesAndEndingTerms(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		first := seatAt(t, at)
		ana := personAt(t, at, "Ana")
		second := must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: first.BodyID, Voting: true, Purpose: "Business",
			Terms: []directory.TermInput{{PersonID: ana.ID, From: "2025-01-01", Ends: "2026-08-12"}}})) // 90 days after the test's day
		third := must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: first.BodyID, Purpose: "Schools",
			Terms: []directory.TermInput{{PersonID: ana.ID, From: "2025-01-01", Ends: "2026-08-13"}}}))
		list := func(state string) string {
			var out []string
			for _, x := range must[operation.Page[directory.Seat]](t)(directory.ListSeats.Do(ctx, at.door, directory.ListSeatsInput{State: state})).Items {
				out = append(out, x.Purpose+":"+x.State)
			}
			return strings.Join(out, " ")
		}
		if list("vacant") != "Parents:vacant" || list("ending") != "Business:ending" || list("filled") != "Business:ending Schools:filled" {
			t.Errorf("vacant %s, ending %s, filled %s", list("vacant"), list("ending"), list("filled"))
		}
		soon := must[operation.Page[directory.Term]](t)(directory.ListTerms.Do(ctx, at.door, directory.ListTermsInput{Ending: true})).Items
		if len(soon) != 1 || soon[0].SeatID != second.ID {
			t.Errorf("ending: %+v", soon)
		}
		body := must[directory.Body](t)(directory.GetBody.Do(ctx, at.door, directory.BodyRef{ID: first.BodyID}))
		if body.Seats != 3 || body.Filled != 2 || body.Voting != 2 || body.VotingFilled != 1 {
			t.Errorf("counts: %+v", body)
		}
		must[directory.Seat](t)(directory.TrashSeat.Do(ctx, at.door, directory.SeatVersion{ID: third.ID, Version: third.Version}))
		if list("filled") != "Business:ending" {
			t.Errorf("after the trash: %s", list("filled"))
		}
	})
}

// A chair may keep the group's own words current, in that group and while in the
// chair, and nothing else.
func TestChairsOfTheirGroup(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		seat, ana := seatAt(t, at), personAt(t, at, "Ana")
		other := must[directory.Body](t)(directory.CreateBody.Do(at.as(operation.Director), at.door, directory.BodyInput{Name: "Other"}))
		must[directory.Seat](t)(directory.EditSeat.Do(at.as(operation.Director), at.door, directory.SeatPatch{ID: seat.ID, Version: seat.Version, Role: ptr("co_chair"),
			Terms: &[]directory.TermInput{{PersonID: ana.ID, From: "2026-01-01"}}}))
		chair := at.who(operation.Actor{Account: operation.NewAccountID(), Person: ana.ID, Name: "Ana", Roles: []operation.Role{operation.GroupChair}, Via: operation.ViaSession})
		edited := must[directory.Body](t)(directory.EditBody.Do(chair, at.door, directory.BodyPatch{ID: seat.BodyID, Version: 1, Purpose: ptr("Ours"), Name: ptr("Mine"), Quorum: ptr(int64(1))}))
		if edited.Purpose != "Ours" || edited.Name != "Table" || edited.Quorum != 0 {
			t.Errorf("a chair changed %+v", edited)
		}
		_, err := directory.EditBody.Do(chair, at.door, directory.BodyPatch{ID: other.ID, Version: 1, Purpose: ptr("Theirs")})
		wantKind(t, err, operation.Forbidden)
		now := must[directory.Seat](t)(directory.GetSeat.Do(chair, at.door, directory.SeatRef{ID: seat.ID}))
		must[directory.Seat](t)(directory.VacateSeat.Do(at.as(operation.Director), at.door, directory.Vacate{ID: seat.ID, Version: now.Version}))
		_, err = directory.EditBody.Do(chair, at.door, directory.BodyPatch{ID: seat.BodyID, Version: 2, Purpose: ptr("Still ours")})
		wantKind(t, err, operation.Forbidden)
	})
}

func TestWhoPerformsTheBackbone(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		host := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Host", Host: true, Funder: true, Since: "2015-01-01"}))
		lib := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Library", Since: "2015-01-01"}))
		assign := func(o directory.OrganizationID, share int64, from, to string) (directory.Holding, error) {
			return directory.Assign.Do(ctx, at.door, directory.HoldingInput{Function: "guide_vision", OrganizationID: o, Share: share, From: from, To: to})
		}
		first := must[directory.Holding](t)(assign(host.ID, 70, "2015-01-01", ""))
		_, err := assign(lib.ID, 31, "2016-01-01", "")
		wantFault(t, err, "share", "errors.more_than_whole")
		_, err = assign(host.ID, 0, "2017-01-01", "")
		wantFault(t, err, "valid_from", "errors.holds_already")
		_, err = assign(lib.ID, 0, "2017-01-01", "2016-01-01")
		wantFault(t, err, "valid_to", "errors.ends_before_it_begins")
		must[directory.Holding](t)(assign(lib.ID, 30, "2016-01-01", ""))
		_, err = directory.Assign.Do(ctx, at.door, directory.HoldingInput{Function: "sing", OrganizationID: host.ID})
		wantFault(t, err, "function", "errors.not_offered")
		_, err = directory.Assign.Do(ctx, at.door, directory.HoldingInput{Function: "guide_vision"})
		wantFault(t, err, "organization_id", "errors.one_holder")
		own := must[directory.Function](t)(directory.AddFunction.Do(ctx, at.door, directory.FunctionInput{Name: "Feed the children"}))
		seat, ana := seatAt(t, at), personAt(t, at, "Ana")
		must[directory.Holding](t)(directory.Assign.Do(ctx, at.door, directory.HoldingInput{Function: own.Key, BodyID: seat.BodyID, From: "2026-01-01"}))
		must[directory.Seat](t)(directory.FillSeat.Do(ctx, at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: ana.ID, OrganizationID: lib.ID, From: "2020-01-01"}))
		var receipt operation.Receipt
		must[directory.Holding](t)(directory.EditHolding.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.HoldingPatch{ID: first.ID, Version: first.Version, To: ptr("2019-01-01")}))

		hats := func(day string) string {
			var out []string
			for _, e := range must[directory.RoleMap](t)(directory.GetRoleMap.Do(ctx, at.door, directory.RoleMapInput{AsOf: day})).Entities {
				line := e.Name + ":"
				for _, h := range e.Hats {
					line += " " + h.Kind
				}
				out = append(out, line)
			}
			return strings.Join(out, "; ")
		}
		for day, want := range map[string]string{
			"2014-12-31": "",
			"2015-06-01": "Host: funder host function",
			"2018-06-01": "Host: funder host function; Library: function",
			"2021-06-01": "Host: funder host; Library: function vote",
		} {
			if got := hats(day); got != want {
				t.Errorf("on %s: %s, want %s", day, got, want)
			}
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if got := hats("2021-06-01"); got != "Host: funder host function; Library: function vote" {
			t.Errorf("taken back: %s", got)
		}
	})
}

// Whatever is asked of a seat, its terms never overlap, and each day has at most
// one holder.
func TestTermsNeverOverlap(t *testing.T) {
	at := newTable(t, sqliteConfig(t))
	ctx := at.as(operation.Director)
	people := []directory.Person{personAt(t, at, "Ana"), personAt(t, at, "Ben"), personAt(t, at, "Chloé")}
	first := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		seat := seatAt(t, at)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			day := first.AddDate(0, 0, rapid.IntRange(0, 3000).Draw(rt, "day")).Format(time.DateOnly)
			var err error
			var after directory.Seat
			if rapid.Bool().Draw(rt, "fill") {
				after, err = directory.FillSeat.Do(ctx, at.door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: rapid.SampledFrom(people).Draw(rt, "who").ID, From: day})
			} else {
				after, err = directory.VacateSeat.Do(ctx, at.door, directory.Vacate{ID: seat.ID, Version: seat.Version, On: day})
			}
			if err != nil {
				if operation.KindOf(err) != operation.Invalid {
					rt.Fatal(err)
				}
				continue
			}
			seat = after
		}
		for i := 1; i < len(seat.Terms); i++ {
			if seat.Terms[i-1].To == "" || seat.Terms[i].From < seat.Terms[i-1].To {
				rt.Fatalf("overlap: %+v", seat.Terms)
			}
		}
	})
}

func TestSeveralGroupsAtOnce(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		var items []directory.BodyVersion
		for _, name := range []string{"A", "B"} {
			b := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: name, Since: "2020-01-01"}))
			items = append(items, directory.BodyVersion{ID: b.ID, Version: b.Version})
		}
		states := func() string {
			var out []string
			for _, b := range must[operation.Page[directory.Body]](t)(directory.ListBodies.Do(ctx, at.door, directory.ListBodiesInput{})).Items {
				out = append(out, b.Name+":"+b.State)
			}
			return strings.Join(out, " ")
		}
		var receipt operation.Receipt
		must[operation.Page[directory.Body]](t)(directory.EditBodies.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.EditBodiesInput{Items: items, State: ptr("paused")}))
		if states() != "A:paused B:paused" {
			t.Errorf("marked: %s", states())
		}
		// One that somebody changed meanwhile stops them all.
		_, err := directory.EditBodies.Do(ctx, at.door, directory.EditBodiesInput{Items: []directory.BodyVersion{{ID: items[0].ID, Version: 2}, items[1]}, State: ptr("closed")})
		wantKind(t, err, operation.Conflict)
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if states() != "A:active B:active" {
			t.Errorf("taken back: %s", states())
		}
		must[operation.Page[directory.Body]](t)(directory.EditBodies.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.EditBodiesInput{Items: []directory.BodyVersion{{ID: items[0].ID, Version: 3}}, Trash: true}))
		if states() != "B:active" {
			t.Errorf("in the trash: %s", states())
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if states() != "A:active B:active" {
			t.Errorf("back from the trash: %s", states())
		}
	})
}
