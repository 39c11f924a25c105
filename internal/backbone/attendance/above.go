package attendance

import (
	"errors"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What follows checks no permission: it is for operations of packages above, which
// do.

// EntryOf reads an entry that is in the ledger of its meeting.
func EntryOf(c *operation.Call, i ID) (Attendance, error) {
	a, err := get(c, i)
	if err == nil && a.DeletedAt != nil {
		err = operation.Missing()
	}
	return a, err
}

// Each calls fn for every entry of every ledger, with the person, or with the name
// of a guest in the form that tells guests apart.
func Each(c *operation.Call, fn func(i ID, m MeetingID, person directory.PersonID, guest string)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		var i ID
		var m MeetingID
		var person directory.PersonID
		var name string
		err := row.Scan(&i, &m, &person, &name)
		if person.IsZero() {
			name = i18n.FoldKey(name)
		} else {
			name = ""
		}
		fn(i, m, person, name)
		return err
	}, `SELECT id, meeting_id, person_id, name FROM attendances WHERE collaborative_id = $1 AND deleted_at IS NULL`)
}

// EachName calls fn for every name that is remembered, in its folded form.
func EachName(c *operation.Call, fn func(body directory.BodyID, folded string, person directory.PersonID)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		n, err := scanName(row)
		fn(n.BodyID, i18n.FoldKey(n.Name), n.PersonID)
		return err
	}, `SELECT `+nameColumns+nameTables)
}

// Remove deletes an entry for good that nobody changed since the given version, as
// one that an import made and takes back. The key of a message says what is in the
// way. The days it counted on are counted anew.
func Remove(c *operation.Call, i ID, version int64) (obstacle string, err error) {
	a, err := get(c, i)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if a.Version != version || a.DeletedAt != nil {
		return "errors.changed_since", nil
	}
	c.Changed(a.Subject(), a.Name, version+1, a, nil)
	m, err := convening.MeetingOf(c, a.MeetingID)
	if err != nil {
		return "", err
	}
	c.Changed(m.Subject(), m.Title, m.Version, nil, nil) // its day is counted anew
	_, err = c.Tx.Exec(`DELETE FROM attendances WHERE collaborative_id = $1 AND id = $2`, i)
	return "", err
}
