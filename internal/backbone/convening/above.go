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

// SeriesOf reads a series, also from the trash.
func SeriesOf(c *operation.Call, i SeriesID) (Series, error) { return getSeries(c, i) }

// EachSeries calls fn for every series that is not in the trash.
func EachSeries(c *operation.Call, fn func(Series)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		s, err := scanSeries(row)
		fn(s)
		return err
	}, seriesText+` AND meeting_series.deleted_at IS NULL`)
}

// TakeBackSeries takes back a series that was made by mistake: it and its meetings to
// come go, but for those that somebody changed or put something to, which stay in the
// trash or as they are.
func TakeBackSeries(c *operation.Call, s Series) error {
	if _, err := TrashSeries.Within(c, SeriesVersion{ID: s.ID, Version: s.Version}); err != nil {
		return err
	}
	// Those of its exceptions, and those whose day passed since and nobody came to.
	rest, err := store.Collect(c.Tx, scanMeeting, `SELECT `+meetingColumns+meetingTables+` AND meetings.series_id = $2 AND meetings.deleted_at IS NULL AND (meetings.apart = FALSE OR meetings.version = 1) AND meetings.state IN ('planned', 'cancelled')`+untouched, s.ID)
	if err != nil {
		return err
	}
	for _, m := range rest {
		if err := drop(c, m); err != nil {
			return err
		}
	}
	if _, err := c.Tx.Exec(`DELETE FROM meetings WHERE collaborative_id = $1 AND series_id = $2 AND deleted_at IS NOT NULL AND (apart = FALSE OR version <= 2)`+untouched, s.ID); err != nil {
		return err
	}
	_, err = c.Tx.Exec(`DELETE FROM meeting_series WHERE collaborative_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM meetings WHERE meetings.collaborative_id = $1 AND meetings.series_id = $2)`, s.ID)
	return err
}

// TakeBackMeeting takes back a meeting that was made by mistake, as TakeBackSeries does.
func TakeBackMeeting(c *operation.Call, m Meeting) error {
	if _, err := TrashMeeting.Within(c, MeetingVersion{ID: m.ID, Version: m.Version}); err != nil {
		return err
	}
	_, err := c.Tx.Exec(`DELETE FROM meetings WHERE collaborative_id = $1 AND id = $2`+untouched, m.ID)
	return err
}

// untouched are meetings to which nobody put anything.
const untouched = ` AND NOT EXISTS (SELECT 1 FROM agenda_items x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM meeting_people x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM preparations x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM captures x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM attendances x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM actions x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM deliveries x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)
	AND NOT EXISTS (SELECT 1 FROM materials x WHERE x.collaborative_id = $1 AND x.meeting_id = meetings.id)`

// MeetingRead reads a meeting as the actor may see it, from the trash for those who
// may restore it.
func MeetingRead(c *operation.Call, i MeetingID) (Meeting, error) { return meetings.Read(c, i) }

// ItemOfMeeting refuses an agenda item that is not the meeting's.
func ItemOfMeeting(c *operation.Call, m MeetingID, i ItemID) error { return ofMeeting(c, m, i) }

// HeldBetween counts the meetings that were held from one day to another.
func HeldBetween(c *operation.Call, from, to string) (int64, error) {
	return store.Value[int64](c.Tx, `SELECT COUNT(*) FROM meetings WHERE collaborative_id = $1 AND deleted_at IS NULL AND state IN ('held', 'recap_sent', 'closed') AND held_on >= $2 AND held_on <= $3`, from, to)
}
