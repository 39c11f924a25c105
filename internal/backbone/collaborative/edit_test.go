package collaborative_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

// latest is a context in which the collaborative is as it is stored now, as a
// next request would find it.
func latest(t *testing.T, h *house, ctx context.Context) context.Context {
	t.Helper()
	k := must[collaborative.Collaborative](t)(collaborative.Get.Do(ctx, h.door, operation.None{}))
	return inside(ctx, k, operation.ActorFrom(ctx).Roles...)
}

func TestEditStaleAndUndo(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx, _ := h.found(t, collaborative.CreateInput{Name: "Maple Valley", Place: "Maple"})
		k := must[collaborative.Collaborative](t)(collaborative.Edit.Do(ctx, h.door, collaborative.EditInput{Version: 1, Purpose: ptr("Every child ready"), Labels: map[string]string{"leadership_table": "Council"}}))
		if k.Version != 2 || k.Place != "Maple" || k.Purpose != "Every child ready" || k.Labels["leadership_table"] != "Council" {
			t.Errorf("edited %+v", k)
		}
		_, err := collaborative.Edit.Do(ctx, h.door, collaborative.EditInput{Version: 1, Purpose: ptr("Another")})
		wantKind(t, err, operation.Conflict)
		var e *operation.Error
		if !errors.As(err, &e) || e.Current.(collaborative.Collaborative).Purpose != "Every child ready" {
			t.Errorf("the conflict shows %+v", e)
		}

		var receipt operation.Receipt
		in := collaborative.EditInput{Version: 2, Zone: ptr("Europe/Paris"), Language: ptr("es"), Languages: &[]string{"es", "en", "es"}, Phase: ptr("sustain_impact"), RequireSecondFactor: ptr(true),
			SurveyMinimum: ptr(int64(7)), Labels: map[string]string{"leadership_table": "", "funder": "Friend"}}
		k = must[collaborative.Collaborative](t)(collaborative.Edit.Do(operation.WithReceipt(ctx, &receipt), h.door, in))
		if !slices.Equal(k.Languages, []string{"en", "es"}) || k.Labels["leadership_table"] != "" || k.Labels["funder"] != "Friend" || !k.RequireSecondFactor {
			t.Errorf("edited %+v", k)
		}
		if !receipt.Undoable {
			t.Fatal("not undoable")
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, h.door, operation.UndoInput{ID: receipt.Entry}))
		k = must[collaborative.Collaborative](t)(collaborative.Get.Do(ctx, h.door, operation.None{}))
		if k.Zone != "UTC" || k.Language != "en" || k.Phase != "assess_readiness" || k.SurveyMinimum != 5 || k.RequireSecondFactor || k.Labels["leadership_table"] != "Council" || k.Labels["funder"] != "" || k.Version != 4 {
			t.Errorf("after the undo %+v", k)
		}
		same := must[collaborative.Collaborative](t)(collaborative.Edit.Do(ctx, h.door, collaborative.EditInput{Version: 4, Name: ptr("Maple Valley")}))
		if same.Version != 4 {
			t.Errorf("a change that changes nothing made version %d", same.Version)
		}
	})
}

func TestTheLogNamesTheWord(t *testing.T) {
	h := newHouse(t, store.Config{Path: migrated.File(t)})
	ctx, _ := h.found(t, collaborative.CreateInput{Name: "Maple"})
	must[collaborative.Collaborative](t)(collaborative.Edit.Do(ctx, h.door, collaborative.EditInput{Version: 1, Labels: map[string]string{"table_chair": "Elder", "working_group": "Circle"}}))
	log := must[operation.Page[operation.Entry]](t)(operation.ListHistory.Do(ctx, h.door, operation.ListHistoryInput{Limit: 1}))
	var got []string
	for _, f := range log.Items[0].Fields {
		got = append(got, f.Field+" "+string(f.Before)+"→"+string(f.After))
	}
	want := []string{`label_table_chair →"Elder"`, `label_working_group →"Circle"`}
	if !slices.Equal(got, want) {
		t.Errorf("fields = %q, want %q", got, want)
	}
}

