// Package participation computes how those around a table take part: who is there, who speaks, who keeps what was
// agreed, who gives, and where that falls off.
//
// Everything is a pure function of counts and days. What a figure is made of says which of it adds up over
// meetings, months and members, and which does not: see docs/decisions/0030-participation.md. As of a day means at
// its end, so the day itself counts; for a page that is read while the day goes on, yesterday is the last day
// that is over.
//
// Shares carry what they are of, and no score is ever made of several of them.
package participation

import (
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/stats"
)

// Seat is one seat of an organization as one meeting of its body saw it.
type Seat struct {
	// Term is the days on which it was active: somebody held it.
	Term day.Span
	// Holder was there; Alternate, somebody who stood in for the holder, was there. What counts as being there,
	// the rule of the body for coming late or leaving early, is decided before.
	Holder, Alternate bool
}

// Attendance is what meetings were due to one organization, and which it was at. It adds up over meetings and over
// organizations.
type Attendance struct {
	// Seats counts seats: attended by their holder, of those active when a meeting was held. Its rate is seat
	// attendance.
	Seats stats.Share
	// Presence counts meetings: at which a holder or an alternate of any seat was, of those held while a seat
	// was active. Its rate is organization presence. Two seats make a meeting due once.
	Presence stats.Share
}

// Meeting counts one meeting of a body for the organization that has these seats in it. A meeting that was not
// held, because it was cancelled or is still to come, counts for nothing, and so does a seat that was not active
// on the day. Source: the formulas of participation in the project's domain specification, C4.
func (a *Attendance) Meeting(on day.Day, held bool, seats []Seat) {
	if !held {
		return
	}
	var due, present int64
	for _, s := range seats {
		if !s.Term.Has(on) {
			continue
		}
		due = 1
		a.Seats.All++
		if s.Holder {
			a.Seats.Some++
		}
		if s.Holder || s.Alternate {
			present = 1
		}
	}
	a.Presence = a.Presence.Plus(stats.Share{Some: present, All: due})
}

// Plus is the attendance at disjoint meetings, or of different organizations, taken together.
func (a Attendance) Plus(other Attendance) Attendance {
	return Attendance{a.Seats.Plus(other.Seats), a.Presence.Plus(other.Presence)}
}
