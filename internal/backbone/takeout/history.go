package takeout

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// carriedEntry is one entry of the audit log. How a change would be taken back is
// not in it: that belongs to the versions of records here. Entries of takeouts
// themselves are left out, so that taking away changes nothing that is taken away.
type carriedEntry struct {
	ID        operation.EntryID  `json:"id"`
	Act       operation.EntryID  `json:"act_id" doc:"Entries of one run share it."`
	At        time.Time          `json:"at"`
	Operation string             `json:"operation" required:"true"`
	PersonID  operation.PersonID `json:"person_id,omitzero" doc:"Who did it, where that was a member."`
	Actor     string             `json:"actor,omitempty" maxLength:"1000"`
	Via       operation.Via      `json:"via" enum:"session,token,link,system"`
	Kind      string             `json:"subject_kind,omitempty" null:"true"`
	SubjectID operation.EntryID  `json:"subject_id,omitzero"`
	Title     string             `json:"subject_title,omitempty" null:"true" maxLength:"1000"`
	Fields    archive.Raw        `json:"fields,omitzero" doc:"What was and what is, by field."`
	UndoneAt  *time.Time         `json:"undone_at,omitempty" doc:"When it was taken back."`
}

var carriedHistory = archive.Kind[carriedEntry]{
	Name: "audit", Tables: []string{"audit_entries"}, History: true,
	Read: func(r *archive.Reading, after carriedEntry, limit int64) ([]carriedEntry, error) {
		return store.Collect(r.Tx, archive.Scan[carriedEntry], `SELECT id, act_id, at, operation, person_id, actor_name, via, subject_kind, subject_id, subject_title, fields, undone_at
			FROM audit_entries WHERE collaborative_id = $1 AND id > $2 AND operation NOT LIKE 'takeouts.%' ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedEntry) error {
		var records [][]any
		for _, e := range rows {
			records = append(records, archive.Values(&e))
		}
		return l.Tx.ExecRows(`INSERT INTO audit_entries (collaborative_id, request, subject_version, id, act_id, at, operation, person_id, actor_name, via, subject_kind, subject_id, subject_title, fields, undone_at)
			VALUES ($1, '', 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, records)
	},
}
