package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// RepresentedBy are the organizations that a person represents today. It checks no
// permission: it is for operations of packages above, which do.
func RepresentedBy(c *operation.Call, person PersonID) ([]OrganizationID, error) {
	if person.IsZero() {
		return nil, nil
	}
	return store.Collect(c.Tx, func(row store.Row) (i OrganizationID, err error) { return i, row.Scan(&i) },
		`SELECT organization_id FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND represents = TRUE AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`, person, c.Today())
}

// Representatives are those who represent an organization today. It checks no
// permission: it is for operations of packages above, which do.
func Representatives(c *operation.Call, organization OrganizationID) ([]PersonID, error) {
	return store.Collect(c.Tx, func(row store.Row) (i PersonID, err error) { return i, row.Scan(&i) },
		`SELECT person_id FROM affiliations WHERE collaborative_id = $1 AND organization_id = $2 AND represents = TRUE AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`, organization, c.Today())
}
