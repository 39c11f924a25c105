package participation

import (
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

// BreadthDays is how many days back somebody must have been there to be counted as present.
const BreadthDays = 90

// Windows are the spans that breadth as of a day is about: the last n days, that day included, and the n days
// before them.
func Windows(asOf day.Day, n int) (window, before day.Span) {
	return day.Ending(asOf, n), day.Ending(asOf-day.Day(n), n)
}

// Breadth is how many of those who belong are there at all, and who came and went. Its counts add up over disjoint
// sets of organizations, such as sectors, and not over windows, since the same are there again and again; the sets
// it is made from are unions.
type Breadth struct {
	// Present counts members who were there in the window, of all members on its last day.
	Present stats.Share
	// Guests were there in the window and are no members on its last day.
	Guests int64
	// New were there for the first time ever in the window; Lapsed were there in the window before and not in
	// this one; Returned were there in this one and some time, but not in the window before. All three count
	// members and guests. Those there now are those there before, without Lapsed, with New and Returned.
	New, Lapsed, Returned int64
}

// BreadthOf counts breadth from who was there in the window, in the window of the same length before it, and at
// any time before that. Members are those on the last day of the window. Numbers must name the same organization
// in all four.
func BreadthOf(window, before, earlier, members roster.Roster) Breadth {
	known := before.Clone()
	known.Include(earlier)
	came := window.Without(before)
	fresh := window.Without(known)
	return Breadth{
		Present:  stats.Share{Some: int64(window.Both(members).Len()), All: int64(members.Len())},
		Guests:   int64(window.Without(members).Len()),
		New:      int64(fresh.Len()),
		Lapsed:   int64(before.Without(window).Len()),
		Returned: int64(came.Len() - fresh.Len()),
	}
}

// Gathering is one meeting and the numbers of those who were there.
type Gathering struct {
	On      day.Day
	Present roster.Roster
}

// BreadthOn counts breadth as of a day from the meetings themselves, in any order; those after the day do not
// count. n is the length of the windows in days, at least 1.
func BreadthOn(meetings []Gathering, members roster.Roster, asOf day.Day, n int) Breadth {
	window, before := Windows(asOf, max(1, n))
	var now, then, earlier roster.Roster
	for _, m := range meetings {
		switch {
		case window.Has(m.On):
			now.Include(m.Present)
		case before.Has(m.On):
			then.Include(m.Present)
		case m.On < before.From:
			earlier.Include(m.Present)
		}
	}
	return BreadthOf(now, then, earlier, members)
}
