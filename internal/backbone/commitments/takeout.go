package commitments

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how commitments leave an installation and enter another. Links for
// pledging stay behind: one that is needed still is made anew.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedCommitments), archive.Of(carriedDeliveries)}
}

type commitmentRow struct {
	ID             ID                       `json:"id"`
	Kind           string                   `json:"kind" required:"true" enum:"time,cash,leadership,in_kind"`
	OrganizationID directory.OrganizationID `json:"organization_id" ref:"organizations"`
	PersonID       directory.PersonID       `json:"person_id,omitzero" ref:"people"`
	PersonName     string                   `json:"person_name,omitempty" maxLength:"200"`
	Text           string                   `json:"text,omitempty" text:"lines" maxLength:"500"`
	Amount         int64                    `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Hundredths of hours or of the currency."`
	Rate           int64                    `json:"rate" minimum:"0" maximum:"1000000" doc:"Hundredths of the currency an hour."`
	Source         string                   `json:"source,omitempty" maxLength:"500"`
	Note           string                   `json:"note,omitempty" text:"lines" maxLength:"5000"`
	PledgedOn      string                   `json:"pledged_on" required:"true" format:"date"`
	BeginsOn       string                   `json:"begins_on" required:"true" format:"date"`
	EndsOn         string                   `json:"ends_on" required:"true" format:"date"`
	State          string                   `json:"state" required:"true" enum:"pledged,part_delivered,fulfilled,withdrawn"`
	Delivered      int64                    `json:"delivered" minimum:"0" doc:"The sum of the confirmed deliveries."`
	Deliveries     int64                    `json:"deliveries" minimum:"0"`
	FulfilledOn    string                   `json:"fulfilled_on,omitempty" null:"true" format:"date"`
	WithdrawnOn    string                   `json:"withdrawn_on,omitempty" null:"true" format:"date"`
	Reason         string                   `json:"reason,omitempty" text:"lines" maxLength:"500"`
	ConfirmedAt    *time.Time               `json:"confirmed_at,omitempty"`
	ConfirmedBy    string                   `json:"confirmed_by,omitempty" maxLength:"500"`
	PledgedBy      string                   `json:"pledged_by,omitempty" maxLength:"500"`
	CreatedAt      time.Time                `json:"created_at"`
	DeletedAt      *time.Time               `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedCommitments = archive.Kind[commitmentRow]{
	Name: "commitments", Tables: []string{"commitments"},
	Read: func(r *archive.Reading, after commitmentRow, limit int64) ([]commitmentRow, error) {
		return store.Collect(r.Tx, archive.Scan[commitmentRow], `SELECT id, kind, organization_id, person_id, person_name, text, amount, rate, source, note, pledged_on, begins_on, ends_on, state, delivered, deliveries,
			fulfilled_on, withdrawn_on, reason, confirmed_at, confirmed_by, pledged_by, created_at, deleted_at FROM commitments WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []commitmentRow) error {
		var records [][]any
		var live []ID
		for _, k := range rows {
			if k.DeletedAt == nil {
				live = append(live, k.ID)
			}
			records = append(records, archive.Values(&k, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO commitments (collaborative_id, version, id, kind, organization_id, person_id, person_name, text, amount, rate, source, note, pledged_on, begins_on, ends_on, state, delivered, deliveries,
			fulfilled_on, withdrawn_on, reason, confirmed_at, confirmed_by, pledged_by, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}

type deliveryRow struct {
	ID           DeliveryID          `json:"id"`
	CommitmentID ID                  `json:"commitment_id" ref:"commitments"`
	DeliveredOn  string              `json:"delivered_on" required:"true" format:"date"`
	Amount       int64               `json:"amount" minimum:"0" maximum:"1000000000000"`
	Evidence     string              `json:"evidence,omitempty" text:"lines" maxLength:"2000"`
	Source       string              `json:"source" required:"true" enum:"typed,meeting"`
	MeetingID    convening.MeetingID `json:"meeting_id,omitzero" ref:"meetings"`
	Offered      *int64              `json:"offered,omitempty" doc:"What attendance shows of the meeting it was offered from."`
	EnteredBy    string              `json:"entered_by,omitempty" maxLength:"500"`
	ConfirmedAt  *time.Time          `json:"confirmed_at,omitempty"`
	ConfirmedBy  string              `json:"confirmed_by,omitempty" maxLength:"500"`
	CreatedAt    time.Time           `json:"created_at"`
	DeletedAt    *time.Time          `json:"deleted_at,omitempty"`
}

var carriedDeliveries = archive.Kind[deliveryRow]{
	Name: "deliveries", Tables: []string{"deliveries"},
	Read: func(r *archive.Reading, after deliveryRow, limit int64) ([]deliveryRow, error) {
		return store.Collect(r.Tx, archive.Scan[deliveryRow], `SELECT id, commitment_id, delivered_on, amount, evidence, source, meeting_id, offered, entered_by, confirmed_at, confirmed_by, created_at, deleted_at
			FROM deliveries WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []deliveryRow) error {
		var records [][]any
		var live []DeliveryID
		for _, d := range rows {
			if d.DeletedAt == nil {
				live = append(live, d.ID)
			}
			records = append(records, archive.Values(&d, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO deliveries (collaborative_id, version, id, commitment_id, delivered_on, amount, evidence, source, meeting_id, offered, entered_by, confirmed_at, confirmed_by, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, DeliveryKind, live)
	},
}
