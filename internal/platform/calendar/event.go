package calendar

import "time"

// Event is one event of a calendar: a meeting, a series of them, or one time of
// a series that differs from the rest (Instance).
type Event struct {
	UID      string // the same for all times of a series, for ever
	Sequence int    // grows with each change that matters to those invited
	Stamp    time.Time
	Created  time.Time // zero when it is not known
	Modified time.Time // zero when it is not known
	Status   Status

	Summary     string
	Description string
	Location    string
	URL         string
	Categories  []string
	Comment     string // a word with an answer

	Series // without Changed, which stands in events of its own

	// Instance is the time of the series that the event stands for, in the
	// event's zone; InstanceDay tells that the series is of whole days.
	Instance    Wall
	InstanceDay bool

	Organizer *Party
	Attendees []Attendee
}

// Party is somebody by name and e-mail address.
type Party struct {
	Name    string
	Address string
}

// Attendee is somebody who is invited.
type Attendee struct {
	Party
	Role  Role
	Reply Reply
	RSVP  bool // an answer is asked for
}

// Status is what an event is, as iCalendar names it; empty is not told.
type Status string

// The statuses of events.
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED"
)

// Statuses lists them all.
var Statuses = []Status{Confirmed, Tentative, Cancelled}

// Role is what somebody is asked to be; empty is a required participant.
type Role string

// The roles of attendees.
const (
	Chair       Role = "CHAIR"
	Required    Role = "REQ-PARTICIPANT"
	Optional    Role = "OPT-PARTICIPANT"
	NotAttended Role = "NON-PARTICIPANT" // is told, and not expected
)

// Roles lists them all.
var Roles = []Role{Chair, Required, Optional, NotAttended}

// Reply is what somebody answered (PARTSTAT); empty is no answer yet.
type Reply string

// The replies of attendees.
const (
	NeedsAction Reply = "NEEDS-ACTION"
	Accepted    Reply = "ACCEPTED"
	Declined    Reply = "DECLINED"
	Maybe       Reply = "TENTATIVE"
	Delegated   Reply = "DELEGATED"
)

// Replies lists them all.
var Replies = []Reply{NeedsAction, Accepted, Declined, Maybe, Delegated}

// Method is what a calendar is sent for (RFC 5546); empty is for nothing, as in
// a file that was exported.
type Method string

// The methods we write and read.
const (
	Publish Method = "PUBLISH"
	Request Method = "REQUEST"
	Cancel  Method = "CANCEL"
	Answer  Method = "REPLY"
)

// Methods lists them all.
var Methods = []Method{Publish, Request, Cancel, Answer}

// Calendar is what is told about a file of events or a feed as a whole.
type Calendar struct {
	Method      Method
	Name        string
	Description string
	Zone        *time.Location // in which it is shown by programs that ask; nil is not told
	Refresh     time.Duration  // how often programs should look again; 0 is not told
}

// MediaType and Ending are what a file of events is. A message says its method
// in its type, too.
const (
	MediaType = "text/calendar; charset=utf-8"
	Ending    = "ics"
)

// TypeOf is the media type of a calendar that is sent for a method.
func TypeOf(method Method) string {
	if method == "" {
		return MediaType
	}
	return MediaType + "; method=" + string(method)
}

// Together joins the event of a series with the events about single times of
// it, those with the same UID and an Instance. Of several about one time, the
// one with the highest sequence counts, and of these the last.
func Together(series Event, others []Event) Series {
	s := series.Series
	s.Changed = nil
	best := map[int64]Event{}
	var order []int64
	for _, e := range others {
		if e.UID != series.UID || e.Instance.IsZero() {
			continue
		}
		at := e.original().Unix()
		known, there := best[at]
		if !there {
			order = append(order, at)
		}
		if !there || e.Sequence >= known.Sequence {
			best[at] = e
		}
	}
	for _, at := range order {
		e := best[at]
		s.Changed = append(s.Changed, Change{Original: WallOf(time.Unix(at, 0).In(s.zone())), Start: e.Start, Zone: e.Zone, AllDay: e.AllDay, Length: e.Length, Cancelled: e.Status == Cancelled, Summary: e.Summary, Location: e.Location})
	}
	return s
}

// original is the moment at which the time the event stands for would have begun.
func (e Event) original() time.Time {
	if e.InstanceDay {
		return e.Instance.In(time.UTC)
	}
	return e.Instance.In(e.zoneOfInstance())
}

// zoneOfInstance is the zone of Instance, also where the time became whole days.
func (e Event) zoneOfInstance() *time.Location {
	if e.Zone == nil || e.InstanceDay {
		return time.UTC
	}
	return e.Zone
}
