// Package polls finds a time for a meeting: several are proposed, those asked say by
// a personal link which suit them, and the one that is chosen becomes the meeting.
package polls

import (
	"slices"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Kind names a poll as a subject.
const Kind = "poll"

// ID names a poll.
type ID = id.Of[Poll]

// The states of a poll.
const (
	Open    = "open"    // answers are taken
	Closed  = "closed"  // none are taken any more
	Decided = "decided" // a time was chosen, and there is a meeting
)

// States lists them, by catalogue key "poll_states.…".
var States = []string{Open, Closed, Decided}

// The answers to one time.
const (
	Yes   = "yes"
	Maybe = "maybe" // if need be
	No    = "no"
)

// Answers lists them, by catalogue key "poll_answers.…".
var Answers = []string{Yes, Maybe, No}

// The bounds of a poll.
const (
	mostTimes  = 60
	mostPeople = 500
)

// Poll asks which of several times suits those who are to meet.
type Poll struct {
	ID         ID                  `json:"id" audit:"-"`
	BodyID     directory.BodyID    `json:"body_id,omitempty" audit:"-" doc:"Whose meeting it is to be; absent when it is no body's."`
	Body       string              `json:"body,omitempty"`
	Title      string              `json:"title"`
	Purpose    string              `json:"purpose,omitempty"`
	Mode       string              `json:"mode" doc:"in_person, online or hybrid."`
	Place      string              `json:"place,omitempty"`
	Link       string              `json:"link,omitempty" doc:"Where to join online."`
	Zone       string              `json:"zone" doc:"The time zone of the proposed times."`
	Minutes    int64               `json:"minutes" doc:"How long the meeting is meant to last."`
	Times      []string            `json:"times" doc:"The proposed times in its zone, YYYY-MM-DD HH:MM, in order."`
	NamesShown bool                `json:"names_shown" doc:"Whether those asked see who answered what; otherwise they see counts."`
	State      string              `json:"state" doc:"open, closed or decided."`
	Chosen     string              `json:"chosen,omitempty" doc:"The time that was chosen."`
	MeetingID  convening.MeetingID `json:"meeting_id,omitempty" audit:"-" doc:"The meeting that came of it."`
	Asked      int64               `json:"asked" audit:"-" doc:"How many are asked."`
	Answered   int64               `json:"answered" audit:"-" doc:"How many of them have answered."`
	Version    int64               `json:"version" audit:"-"`
	CreatedAt  time.Time           `json:"created_at" audit:"-"`
	UpdatedAt  time.Time           `json:"updated_at" audit:"-"`
	DeletedAt  *time.Time          `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	// What one poll that is read tells beside.
	Ranking []Option `json:"ranking,omitempty" audit:"-" doc:"The times, the best first, with what was answered; only when one poll is read."`
	People  []Asked  `json:"people,omitempty" audit:"-" doc:"Who is asked, and what they answered; only when one poll is read."`
	MayEdit bool     `json:"may_edit,omitempty" audit:"-" doc:"Whether you may change it; only when one poll is read."`
}

// Subject is the poll as the door sees it.
func (p Poll) Subject() operation.Subject { return subject(p.ID) }

func subject(i ID) operation.Subject { return operation.Subject{Kind: Kind, ID: i} }

// CurrentVersion is what REST makes an ETag of.
func (p Poll) CurrentVersion() int64 { return p.Version }

// Name is the poll's title.
func (p Poll) Name() string { return p.Title }

// timeLayout is how a proposed time is written.
const timeLayout = "2006-01-02 15:04"

// At is when a proposed time begins; zero for one that cannot be read.
func (p Poll) At(text string) time.Time {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC // a zone that this machine's tables do not know
	}
	at, err := time.ParseInLocation(timeLayout, text, zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// settleTimes puts the proposed times in order, each once, and finds what is wrong
// with them: what is no time, a time the clocks of the zone skip, a time that is past
// and was not there before.
func (p *Poll) settleTimes(now time.Time, before []string, faults *operation.Faults) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "" || p.Zone == "Local" {
		faults.Add("zone", "errors.no_such_zone")
		return
	}
	for _, text := range p.Times {
		at, err := time.ParseInLocation(timeLayout, text, zone)
		switch {
		case err != nil || at.Year() < 1000:
			faults.Add("times", "errors.poll_time", map[string]any{"Time": text})
		case at.Format(timeLayout) != text:
			faults.Add("times", "errors.poll_time_skipped", map[string]any{"Time": text, "Zone": p.Zone})
		case !at.After(now) && !slices.Contains(before, text):
			faults.Add("times", "errors.poll_time_past", map[string]any{"Time": text})
		}
	}
	p.Times = slices.Compact(slices.Sorted(slices.Values(p.Times)))
	switch {
	case len(p.Times) == 0:
		faults.Add("times", "errors.required")
	case len(p.Times) > mostTimes:
		faults.Add("times", "errors.too_many_items", map[string]any{"Most": mostTimes})
	}
}

// Asked is somebody who is asked, with what they answered.
type Asked struct {
	PersonID   directory.PersonID `json:"person_id"`
	Person     string             `json:"person"`
	Required   bool               `json:"required" doc:"Whether the meeting needs them."`
	Answers    map[string]string  `json:"answers,omitempty" doc:"yes, maybe or no for a time; a time that is not named was not answered."`
	AnsweredAt *time.Time         `json:"answered_at,omitempty"`
	ToldAt     *time.Time         `json:"told_at,omitempty" doc:"When they last got a letter with their link."`

	id      id.Of[personRow]
	given   string // their first name, to be spoken to
	asked   bool
	zone    string
	letters int64
	gone    bool // the person lies in the trash, or is erased
}

type personRow struct{}

// Option is one proposed time with what was answered to it.
type Option struct {
	Time     string    `json:"time" doc:"In the zone of the poll, YYYY-MM-DD HH:MM."`
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
	Yes      int64     `json:"yes"`
	Maybe    int64     `json:"maybe" doc:"How many can come if need be."`
	No       int64     `json:"no"`
	Open     int64     `json:"open" doc:"How many have not said."`
	Missing  []string  `json:"missing,omitempty" doc:"Who is needed and cannot come."`
	needed   int       // how many of those needed cannot come
}

// Rank puts the proposed times in order, the best first: those at which nobody the
// meeting needs is missing, then fewest who cannot come, then most who can without
// reserve, then the earliest. A time that suits everybody therefore stands first.
func Rank(p Poll, people []Asked) []Option {
	var out []Option
	for _, text := range p.Times {
		o := Option{Time: text, StartsAt: p.At(text).UTC()}
		o.EndsAt = o.StartsAt.Add(time.Duration(p.Minutes) * time.Minute)
		for _, a := range people {
			switch a.Answers[text] {
			case Yes:
				o.Yes++
			case Maybe:
				o.Maybe++
			case No:
				o.No++
				if a.Required {
					o.needed++
					o.Missing = append(o.Missing, a.Person)
				}
			default:
				o.Open++
			}
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b Option) int {
		for _, d := range []int64{int64(a.needed - b.needed), a.No - b.No, b.Yes - a.Yes} {
			if d != 0 {
				return int(d)
			}
		}
		return a.StartsAt.Compare(b.StartsAt)
	})
	return out
}
