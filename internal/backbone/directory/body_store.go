package directory

import (
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

const bodyColumns = `bodies.id, bodies.name, bodies.kind, bodies.parent_id, bodies.state, bodies.purpose, bodies.charter, bodies.quorum, bodies.quorum_unit,
	bodies.decision_method, bodies.cadence, bodies.version, bodies.created_at, bodies.updated_at, bodies.deleted_at, bodies.sort_key`

func scanBody(row store.Row) (Body, error) {
	var b Body
	var deleted time.Time
	err := row.Scan(&b.ID, &b.Name, &b.Kind, &b.ParentID, &b.State, &b.Purpose, &b.Charter, &b.Quorum, &b.QuorumUnit,
		&b.DecisionMethod, &b.Cadence, &b.Version, store.ScanTime(&b.CreatedAt), store.ScanTime(&b.UpdatedAt), store.ScanTime(&deleted), &b.sortKey)
	b.DeletedAt = operation.Instant(deleted)
	return b, err
}

// getBody reads a body with its parent's name.
func getBody(c *operation.Call, i BodyID) (Body, error) {
	b, err := store.One(c.Tx, scanBody, `SELECT `+bodyColumns+` FROM bodies WHERE collaborative_id = $1 AND id = $2`, i)
	if err == nil && !b.ParentID.IsZero() {
		b.Parent, err = store.Value[string](c.Tx, `SELECT name FROM bodies WHERE collaborative_id = $1 AND id = $2`, b.ParentID)
	}
	return b, err
}

// liveBody checks that a body may be referred to by a field.
func liveBody(c *operation.Call, field string, i BodyID) (Body, error) {
	b, err := getBody(c, i)
	if errors.Is(err, store.ErrNotFound) || err == nil && b.DeletedAt != nil {
		return b, operation.InvalidField(field, "errors.no_such_body")
	}
	return b, err
}

func insertBody(c *operation.Call, b Body) error {
	_, err := c.Tx.Exec(`INSERT INTO bodies (collaborative_id, id, name, sort_key, kind, parent_id, state, purpose, charter, quorum, quorum_unit, decision_method, cadence, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`,
		b.ID, b.Name, sortKey(c, b.Name), b.Kind, b.ParentID, b.State, b.Purpose, b.Charter, b.Quorum, b.QuorumUnit, b.DecisionMethod, b.Cadence, b.Version, store.Micros(b.CreatedAt))
	if err != nil {
		return err
	}
	return search.Put(c.Tx, b.document())
}

func updateBody(c *operation.Call, before, b Body) error {
	key := sortKey(c, b.Name)
	err := operation.Changed(c.Tx.Exec(`UPDATE bodies SET name = $3, sort_key = $4, kind = $5, parent_id = $6, state = $7, purpose = $8, charter = $9, quorum = $10, quorum_unit = $11,
		decision_method = $12, cadence = $13, version = $14, updated_at = $15, deleted_at = $16 WHERE collaborative_id = $1 AND id = $2 AND version = $14 - 1`,
		b.ID, b.Name, key, b.Kind, b.ParentID, b.State, b.Purpose, b.Charter, b.Quorum, b.QuorumUnit, b.DecisionMethod, b.Cadence,
		b.Version, store.Micros(b.UpdatedAt), operation.DeletedMicros(b.DeletedAt)))
	if err != nil {
		return err
	}
	if before.Name != b.Name {
		if _, err := c.Tx.Exec(`UPDATE seats SET body_sort_key = $3 WHERE collaborative_id = $1 AND body_id = $2`, b.ID, key); err != nil {
			return err
		}
	}
	if b.DeletedAt != nil {
		return search.Remove(c.Tx, BodyKind, b.ID)
	}
	return search.Put(c.Tx, b.document())
}

// reportsTo says whether a body stands, at whatever distance, below another.
func reportsTo(c *operation.Call, i, above BodyID) (bool, error) {
	for range maxBodyDepth {
		if i == above {
			return true, nil
		}
		if i.IsZero() {
			return false, nil
		}
		var err error
		if i, err = store.Value[BodyID](c.Tx, `SELECT parent_id FROM bodies WHERE collaborative_id = $1 AND id = $2`, i); err != nil {
			return false, err
		}
	}
	return true, nil
}

// maxBodyDepth is how deep bodies may stand below one another. Nobody has more
// than a handful; the bound keeps a circle, should one ever arise, from being
// followed for ever.
const maxBodyDepth = 20

// countSeats gives bodies the numbers of their seats on a day. Terms of a seat
// never overlap, so only the one that began last can hold that day; asking for it
// alone makes the cost the same after a year as after fifty.
func countSeats(c *operation.Call, bodies []Body, day string) error {
	ids := make([]BodyID, len(bodies))
	at := make(map[BodyID]*Body, len(bodies))
	for i := range bodies {
		ids[i], at[bodies[i].ID] = bodies[i].ID, &bodies[i]
	}
	if len(ids) == 0 {
		return nil
	}
	return store.Each(c.Tx, func(row store.Row) error {
		var i BodyID
		var voting, filled bool
		if err := row.Scan(&i, &voting, &filled); err != nil {
			return err
		}
		at[i].addSeat(voting, filled)
		return nil
	}, `SELECT body_id, voting, EXISTS (SELECT 1 FROM seat_terms WHERE seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
			AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= $3)
			AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $3))
		FROM seats WHERE collaborative_id = $1 AND body_id IN ($2) AND deleted_at IS NULL AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`,
		store.In(ids), day)
}

// addSeat counts one seat.
func (b *Body) addSeat(voting, filled bool) {
	b.Seats++
	if voting {
		b.Voting++
	}
	if filled {
		b.Filled++
	}
	if voting && filled {
		b.VotingFilled++
	}
}
