package directory_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// table is a collaborative with a door, a clock and people in various roles.
type table struct {
	door  *operation.Door
	clock *clock.Fake
	place operation.Collaborative
	later []operation.Later // background work that was asked for
}

// tables runs a test on both engines.
func tables(t *testing.T, test func(t *testing.T, at *table)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, newTable(t, sqliteConfig(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, newTable(t, store.Config{URL: migrated.Database(t)}))
	})
}

func sqliteConfig(t testing.TB) store.Config {
	t.Helper()
	return store.Config{Path: migrated.File(t)}
}

func newTable(t testing.TB, cfg store.Config) *table {
	t.Helper()
	cfg.Migrations = schema.Files
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	registry, err := operation.NewRegistry(directory.Operations(), operation.HistoryOperations())
	if err != nil {
		t.Fatal(err)
	}
	at := &table{clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))}
	at.door = &operation.Door{Store: s, Clock: at.clock, Permissions: backbone.ParsedPermissions(), Registry: registry, Relations: directory.Relations{}, Log: slog.New(slog.DiscardHandler),
		Enqueue: func(_ *store.InstallationTx, _ time.Time, _ operation.Collaborative, work []operation.Later) error {
			at.later = append(at.later, work...)
			return nil
		}}
	at.place = at.found(t, "maple-valley")
	return at
}

// found adds a collaborative.
func (at *table) found(t testing.TB, slug string) operation.Collaborative {
	t.Helper()
	c := operation.Collaborative{ID: operation.NewCollaborativeID(), Slug: slug, Name: slug, Zone: time.UTC, Language: "en"}
	if err := at.door.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, $2, $2, '', '', '', 'UTC', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, c.ID, slug)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

// as is a context of somebody with the given roles.
func (at *table) as(roles ...operation.Role) context.Context {
	return at.who(operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: roles, Via: operation.ViaSession})
}

func (at *table) who(a operation.Actor) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), at.place), a)
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ptr[T any](v T) *T { return &v }

func wantKind(t *testing.T, err error, kind operation.Kind) {
	t.Helper()
	if operation.KindOf(err) != kind {
		t.Errorf("error = %v, want kind %d", err, kind)
	}
}

func TestOrganizationLife(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{
			Name: "  Riverbend   Health Center ", Sector: "health", Place: "Riverbend", Notes: "call in May", Host: true}))
		if o.Name != "Riverbend Health Center" || o.Status != "member" || o.Version != 1 || !o.Host {
			t.Errorf("created %+v", o)
		}
		at.clock.Advance(time.Hour)
		edited := must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, Name: ptr("Riverbend Clinic"), Place: ptr("")}))
		if edited.Name != "Riverbend Clinic" || edited.Place != "" || edited.Sector != "health" || edited.Version != 2 {
			t.Errorf("edited %+v", edited)
		}
		same := must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: 2, Name: ptr("Riverbend Clinic")}))
		if same.Version != 2 {
			t.Errorf("a change that changes nothing made version %d", same.Version)
		}
		must[directory.Organization](t)(directory.TrashOrganization.Do(ctx, at.door, directory.OrganizationVersion{ID: o.ID, Version: 2}))
		if page := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{})); len(page.Items) != 0 || page.Total != 0 {
			t.Errorf("after the trash the list holds %d of %d", len(page.Items), page.Total)
		}
		if page := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{Trash: true})); len(page.Items) != 1 {
			t.Errorf("the trash holds %d", len(page.Items))
		}
		back := must[directory.Organization](t)(directory.RestoreOrganization.Do(ctx, at.door, directory.OrganizationVersion{ID: o.ID, Version: 3}))
		if back.DeletedAt != nil || back.Notes != "call in May" {
			t.Errorf("restored %+v", back)
		}
		history := must[operation.Page[operation.Entry]](t)(operation.RecordHistory.Do(ctx, at.door, operation.RecordHistoryInput{Kind: "organization", ID: operation.EntryID(o.ID)}))
		var ops []string
		for _, e := range history.Items {
			ops = append(ops, e.Operation)
		}
		if got := strings.Join(ops, " "); got != "organizations.restore organizations.trash organizations.edit organizations.create" {
			t.Errorf("history: %s", got)
		}
		if f := history.Items[2].Fields; len(f) != 2 || f[0].Field != "name" || string(f[0].Before) != `"Riverbend Health Center"` || string(f[0].After) != `"Riverbend Clinic"` {
			t.Errorf("the edit recorded %+v", f)
		}
	})
}

