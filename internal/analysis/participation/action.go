package participation

import (
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/stats"
)

// Ending is how an action that was agreed came to an end.
type Ending int

const (
	Open    Ending = iota // it has not
	Done                  // it was done
	Dropped               // it was given up, with a reason
	Carried               // it was carried over to a later day, where it is an action of its own
)

// Action is something somebody agreed to do.
type Action struct {
	// Agreed is the day it was taken on.
	Agreed day.Day
	// Due is the last day on which doing it keeps the word; Dated is false where none was set.
	Due   day.Day
	Dated bool
	// End is how it ended, on the day On. On does not matter while it is open.
	End Ending
	On  day.Day
}

// Outcome is what an action counts as.
type Outcome int

const (
	// Unknown actions were agreed after the day that is asked about.
	Unknown Outcome = iota
	// Undated actions have no day they are due: they can be neither kept nor missed.
	Undated
	// NotDue actions have their due day ahead, whether done already or not. Those done early count when the day
	// comes: counted at once they would stand without the others of their day, which are still open.
	NotDue
	// Released actions were dropped or carried over on their due day or before: agreed anew in time, the word
	// is not broken.
	Released
	// Kept actions were done on their due day or before.
	Kept
	// Late actions were done after it.
	Late
	// GivenUp actions were dropped or carried over after it.
	GivenUp
	// Overdue actions are still open.
	Overdue
	outcomes
)

// Outcome tells what the action counts as, as of a day.
func (a Action) Outcome(asOf day.Day) Outcome {
	if a.Agreed > asOf {
		return Unknown
	}
	end := a.End
	if a.On > asOf {
		end = Open // that is still ahead
	}
	switch {
	case !a.Dated:
		return Undated
	case (end == Dropped || end == Carried) && a.On <= a.Due:
		return Released
	case a.Due > asOf:
		return NotDue
	case end == Done && a.On <= a.Due:
		return Kept
	case end == Done:
		return Late
	case end == Dropped || end == Carried:
		return GivenUp
	}
	return Overdue
}

// FollowThrough counts actions by outcome. It adds up over owners and over due days; what was kept of what was due
// on a day never changes once that day is over, only the ways in which the rest was missed.
type FollowThrough [outcomes]int64

// Count counts one action as of a day.
func (f *FollowThrough) Count(a Action, asOf day.Day) { f[a.Outcome(asOf)]++ }

// Plus is the actions of both.
func (f FollowThrough) Plus(other FollowThrough) FollowThrough {
	for i := range f {
		f[i] += other[i]
	}
	return f
}

// Kept is actions done by their due day, of those due: follow-through. Source: domain specification, C4.
func (f FollowThrough) Kept() stats.Share {
	return stats.Share{Some: f[Kept], All: f[Kept] + f[Late] + f[GivenUp] + f[Overdue]}
}
