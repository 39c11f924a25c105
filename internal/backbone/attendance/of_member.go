package attendance

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// OfPersonInput asks for the meetings a person was at.
type OfPersonInput struct {
	PersonID directory.PersonID `json:"person_id"`
	After    string             `json:"after,omitempty" text:"raw" doc:"Cursor of the page."`
	Before   string             `json:"before,omitempty" text:"raw"`
	Limit    int64              `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// OfOrganizationInput asks for the meetings an organization was represented at.
type OfOrganizationInput struct {
	OrganizationID directory.OrganizationID `json:"organization_id"`
	After          string                   `json:"after,omitempty" text:"raw" doc:"Cursor of the page."`
	Before         string                   `json:"before,omitempty" text:"raw"`
	Limit          int64                    `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// OfPerson lists the meetings a person was at, the newest entry first. Only the
// backbone and they themselves see it: nobody is measured in front of others.
var OfPerson = operation.Define(operation.Operation[OfPersonInput, operation.Page[Attendance]]{
	Definition: operation.Definition{ID: "attendance.of-person", Summary: "Lists the meetings a person was at", ReadOnly: true, Method: "GET", Path: "/people/{person_id}/attendance"},
	About: func(in OfPersonInput) operation.Subject {
		return operation.Subject{Kind: directory.PersonKind, ID: in.PersonID}
	},
	Run: func(c *operation.Call, in OfPersonInput) (operation.Page[Attendance], error) {
		q := store.Select(ofMemberText)
		q.Where(`attendances.person_id = ?`, in.PersonID)
		return ofMember(c, q, in.After, in.Before, in.Limit)
	},
})

// OfOrganization lists the meetings an organization was represented at, and by
// whom, the newest entry first.
var OfOrganization = operation.Define(operation.Operation[OfOrganizationInput, operation.Page[Attendance]]{
	Definition: operation.Definition{ID: "attendance.of-organization", Summary: "Lists the meetings an organization was represented at", ReadOnly: true, Method: "GET", Path: "/organizations/{organization_id}/attendance"},
	About: func(in OfOrganizationInput) operation.Subject {
		return operation.Subject{Kind: directory.OrganizationKind, ID: in.OrganizationID}
	},
	Run: func(c *operation.Call, in OfOrganizationInput) (operation.Page[Attendance], error) {
		q := store.Select(ofMemberText)
		q.Where(`attendances.organization_id = ?`, in.OrganizationID)
		return ofMember(c, q, in.After, in.Before, in.Limit)
	},
})

const ofMemberText = `SELECT ` + columns + `, meetings.title, meetings.held_on, meetings.starts_at, meetings.ends_at, presence_rules.percent FROM attendances
	JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = attendances.meeting_id AND meetings.deleted_at IS NULL
	LEFT JOIN presence_rules ON presence_rules.collaborative_id = $1 AND presence_rules.body_id = meetings.body_id
	LEFT JOIN people ON people.collaborative_id = $1 AND people.id = attendances.person_id
	LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = attendances.organization_id WHERE attendances.collaborative_id = $1 AND attendances.deleted_at IS NULL`

func scanOfMember(row store.Row) (Attendance, error) {
	var a Attendance
	var starts, ends time.Time
	var percent *int64
	err := scanMore(row, &a, &a.Meeting, &a.On, store.ScanTime(&starts), store.ScanTime(&ends), &percent)
	least := int64(0)
	if percent != nil {
		least = *percent
	}
	a.Counts = counts(a.Minutes, int64(ends.Sub(starts)/time.Minute), least)
	a.Email = ""
	return a, err
}

func ofMember(c *operation.Call, q *store.Builder, after, before string, limit int64) (operation.Page[Attendance], error) {
	page, err := operation.List(c.Tx, q, operation.Keyset{After: after, Before: before, Limit: limit, Descending: true, Columns: []string{"attendances.id"}, Types: "b"}, scanOfMember,
		func(a Attendance) []any { return []any{a.ID[:]} })
	page.Total = -1
	return page, err
}

// OwnOf is every entry of a person, for those who may read all that is on record
// about them. It checks no permission.
func OwnOf(c *operation.Call, person directory.PersonID) ([]Attendance, error) {
	return store.Collect(c.Tx, scanOfMember, ofMemberText+` AND attendances.person_id = $2 ORDER BY attendances.id`, person)
}