// Whoever saves second is told what the first one saved, and loses nothing.
func TestStaleEdit(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Northside Parents Union"}))
		must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, About: ptr("first")}))
		_, err := directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, About: ptr("second")})
		var e *operation.Error
		if !errors.As(err, &e) || e.Kind != operation.Conflict {
			t.Fatalf("error = %v", err)
		}
		if now, ok := e.Current.(directory.Organization); !ok || now.About != "first" || now.Version != 2 {
			t.Errorf("the conflict shows %+v", e.Current)
		}
	})
}

func TestUndoTakesBackAndCanBeTakenBack(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		var made, edited, undone operation.Receipt
		a := must[directory.Organization](t)(directory.CreateOrganization.Do(operation.WithReceipt(ctx, &made), at.door, directory.OrganizationInput{Name: "Alpha", OtherNames: []string{"A"}}))
		b := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Beta", Status: "prospect"}))
		both := []directory.OrganizationVersion{{ID: a.ID, Version: 1}, {ID: b.ID, Version: 1}}
		must[operation.Page[directory.Organization]](t)(directory.EditOrganizations.Do(operation.WithReceipt(ctx, &edited), at.door, directory.EditOrganizationsInput{Items: both, Status: ptr("dormant")}))
		status := func() string {
			var out []string
			for _, o := range must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{})).Items {
				out = append(out, o.Status)
			}
			return strings.Join(out, " ")
		}
		if status() != "dormant dormant" {
			t.Fatalf("after the change: %s", status())
		}
		must[operation.Entry](t)(operation.Undo.Do(operation.WithReceipt(ctx, &undone), at.door, operation.UndoInput{ID: edited.Entry}))
		if status() != "member prospect" {
			t.Errorf("after undo: %s", status())
		}
		_, err := operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: edited.Entry})
		wantKind(t, err, operation.Conflict)
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: undone.Entry}))
		if status() != "dormant dormant" {
			t.Errorf("after undoing the undo: %s", status())
		}
		// What has been changed since cannot be taken back unseen.
		_, err = operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: made.Entry})
		wantKind(t, err, operation.Conflict)
		_, err = operation.Undo.Do(at.as(operation.TableMember), at.door, operation.UndoInput{ID: undone.Entry})
		if err == nil {
			t.Error("a member could undo the backbone's change")
		}
	})
}

func TestPeopleAndTheirOrganizations(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		school := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Lincoln Elementary"}))
		clinic := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Riverbend Clinic"}))
		p := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "María", FamilyName: "Ñúñez", Email: "maria@example.org",
			OrganizationID: school.ID, Title: "Principal", Represents: true}))
		if p.Affiliation == nil || p.Affiliation.Organization != "Lincoln Elementary" || p.Affiliation.ValidFrom != "2026-05-14" {
			t.Fatalf("created %+v", p.Affiliation)
		}
		at.clock.Advance(48 * time.Hour)
		p = must[directory.Person](t)(directory.EditPerson.Do(ctx, at.door, directory.PersonPatch{ID: p.ID, Version: 1, OrganizationID: &clinic.ID, Title: ptr("Nurse")}))
		if p.Affiliation.Organization != "Riverbend Clinic" || p.Affiliation.Represents || p.Affiliation.ValidFrom != "2026-05-16" {
			t.Errorf("moved to %+v", p.Affiliation)
		}
		for org, want := range map[directory.OrganizationID]int{school.ID: 0, clinic.ID: 1} {
			page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{OrganizationID: org}))
			if len(page.Items) != want {
				t.Errorf("%d people at %v, want %d", len(page.Items), org, want)
			}
		}
		_, err := directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{Email: "x@example.org"})
		wantKind(t, err, operation.Invalid)
		_, err = directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "A", OrganizationID: directory.OrganizationID{1}})
		wantKind(t, err, operation.Invalid)
	})
}

