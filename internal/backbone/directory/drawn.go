package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// DrawnOrganization is an organization as a map of the network shows it.
type DrawnOrganization struct {
	ID      OrganizationID
	Name    string
	SortKey []byte
	Sector  string // of today
	Status  string // of the day; empty where it had none yet
}

// OrganizationsOn are all organizations that are not in the trash, as they stood on a
// day, in the order of ids. It checks no permission: it is for operations of packages
// above, which do.
func OrganizationsOn(c *operation.Call, day string) ([]DrawnOrganization, error) {
	return store.Collect(c.Tx, func(row store.Row) (o DrawnOrganization, err error) {
		return o, row.Scan(&o.ID, &o.Name, &o.SortKey, &o.Sector, store.ScanText(&o.Status))
	}, `SELECT organizations.id, organizations.name, organizations.sort_key, organizations.sector, periods.value FROM organizations
		LEFT JOIN periods ON periods.collaborative_id = $1 AND periods.subject_id = organizations.id AND periods.fact = $2 AND periods.valid_from <= $3 AND (periods.valid_to IS NULL OR periods.valid_to > $3)
		WHERE organizations.collaborative_id = $1 AND organizations.deleted_at IS NULL ORDER BY organizations.id`, StatusFact, day)
}

// HeldSeat is a span of days for which somebody spoke for an organization in a body.
type HeldSeat struct {
	BodyID         BodyID
	OrganizationID OrganizationID
	From           string // first day
	To             string // first day it no longer held; empty while it does
}

// HeldSeats are all terms that were held for an organization, in seats and bodies that
// are not in the trash. It checks no permission: it is for operations of packages
// above, which do.
func HeldSeats(c *operation.Call) ([]HeldSeat, error) {
	return store.Collect(c.Tx, func(row store.Row) (s HeldSeat, err error) {
		return s, row.Scan(&s.BodyID, &s.OrganizationID, &s.From, store.ScanText(&s.To))
	}, `SELECT seat_terms.body_id, seat_terms.organization_id, seat_terms.valid_from, seat_terms.valid_to FROM seat_terms
		JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id AND seats.deleted_at IS NULL
		JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = seat_terms.body_id AND bodies.deleted_at IS NULL
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.organization_id IS NOT NULL`)
}
