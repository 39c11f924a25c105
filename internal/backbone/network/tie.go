// Package network holds who is tied to whom: what organizations and people are to
// each other beside working for one another and sitting at one table. It stands on
// the directory.
package network

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Kind names a tie as a subject.
const Kind = "tie"

// ID names a tie.
type ID = id.Of[Tie]

// The directions of a tie.
const (
	Directed = "directed"
	Mutual   = "mutual"
)

// Directions lists them, by catalogue key "tie_directions.…".
var Directions = []string{Directed, Mutual}

// The layers say where a tie is known from.
const (
	Declared = "declared"
	Imported = "imported"
)

// Layers lists them, by catalogue key "tie_layers.…".
var Layers = []string{Declared, Imported}

// Unknown is the strength of a tie of which nobody said how strong it is.
const Unknown = -1

// Tie is what one organization or person is to another, from a first day to a last.
type Tie struct {
	ID                 ID                       `json:"id" audit:"-"`
	FromOrganizationID directory.OrganizationID `json:"from_organization_id,omitempty" audit:"-" doc:"Where it leads from: an organization or a person."`
	FromPersonID       directory.PersonID       `json:"from_person_id,omitempty" audit:"-"`
	FromName           string                   `json:"from"`
	ToOrganizationID   directory.OrganizationID `json:"to_organization_id,omitempty" audit:"-" doc:"Where it leads to: an organization or a person."`
	ToPersonID         directory.PersonID       `json:"to_person_id,omitempty" audit:"-"`
	ToName             string                   `json:"to"`
	Type               string                   `json:"type,omitempty" doc:"What it is, in the collaborative's own words."`
	Direction          string                   `json:"direction" doc:"directed or mutual."`
	Strength           int64                    `json:"strength" doc:"0 to 100; -1 where nobody said."`
	Layer              string                   `json:"layer" doc:"Where it is known from: declared or imported."`
	About              string                   `json:"about,omitempty"`
	From               string                   `json:"valid_from,omitempty" doc:"First day, YYYY-MM-DD; absent when it is not known."`
	To                 string                   `json:"valid_to,omitempty" doc:"First day it no longer holds; absent while it goes on."`
	Version            int64                    `json:"version" audit:"-"`
	CreatedAt          time.Time                `json:"created_at" audit:"-"`
	UpdatedAt          time.Time                `json:"updated_at" audit:"-"`
	DeletedAt          *time.Time               `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
}

// Title names both ends.
func (t Tie) Title() string {
	if t.Direction == Mutual {
		return t.FromName + " ↔ " + t.ToName
	}
	return t.FromName + " → " + t.ToName
}

// Subject is the tie as the door sees it.
func (t Tie) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: t.ID} }

// CurrentVersion is what REST makes an ETag of.
func (t Tie) CurrentVersion() int64 { return t.Version }

// Start is the record it leads from, whatever its kind.
func (t Tie) Start() directory.RecordID { return endOf(t.FromOrganizationID, t.FromPersonID) }

// End is the record it leads to, whatever its kind.
func (t Tie) End() directory.RecordID { return endOf(t.ToOrganizationID, t.ToPersonID) }

func endOf(o directory.OrganizationID, p directory.PersonID) directory.RecordID {
	if o.IsZero() {
		return directory.RecordID(p)
	}
	return directory.RecordID(o)
}

// ofPeople says whether a person is one of its ends.
func (t Tie) ofPeople() bool { return !t.FromPersonID.IsZero() || !t.ToPersonID.IsZero() }

// During says whether it holds, or held, on a day that lies between two; "" is
// open on either side.
func (t Tie) During(from, to string) bool {
	return (to == "" || t.From < to) && (t.To == "" || from < t.To)
}

// sameTwo says whether two ties tie the same to each other: where one of them is
// mutual, it does not matter which is named first.
func (t Tie) sameTwo(u Tie) bool {
	if t.Start() == u.Start() && t.End() == u.End() {
		return true
	}
	return (t.Direction == Mutual || u.Direction == Mutual) && t.Start() == u.End() && t.End() == u.Start()
}

// Input is a new tie.
type Input struct {
	FromOrganizationID directory.OrganizationID `json:"from_organization_id,omitempty" doc:"Where it leads from: an organization or a person."`
	FromPersonID       directory.PersonID       `json:"from_person_id,omitempty"`
	ToOrganizationID   directory.OrganizationID `json:"to_organization_id,omitempty" doc:"Where it leads to: an organization or a person."`
	ToPersonID         directory.PersonID       `json:"to_person_id,omitempty"`
	Type               string                   `json:"type,omitempty" maxLength:"100" doc:"What it is, in the collaborative's own words."`
	Direction          string                   `json:"direction,omitempty" enum:"directed,mutual" doc:"directed when absent."`
	Strength           *int64                   `json:"strength,omitempty" minimum:"-1" maximum:"100" doc:"Absent or -1 when it is not known."`
	Layer              string                   `json:"layer,omitempty" enum:"declared,imported" doc:"declared when absent."`
	About              string                   `json:"about,omitempty" maxLength:"5000" text:"lines"`
	From               string                   `json:"valid_from,omitempty" format:"date" doc:"First day; absent when it is not known."`
	To                 string                   `json:"valid_to,omitempty" format:"date" doc:"First day it no longer holds."`
}

// Patch changes the fields that are given and leaves the others.
type Patch struct {
	ID                 ID                        `json:"id"`
	Version            int64                     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	FromOrganizationID *directory.OrganizationID `json:"from_organization_id,omitempty"`
	FromPersonID       *directory.PersonID       `json:"from_person_id,omitempty"`
	ToOrganizationID   *directory.OrganizationID `json:"to_organization_id,omitempty"`
	ToPersonID         *directory.PersonID       `json:"to_person_id,omitempty"`
	Type               *string                   `json:"type,omitempty" maxLength:"100"`
	Direction          *string                   `json:"direction,omitempty" enum:"directed,mutual"`
	Strength           *int64                    `json:"strength,omitempty" minimum:"-1" maximum:"100"`
	About              *string                   `json:"about,omitempty" maxLength:"5000" text:"lines"`
	From               *string                   `json:"valid_from,omitempty" format:"date"`
	To                 *string                   `json:"valid_to,omitempty" format:"date"`
}

// Ref names a tie.
type Ref struct {
	ID ID `json:"id"`
}

// AtVersion names one version of a tie.
type AtVersion struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}
