package network

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// MostDrawn is how many ties Drawn reads.
const MostDrawn = 200_000

// Drawn is a tie between two organizations as a map of the network shows it.
type Drawn struct {
	From, To     directory.OrganizationID
	Type         string
	Mutual       bool
	Strength     int64 // Unknown where nobody said
	Layer        string
	Since, Until string // first day, and first day it no longer holds; empty where open
}

// On says whether it holds, or held, on a day that lies between two; "" is open on
// either side.
func (d Drawn) On(from, to string) bool { return Tie{From: d.Since, To: d.Until}.During(from, to) }

// AllDrawn reads the ties between organizations, of all days, the last declared first
// and MostDrawn at most. It checks no permission: it is for operations of packages
// above, which do.
func AllDrawn(c *operation.Call) ([]Drawn, error) {
	return store.Collect(c.Tx, func(row store.Row) (d Drawn, err error) {
		return d, row.Scan(&d.From, &d.To, &d.Type, &d.Mutual, &d.Strength, &d.Layer, store.ScanText(&d.Since), store.ScanText(&d.Until))
	}, `SELECT from_organization_id, to_organization_id, type, direction = 'mutual', COALESCE(strength, -1), layer, valid_from, valid_to FROM ties
		WHERE collaborative_id = $1 AND deleted_at IS NULL AND from_person_id IS NULL AND to_person_id IS NULL ORDER BY id DESC LIMIT $2`, MostDrawn)
}
