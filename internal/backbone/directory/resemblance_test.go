package directory_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// compare does the search for duplicates that was asked for.
func (at *table) compare(t testing.TB) {
	t.Helper()
	for _, w := range at.later {
		raw, _ := json.Marshal(w.Payload) // a struct of a text
		if w.Kind == directory.FindResemblancesKind {
			if err := directory.FindResemblances(context.Background(), at.door.Store, at.clock.Now, at.place.ID, raw); err != nil {
				t.Fatal(err)
			}
		}
	}
	at.later = nil
}

func TestFindingAndDecidingResemblances(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		var people []directory.Person
		for _, in := range []directory.PersonInput{{GivenName: "Francisco", FamilyName: "García", Email: "pg@example.org"}, {GivenName: "Paco", FamilyName: "Garcia", Email: "pg@example.org"}, {GivenName: "Ana", FamilyName: "Ruiz"}} {
			people = append(people, must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, in)))
		}
		a := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Riverbend Elementary School", Website: "https://riverbend.example"}))
		must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Riverbend Elem. Sch.", Website: "https://www.riverbend.example"}))
		list := func(in directory.ListResemblancesInput) []directory.Resemblance {
			return must[operation.Page[directory.Resemblance]](t)(directory.ListResemblances.Do(ctx, at.door, in)).Items
		}
		runs := must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
		if len(runs.Items) != 2 || !runs.Items[0].Running(at.clock.Now()) || len(at.later) != 2 {
			t.Errorf("asked for: %+v, %d jobs", runs, len(at.later))
		}
		must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
		if len(at.later) != 2 {
			t.Errorf("asked twice, %d jobs", len(at.later))
		}
		at.compare(t)
		runs = must[directory.RunsOfSearch](t)(directory.ResemblanceProgress.Do(ctx, at.door, operation.None{}))
		if runs.Items[1].Found != 1 || runs.Items[1].Total != 3 || runs.Items[1].Running(at.clock.Now()) {
			t.Errorf("progress: %+v", runs)
		}
		pairs := list(directory.ListResemblancesInput{})
		if len(pairs) != 1 || pairs[0].First.Name != "Francisco García" || pairs[0].Second.Name != "Paco Garcia" || !slices.ContainsFunc(pairs[0].Reasons, func(r directory.AlikeReason) bool { return r.Code == "same_email" }) {
			t.Fatalf("pairs: %+v", pairs)
		}
		if got := list(directory.ListResemblancesInput{Kind: "organization"}); len(got) != 1 || got[0].First.Name != a.Name {
			t.Errorf("organizations: %+v", got)
		}
		found := must[directory.AlikeRecords](t)(directory.FindAlike.Do(ctx, at.door, directory.FindInput{Kind: "person", GivenName: "Pancho", FamilyName: "García", Email: "PG@example.org"}))
		if len(found.Items) != 2 {
			t.Errorf("before adding: %+v", found)
		}
		found = must[directory.AlikeRecords](t)(directory.FindAlike.Do(ctx, at.door, directory.FindInput{Kind: "person", ID: operation.EntryID(people[0].ID)}))
		if len(found.Items) != 1 || found.Items[0].Second.Name != "Paco Garcia" {
			t.Errorf("of one: %+v", found)
		}
		// What was decided stays so, and is not asked again.
		var receipt operation.Receipt
		must[directory.Resemblance](t)(directory.DecideResemblance.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.Decide{Kind: "person", First: pairs[0].Second.ID, Second: pairs[0].First.ID, Decision: "different"}))
		at.clock.Advance(1e9)
		must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
		at.compare(t)
		if open, decided := list(directory.ListResemblancesInput{}), list(directory.ListResemblancesInput{Decision: "different"}); len(open) != 0 || len(decided) != 1 {
			t.Errorf("open %+v, decided %+v", open, decided)
		}
		if found := must[directory.AlikeRecords](t)(directory.FindAlike.Do(ctx, at.door, directory.FindInput{Kind: "person", ID: operation.EntryID(people[0].ID)})); len(found.Items) != 0 {
			t.Errorf("still looks like %+v", found)
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if open := list(directory.ListResemblancesInput{}); len(open) != 1 {
			t.Errorf("asked again: %+v", open)
		}
		// Merging answers the question; taking it back asks again. What changed is forgotten.
		must[directory.Person](t)(directory.MergePeople.Do(ctx, at.door, directory.PersonMerge{ID: people[0].ID, Version: 1, MergeID: people[1].ID, MergeVersion: 1}))
		if open := list(directory.ListResemblancesInput{}); len(open) != 0 {
			t.Errorf("after the merge: %+v", open)
		}
		must[directory.UnmergedPerson](t)(directory.UnmergePerson.Do(ctx, at.door, directory.PersonVersion{ID: people[1].ID, Version: 2}))
		p := must[directory.Person](t)(directory.EditPerson.Do(ctx, at.door, directory.PersonPatch{ID: people[1].ID, Version: 3, GivenName: ptr("Xiomara"), FamilyName: ptr("Zed"), Email: ptr("x@example.net")}))
		at.clock.Advance(1e9)
		must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
		at.compare(t)
		if open := list(directory.ListResemblancesInput{}); len(open) != 0 {
			t.Errorf("%s still resembles: %s", p.Name(), fmt.Sprint(open))
		}
		_, err := directory.ListResemblances.Do(at.as(operation.TableMember), at.door, directory.ListResemblancesInput{})
		wantKind(t, err, operation.Forbidden)
	})
}

