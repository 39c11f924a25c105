// Package day counts civil days, months and quarters of the proleptic Gregorian calendar. A day here has no
// time and no zone: whoever turns an instant into a day decides in which zone.
package day

import (
	"fmt"
	"time"
)

// Day is a civil day as the number of days since 1970-01-01.
type Day int32

// First and Last bound the days that are taken: those with four digits in their year.
const (
	First Day = -719162 // 0001-01-01
	Last  Day = 2932896 // 9999-12-31
)

const layout = "2006-01-02"

// Parse reads YYYY-MM-DD; anything else, and days that no calendar has, are an error.
func Parse(text string) (Day, error) {
	t, err := time.Parse(layout, text)
	if err != nil || t.Year() < 1 || len(text) != len(layout) {
		return 0, fmt.Errorf("day: %.20q is no day written as YYYY-MM-DD", text)
	}
	return of(t), nil
}

// Of is a day by year, month and day of the month; numbers beyond a month's end run on, as in time.Date.
func Of(year int, month time.Month, dayOfMonth int) Day {
	return of(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC))
}

func of(t time.Time) Day {
	return Day(t.Unix() / 86400) // without rest, since t is a midnight
}

func (d Day) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes the day as YYYY-MM-DD.
func (d Day) String() string { return d.time().Format(layout) }

// Year is the calendar year of the day.
func (d Day) Year() int { return d.time().Year() }

// Month is the calendar month of the day.
func (d Day) Month() Month {
	year, month, _ := d.time().Date()
	return MonthOf(year, month)
}

// Quarter is the calendar quarter of the day.
func (d Day) Quarter() Quarter { return d.Month().Quarter() }

// MonthsBefore is the day n months earlier, or the last day of that month where it is shorter: a month before
// 31 March is 28 or 29 February.
func (d Day) MonthsBefore(n int) Day {
	_, _, dayOfMonth := d.time().Date()
	month := d.Month() - Month(n)
	return min(month.Start()+Day(dayOfMonth)-1, month.End())
}

// Span is the days from From on and before Until, which is the first day that no longer belongs to it, as valid_to
// is. It is empty where Until is not after From.
type Span struct{ From, Until Day }

// Open is the Until of a span that has not ended.
const Open = Last + 1

// Has tells whether a day lies in the span.
func (s Span) Has(d Day) bool { return s.From <= d && d < s.Until }

// Days is how many days the span has, 0 when empty.
func (s Span) Days() int { return max(0, int(s.Until)-int(s.From)) }

// Meet is the days that two spans share.
func (s Span) Meet(other Span) Span { return Span{max(s.From, other.From), min(s.Until, other.Until)} }

// Ending is the span of n days of which a day is the last.
func Ending(last Day, n int) Span { return Span{last - Day(n) + 1, last + 1} }

// TwelveMonths is the span of twelve months of which a day is the last: from 2025-11-27 to 2026-11-26.
func TwelveMonths(last Day) Span { return Span{last.MonthsBefore(12) + 1, last + 1} }
