package calendars

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/id"
	"commontable/internal/platform/store"
)

// Carried is how what people were told leaves an installation and enters another:
// there nobody is told again what they know.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carriedLetters)} }

type letterRow struct {
	ID        id.Of[told]         `json:"id"`
	MeetingID convening.MeetingID `json:"meeting_id" ref:"meetings"`
	PersonID  directory.PersonID  `json:"person_id" ref:"people"`
	Method    string              `json:"method,omitempty" enum:"REQUEST,CANCEL" doc:"What their calendar was told last."`
	Sequence  int64               `json:"sequence" minimum:"0" maximum:"1000000000" doc:"Of the meeting as they were told of it."`
	Letters   int64               `json:"letters" minimum:"0" maximum:"1000000000" doc:"How many letters they got."`
	ToldAt    *time.Time          `json:"told_at,omitempty"`
	RecapAt   *time.Time          `json:"recap_at,omitempty" doc:"When the recap was sent to them."`
}

var carriedLetters = archive.Kind[letterRow]{
	Name: "meeting-letters", Tables: []string{"meeting_letters"},
	Read: func(r *archive.Reading, after letterRow, limit int64) ([]letterRow, error) {
		return store.Collect(r.Tx, archive.Scan[letterRow], `SELECT id, meeting_id, person_id, method, sequence, letters, told_at, recap_at
			FROM meeting_letters WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []letterRow) error {
		var records [][]any
		for _, t := range rows {
			records = append(records, archive.Values(&t))
		}
		return l.Tx.ExecRows(`INSERT INTO meeting_letters (collaborative_id, id, meeting_id, person_id, method, sequence, letters, told_at, recap_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, records)
	},
}