// What looks like one record is the same whether the last search knows it or all is
// compared at that moment, and what came, went or changed since then counts.
func TestWhatLooksLikeOneRecord(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		add := func(given, family, email string) directory.Person {
			return must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: given, FamilyName: family, Email: email}))
		}
		people := []directory.Person{add("Francisco", "García", "pg@example.org"), add("Paco", "Garcia", "pg@example.org"), add("Ana", "Ruiz", "")}
		alike := func(p directory.Person) []directory.Resemblance {
			return must[directory.AlikeRecords](t)(directory.FindAlike.Do(ctx, at.door, directory.FindInput{Kind: "person", ID: operation.EntryID(p.ID)})).Items
		}
		names := func(p directory.Person) (out []string) {
			for _, r := range alike(p) {
				out = append(out, r.Second.Name)
			}
			return out
		}
		var compared [][]directory.Resemblance
		for _, p := range people {
			compared = append(compared, alike(p))
		}
		at.clock.Advance(time.Second)
		must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
		at.compare(t)
		for n, p := range people {
			if got := alike(p); !reflect.DeepEqual(got, compared[n]) {
				t.Errorf("%s: the search found\n%+v, compared just now it was\n%+v", p.Name(), got, compared[n])
			}
		}
		at.clock.Advance(time.Second)
		late := add("F.", "García", "pg@example.org")
		if got := names(people[0]); !slices.Equal(got, []string{"Paco Garcia", "F. García"}) && !slices.Equal(got, []string{"F. García", "Paco Garcia"}) {
			t.Errorf("with one that was added since: %v", got)
		}
		if got := names(late); len(got) != 2 {
			t.Errorf("the one that was added since: %v", got)
		}
		must[directory.Person](t)(directory.TrashPerson.Do(ctx, at.door, directory.PersonVersion{ID: people[1].ID, Version: 1}))
		if got := names(people[0]); !slices.Equal(got, []string{"F. García"}) {
			t.Errorf("with one that lies in the trash since: %v", got)
		}
		must[directory.Person](t)(directory.EditPerson.Do(ctx, at.door, directory.PersonPatch{ID: late.ID, Version: 1, GivenName: ptr("Xiomara"), FamilyName: ptr("Zed"), Email: ptr("x@example.net")}))
		if got := names(people[0]); len(got) != 0 {
			t.Errorf("with one that has another name since: %v", got)
		}
	})
}

// Records are compared again when they changed, some hours later, and not while
// somebody still works on them.
func TestComparingByItself(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		due := func() (kinds []string) {
			if err := at.door.Store.Read(context.Background(), at.place.ID, func(tx *store.Tx) (err error) {
				kinds, err = directory.DueForComparison(tx, at.clock.Now(), 20*time.Hour, time.Hour)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return kinds
		}
		must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Ana"}))
		if got := due(); len(got) != 0 {
			t.Errorf("at once: %v", got)
		}
		at.clock.Advance(2 * time.Hour)
		if got := due(); len(got) != 1 || got[0] != "person" {
			t.Errorf("later: %v", got)
		}
		must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
		must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "A"}))
		at.clock.Advance(3 * time.Hour)
		if got := due(); len(got) != 0 {
			t.Errorf("soon again: %v", got)
		}
		at.clock.Advance(20 * time.Hour)
		must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Luis"}))
		at.clock.Advance(2 * time.Hour)
		if got := due(); len(got) != 1 || got[0] != "person" {
			t.Errorf("a day later: %v", got)
		}
	})
}
