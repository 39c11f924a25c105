package directory_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

func history(t *testing.T, at *table, kind string, i [16]byte) string {
	t.Helper()
	page := must[operation.Page[operation.Entry]](t)(operation.RecordHistory.Do(at.as(operation.Director), at.door, operation.RecordHistoryInput{Kind: kind, ID: i}))
	raw, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// What was told in confidence is for the director and the person; nobody else
// reads it anywhere, nor learns that there is something to read.
func TestConfidence(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director, staff := at.as(operation.Director), at.as(operation.Staff)
		p := must[directory.Person](t)(directory.CreatePerson.Do(staff, at.door, directory.PersonInput{GivenName: "Lena", FamilyName: "Ortiz", Email: "lena@example.org", OtherEmails: []string{"L.Ortiz@work.example", "lena@example.org"}, OtherNames: []string{"Lenka"}, Channel: "text"}))
		if !slices.Equal(p.OtherEmails, []string{"L.Ortiz@work.example"}) {
			t.Errorf("other addresses %v", p.OtherEmails)
		}
		self := at.who(operation.Actor{Account: operation.NewAccountID(), Person: p.ID, Roles: []operation.Role{operation.CommunityMember}, Via: operation.ViaSession})
		told := must[directory.Person](t)(directory.SetPrivate.Do(self, at.door, directory.PersonPrivate{ID: p.ID, Version: 1, AccessNeeds: ptr("ramp quixote"), LivedExperience: ptr("yes")}))
		if told.LivedExperience != "yes" || told.AccessNeeds != "ramp quixote" || told.Version != 2 {
			t.Errorf("told %+v", told)
		}
		_, err := directory.SetPrivate.Do(staff, at.door, directory.PersonPrivate{ID: p.ID, Version: 2, LivedExperience: ptr("no")})
		wantKind(t, err, operation.Forbidden)
		seen := must[directory.Person](t)(directory.GetPerson.Do(staff, at.door, directory.PersonRef{ID: p.ID}))
		if seen.AccessNeeds != "" || seen.LivedExperience != "" || seen.Email == "" || seen.Channel != "text" {
			t.Errorf("staff sees %+v", seen)
		}
		_, err = directory.ListPeople.Do(staff, at.door, directory.ListPeopleInput{Private: true})
		wantKind(t, err, operation.Forbidden)
		for _, private := range []bool{false, true} {
			list := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(director, at.door, directory.ListPeopleInput{Private: private}))
			if (list.Items[0].LivedExperience != "") != private {
				t.Errorf("asked for what is private %v, the list has %q", private, list.Items[0].LivedExperience)
			}
		}
		own := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(self, at.door, directory.ListPeopleInput{}))
		if own.Items[0].LivedExperience != "" || own.Items[0].AccessNeeds != "" {
			t.Error("a list tells")
		}
		if h := history(t, at, directory.PersonKind, p.ID); strings.Contains(h, "quixote") || strings.Contains(h, "lived") || strings.Contains(h, "access_needs") || !strings.Contains(h, "people.set-private") {
			t.Errorf("the history says %s", h)
		}
		found := must[directory.SearchResult](t)(directory.Search.Do(director, at.door, directory.SearchInput{Text: "quixote"}))
		if len(found.Items) != 0 {
			t.Error("search finds what was told in confidence")
		}
		// Another edit leaves it alone; taking it back is the person's or the director's.
		edited := must[directory.Person](t)(directory.EditPerson.Do(staff, at.door, directory.PersonPatch{ID: p.ID, Version: 2, Phone: ptr("555")}))
		var receipt operation.Receipt
		cleared := must[directory.Person](t)(directory.SetPrivate.Do(operation.WithReceipt(director, &receipt), at.door, directory.PersonPrivate{ID: p.ID, Version: edited.Version, AccessNeeds: ptr(""), LivedExperience: ptr("")}))
		if cleared.AccessNeeds != "" || cleared.LivedExperience != "" {
			t.Errorf("cleared %+v", cleared)
		}
		_, err = operation.Undo.Do(staff, at.door, operation.UndoInput{ID: receipt.Entry})
		wantKind(t, err, operation.Forbidden)
		must[operation.Entry](t)(operation.Undo.Do(director, at.door, operation.UndoInput{ID: receipt.Entry}))
		if back := must[directory.Person](t)(directory.GetPerson.Do(director, at.door, directory.PersonRef{ID: p.ID})); back.AccessNeeds != "ramp quixote" {
			t.Errorf("taken back: %+v", back)
		}
		// Any address finds them, whoever may see addresses.
		for _, email := range []string{"LENA@example.org", "l.ortiz@work.example"} {
			if page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(staff, at.door, directory.ListPeopleInput{Email: email})); len(page.Items) != 1 {
				t.Errorf("%s finds %d", email, len(page.Items))
			}
		}
		if hit := must[directory.SearchResult](t)(directory.Search.Do(staff, at.door, directory.SearchInput{Text: "ortiz@work"})); len(hit.Items) != 1 {
			t.Error("search by another address")
		}
		_, err = directory.ListPeople.Do(self, at.door, directory.ListPeopleInput{Email: "lena@example.org"})
		wantKind(t, err, operation.Forbidden)
		must[directory.Person](t)(directory.EditPerson.Do(staff, at.door, directory.PersonPatch{ID: p.ID, Version: 5, OtherEmails: &[]string{}}))
		if page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(staff, at.door, directory.ListPeopleInput{Email: "l.ortiz@work.example"})); len(page.Items) != 0 {
			t.Error("an address that was taken away still finds them")
		}
	})
}

