package network_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/operation"
)

func TestTheLifeOfATie(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		funds := at.tie(t, network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "Funds", Strength: ptr[int64](40), From: "2024-01-01", To: "2026-01-01"})
		if funds.Title() != "Clinic → School" || funds.Direction != network.Directed || funds.Layer != network.Declared || funds.Strength != 40 {
			t.Errorf("declared %+v", funds)
		}
		knows := at.tie(t, network.Input{FromPersonID: at.omar, ToOrganizationID: at.school, Type: "knows", Direction: network.Mutual})
		if knows.Title() != "Omar ↔ School" || knows.Strength != network.Unknown {
			t.Errorf("declared %+v", knows)
		}
		at.count(at.staff, t, network.ListInput{}, 2)
		at.count(at.staff, t, network.ListInput{Type: "FUNDS"}, 1)
		at.count(at.staff, t, network.ListInput{OrganizationID: at.school}, 2)
		at.count(at.staff, t, network.ListInput{OrganizationID: at.clinic}, 1)
		at.count(at.staff, t, network.ListInput{PersonID: at.omar}, 1)
		at.count(at.staff, t, network.ListInput{AsOf: "2025-12-31"}, 2)
		at.count(at.staff, t, network.ListInput{AsOf: "2026-01-01"}, 1)
		at.count(at.staff, t, network.ListInput{AsOf: "2023-12-31"}, 1)

		var receipt operation.Receipt
		edited := must[network.Tie](t)(network.Edit.Do(operation.WithReceipt(at.staff, &receipt), at.door, network.Patch{ID: funds.ID, Version: 1, Strength: ptr[int64](network.Unknown), About: ptr("A grant."), To: ptr("")}))
		if edited.Strength != network.Unknown || edited.To != "" || edited.Version != 2 {
			t.Errorf("edited %+v", edited)
		}
		must[operation.Entry](t)(operation.Undo.Do(at.staff, at.door, operation.UndoInput{ID: receipt.Entry}))
		if back := at.get(t, funds.ID); back.Strength != 40 || back.To != "2026-01-01" || back.About != "" {
			t.Errorf("taken back %+v", back)
		}
		_, err := network.Edit.Do(at.staff, at.door, network.Patch{ID: funds.ID, Version: 1, About: ptr("late")})
		wantKind(t, err, operation.Conflict)

		several := must[operation.Page[network.Tie]](t)(network.EditSeveral.Do(operation.WithReceipt(at.staff, &receipt), at.door,
			network.SeveralInput{Items: []network.AtVersion{{ID: funds.ID, Version: 3}, {ID: knows.ID, Version: 1}}, To: ptr("2026-05-14")}))
		if len(several.Items) != 2 || several.Items[1].To != "2026-05-14" {
			t.Errorf("ended %+v", several.Items)
		}
		at.count(at.staff, t, network.ListInput{AsOf: "2026-05-14"}, 0)
		must[operation.Entry](t)(operation.Undo.Do(at.staff, at.door, operation.UndoInput{ID: receipt.Entry}))
		at.count(at.staff, t, network.ListInput{AsOf: "2026-05-14"}, 1)
		_, err = network.EditSeveral.Do(at.staff, at.door, network.SeveralInput{Items: []network.AtVersion{{ID: funds.ID, Version: 5}}, To: ptr("2020-01-01")})
		wantFault(t, err, "items", "ties.stopped_by")

		must[network.Tie](t)(network.Trash.Do(at.staff, at.door, network.AtVersion{ID: funds.ID, Version: 5}))
		at.count(at.staff, t, network.ListInput{}, 1)
		at.count(at.staff, t, network.ListInput{Trash: true}, 1)
		must[network.Tie](t)(network.Restore.Do(at.staff, at.door, network.AtVersion{ID: funds.ID, Version: 6}))
		at.count(at.staff, t, network.ListInput{}, 2)
	})
}

