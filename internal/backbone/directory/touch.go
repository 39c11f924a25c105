package directory

import (
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// TouchKind names an entry of the relationship log as a subject.
const TouchKind = "touch"

// TouchID names an entry of the relationship log.
type TouchID = id.Of[Touch]

// TouchChannels are the ways in which people meet, by catalogue key
// "channels.…".
var TouchChannels = []string{"in_person", "phone", "video", "email", "text", "post"}

// Touch is one time when somebody of the backbone was in touch with an
// organization or a person: what about, and when it is time again.
type Touch struct {
	ID             TouchID        `json:"id" audit:"-"`
	OrganizationID OrganizationID `json:"organization_id,omitempty" audit:"-"`
	Organization   string         `json:"organization,omitempty"`
	PersonID       PersonID       `json:"person_id,omitempty" audit:"-"`
	Person         string         `json:"person,omitempty"`
	ByPersonID     PersonID       `json:"by_person_id,omitempty" audit:"-" doc:"Who of the backbone; absent when that is only a name."`
	ByName         string         `json:"by" doc:"Who of the backbone."`
	On             string         `json:"happened_on" doc:"The day, YYYY-MM-DD."`
	Channel        string         `json:"channel"`
	About          string         `json:"about"`
	NextOn         string         `json:"next_on,omitempty" doc:"The day by which it is time again; absent when nothing is due."`
	Settled        bool           `json:"settled" doc:"Whether the next touch was done, or is no longer due."`
	Version        int64          `json:"version" audit:"-"`
	CreatedAt      time.Time      `json:"created_at" audit:"-"`
	UpdatedAt      time.Time      `json:"updated_at" audit:"-"`
	DeletedAt      *time.Time     `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
}

// With is whom it was with, for a title.
func (t Touch) With() string {
	switch {
	case t.Person == "":
		return t.Organization
	case t.Organization == "":
		return t.Person
	}
	return t.Person + " · " + t.Organization
}

// Subject is the entry as the door sees it.
func (t Touch) Subject() operation.Subject { return operation.Subject{Kind: TouchKind, ID: t.ID} }

// CurrentVersion is what REST makes an ETag of.
func (t Touch) CurrentVersion() int64 { return t.Version }

// TouchInput is a new entry.
type TouchInput struct {
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"The one the person belongs to when absent."`
	PersonID       PersonID       `json:"person_id,omitempty" doc:"An organization, a person, or both."`
	ByPersonID     PersonID       `json:"by_person_id,omitempty" doc:"Who of the backbone; whoever records it when absent."`
	On             string         `json:"happened_on,omitempty" format:"date" doc:"today when absent."`
	Channel        string         `json:"channel,omitempty" enum:"in_person,phone,video,email,text,post"`
	About          string         `json:"about,omitempty" maxLength:"5000" text:"lines"`
	NextOn         string         `json:"next_on,omitempty" format:"date"`
}

// TouchPatch changes the fields that are given and leaves the others.
type TouchPatch struct {
	ID             TouchID         `json:"id"`
	Version        int64           `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	OrganizationID *OrganizationID `json:"organization_id,omitempty"`
	PersonID       *PersonID       `json:"person_id,omitempty"`
	ByPersonID     *PersonID       `json:"by_person_id,omitempty"`
	ByName         *string         `json:"by,omitempty" maxLength:"200" doc:"Who of the backbone, where that is only a name."`
	On             *string         `json:"happened_on,omitempty" format:"date"`
	Channel        *string         `json:"channel,omitempty" enum:"in_person,phone,video,email,text,post"`
	About          *string         `json:"about,omitempty" maxLength:"5000" text:"lines"`
	NextOn         *string         `json:"next_on,omitempty" format:"date"`
	Settled        *bool           `json:"settled,omitempty"`
}

// TouchRef names an entry.
type TouchRef struct {
	ID TouchID `json:"id"`
}

// TouchVersion names one version of an entry.
type TouchVersion struct {
	ID      TouchID `json:"id"`
	Version int64   `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}
