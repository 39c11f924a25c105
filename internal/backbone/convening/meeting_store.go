package convening

import (
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

const meetingColumns = `meetings.id, meetings.body_id, bodies.name, meetings.series_id, meetings.series_on, meetings.apart, meetings.title, meetings.purpose, meetings.state, meetings.mode,
	meetings.place, meetings.link, meetings.zone, meetings.starts_at, meetings.ends_at, meetings.sequence, meetings.reason, meetings.recap, meetings.agenda_sent_at, meetings.recap_sent_at,
	meetings.version, meetings.created_at, meetings.updated_at, meetings.deleted_at`

const meetingTables = ` FROM meetings LEFT JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = meetings.body_id WHERE meetings.collaborative_id = $1`

func scanMeeting(row store.Row) (Meeting, error) {
	var m Meeting
	var agenda, recap, deleted time.Time
	err := row.Scan(&m.ID, &m.BodyID, store.ScanText(&m.Body), &m.SeriesID, store.ScanText(&m.SeriesOn), &m.apart, &m.Title, &m.Purpose, &m.State, &m.Mode,
		&m.Place, &m.Link, &m.Zone, store.ScanTime(&m.StartsAt), store.ScanTime(&m.EndsAt), &m.Sequence, &m.Reason, &m.Recap, store.ScanTime(&agenda), store.ScanTime(&recap),
		&m.Version, store.ScanTime(&m.CreatedAt), store.ScanTime(&m.UpdatedAt), store.ScanTime(&deleted))
	m.AgendaSentAt, m.RecapSentAt, m.DeletedAt = operation.Instant(agenda), operation.Instant(recap), operation.Instant(deleted)
	m.local()
	return m, err
}

func getMeeting(c *operation.Call, i MeetingID) (Meeting, error) {
	return store.One(c.Tx, scanMeeting, `SELECT `+meetingColumns+meetingTables+` AND meetings.id = $2`, i)
}

// liveMeeting checks that a meeting may be referred to by a field.
func liveMeeting(c *operation.Call, field string, i MeetingID) (Meeting, error) {
	m, err := getMeeting(c, i)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.DeletedAt != nil {
		return m, operation.InvalidField(field, "errors.no_such_meeting")
	}
	return m, err
}

func insertMeeting(c *operation.Call, m Meeting) error {
	_, err := c.Tx.Exec(`INSERT INTO meetings (collaborative_id, id, body_id, series_id, series_on, apart, title, purpose, state, mode, place, link, zone, starts_at, ends_at, held_on,
		sequence, reason, recap, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21)`,
		m.ID, m.BodyID, m.SeriesID, store.Text(m.SeriesOn), m.apart, m.Title, m.Purpose, m.State, m.Mode, m.Place, m.Link, m.Zone, store.Micros(m.StartsAt), store.Micros(m.EndsAt), m.On,
		m.Sequence, m.Reason, m.Recap, m.Version, store.Micros(m.CreatedAt))
	if err != nil {
		return err
	}
	return search.Put(c.Tx, m.document())
}

func updateMeeting(c *operation.Call, before, m Meeting) error {
	if err := operation.Changed(c.Tx.Exec(`UPDATE meetings SET body_id = $3, apart = $4, title = $5, purpose = $6, state = $7, mode = $8, place = $9, link = $10, zone = $11, starts_at = $12, ends_at = $13,
		held_on = $14, sequence = $15, reason = $16, recap = $17, agenda_sent_at = $18, recap_sent_at = $19, version = $20, updated_at = $21, deleted_at = $22, series_on = $23
		WHERE collaborative_id = $1 AND id = $2 AND version = $20 - 1`,
		m.ID, m.BodyID, m.apart, m.Title, m.Purpose, m.State, m.Mode, m.Place, m.Link, m.Zone, store.Micros(m.StartsAt), store.Micros(m.EndsAt),
		m.On, m.Sequence, m.Reason, m.Recap, operation.DeletedMicros(m.AgendaSentAt), operation.DeletedMicros(m.RecapSentAt), m.Version, store.Micros(m.UpdatedAt), operation.DeletedMicros(m.DeletedAt), store.Text(m.SeriesOn))); err != nil {
		return err
	}
	if m.On != before.On {
		if err := movePreparations(c, m); err != nil {
			return err
		}
	}
	if m.Sequence != before.Sequence || m.State != before.State || (m.DeletedAt == nil) != (before.DeletedAt == nil) {
		m.announce(c)
	}
	if m.DeletedAt != nil {
		return search.Remove(c.Tx, MeetingKind, m.ID)
	}
	return search.Put(c.Tx, m.document())
}

// ChangedKind is the kind of work that tells people of a meeting that changed; its
// payload is a MeetingRef.
const ChangedKind = "meetings.tell"

// announce asks for that work, once the change is durable.
func (m Meeting) announce(c *operation.Call) {
	c.Enqueue(operation.Later{Kind: ChangedKind, Payload: MeetingRef{m.ID}})
}
