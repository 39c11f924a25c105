package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Membership is one span of days for which an organization was a member.
type Membership struct {
	ID     OrganizationID
	Name   string
	Sector string // of today
	From   string // first day
	To     string // first day it no longer was; empty while it lasts
}

// Memberships are those of all organizations, by when they began. It checks no
// permission: it is for operations of packages above, which do.
func Memberships(c *operation.Call) ([]Membership, error) {
	return store.Collect(c.Tx, func(row store.Row) (m Membership, err error) {
		return m, row.Scan(&m.ID, &m.Name, &m.Sector, &m.From, store.ScanText(&m.To))
	}, `SELECT organizations.id, organizations.name, organizations.sector, periods.valid_from, periods.valid_to FROM periods
		JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = periods.subject_id AND organizations.deleted_at IS NULL
		WHERE periods.collaborative_id = $1 AND periods.fact = $2 AND periods.value = 'member' ORDER BY periods.valid_from, periods.subject_id`, StatusFact)
}
