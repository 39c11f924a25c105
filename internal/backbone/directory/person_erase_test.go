package directory_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
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
