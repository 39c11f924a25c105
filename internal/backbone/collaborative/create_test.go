package collaborative_test

import (
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

func TestCreateMakesADirector(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx := h.account(t, "Ana María Ruiz", "ana@example.org", operation.Administrator)
		k := must[collaborative.Collaborative](t)(collaborative.Create.Do(ctx, h.door, collaborative.CreateInput{Name: "Début en Santé – Vallée", Zone: "America/Toronto", Language: "fr"}))
		if k.Slug != "debut-en-sante-vallee" || k.SurveyMinimum != 5 || k.PeopleMinimum != 11 || k.Phase != "assess_readiness" || !slices.Equal(k.Languages, []string{"fr"}) || k.Version != 1 {
			t.Errorf("made %+v", k)
		}
		list := must[operation.Page[collaborative.Listed]](t)(collaborative.List.Do(ctx, h.door, collaborative.ListInput{}))
		if len(list.Items) != 1 || list.Items[0].Slug != k.Slug || !slices.Equal(list.Items[0].Roles, []operation.Role{operation.Director}) {
			t.Errorf("list = %+v", list.Items)
		}
		people := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(inside(ctx, k, operation.Director), h.door, directory.ListPeopleInput{}))
		if len(people.Items) != 1 || people.Items[0].GivenName != "Ana" || people.Items[0].FamilyName != "María Ruiz" || people.Items[0].Email != "ana@example.org" {
			t.Errorf("people = %+v", people.Items)
		}
		log := must[operation.Page[operation.Entry]](t)(operation.ListHistory.Do(inside(ctx, k, operation.Director), h.door, operation.ListHistoryInput{}))
		if len(log.Items) == 0 || log.Items[len(log.Items)-1].Operation != "collaboratives.create" || log.Items[0].Actor != "Ana María Ruiz" {
			t.Errorf("log = %+v", log.Items)
		}
	})
}

// A creation that cannot be finished leaves nothing: here the person cannot be
// made, because the table of people refuses every row.
func TestCreateIsWholeOrNothing(t *testing.T) {
	h := newHouse(t, store.Config{Path: migrated.File(t)})
	ctx := h.account(t, "Ana Ruiz", "ana@example.org", operation.Administrator)
	if err := h.door.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`ALTER TABLE people RENAME TO hidden_collaborative_id`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	_, err := collaborative.Create.Do(ctx, h.door, collaborative.CreateInput{Name: "Maple Valley"})
	wantKind(t, err, operation.Internal)
	list := must[operation.Page[collaborative.Listed]](t)(collaborative.List.Do(ctx, h.door, collaborative.ListInput{All: true}))
	if len(list.Items) != 0 {
		t.Errorf("left behind: %+v", list.Items)
	}
}

func TestSlugs(t *testing.T) {
	h := newHouse(t, store.Config{Path: migrated.File(t)})
	ctx := h.account(t, "Ana Ruiz", "ana@example.org", operation.Administrator)
	for _, c := range []struct{ name, slug, want string }{
		{"Maple Valley", "", "maple-valley"},
		{"Maple  VALLEY!", "", "maple-valley-2"},
		{"maple valley", "", "maple-valley-3"},
		{"New", "", "new-2"},
		{"健康", "", "place"},
		{"X", "", "place-x"},
		{strings.Repeat("a", 120), "", strings.Repeat("a", 48)},
		{strings.Repeat("neighbourhood ", 8), "", "neighbourhood-neighbourhood-neighbourhood"},
		{"Anything", "our-place", "our-place"},
	} {
		k, err := collaborative.Create.Do(ctx, h.door, collaborative.CreateInput{Name: c.name, Slug: c.slug})
		if err != nil || k.Slug != c.want {
			t.Errorf("%q %q: slug %q, %v; want %q", c.name, c.slug, k.Slug, err, c.want)
		}
	}
	for slug, key := range map[string]string{"our-place": "settings.slug_taken", "api": "settings.slug_reserved", "installation": "settings.slug_reserved",
		"Our": "settings.slug_form", "a--b": "settings.slug_form", "../x": "settings.slug_form", "-a": "settings.slug_form", "a": "settings.slug_form", "é": "settings.slug_form"} {
		_, err := collaborative.Create.Do(ctx, h.door, collaborative.CreateInput{Name: "Other", Slug: slug})
		wantFault(t, err, "slug", key)
	}
}

func TestWhoMayCreateAndList(t *testing.T) {
	h := newHouse(t, store.Config{Path: migrated.File(t)})
	_, maple := h.found(t, collaborative.CreateInput{Name: "Maple"})
	h.found(t, collaborative.CreateInput{Name: "Cedar"})
	for _, role := range operation.MembershipRoles {
		ctx := inside(h.account(t, "Somebody", string(role)+"@example.org"), maple, role)
		_, err := collaborative.Create.Do(ctx, h.door, collaborative.CreateInput{Name: "Mine"})
		wantKind(t, err, operation.Forbidden)
		_, err = collaborative.List.Do(ctx, h.door, collaborative.ListInput{All: true})
		wantKind(t, err, operation.Forbidden)
		list := must[operation.Page[collaborative.Listed]](t)(collaborative.List.Do(ctx, h.door, collaborative.ListInput{}))
		if len(list.Items) != 0 {
			t.Errorf("%s sees %+v", role, list.Items)
		}
	}
	_, err := collaborative.List.Do(t.Context(), h.door, collaborative.ListInput{})
	wantKind(t, err, operation.Unauthenticated)

	ctx := h.account(t, "Admin", "admin@example.org", operation.Administrator)
	first := must[operation.Page[collaborative.Listed]](t)(collaborative.List.Do(ctx, h.door, collaborative.ListInput{All: true, Limit: 1}))
	if len(first.Items) != 1 || first.Items[0].Name != "Cedar" || first.Next == "" {
		t.Fatalf("first page = %+v", first)
	}
	second := must[operation.Page[collaborative.Listed]](t)(collaborative.List.Do(ctx, h.door, collaborative.ListInput{All: true, Limit: 1, After: first.Next}))
	if len(second.Items) != 1 || second.Items[0].Name != "Maple" || second.Next != "" {
		t.Errorf("second page = %+v", second)
	}
	// Administering the installation opens nothing in it.
	_, err = collaborative.Get.Do(inside(ctx, maple, operation.Administrator), h.door, operation.None{})
	wantKind(t, err, operation.Forbidden)
}

func TestCommandLineCreatesWithoutMembers(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx := operation.WithActor(t.Context(), operation.System())
		k := must[collaborative.Collaborative](t)(collaborative.Create.Do(ctx, h.door, collaborative.CreateInput{Name: "Sample"}))
		people := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(inside(ctx, k), h.door, directory.ListPeopleInput{}))
		if len(people.Items) != 0 {
			t.Errorf("people = %+v", people.Items)
		}
	})
}
