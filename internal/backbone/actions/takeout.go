package actions

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// Carried is how actions leave an installation and enter another.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carried)} }

type actionRow struct {
	ID                  ID                       `json:"id"`
	Text                string                   `json:"text" required:"true" text:"lines" maxLength:"500"`
	Note                string                   `json:"note,omitempty" text:"lines" maxLength:"5000"`
	OwnerPersonID       directory.PersonID       `json:"owner_person_id,omitzero" ref:"people"`
	OwnerOrganizationID directory.OrganizationID `json:"owner_organization_id,omitzero" ref:"organizations"`
	OwnerName           string                   `json:"owner_name,omitempty" maxLength:"200"`
	DueOn               string                   `json:"due_on,omitempty" null:"true" format:"date"`
	MeetingID           convening.MeetingID      `json:"meeting_id,omitzero" ref:"meetings"`
	ItemID              convening.ItemID         `json:"item_id,omitzero" ref:"agenda-items"`
	AgreedOn            string                   `json:"agreed_on" required:"true" format:"date"`
	GivenByID           directory.PersonID       `json:"given_by_person_id,omitzero" ref:"people"`
	GivenByName         string                   `json:"given_by_name,omitempty" maxLength:"500"`
	State               string                   `json:"state" required:"true" enum:"open,done,dropped,carried"`
	EndedOn             string                   `json:"ended_on,omitempty" null:"true" format:"date"`
	EndedAt             *time.Time               `json:"ended_at,omitempty"`
	EndedBy             string                   `json:"ended_by,omitempty" maxLength:"500"`
	Reason              string                   `json:"reason,omitempty" text:"lines" maxLength:"500"`
	CarriedFrom         ID                       `json:"carried_from,omitzero"`
	CarriedTo           ID                       `json:"carried_to,omitzero"`
	DisownedAt          *time.Time               `json:"disowned_at,omitempty" doc:"When its owner said that it is not theirs."`
	DisownedWhy         string                   `json:"disowned_why,omitempty" text:"lines" maxLength:"500"`
	CreatedAt           time.Time                `json:"created_at"`
	DeletedAt           *time.Time               `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carried = archive.Kind[actionRow]{
	Name: "actions", Tables: []string{"actions"},
	Read: func(r *archive.Reading, after actionRow, limit int64) ([]actionRow, error) {
		return store.Collect(r.Tx, archive.Scan[actionRow], `SELECT id, text, note, owner_person_id, owner_organization_id, owner_name, due_on, meeting_id, item_id, agreed_on, given_by_person_id, given_by_name,
			state, ended_on, ended_at, ended_by, reason, carried_from, carried_to, disowned_at, disowned_why, created_at, deleted_at FROM actions WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []actionRow) error {
		var records [][]any
		var live []ID
		for _, a := range rows {
			shown := Action{ID: a.ID, Text: a.Text, DueOn: a.DueOn}
			if a.DeletedAt == nil {
				live = append(live, a.ID)
				if err := search.Put(l.Tx, shown.document()); err != nil {
					return err
				}
			}
			records = append(records, archive.Values(&a, shown.dueOrder(), store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO actions (collaborative_id, version, id, text, note, owner_person_id, owner_organization_id, owner_name, due_on, meeting_id, item_id, agreed_on, given_by_person_id, given_by_name,
			state, ended_on, ended_at, ended_by, reason, carried_from, carried_to, disowned_at, disowned_why, created_at, deleted_at, due_order, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}
