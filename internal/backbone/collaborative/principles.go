package collaborative

import (
	"errors"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PrinciplesKind names a version of the principles as a subject.
const PrinciplesKind = "principles"

// PrinciplesID names a version of the guiding principles.
type PrinciplesID = id.Of[Principles]

// Principles is one version of the guiding principles. Once adopted it never
// changes: agreements refer to the version that was accepted.
type Principles struct {
	ID        PrinciplesID `json:"id" audit:"-"`
	Number    int64        `json:"number" audit:"-" doc:"1 for the first version."`
	Body      string       `json:"body" audit:"-"`
	AdoptedOn string       `json:"adopted_on" doc:"The day they were adopted, YYYY-MM-DD."`
	CreatedAt time.Time    `json:"created_at" audit:"-"`
}

const principlesColumns = `id, number, body, adopted_on, created_at`

func scanPrinciples(row store.Row) (Principles, error) {
	var p Principles
	err := row.Scan(&p.ID, &p.Number, &p.Body, &p.AdoptedOn, store.ScanTime(&p.CreatedAt))
	return p, err
}

// ListPrinciplesInput chooses a page.
type ListPrinciplesInput struct {
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListPrinciples lists the versions, the newest first.
var ListPrinciples = operation.Define(operation.Operation[ListPrinciplesInput, operation.Page[Principles]]{
	Definition: operation.Definition{ID: "principles.list", Summary: "Lists the versions of the guiding principles, the newest first", ReadOnly: true, Method: "GET", Path: "/principles"},
	Run: func(c *operation.Call, in ListPrinciplesInput) (operation.Page[Principles], error) {
		page, err := operation.List(c.Tx, store.Select(`SELECT `+principlesColumns+` FROM principles WHERE collaborative_id = $1`),
			operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"number"}, Types: "i"},
			scanPrinciples, func(p Principles) []any { return []any{p.Number} })
		page.Total = -1
		return page, err
	},
})

// PrinciplesRef names a version by its number.
type PrinciplesRef struct {
	Number int64 `json:"number"`
}

// GetPrinciples reads one version.
var GetPrinciples = operation.Define(operation.Operation[PrinciplesRef, Principles]{
	Definition: operation.Definition{ID: "principles.get", Summary: "Reads one version of the guiding principles", ReadOnly: true, Method: "GET", Path: "/principles/{number}"},
	Run: func(c *operation.Call, in PrinciplesRef) (Principles, error) {
		return store.One(c.Tx, scanPrinciples, `SELECT `+principlesColumns+` FROM principles WHERE collaborative_id = $1 AND number = $2`, in.Number)
	},
})

// AdoptInput is a new version of the guiding principles.
type AdoptInput struct {
	Body      string `json:"body" required:"true" maxLength:"20000" text:"lines"`
	AdoptedOn string `json:"adopted_on,omitempty" format:"date" doc:"The day they were adopted, YYYY-MM-DD; today when absent."`
	// Newest is the number of the version the new one was written from, so that
	// two people do not adopt past each other.
	Newest int64 `json:"newest" minimum:"0" doc:"The number of the newest version when this one was written; 0 when there was none."`
}

// AdoptPrinciples adds a version. It cannot be taken back: what was adopted was
// adopted, and is corrected by adopting another version.
var AdoptPrinciples = operation.Define(operation.Operation[AdoptInput, Principles]{
	Definition: operation.Definition{ID: "principles.adopt", Summary: "Adopts a new version of the guiding principles", Method: "POST", Path: "/principles"},
	Run: func(c *operation.Call, in AdoptInput) (Principles, error) {
		p := Principles{ID: id.New[Principles](), Body: in.Body, AdoptedOn: or(in.AdoptedOn, c.Today()), CreatedAt: c.Now}
		if p.AdoptedOn > c.Today() {
			return p, operation.InvalidField("adopted_on", "principles.day_ahead")
		}
		newest, err := store.One(c.Tx, scanPrinciples, `SELECT `+principlesColumns+` FROM principles WHERE collaborative_id = $1 ORDER BY number DESC LIMIT 1`)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return p, err
		}
		if newest.Number != in.Newest {
			return p, operation.Stale(newest)
		}
		p.Number = newest.Number + 1
		_, err = c.Tx.Exec(`INSERT INTO principles (collaborative_id, id, number, body, adopted_on, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			p.ID, p.Number, p.Body, p.AdoptedOn, store.Micros(p.CreatedAt))
		if errors.Is(err, store.ErrUnique) {
			return p, operation.Stale(nil) // somebody adopted one in the same moment
		}
		c.Changed(operation.Subject{Kind: PrinciplesKind, ID: p.ID}, "", p.Number, nil, p)
		return p, err
	},
})
