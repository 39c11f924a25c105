package directory_test

import (
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Organizations are found by their kind, however it is spelled, in the order of
// their names, through every change and from an older program too.
func TestOrganizationsOfAKind(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		made := map[string]directory.Organization{}
		for _, in := range []directory.OrganizationInput{
			{Name: "Cedar", Kinds: []string{"École", "Library"}, Tags: []string{"north"}},
			{Name: "Alder", Kinds: []string{"ecole", "!"}},
			{Name: "Birch", Kinds: []string{"Library"}},
			{Name: "Dogwood", Kinds: []string{"ÉCOLE"}, Tags: []string{"north"}},
		} {
			made[in.Name] = must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, in))
		}
		found := func(in directory.ListOrganizationsInput, want string) {
			t.Helper()
			var names []string
			for in.Limit = 1; ; {
				page := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, in))
				for _, o := range page.Items {
					names = append(names, o.Name)
				}
				if in.After = page.Next; in.After == "" {
					break
				}
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%+v: %s, want %s", in, got, want)
			}
		}
		school := directory.ListOrganizationsInput{Kind: "Ecole"}
		found(school, "Alder Cedar Dogwood")
		found(directory.ListOrganizationsInput{Kind: "ecole", Sort: "-name"}, "Dogwood Cedar Alder")
		found(directory.ListOrganizationsInput{Kind: "ecole", Tag: "North"}, "Cedar Dogwood")
		found(directory.ListOrganizationsInput{Kind: "ecole", Sort: "updated"}, "Cedar Alder Dogwood")
		found(directory.ListOrganizationsInput{Kind: "ecole", AsOf: "2001-01-01"}, "")
		kinds := must[directory.TagList](t)(directory.ListKinds.Do(at.as(operation.Funder), at.door, operation.None{}))
		if len(kinds.Items) != 2 || kinds.Items[1].Tag != "Library" {
			t.Errorf("kinds in use: %+v", kinds.Items)
		}

		// A new name, another kind, the trash.
		alder := must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: made["Alder"].ID, Version: 1, Name: ptr("Elm")}))
		found(school, "Cedar Dogwood Elm")
		var receipt operation.Receipt
		dogwood := must[directory.Organization](t)(directory.EditOrganization.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.OrganizationPatch{ID: made["Dogwood"].ID, Version: 1, Kinds: &[]string{"Clinic"}}))
		found(school, "Cedar Elm")
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		dogwood = must[directory.Organization](t)(directory.TrashOrganization.Do(ctx, at.door, directory.OrganizationVersion{ID: dogwood.ID, Version: dogwood.Version + 1}))
		found(school, "Cedar Elm")
		must[directory.Organization](t)(directory.RestoreOrganization.Do(ctx, at.door, directory.OrganizationVersion{ID: dogwood.ID, Version: dogwood.Version}))
		found(school, "Cedar Dogwood Elm")

		// Two become one, which is of the kinds that were chosen, and two again.
		merged := must[directory.Organization](t)(directory.MergeOrganizations.Do(ctx, at.door, directory.OrganizationMerge{ID: made["Birch"].ID, Version: 1, MergeID: alder.ID, MergeVersion: alder.Version,
			Fields: []directory.OrganizationChoice{{Field: "kinds", From: "merged"}, {Field: "name", From: "merged"}}}))
		found(school, "Cedar Dogwood Elm")
		found(directory.ListOrganizationsInput{Kind: "library"}, "Cedar")
		if merged.ID != made["Birch"].ID {
			t.Errorf("kept %v", merged.ID)
		}
		must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(ctx, at.door, directory.OrganizationVersion{ID: alder.ID, Version: alder.Version + 1}))
		found(school, "Cedar Dogwood Elm")
		found(directory.ListOrganizationsInput{Kind: "library"}, "Birch Cedar")

		// As a program leaves them that knows no kinds among the tags.
		waits := func(want bool) {
			t.Helper()
			if err := at.door.Store.Read(t.Context(), at.place.ID, func(tx *store.Tx) error {
				got, err := directory.KindsWait(tx)
				if got != want {
					t.Errorf("kinds wait: %v, want %v", got, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		waits(false)
		if err := at.door.Store.Write(t.Context(), at.place.ID, func(tx *store.Tx) error {
			if _, err := tx.Exec(`DELETE FROM tags WHERE collaborative_id = $1 AND kind = 'organization-kind' AND tag_key <> 'library'`); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE organizations SET kinds_indexed = FALSE WHERE collaborative_id = $1`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		found(school, "")
		waits(true)
		for range 2 { // a chore may run twice
			if err := directory.IndexKinds(t.Context(), at.door.Store, at.place.ID); err != nil {
				t.Fatal(err)
			}
		}
		waits(false)
		found(school, "Cedar Dogwood Elm")
		found(directory.ListOrganizationsInput{Kind: "library"}, "Birch Cedar")
	})
}
