package attendance

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how the ledger leaves an installation and enters another. Codes stay
// behind, and so does what is worked out: it is counted anew.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedEntries), archive.Of(carriedRecusals), archive.Of(carriedRules), archive.Of(carriedNames)}
}

type entryRow struct {
	ID               ID                       `json:"id"`
	MeetingID        MeetingID                `json:"meeting_id" ref:"meetings"`
	PersonID         directory.PersonID       `json:"person_id,omitzero" ref:"people"`
	Name             string                   `json:"name,omitempty" doc:"A guest's, or how the source called the person."`
	OrganizationID   directory.OrganizationID `json:"organization_id,omitzero" ref:"organizations" doc:"Whom they represented on that day."`
	OrganizationName string                   `json:"organization_name,omitempty" doc:"Where it is not on record."`
	SeatID           directory.SeatID         `json:"seat_id,omitzero" ref:"seats" doc:"The seat they stood in for."`
	Presence         string                   `json:"presence" required:"true" enum:"here,online"`
	Source           string                   `json:"source" required:"true" enum:"self,host,list,paper,report,rest,import"`
	JoinedAt         *time.Time               `json:"joined_at,omitempty"`
	LeftAt           *time.Time               `json:"left_at,omitempty"`
	Minutes          *int64                   `json:"minutes,omitempty" minimum:"0" maximum:"10080"`
	Engagement       *int64                   `json:"engagement,omitempty" minimum:"0" maximum:"4"`
	Turns            *int64                   `json:"turns,omitempty" minimum:"0" maximum:"1000000"`
	Email            string                   `json:"email,omitempty" maxLength:"254" doc:"A guest's."`
	ConsentedAt      *time.Time               `json:"consented_at,omitempty"`
	CreatedAt        time.Time                `json:"created_at"`
	DeletedAt        *time.Time               `json:"deleted_at,omitempty" doc:"When it was taken out of the ledger."`
}

var carriedEntries = archive.Kind[entryRow]{
	Name: "attendance", Tables: []string{"attendances"},
	Read: func(r *archive.Reading, after entryRow, limit int64) ([]entryRow, error) {
		return store.Collect(r.Tx, archive.Scan[entryRow], `SELECT id, meeting_id, person_id, name, organization_id, organization_name, seat_id, presence, source, joined_at, left_at, minutes, engagement,
			turns, email, consented_at, created_at, deleted_at FROM attendances WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []entryRow) error {
		var records [][]any
		var live []ID
		for k, a := range rows {
			if a.PersonID.IsZero() && a.Name == "" {
				return &archive.RowFault{Row: k, Field: "person_id", Reason: "errors.required"}
			}
			if a.DeletedAt == nil {
				live = append(live, a.ID)
			}
			guest := Attendance{PersonID: a.PersonID, Name: a.Name, Organization: a.OrganizationName}
			if guest.Guest() && !a.OrganizationID.IsZero() {
				name, _, err := directory.OrganizationName(l.Call, a.OrganizationID)
				if err != nil {
					return err
				}
				guest.Organization = name
			}
			records = append(records, archive.Values(&a, store.Text(guest.guestKey()), store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO attendances (collaborative_id, version, id, meeting_id, person_id, name, organization_id, organization_name, seat_id, presence, source, joined_at, left_at, minutes, engagement,
			turns, email, consented_at, created_at, deleted_at, guest_key, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}

type recusalRow struct {
	MeetingID    MeetingID        `json:"meeting_id" ref:"meetings"`
	ItemID       convening.ItemID `json:"item_id" ref:"agenda-items"`
	AttendanceID ID               `json:"attendance_id" ref:"attendance" doc:"The entry of whoever takes no part in the item."`
	CreatedAt    time.Time        `json:"created_at"`
}

var carriedRecusals = archive.Kind[recusalRow]{
	Name: "recusals", Tables: []string{"recusals"},
	Read: func(r *archive.Reading, after recusalRow, limit int64) ([]recusalRow, error) {
		return store.Collect(r.Tx, archive.Scan[recusalRow], `SELECT meeting_id, item_id, attendance_id, created_at FROM recusals WHERE collaborative_id = $1 AND (item_id, attendance_id) > ($2, $3)
			ORDER BY item_id, attendance_id LIMIT $4`, after.ItemID[:], after.AttendanceID[:], limit)
	},
	Write: func(l *archive.Loading, rows []recusalRow) error {
		var records [][]any
		for _, r := range rows {
			records = append(records, archive.Values(&r))
		}
		return l.Tx.ExecRows(`INSERT INTO recusals (collaborative_id, meeting_id, item_id, attendance_id, created_at) VALUES ($1, $2, $3, $4, $5)`, records)
	},
}

type ruleRow struct {
	BodyID  directory.BodyID `json:"body_id" ref:"bodies"`
	Percent int64            `json:"percent" minimum:"0" maximum:"100" doc:"From which share of a meeting on being there counts."`
}

var carriedRules = archive.Kind[ruleRow]{
	Name: "presence-rules", Tables: []string{"presence_rules"},
	Read: func(r *archive.Reading, after ruleRow, limit int64) ([]ruleRow, error) {
		return store.Collect(r.Tx, archive.Scan[ruleRow], `SELECT body_id, percent FROM presence_rules WHERE collaborative_id = $1 AND body_id > $2 ORDER BY body_id LIMIT $3`, after.BodyID[:], limit)
	},
	Write: func(l *archive.Loading, rows []ruleRow) error {
		var records [][]any
		for _, r := range rows {
			records = append(records, archive.Values(&r, store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO presence_rules (collaborative_id, body_id, percent, updated_at) VALUES ($1, $2, $3, $4)`, records)
	},
}

type nameRow struct {
	PersonID  directory.PersonID `json:"person_id" ref:"people"`
	BodyID    directory.BodyID   `json:"body_id,omitzero" ref:"bodies" doc:"Absent for meetings of no body."`
	Name      string             `json:"name" required:"true" doc:"As a report has it."`
	CreatedAt time.Time          `json:"created_at"`
}

var carriedNames = archive.Kind[nameRow]{
	Name: "remembered-names", Tables: []string{"remembered_names"},
	Read: func(r *archive.Reading, after nameRow, limit int64) ([]nameRow, error) {
		return store.Collect(r.Tx, archive.Scan[nameRow], `SELECT person_id, body_id, name, created_at FROM remembered_names WHERE collaborative_id = $1 AND (body_id, name_key) > ($2, $3)
			ORDER BY body_id, name_key LIMIT $4`, after.BodyID[:], i18n.FoldKey(after.Name), limit)
	},
	Write: func(l *archive.Loading, rows []nameRow) error {
		var records [][]any
		for k, n := range rows {
			key := i18n.FoldKey(n.Name)
			if key == "" {
				return &archive.RowFault{Row: k, Field: "name", Reason: "errors.required"}
			}
			records = append(records, []any{n.BodyID[:], key, n.Name, n.PersonID, store.Micros(n.CreatedAt)})
		}
		return l.Tx.ExecRows(`INSERT INTO remembered_names (collaborative_id, body_id, name_key, name, person_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`, records)
	},
}
