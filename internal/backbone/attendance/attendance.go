// Package attendance is the ledger of who was at meetings, with the source of every
// entry: ticked by a host, checked in at the door, typed from paper or brought by a
// report. It keeps the summaries of participation current. It stands on convening.
package attendance

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// The kinds of subject this package owns.
const (
	Kind     = "attendance"
	RuleKind = "presence-rule" // of the body with the same id
	DoorKind = "door"          // of the meeting with the same id
	NameKind = "remembered-name"
	CodeKind = "personal-code" // of the person with the same id
)

// ID names an entry of the ledger.
type ID = id.Of[Attendance]

// MeetingID names a meeting.
type MeetingID = convening.MeetingID

// The ways of being there.
const (
	Here   = "here"
	Online = "online"
)

// Presences lists them, by catalogue key "presences.…".
var Presences = []string{Here, Online}

// The sources of an entry.
const (
	FromSelf   = "self"   // checked in on their own phone
	FromHost   = "host"   // their code was scanned at the door
	FromList   = "list"   // ticked off a list
	FromPaper  = "paper"  // typed from a sheet of paper
	FromReport = "report" // from a report of a conference program
	FromREST   = "rest"   // by another program
	FromImport = "import" // from a file
)

// Sources lists them, by catalogue key "attendance_sources.…".
var Sources = []string{FromSelf, FromHost, FromList, FromPaper, FromReport, FromREST, FromImport}

// HighestEngagement is the highest level of engagement: 0 absent in mind, 1 present,
// 2 contributes, 3 takes work, 4 leads.
const HighestEngagement = 4

// Unset, in a change, takes a number away again.
const Unset = -1

// mostEntries bounds the ledger of one meeting.
const mostEntries = 10_000

// Attendance is one entry: somebody who was at a meeting.
type Attendance struct {
	ID        ID                 `json:"id" audit:"-"`
	MeetingID MeetingID          `json:"meeting_id" audit:"-"`
	Meeting   string             `json:"meeting,omitempty" doc:"Its title; only where attendance of several meetings is listed."`
	On        string             `json:"on,omitempty" doc:"Its day; only where attendance of several meetings is listed."`
	PersonID  directory.PersonID `json:"person_id,omitempty" audit:"-" doc:"Absent for a guest who is not on record."`
	Name      string             `json:"name" doc:"What they are called; for a guest, what they gave."`
	GivenName string             `json:"name_given,omitempty" doc:"How the source called them, where that differs."`
	// OrganizationID is whom they represented on that day.
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" audit:"-" doc:"Whom they represented on that day."`
	Organization   string                   `json:"organization,omitempty" doc:"Its name; of one that is not on record, as it was given."`
	SeatID         directory.SeatID         `json:"seat_id,omitempty" audit:"-" doc:"The seat of the body they hold, or stood in for."`
	Seat           string                   `json:"seat,omitempty" audit:"-" doc:"The role of that seat."`
	Voting         bool                     `json:"voting,omitempty" audit:"-" doc:"Whether that seat votes."`
	Alternate      bool                     `json:"alternate" doc:"Whether they stood in for whoever holds the seat."`
	Presence       string                   `json:"presence" doc:"here or online."`
	Source         string                   `json:"source" doc:"self, host, list, paper, report, rest or import."`
	JoinedAt       *time.Time               `json:"joined_at,omitempty"`
	LeftAt         *time.Time               `json:"left_at,omitempty"`
	Minutes        *int64                   `json:"minutes,omitempty" doc:"How long they were there; absent when nobody counted."`
	Counts         bool                     `json:"counts" audit:"-" doc:"Whether it counts as having been there, by the body's rule for coming late or leaving early."`
	Engagement     *int64                   `json:"engagement,omitempty" doc:"0 to 4; absent when nobody observed it."`
	Turns          *int64                   `json:"turns,omitempty" doc:"How often they spoke; absent when nobody counted."`
	Email          string                   `json:"email,omitempty" audit:"secret" doc:"A guest's, if they gave it."`
	ConsentedAt    *time.Time               `json:"consented_at,omitempty" doc:"When a guest agreed that their name is kept."`
	Version        int64                    `json:"version" audit:"-"`
	CreatedAt      time.Time                `json:"created_at" audit:"-"`
	UpdatedAt      time.Time                `json:"updated_at" audit:"-"`
	DeletedAt      *time.Time               `json:"deleted_at,omitempty" audit:"-" doc:"When it was taken out of the ledger."`

	standsIn         directory.SeatID // as stored; SeatID may be the seat they hold
	organizationName string           // as stored, of one not on record
	fresh            bool             // made by this very run
}

