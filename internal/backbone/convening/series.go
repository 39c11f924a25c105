package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
)

// SeriesID names a series of meetings.
type SeriesID = id.Of[Series]

// Series is a meeting that comes again by a rule, in local time.
type Series struct {
	ID        SeriesID         `json:"id" audit:"-"`
	BodyID    directory.BodyID `json:"body_id,omitempty" audit:"-"`
	Body      string           `json:"body,omitempty"`
	Title     string           `json:"title"`
	Purpose   string           `json:"purpose,omitempty"`
	Mode      string           `json:"mode"`
	Place     string           `json:"place,omitempty"`
	Link      string           `json:"link,omitempty"`
	Zone      string           `json:"zone"`
	FirstOn   string           `json:"first_on" doc:"The day of the first meeting."`
	Starts    string           `json:"starts" doc:"Local time, HH:MM."`
	Minutes   int64            `json:"minutes"`
	Rule      string           `json:"rule" doc:"How it comes again, as an RRULE of RFC 5545."`
	LastOn    string           `json:"last_on,omitempty" doc:"The day after which there are no more; absent while that is open."`
	Version   int64            `json:"version" audit:"-"`
	CreatedAt time.Time        `json:"created_at" audit:"-"`
	UpdatedAt time.Time        `json:"updated_at" audit:"-"`
	DeletedAt *time.Time       `json:"deleted_at,omitempty" audit:"-"`
}
