package participation

import (
	"maps"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

// NoSeat is the seat of who sits in none: guests, and staff.
const NoSeat = -1

// NoOrganization is the organization of who speaks for none: a seat of theirs counts, and no organization.
const NoOrganization = -1

// Place is a seat by its number, and the number of the organization it belongs to.
type Place struct {
	Seat, Organization int
	// Term is the days on which it was active.
	Term day.Span
}

// Attendee is one row of attendance: somebody expected at a meeting, and what is on record of them there.
type Attendee struct {
	Organization int
	// Seat is NoSeat, or the seat they hold; with Alternate they stood in for its holder.
	Seat      int
	Alternate bool
	// There tells that they came. Turns counts only then.
	There bool
	Turns int64
	// Level is the level of engagement where one was observed.
	Level    int
	Observed bool
}

// Meeting is one meeting of a body, with all seats of the body and all rows of attendance.
type Meeting struct {
	On day.Day
	// Held is false while it is still to come and if it was cancelled; it then counts for nothing. Recorded tells
	// that contributions were written down.
	Held, Recorded bool
	Places         []Place
	Attendees      []Attendee
}

// Duty is an action and whose it is; Seat may be NoSeat.
type Duty struct {
	Organization, Seat int
	Action             Action
}

// Day is the day on which the action counts: its due day, or that on which it was agreed where that is later. It
// counts from then on, as kept or not, whatever day later than that is asked about. ok is false for what never
// counts: undated actions, and those released in time.
func (a Action) Day() (on day.Day, ok bool) {
	outcome := a.Outcome(day.Last)
	return max(a.Due, a.Agreed), outcome != Undated && outcome != Released && outcome != Unknown
}

// Counted is what one body did on one day, by organization and by seat.
type Counted struct{ Organizations, Seats Sums }

// Count counts the meetings that one body held on a day, and the actions of the body that count on that day. It is
// all that is ever counted from records: sums of months and years follow by Sums.Moved. A row of an organization
// counts a meeting once, however many came for it, and spoke if one of them did. Guests count for Voice, and so for
// having been there, and not for Attendance. It fails with ErrSums where a number is out of range, or ErrLevel.
func Count(meetings []Meeting, duties []Duty) (Counted, error) {
	c := counting{organizations: map[int]*Sum{}, seats: map[int]*Sum{}}
	for _, m := range meetings {
		if m.Held {
			if err := c.meeting(m); err != nil {
				return Counted{}, err
			}
		}
	}
	for _, d := range duties {
		if _, ok := d.Action.Day(); !ok {
			continue
		}
		var f FollowThrough
		f.Count(d.Action, day.Last)
		for _, s := range []*Sum{at(c.organizations, d.Organization), at(c.seats, d.Seat)} {
			s.Kept = s.Kept.Plus(f.Kept())
		}
	}
	delete(c.seats, NoSeat)
	delete(c.organizations, NoOrganization)
	organizations, err := inOrder(c.organizations)
	if err != nil {
		return Counted{}, err
	}
	seats, err := inOrder(c.seats)
	return Counted{organizations, seats}, err
}

type counting struct{ organizations, seats map[int]*Sum }

// heard is how one organization or seat was heard at the meeting at hand.
type heard struct {
	turns int64
	there bool
}

func (c *counting) meeting(m Meeting) error {
	holder, alternate := map[int]bool{}, map[int]bool{}
	byOrganization, bySeat := map[int]heard{}, map[int]heard{}
	for _, a := range m.Attendees {
		if a.Observed {
			for _, s := range []*Sum{at(c.organizations, a.Organization), at(c.seats, a.Seat)} {
				if err := s.Engagement.Observe(a.Level); err != nil {
					return err
				}
			}
		}
		if !a.There {
			continue
		}
		if a.Alternate {
			alternate[a.Seat] = true
		} else {
			holder[a.Seat] = true
		}
		for _, h := range []struct {
			of     map[int]heard
			number int
		}{{byOrganization, a.Organization}, {bySeat, a.Seat}} {
			turns, ok := sum(h.of[h.number].turns, max(0, a.Turns))
			if !ok {
				return ErrSums
			}
			h.of[h.number] = heard{turns, true}
		}
	}
	places := map[int][]Seat{}
	for _, p := range m.Places {
		if p.Seat == NoSeat {
			return ErrSums
		}
		s := Seat{p.Term, holder[p.Seat], alternate[p.Seat]}
		places[p.Organization] = append(places[p.Organization], s)
		at(c.seats, p.Seat).Attendance.Meeting(m.On, true, []Seat{s})
	}
	for organization, seats := range places {
		at(c.organizations, organization).Attendance.Meeting(m.On, true, seats)
	}
	for organization, h := range byOrganization {
		at(c.organizations, organization).Voice.Meeting(m.Recorded, h.turns)
	}
	for seat, h := range bySeat {
		at(c.seats, seat).Voice.Meeting(m.Recorded, h.turns)
	}
	return nil
}

func at(sums map[int]*Sum, number int) *Sum {
	s := sums[number]
	if s == nil {
		s = &Sum{}
		sums[number] = s
	}
	return s
}

func inOrder(sums map[int]*Sum) (Sums, error) {
	out := make(Sums, 0, len(sums))
	for _, number := range slices.Sorted(maps.Keys(sums)) {
		if number < 0 || number > roster.Most {
			return nil, ErrSums
		}
		if s := *sums[number]; !s.zero() {
			for _, n := range s.cells() {
				if n < 0 {
					return nil, ErrSums
				}
			}
			out = append(out, Row{number, s})
		}
	}
	return out, nil
}

// Moved is sums of which before was a part that is now after: a month or a year when one of its days was counted
// anew. It fails with ErrSums, as when before was no part of them.
func (s Sums) Moved(before, after Sums) (Sums, error) {
	rest, err := s.Minus(before)
	if err != nil {
		return nil, err
	}
	return rest.Plus(after)
}

// Present is who was there at all, with a seat or as a guest.
func (s Sums) Present() roster.Roster {
	var r roster.Roster
	for i := range s {
		if s[i].Sum.Voice.Attended > 0 {
			_ = r.Add(s[i].Number) // rows have numbers that a roster takes
		}
	}
	return r
}

// Turns is how speaking turns are spread over the rows.
func (s Sums) Turns() (stats.Concentration, error) {
	turns := make([]int64, len(s))
	for i := range s {
		turns[i] = s[i].Sum.Voice.Turns
	}
	return Turns(turns)
}

// Records are what Declines compares, a record for each who was due anything, and whose they are by number. share
// picks what was due: presence, seats or actions. The sums are of windows of the same length.
func Records(share func(Sum) stats.Share, recent Sums, earlier ...Sums) (numbers []int, records []Record) {
	byNumber := map[int]*Record{}
	for i, window := range append([]Sums{recent}, earlier...) {
		for _, row := range window {
			s := share(row.Sum)
			if s.All == 0 {
				continue
			}
			r := byNumber[row.Number]
			if r == nil {
				r = &Record{Earlier: make([]stats.Share, len(earlier))}
				byNumber[row.Number] = r
			}
			if i == 0 {
				r.Recent = s
			} else {
				r.Earlier[i-1] = s
			}
		}
	}
	numbers = slices.Sorted(maps.Keys(byNumber))
	for _, n := range numbers {
		records = append(records, *byNumber[n])
	}
	return numbers, records
}
