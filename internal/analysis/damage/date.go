package damage

import (
	"strconv"
	"strings"
	"time"
)

// Parse reads a date and returns it as YYYY-MM-DD; a time after it is left out. It reads 2026-11-05,
// 2026/11/5, 20261105, 05/11/2026, 5-11-26, 05.11.2026 (where the day always comes first), 5 Nov 2026,
// Nov 5, 2026, 5 de noviembre de 2026, and the serial numbers by which spreadsheets count days (10000 to
// 80000, that is from 1927 to 2119). Years of two digits lie between 1950 and 2049.
//
// The rule is DayFirst, MonthFirst or AnyDate and decides what 05/11/2026 is. What contradicts it, such as
// 25/11/2026 under MonthFirst, is not read, and by AnyDate only what can be read in one way is: ok is then
// false.
func Parse(rule Rule, value string) (date string, ok bool) {
	d, ok := readDate(value)
	if !ok {
		return "", false
	}
	if d.order == orderOpen {
		switch first, second := d.month, d.day; {
		case rule == MonthFirst:
		case rule == DayFirst:
			d.month, d.day = second, first
		case first > 12:
			d.month, d.day = second, first
		case second <= 12 && first != second:
			return "", false
		}
	}
	return civil(d.year, d.month, d.day)
}

func civil(year, month, day int) (string, bool) {
	if month < 1 || month > 12 || day < 1 || year < 1000 || year > 9999 {
		return "", false
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Day() != day {
		return "", false
	}
	return at.Format(time.DateOnly), true
}

type order uint8

const (
	orderKnown order = iota
	orderOpen        // month holds the first of two numbers, day the second
	orderSerial
)

// read is a date as it was written.
type read struct {
	year, month, day int
	order            order
	plain            bool // written as YYYY-MM-DD
}

var (
	// The colon tells a time from a date with points.
	timeAfter   = pattern(`(?i)(^|[t ,]+)(at |à |a las )?\d{1,2}\s?[:h]\s?\d\d([:m]\d\d([.,]\d+)?)?s?\s?([ap]\.?\s?m\.?)?\s?(z|utc|gmt|[a-z]{2,4}t|[+-]\d\d:?\d\d)?$`)
	yearFirst   = pattern(`^(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})$`)
	yearLast    = pattern(`^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d\d)$`)
	compact     = pattern(`^(19|20)(\d\d)(\d\d)(\d\d)$`)
	serialForm  = pattern(`^([1-7]\d{4})(?:[.,]\d+)?$`)
	dayThenName = pattern(`^(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?[-\s/,]*(?:of |de )?\s*(\p{L}{3,})\.?[-\s/,]*(?:de |del )?\s*(\d{4}|'?\d\d)$`)
	nameThenDay = pattern(`^(\p{L}{3,})\.?[-\s/]*(\d{1,2})(?:st|nd|rd|th)?[-\s/,]+(\d{4}|'?\d\d)$`)
	weekday     = pattern(`^(?:\p{L}{3,9}\.?,?\s+)(?:(?:le|el) )?(\d|\p{L}{3,}\.?\s+\d)`)
)

// readDate reads a date as far as it is clear without a rule.
func readDate(value string) (d read, ok bool) {
	v := strings.ToLower(strings.TrimSpace(value))
	if len(v) < 5 || len(v) > longest {
		return d, false
	}
	if strings.ContainsAny(v, ":h") {
		if at := timeAfter().FindStringIndex(v); at != nil {
			v = strings.TrimSpace(v[:at[0]])
		}
	}
	if c := v[:min(1, len(v))]; c >= "0" && c <= "9" {
		return readNumbers(v, value)
	}
	return readWords(v)
}

func readNumbers(v, value string) (d read, ok bool) {
	if m := yearFirst().FindStringSubmatch(v); m != nil {
		d = read{year: number(m[1]), month: number(m[3]), day: number(m[4])}
		d.plain = len(value) == 10 && m[2] == "-"
		return d, d.valid()
	}
	if m := yearLast().FindStringSubmatch(v); m != nil {
		d = read{year: fullYear(m[4]), month: number(m[1]), day: number(m[3]), order: orderOpen}
		if m[2] == "." {
			d.month, d.day, d.order = d.day, d.month, orderKnown
			return d, d.valid()
		}
		if d.valid() {
			return d, true
		}
		turned := read{year: d.year, month: d.day, day: d.month}
		return d, turned.valid()
	}
	if m := compact().FindStringSubmatch(v); m != nil {
		d = read{year: number(m[1] + m[2]), month: number(m[3]), day: number(m[4])}
		return d, d.valid()
	}
	if m := serialForm().FindStringSubmatch(v); m != nil {
		at := time.Date(1899, time.December, 30+number(m[1]), 0, 0, 0, 0, time.UTC)
		return read{year: at.Year(), month: int(at.Month()), day: at.Day(), order: orderSerial}, true
	}
	return readWords(v)
}

func readWords(v string) (d read, ok bool) {
	for range 2 {
		if m := dayThenName().FindStringSubmatch(v); m != nil {
			d = read{year: fullYear(strings.TrimPrefix(m[3], "'")), month: monthOf(m[2]), day: number(m[1])}
			return d, d.valid()
		}
		if m := nameThenDay().FindStringSubmatch(v); m != nil && monthOf(m[1]) > 0 {
			d = read{year: fullYear(strings.TrimPrefix(m[3], "'")), month: monthOf(m[1]), day: number(m[2])}
			return d, d.valid()
		}
		m := weekday().FindStringSubmatchIndex(v)
		if m == nil {
			return d, false
		}
		v = v[m[2]:] // a day of the week stood in front
	}
	return d, false
}

func (d read) valid() bool {
	_, ok := civil(d.year, d.month, d.day)
	return ok
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// dateEvidence counts dates by how they are written.
type dateEvidence struct {
	plain      int64 // YYYY-MM-DD
	odd        tally // written otherwise
	open       int64 // of odd: two numbers before the year
	dayFirst   int64 // of open: the first is above 12
	monthFirst int64 // of open: the second is above 12
	serials    tally
}

func (e *dateEvidence) add(value string, at int64) {
	d, ok := readDate(value)
	switch {
	case !ok:
	case d.plain:
		e.plain++
	case d.order == orderSerial:
		e.serials.add(value, at)
	default:
		e.odd.add(value, at)
		if d.order == orderOpen {
			switch e.open++; {
			case d.month > 12:
				e.dayFirst++
			case d.day > 12:
				e.monthFirst++
			}
		}
	}
}

// found returns the dates of the column that are not written as YYYY-MM-DD, and how they can be read; no
// rule where it is no column of dates or none is written otherwise. Numbers are dates only among dates.
func (e *dateEvidence) found(values int64) (odd tally, rules []Rule) {
	dates := e.plain + e.odd.count
	odd = joined(e.odd, e.serials)
	switch {
	case dates == 0, (dates+e.serials.count)*5 < values*4, dates < e.serials.count, odd.count == 0:
		return odd, nil
	case e.open == 0:
		return odd, []Rule{AnyDate}
	case e.dayFirst > 0 && e.monthFirst == 0:
		return odd, []Rule{DayFirst}
	case e.monthFirst > 0 && e.dayFirst == 0:
		return odd, []Rule{MonthFirst}
	}
	return odd, []Rule{DayFirst, MonthFirst}
}