func TestAffiliationsOverTime(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		var orgs []directory.OrganizationID
		for _, name := range []string{"Clinic", "School"} {
			orgs = append(orgs, must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: name})).ID)
		}
		p := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Omar", OrganizationID: orgs[0], Title: "Nurse"}))
		now := must[directory.Person](t)(directory.GetPerson.Do(ctx, at.door, directory.PersonRef{ID: p.ID})).Affiliations[0]
		lines := []directory.AffiliationInput{{ID: now.ID, OrganizationID: orgs[0], Title: "Nurse", From: "2024-02-01"}, {OrganizationID: orgs[1], Title: "Aide", From: "2020-01-01", To: "2022-01-01"}, {OrganizationID: orgs[1], Title: "Teacher", Represents: true, From: "2025-01-01"}}
		var receipt operation.Receipt
		after := must[directory.Person](t)(directory.SetAffiliations.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.PersonAffiliations{ID: p.ID, Version: 1, Affiliations: lines}))
		if len(after.Affiliations) != 3 || after.Affiliation == nil || after.Affiliation.Title != "Teacher" || after.Affiliations[1].ID != now.ID {
			t.Errorf("after: %+v", after)
		}
		for i, org := range orgs {
			if page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{OrganizationID: org})); len(page.Items) != 1 {
				t.Errorf("organization %d has %d people", i, len(page.Items))
			}
		}
		_, err := directory.SetAffiliations.Do(ctx, at.door, directory.PersonAffiliations{ID: p.ID, Version: 2, Affiliations: append(lines, directory.AffiliationInput{OrganizationID: orgs[1], From: "2021-01-01"})})
		wantKind(t, err, operation.Invalid)
		_, err = directory.EditPerson.Do(ctx, at.door, directory.PersonPatch{ID: p.ID, Version: 2, OrganizationID: &orgs[0]})
		wantKind(t, err, operation.Invalid)
		if h := history(t, at, directory.PersonKind, p.ID); !strings.Contains(h, "School, Teacher 2025-01-01") {
			t.Errorf("history: %s", h)
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		back := must[directory.Person](t)(directory.GetPerson.Do(ctx, at.door, directory.PersonRef{ID: p.ID}))
		if len(back.Affiliations) != 1 || back.Affiliations[0] != now {
			t.Errorf("taken back: %+v, was %+v", back.Affiliations, now)
		}
		_, err = directory.SetAffiliations.Do(at.as(operation.TableMember), at.door, directory.PersonAffiliations{ID: p.ID, Version: 3})
		wantKind(t, err, operation.Forbidden)
	})
}

