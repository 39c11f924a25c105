package directory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
)

// exec runs statements of a test inside the collaborative.
func (at *table) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	if err := at.door.Store.Write(context.Background(), at.place.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(text, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// everything is what the collaborative's tables hold of what refers to records,
// without what every write moves.
func (at *table) everything(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	read := func(name string, columns int, text string) {
		err := at.door.Store.Read(context.Background(), at.place.ID, func(tx *store.Tx) error {
			return store.Each(tx, func(row store.Row) error {
				cells := make([]any, columns)
				to := make([]any, columns)
				for i := range cells {
					to[i] = &cells[i]
				}
				err := row.Scan(to...)
				fmt.Fprintf(&out, "%s", name)
				for _, c := range cells {
					switch v := c.(type) {
					case []byte:
						fmt.Fprintf(&out, " %q", v)
					case time.Time:
						fmt.Fprintf(&out, " %d", v.UnixMicro())
					default:
						fmt.Fprintf(&out, " %v", v)
					}
				}
				out.WriteByte('\n')
				return err
			}, text)
		})
		if err != nil {
			t.Fatal(name, err)
		}
	}
	read("organization", 10, `SELECT name, sort_key, CAST(other_names AS TEXT), status, place, phone, funder, CAST(custom AS TEXT), deleted_at, merged_into FROM organizations WHERE collaborative_id = $1 ORDER BY id`)
	read("person", 12, `SELECT given_name, family_name, sort_key, email, email_key, phone, CAST(other_names AS TEXT), CAST(other_emails AS TEXT), notes, CAST(custom AS TEXT), deleted_at, merged_into FROM people WHERE collaborative_id = $1 ORDER BY id`)
	read("affiliation", 8, `SELECT id, person_id, organization_id, title, represents, valid_from, valid_to, person_sort_key FROM affiliations WHERE collaborative_id = $1 ORDER BY id`)
	read("period", 5, `SELECT subject_id, fact, valid_from, value, valid_to FROM periods WHERE collaborative_id = $1 ORDER BY subject_id, fact, valid_from`)
	read("seat", 2, `SELECT id, organization_id FROM seats WHERE collaborative_id = $1 ORDER BY id`)
	read("term", 6, `SELECT id, person_id, organization_id, alternate_id, valid_from, valid_to FROM seat_terms WHERE collaborative_id = $1 ORDER BY id`)
	read("holding", 7, `SELECT id, function, organization_id, share, note, valid_from, valid_to FROM function_holdings WHERE collaborative_id = $1 ORDER BY id`)
	read("agreement", 4, `SELECT id, organization_id, organization_sort_key, signatory_id FROM agreements WHERE collaborative_id = $1 ORDER BY id`)
	read("touch", 4, `SELECT id, organization_id, person_id, by_person_id FROM touches WHERE collaborative_id = $1 ORDER BY id`)
	read("tag", 5, `SELECT kind, tag_key, record_sort_key, record_id, tag FROM tags WHERE collaborative_id = $1 ORDER BY kind, tag_key, record_id`)
	read("email", 2, `SELECT email_key, person_id FROM person_emails WHERE collaborative_id = $1 ORDER BY email_key, person_id`)
	read("count", 2, `SELECT kind, CAST(SUM(n) AS BIGINT) FROM record_counts WHERE collaborative_id = $1 GROUP BY kind ORDER BY kind`)
	read("found", 4, `SELECT kind, record_id, title, detail FROM search_documents WHERE collaborative_id = $1 ORDER BY kind, record_id`)
	return out.String()
}

// doubles is two organizations and two people that are one each, with everything
// that can refer to them, also at the same time.
type doubles struct {
	ctx          context.Context
	kept, merged directory.Organization
	ana, anita   directory.Person
	luis         directory.Person
	body         directory.Body
	seat         directory.Seat
}

func (at *table) doubles(t testing.TB) doubles {
	t.Helper()
	ctx := at.as(operation.Director)
	d := doubles{ctx: ctx}
	d.kept = must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Riverbend Clinic", Since: "2020-01-01", Sector: "other"}))
	d.merged = must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Riverbend Health", OtherNames: []string{"RH"}, Phone: "555 0100", Sector: "health", Since: "2015-06-01", Funder: true}))
	d.ana = must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Ana", FamilyName: "Ruiz", Email: "ana@example.org", OrganizationID: d.kept.ID, Title: "Nurse"}))
	d.anita = must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Anita", FamilyName: "Ruiz", Email: "anita@example.org", Phone: "555 0199", OrganizationID: d.merged.ID, Title: "Head nurse", Represents: true}))
	d.luis = must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Luis", FamilyName: "Gil", OrganizationID: d.merged.ID}))
	at.exec(t, `INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, title, represents, valid_from, valid_to, person_sort_key)
		SELECT collaborative_id, $2, person_id, $3, 'Volunteer', FALSE, '2019-01-01', NULL, person_sort_key FROM affiliations WHERE collaborative_id = $1 AND person_id = $4`, id.New[struct{}](), d.kept.ID, d.luis.ID)
	at.exec(t, `INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, title, represents, valid_from, valid_to, person_sort_key)
		SELECT collaborative_id, $2, person_id, $3, '', FALSE, '2018-01-01', '2021-01-01', person_sort_key FROM affiliations WHERE collaborative_id = $1 AND person_id = $4`, id.New[struct{}](), d.merged.ID, d.ana.ID)
	d.body = must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Table", Kind: "leadership_table"}))
	d.seat = must[directory.Seat](t)(directory.CreateSeat.Do(ctx, at.door, directory.SeatInput{BodyID: d.body.ID, Role: "chair", OrganizationID: d.merged.ID, From: "2019-01-01", Terms: []directory.TermInput{
		{PersonID: d.ana.ID, OrganizationID: d.kept.ID, AlternateID: d.anita.ID, From: "2019-01-01", To: "2022-01-01"},
		{PersonID: d.anita.ID, OrganizationID: d.merged.ID, AlternateID: d.ana.ID, From: "2022-01-01", To: "2024-01-01"},
		{PersonID: d.luis.ID, OrganizationID: d.merged.ID, AlternateID: d.anita.ID, From: "2024-01-01"}}}))
	for _, h := range []directory.HoldingInput{
		{Function: "guide_vision", OrganizationID: d.kept.ID, Share: 60, From: "2020-01-01", Note: "mine"}, {Function: "guide_vision", OrganizationID: d.merged.ID, Share: 40, From: "2022-01-01", Note: "theirs"},
		{Function: "advance_policy", OrganizationID: d.merged.ID, Share: 10, From: "2022-01-01"}} {
		must[directory.Holding](t)(directory.Assign.Do(ctx, at.door, h))
	}
	for _, o := range []directory.OrganizationID{d.kept.ID, d.merged.ID} {
		for _, state := range []string{"signed", "draft"} { // of two that wait for a signature only one may stand with an organization
			at.exec(t, `INSERT INTO agreements (collaborative_id, id, organization_id, organization_sort_key, principles, state, text, transition, term_months, signatory_id, signatory_name, signatory_title, signatory_email,
				language, sent_by, signed_name, on_paper, end_note, version, created_at, updated_at)
				SELECT $1, $2, id, sort_key, 1, $5, '', '', 12, $4, '', '', '', 'en', '', '', FALSE, '', 1, 0, 0 FROM organizations WHERE collaborative_id = $1 AND id = $3`, id.New[struct{}](), o, d.anita.ID, state)
		}
		at.exec(t, `INSERT INTO touches (collaborative_id, id, organization_id, person_id, by_person_id, by_name, happened_on, channel, about, settled, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, '', '2026-01-01', 'call', '', FALSE, 1, 0, 0)`, id.New[struct{}](), o, d.anita.ID, d.anita.ID)
	}
	tag := func(kind, word string, record [16]byte, key string) {
		at.exec(t, `INSERT INTO tags (collaborative_id, kind, tag_key, record_sort_key, record_id, tag) VALUES ($1, $2, $3, $4, $5, $3)`, kind, word, []byte(key), record[:])
	}
	tag("organization", "both", d.kept.ID, "k")
	at.exec(t, `INSERT INTO tags (collaborative_id, kind, tag_key, record_sort_key, record_id, tag) SELECT $1, 'organization', 'both', sort_key, id, 'Both' FROM organizations WHERE collaborative_id = $1 AND id = $2`, d.merged.ID)
	at.exec(t, `INSERT INTO tags (collaborative_id, kind, tag_key, record_sort_key, record_id, tag) SELECT $1, 'organization', 'one', sort_key, id, 'One' FROM organizations WHERE collaborative_id = $1 AND id = $2`, d.merged.ID)
	at.exec(t, `INSERT INTO tags (collaborative_id, kind, tag_key, record_sort_key, record_id, tag) SELECT $1, 'person', 'one', sort_key, id, 'One' FROM people WHERE collaborative_id = $1 AND id = $2`, d.anita.ID)
	for _, e := range []struct {
		address string
		person  directory.PersonID
	}{{"shared@example.org", d.ana.ID}, {"shared@example.org", d.anita.ID}, {"anita@example.org", d.anita.ID}} {
		at.exec(t, `INSERT INTO person_emails (collaborative_id, email_key, person_id) VALUES ($1, $2, $3)`, e.address, e.person)
	}
	at.exec(t, `UPDATE organizations SET custom = '{"color":"red","grade":"b"}' WHERE collaborative_id = $1 AND id = $2`, d.merged.ID)
	at.exec(t, `UPDATE organizations SET custom = '{"grade":"a"}' WHERE collaborative_id = $1 AND id = $2`, d.kept.ID)
	at.refresh(t)
	return d
}

// refresh does the background work that was asked for.
func (at *table) refresh(t testing.TB) {
	t.Helper()
	for _, w := range at.later {
		raw, _ := json.Marshal(w.Payload) // a struct of ids
		if w.Kind == directory.RefreshPeopleKind {
			if err := directory.RefreshPeople(context.Background(), at.door.Store, at.clock.Now(), at.place.ID, raw); err != nil {
				t.Fatal(err)
			}
		}
	}
	at.later = nil
}

func TestMergingOrganizationsMovesEverythingAndBack(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		before := at.everything(t)
		var receipt operation.Receipt
		o := must[directory.Organization](t)(directory.MergeOrganizations.Do(operation.WithReceipt(d.ctx, &receipt), at.door, directory.OrganizationMerge{ID: d.kept.ID, Version: 1, MergeID: d.merged.ID, MergeVersion: 1}))
		at.refresh(t)
		if o.Name != "Riverbend Clinic" || o.Phone != "555 0100" || o.Sector != "health" || !o.Funder || fmt.Sprint(o.OtherNames) != "[Riverbend Health RH]" {
			t.Errorf("merged: %+v", o)
		}
		o = must[directory.Organization](t)(directory.GetOrganization.Do(d.ctx, at.door, directory.OrganizationRef{ID: o.ID}))
		if got := fmt.Sprint(o.History); got != "[{funder yes 2015-06-01 } {status member 2015-06-01 }]" {
			t.Errorf("history: %s", got)
		}
		merged := must[directory.Organization](t)(directory.GetOrganization.Do(d.ctx, at.door, directory.OrganizationRef{ID: d.merged.ID}))
		if merged.DeletedAt == nil || merged.MergedInto != d.kept.ID {
			t.Errorf("the merged one: %+v", merged)
		}
		led := must[directory.Organization](t)(directory.GetOrganization.Do(at.as(operation.TableMember), at.door, directory.OrganizationRef{ID: d.merged.ID}))
		if led.MergedInto != d.kept.ID || led.Name != "" || led.Phone != "" {
			t.Errorf("a member sees of the merged one %+v", led)
		}
		_, err := directory.RestoreOrganization.Do(d.ctx, at.door, directory.OrganizationVersion{ID: d.merged.ID, Version: merged.Version})
		wantKey(t, err, "errors.is_merged")
		if got := strings.Count(at.everything(t), fmt.Sprintf("%q", d.merged.ID[:])); got > 4 { // its periods, the tag both have, and its agreement that waits beside the other's
			t.Errorf("%d references were left behind:\n%s", got, at.everything(t))
		}
		var holdings []string
		for _, f := range must[directory.FunctionList](t)(directory.ListFunctions.Do(d.ctx, at.door, directory.ListFunctionsInput{})).Items {
			for _, h := range f.Holdings {
				holdings = append(holdings, fmt.Sprint(h.Holder, " ", h.Share, " ", h.Note, " ", h.From, "–", h.To))
			}
		}
		if got := strings.Join(holdings, "; "); got != "Riverbend Clinic 60 mine 2020-01-01–2022-01-01; Riverbend Clinic 100 mine · theirs 2022-01-01–; Riverbend Clinic 10  2022-01-01–" {
			t.Errorf("holdings: %s", got)
		}
		luis := must[directory.Person](t)(directory.GetPerson.Do(d.ctx, at.door, directory.PersonRef{ID: d.luis.ID}))
		if luis.Affiliation == nil || luis.Affiliation.ValidFrom != "2019-01-01" || luis.Affiliation.Title != "Volunteer" || luis.Affiliation.Organization != "Riverbend Clinic" {
			t.Errorf("Luis: %+v", luis.Affiliation)
		}
		if page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(d.ctx, at.door, directory.ListPeopleInput{OrganizationID: d.kept.ID})); len(page.Items) != 3 {
			t.Errorf("its people: %d", len(page.Items))
		}
		must[operation.Entry](t)(operation.Undo.Do(d.ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		at.refresh(t)
		if after := at.everything(t); after != before {
			t.Errorf("not as it was:\n%s", difference(before, after))
		}
	})
}

func TestMergingPeopleMovesEverythingAndBack(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		at.exec(t, `UPDATE affiliations SET organization_id = $3 WHERE collaborative_id = $1 AND person_id = $2`, d.anita.ID, d.kept.ID)
		at.later = append(at.later, operation.Later{Kind: directory.RefreshPeopleKind, Payload: map[string]any{"organization": d.kept.ID}})
		at.refresh(t)
		before := at.everything(t)
		p := must[directory.Person](t)(directory.MergePeople.Do(d.ctx, at.door, directory.PersonMerge{ID: d.ana.ID, Version: 1, MergeID: d.anita.ID, MergeVersion: 1,
			Fields: []directory.PersonChoice{{Field: "given_name", From: "merged"}}}))
		if p.Name() != "Anita Ruiz" || p.Phone != "555 0199" || p.Email != "ana@example.org" || p.Affiliation == nil || p.Affiliation.Title != "Nurse" || !p.Affiliation.Represents {
			t.Errorf("merged: %+v %+v", p, p.Affiliation)
		}
		if got := at.everything(t); strings.Count(got, fmt.Sprintf("%q", d.anita.ID[:])) != 1 || !strings.Contains(got, `["Ana Ruiz"]`) || !strings.Contains(got, `["anita@example.org"]`) { // the address both have
			t.Errorf("references were left behind:\n%s", got)
		}
		seat := must[directory.Seat](t)(directory.GetSeat.Do(d.ctx, at.door, directory.SeatRef{ID: d.seat.ID}))
		for i, want := range []string{"Anita Ruiz//", "Anita Ruiz//", "Luis Gil/Anita Ruiz/"} {
			if got := seat.Terms[i].Person + "/" + seat.Terms[i].Alternate + "/"; got != want {
				t.Errorf("term %d: %s, want %s", i, got, want)
			}
		}
		out := must[directory.UnmergedPerson](t)(directory.UnmergePerson.Do(d.ctx, at.door, directory.PersonVersion{ID: d.anita.ID, Version: 2}))
		if len(out.Left.Fields) != 0 || out.Left.Rows != 0 || out.Person.Name() != "Anita Ruiz" || out.Kept.Name() != "Ana Ruiz" {
			t.Errorf("unmerged: %+v", out)
		}
		if after := at.everything(t); after != before {
			t.Errorf("not as it was:\n%s", difference(before, after))
		}
		_, err := directory.UnmergePerson.Do(d.ctx, at.door, directory.PersonVersion{ID: d.anita.ID, Version: 3})
		wantKey(t, err, "errors.not_merged")
	})
}

