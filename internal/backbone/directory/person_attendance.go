package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// eraseAttendance makes a person nameless in the ledgers of meetings, where their
// entries stay counted, and takes them out of what guests gave and of the names that
// reports used.
func eraseAttendance(c *operation.Call, i PersonID, known told) error {
	if _, err := c.Tx.Exec(`UPDATE attendances SET name = '', email = '' WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM personal_codes WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM remembered_names WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	rows, err := store.Collect(c.Tx, scanTexts(3), `SELECT id, '', name, organization_name, email FROM attendances WHERE collaborative_id = $1 AND guest_key IS NOT NULL`)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !known.in(row.all[0]) && !known.in(row.all[1]) && !known.in(row.all[2]) {
			continue
		}
		if _, err := c.Tx.Exec(`UPDATE attendances SET guest_key = NULL, name = $3, organization_name = $4, email = $5 WHERE collaborative_id = $1 AND id = $2`,
			row.id, known.without(row.all[0]), known.without(row.all[1]), known.without(row.all[2])); err != nil {
			return err
		}
	}
	names, err := store.Collect(c.Tx, func(row store.Row) (n rememberedName, err error) { return n, row.Scan(&n.body, &n.key, &n.name) },
		`SELECT body_id, name_key, name FROM remembered_names WHERE collaborative_id = $1`)
	for _, n := range names {
		if err == nil && known.in(n.name) {
			_, err = c.Tx.Exec(`DELETE FROM remembered_names WHERE collaborative_id = $1 AND body_id = $2 AND name_key = $3`, n.body[:], n.key)
		}
	}
	return err
}

type rememberedName struct {
	body      BodyID
	key, name string
}
