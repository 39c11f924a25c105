package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// tiesAside are the ties that a merge put in the trash: those between the two
// records, since nobody is tied to themselves, and those that say of the merged
// record what another one says of the kept.
const tiesAside = "joined.ties"

// tied is a tie as a merge looks at it: from one of the two records, or to it.
type tied struct {
	ID       RecordID `json:"id"`
	From     RecordID `json:"-"`
	To       RecordID `json:"-"`
	TypeKey  string   `json:"-"`
	Mutual   bool     `json:"-"`
	Since    string   `json:"-"`
	Until    string   `json:"-"`
	outwards bool
}

// other is the end that is not the record itself.
func (t tied) other() RecordID {
	if t.outwards {
		return t.To
	}
	return t.From
}

// repeats says whether two ties, one of each record, say the same to one other
// record at the same time.
func (t tied) repeats(u tied) bool {
	return t.other() == u.other() && t.TypeKey == u.TypeKey && (t.outwards == u.outwards || t.Mutual || u.Mutual) &&
		(u.Until == "" || t.Since < u.Until) && (t.Until == "" || u.Since < t.Until)
}

// tiesOf are the ties of a record that are not in the trash.
func tiesOf(c *operation.Call, record [16]byte) ([]tied, error) {
	var out []tied
	for _, end := range []struct {
		text     string
		outwards bool
	}{
		{`SELECT id, from_organization_id, from_person_id, to_organization_id, to_person_id, type_key, direction = 'mutual', valid_from, valid_to FROM ties WHERE collaborative_id = $1 AND from_organization_id = $2 AND deleted_at IS NULL`, true},
		{`SELECT id, from_organization_id, from_person_id, to_organization_id, to_person_id, type_key, direction = 'mutual', valid_from, valid_to FROM ties WHERE collaborative_id = $1 AND from_person_id = $2 AND deleted_at IS NULL`, true},
		{`SELECT id, from_organization_id, from_person_id, to_organization_id, to_person_id, type_key, direction = 'mutual', valid_from, valid_to FROM ties WHERE collaborative_id = $1 AND to_organization_id = $2 AND deleted_at IS NULL`, false},
		{`SELECT id, from_organization_id, from_person_id, to_organization_id, to_person_id, type_key, direction = 'mutual', valid_from, valid_to FROM ties WHERE collaborative_id = $1 AND to_person_id = $2 AND deleted_at IS NULL`, false},
	} {
		found, err := store.Collect(c.Tx, func(row store.Row) (tied, error) {
			t := tied{outwards: end.outwards}
			var fromPerson, toPerson RecordID
			err := row.Scan(&t.ID, &t.From, &fromPerson, &t.To, &toPerson, &t.TypeKey, &t.Mutual, store.ScanText(&t.Since), store.ScanText(&t.Until))
			if t.From.IsZero() {
				t.From = fromPerson
			}
			if t.To.IsZero() {
				t.To = toPerson
			}
			return t, err
		}, end.text, record[:])
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// joinTies puts aside what the moves that follow would make a tie with oneself, or
// the same tie twice.
func (m merging) joinTies(c *operation.Call) error {
	theirs, err := tiesOf(c, m.merged)
	if err != nil || len(theirs) == 0 {
		return err
	}
	mine, err := tiesOf(c, m.kept)
	if err != nil {
		return err
	}
	byOther := map[RecordID][]tied{}
	for _, t := range mine {
		byOther[t.other()] = append(byOther[t.other()], t)
	}
	for _, t := range theirs {
		aside := t.other() == RecordID(m.kept)
		for _, u := range byOther[t.other()] {
			aside = aside || t.repeats(u)
		}
		if !aside {
			continue
		}
		if err := m.keep(c, tiesAside, t.ID, "", t); err != nil {
			return err
		}
		if _, err := c.Tx.Exec(`UPDATE ties SET deleted_at = $3 WHERE collaborative_id = $1 AND id = $2`, t.ID, store.Micros(c.Now)); err != nil {
			return err
		}
	}
	return nil
}

// returnTies takes what was put aside out of the trash.
func (m merging) returnTies(c *operation.Call) error {
	aside, err := kept[tied](c, m, tiesAside)
	for _, t := range aside {
		if err == nil {
			_, err = c.Tx.Exec(`UPDATE ties SET deleted_at = NULL WHERE collaborative_id = $1 AND id = $2`, t.ID)
		}
	}
	return err
}
