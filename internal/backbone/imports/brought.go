package imports

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// broughtID names an event that was brought.
type broughtID = id.Of[brought]

// brought is an event of somebody's calendar, or a row of a list of meetings, and what
// it became here.
type brought struct {
	ID        broughtID           `json:"id"`
	UID       string              `json:"uid" required:"true" maxLength:"700" doc:"What the calendar calls it."`
	SeriesID  convening.SeriesID  `json:"series_id,omitzero" ref:"meeting-series"`
	MeetingID convening.MeetingID `json:"meeting_id,omitzero" ref:"meetings"`
	Sequence  int64               `json:"sequence" minimum:"0" maximum:"2147483647" doc:"The version of it that was taken last."`
	Said      string              `json:"said" maxLength:"64" doc:"A fingerprint of what it said."`
	CreatedAt time.Time           `json:"created_at"`
}

// target is what it became.
func (b brought) target() TargetID {
	if !b.SeriesID.IsZero() {
		return TargetID(b.SeriesID)
	}
	return TargetID(b.MeetingID)
}

// Carried is how the names of what was brought leave an installation and enter another,
// so that a calendar that is brought there again changes what it changed here.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carriedBrought)} }

var carriedBrought = archive.Kind[brought]{
	Name: "brought-events", Tables: []string{"brought_events"},
	Read: func(r *archive.Reading, after brought, limit int64) ([]brought, error) {
		return store.Collect(r.Tx, archive.Scan[brought], `SELECT id, uid, series_id, meeting_id, sequence, said, created_at FROM brought_events WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []brought) error {
		var records [][]any
		for _, b := range rows {
			records = append(records, archive.Values(&b, store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO brought_events (collaborative_id, id, uid, series_id, meeting_id, sequence, said, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, records)
	},
}

// everyBrought calls fn for every event that was brought.
func everyBrought(c *operation.Call, fn func(brought)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		b, err := archive.Scan[brought](row)
		fn(b)
		return err
	}, `SELECT id, uid, series_id, meeting_id, sequence, said, created_at FROM brought_events WHERE collaborative_id = $1`)
}

// broughtTo finds the event that became a series or a meeting; the zero one where none did.
func broughtTo(c *operation.Call, target TargetID) (brought, error) {
	found, err := store.Collect(c.Tx, archive.Scan[brought], `SELECT id, uid, series_id, meeting_id, sequence, said, created_at FROM brought_events WHERE collaborative_id = $1 AND series_id = $2
		UNION ALL SELECT id, uid, series_id, meeting_id, sequence, said, created_at FROM brought_events WHERE collaborative_id = $1 AND meeting_id = $2`, target)
	if err != nil || len(found) == 0 {
		return brought{}, err
	}
	return found[0], nil
}

// remember keeps what an event became, and the version of it that was taken.
func (b brought) remember(c *operation.Call) error {
	_, err := c.Tx.Exec(`INSERT INTO brought_events (collaborative_id, id, uid, series_id, meeting_id, sequence, said, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		ON CONFLICT (collaborative_id, uid) DO UPDATE SET series_id = excluded.series_id, meeting_id = excluded.meeting_id, sequence = excluded.sequence, said = excluded.said, updated_at = excluded.updated_at`,
		id.New[brought](), b.UID, b.SeriesID, b.MeetingID, b.Sequence, b.Said, store.Micros(c.Now))
	return err
}

// forgetBrought forgets what became a series or a meeting.
func forgetBrought(c *operation.Call, target TargetID) error {
	for _, statement := range []struct{ text string }{{`DELETE FROM brought_events WHERE collaborative_id = $1 AND series_id = $2`}, {`DELETE FROM brought_events WHERE collaborative_id = $1 AND meeting_id = $2`}} {
		if _, err := c.Tx.Exec(statement.text, target); err != nil {
			return err
		}
	}
	return nil
}