// What was edited after a merge stays as it is, and the answer says so.
func TestUndoingAMergeLeavesLaterEditsAlone(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		o := must[directory.Organization](t)(directory.MergeOrganizations.Do(d.ctx, at.door, directory.OrganizationMerge{ID: d.kept.ID, Version: 1, MergeID: d.merged.ID, MergeVersion: 1,
			Fields: []directory.OrganizationChoice{{Field: "name", From: "merged"}}}))
		must[directory.Organization](t)(directory.EditOrganization.Do(d.ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Phone: ptr("555 0111"), Funder: ptr(false)}))
		must[directory.Person](t)(directory.EditPerson.Do(d.ctx, at.door, directory.PersonPatch{ID: d.luis.ID, Version: 1, OrganizationID: &directory.OrganizationID{}}))
		seat := must[directory.Seat](t)(directory.GetSeat.Do(d.ctx, at.door, directory.SeatRef{ID: d.seat.ID}))
		must[directory.Seat](t)(directory.EditSeat.Do(d.ctx, at.door, directory.SeatPatch{ID: seat.ID, Version: seat.Version, OrganizationID: &directory.OrganizationID{}}))
		out := must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(d.ctx, at.door, directory.OrganizationVersion{ID: d.merged.ID, Version: 2}))
		if fmt.Sprint(out.Left.Fields) != "[phone funder]" || out.Left.Rows != 2 {
			t.Errorf("left: %+v", out.Left)
		}
		if out.Kept.Name != "Riverbend Clinic" || out.Kept.Phone != "555 0111" || out.Kept.Funder || out.Organization.Name != "Riverbend Health" || !out.Organization.Funder {
			t.Errorf("%+v\n%+v", out.Kept, out.Organization)
		}
	})
}