// Contact details and notes are for the backbone, and a person's own for
// themselves; they are neither shown, nor searched, nor exported to others.
func TestPrivateFields(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(director, at.door, directory.OrganizationInput{Name: "Harlan Foundation", Notes: "quarrel with canarynote"}))
		p := must[directory.Person](t)(directory.CreatePerson.Do(director, at.door, directory.PersonInput{GivenName: "Dale", FamilyName: "Whitcomb", Email: "canarymail@example.org", Phone: "555 0199", Notes: "canarynote",
			OrganizationID: o.ID, Represents: true}))
		for _, role := range []operation.Role{operation.Funder, operation.TableChair, operation.CommunityMember, operation.Evaluator, operation.Representative} {
			ctx := at.as(role)
			got := must[directory.Person](t)(directory.GetPerson.Do(ctx, at.door, directory.PersonRef{ID: p.ID}))
			org := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: o.ID}))
			if got.Email+got.Phone+got.Notes+org.Notes != "" {
				t.Errorf("%s sees %q %q %q %q", role, got.Email, got.Phone, got.Notes, org.Notes)
			}
			for _, word := range []string{"canarymail", "canarynote", "0199"} {
				if found := must[directory.SearchResult](t)(directory.Search.Do(ctx, at.door, directory.SearchInput{Text: word})); len(found.Items) != 0 {
					t.Errorf("%s finds %q by %s", role, found.Items[0].Title, word)
				}
				if page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{Text: word})); len(page.Items) != 0 {
					t.Errorf("%s lists somebody by %s", role, word)
				}
			}
			_, err := operation.RecordHistory.Do(ctx, at.door, operation.RecordHistoryInput{Kind: "person", ID: operation.EntryID(p.ID)})
			wantKind(t, err, operation.Forbidden)
		}
		if found := must[directory.SearchResult](t)(directory.Search.Do(director, at.door, directory.SearchInput{Text: "canarymail"})); len(found.Items) != 1 {
			t.Errorf("the director finds %d", len(found.Items))
		}
		self := at.who(operation.Actor{Account: operation.NewAccountID(), Person: p.ID, Roles: []operation.Role{operation.Representative}, Via: operation.ViaSession})
		mine := must[directory.Person](t)(directory.GetPerson.Do(self, at.door, directory.PersonRef{ID: p.ID}))
		if mine.Email == "" || mine.Notes != "" {
			t.Errorf("they see of themselves %q %q", mine.Email, mine.Notes)
		}
		must[directory.Person](t)(directory.EditPerson.Do(self, at.door, directory.PersonPatch{ID: p.ID, Version: 1, Phone: ptr("555 0100"), Notes: ptr("hacked"), Represents: ptr(false)}))
		kept := must[directory.Person](t)(directory.GetPerson.Do(director, at.door, directory.PersonRef{ID: p.ID}))
		if kept.Phone != "555 0100" || kept.Notes != "canarynote" || !kept.Affiliation.Represents {
			t.Errorf("after their own edit: %+v %+v", kept, kept.Affiliation)
		}
		// They represent the organization and keep its entry; its part in the
		// collaborative stays the backbone's record.
		org := must[directory.Organization](t)(directory.EditOrganization.Do(self, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, About: ptr("We fund reading."), Funder: ptr(true), Status: ptr("left")}))
		if org.About != "We fund reading." || org.Funder || org.Status != "member" {
			t.Errorf("after the representative's edit: %+v", org)
		}
		_, err := directory.EditPerson.Do(at.as(operation.Representative), at.door, directory.PersonPatch{ID: p.ID, Version: 2, Phone: ptr("1")})
		wantKind(t, err, operation.Forbidden)
		_, err = directory.EditOrganization.Do(at.as(operation.Representative), at.door, directory.OrganizationPatch{ID: o.ID, Version: 2, Name: ptr("1")})
		wantKind(t, err, operation.Forbidden)
		_, err = directory.GetOrganization.Do(at.as(operation.Administrator), at.door, directory.OrganizationRef{ID: o.ID})
		wantKind(t, err, operation.Forbidden)
	})
}

// Paging forwards and back by either order visits everyone once.
func TestPaging(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		for n := range 23 {
			at.clock.Advance(time.Second)
			must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: fmt.Sprintf("P%d", n*7%23), FamilyName: []string{"Ávila", "Zola", "Same"}[n%3]}))
		}
		for _, sort := range []string{"name", "-name", "updated", "-updated"} {
			all := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{Sort: sort, Limit: 200})).Items
			var pages [][]directory.PersonID
			in := directory.ListPeopleInput{Sort: sort, Limit: 5}
			for {
				page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, in))
				pages = append(pages, ids(page.Items))
				if page.Next == "" {
					// And back again.
					for back := len(pages) - 2; back >= 0; back-- {
						page = must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{Sort: sort, Limit: 5, Before: page.Previous}))
						if !slices.Equal(ids(page.Items), pages[back]) {
							t.Errorf("%s: page %d read backwards differs", sort, back)
						}
					}
					if page.Previous != "" {
						t.Errorf("%s: there is a page before the first", sort)
					}
					break
				}
				in.After = page.Next
			}
			if got := slices.Concat(pages...); !slices.Equal(got, ids(all)) || len(got) != 23 {
				t.Errorf("%s: pages hold %d people in another order than the whole", sort, len(got))
			}
		}
		for _, bad := range []string{"x", "W10", "WyJpMSIsImkxIl0", strings.Repeat("A", 1999)} {
			_, err := directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{After: bad})
			wantKind(t, err, operation.Invalid)
		}
	})
}

