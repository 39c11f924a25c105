package post

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/store"
)

// Carried is how it leaves an installation which of these letters were written: where
// it arrives nobody gets them again.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carried)} }

type letterRow struct {
	ID        letterID           `json:"id"`
	PersonID  directory.PersonID `json:"person_id" ref:"people"`
	Kind      string             `json:"kind" required:"true" enum:"digest,nudge,action,reply"`
	Occasion  string             `json:"occasion" required:"true" maxLength:"200" doc:"The day of a digest or a nudge, an action with its day, or a meeting."`
	WrittenAt time.Time          `json:"written_at"`
}

var carried = archive.Kind[letterRow]{
	Name: "post-letters", Tables: []string{"post_letters"},
	Read: func(r *archive.Reading, after letterRow, limit int64) ([]letterRow, error) {
		return store.Collect(r.Tx, archive.Scan[letterRow], `SELECT id, person_id, kind, occasion, written_at FROM post_letters WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []letterRow) error {
		var records [][]any
		for _, r := range rows {
			records = append(records, archive.Values(&r))
		}
		return l.Tx.ExecRows(`INSERT INTO post_letters (collaborative_id, id, person_id, kind, occasion, written_at) VALUES ($1, $2, $3, $4, $5, $6)`, records)
	},
}
