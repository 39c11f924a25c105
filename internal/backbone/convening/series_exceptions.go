package convening

import (
	"cmp"
	"slices"
	"time"

	"commontable/internal/platform/calendar"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What a series can be on a single day instead of what its rule says.
const (
	NoMeeting = "none"      // the rule's meeting is left out
	CalledOff = "cancelled" // it is called off, and shown so
	Moved     = "moved"     // it is at another time, or otherwise
	OneMore   = "added"     // a meeting that the rule does not have
)

// mostExceptions is how many days of one series may be other than its rule: those of
// a weekly meeting for six years, each one moved.
const mostExceptions = 300

// Exception is a day on which a series is other than its rule. Of several about one
// day the last counts.
type Exception struct {
	On   string `json:"on" required:"true" format:"date" doc:"The day the rule gives; of a meeting that is added, its own day."`
	What string `json:"what" required:"true" enum:"none,cancelled,moved,added"`
	// What of the meeting is other than the series says; empty where it is not.
	To      string `json:"to,omitempty" format:"date" doc:"The day it is moved to."`
	Starts  string `json:"starts,omitempty" maxLength:"5" doc:"Local time of the series' zone, HH:MM."`
	Minutes int64  `json:"minutes,omitempty" minimum:"0" maximum:"2880"`
	Title   string `json:"title,omitempty" maxLength:"200"`
	Place   string `json:"place,omitempty" maxLength:"300"`
}

// settleExceptions sorts the exceptions by day, one for each, and checks their times.
func (s *Series) settleExceptions(rule calendar.Series) error {
	if len(s.Exceptions) == 0 {
		s.Exceptions = nil
		return nil
	}
	byDay := map[string]Exception{}
	for _, e := range s.Exceptions {
		byDay[e.On] = e
	}
	s.Exceptions = s.Exceptions[:0:0]
	for _, e := range byDay {
		if _, err := s.slotOf(e, rule); err != nil {
			return err
		}
		s.Exceptions = append(s.Exceptions, e)
	}
	if len(s.Exceptions) > mostExceptions {
		return operation.InvalidField("exceptions", "errors.series_exceptions", map[string]any{"Maximum": mostExceptions})
	}
	slices.SortFunc(s.Exceptions, func(a, b Exception) int { return cmp.Compare(a.On, b.On) })
	return nil
}

// slotOf is the time of a meeting that is an exception.
func (s Series) slotOf(e Exception, rule calendar.Series) (slot, error) {
	day, err := time.Parse("2006-01-02 15:04", cmp.Or(e.To, e.On)+" "+cmp.Or(e.Starts, s.Starts))
	if err != nil {
		return slot{}, operation.InvalidField("exceptions", "errors.clock_time")
	}
	return slot{on: e.On, at: calendar.WallOf(day).In(rule.Zone), other: &e}, nil
}

// excepted are the times of the rule with the exceptions of their days, and those that
// are added from a day on and before another.
func (s Series) excepted(times []slot, rule calendar.Series, from, to string) ([]slot, error) {
	if len(s.Exceptions) == 0 {
		return times, nil
	}
	byDay := map[string]Exception{}
	for _, e := range s.Exceptions {
		byDay[e.On] = e
	}
	out := times[:0:0]
	for _, at := range times {
		e, other := byDay[at.on]
		if !other {
			out = append(out, at)
			continue
		}
		delete(byDay, at.on)
		if e.What == NoMeeting {
			continue
		}
		changed, err := s.slotOf(e, rule)
		if err != nil {
			return nil, err
		}
		out = append(out, changed)
	}
	for _, e := range s.Exceptions {
		// One the rule does not have any more is a meeting of its own all the same,
		// where a calendar says so.
		if _, left := byDay[e.On]; left && e.What == OneMore && e.On >= from && e.On < to {
			more, err := s.slotOf(e, rule)
			if err != nil {
				return nil, err
			}
			out = append(out, more)
		}
	}
	slices.SortFunc(out, func(a, b slot) int { return cmp.Compare(a.on, b.on) })
	return out, nil
}

// except makes a meeting what an exception says.
func (s Series) except(m Meeting, at slot) Meeting {
	e := at.other
	minutes := cmp.Or(e.Minutes, s.Minutes)
	m.Title, m.Place = cmp.Or(e.Title, m.Title), cmp.Or(e.Place, m.Place)
	m.EndsAt = at.at.Add(time.Duration(minutes) * time.Minute).UTC()
	m.apart = true
	if e.What == CalledOff {
		m.State = Cancelled
	}
	return m
}

// exceptionOf is the exception of a day, the zero one where there is none.
func (s Series) exceptionOf(on string) Exception {
	for _, e := range s.Exceptions {
		if e.On == on {
			return e
		}
	}
	return Exception{}
}

// exceptionsJSON is how they are stored.
func (s Series) exceptionsJSON() any {
	if s.Exceptions == nil {
		return store.JSON([]Exception{})
	}
	return store.JSON(s.Exceptions)
}
