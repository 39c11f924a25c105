package agreements

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// OfSignatory are the agreements a person signed or was to sign. It is for an
// operation of another capability, which checks who may.
func OfSignatory(c *operation.Call, person operation.PersonID) ([]Agreement, error) {
	return store.Collect(c.Tx, scanOn(c.Today()), `SELECT `+columns+tables+` AND agreements.signatory_id = $2 ORDER BY agreements.id`, person)
}
