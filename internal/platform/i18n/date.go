package i18n

import (
	"context"
	"strconv"
	"time"
)

// calendar holds the words of one language's dates, taken from the catalogue once.
type calendar struct {
	months, shortMonths     [13]string // January is 1
	weekdays, shortWeekdays [7]string  // Sunday is 0
}

func (s *speech) learnCalendar() {
	word := func(key string) string {
		if m, ok := s.messages[key]; ok {
			return m.other.literal
		}
		return key
	}
	for month := 1; month <= 12; month++ {
		number := strconv.Itoa(month)
		s.calendar.months[month] = word("dates.month." + number)
		s.calendar.shortMonths[month] = word("dates.month_short." + number)
	}
	for day := range 7 {
		number := strconv.Itoa(day)
		s.calendar.weekdays[day] = word("dates.weekday." + number)
		s.calendar.shortWeekdays[day] = word("dates.weekday_short." + number)
	}
}

// Date writes the day of t in the zone of ctx, with its weekday: "Sunday, November 22, 2026". The zero
// time is written as an empty string.
func Date(ctx context.Context, t time.Time) string {
	return localeOf(ctx).write(ctx, "dates.long", t)
}

// ShortDate writes the day of t in the zone of ctx without its weekday: "Nov 22, 2026".
func ShortDate(ctx context.Context, t time.Time) string {
	return localeOf(ctx).write(ctx, "dates.short", t)
}

// DateTime writes the day and time of t in the zone of ctx, with its weekday: "Sunday, November 22,
// 2026, 3:04 PM".
func DateTime(ctx context.Context, t time.Time) string {
	return localeOf(ctx).write(ctx, "dates.long_time", t)
}

// ShortDateTime writes the day and time of t in the zone of ctx without its weekday.
func ShortDateTime(ctx context.Context, t time.Time) string {
	return localeOf(ctx).write(ctx, "dates.short_time", t)
}

// Clock writes the time of day of t in the zone of ctx: "3:04 PM", "15 h 04", "15:04".
func Clock(ctx context.Context, t time.Time) string {
	return localeOf(ctx).write(ctx, "dates.time", t)
}

// Month writes the month of a civil date ("2026-11-22" or "2026-11") and its year: "November 2026".
func Month(ctx context.Context, day string) string {
	if len(day) == len("2026-11") {
		day += "-01"
	}
	return civil(ctx, "dates.month_year", day)
}

// CivilDate writes a day given as YYYY-MM-DD, with its weekday. The zone of ctx does not matter: a civil
// date is the same day everywhere. What is no such day is returned cleaned by CleanLine.
func CivilDate(ctx context.Context, day string) string { return civil(ctx, "dates.long", day) }

// ShortCivilDate is CivilDate without the weekday.
func ShortCivilDate(ctx context.Context, day string) string { return civil(ctx, "dates.short", day) }

func civil(ctx context.Context, key, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return CleanLine(day)
	}
	l := localeOf(ctx)
	l.zone = time.UTC
	return l.write(ctx, key, t)
}

func (l locale) write(ctx context.Context, key string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(l.zone)
	words := &l.speech.calendar
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = T(ctx, "dates.first_day")
	}
	hour, half := t.Hour(), "dates.am"
	if hour >= 12 {
		half = "dates.pm"
	}
	return T(ctx, key, Args{
		"Weekday":      words.weekdays[t.Weekday()],
		"WeekdayShort": words.shortWeekdays[t.Weekday()],
		"Day":          day,
		"Month":        words.months[t.Month()],
		"MonthShort":   words.shortMonths[t.Month()],
		"Year":         strconv.Itoa(t.Year()),
		"Hour12":       strconv.Itoa((hour+11)%12 + 1),
		"Hour24":       strconv.Itoa(hour),
		"Minute":       twoDigits(t.Minute()),
		"Half":         T(ctx, half),
	})
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// step is one unit of Relative: used for distances below limit, counted in units of size.
type step struct {
	limit, size time.Duration
	ago, ahead  string
}

const (
	day   = 24 * time.Hour
	month = 2629746 * time.Second  // mean Gregorian month
	year  = 31556952 * time.Second // mean Gregorian year
)

var steps = []step{
	{time.Hour, time.Minute, "dates.minutes_ago", "dates.minutes_ahead"},
	{day, time.Hour, "dates.hours_ago", "dates.hours_ahead"},
	{2 * 7 * day, day, "dates.days_ago", "dates.days_ahead"},
	{2 * month, 7 * day, "dates.weeks_ago", "dates.weeks_ahead"},
	{2 * year, month, "dates.months_ago", "dates.months_ahead"},
	{1<<63 - 1, year, "dates.years_ago", "dates.years_ahead"},
}

// Relative says where to lies as seen from from, usually now: "3 days ago", "in 2 hours", "just now"
// below one minute. Units are counted in full, so 119 minutes are "1 hour". A day is 24 hours here;
// where the calendar day matters show a Date instead.
func Relative(ctx context.Context, from, to time.Time) string {
	distance := to.Sub(from)
	ahead := distance > 0
	if !ahead {
		distance = -max(distance, -(1<<63 - 1))
	}
	if distance < time.Minute {
		return T(ctx, "dates.just_now")
	}
	for _, s := range steps {
		if distance < s.limit || s.size == year {
			key := s.ago
			if ahead {
				key = s.ahead
			}
			return T(ctx, key, Args{"Count": int64(distance / s.size)})
		}
	}
	return ""
}