// The values of the collaborative's own fields are chosen one by one, and the
// history, too, names what taking the merge back leaves alone.
func TestOwnFieldsOfAMergeAndItsUndo(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		for _, label := range []string{"Color", "Grade", "Size", "Weight"} {
			must[directory.Field](t)(directory.AddField.Do(ctx, at.door, directory.FieldInput{Kind: "organization", Label: label, Type: "text"}))
		}
		one := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Clinic", Custom: map[string]string{"color": "red", "grade": "a", "weight": "3"}}))
		two := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "The Clinic", Custom: map[string]string{"color": "blue", "grade": "b", "size": "big quixote"}}))
		var receipt operation.Receipt
		o := must[directory.Organization](t)(directory.MergeOrganizations.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.OrganizationMerge{ID: one.ID, Version: 1, MergeID: two.ID, MergeVersion: 1,
			Custom: []directory.OwnChoice{{Key: "color", From: "merged"}, {Key: "grade", From: "kept"}, {Key: "weight", From: "merged"}}}))
		if got := fmt.Sprint(o.Custom); got != "map[color:blue grade:a size:big quixote]" {
			t.Errorf("own fields: %s", got)
		}
		if found := must[directory.SearchResult](t)(directory.Search.Do(ctx, at.door, directory.SearchInput{Text: "quixote"})); len(found.Items) != 1 || found.Items[0].Title != "Clinic" {
			t.Errorf("search finds %+v", found.Items)
		}
		must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Custom: map[string]string{"grade": "c"}}))
		entry := must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if entry.Left == nil || fmt.Sprint(entry.Left.Fields) != "[custom]" || entry.Left.Rows != 0 {
			t.Errorf("left: %+v", entry.Left)
		}
		back := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: two.ID}))
		if got := fmt.Sprint(back.Custom); got != "map[color:blue grade:b size:big quixote]" {
			t.Errorf("the other got back %s", got)
		}
		// Where nothing was changed meanwhile there is nothing to name.
		now := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, at.door, directory.OrganizationRef{ID: one.ID}))
		must[directory.Organization](t)(directory.MergeOrganizations.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.OrganizationMerge{ID: one.ID, Version: now.Version, MergeID: two.ID, MergeVersion: back.Version}))
		if entry := must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry})); entry.Left != nil {
			t.Errorf("left: %+v", entry.Left)
		}
	})
}

