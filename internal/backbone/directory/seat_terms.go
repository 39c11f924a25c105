package directory

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// settleTerms turns entered terms into those of a seat: in order, with names,
// each of people and organizations that exist. Every fault is reported with the
// line it is in.
func settleTerms(c *operation.Call, s *Seat, entered []TermInput) error {
	known := map[TermID]Term{}
	for _, t := range s.Terms {
		known[t.ID] = t
	}
	var faults operation.Faults
	terms := make([]Term, 0, len(entered))
	for i, in := range entered {
		field := "terms." + strconv.Itoa(i)
		t := Term{ID: in.ID, SeatID: s.ID, BodyID: s.BodyID, PersonID: in.PersonID, OrganizationID: in.OrganizationID, AlternateID: in.AlternateID, From: in.From, Ends: in.Ends, To: in.To}
		old := known[in.ID]
		if old.ID.IsZero() {
			t.ID = TermID{} // a made-up id names no term of this seat
		}
		if err := nameTerm(c, &t, old, field, &faults); err != nil {
			return err
		}
		switch {
		case t.To != "" && t.To <= t.From, t.Ends != "" && t.Ends < t.From:
			faults.Add(field, "errors.ends_before_it_begins")
		case t.From < s.From:
			faults.Add(field, "errors.before_the_seat", map[string]any{"Date": s.From})
		case s.To != "" && (t.To == "" || t.To > s.To):
			faults.Add(field, "errors.after_the_seat", map[string]any{"Date": s.To})
		case !t.AlternateID.IsZero() && t.AlternateID == t.PersonID:
			faults.Add(field, "errors.own_alternate")
		}
		terms = append(terms, t)
	}
	slices.SortStableFunc(terms, func(a, b Term) int { return strings.Compare(a.From, b.From) })
	for i := 1; i < len(terms); i++ {
		if terms[i-1].To == "" || terms[i].From < terms[i-1].To {
			faults.Add("terms", "errors.terms_overlap", map[string]any{"First": terms[i-1].Person, "Second": terms[i].Person, "Date": terms[i].From})
		}
	}
	s.Terms = terms
	return faults.Err()
}

