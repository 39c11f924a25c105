package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
)

// MeetingID names a meeting.
type MeetingID = id.Of[Meeting]

// The states of a meeting, in the order it goes through them.
const (
	Planned    = "planned"
	AgendaSent = "agenda_sent"
	Held       = "held"
	RecapSent  = "recap_sent"
	Closed     = "closed"
	Cancelled  = "cancelled"
)

// States lists them, by catalogue key "meeting_states.…".
var States = []string{Planned, AgendaSent, Held, RecapSent, Closed, Cancelled}

// Modes are the ways of meeting, by catalogue key "meeting_modes.…".
var Modes = []string{"in_person", "online", "hybrid"}

// steps are the states that a meeting may be moved to from each, the usual one
// first. A step taken by mistake can be taken back.
var steps = map[string][]string{
	Planned:    {AgendaSent, Held, Cancelled},
	AgendaSent: {Held, Cancelled, Planned},
	Held:       {RecapSent, Closed, AgendaSent, Planned},
	RecapSent:  {Closed, Held},
	Closed:     {RecapSent, Held},
	Cancelled:  {Planned, AgendaSent},
}

// Meeting is one meeting of a body, or of people who came together.
type Meeting struct {
	ID       MeetingID        `json:"id" audit:"-"`
	BodyID   directory.BodyID `json:"body_id,omitempty" audit:"-" doc:"Whose meeting it is; absent when it is no body's."`
	Body     string           `json:"body,omitempty"`
	SeriesID SeriesID         `json:"series_id,omitempty" audit:"-"`
	SeriesOn string           `json:"series_on,omitempty" audit:"-" doc:"The day the series gave it, wherever it was moved since."`
	Title    string           `json:"title"`
	Purpose  string           `json:"purpose,omitempty"`
	State    string           `json:"state" doc:"planned, agenda_sent, held, recap_sent, closed or cancelled."`
	Mode     string           `json:"mode" doc:"in_person, online or hybrid."`
	Place    string           `json:"place,omitempty"`
	Link     string           `json:"link,omitempty" doc:"Where to join online."`
	Zone     string           `json:"zone" doc:"The time zone it is planned in."`
	On       string           `json:"on" doc:"The day it begins in its time zone, YYYY-MM-DD."`
	Starts   string           `json:"starts" doc:"Local time, HH:MM."`
	Minutes  int64            `json:"minutes" doc:"How long it is meant to last."`
	StartsAt time.Time        `json:"starts_at" audit:"-"`
	EndsAt   time.Time        `json:"ends_at" audit:"-"`
	// Sequence counts the changes that calendars must be told of.
	Sequence     int64      `json:"sequence" audit:"-"`
	Reason       string     `json:"reason,omitempty" doc:"Why it was cancelled."`
	Recap        string     `json:"recap,omitempty" doc:"What came of it, for everyone; until it is sent only for those who may write it."`
	AgendaSentAt *time.Time `json:"agenda_sent_at,omitempty" audit:"-"`
	RecapSentAt  *time.Time `json:"recap_sent_at,omitempty" audit:"-"`
	Version      int64      `json:"version" audit:"-"`
	CreatedAt    time.Time  `json:"created_at" audit:"-"`
	UpdatedAt    time.Time  `json:"updated_at" audit:"-"`
	DeletedAt    *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	// What whoever reads it may do with it; said of one meeting that is read, not of
	// those in a list.
	MayEdit    bool `json:"may_edit,omitempty" audit:"-" doc:"Whether you may change it; only when one meeting is read."`
	MayPrepare bool `json:"may_prepare,omitempty" audit:"-" doc:"Whether you may prepare it and take notes in it; only when one meeting is read."`

	apart bool // changed since its series made it
}

// Subject is the meeting as the door sees it.
func (m Meeting) Subject() operation.Subject { return MeetingSubject(m.ID) }

// MeetingSubject is a meeting as relations know it.
func MeetingSubject(i MeetingID) operation.Subject {
	return operation.Subject{Kind: MeetingKind, ID: i}
}

// CurrentVersion is what REST makes an ETag of.
func (m Meeting) CurrentVersion() int64 { return m.Version }

// Name is the meeting's title with its day, where it stands alone.
func (m Meeting) Name() string { return m.Title + " · " + m.On }

// Over says whether it took place, or was called off.
func (m Meeting) Over() bool { return m.State != Planned && m.State != AgendaSent }

