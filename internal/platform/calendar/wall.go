// Package calendar is the ground of everything that happens at a time: rules
// by which meetings recur, in local time through the changes of clocks, and
// iCalendar (RFC 5545) written for calendar programs and read from them. It
// knows no capability and keeps nothing.
package calendar

import (
	"time"
)

// Wall is a date and a time of day as a clock on the wall shows them, to the
// second and in no zone. Its zero value is no time at all.
type Wall int64 // seconds since the first of January of the year 1, plus one

// wallOrigin is the second before the year 1, so that Wall(0) is outside all dates.
var wallOrigin = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - 1

// secondsOfDay is the length of a day on the wall, which knows no clock changes.
const secondsOfDay = 24 * 60 * 60

// At makes a wall time of its parts; those that overflow carry on, as in time.Date.
func At(year int, month time.Month, day, hour, minute, second int) Wall {
	return Wall(time.Date(year, month, day, hour, minute, second, 0, time.UTC).Unix() - wallOrigin)
}

// On is midnight at the beginning of a day.
func On(year int, month time.Month, day int) Wall { return At(year, month, day, 0, 0, 0) }

// WallOf is what the clock on the wall shows at a moment in the moment's zone.
func WallOf(t time.Time) Wall {
	_, offset := t.Zone()
	return Wall(t.Unix() + int64(offset) - wallOrigin)
}

// IsZero tells whether there is no time.
func (w Wall) IsZero() bool { return w == 0 }

// utc is the moment at which a clock in UTC shows the wall time.
func (w Wall) utc() time.Time { return time.Unix(int64(w)+wallOrigin, 0).UTC() }

// Date returns year, month and day.
func (w Wall) Date() (int, time.Month, int) { return w.utc().Date() }

// Clock returns hour, minute and second.
func (w Wall) Clock() (int, int, int) { return w.utc().Clock() }

// Weekday returns the day of the week.
func (w Wall) Weekday() time.Weekday { return w.utc().Weekday() }

// Midnight is the beginning of the day.
func (w Wall) Midnight() Wall { return w - w.secondOfDay() }

func (w Wall) secondOfDay() Wall { return Wall(mod(int64(w)-1, secondsOfDay)) }

// AddDays moves the date and keeps the time of day.
func (w Wall) AddDays(n int) Wall { return w + Wall(n)*secondsOfDay }

// Add moves the wall time by a duration on the wall.
func (w Wall) Add(d time.Duration) Wall { return w + Wall(d/time.Second) }

// String is the wall time as 2026-03-08T09:00:00, or nothing.
func (w Wall) String() string {
	if w.IsZero() {
		return ""
	}
	return w.utc().Format("2006-01-02T15:04:05")
}

// compact is the wall time as iCalendar writes it.
func (w Wall) compact() string { return string(w.appendCompact(nil)) }

func (w Wall) appendCompact(b []byte) []byte {
	year, month, day := w.Date()
	hour, minute, second := w.Clock()
	b = appendTwo(appendTwo(b, year/100%100), year%100)
	b = append(appendTwo(appendTwo(b, int(month)), day), 'T')
	return appendTwo(appendTwo(appendTwo(b, hour), minute), second)
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }

// compactDate is the date as iCalendar writes it.
func (w Wall) compactDate() string { return w.compact()[:8] }

// In is the moment at which clocks in the zone show the wall time. Where they
// jump over it in spring, the offset before the jump counts, so that 02:30
// becomes 03:30; where they show it twice in autumn, it is the first time
// (RFC 5545, section 3.3.5).
func (w Wall) In(zone *time.Location) time.Time {
	if zone == nil || zone == time.UTC {
		return w.utc()
	}
	seconds := int64(w) + wallOrigin
	// No offset reaches 26 hours, so that the period looked for begins before
	// or holds one of the moments from here on.
	at := time.Unix(seconds-26*60*60, 0).In(zone)
	before, first := 0, true
	for {
		begin, end := zoneBounds(at)
		_, offset := at.Zone()
		moment := seconds - int64(offset)
		switch {
		case !end.IsZero() && moment >= end.Unix():
			before, first, at = offset, false, end
		case first || begin.IsZero() || moment >= begin.Unix():
			return time.Unix(moment, 0).In(zone)
		default:
			return time.Unix(seconds-int64(before), 0).In(zone)
		}
	}
}

// zoneBounds is the period around a moment in which clocks stand at one offset.
// Beyond the years of the zone's table, ZoneBounds cuts periods at the turn of
// the year in UTC, and in leap years a day before it; from that day on it would
// lead no further, so that its end is moved to where the year ends.
func zoneBounds(at time.Time) (begin, end time.Time) {
	begin, end = at.ZoneBounds()
	if !end.IsZero() && !end.After(at) {
		end = time.Date(at.UTC().Year()+1, 1, 1, 0, 0, 0, 0, time.UTC).In(at.Location())
	}
	return begin, end
}

// Exists tells whether clocks in the zone show the wall time at all.
func (w Wall) Exists(zone *time.Location) bool { return WallOf(w.In(zone)) == w }

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return ((a % b) + b) % b }
