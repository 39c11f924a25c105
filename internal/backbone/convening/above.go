package convening

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What follows checks no permission: it is for operations of packages above,
// which do.

// MeetingOf reads a meeting that is not in the trash.
func MeetingOf(c *operation.Call, i MeetingID) (Meeting, error) {
	m, err := getMeeting(c, i)
	if err == nil && m.DeletedAt != nil {
		err = operation.Missing()
	}
	return m, err
}

// ownPart keeps to the parts of the meeting that was named: one of another meeting
// does not exist. err is what reading the part came to.
func ownPart[T any](part T, of, m MeetingID, err error) (T, error) {
	if of != m && (err == nil || operation.KindOf(err) == operation.Conflict) {
		var none T
		return none, operation.Missing()
	}
	return part, err
}

// AskedTo says whether somebody was asked to a meeting beside the seats or has a part
// in it, or comes instead of somebody, who is given then.
func AskedTo(c *operation.Call, m MeetingID, person directory.PersonID) (asked bool, insteadOf directory.PersonID, err error) {
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM meeting_people WHERE collaborative_id = $1 AND meeting_id = $2 AND person_id = $3 AND (invited = TRUE OR part <> '')`, m, person)
	if err != nil || n > 0 {
		return n > 0, insteadOf, err
	}
	found, err := store.Collect(c.Tx, func(row store.Row) (i directory.PersonID, err error) { return i, row.Scan(&i) },
		`SELECT person_id FROM meeting_people WHERE collaborative_id = $1 AND alternate_id = $3 AND meeting_id = $2 AND reply = 'alternate'`, m, person)
	if len(found) > 0 {
		insteadOf = found[0]
	}
	return false, insteadOf, err
}

// Coming are those who said that they come to a meeting, in the room, online, or
// through somebody else.
func Coming(c *operation.Call, m MeetingID) ([]directory.PersonID, error) {
	return store.Collect(c.Tx, func(row store.Row) (i directory.PersonID, err error) { return i, row.Scan(&i) },
		`SELECT person_id FROM meeting_people WHERE collaborative_id = $1 AND meeting_id = $2 AND reply IN ('yes', 'online', 'alternate') ORDER BY person_id`, m)
}

// EachMeeting calls fn for every meeting that is not in the trash.
func EachMeeting(c *operation.Call, fn func(Meeting)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		m, err := scanMeeting(row)
		fn(m)
		return err
	}, `SELECT `+meetingColumns+meetingTables+` AND meetings.deleted_at IS NULL`)
}