// Happened says whether it took place.
func (m Meeting) Happened() bool {
	return m.State == Held || m.State == RecapSent || m.State == Closed
}

// Steps are the states it can be moved to at that time, the usual one first.
func (m Meeting) Steps(now time.Time) []string {
	var out []string
	for _, to := range steps[m.State] {
		// A meeting that takes place after all is planned anew; that its agenda was sent
		// is true again only where calling it off is taken back.
		if to == Held && m.StartsAt.After(now) || to == RecapSent && m.Recap == "" || to == AgendaSent && m.State == Cancelled {
			continue
		}
		out = append(out, to)
	}
	return out
}

// clock works out when it begins and ends from its local time, and its local time
// anew where the clocks skip what was asked for.
func (m *Meeting) clock() error {
	zone, err := time.LoadLocation(m.Zone)
	if err != nil || m.Zone == "" || m.Zone == "Local" {
		return operation.InvalidField("zone", "errors.no_such_zone")
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", m.On+" "+m.Starts, zone)
	if err != nil {
		return operation.InvalidField("starts", "errors.clock_time")
	}
	m.StartsAt, m.EndsAt = at.UTC(), at.Add(time.Duration(m.Minutes)*time.Minute).UTC()
	m.local()
	return nil
}

// local works out the day and the time of day from the instants.
func (m *Meeting) local() {
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		zone = time.UTC // a zone that this machine's tables do not know
	}
	at := m.StartsAt.In(zone)
	m.On, m.Starts = at.Format(time.DateOnly), at.Format("15:04")
	m.Minutes = int64(m.EndsAt.Sub(m.StartsAt) / time.Minute)
}

// MeetingInput is a new meeting.
type MeetingInput struct {
	BodyID  directory.BodyID `json:"body_id,omitempty" doc:"Whose meeting it is."`
	Title   string           `json:"title,omitempty" maxLength:"200" doc:"The body's name when absent."`
	Purpose string           `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Mode    string           `json:"mode,omitempty" enum:"in_person,online,hybrid" doc:"in_person when absent."`
	Place   string           `json:"place,omitempty" maxLength:"300"`
	Link    string           `json:"link,omitempty" maxLength:"1000" format:"url"`
	Zone    string           `json:"zone,omitempty" maxLength:"60" doc:"The collaborative's when absent."`
	On      string           `json:"on" required:"true" format:"date" doc:"The day, YYYY-MM-DD."`
	Starts  string           `json:"starts" required:"true" maxLength:"5" doc:"Local time, HH:MM."`
	Minutes int64            `json:"minutes,omitempty" minimum:"0" maximum:"2880" doc:"60 when absent."`
	// Held records a meeting that took place already.
	Held bool `json:"held,omitempty" doc:"Record a meeting that took place already."`
}

// MeetingPatch changes the fields that are given and leaves the others.
type MeetingPatch struct {
	ID      MeetingID         `json:"id"`
	Version int64             `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	BodyID  *directory.BodyID `json:"body_id,omitempty"`
	Title   *string           `json:"title,omitempty" maxLength:"200"`
	Purpose *string           `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Mode    *string           `json:"mode,omitempty" enum:"in_person,online,hybrid"`
	Place   *string           `json:"place,omitempty" maxLength:"300"`
	Link    *string           `json:"link,omitempty" maxLength:"1000" format:"url"`
	Zone    *string           `json:"zone,omitempty" maxLength:"60"`
	On      *string           `json:"on,omitempty" format:"date"`
	Starts  *string           `json:"starts,omitempty" maxLength:"5"`
	Minutes *int64            `json:"minutes,omitempty" minimum:"1" maximum:"2880"`
	Recap   *string           `json:"recap,omitempty" maxLength:"20000" text:"lines"`
}

// MeetingRef names a meeting.
type MeetingRef struct {
	ID MeetingID `json:"id"`
}

// MeetingVersion names one version of a meeting.
type MeetingVersion struct {
	ID      MeetingID `json:"id"`
	Version int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// document is what search keeps of it.
func (m Meeting) document() search.Document {
	d := search.Document{Kind: MeetingKind, ID: m.ID, Title: m.Title, Fields: []search.Field{
		{Rank: search.InOpen, Text: m.Purpose}, {Rank: search.InOpen, Text: m.On}, {Rank: search.InOpen, Text: m.Place}}}
	if m.RecapSentAt != nil {
		d.Fields = append(d.Fields, search.Field{Rank: search.InOpen, Text: m.Recap})
	}
	return d
}
