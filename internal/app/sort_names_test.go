package app

import (
	"testing"
	"time"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
)

// A change of language is followed by names in its order, once the queue has
// done its work; a request that was under way meanwhile is made good after.
func TestALanguageChangeSortsTheNames(t *testing.T) {
	o := openOffice(t, migrated.Folder(t))
	system := operation.WithActor(t.Context(), operation.System())
	k, err := collaborative.Create.Do(system, o.Door, collaborative.CreateInput{Name: "Maple"})
	if err != nil {
		t.Fatal(err)
	}
	english := operation.WithCollaborative(system, operation.Collaborative{ID: k.ID, Language: "en"})
	add := func(name string) {
		t.Helper()
		if _, err := directory.CreateOrganization.Do(english, o.Door, directory.OrganizationInput{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	order := func() (names string) {
		t.Helper()
		page, err := directory.ListOrganizations.Do(english, o.Door, directory.ListOrganizationsInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Items {
			names += one.Name + " "
		}
		return names
	}
	add("Peña")
	add("Penza")
	spanish := "es"
	if _, err := collaborative.Edit.Do(english, o.Door, collaborative.EditInput{Version: k.Version, Language: &spanish, Languages: &[]string{"en", "es"}}); err != nil {
		t.Fatal(err)
	}
	if got := order(); got != "Peña Penza " {
		t.Errorf("before: %s", got)
	}
	if n := o.work(t); n != 1 || order() != "Penza Peña " {
		t.Errorf("%d jobs, then %s", n, order())
	}
	add("Peñalba") // by a request that still speaks English
	if got := order(); got != "Peñalba Penza Peña " {
		t.Errorf("a straggler: %s", got)
	}
	o.clock.Advance(5 * time.Minute)
	if n := o.work(t); n != 1 || order() != "Penza Peña Peñalba " {
		t.Errorf("%d jobs, then %s", n, order())
	}
	if got := o.states(t); len(got) != 2 || got[0] != "done 1" || got[1] != "done 1" {
		t.Errorf("jobs: %q", got)
	}
}
