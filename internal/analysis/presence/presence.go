// Package presence works out from the rows of a report who was there and for how
// long: it merges what was joined and left several times, reads how long something
// took in the ways programs write it, finds clocks that are off, and parts the
// names that people give themselves into person, organization and device.
package presence

import (
	"cmp"
	"slices"
	"time"
)

// Interval is a stretch of time from From up to To. A zero end is one that was not
// noted.
type Interval struct{ From, To time.Time }

// Merge puts stretches in order and joins those that overlap or touch. A noted
// beginning without an end lasts until the next noted end without a beginning, as
// reports have it that write one row when somebody joins and another when they
// leave; what has no other half, or ends before it begins, is left out.
func Merge(all []Interval) []Interval {
	var whole, open, ends []Interval
	for _, i := range all {
		switch {
		case i.From.IsZero() && i.To.IsZero():
		case i.To.IsZero():
			open = append(open, i)
		case i.From.IsZero():
			ends = append(ends, i)
		case !i.To.Before(i.From):
			whole = append(whole, i)
		}
	}
	slices.SortFunc(open, func(a, b Interval) int { return a.From.Compare(b.From) })
	slices.SortFunc(ends, func(a, b Interval) int { return a.To.Compare(b.To) })
	next := 0
	for k, o := range open {
		for next < len(ends) && ends[next].To.Before(o.From) {
			next++
		}
		// Of two beginnings in a row the first counts: the second is a second device.
		if next == len(ends) {
			break
		}
		whole = append(whole, Interval{o.From, ends[next].To})
		if k+1 < len(open) && open[k+1].From.After(ends[next].To) {
			next++
		}
	}
	slices.SortFunc(whole, func(a, b Interval) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To))
	})
	var out []Interval
	for _, i := range whole {
		if n := len(out); n > 0 && !i.From.After(out[n-1].To) {
			if i.To.After(out[n-1].To) {
				out[n-1].To = i.To
			}
			continue
		}
		out = append(out, i)
	}
	return out
}

// Minutes is how long merged stretches last together, to the nearest minute.
func Minutes(merged []Interval) int64 {
	var sum time.Duration
	for _, i := range merged {
		sum += i.To.Sub(i.From)
	}
	return int64(sum.Round(time.Minute) / time.Minute)
}

// overlap is for how long merged stretches, moved, lie within a plan.
func overlap(merged []Interval, plan Interval, by time.Duration) time.Duration {
	var sum time.Duration
	for _, i := range merged {
		from, to := i.From.Add(by), i.To.Add(by)
		if from.Before(plan.From) {
			from = plan.From
		}
		if to.After(plan.To) {
			to = plan.To
		}
		sum += max(0, to.Sub(from))
	}
	return sum
}

// The largest difference between two time zones in use, and the steps in which they
// differ.
const (
	mostShift = 26 * time.Hour
	shiftStep = 15 * time.Minute
)

// Shift says by how much a report's times have to be moved to fit the plan of the
// meeting: zero where they fit as they are, for at least half as long as they could.
// It is false where no difference between two time zones makes them fit.
func Shift(joins []Interval, plan Interval) (time.Duration, bool) {
	merged := Merge(joins)
	var length time.Duration
	for _, i := range merged {
		length += i.To.Sub(i.From)
	}
	enough := min(length, plan.To.Sub(plan.From)) / 2
	if enough <= 0 {
		return 0, len(merged) == 0 || !merged[0].From.Before(plan.From) && !merged[0].From.After(plan.To)
	}
	if overlap(merged, plan, 0) >= enough {
		return 0, true
	}
	best, most, off := time.Duration(0), time.Duration(0), time.Duration(0)
	for by := -mostShift; by <= mostShift; by += shiftStep {
		within, apart := overlap(merged, plan, by), merged[0].From.Add(by).Sub(plan.From).Abs()
		if within > most || within == most && within > 0 && apart < off {
			best, most, off = by, within, apart
		}
	}
	if most < enough {
		return 0, false
	}
	// Whole hours are likelier than quarters where they fit nearly as well.
	if whole := best.Round(time.Hour); overlap(merged, plan, whole)*10 >= most*9 {
		best = whole
	}
	return best, true
}
