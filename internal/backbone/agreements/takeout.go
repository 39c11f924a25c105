package agreements

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how agreements leave an installation and enter another. Links for
// signing stay behind: one that is needed still is sent anew.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carried)} }

type carriedAgreement struct {
	ID             ID                       `json:"id"`
	OrganizationID directory.OrganizationID `json:"organization_id" ref:"organizations"`
	Principles     int64                    `json:"principles" minimum:"0" doc:"The version of the guiding principles it is about."`
	State          string                   `json:"state" required:"true" enum:"draft,sent,signed,renewed,ended"`
	Text           string                   `json:"text,omitempty" text:"lines" maxLength:"20000"`
	Transition     string                   `json:"transition,omitempty" text:"lines" maxLength:"5000"`
	TermMonths     int64                    `json:"term_months" minimum:"0" maximum:"1200"`
	SignatoryID    operation.PersonID       `json:"signatory_id,omitzero" ref:"people"`
	SignatoryName  string                   `json:"signatory_name,omitempty"`
	SignatoryTitle string                   `json:"signatory_title,omitempty"`
	SignatoryEmail string                   `json:"signatory_email,omitempty" maxLength:"254" format:"email"`
	Language       string                   `json:"language,omitempty" enum:"en,fr,es"`
	SentAt         *time.Time               `json:"sent_at,omitempty"`
	SentBy         string                   `json:"sent_by,omitempty" maxLength:"500"`
	SignedName     string                   `json:"signed_name,omitempty"`
	SignedAt       *time.Time               `json:"signed_at,omitempty"`
	OnPaper        bool                     `json:"on_paper"`
	From           string                   `json:"valid_from,omitempty" null:"true" format:"date"`
	RenewalDue     string                   `json:"renewal_due,omitempty" null:"true" format:"date"`
	To             string                   `json:"valid_to,omitempty" null:"true" format:"date"`
	EndNote        string                   `json:"end_note,omitempty" text:"lines" maxLength:"2000"`
	CreatedAt      time.Time                `json:"created_at"`
	DeletedAt      *time.Time               `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carried = archive.Kind[carriedAgreement]{
	Name: "agreements", Tables: []string{"agreements"},
	Read: func(r *archive.Reading, after carriedAgreement, limit int64) ([]carriedAgreement, error) {
		return store.Collect(r.Tx, archive.Scan[carriedAgreement], `SELECT id, organization_id, principles, state, text, transition, term_months, signatory_id, signatory_name, signatory_title, signatory_email, language,
			sent_at, sent_by, signed_name, signed_at, on_paper, valid_from, renewal_due, valid_to, end_note, created_at, deleted_at
			FROM agreements WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedAgreement) error {
		keys, err := directory.OrganizationKeys(l.Call, organizationsOf(rows))
		if err != nil {
			return err
		}
		var records [][]any
		for _, a := range rows {
			records = append(records, archive.Values(&a, keys[a.OrganizationID], store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO agreements (collaborative_id, version, id, organization_id, principles, state, text, transition, term_months, signatory_id, signatory_name, signatory_title, signatory_email, language,
			sent_at, sent_by, signed_name, signed_at, on_paper, valid_from, renewal_due, valid_to, end_note, created_at, deleted_at, organization_sort_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`, records)
	},
}

func organizationsOf(rows []carriedAgreement) []directory.OrganizationID {
	out := make([]directory.OrganizationID, len(rows))
	for i, a := range rows {
		out[i] = a.OrganizationID
	}
	return out
}
