package calendar

import (
	"slices"
	"time"
)

// Pattern is how a rule is put in words, one of a closed list.
type Pattern string

// The patterns. Each has one message for "every" and one for "every n".
const (
	SaysDays         Pattern = "days"          // every n days
	SaysWeekdays     Pattern = "weekdays"      // from Monday to Friday
	SaysWeeks        Pattern = "weeks"         // every n weeks on Weekdays
	SaysMonthDays    Pattern = "month_days"    // every n months on MonthDays
	SaysMonthNths    Pattern = "month_nths"    // every n months on the Nths of Weekdays: the first and third Tuesday
	SaysYearDays     Pattern = "year_days"     // every n years on MonthDays of Months
	SaysYearNths     Pattern = "year_nths"     // every n years on the Nths of Weekdays in Months
	SaysMore         Pattern = "more"          // more than these words can say
	SaysLastWeekdays Pattern = "last_weekdays" // the last working day of every n months
)

// Patterns lists them all.
var Patterns = []Pattern{SaysDays, SaysWeekdays, SaysWeeks, SaysMonthDays, SaysMonthNths, SaysYearDays, SaysYearNths, SaysMore, SaysLastWeekdays}

// Saying is a rule in the parts that a sentence about it needs. What does not
// belong to the pattern is empty.
type Saying struct {
	Pattern   Pattern
	Every     int            // 1 is every, 2 every second
	Weekdays  []time.Weekday // from Monday on
	Nths      []int          // 1 to 5, or -1 for the last and so on
	MonthDays []int          // 1 to 31, or -1 for the last and so on
	Months    []time.Month
	Count     int  // how many times, or 0
	Until     Wall // the last day, or zero
}

var workingDays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// Say puts a rule that begins at the start into the parts of a sentence.
func (r Rule) Say(start Wall) Saying {
	r = r.tidy()
	s := Saying{Pattern: SaysMore, Every: r.Interval, Count: r.Count, Until: r.Until}
	_, month, day := start.Date()
	weekdays, nths, even := r.split()
	narrowed := len(r.Positions) > 0
	switch r.Frequency {
	case Daily:
		if len(r.Days)+len(r.MonthDays)+len(r.Months) == 0 {
			s.Pattern = SaysDays
		} else if r.Interval == 1 && slices.Equal(weekdays, workingDays) && len(r.MonthDays)+len(r.Months) == 0 {
			s.Pattern = SaysWeekdays
		}
	case Weekly:
		if narrowed || len(r.Months) > 0 {
			break
		}
		s.Pattern, s.Weekdays = SaysWeeks, weekdays
		if len(weekdays) == 0 {
			s.Weekdays = []time.Weekday{start.Weekday()}
		}
		if r.Interval == 1 && slices.Equal(weekdays, workingDays) {
			s.Pattern, s.Weekdays = SaysWeekdays, nil
		}
	case Monthly:
		switch {
		case len(r.Months) > 0:
		case slices.Equal(r.Positions, []int{-1}) && slices.Equal(weekdays, workingDays) && slices.Equal(nths, []int{0}):
			s.Pattern = SaysLastWeekdays
		case narrowed && len(weekdays) == 1 && slices.Equal(nths, []int{0}) && len(r.MonthDays) == 0:
			s.Pattern, s.Weekdays, s.Nths = SaysMonthNths, weekdays, r.Positions
		case narrowed:
		case len(r.Days) == 0:
			s.Pattern, s.MonthDays = SaysMonthDays, r.MonthDays
			if len(s.MonthDays) == 0 {
				s.MonthDays = []int{day}
			}
		case even && len(r.MonthDays) == 0:
			s.Pattern, s.Weekdays, s.Nths = SaysMonthNths, weekdays, nths
		}
	case Yearly:
		switch {
		case narrowed:
		case len(r.Days) == 0 && (len(r.Months) > 0 || len(r.MonthDays) == 0):
			s.Pattern, s.MonthDays, s.Months = SaysYearDays, r.MonthDays, r.Months
			if len(s.Months) == 0 {
				s.Months = []time.Month{month}
			}
			if len(s.MonthDays) == 0 {
				s.MonthDays = []int{day}
			}
		case even && len(r.Months) > 0 && len(r.MonthDays) == 0:
			s.Pattern, s.Weekdays, s.Nths, s.Months = SaysYearNths, weekdays, nths, r.Months
		}
	}
	return s
}

// split parts days such as the first and third Monday and Tuesday into weekdays
// and nths, and tells whether each weekday has the same nths and none is plain.
func (r Rule) split() (weekdays []time.Weekday, nths []int, even bool) {
	for _, d := range r.Days {
		if !slices.Contains(weekdays, d.Weekday) {
			weekdays = append(weekdays, d.Weekday)
		}
		if !slices.Contains(nths, d.Nth) {
			nths = append(nths, d.Nth)
		}
	}
	slices.SortFunc(nths, func(a, b int) int {
		if a < 0 != (b < 0) {
			return b - a
		}
		return a - b
	})
	return weekdays, nths, len(weekdays)*len(nths) == len(r.Days) && !slices.Contains(nths, 0) && len(nths) > 0
}
