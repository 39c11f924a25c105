package calendar

import (
	"slices"
	"time"
)

// days walks through the days on which the rule happens, from the start of its
// series on: by whole periods, each day of which is asked whether the rule
// means it. The work is bounded by the days between the start and the end,
// whatever the rule says.
//
// The start comes first and counts as the first time even where the rule does
// not mean it (RFC 5545, 3.8.5.3). Yield gets the day with the time of day of
// the start, and ends the walk by returning false. Nothing after the end of
// what the caller wants is asked for, and nothing after the year 2199 exists.
func (r Rule) days(start, from, end Wall, yield func(Wall) bool) {
	last := At(lastYear, 12, 31, 23, 59, 59)
	if end.IsZero() || end > last {
		end = last
	}
	count := 0
	give := func(w Wall) bool {
		if count++; w > end || r.Count > 0 && count > r.Count {
			return false
		}
		return yield(w)
	}
	if !give(start) {
		return
	}
	clock := start.secondOfDay()
	meant := r.matcher(start)
	for period := r.first(start, from); period <= end.Midnight(); period = r.next(period) {
		next := r.following(period)
		var chosen []Wall
		for day := period; day < next; day = day.AddDays(1) {
			if meant(day) {
				chosen = append(chosen, day)
			}
		}
		for _, day := range r.positioned(chosen) {
			if w := day + clock; w > start && !give(w) {
				return
			}
		}
	}
}

// first is the beginning of the period from which the walk begins. A rule that
// is not counted may begin near what is asked for: a whole number of intervals
// after the period of the start.
func (r Rule) first(start, from Wall) Wall {
	period := r.beginning(start)
	if r.Count > 0 || from <= start {
		return period
	}
	days := int(from-period) / secondsOfDay
	switch r.Frequency {
	case Daily:
		return period.AddDays(days / r.Interval * r.Interval)
	case Weekly:
		return period.AddDays(days / (7 * r.Interval) * (7 * r.Interval))
	}
	py, pm, _ := period.Date()
	fy, fm, _ := from.Date()
	months := (fy-py)*12 + int(fm) - int(pm)
	if r.Frequency == Yearly {
		months = (fy - py) * 12
	}
	return r.step(period, months/(r.months()*r.Interval)*r.Interval)
}

// beginning is the first day of the period a day is in.
func (r Rule) beginning(w Wall) Wall {
	year, month, _ := w.Date()
	switch r.Frequency {
	case Weekly:
		return w.Midnight().AddDays(-int(mod(int64(w.Weekday()-r.WeekStart), 7)))
	case Monthly:
		return On(year, month, 1)
	case Yearly:
		return On(year, time.January, 1)
	}
	return w.Midnight()
}

// months is how many months a period has, for rules by months and years.
func (r Rule) months() int {
	if r.Frequency == Yearly {
		return 12
	}
	return 1
}

// step moves the beginning of a period by a number of periods.
func (r Rule) step(period Wall, n int) Wall {
	switch r.Frequency {
	case Daily:
		return period.AddDays(n)
	case Weekly:
		return period.AddDays(7 * n)
	}
	year, month, _ := period.Date()
	return On(year, month+time.Month(n*r.months()), 1)
}

func (r Rule) next(period Wall) Wall      { return r.step(period, r.Interval) }
func (r Rule) following(period Wall) Wall { return r.step(period, 1) }

// matcher returns the question whether the rule means a day. Where the rule
// names no days, the start does.
func (r Rule) matcher(start Wall) func(Wall) bool {
	r = r.tidy()
	_, month, dayOfMonth := start.Date()
	if len(r.Days) == 0 && len(r.MonthDays) == 0 {
		switch r.Frequency {
		case Weekly:
			r.Days = []Day{{Weekday: start.Weekday()}}
		case Yearly:
			if len(r.Months) == 0 {
				r.Months = []time.Month{month}
			}
			r.MonthDays = []int{dayOfMonth}
		case Monthly:
			r.MonthDays = []int{dayOfMonth}
		}
	}
	return func(day Wall) bool {
		year, month, d := day.Date()
		if len(r.Months) > 0 && !slices.Contains(r.Months, month) {
			return false
		}
		length := daysIn(year, month)
		if len(r.MonthDays) > 0 && !slices.Contains(r.MonthDays, d) && !slices.Contains(r.MonthDays, d-length-1) {
			return false
		}
		if len(r.Days) == 0 {
			return true
		}
		if r.Frequency == Yearly && len(r.Months) == 0 {
			d, length = day.utc().YearDay(), On(year, 12, 31).utc().YearDay()
		}
		weekday := day.Weekday()
		return slices.ContainsFunc(r.Days, func(x Day) bool {
			return x.Weekday == weekday && (x.Nth == 0 || x.Nth == (d-1)/7+1 || x.Nth == -((length-d)/7+1))
		})
	}
}

func daysIn(year int, month time.Month) int {
	_, _, last := On(year, month+1, 0).Date()
	return last
}

// positioned leaves the days of a period that the positions of the rule choose.
func (r Rule) positioned(days []Wall) []Wall {
	if len(r.Positions) == 0 {
		return days
	}
	var chosen []Wall
	for _, p := range r.Positions {
		if p < 0 {
			p += len(days) + 1
		}
		if p >= 1 && p <= len(days) {
			chosen = append(chosen, days[p-1])
		}
	}
	slices.Sort(chosen)
	return slices.Compact(chosen)
}