// Nobody is tied to themselves, and the same two have one tie of a type on a day.
func TestTheSameTieIsOne(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		for _, bad := range []struct {
			in         network.Input
			field, key string
		}{
			{network.Input{ToOrganizationID: at.school}, "from_organization_id", "errors.required"},
			{network.Input{FromOrganizationID: at.clinic, FromPersonID: at.omar, ToOrganizationID: at.school}, "from_person_id", "errors.tie_one_end"},
			{network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.clinic}, "to_organization_id", "errors.tie_itself"},
			{network.Input{FromOrganizationID: at.clinic, ToPersonID: operation.NewPersonID()}, "to_person_id", "errors.no_such_person"},
			{network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.school, From: "2025-01-01", To: "2025-01-01"}, "valid_to", "errors.ends_before_it_begins"},
		} {
			_, err := network.Create.Do(at.staff, at.door, bad.in)
			wantFault(t, err, bad.field, bad.key)
		}
		first := at.tie(t, network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "shares data", From: "2024-01-01", To: "2025-01-01"})
		for _, again := range []network.Input{
			{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "Shares Data"},
			{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "shares data", From: "2024-12-31"},
			{FromOrganizationID: at.school, ToOrganizationID: at.clinic, Type: "shares data", Direction: network.Mutual, To: "2024-06-01"},
		} {
			_, err := network.Create.Do(at.staff, at.door, again)
			wantFault(t, err, "type", "errors.tie_again")
		}
		for _, other := range []network.Input{
			{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "funds"},
			{FromOrganizationID: at.school, ToOrganizationID: at.clinic, Type: "shares data"},
			{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "shares data", From: "2025-01-01"},
		} {
			at.tie(t, other)
		}
		_, err := network.Edit.Do(at.staff, at.door, network.Patch{ID: first.ID, Version: 1, To: ptr("")})
		wantFault(t, err, "type", "errors.tie_again")
		must[network.Tie](t)(network.Trash.Do(at.staff, at.door, network.AtVersion{ID: first.ID, Version: 1}))
		at.tie(t, network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "shares data", To: "2024-02-01"})
		_, err = network.Restore.Do(at.staff, at.door, network.AtVersion{ID: first.ID, Version: 2})
		wantFault(t, err, "type", "errors.tie_again")
	})
}

// Members see how organizations are tied; ties of people are the backbone's.
func TestWhoSeesTies(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		open := at.tie(t, network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.school})
		personal := at.tie(t, network.Input{FromOrganizationID: at.clinic, ToPersonID: at.omar})
		at.count(at.staff, t, network.ListInput{}, 2)
		at.count(at.chair, t, network.ListInput{}, 1)
		at.count(at.chair, t, network.ListInput{PersonID: at.omar}, 0)
		must[network.Tie](t)(network.Get.Do(at.chair, at.door, network.Ref{ID: open.ID}))
		_, err := network.Get.Do(at.chair, at.door, network.Ref{ID: personal.ID})
		wantKind(t, err, operation.NotFound)
		_, err = network.Create.Do(at.chair, at.door, network.Input{FromOrganizationID: at.school, ToOrganizationID: at.clinic})
		wantKind(t, err, operation.Forbidden)
		_, err = network.List.Do(at.chair, at.door, network.ListInput{Trash: true})
		wantKind(t, err, operation.Forbidden)
	})
}

// A merge takes the ties along and gives them back; a tie with oneself and the
// same tie twice lie in the trash meanwhile.
func TestMergesMoveTies(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		moved := at.tie(t, network.Input{FromOrganizationID: at.school, ToOrganizationID: at.twin, Type: "refers"})
		itself := at.tie(t, network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.twin, Type: "shares a house"})
		kept := at.tie(t, network.Input{FromOrganizationID: at.clinic, ToOrganizationID: at.school, Type: "funds"})
		twice := at.tie(t, network.Input{FromOrganizationID: at.twin, ToOrganizationID: at.school, Type: "Funds", From: "2025-01-01"})
		o := must[directory.Organization](t)(directory.MergeOrganizations.Do(at.director, at.door, directory.OrganizationMerge{ID: at.clinic, Version: 1, MergeID: at.twin, MergeVersion: 1}))
		at.count(at.staff, t, network.ListInput{}, 2)
		at.count(at.staff, t, network.ListInput{OrganizationID: o.ID}, 2)
		if got := at.get(t, moved.ID); got.ToOrganizationID != at.clinic {
			t.Errorf("moved %+v", got)
		}
		out := must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(at.director, at.door, directory.OrganizationVersion{ID: at.twin, Version: 2}))
		if out.Left.Rows != 0 {
			t.Errorf("left alone %+v", out.Left)
		}
		for _, was := range []network.Tie{moved, itself, kept, twice} {
			if got := at.get(t, was.ID); got != was {
				t.Errorf("after the merge was taken back %+v, want %+v", got, was)
			}
		}

		personal := at.tie(t, network.Input{FromPersonID: at.double, ToOrganizationID: at.school})
		between := at.tie(t, network.Input{FromPersonID: at.double, ToPersonID: at.omar, Direction: network.Mutual})
		must[directory.Person](t)(directory.MergePeople.Do(at.director, at.door, directory.PersonMerge{ID: at.omar, Version: 1, MergeID: at.double, MergeVersion: 1}))
		at.count(at.staff, t, network.ListInput{PersonID: at.omar}, 1)
		must[directory.UnmergedPerson](t)(directory.UnmergePerson.Do(at.director, at.door, directory.PersonVersion{ID: at.double, Version: 2}))
		for _, was := range []network.Tie{personal, between} {
			if got := at.get(t, was.ID); got != was {
				t.Errorf("after the merge was taken back %+v, want %+v", got, was)
			}
		}
	})
}
