package presence

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Order is which of day and month comes first in a date of numbers.
type Order int

// The orders of a date.
const (
	MonthFirst Order = iota
	DayFirst
)

var (
	numbersInDate = regexp.MustCompile(`^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})`)
	clockInText   = regexp.MustCompile(`(?i)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([ap]\.?\s*m\b\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?\s*$`)
)

// OrderOf works out in which order the dates of one report are: by a number that
// can only be a day, and else by how the time of day and the date are written.
func OrderOf(texts []string) Order {
	order := DayFirst
	for k, text := range texts {
		found := numbersInDate.FindStringSubmatch(strings.TrimSpace(text))
		if found == nil || len(found[1]) > 2 {
			continue
		}
		first, _ := strconv.Atoi(found[1])
		second, _ := strconv.Atoi(found[2])
		switch {
		case first > 12:
			return DayFirst
		case second > 12:
			return MonthFirst
		}
		if k == 0 || order == DayFirst {
			clock := clockInText.FindStringSubmatch(text)
			if clock != nil && clock[4] != "" && strings.Contains(text, "/") {
				order = MonthFirst
			}
		}
	}
	return order
}

// ParseTime reads a day with or without a time of day as reports write it. A time
// without a zone is in the zone that is given; clock says whether there was one.
// A time of day alone is on the day that is given.
func ParseTime(text string, order Order, zone *time.Location, day time.Time) (at time.Time, clock, ok bool) {
	text = strings.TrimSpace(strings.NewReplacer("\u202f", " ", "\u00a0", " ", "\u200e", "").Replace(text))
	if len(text) > 60 || text == "" {
		return at, false, false
	}
	rest := text
	if found := numbersInDate.FindStringSubmatch(text); found != nil {
		var n [3]int
		for k := range n {
			n[k], _ = strconv.Atoi(found[k+1])
		}
		year, month, date := n[2], n[0], n[1]
		switch {
		case len(found[1]) == 4:
			year, month, date = n[0], n[1], n[2]
		case order == DayFirst && n[1] <= 12 || n[0] > 12:
			month, date = n[1], n[0]
		}
		if year < 100 {
			year += 2000
		}
		if year < 1900 || year > 2200 {
			return at, false, false
		}
		day = time.Date(year, time.Month(month), date, 0, 0, 0, 0, zone)
		if int(day.Month()) != month || day.Day() != date {
			return at, false, false
		}
		rest = strings.TrimLeft(text[len(found[0]):], " ,T")
		if rest == "" {
			return day, false, true
		}
	}
	found := clockInText.FindStringSubmatch(rest)
	if found == nil || day.IsZero() || len(found[0]) != len(rest) {
		return at, false, false
	}
	var n [3]int
	for k := range n {
		n[k], _ = strconv.Atoi(found[k+1])
	}
	if half := strings.ToLower(found[4]); half != "" {
		if n[0] < 1 || n[0] > 12 {
			return at, false, false
		}
		n[0] %= 12
		if half[0] == 'p' {
			n[0] += 12
		}
	}
	if n[0] > 23 || n[1] > 59 || n[2] > 59 {
		return at, false, false
	}
	if mark := strings.ToUpper(found[5]); mark != "" {
		in := time.UTC
		if mark[0] == '+' || mark[0] == '-' {
			hours, _ := strconv.Atoi(mark[1:3])
			minutes, _ := strconv.Atoi(mark[len(mark)-2:])
			seconds := hours*3600 + minutes*60
			if mark[0] == '-' {
				seconds = -seconds
			}
			in = time.FixedZone("", seconds)
		}
		return time.Date(day.Year(), day.Month(), day.Day(), n[0], n[1], n[2], 0, in).In(zone), true, true
	}
	return time.Date(day.Year(), day.Month(), day.Day(), n[0], n[1], n[2], 0, zone), true, true
}

// Ended is when somebody left who joined at a time. Where the report gives times of
// day alone, one before the beginning is past midnight.
func Ended(from, to time.Time, clockAlone bool) time.Time {
	if clockAlone && to.Before(from) {
		return to.AddDate(0, 0, 1)
	}
	return to
}

var (
	unitOfTime = regexp.MustCompile(`(?i)^\s*(\d{1,7}(?:[.,]\d{1,6})?)\s*(\p{L}+)\.?\s*`)
	plainTime  = regexp.MustCompile(`^\d{1,7}(?:[.,]\d{1,6})?$`)
	colonTime  = regexp.MustCompile(`^(\d{1,3}):(\d{2})(?::(\d{2}))?$`)
	units      = map[string]time.Duration{
		"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
		"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour, "std": time.Hour, "stunde": time.Hour, "stunden": time.Hour, "heure": time.Hour, "heures": time.Hour, "hora": time.Hour, "horas": time.Hour,
		"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute, "minuten": time.Minute, "minuto": time.Minute, "minutos": time.Minute, "mn": time.Minute,
		"s": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second, "sek": time.Second, "sekunde": time.Second, "sekunden": time.Second, "seconde": time.Second, "secondes": time.Second, "seg": time.Second, "segundo": time.Second, "segundos": time.Second,
	}
)

// mostLong is the longest stretch that is believed: a week.
const mostLong = 7 * 24 * time.Hour

// Duration reads how long something took: "62" in the unit that is given, "1:02" in
// hours and minutes, "1:02:10", "1h 2m 10s", "1 Std. 2 Min.", "PT1H2M". It is false
// for anything else, and for more than a week.
func Duration(text string, unit time.Duration) (time.Duration, bool) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
	switch {
	case plainTime.MatchString(text):
		return long(text, unit)
	case colonTime.MatchString(text):
		found := colonTime.FindStringSubmatch(text)
		hours, _ := strconv.Atoi(found[1])
		minutes, _ := strconv.Atoi(found[2])
		seconds, _ := strconv.Atoi(found[3])
		sum := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second
		return sum, minutes < 60 && seconds < 60 && sum <= mostLong
	}
	if upper := strings.ToUpper(text); strings.HasPrefix(upper, "P") {
		text = strings.ReplaceAll(strings.TrimPrefix(upper, "P"), "T", "")
	}
	var sum time.Duration
	for rest := text; ; {
		found := unitOfTime.FindStringSubmatch(rest)
		if found == nil {
			return sum, rest == "" && text != "" && sum <= mostLong
		}
		of, known := units[strings.ToLower(found[2])]
		part, ok := long(found[1], of)
		if !known || !ok {
			return 0, false
		}
		sum, rest = sum+part, strings.TrimLeft(rest[len(found[0]):], ", ")
	}
}

func long(number string, unit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", "."), 64)
	if err != nil || n*float64(unit) > float64(mostLong) {
		return 0, false
	}
	return time.Duration(n * float64(unit)).Round(time.Second), true
}
