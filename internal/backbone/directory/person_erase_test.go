package directory_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// What somebody who was erased did stays counted; the log of others' records
// loses their name and nothing else.
func TestErasingAPersonKeepsTheCounts(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		d := at.doubles(t)
		director := at.who(operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: []operation.Role{operation.Director}, Via: operation.ViaSession, Verified: at.clock.Now()})
		lines := func() int { return strings.Count(at.everything(t), "\n") }
		counted := func() string {
			all := at.everything(t)
			return fmt.Sprint(strings.Count(all, "\nterm "), strings.Count(all, "\naffiliation "), strings.Count(all, "\ntouch "), strings.Count(all, "\nagreement "))
		}
		before, rows := counted(), lines()
		_, err := directory.ErasePerson.Do(at.as(operation.Staff), at.door, directory.Erase{ID: d.luis.ID, Version: 1, Name: "Luis Gil"})
		wantKind(t, err, operation.Forbidden)
		_, err = directory.ErasePerson.Do(director, at.door, directory.Erase{ID: d.luis.ID, Version: 1, Name: "Luis"})
		wantKind(t, err, operation.Invalid)
		at.clock.Advance(time.Minute)
		out := must[directory.Erased](t)(directory.ErasePerson.Do(director, at.door, directory.Erase{ID: d.luis.ID, Version: 1, Name: "Luis Gil"}))
		if out.AccountAlone {
			t.Error("there was no account")
		}
		if counted() != before || lines() >= rows { // the search document went
			t.Errorf("counts %s, were %s", counted(), before)
		}
		all := at.everything(t)
		if strings.Contains(all, "Luis") || strings.Contains(all, "Volunteer") || !strings.Contains(all, "Ana") {
			t.Errorf("left:\n%s", all)
		}
		seat := must[directory.Seat](t)(directory.GetSeat.Do(d.ctx, at.door, directory.SeatRef{ID: d.seat.ID}))
		if seat.Term == nil || seat.Term.Person != "" || seat.Term.Alternate != "Anita Ruiz" || seat.State != directory.Filled {
			t.Errorf("the seat: %+v", seat.Term)
		}
		history := must[operation.Page[operation.Entry]](t)(operation.ListHistory.Do(director, at.door, operation.ListHistoryInput{Limit: 200}))
		text := ""
		for _, e := range history.Items {
			text += e.Title + " "
			for _, f := range e.Fields {
				text += string(f.Before) + string(f.After)
			}
		}
		if strings.Contains(text, "Luis") || !strings.Contains(text, "— (Riverbend Health)") || !strings.Contains(text, "Anita Ruiz") {
			t.Errorf("the log: %s", text)
		}
		_, err = directory.GetPerson.Do(director, at.door, directory.PersonRef{ID: d.luis.ID})
		wantKind(t, err, operation.NotFound)
		_, err = directory.RestorePerson.Do(director, at.door, directory.PersonVersion{ID: d.luis.ID, Version: 2})
		wantKind(t, err, operation.NotFound)
		_, err = directory.ErasePerson.Do(director, at.door, directory.Erase{ID: d.luis.ID, Version: 2, Name: "x"})
		wantKind(t, err, operation.NotFound)
		// Editing another term of the seat still works.
		terms := []directory.TermInput{}
		for _, x := range seat.Terms {
			terms = append(terms, directory.TermInput{ID: x.ID, PersonID: x.PersonID, OrganizationID: x.OrganizationID, AlternateID: x.AlternateID, From: x.From, Ends: x.Ends, To: x.To})
		}
		terms[0].To = "2021-06-01"
		must[directory.Seat](t)(directory.EditSeat.Do(d.ctx, at.door, directory.SeatPatch{ID: seat.ID, Version: seat.Version, Terms: &terms}))
	})
}