// nameTerm fills in the names of a term and checks what it refers to. What a
// term referred to before it may go on referring to, wherever it is now.
func nameTerm(c *operation.Call, t *Term, old Term, field string, faults *operation.Faults) error {
	for _, p := range []struct {
		id  PersonID
		was PersonID
		to  *string
	}{{t.PersonID, old.PersonID, &t.Person}, {t.AlternateID, old.AlternateID, &t.Alternate}} {
		if p.id.IsZero() {
			continue
		}
		person, err := store.One(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id = $2`, p.id)
		if errors.Is(err, store.ErrNotFound) || err == nil && person.DeletedAt != nil && p.id != p.was {
			faults.Add(field, "errors.no_such_person")
			continue
		}
		if err != nil {
			return err
		}
		*p.to = person.Name()
	}
	if t.PersonID.IsZero() {
		faults.Add(field, "errors.required")
	}
	if t.OrganizationID.IsZero() {
		return nil
	}
	o, err := getOrganization(c.Tx, t.OrganizationID)
	if errors.Is(err, store.ErrNotFound) || err == nil && o.DeletedAt != nil && t.OrganizationID != old.OrganizationID {
		faults.Add(field, "errors.no_such_organization")
		return nil
	}
	t.Organization = o.Name
	return err
}

// entered are the terms of a seat as they would be entered, for the way back.
func (s Seat) entered() []TermInput {
	out := make([]TermInput, len(s.Terms))
	for i, t := range s.Terms {
		out[i] = TermInput{t.ID, t.PersonID, t.OrganizationID, t.AlternateID, t.From, t.Ends, t.To}
	}
	return out
}

// months is a day so many months later; the last day of a month stays within it.
func months(day string, n int64) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "" // validated before
	}
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, int(n), 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly)
}

// Fill is who is to hold a seat, and from when.
type Fill struct {
	ID             SeatID         `json:"id"`
	Version        int64          `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	PersonID       PersonID       `json:"person_id"`
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"Whom they speak for; the seat's own organization, or the one they belong to, when absent."`
	AlternateID    PersonID       `json:"alternate_id,omitempty"`
	From           string         `json:"valid_from,omitempty" format:"date" doc:"today when absent."`
	Ends           string         `json:"term_ends,omitempty" format:"date" doc:"After the seat's usual length when absent."`
}

// FillSeat begins a term. Whoever held the seat until then ends theirs that day.
var FillSeat = operation.Define(operation.Operation[Fill, Seat]{
	Definition: operation.Definition{ID: "seats.fill", Summary: "Begins a person's term in a seat, ending the one before", Method: "POST", Path: "/seats/{id}/fill"},
	Run: func(c *operation.Call, in Fill) (Seat, error) {
		before, err := seats.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		t := TermInput{PersonID: in.PersonID, OrganizationID: in.OrganizationID, AlternateID: in.AlternateID, From: or(in.From, c.Today()), Ends: in.Ends}
		if t.PersonID.IsZero() {
			return before, operation.InvalidField("person_id", "errors.required")
		}
		if t.OrganizationID.IsZero() {
			if t.OrganizationID, err = spokenFor(c, before, t.PersonID); err != nil {
				return before, err
			}
		}
		if t.Ends == "" && before.TermMonths > 0 {
			t.Ends = months(t.From, before.TermMonths)
		}
		entered := before.entered()
		for i, old := range entered {
			if old.To == "" && old.From < t.From {
				entered[i].To = t.From
			}
		}
		return seatWithTerms(c, before, append(entered, t), "valid_from")
	},
})

// spokenFor is whom a person speaks for in a seat when nobody said: the
// organization whose seat it is, or the one they belong to.
func spokenFor(c *operation.Call, s Seat, person PersonID) (OrganizationID, error) {
	if !s.OrganizationID.IsZero() {
		return s.OrganizationID, nil
	}
	p, err := getPerson(c, person)
	if errors.Is(err, store.ErrNotFound) {
		return OrganizationID{}, operation.InvalidField("person_id", "errors.no_such_person")
	}
	if err != nil || p.Affiliation == nil {
		return OrganizationID{}, err
	}
	return p.Affiliation.OrganizationID, nil
}

// Vacate is when whoever holds a seat leaves it.
type Vacate struct {
	ID      SeatID `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	On      string `json:"on,omitempty" format:"date" doc:"First day they no longer hold it; today when absent."`
}

// VacateSeat ends the term that holds today.
var VacateSeat = operation.Define(operation.Operation[Vacate, Seat]{
	Definition: operation.Definition{ID: "seats.vacate", Summary: "Ends the term of whoever holds a seat", Method: "POST", Path: "/seats/{id}/vacate"},
	Run: func(c *operation.Call, in Vacate) (Seat, error) {
		before, err := seats.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.Term == nil {
			return before, operation.InvalidField("on", "errors.seat_is_vacant")
		}
		entered := before.entered()
		for i := range entered {
			if entered[i].ID == before.Term.ID {
				entered[i].To = or(in.On, c.Today())
			}
		}
		return seatWithTerms(c, before, entered, "on")
	},
})

// seatWithTerms stores a seat with other terms. A fault in them is shown at the
// one field that was asked for.
func seatWithTerms(c *operation.Call, before Seat, entered []TermInput, field string) (Seat, error) {
	after := before
	err := settleTerms(c, &after, entered)
	var e *operation.Error
	if errors.As(err, &e) {
		for i := range e.Faults {
			e.Faults[i].Field = field
		}
	}
	if err != nil {
		return before, err
	}
	return saveSeat(c, before, after)
}

// saveSeat stores a changed seat; the way back sets the fields and terms it had.
func saveSeat(c *operation.Call, before, after Seat) (Seat, error) {
	after.holding(c.Today())
	return seats.Save(c, before, after, "seats.edit", func(after Seat) any {
		var fields seatFields
		operation.Reverse(&fields, before, after)
		terms := before.entered()
		return SeatPatch{ID: after.ID, Version: after.Version, Role: fields.Role, Voting: fields.Voting, Purpose: fields.Purpose, Sector: fields.Sector,
			OrganizationID: fields.OrganizationID, TermMonths: fields.TermMonths, Position: fields.Position, From: fields.From, To: fields.To, Terms: &terms}
	})
}
