package calendar

import (
	"cmp"
	"slices"
	"time"
)

// Frequency is the period by which a rule counts.
type Frequency int

// The frequencies. Meetings recur by days at most; rules by hours, minutes and
// seconds are refused.
const (
	Daily Frequency = iota + 1
	Weekly
	Monthly
	Yearly
)

// Day is a day of the week, or the nth of them in its month (or in its year,
// in a yearly rule without months); the last is -1, and 0 is every one.
type Day struct {
	Weekday time.Weekday
	Nth     int
}

// Rule says when something happens again. The day and the time of day come
// from the start of the series where the rule does not name days.
type Rule struct {
	Frequency Frequency
	Interval  int          // every so many periods; 1 is every one
	Days      []Day        // BYDAY
	MonthDays []int        // BYMONTHDAY: 1 to 31, or -1 for the last to -31
	Months    []time.Month // BYMONTH
	Positions []int        // BYSETPOS: which of the days of a period, -1 is the last
	WeekStart time.Weekday // where weeks begin when every nth week counts
	Count     int          // how many times at most, the start included; 0 is no limit
	Until     Wall         // the last local time at which it may begin; zero is no end
}

// The limits of rules and of what is made of them. Something that happens every
// day for 27 years is within them.
const (
	MaxInterval    = 1000
	MaxCount       = 10_000
	MaxOccurrences = 10_000
	maxListed      = 64 // values in one list of a rule
	firstYear      = 1900
	lastYear       = 2199
)

// RuleFault is why a rule cannot be used, one of a closed list.
type RuleFault string

// The faults of rules.
const (
	RuleMalformed     RuleFault = "malformed"      // it cannot be read, or says something twice
	RuleTooFrequent   RuleFault = "too_frequent"   // by hours, minutes or seconds
	RuleUnsupported   RuleFault = "unsupported"    // weeks or days of the year, times of day, and parts we do not know
	RuleOutOfRange    RuleFault = "out_of_range"   // a number beyond what it counts, or beyond our limits
	RuleNeverHappens  RuleFault = "never_happens"  // such as every 30 February
	RuleTwoEnds       RuleFault = "two_ends"       // until a day and a number of times
	RuleNeedsPosition RuleFault = "needs_position" // positions without days to choose from
)

// RuleFaults lists them all.
var RuleFaults = []RuleFault{RuleMalformed, RuleTooFrequent, RuleUnsupported, RuleOutOfRange, RuleNeverHappens, RuleTwoEnds, RuleNeedsPosition}

func (f RuleFault) Error() string { return "calendar: rule: " + string(f) }

// daysOfMonth is how many days a month can have.
var daysOfMonth = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// Check returns the fault of the rule as a RuleFault, or nil.
func (r Rule) Check() error {
	lists := max(len(r.Days), len(r.MonthDays), len(r.Months), len(r.Positions))
	switch {
	case r.Frequency < Daily || r.Frequency > Yearly:
		return RuleMalformed
	case r.Interval < 1 || r.Interval > MaxInterval || r.Count < 0 || r.Count > MaxCount || lists > maxListed:
		return RuleOutOfRange
	case r.WeekStart < time.Sunday || r.WeekStart > time.Saturday:
		return RuleOutOfRange
	case r.Count > 0 && !r.Until.IsZero():
		return RuleTwoEnds
	}
	for _, d := range r.Days {
		if fault := r.checkDay(d); fault != "" {
			return fault
		}
	}
	for _, m := range r.Months {
		if m < time.January || m > time.December {
			return RuleOutOfRange
		}
	}
	for _, d := range r.MonthDays {
		if d == 0 || d < -31 || d > 31 {
			return RuleOutOfRange
		}
	}
	if len(r.MonthDays) > 0 && r.Frequency == Weekly {
		return RuleUnsupported // RFC 5545, 3.3.10 forbids it
	}
	if fault := r.checkPositions(); fault != "" {
		return fault
	}
	if r.neverHappens() {
		return RuleNeverHappens
	}
	return nil
}

func (r Rule) checkDay(d Day) RuleFault {
	most := 0
	switch {
	case r.Frequency == Monthly, r.Frequency == Yearly && len(r.Months) > 0:
		most = 5
	case r.Frequency == Yearly:
		most = 53
	}
	switch {
	case d.Weekday < time.Sunday || d.Weekday > time.Saturday:
		return RuleOutOfRange
	case d.Nth != 0 && most == 0:
		return RuleMalformed
	case d.Nth > most || d.Nth < -most:
		return RuleOutOfRange
	}
	return ""
}

func (r Rule) checkPositions() RuleFault {
	if len(r.Positions) == 0 {
		return ""
	}
	most := map[Frequency]int{Weekly: 7, Monthly: 31, Yearly: 366}[r.Frequency]
	if most == 0 {
		return RuleUnsupported
	}
	if len(r.Days) == 0 && len(r.MonthDays) == 0 && len(r.Months) == 0 {
		return RuleNeedsPosition
	}
	for _, p := range r.Positions {
		if p == 0 || p > most || p < -most {
			return RuleOutOfRange
		}
	}
	return ""
}

// neverHappens tells whether no month of the rule has any of its days.
func (r Rule) neverHappens() bool {
	if len(r.MonthDays) == 0 || len(r.Months) == 0 {
		return false
	}
	for _, m := range r.Months {
		for _, d := range r.MonthDays {
			if max(d, -d) <= daysOfMonth[m] {
				return false
			}
		}
	}
	return true
}

// tidy sorts the lists of the rule and leaves out what they say twice.
func (r Rule) tidy() Rule {
	r.Interval = max(r.Interval, 1)
	sorted := func(list []int) []int {
		list = slices.Clone(list)
		// 1, 2, 3 and then the ones counted from the end: -2, -1.
		slices.SortFunc(list, func(a, b int) int {
			if a < 0 != (b < 0) {
				return cmp.Compare(b, a)
			}
			return cmp.Compare(a, b)
		})
		return slices.Compact(list)
	}
	r.MonthDays, r.Positions = sorted(r.MonthDays), sorted(r.Positions)
	r.Months = slices.Compact(slices.Sorted(slices.Values(r.Months)))
	days := slices.Clone(r.Days)
	slices.SortFunc(days, func(a, b Day) int {
		return cmp.Or(cmp.Compare(mondayFirst(a.Weekday), mondayFirst(b.Weekday)), cmp.Compare(a.Nth, b.Nth))
	})
	r.Days = slices.Compact(days)
	return r
}

// mondayFirst counts the days of a week that begins on Monday from 0.
func mondayFirst(d time.Weekday) int { return (int(d) + 6) % 7 }
