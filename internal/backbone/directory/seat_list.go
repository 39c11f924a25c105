package directory

import (
	"slices"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListSeatsInput says which seats.
type ListSeatsInput struct {
	BodyID BodyID `json:"body_id,omitempty" doc:"Only seats of this body."`
	State  string `json:"state,omitempty" enum:"vacant,filled,ending,past" doc:"On the day asked about; all that there are then when absent."`
	Role   string `json:"role,omitempty" enum:"chair,co_chair,vice_chair,secretary,member,adviser,observer"`
	Voting bool   `json:"voting,omitempty" doc:"Only seats with a vote."`
	AsOf   string `json:"as_of,omitempty" format:"date" doc:"As it stood on this day; today when absent."`
	Trash  bool   `json:"trash,omitempty" doc:"Those in the trash instead."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListSeats lists seats by body, in each body's own order, with whoever holds
// them on the day asked about.
var ListSeats = operation.Define(operation.Operation[ListSeatsInput, operation.Page[Seat]]{
	Definition: operation.Definition{ID: "seats.list", Summary: "Lists seats with whoever holds them", ReadOnly: true, Method: "GET", Path: "/seats"},
	Run:        listSeats,
})

func listSeats(c *operation.Call, in ListSeatsInput) (operation.Page[Seat], error) {
	var page operation.Page[Seat]
	if in.Trash && !c.Can("seats.restore") {
		return page, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	day := or(in.AsOf, c.Today())
	q, keyset, key := seatQuery(in, day)
	page, err := operation.List(c.Tx, q, keyset, scanSeat, key)
	if err != nil {
		return page, err
	}
	if err := attachTerms(c, page.Items, day); err != nil {
		return page, err
	}
	if in.AsOf != "" {
		page.Total = -1
		return page, nil
	}
	page.Total, err = operation.Total(c.Tx, SeatKind)
	return page, err
}

func seatQuery(in ListSeatsInput, day string) (*store.Builder, operation.Keyset, func(Seat) []any) {
	q := store.Select(`SELECT ` + seatColumns + seatTables)
	if !in.BodyID.IsZero() {
		q.Where(`seats.body_id = ?`, in.BodyID)
	}
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit}
	if in.Trash {
		q.Where(`seats.deleted_at IS NOT NULL`)
		k.Columns, k.Types, k.Descending = []string{"seats.deleted_at", "seats.id"}, "ib", true
		return q, k, func(s Seat) []any { return []any{s.DeletedAt.UnixMicro(), s.ID[:]} }
	}
	q.Where(`seats.deleted_at IS NULL AND bodies.deleted_at IS NULL`)
	if in.State == Past {
		q.Where(`seats.valid_to <= ?`, day)
	} else {
		q.Where(`seats.valid_from <= ? AND (seats.valid_to IS NULL OR seats.valid_to > ?)`, day, day)
	}
	switch in.State {
	case Vacant:
		q.Where(`NOT EXISTS (SELECT 1 FROM seat_terms WHERE seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
			AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= ?)
			AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > ?))`, day, day)
	case Filled:
		q.Where(`EXISTS (SELECT 1 FROM seat_terms WHERE seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
			AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= ?)
			AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > ?))`, day, day)
	case Ending:
		q.Where(`EXISTS (SELECT 1 FROM seat_terms WHERE seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
			AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= ?)
			AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > ?) AND (seat_terms.term_ends <= ? OR seat_terms.valid_to <= ?))`, day, day, soon(day), soon(day))
	}
	if in.Role != "" {
		q.Where(`seats.role = ?`, in.Role)
	}
	if in.Voting {
		q.Where(`seats.voting = TRUE`)
	}
	if !in.BodyID.IsZero() {
		k.Columns, k.Types = []string{"seats.position", "seats.id"}, "ib"
		return q, k, func(s Seat) []any { return []any{s.Position, s.ID[:]} }
	}
	k.Columns, k.Types = []string{"seats.body_sort_key", "seats.body_id", "seats.position", "seats.id"}, "bbib"
	return q, k, func(s Seat) []any { return []any{s.bodySortKey, s.BodyID[:], s.Position, s.ID[:]} }
}

// ListTermsInput says whose terms, or which.
type ListTermsInput struct {
	PersonID       PersonID       `json:"person_id,omitempty" doc:"Of this person."`
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"Of whoever spoke for this organization."`
	Ending         bool           `json:"ending,omitempty" doc:"Those that hold today and end within 90 days or should have ended, the first to end first."`
	AsOf           string         `json:"as_of,omitempty" format:"date" doc:"Only those that held on this day."`
	After          string         `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before         string         `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit          int64          `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListTerms lists the terms of a person or an organization, the newest first, or
// those that end soon.
var ListTerms = operation.Define(operation.Operation[ListTermsInput, operation.Page[Term]]{
	Definition: operation.Definition{ID: "terms.list", Summary: "Lists the terms of a person or an organization, or those that end soon", ReadOnly: true, Method: "GET", Path: "/terms"},
	Run: func(c *operation.Call, in ListTermsInput) (operation.Page[Term], error) {
		q := store.Select(`SELECT ` + termColumns + termTables)
		q.Where(`seats.deleted_at IS NULL AND bodies.deleted_at IS NULL`)
		k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"seat_terms.valid_from", "seat_terms.id"}, Types: "sb", Descending: true}
		key := func(t Term) []any { return []any{t.From, t.ID[:]} }
		switch {
		case !in.PersonID.IsZero():
			q.Where(`seat_terms.person_id = ?`, in.PersonID)
		case !in.OrganizationID.IsZero():
			q.Where(`seat_terms.organization_id = ?`, in.OrganizationID)
		default:
			in.Ending = true
		}
		if in.Ending {
			q.Where(`seat_terms.valid_to IS NULL AND seat_terms.valid_from <= ? AND seat_terms.term_ends <= ?`, c.Today(), soon(c.Today()))
			k.Columns, k.Types, k.Descending = []string{"seat_terms.term_ends", "seat_terms.id"}, "sb", false
			key = func(t Term) []any { return []any{t.Ends, t.ID[:]} }
		}
		if in.AsOf != "" {
			q.Where(`seat_terms.valid_from <= ? AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > ?)`, in.AsOf, in.AsOf)
		}
		page, err := operation.List(c.Tx, q, k, scanTerm, key)
		page.Total = -1
		return page, err
	},
})

// ExportSeatsInput is a list to take away; its limit is ignored.
type ExportSeatsInput struct{ ListSeatsInput }

// ExportSeats reads what a list shows, to be taken away as a file.
var ExportSeats = operation.Define(operation.Operation[ExportSeatsInput, operation.Page[Seat]]{
	Definition: operation.Definition{ID: "seats.export", Summary: "Reads a list of seats to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/seats/export"},
	Limit:      func(in ExportSeatsInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportSeatsInput) (operation.Page[Seat], error) {
		return takeAway(c, in.After, func(after string) (operation.Page[Seat], error) {
			in.After, in.Limit, in.Before = after, exportPage, ""
			return listSeats(c, in.ListSeatsInput)
		})
	},
})

// EditSeatsInput changes the same fields of several seats.
type EditSeatsInput struct {
	Items      []SeatVersion `json:"items" required:"true" maxItems:"500"`
	Voting     *bool         `json:"voting,omitempty"`
	TermMonths *int64        `json:"term_months,omitempty" minimum:"0" maximum:"240"`
	Trash      bool          `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back       bool          `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []SeatPatch `json:"each,omitempty" maxItems:"500"`
}

// EditSeats changes several seats at once, all or none.
var EditSeats = operation.Define(operation.Operation[EditSeatsInput, operation.Page[Seat]]{
	Definition: operation.Definition{ID: "seats.edit-several", Summary: "Changes several seats at once, all or none", Method: "POST", Path: "/seats/bulk"},
	Run: func(c *operation.Call, in EditSeatsInput) (operation.Page[Seat], error) {
		items := make([]operation.VersionOf[SeatID], len(in.Items))
		for k, item := range in.Items {
			items[k] = operation.VersionOf[SeatID](item)
		}
		befores, afters, err := seats.Several(c, items, operation.Together{Trash: in.Trash, Back: in.Back}, func(k int, _ Seat) (Seat, error) {
			if k < len(in.Each) {
				return EditSeat.Within(c, in.Each[k])
			}
			return EditSeat.Within(c, SeatPatch{ID: in.Items[k].ID, Version: in.Items[k].Version, Voting: in.Voting, TermMonths: in.TermMonths})
		})
		undo := EditSeatsInput{Back: in.Trash, Trash: in.Back}
		for k, after := range afters {
			undo.Items = append(undo.Items, SeatVersion{after.ID, after.Version})
			if !in.Trash && !in.Back {
				terms := befores[k].entered()
				undo.Each = append(undo.Each, SeatPatch{ID: after.ID, Version: after.Version, Voting: &befores[k].Voting, TermMonths: &befores[k].TermMonths, Terms: &terms})
			}
		}
		c.UndoWith("seats.edit-several", undo)
		return operation.Page[Seat]{Items: append([]Seat{}, afters...), Total: -1}, err
	},
})

// chairs says whether a person chairs a body today.
func chairs(c *operation.Call, person PersonID, body [16]byte) (bool, error) {
	roles, err := store.Collect(c.Tx, func(row store.Row) (role string, err error) { return role, row.Scan(&role) },
		`SELECT seats.role FROM seat_terms JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.person_id = $2 AND seat_terms.body_id = $3 AND seats.deleted_at IS NULL
		AND seat_terms.valid_from <= $4 AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $4)`, person, body[:], c.Today())
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(chairRoles, role) }), err
}
