package convening

import (
	"slices"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// calendarText reads what calendars show of meetings, without the recap, which may be long.
const calendarText = `SELECT meetings.id, meetings.title, meetings.purpose, meetings.state, meetings.place, meetings.link, meetings.zone, meetings.held_on, meetings.starts_at, meetings.ends_at,
	meetings.sequence, meetings.reason, meetings.version, meetings.created_at, meetings.updated_at FROM meetings WHERE meetings.collaborative_id = $1 AND meetings.deleted_at IS NULL`

func scanCalendar(row store.Row) (m Meeting, err error) {
	return m, row.Scan(&m.ID, &m.Title, &m.Purpose, &m.State, &m.Place, &m.Link, &m.Zone, &m.On, store.ScanTime(&m.StartsAt), store.ScanTime(&m.EndsAt), &m.Sequence, &m.Reason,
		&m.Version, store.ScanTime(&m.CreatedAt), store.ScanTime(&m.UpdatedAt))
}

// MeetingsFrom are the meetings of a body, or of all where none is named, that begin
// at a moment or later, the earliest first, as far as calendars show them.
func MeetingsFrom(c *operation.Call, body directory.BodyID, from time.Time, most int64) ([]Meeting, error) {
	if body.IsZero() {
		return store.Collect(c.Tx, scanCalendar, calendarText+` AND meetings.starts_at >= $2 ORDER BY meetings.starts_at, meetings.id LIMIT $3`, store.Micros(from), most)
	}
	return store.Collect(c.Tx, scanCalendar, calendarText+` AND meetings.body_id = $2 AND meetings.starts_at >= $3 ORDER BY meetings.starts_at, meetings.id LIMIT $4`, body, store.Micros(from), most)
}

// ExpectedMeetings are those of them that somebody is expected at: of the bodies
// they hold a seat of on that day, and those they were asked to.
func ExpectedMeetings(c *operation.Call, person directory.PersonID, from time.Time, most int64) ([]Meeting, error) {
	if person.IsZero() {
		return nil, nil
	}
	type term struct {
		body     directory.BodyID
		from, to string
	}
	terms, err := store.Collect(c.Tx, func(row store.Row) (t term, err error) { return t, row.Scan(&t.body, &t.from, store.ScanText(&t.to)) },
		`SELECT seat_terms.body_id, seat_terms.valid_from, seat_terms.valid_to FROM seat_terms JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id AND seats.deleted_at IS NULL
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.person_id = $2 AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $3)`, person, from.AddDate(0, 0, -1).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	there := map[MeetingID]bool{}
	var out []Meeting
	add := func(m Meeting) {
		if !there[m.ID] {
			there[m.ID] = true
			out = append(out, m)
		}
	}
	read := map[directory.BodyID][]Meeting{}
	for _, t := range terms {
		if _, known := read[t.body]; !known {
			if read[t.body], err = MeetingsFrom(c, t.body, from, most); err != nil {
				return nil, err
			}
		}
		for _, m := range read[t.body] {
			if m.On >= t.from && (t.to == "" || m.On < t.to) {
				add(m)
			}
		}
	}
	asked, err := store.Collect(c.Tx, func(row store.Row) (i MeetingID, err error) { return i, row.Scan(&i) },
		`SELECT meeting_id FROM meeting_people WHERE collaborative_id = $1 AND person_id = $2 AND (invited = TRUE OR part <> '') LIMIT 5000`, person)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(asked, 500) {
		meetings, err := store.Collect(c.Tx, scanCalendar, calendarText+` AND meetings.id IN ($2) AND meetings.starts_at >= $3`, store.In(part), store.Micros(from))
		if err != nil {
			return nil, err
		}
		for _, m := range meetings {
			add(m)
		}
	}
	slices.SortFunc(out, func(a, b Meeting) int {
		if d := a.StartsAt.Compare(b.StartsAt); d != 0 {
			return d
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	return out[:min(int64(len(out)), most)], nil
}