func TestMergeRefusals(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		_, err := directory.MergeOrganizations.Do(d.ctx, at.door, directory.OrganizationMerge{ID: d.kept.ID, Version: 1, MergeID: d.kept.ID, MergeVersion: 1})
		wantKind(t, err, operation.Invalid)
		must[directory.Organization](t)(directory.EditOrganization.Do(d.ctx, at.door, directory.OrganizationPatch{ID: d.merged.ID, Version: 1, About: ptr("new")}))
		_, err = directory.MergeOrganizations.Do(d.ctx, at.door, directory.OrganizationMerge{ID: d.kept.ID, Version: 1, MergeID: d.merged.ID, MergeVersion: 1})
		wantKey(t, err, "errors.merge_stale")
		_, err = directory.MergeOrganizations.Do(d.ctx, at.door, directory.OrganizationMerge{ID: d.kept.ID, Version: 7, MergeID: d.merged.ID, MergeVersion: 2})
		wantKey(t, err, "errors.stale")
		_, err = directory.MergePeople.Do(at.as(operation.TableMember), at.door, directory.PersonMerge{ID: d.ana.ID, Version: 1, MergeID: d.anita.ID, MergeVersion: 1})
		wantKind(t, err, operation.Forbidden)
		// A chain comes apart from its end only.
		must[directory.Organization](t)(directory.MergeOrganizations.Do(d.ctx, at.door, directory.OrganizationMerge{ID: d.kept.ID, Version: 1, MergeID: d.merged.ID, MergeVersion: 2}))
		third := must[directory.Organization](t)(directory.CreateOrganization.Do(d.ctx, at.door, directory.OrganizationInput{Name: "Third"}))
		must[directory.Organization](t)(directory.MergeOrganizations.Do(d.ctx, at.door, directory.OrganizationMerge{ID: third.ID, Version: 1, MergeID: d.kept.ID, MergeVersion: 2}))
		_, err = directory.UnmergeOrganization.Do(d.ctx, at.door, directory.OrganizationVersion{ID: d.merged.ID, Version: 3})
		wantKey(t, err, "errors.merge_kept_gone")
		must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(d.ctx, at.door, directory.OrganizationVersion{ID: d.kept.ID, Version: 3}))
		must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(d.ctx, at.door, directory.OrganizationVersion{ID: d.merged.ID, Version: 3}))
	})
}

