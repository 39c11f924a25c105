package calendar

import (
	"strconv"
	"strings"
	"time"
)

var frequencyNames = map[Frequency]string{Daily: "DAILY", Weekly: "WEEKLY", Monthly: "MONTHLY", Yearly: "YEARLY"}

var dayNames = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// longestRule is how many characters a rule may have: far more than any of use.
const longestRule = 2000

// ParseRule reads the value of an RRULE. The zone is the one in which the
// series is told, for an end given in UTC. The error is a RuleFault.
func ParseRule(text string, zone *time.Location) (Rule, error) {
	r := Rule{Interval: 1, WeekStart: time.Monday}
	if len(text) > longestRule {
		return Rule{}, RuleOutOfRange
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(text), ";"), ";") {
		name, value, ok := strings.Cut(part, "=")
		name, value = strings.ToUpper(strings.TrimSpace(name)), strings.ToUpper(strings.TrimSpace(value))
		if !ok || value == "" || seen[name] {
			return Rule{}, RuleMalformed
		}
		seen[name] = true
		if fault := r.take(name, value, zone); fault != "" {
			return Rule{}, fault
		}
	}
	if !seen["FREQ"] {
		return Rule{}, RuleMalformed
	}
	if err := r.Check(); err != nil {
		return Rule{}, err
	}
	return r.tidy(), nil
}

// take puts one part of a rule's text into the rule.
func (r *Rule) take(name, value string, zone *time.Location) (fault RuleFault) {
	switch name {
	case "FREQ":
		switch value {
		case "HOURLY", "MINUTELY", "SECONDLY":
			return RuleTooFrequent
		}
		for f, n := range frequencyNames {
			if n == value {
				r.Frequency = f
			}
		}
		if r.Frequency == 0 {
			return RuleMalformed
		}
	case "INTERVAL":
		if r.Interval, fault = wholeNumber(value); r.Interval == 0 && fault == "" {
			return RuleOutOfRange
		}
	case "COUNT":
		if r.Count, fault = wholeNumber(value); r.Count <= 0 && fault == "" {
			return RuleOutOfRange
		}
	case "UNTIL":
		r.Until, fault = parseUntil(value, zone)
	case "WKST":
		var ok bool
		if r.WeekStart, ok = weekdayNamed(value); !ok {
			return RuleMalformed
		}
	case "BYDAY":
		r.Days, fault = listed(value, parseDay)
	case "BYMONTHDAY":
		r.MonthDays, fault = listed(value, wholeNumber)
	case "BYMONTH":
		r.Months, fault = listed(value, func(text string) (time.Month, RuleFault) {
			n, fault := wholeNumber(text)
			return time.Month(n), fault
		})
	case "BYSETPOS":
		r.Positions, fault = listed(value, wholeNumber)
	default:
		return RuleUnsupported
	}
	return fault
}

func listed[T any](value string, parse func(string) (T, RuleFault)) ([]T, RuleFault) {
	var list []T
	for text := range strings.SplitSeq(value, ",") {
		v, fault := parse(strings.TrimSpace(text))
		if fault != "" {
			return nil, fault
		}
		if list = append(list, v); len(list) > maxListed {
			return nil, RuleOutOfRange
		}
	}
	return list, ""
}

// wholeNumber reads a number with an optional sign; more than six digits are
// beyond anything a rule counts.
func wholeNumber(text string) (int, RuleFault) {
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || len(text)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" {
		return 0, RuleMalformed
	}
	if len(digits) > 6 {
		return 0, RuleOutOfRange
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, RuleMalformed
	}
	return n, ""
}

func weekdayNamed(name string) (time.Weekday, bool) {
	for i, n := range dayNames {
		if n == name {
			return time.Weekday(i), true
		}
	}
	return 0, false
}

func parseDay(text string) (Day, RuleFault) {
	if len(text) < 2 {
		return Day{}, RuleMalformed
	}
	weekday, ok := weekdayNamed(text[len(text)-2:])
	if !ok {
		return Day{}, RuleMalformed
	}
	d := Day{Weekday: weekday}
	if nth := text[:len(text)-2]; nth != "" {
		n, fault := wholeNumber(nth)
		if fault != "" {
			return Day{}, fault
		}
		if n == 0 {
			return Day{}, RuleOutOfRange
		}
		d.Nth = n
	}
	return d, ""
}

