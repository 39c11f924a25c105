package letters

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/store"
)

// Carried is how the addresses that no letters go to leave an installation and enter
// another.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carried)} }

type suppressionRow struct {
	ID        ID        `json:"id"`
	Email     string    `json:"email" required:"true" maxLength:"254"`
	Reason    string    `json:"reason" required:"true" enum:"unsubscribed,bounced,complained,by_hand"`
	Detail    string    `json:"detail,omitempty" maxLength:"300"`
	CreatedAt time.Time `json:"created_at"`
	Reach     []string  `json:"reach,omitempty" maxItems:"3" enum:"meetings,digests,reminders" doc:"Which letters; all when absent."`
}

var carried = archive.Kind[suppressionRow]{
	Name: "suppressions", Tables: []string{"mail_suppressions"},
	Read: func(r *archive.Reading, after suppressionRow, limit int64) ([]suppressionRow, error) {
		return store.Collect(r.Tx, archive.Scan[suppressionRow], columns+` AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []suppressionRow) error {
		var records [][]any
		for _, s := range rows {
			records = append(records, archive.Values(&s, key(s.Email)))
		}
		return l.Tx.ExecRows(`INSERT INTO mail_suppressions (collaborative_id, id, email, reason, detail, created_at, reach, email_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, records)
	},
}
