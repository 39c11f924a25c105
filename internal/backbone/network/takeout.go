package network

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/store"
)

// Carried is how ties leave an installation and enter another.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carried)} }

type carriedTie struct {
	ID                 ID                       `json:"id"`
	FromOrganizationID directory.OrganizationID `json:"from_organization_id,omitzero" ref:"organizations"`
	FromPersonID       directory.PersonID       `json:"from_person_id,omitzero" ref:"people"`
	ToOrganizationID   directory.OrganizationID `json:"to_organization_id,omitzero" ref:"organizations"`
	ToPersonID         directory.PersonID       `json:"to_person_id,omitzero" ref:"people"`
	Type               string                   `json:"type,omitempty" maxLength:"100"`
	Direction          string                   `json:"direction" required:"true" enum:"directed,mutual"`
	Strength           *int64                   `json:"strength,omitempty" minimum:"0" maximum:"100" doc:"Absent when it is not known."`
	Layer              string                   `json:"layer" required:"true" enum:"declared,imported" doc:"Where it is known from."`
	About              string                   `json:"about,omitempty" text:"lines" maxLength:"5000"`
	From               string                   `json:"valid_from,omitempty" null:"true" format:"date"`
	To                 string                   `json:"valid_to,omitempty" null:"true" format:"date" doc:"First day it no longer holds."`
	CreatedAt          time.Time                `json:"created_at"`
	DeletedAt          *time.Time               `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carried = archive.Kind[carriedTie]{
	Name: "ties", Tables: []string{"ties"},
	Read: func(r *archive.Reading, after carriedTie, limit int64) ([]carriedTie, error) {
		return store.Collect(r.Tx, archive.Scan[carriedTie], `SELECT id, from_organization_id, from_person_id, to_organization_id, to_person_id, type, direction, strength, layer, about,
			valid_from, valid_to, created_at, deleted_at FROM ties WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedTie) error {
		var records [][]any
		for _, t := range rows {
			records = append(records, archive.Values(&t, TypeKey(t.Type), store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO ties (collaborative_id, version, id, from_organization_id, from_person_id, to_organization_id, to_person_id, type, direction, strength, layer, about,
			valid_from, valid_to, created_at, deleted_at, type_key, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`, records)
	},
}