func TestLabels(t *testing.T) {
	h := newHouse(t, store.Config{Path: migrated.File(t)})
	ctx, _ := h.found(t, collaborative.CreateInput{Name: "Maple"})
	if got := collaborative.RoleLabel(ctx, operation.TableChair); got != "Leadership table chair" {
		t.Errorf("the standard word is %q", got)
	}
	edit := func(version int64, labels map[string]string) error {
		_, err := collaborative.Edit.Do(ctx, h.door, collaborative.EditInput{Version: version, Labels: labels})
		return err
	}
	if err := edit(1, map[string]string{"leadership_table": " Circle\nof \u202e Partners "}); err != nil {
		t.Fatal(err)
	}
	ctx = latest(t, h, ctx)
	for _, c := range []struct{ got, want string }{
		{collaborative.Label(ctx, "leadership_table"), "Circle of Partners"},
		{collaborative.RoleLabel(ctx, operation.TableChair), "Circle of Partners chair"},
		{collaborative.RoleLabel(ctx, operation.TableMember), "Circle of Partners member"},
		{collaborative.RoleLabel(i18n.With(ctx, "fr"), operation.TableChair), "Présidence – Circle of Partners"},
		{collaborative.RoleLabel(ctx, operation.GroupChair), "Working group chair"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if err := edit(2, map[string]string{"table_chair": "Keeper", "leadership_table": "   "}); err != nil {
		t.Fatal(err)
	}
	ctx = latest(t, h, ctx)
	if got := collaborative.Label(ctx, "leadership_table"); got != "Leadership table" {
		t.Errorf("a blank word leaves %q", got)
	}
	if got := collaborative.RoleLabel(ctx, operation.TableChair); got != "Keeper" {
		t.Errorf("the role's own word is %q", got)
	}
	for _, bad := range []string{strings.Repeat("x", 61), strings.Repeat("ü", 10_000), strings.Repeat("x", 10_000)} {
		wantFault(t, edit(3, map[string]string{"backbone": bad}), "labels.backbone", "errors.too_long")
	}
	wantFault(t, edit(3, map[string]string{"backbone": "\xff"}), "labels.backbone", "errors.not_text")
	wantFault(t, edit(3, map[string]string{"throne": "x"}), "labels.throne", "errors.not_offered")
	if err := edit(3, map[string]string{"backbone": strings.Repeat("é", 60)}); err != nil {
		t.Error(err)
	}
}

func TestEveryRoleAndLabelHasAWord(t *testing.T) {
	for _, language := range i18n.Languages() {
		ctx := i18n.With(t.Context(), language)
		for _, role := range operation.Roles {
			if got := collaborative.RoleLabel(ctx, role); got == "" || strings.HasPrefix(got, "roles.") || strings.Contains(got, "{{") {
				t.Errorf("%s: %s is called %q", language, role, got)
			}
		}
		for _, key := range collaborative.LabelKeys {
			if !i18n.Has("settings.field_label_" + key) {
				t.Errorf("the label %s has no name in the form", key)
			}
		}
	}
}

func TestEditRefusals(t *testing.T) {
	h := newHouse(t, store.Config{Path: migrated.File(t)})
	ctx, k := h.found(t, collaborative.CreateInput{Name: "Maple"})
	for _, c := range []struct {
		field, key string
		in         collaborative.EditInput
	}{
		{"name", "errors.required", collaborative.EditInput{Name: ptr("  ")}},
		{"zone", "settings.no_such_zone", collaborative.EditInput{Zone: ptr("Middle/Earth")}},
		{"zone", "settings.no_such_zone", collaborative.EditInput{Zone: ptr("Local")}},
		{"zone", "settings.no_such_zone", collaborative.EditInput{Zone: ptr("")}},
		{"zone", "settings.no_such_zone", collaborative.EditInput{Zone: ptr("../../etc/passwd")}},
		{"language", "settings.language_not_among", collaborative.EditInput{Language: ptr("es")}},
		{"languages", "errors.required", collaborative.EditInput{Languages: &[]string{}}},
		{"languages", "errors.not_offered", collaborative.EditInput{Languages: &[]string{"en", "tlh"}}},
		{"phase", "errors.not_offered", collaborative.EditInput{Phase: ptr("blooming")}},
		{"phase", "errors.required", collaborative.EditInput{Phase: ptr("")}},
		{"survey_minimum", "errors.minimum", collaborative.EditInput{SurveyMinimum: ptr(int64(2))}},
		{"people_minimum", "errors.minimum", collaborative.EditInput{PeopleMinimum: ptr(int64(4))}},
		{"people_minimum", "errors.maximum", collaborative.EditInput{PeopleMinimum: ptr(int64(1) << 60)}},
		{"version", "errors.required", collaborative.EditInput{Version: -1}},
	} {
		c.in.Version++ // 1, except in the last
		_, err := collaborative.Edit.Do(ctx, h.door, c.in)
		wantFault(t, err, c.field, c.key)
	}
	for _, role := range operation.Roles[1:] {
		_, err := collaborative.Edit.Do(inside(ctx, k, role), h.door, collaborative.EditInput{Version: 1, Name: ptr("Mine")})
		wantKind(t, err, operation.Forbidden)
	}
	for _, zone := range collaborative.Zones {
		if _, err := collaborative.Create.Do(operation.WithActor(ctx, operation.Actor{}), h.door, collaborative.CreateInput{Name: "x", Zone: zone}); operation.KindOf(err) == operation.Invalid {
			t.Errorf("the zone %s is offered and refused", zone)
		}
	}
}

// Of many who edit one version at once exactly one succeeds.
func TestEditsAtOnce(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx, _ := h.found(t, collaborative.CreateInput{Name: "Maple"})
		var wg sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wg.Go(func() {
				_, results[i] = collaborative.Edit.Do(ctx, h.door, collaborative.EditInput{Version: 1, Place: ptr(strings.Repeat("x", i+1))})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else {
				wantKind(t, err, operation.Conflict)
			}
		}
		if won != 1 {
			t.Errorf("%d edits succeeded", won)
		}
	})
}

// Another language puts the names in another order, which is work for later, in
// the transaction of the change. Anything else asks for nothing.
func TestANewLanguageSortsNamesAnew(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx, k := h.found(t, collaborative.CreateInput{Name: "Maple Valley"})
		h.work = nil
		edit := func(in collaborative.EditInput) error {
			_, err := collaborative.Edit.Do(ctx, h.door, in)
			return err
		}
		if err := edit(collaborative.EditInput{Version: 1, Purpose: ptr("Every child ready"), Language: ptr("en"), Languages: &[]string{"en", "es"}}); err != nil || len(h.work) != 0 {
			t.Errorf("%v, work %q", err, h.work)
		}
		if err := edit(collaborative.EditInput{Version: 1, Language: ptr("es")}); err == nil || len(h.work) != 0 {
			t.Errorf("a stale change: %v, work %q", err, h.work)
		}
		var receipt operation.Receipt
		ctx = operation.WithReceipt(ctx, &receipt)
		asked := k.Slug + " " + directory.SortNamesKind
		if err := edit(collaborative.EditInput{Version: 2, Language: ptr("es")}); err != nil || !slices.Equal(h.work, []string{asked, asked}) {
			t.Fatalf("%v, work %q", err, h.work)
		}
		h.work = nil
		must[operation.Entry](t)(operation.Undo.Do(ctx, h.door, operation.UndoInput{ID: receipt.Entry}))
		if !slices.Equal(h.work, []string{asked, asked}) {
			t.Errorf("taking it back asks for %q", h.work)
		}
	})
}