func ids(people []directory.Person) []directory.PersonID {
	var out []directory.PersonID
	for _, p := range people {
		out = append(out, p.ID)
	}
	return out
}

func TestSearchFindsByHalfAWord(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.TableMember)
		director := at.as(operation.Director)
		for _, name := range []string{"Northside Parents Union", "North Valley Schools", "Bibliothèque Émile-Zola", "Children’s Alliance", "Alianza de Niños", "Unión del Norte"} {
			must[directory.Organization](t)(directory.CreateOrganization.Do(director, at.door, directory.OrganizationInput{Name: name}))
		}
		for query, want := range map[string]string{
			"northside":         "Northside Parents Union",
			"north":             "North Valley Schools|Northside Parents Union",
			"pare":              "Northside Parents Union",
			"north par":         "Northside Parents Union",
			"parents northside": "Northside Parents Union",
			"school":            "North Valley Schools",
			"schooling":         "North Valley Schools",
			"BIBLIOTHEQUE":      "Bibliothèque Émile-Zola",
			"emile zola":        "Bibliothèque Émile-Zola",
			"nino":              "Alianza de Niños",
			"union":             "Northside Parents Union|Unión del Norte",
			"north valley sch":  "North Valley Schools",
			"nothing":           "",
			"' OR 1=1 --":       "",
			"%":                 "",
			"":                  "",
		} {
			found := must[directory.SearchResult](t)(directory.Search.Do(ctx, at.door, directory.SearchInput{Text: query}))
			var titles []string
			for _, f := range found.Items {
				titles = append(titles, f.Title)
			}
			slices.Sort(titles)
			if got := strings.Join(titles, "|"); got != want {
				t.Errorf("%q finds %s, want %s", query, got, want)
			}
		}
	})
}

// Another collaborative's records do not exist here, whatever is asked of them.
func TestOtherCollaborativesDoNotExist(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Canary Trust"}))
		p := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Canary", OrganizationID: o.ID}))
		at.place = at.found(t, "elsewhere")
		other := at.as(operation.Director)
		for name, err := range map[string]error{
			"get":     second(directory.GetOrganization.Do(other, at.door, directory.OrganizationRef{ID: o.ID})),
			"edit":    second(directory.EditOrganization.Do(other, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, Name: ptr("x")})),
			"trash":   second(directory.TrashOrganization.Do(other, at.door, directory.OrganizationVersion{ID: o.ID, Version: 1})),
			"restore": second(directory.RestoreOrganization.Do(other, at.door, directory.OrganizationVersion{ID: o.ID, Version: 1})),
			"bulk":    second(directory.EditOrganizations.Do(other, at.door, directory.EditOrganizationsInput{Items: []directory.OrganizationVersion{{ID: o.ID, Version: 1}}, Trash: true})),
			"person":  second(directory.GetPerson.Do(other, at.door, directory.PersonRef{ID: p.ID})),
		} {
			if operation.KindOf(err) != operation.NotFound {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
		_, err := directory.CreatePerson.Do(other, at.door, directory.PersonInput{GivenName: "A", OrganizationID: o.ID})
		wantKind(t, err, operation.Invalid)
		if found := must[directory.SearchResult](t)(directory.Search.Do(other, at.door, directory.SearchInput{Text: "canary"})); len(found.Items) != 0 {
			t.Errorf("search elsewhere finds %+v", found.Items)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestIdempotencyKeys(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := operation.WithIdempotencyKey(at.as(operation.Director), "k1")
		a := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Once"}))
		b := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Once"}))
		if a.ID != b.ID {
			t.Error("the same key made two organizations")
		}
		_, err := directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Another"})
		wantKind(t, err, operation.Conflict)
	})
}