// Guest says whether they are not on record.
func (a Attendance) Guest() bool { return a.PersonID.IsZero() }

// Fresh says whether the run that returned it made it; false when they were in
// already.
func (a Attendance) Fresh() bool { return a.fresh }

// Subject is the entry as the door sees it.
func (a Attendance) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: a.ID} }

// CurrentVersion is what REST makes an ETag of.
func (a Attendance) CurrentVersion() int64 { return a.Version }

// guestKey tells the guests of one meeting apart: two of one name and organization
// are one. Nothing for a person.
func (a Attendance) guestKey() string {
	if !a.Guest() {
		return ""
	}
	organization := a.Organization
	if organization == "" {
		organization = a.organizationName
	}
	return i18n.FoldKey(a.Name) + "\n" + i18n.FoldKey(organization)
}

// Operations lists everything this package can do, except by code: see Service.
func operations() []operation.Any {
	return []operation.Any{
		List, Get, Record, RecordSeveral, Edit, Trash, Restore, GetQuorum, Recusals, Recuse,
		GetRule, SetRule, ListNames, SetName, ForgetName, OfPerson, OfOrganization, CountActions,
	}
}

// MeetingPart names a meeting.
type MeetingPart struct {
	MeetingID MeetingID `json:"meeting_id"`
}

// Ref names an entry.
type Ref struct {
	MeetingID MeetingID `json:"meeting_id"`
	ID        ID        `json:"id"`
}

// AtVersion names one version of an entry.
type AtVersion struct {
	MeetingID MeetingID `json:"meeting_id"`
	ID        ID        `json:"id"`
	Version   int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// Input is somebody to be entered. A person who is in already is answered as they
// are, and so is a guest of the same name and organization.
type Input struct {
	MeetingID      MeetingID                `json:"meeting_id"`
	PersonID       directory.PersonID       `json:"person_id,omitempty" doc:"Who; absent for a guest who is not on record."`
	Name           string                   `json:"name,omitempty" maxLength:"200" doc:"A guest's name, or how the source calls the person."`
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Whom they represented; worked out from their seat or affiliation on that day when absent."`
	Organization   string                   `json:"organization,omitempty" maxLength:"200" doc:"Its name, where it is not on record."`
	SeatID         directory.SeatID         `json:"seat_id,omitempty" doc:"The seat they stood in for; absent for the one they hold."`
	Presence       string                   `json:"presence,omitempty" enum:"here,online" doc:"here when absent; online at a meeting that is held online."`
	Source         string                   `json:"source,omitempty" enum:"host,list,paper,report,rest,import" doc:"list when absent; rest over REST."`
	JoinedAt       *time.Time               `json:"joined_at,omitempty"`
	LeftAt         *time.Time               `json:"left_at,omitempty"`
	Minutes        *int64                   `json:"minutes,omitempty" minimum:"0" maximum:"10080" doc:"How long they were there."`
	Engagement     *int64                   `json:"engagement,omitempty" minimum:"0" maximum:"4"`
	Turns          *int64                   `json:"turns,omitempty" minimum:"0" maximum:"1000000"`
	Email          string                   `json:"email,omitempty" maxLength:"254" format:"email" doc:"A guest's."`
}

// Patch changes the fields that are given and leaves the others. -1 takes a number
// away.
type Patch struct {
	MeetingID      MeetingID                 `json:"meeting_id"`
	ID             ID                        `json:"id"`
	Version        int64                     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	PersonID       *directory.PersonID       `json:"person_id,omitempty" doc:"Who a guest turned out to be."`
	Name           *string                   `json:"name,omitempty" maxLength:"200"`
	OrganizationID *directory.OrganizationID `json:"organization_id,omitempty"`
	Organization   *string                   `json:"organization,omitempty" maxLength:"200"`
	SeatID         *directory.SeatID         `json:"seat_id,omitempty" doc:"The seat they stood in for."`
	Presence       *string                   `json:"presence,omitempty" enum:"here,online"`
	Minutes        *int64                    `json:"minutes,omitempty" minimum:"-1" maximum:"10080"`
	Engagement     *int64                    `json:"engagement,omitempty" minimum:"-1" maximum:"4"`
	Turns          *int64                    `json:"turns,omitempty" minimum:"-1" maximum:"1000000"`
	Email          *string                   `json:"email,omitempty" maxLength:"254" format:"email"`
}
