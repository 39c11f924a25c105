package directory

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// SeatRef names a seat.
type SeatRef struct {
	ID   SeatID `json:"id"`
	AsOf string `json:"as_of,omitempty" format:"date" doc:"Who held it on this day; today when absent."`
}

// SeatVersion names one version of a seat.
type SeatVersion struct {
	ID      SeatID `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// seats is the noun.
var seats = &operation.Noun[Seat, SeatID]{Kind: SeatKind, Area: "seats", Get: getSeat, Update: updateSeat,
	Head: func(s *Seat) operation.Head[SeatID] {
		return operation.HeadOf(s.ID, &s.Version, &s.UpdatedAt, &s.DeletedAt)
	},
	Title:    Seat.Title,
	Recorded: Seat.recorded}

// GetSeat reads one seat with all its terms, also from the trash.
var GetSeat = operation.Define(operation.Operation[SeatRef, Seat]{
	Definition: operation.Definition{ID: "seats.get", Summary: "Reads one seat with everyone who held it", ReadOnly: true, Method: "GET", Path: "/seats/{id}"},
	Run: func(c *operation.Call, in SeatRef) (Seat, error) {
		s, err := seats.Read(c, in.ID)
		if err == nil && in.AsOf != "" {
			s.holding(in.AsOf)
		}
		return s, err
	},
})

// CreateSeat adds a seat to a body.
var CreateSeat = operation.Define(operation.Operation[SeatInput, Seat]{
	Definition: operation.Definition{ID: "seats.create", Summary: "Adds a seat to a body", Method: "POST", Path: "/seats"},
	Run: func(c *operation.Call, in SeatInput) (Seat, error) {
		s := Seat{ID: id.New[Seat](), BodyID: in.BodyID, Role: or(in.Role, "member"), Voting: in.Voting, Purpose: in.Purpose, Sector: in.Sector, OrganizationID: in.OrganizationID,
			TermMonths: in.TermMonths, From: or(in.From, c.Today()), Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		body, err := liveBody(c, "body_id", in.BodyID)
		if err != nil {
			return s, err
		}
		s.Body, s.bodySortKey = body.Name, body.sortKey
		if s.Organization, err = reservedFor(c, s.OrganizationID); err != nil {
			return s, err
		}
		if s.Position, err = store.Value[int64](c.Tx, `SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM seats WHERE collaborative_id = $1 AND body_id = $2 AND deleted_at IS NULL`, s.BodyID); err != nil {
			return s, err
		}
		for i := range in.Terms {
			// A seat is as old as the first who held it.
			if in.From == "" && in.Terms[i].From < s.From {
				s.From = in.Terms[i].From
			}
		}
		if err := settleTerms(c, &s, in.Terms); err != nil {
			return s, err
		}
		if err := insertSeat(c, s); err != nil {
			return s, err
		}
		s.holding(c.Today())
		return seats.Added(c, s)
	},
})

func reservedFor(c *operation.Call, i OrganizationID) (string, error) {
	if i.IsZero() {
		return "", nil
	}
	return organizationName(c, i)
}

// EditSeat changes the given fields of a seat, and its terms when given. A seat
// that ends ends the term of whoever holds it.
var EditSeat = operation.Define(operation.Operation[SeatPatch, Seat]{
	Definition: operation.Definition{ID: "seats.edit", Summary: "Changes a seat or corrects its terms", Method: "PATCH", Path: "/seats/{id}"},
	Run: func(c *operation.Call, in SeatPatch) (Seat, error) {
		before, err := seats.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in.fields())
		if after.From == "" {
			return before, operation.InvalidField("valid_from", "errors.required")
		}
		if after.To != "" && after.To <= after.From {
			return before, operation.InvalidField("valid_to", "errors.ends_before_it_begins")
		}
		if after.OrganizationID != before.OrganizationID {
			if after.Organization, err = reservedFor(c, after.OrganizationID); err != nil {
				return before, err
			}
		}
		entered := after.entered()
		if in.Terms != nil {
			entered = *in.Terms
		} else if after.To != "" {
			for i := range entered {
				if entered[i].From < after.To && (entered[i].To == "" || entered[i].To > after.To) {
					entered[i].To = after.To
				}
			}
		}
		if err := settleTerms(c, &after, entered); err != nil {
			return before, err
		}
		return saveSeat(c, before, after)
	},
})

// TrashSeat puts a seat in the trash: for one that was entered by mistake. One
// that was given up ends instead.
var TrashSeat = operation.Define(operation.Operation[SeatVersion, Seat]{
	Definition: operation.Definition{ID: "seats.trash", Summary: "Puts a seat in the trash", Method: "DELETE", Path: "/seats/{id}"},
	Run:        func(c *operation.Call, in SeatVersion) (Seat, error) { return seats.Trash(c, in.ID, in.Version) },
})

// RestoreSeat takes a seat out of the trash.
var RestoreSeat = operation.Define(operation.Operation[SeatVersion, Seat]{
	Definition: operation.Definition{ID: "seats.restore", Summary: "Takes a seat out of the trash", Method: "POST", Path: "/seats/{id}/restore"},
	Run:        func(c *operation.Call, in SeatVersion) (Seat, error) { return seats.Restore(c, in.ID, in.Version) },
})
