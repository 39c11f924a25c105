package app

import (
	"testing"
	"time"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

func TestChores(t *testing.T) {
	o := openOffice(t, migrated.Folder(t))
	system := operation.WithActor(t.Context(), operation.System())
	var places []operation.CollaborativeID
	answer := func(key string) {
		for _, place := range places {
			ctx := operation.WithIdempotencyKey(operation.WithCollaborative(system, operation.Collaborative{ID: place, Language: "en"}), key)
			if _, err := directory.CreateOrganization.Do(ctx, o.Door, directory.OrganizationInput{Name: "Riverbend Clinic"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range []string{"Maple", "Cedar"} {
		k, err := collaborative.Create.Do(system, o.Door, collaborative.CreateInput{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, k.ID)
	}
	answer("old")
	o.post(t, letter("ana@example.org"), letter("luis@example.org"))
	o.work(t)
	o.clock.Advance(8 * 24 * time.Hour)
	answer("new")
	o.post(t, letter("mei@example.org"))
	o.work(t)
	if err := o.sweepAnswers(t.Context(), o.clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, place := range places {
		err := o.Store.Read(t.Context(), place, func(tx *store.Tx) error {
			keys, err := store.Collect(tx, func(row store.Row) (k string, err error) { return k, row.Scan(&k) }, `SELECT key FROM idempotency_keys WHERE collaborative_id = $1`)
			if len(keys) != 1 || keys[0] != "new" {
				t.Errorf("answers left: %q", keys)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	o.clock.Advance(7 * 24 * time.Hour)
	for _, chore := range o.chores() {
		if err := chore.Do(t.Context(), o.clock.Now()); err != nil {
			t.Errorf("%s: %v", chore.Name, err)
		}
	}
	// The newest letter, and the comparison of the organizations of both places.
	if got := o.states(t); len(got) != 3 || got[1] != "queued 0" || got[2] != "queued 0" {
		t.Errorf("jobs left: %q", got)
	}
}
