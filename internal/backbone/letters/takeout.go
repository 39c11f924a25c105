package letters

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/store"
)

// Carried is how the addresses that no letters go to leave an installation and enter
// another.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carried), archive.Of(carriedRules), archive.Of(carriedTexts)}
}

type suppressionRow struct {
	ID        ID        `json:"id"`
	Email     string    `json:"email" required:"true" maxLength:"254"`
	Reason    string    `json:"reason" required:"true" enum:"unsubscribed,bounced,complained,by_hand"`
	Detail    string    `json:"detail,omitempty" maxLength:"300"`
	CreatedAt time.Time `json:"created_at"`
	Reach     []string  `json:"reach,omitempty" maxItems:"4" enum:"meetings,digests,reminders,surveys" doc:"Which letters; all when absent."`
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

type rulesRow struct {
	Digest        bool       `json:"digest"`
	DigestWeekday int64      `json:"digest_weekday" minimum:"0" maximum:"6" doc:"0 for Sunday."`
	DigestHour    int64      `json:"digest_hour" minimum:"0" maximum:"23"`
	DigestSince   *time.Time `json:"digest_since,omitempty"`
	Reminders     bool       `json:"reminders"`
	RemindHour    int64      `json:"remind_hour" minimum:"0" maximum:"23"`
	RemindBefore  int64      `json:"remind_before" minimum:"0" maximum:"60"`
	RemindAfter   int64      `json:"remind_after" minimum:"0" maximum:"60"`
	RemindAgain   int64      `json:"remind_again" minimum:"0" maximum:"60"`
	ReplyBefore   int64      `json:"reply_before" minimum:"0" maximum:"30"`
	Quiet         bool       `json:"quiet"`
	QuietFrom     int64      `json:"quiet_from" minimum:"0" maximum:"23"`
	QuietUntil    int64      `json:"quiet_until" minimum:"0" maximum:"23"`
	UpdatedAt     time.Time  `json:"updated_at" doc:"When they were changed last."`
}

var carriedRules = archive.Kind[rulesRow]{
	Name: "post-rules", Tables: []string{"post_rules"},
	Read: func(r *archive.Reading, after rulesRow, limit int64) ([]rulesRow, error) {
		if !after.UpdatedAt.IsZero() {
			return nil, nil
		}
		return store.Collect(r.Tx, archive.Scan[rulesRow], `SELECT digest, digest_weekday, digest_hour, digest_since, reminders, remind_hour, remind_before, remind_after, remind_again, reply_before,
			quiet, quiet_from, quiet_until, updated_at FROM post_rules WHERE collaborative_id = $1 LIMIT $2`, limit)
	},
	Write: func(l *archive.Loading, rows []rulesRow) error {
		var records [][]any
		for i, r := range rows {
			if i > 0 {
				return &archive.RowFault{Row: i, Field: "updated_at", Reason: "takeout.one_collaborative"}
			}
			// Where it arrives nothing is sent by itself until somebody says so.
			r.Digest, r.Reminders, r.DigestSince = false, false, nil
			records = append(records, archive.Values(&r, 1))
		}
		return l.Tx.ExecRows(`INSERT INTO post_rules (collaborative_id, digest, digest_weekday, digest_hour, digest_since, reminders, remind_hour, remind_before, remind_after, remind_again, reply_before,
			quiet, quiet_from, quiet_until, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, records)
	},
}

type textRow struct {
	ID        TextID    `json:"id"`
	Kind      string    `json:"kind" required:"true" maxLength:"40" doc:"Which letter."`
	Language  string    `json:"language" required:"true" enum:"en,fr,es"`
	Subject   string    `json:"subject,omitempty" maxLength:"200" doc:"Absent where it is the program's own text again."`
	Body      string    `json:"body,omitempty" maxLength:"8000" text:"lines"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

var carriedTexts = archive.Kind[textRow]{
	Name: "letter-texts", Tables: []string{"letter_texts"},
	Read: func(r *archive.Reading, after textRow, limit int64) ([]textRow, error) {
		return store.Collect(r.Tx, archive.Scan[textRow], `SELECT id, kind, language, subject, body, created_at, updated_at FROM letter_texts WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []textRow) error {
		var records [][]any
		for i, r := range rows {
			// An archive may come from anybody: words that would not be taken here are not.
			if r.Body != "" {
				if _, err := mail.NewOwn(mail.Template(r.Kind), mail.Words{Subject: r.Subject, Body: r.Body}); err != nil {
					return &archive.RowFault{Row: i, Field: "body", Reason: "takeout.letter_text"}
				}
			}
			records = append(records, archive.Values(&r, 1))
		}
		return l.Tx.ExecRows(`INSERT INTO letter_texts (collaborative_id, id, kind, language, subject, body, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, records)
	},
}