// parseUntil reads the end of a rule: a date counts as the whole day.
func parseUntil(value string, zone *time.Location) (Wall, RuleFault) {
	w, form := parseWall(value)
	switch form {
	case formDate:
		return w.AddDays(1) - 1, ""
	case formLocal:
		return w, ""
	case formUTC:
		return untilIn(w.utc(), zone), ""
	}
	return 0, RuleMalformed
}

// untilIn is the local time of an end. In the hour that clocks show twice, what
// begins at any local time of the first pass begins before the second.
func untilIn(end time.Time, zone *time.Location) Wall {
	if zone == nil {
		zone = time.UTC
	}
	end = end.In(zone)
	w := WallOf(end)
	if first := w.In(zone); first.Before(end) {
		if begin, _ := end.ZoneBounds(); !begin.IsZero() {
			return WallOf(begin.Add(-time.Second))
		}
	}
	return w
}

// Text is the rule as the value of an RRULE for a series in the zone, for whole
// days or not: an end is then a date, and else a time in UTC (RFC 5545, 3.3.10).
func (r Rule) Text(zone *time.Location, allDay bool) string {
	r = r.tidy()
	var b strings.Builder
	b.WriteString("FREQ=" + frequencyNames[r.Frequency])
	if r.Interval > 1 {
		b.WriteString(";INTERVAL=" + strconv.Itoa(r.Interval))
	}
	if r.Count > 0 {
		b.WriteString(";COUNT=" + strconv.Itoa(r.Count))
	}
	if !r.Until.IsZero() {
		if allDay {
			b.WriteString(";UNTIL=" + r.Until.compactDate())
		} else {
			b.WriteString(";UNTIL=" + WallOf(r.Until.In(zone).UTC()).compact() + "Z")
		}
	}
	write := func(name string, n int, text func(int) string) {
		for i := range n {
			if i == 0 {
				b.WriteString(";" + name + "=")
			} else {
				b.WriteByte(',')
			}
			b.WriteString(text(i))
		}
	}
	write("BYMONTH", len(r.Months), func(i int) string { return strconv.Itoa(int(r.Months[i])) })
	write("BYMONTHDAY", len(r.MonthDays), func(i int) string { return strconv.Itoa(r.MonthDays[i]) })
	write("BYDAY", len(r.Days), func(i int) string { return r.Days[i].text() })
	write("BYSETPOS", len(r.Positions), func(i int) string { return strconv.Itoa(r.Positions[i]) })
	if r.WeekStart != time.Monday {
		b.WriteString(";WKST=" + dayNames[r.WeekStart])
	}
	return b.String()
}

func (d Day) text() string {
	if d.Nth == 0 {
		return dayNames[d.Weekday]
	}
	return strconv.Itoa(d.Nth) + dayNames[d.Weekday]
}

// form is how a date or a date with a time is written.
type form int

const (
	formNone  form = iota
	formDate       // 20260308
	formLocal      // 20260308T090000
	formUTC        // 20260308T090000Z
)

// parseWall reads a date or a date with a time in the years we keep to. A leap
// second counts as the second before it.
func parseWall(text string) (Wall, form) {
	f := formLocal
	switch len(text) {
	case 8:
		f, text = formDate, text+"T000000"
	case 15:
	case 16:
		if text[15] != 'Z' && text[15] != 'z' {
			return 0, formNone
		}
		f, text = formUTC, text[:15]
	default:
		return 0, formNone
	}
	if text[8] != 'T' && text[8] != 't' {
		return 0, formNone
	}
	number := func(from, to int) int {
		n := 0
		for _, c := range []byte(text[from:to]) {
			if c < '0' || c > '9' {
				return -1
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	year, month, day := number(0, 4), number(4, 6), number(6, 8)
	hour, minute, second := number(9, 11), number(11, 13), number(13, 15)
	if year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return 0, formNone
	}
	w := At(year, time.Month(month), day, hour, minute, min(second, 59))
	if _, m, _ := w.Date(); int(m) != month {
		return 0, formNone // such as 30 February
	}
	return w, f
}