func TestTags(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		var items []directory.OrganizationVersion
		for _, name := range []string{"Zeta", "Alpha", "Mid"} {
			o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: name, Tags: []string{"Früh"}, Kinds: []string{"Clinic", "clinic"}}))
			if len(o.Kinds) != 1 {
				t.Errorf("kinds %v", o.Kinds)
			}
			items = append(items, directory.OrganizationVersion{ID: o.ID, Version: 1})
		}
		o := must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: items[0].ID, Version: 1, Tags: &[]string{"FRUH", "north side"}}))
		if !slices.Equal(o.Tags, []string{"Früh", "north side"}) {
			t.Errorf("tags %v", o.Tags)
		}
		items[0].Version = 2
		var receipt operation.Receipt
		must[operation.Page[directory.Organization]](t)(directory.EditOrganizations.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.EditOrganizationsInput{Items: items, AddTag: "North Side"}))
		names := func(in directory.ListOrganizationsInput) string {
			var out []string
			for {
				page := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, in))
				for _, o := range page.Items {
					out = append(out, o.Name)
				}
				if in.After = page.Next; in.After == "" {
					return strings.Join(out, " ")
				}
			}
		}
		for _, in := range []directory.ListOrganizationsInput{{Tag: "nórth-side", Limit: 1}, {Tag: "north side", Limit: 2}} {
			if got := names(in); got != "Alpha Mid Zeta" {
				t.Errorf("with the tag: %s", got)
			}
		}
		if got := names(directory.ListOrganizationsInput{Tag: "north side", Sort: "-updated"}); len(got) == 0 {
			t.Error("nothing by date")
		}
		// A new name moves the record within its tag.
		must[directory.Organization](t)(directory.EditOrganization.Do(ctx, at.door, directory.OrganizationPatch{ID: items[1].ID, Version: 2, Name: ptr("Zz")}))
		if got := names(directory.ListOrganizationsInput{Tag: "north side"}); got != "Mid Zeta Zz" {
			t.Errorf("after a new name: %s", got)
		}
		words := must[directory.TagList](t)(directory.ListTags.Do(ctx, at.door, directory.ListTagsInput{Kind: "organization"}))
		if len(words.Items) != 2 || words.Items[0].Tag != "Früh" || words.Items[1].Tag != "north side" {
			t.Errorf("words %+v", words)
		}
		must[operation.Page[directory.Organization]](t)(directory.EditOrganizations.Do(ctx, at.door, directory.EditOrganizationsInput{Items: []directory.OrganizationVersion{{ID: items[2].ID, Version: 2}}, RemoveTag: "NORTH SIDE"}))
		if got := names(directory.ListOrganizationsInput{Tag: "north side"}); got != "Zeta Zz" {
			t.Errorf("taken away: %s", got)
		}
		member := at.as(operation.TableMember)
		_, err := directory.ListOrganizations.Do(member, at.door, directory.ListOrganizationsInput{Tag: "north side"})
		wantKind(t, err, operation.Forbidden)
		if seen := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(member, at.door, directory.ListOrganizationsInput{})); seen.Items[0].Tags != nil {
			t.Error("a member sees the backbone's tags")
		}
		p := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Ann", Tags: []string{"Parent"}}))
		if page := must[operation.Page[directory.Person]](t)(directory.ListPeople.Do(ctx, at.door, directory.ListPeopleInput{Tag: "parent"})); len(page.Items) != 1 || page.Items[0].ID != p.ID {
			t.Errorf("people with a tag: %+v", page)
		}
	})
}