// Whoever is erased goes from what was noted about others too, and from what finds
// it; texts that were adopted or signed are named, before and afterwards.
func TestErasingReadsOtherTexts(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director := at.who(operation.Actor{Account: operation.NewAccountID(), Name: "Ana Ruiz", Roles: []operation.Role{operation.Director}, Via: operation.ViaSession, Verified: at.clock.Now()})
		must[directory.Field](t)(directory.AddField.Do(director, at.door, directory.FieldInput{Kind: "organization", Label: "Contact", Type: "text"}))
		zora := must[directory.Person](t)(directory.CreatePerson.Do(director, at.door, directory.PersonInput{GivenName: "Zora", FamilyName: "Quill", Email: "zora@example.org"}))
		other := must[directory.Person](t)(directory.CreatePerson.Do(director, at.door, directory.PersonInput{GivenName: "Bo", FamilyName: "Li", Notes: "a friend of Zora Quill's"}))
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(director, at.door, directory.OrganizationInput{Name: "Clinic", Notes: "Ask zora@example.org or Quill Zora.", About: "Founded by Zora Quill.", Custom: map[string]string{"contact": "Zora Quill, mornings"}}))
		twin := must[directory.Organization](t)(directory.CreateOrganization.Do(director, at.door, directory.OrganizationInput{Name: "The Clinic", Notes: "Zora Quill knows."}))
		o = must[directory.Organization](t)(directory.MergeOrganizations.Do(director, at.door, directory.OrganizationMerge{ID: o.ID, Version: 1, MergeID: twin.ID, MergeVersion: 1, Fields: []directory.OrganizationChoice{{Field: "notes", From: "merged"}}}))
		touch := must[directory.Touch](t)(directory.CreateTouch.Do(director, at.door, directory.TouchInput{OrganizationID: o.ID, About: "Spoke of Zora Quill’s term, not of Zora Quillfeather."}))
		body := must[directory.Body](t)(directory.CreateBody.Do(director, at.door, directory.BodyInput{Name: "Elders", Charter: "Zora Quill convenes."}))
		must[directory.Seat](t)(directory.CreateSeat.Do(director, at.door, directory.SeatInput{BodyID: body.ID, Purpose: "After Zora Quill"}))
		must[directory.Holding](t)(directory.Assign.Do(director, at.door, directory.HoldingInput{Function: "guide_vision", OrganizationID: o.ID, Note: "through Zora Quill"}))
		at.exec(t, `INSERT INTO agreements (collaborative_id, id, organization_id, organization_sort_key, principles, state, text, transition, term_months, signatory_id, signatory_name, signatory_title, signatory_email,
			language, sent_by, signed_name, on_paper, end_note, version, created_at, updated_at)
			SELECT $1, $2, id, sort_key, 1, 'ended', 'Zora Quill attends.', '', 12, $4, 'Zora Quill', '', '', 'en', 'Zora Quill', 'Zora Quill', FALSE, 'Zora Quill left', 1, 0, 0 FROM organizations WHERE collaborative_id = $1 AND id = $3`, id.New[struct{}](), o.ID, zora.ID)
		named := func(list []directory.Mention) string {
			var out []string
			for _, m := range list {
				out = append(out, m.Kind+"/"+m.Field+": "+m.Title)
			}
			return strings.Join(out, "; ")
		}
		const adopted = "organization/about: Clinic; body/charter: Elders; seat/purpose: After Zora Quill; agreement/text: Clinic"
		before := must[directory.Mentions](t)(directory.FindMentions.Do(director, at.door, directory.PersonRef{ID: zora.ID}))
		if got := named(before.Items); got != adopted {
			t.Errorf("before: %s", got)
		}
		_, err := directory.FindMentions.Do(at.as(operation.Staff), at.door, directory.PersonRef{ID: zora.ID})
		wantKind(t, err, operation.Forbidden)
		if found := must[directory.SearchResult](t)(directory.Search.Do(director, at.door, directory.SearchInput{Text: "quill"})); len(found.Items) < 3 {
			t.Fatalf("search finds %+v: the test looks at too little", found.Items)
		}
		out := must[directory.Erased](t)(directory.ErasePerson.Do(director, at.door, directory.Erase{ID: zora.ID, Version: 1, Name: "Zora Quill"}))
		if got := named(out.Mentions); got != adopted {
			t.Errorf("afterwards: %s", got)
		}
		org := must[directory.Organization](t)(directory.GetOrganization.Do(director, at.door, directory.OrganizationRef{ID: o.ID}))
		if org.Notes != "— knows." || org.Custom["contact"] != "—, mornings" || org.Version != o.Version+1 || org.About != "Founded by Zora Quill." {
			t.Errorf("the organization: %+v", org)
		}
		if p := must[directory.Person](t)(directory.GetPerson.Do(director, at.door, directory.PersonRef{ID: other.ID})); p.Notes != "a friend of —'s" {
			t.Errorf("the friend: %s", p.Notes)
		}
		if x := must[directory.Touch](t)(directory.GetTouch.Do(director, at.door, directory.TouchRef{ID: touch.ID})); x.About != "Spoke of —’s term, not of Zora Quillfeather." || x.Version != 2 {
			t.Errorf("the touch: %+v", x)
		}
		all := at.everything(t)
		// The four texts, the title of one, and the name that is another one.
		if n := strings.Count(all, "Zora Quill"); strings.Contains(all, "through Zora") || strings.Contains(all, "Zora Quill left") || strings.Contains(all, "zora@") || n > 8 {
			t.Errorf("%d times:\n%s", n, all)
		}
		// Taking the merge back brings nothing of them back.
		back := must[directory.UnmergedOrganization](t)(directory.UnmergeOrganization.Do(director, at.door, directory.OrganizationVersion{ID: twin.ID, Version: 2}))
		if back.Kept.Notes != "Ask — or —." || back.Organization.Notes != "— knows." {
			t.Errorf("apart again: %q, %q", back.Kept.Notes, back.Organization.Notes)
		}
		found := must[directory.SearchResult](t)(directory.Search.Do(director, at.door, directory.SearchInput{Text: "quill"}))
		for _, hit := range found.Items {
			if hit.Kind == "person" {
				t.Errorf("search finds %+v", hit)
			}
		}
	})
}