// An account goes with the record it belongs to; two accounts cannot become one.
func TestMergingPeopleWithAccounts(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		join := func(p directory.PersonID) {
			account := operation.NewAccountID()
			if err := at.door.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
				if _, err := tx.Exec(`INSERT INTO accounts (id, email, email_key, name, language, totp_step, second_factor, administrator, created_at, version) VALUES ($1, $2, $2, '', 'en', 0, FALSE, FALSE, 0, 1)`, account, account.String()); err != nil {
					return err
				}
				_, err := tx.Exec(`INSERT INTO memberships (account_id, collaborative_id, person_id, roles, version, created_at) VALUES ($1, $2, $3, '["table_member"]', 1, 0)`, account, at.place.ID, p)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		holder := func() (p directory.PersonID) {
			if err := at.door.Store.ReadInstallation(context.Background(), func(tx *store.InstallationTx) (err error) {
				p, err = store.Value[directory.PersonID](tx, `SELECT person_id FROM memberships WHERE collaborative_id = $1`, at.place.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return p
		}
		join(d.anita.ID)
		must[directory.Person](t)(directory.MergePeople.Do(d.ctx, at.door, directory.PersonMerge{ID: d.ana.ID, Version: 1, MergeID: d.anita.ID, MergeVersion: 1}))
		if holder() != d.ana.ID {
			t.Error("the account did not come along")
		}
		must[directory.UnmergedPerson](t)(directory.UnmergePerson.Do(d.ctx, at.door, directory.PersonVersion{ID: d.anita.ID, Version: 2}))
		if holder() != d.anita.ID {
			t.Error("the account did not go back")
		}
		join(d.ana.ID)
		_, err := directory.MergePeople.Do(d.ctx, at.door, directory.PersonMerge{ID: d.ana.ID, Version: 3, MergeID: d.anita.ID, MergeVersion: 3})
		wantKey(t, err, "access.both_sign_in")
	})
}

// A rename reaches what search keeps of the organization's people.
func TestRenamingRefreshesPeople(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		must[directory.Organization](t)(directory.EditOrganization.Do(d.ctx, at.door, directory.OrganizationPatch{ID: d.merged.ID, Version: 1, Name: ptr("Quayside")}))
		at.refresh(t)
		for text, want := range map[string]int{"quayside": 2, "health": 0} {
			var found search.Result
			if err := at.door.Store.Read(context.Background(), at.place.ID, func(tx *store.Tx) (err error) {
				found, err = search.Find(tx, search.Query{Text: text, Kinds: []string{directory.PersonKind}, Reach: search.InOpen, Limit: 10})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if len(found.Hits) != want {
				t.Errorf("%s finds %d people, want %d", text, len(found.Hits), want)
			}
		}
	})
}

func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	var e *operation.Error
	if !errors.As(err, &e) || e.Key != key {
		t.Errorf("error = %v, want %s", err, key)
	}
}

// difference is the lines of one text that the other lacks.
func difference(a, b string) string {
	var out strings.Builder
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, line := range one {
		if !slices.Contains(two, line) {
			out.WriteString("- " + line + "\n")
		}
	}
	for _, line := range two {
		if !slices.Contains(one, line) {
			out.WriteString("+ " + line + "\n")
		}
	}
	return out.String()
}

// notMoved are the columns that name an organization or a person and that a
// merge leaves alone, each with the reason.
var notMoved = map[string]string{
	"participation_actions.person_id":       "follows from the action, which attendance.Watch counts anew",
	"participation_actions.organization_id": "follows from the action, which attendance.Watch counts anew",
	"audit_entries.person_id":               "who did it then; the log is not rewritten",
	"audit_entries.subject_id":              "what it was done to then; the log is not rewritten",
	"installation_audit.subject_id":         "the log is not rewritten",
	"periods.subject_id":                    "histories are joined fact by fact, in merge_periods.go",
	"memberships.person_id":                 "access.MovePerson moves it",
	"carried_members.person_id":             "who was a member elsewhere; nobody signs in by it",
	"search_documents.record_id":            "the merged record is not found any more",
	"search_words.record_id":                "the merged record is not found any more",
	"survey_places.organization_id":         "how an organization was rated is not what the one it became was rated",
	"erasures.person_id":                    "who was erased is never merged",
}

// Whatever refers to an organization or a person is moved by a merge, or it is
// said why not.
func TestEveryReferenceIsMoved(t *testing.T) {
	column := regexp.MustCompile(`^\s*(\w*(?:organization_id|person_id|alternate_id|signatory_id|owner_id|assignee_id|subject_id|record_id)) BYTEA`)
	entries, err := schema.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	moved := directory.MovedReferences(t)
	seen := map[string]bool{}
	for _, entry := range entries {
		raw, err := schema.Files.ReadFile(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		table := ""
		for _, line := range strings.Split(string(raw), "\n") {
			if name, ok := strings.CutPrefix(line, "CREATE TABLE "); ok {
				table, _, _ = strings.Cut(name, " ")
			}
			if m := column.FindStringSubmatch(line); m != nil {
				reference := table + "." + m[1]
				seen[reference] = true
				if moved[reference] == (notMoved[reference] != "") {
					t.Errorf("%s: moved %t, excused %q", reference, moved[reference], notMoved[reference])
				}
			}
		}
	}
	for reference := range notMoved {
		if !seen[reference] {
			t.Errorf("%s is excused and does not exist", reference)
		}
	}
	if len(seen) < 15 {
		t.Errorf("only %d references seen", len(seen))
	}
}

// However much refers to the records, a merge is taken back whole: ten thousand
// references, a thousand of them at the same time as one of the other
// organization. Its log tells how long both took.
func TestMergingMuchIsTakenBackWhole(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		kept := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Kept"}))
		gone := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Gone"}))
		if err := at.door.Store.Write(context.Background(), at.place.ID, func(tx *store.Tx) error {
			for n := range 6000 {
				p := operation.NewPersonID()
				if _, err := tx.Exec(`INSERT INTO people (collaborative_id, id, given_name, family_name, sort_key, email, phone, language, notes, version, created_at, updated_at) VALUES ($1, $2, 'A', 'B', $2, '', '', '', '', 1, 0, 0)`, p); err != nil {
					return err
				}
				both := []directory.OrganizationID{gone.ID}
				if n < 1000 {
					both = append(both, kept.ID)
				}
				for _, o := range both {
					if _, err := tx.Exec(`INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, title, represents, valid_from, person_sort_key) VALUES ($1, $2, $3, $4, '', FALSE, '2026-01-01', $3)`,
						id.New[struct{}](), p, o); err != nil {
						return err
					}
				}
				if n < 4000 {
					if _, err := tx.Exec(`INSERT INTO touches (collaborative_id, id, organization_id, person_id, by_name, happened_on, channel, about, settled, version, created_at, updated_at)
						VALUES ($1, $2, $3, $4, '', '2026-01-01', 'call', '', FALSE, 1, 0, 0)`, id.New[struct{}](), gone.ID, p); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		must[directory.Organization](t)(directory.MergeOrganizations.Do(ctx, at.door, directory.OrganizationMerge{ID: kept.ID, Version: 1, MergeID: gone.ID, MergeVersion: 1}))
		merged := time.Since(began)
		began = time.Now()
		out := must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(ctx, at.door, directory.OrganizationVersion{ID: gone.ID, Version: 2}))
		t.Logf("merged in %s, taken back in %s", merged, time.Since(began))
		if out.Left.Rows != 0 {
			t.Errorf("left alone: %+v", out.Left)
		}
	})
}