func TestOwnFields(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director := at.as(operation.Director)
		add := func(in directory.FieldInput) directory.Field {
			in.Kind = "organization"
			return must[directory.Field](t)(directory.AddField.Do(director, at.door, in))
		}
		story := add(directory.FieldInput{Label: "Our story", Type: "text"})
		staffing := add(directory.FieldInput{Label: "Staff", Type: "number"})
		add(directory.FieldInput{Label: "Secret", Type: "text", BackboneOnly: true})
		wards := add(directory.FieldInput{Label: "Wards", Type: "choices", Choices: []string{"North", "South"}})
		if story.Key != "our_story" || wards.Position != 3 {
			t.Errorf("added %+v %+v", story, wards)
		}
		_, err := directory.AddField.Do(director, at.door, directory.FieldInput{Kind: "organization", Label: "STAFF", Type: "date"})
		wantKind(t, err, operation.Invalid)
		_, err = directory.AddField.Do(at.as(operation.Staff), at.door, directory.FieldInput{Kind: "organization", Label: "X", Type: "date"})
		wantKind(t, err, operation.Forbidden)

		staff := at.as(operation.Staff)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(staff, at.door, directory.OrganizationInput{Name: "Union",
			Custom: map[string]string{"our_story": "heliotrope", "staff": "1 250,5", "secret": "obsidian", "wards": "south\nnorth"}}))
		if o.Custom["staff"] != "1250.5" || o.Custom["wards"] != "north\nsouth" {
			t.Errorf("stored %v", o.Custom)
		}
		_, err = directory.EditOrganization.Do(staff, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, Custom: map[string]string{"staff": "many", "wards": "West", "nothing": "x"}})
		var e *operation.Error
		if !asError(err, &e) || len(e.Faults) != 3 || e.Faults[1].Args["Field"] != "Staff" {
			t.Errorf("faults: %v %+v", err, e)
		}
		member := at.as(operation.TableMember)
		seen := must[directory.Organization](t)(directory.GetOrganization.Do(member, at.door, directory.OrganizationRef{ID: o.ID}))
		list := must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(member, at.door, directory.ListOrganizationsInput{}))
		for _, custom := range []map[string]string{seen.Custom, list.Items[0].Custom} {
			if custom["secret"] != "" || custom["our_story"] != "heliotrope" {
				t.Errorf("a member sees %v", custom)
			}
		}
		if fields := must[directory.FieldList](t)(directory.ListFields.Do(member, at.door, directory.ListFieldsInput{Kind: "organization", Retired: true})); len(fields.Items) != 3 {
			t.Errorf("a member sees %d fields", len(fields.Items))
		}
		for word, want := range map[string]int{"heliotrope": 1, "obsidian": 0} {
			if found := must[directory.SearchResult](t)(directory.Search.Do(director, at.door, directory.SearchInput{Text: word})); len(found.Items) != want {
				t.Errorf("%s finds %d", word, len(found.Items))
			}
		}
		// A choice's other name touches no record; one out of use stays where it is.
		renamed := must[directory.Field](t)(directory.EditField.Do(director, at.door, directory.FieldPatch{ID: wards.ID, Version: 1, Choices: &[]directory.ChoiceInput{{Key: "south", Label: "South side"}, {Label: "West"}}}))
		if got := renamed.Labels("north\nsouth"); !slices.Equal(got, []string{"North", "South side"}) {
			t.Errorf("labels %v of %+v", got, renamed)
		}
		edited := must[directory.Organization](t)(directory.EditOrganization.Do(staff, at.door, directory.OrganizationPatch{ID: o.ID, Version: 1, Custom: map[string]string{"wards": "north\nwest"}}))
		if edited.Custom["wards"] != "west\nnorth" {
			t.Errorf("wards %q", edited.Custom["wards"])
		}
		// Out of use it shows nowhere and keeps its value.
		var receipt operation.Receipt
		must[directory.Field](t)(directory.EditField.Do(operation.WithReceipt(director, &receipt), at.door, directory.FieldPatch{ID: staffing.ID, Version: 1, Retired: ptr(true)}))
		again := must[directory.Organization](t)(directory.EditOrganization.Do(staff, at.door, directory.OrganizationPatch{ID: o.ID, Version: 2, Custom: map[string]string{"our_story": "new"}}))
		if _, there := again.Custom["staff"]; there {
			t.Error("a field out of use shows")
		}
		must[operation.Entry](t)(operation.Undo.Do(director, at.door, operation.UndoInput{ID: receipt.Entry}))
		if back := must[directory.Organization](t)(directory.GetOrganization.Do(staff, at.door, directory.OrganizationRef{ID: o.ID})); back.Custom["staff"] != "1250.5" || back.Custom["our_story"] != "new" {
			t.Errorf("back in use: %v", back.Custom)
		}
		ordered := must[directory.FieldList](t)(directory.OrderFields.Do(operation.WithReceipt(director, &receipt), at.door, directory.OrderFieldsInput{Kind: "organization", IDs: []directory.FieldID{wards.ID}}))
		if ordered.Items[0].ID != wards.ID || ordered.Items[1].ID != story.ID {
			t.Errorf("order %+v", ordered.Items)
		}
		must[operation.Entry](t)(operation.Undo.Do(director, at.door, operation.UndoInput{ID: receipt.Entry}))
		if fields := must[directory.FieldList](t)(directory.ListFields.Do(director, at.door, directory.ListFieldsInput{Kind: "organization"})); fields.Items[0].ID != story.ID {
			t.Errorf("order taken back: %+v", fields.Items)
		}
	})
}

func asError(err error, e **operation.Error) bool { return errors.As(err, e) }
