package directory_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// speak makes a language the collaborative's, and does not touch its names.
func (at *table) speak(t *testing.T, place operation.Collaborative, language string) {
	t.Helper()
	if err := at.door.Store.WriteInstallation(t.Context(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE collaboratives SET language = $2 WHERE id = $1`, place.ID, language)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// order is how names stand in the lists: organizations, people, and the people
// of one organization.
func (at *table) order(t *testing.T, ctx context.Context, of directory.OrganizationID) string {
	t.Helper()
	var names []string
	for _, o := range must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{})).Items {
		names = append(names, o.Name)
	}
	names = append(names, "/")
	for _, in := range []directory.ListPeopleInput{{}, {OrganizationID: of}} {
		for _, p := range must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, in)).Items {
			names = append(names, p.Name())
		}
		names = append(names, "/")
	}
	return strings.Join(names, " ")
}

// footprint is what a change of a record would leave behind.
func (at *table) footprint(t *testing.T, place operation.Collaborative) string {
	t.Helper()
	var out []string
	if err := at.door.Store.Read(t.Context(), place.ID, func(tx *store.Tx) error {
		audits, err := store.Value[int64](tx, `SELECT COUNT(*) FROM audit_entries WHERE collaborative_id = $1`)
		if err != nil {
			return err
		}
		out = []string{fmt.Sprint(audits)}
		return store.Each(tx, func(row store.Row) error {
			var version, updated int64
			err := row.Scan(&version, &updated)
			out = append(out, fmt.Sprint(version, "@", updated))
			return err
		}, `SELECT version, updated_at FROM people WHERE collaborative_id = $1 ORDER BY id`)
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

// An order of n and ñ that English and Spanish disagree on.
func TestNamesFollowTheLanguage(t *testing.T) {
	const english, spanish = "Peña Penza / Ana Peña Luis Penza / Ana Peña Luis Penza /", "Penza Peña / Luis Penza Ana Peña / Luis Penza Ana Peña /"
	tables(t, func(t *testing.T, at *table) {
		furnish := func(place operation.Collaborative) (context.Context, directory.OrganizationID) {
			ctx := operation.WithCollaborative(at.as(operation.Director), place)
			o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Peña"}))
			must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Penza"}))
			for _, name := range [][2]string{{"Ana", "Peña"}, {"Luis", "Penza"}} {
				must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: name[0], FamilyName: name[1], OrganizationID: o.ID}))
			}
			return ctx, o.ID
		}
		ctx, of := furnish(at.place)
		neighbor := at.found(t, "neighbor")
		there, theirs := furnish(neighbor)
		sort := func() {
			t.Helper()
			if err := directory.SortNames(t.Context(), at.door.Store, at.place.ID); err != nil {
				t.Fatal(err)
			}
		}
		before := at.footprint(t, at.place)
		if got := at.order(t, ctx, of); got != english {
			t.Fatalf("in English: %s", got)
		}
		at.clock.Advance(time.Hour)
		at.speak(t, at.place, "es")
		for range 2 { // a job may run twice
			if sort(); at.order(t, ctx, of) != spanish {
				t.Fatalf("in Spanish: %s", at.order(t, ctx, of))
			}
		}
		if after := at.footprint(t, at.place); after != before {
			t.Errorf("sorting left a trace:\n%s\n%s", before, after)
		}
		at.speak(t, neighbor, "es")
		if sort(); at.order(t, there, theirs) != english {
			t.Error("the neighbor's names were sorted too")
		}

		// The work of an earlier change, late, sorts by the newest language.
		at.speak(t, at.place, "fr")
		if sort(); at.order(t, ctx, of) != english {
			t.Errorf("in French: %s", at.order(t, ctx, of))
		}
	})
}

// A request that began before the change may leave a person in one order and
// their affiliations in another; both are mended.
func TestStragglersAreSorted(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "School"}))
		for _, name := range [][2]string{{"Ana", "Peña"}, {"Luis", "Penza"}} {
			must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: name[0], FamilyName: name[1], OrganizationID: o.ID}))
		}
		at.speak(t, at.place, "es")
		at.place.Language = "es"
		late := at.as(operation.Director)
		for _, p := range must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(late, at.door, directory.ListPeopleInput{})).Items {
			must[directory.Person](t)(directory.EditPerson.Do(late, at.door, directory.PersonPatch{ID: p.ID, Version: p.Version, Phone: ptr("555 0100")}))
		}
		if got := at.order(t, late, o.ID); got != "School / Luis Penza Ana Peña / Ana Peña Luis Penza /" {
			t.Fatalf("before: %s", got)
		}
		if err := directory.SortNames(t.Context(), at.door.Store, at.place.ID); err != nil {
			t.Fatal(err)
		}
		if got := at.order(t, late, o.ID); got != "School / Luis Penza Ana Peña / Luis Penza Ana Peña /" {
			t.Errorf("after: %s", got)
		}
	})
}

// More names than one transaction looks at, trash included, and a run that is
// broken off.
func TestManyNamesAreSorted(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		var items []directory.PersonInput
		for n := range 450 {
			items = append(items, directory.PersonInput{GivenName: fmt.Sprintf("%03d", n), FamilyName: "Peña"})
		}
		made := must[operation.Page[directory.Person]](t)(directory.CreatePeople.Do(ctx, at.door, directory.CreatePeopleInput{Items: items})).Items
		must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Luis", FamilyName: "Penza"}))
		must[directory.Person](t)(directory.TrashPerson.Do(ctx, at.door, directory.PersonVersion{ID: made[449].ID, Version: 1}))
		keys := func() (out []string) {
			t.Helper()
			if err := at.door.Store.Read(t.Context(), at.place.ID, func(tx *store.Tx) (err error) {
				out, err = store.Collect(tx, func(row store.Row) (string, error) { var key []byte; err := row.Scan(&key); return string(key), err },
					`SELECT sort_key FROM people WHERE collaborative_id = $1 ORDER BY id`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		before := keys()
		at.speak(t, at.place, "es")
		stopped, stop := context.WithCancel(t.Context())
		stop()
		if err := directory.SortNames(stopped, at.door.Store, at.place.ID); err == nil {
			t.Error("a run that was ended says that all is done")
		}
		if err := directory.SortNames(t.Context(), at.door.Store, at.place.ID); err != nil {
			t.Fatal(err)
		}
		after := keys()
		for n, key := range after[:450] {
			if key == before[n] {
				t.Fatalf("person %d of 450 was not reached", n)
			}
		}
		if slices.Min(after[:450]) < after[450] {
			t.Error("Penza does not stand before every Peña")
		}
	})
}
