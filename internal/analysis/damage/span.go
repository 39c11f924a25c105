package damage

import (
	"strconv"
	"strings"
)

// Excel and its relatives take a text of two numbers for a day where they can: 11-12 is typed or imported,
// 12-Nov is kept. Where the day is written first, 11-Dec is; and 2011-12 becomes Dec-11. So whatever the
// program and its country, the number of the month and the other number are those of the span, and since
// the years of a span follow each other, the smaller one comes first. From 13-14 on there is no such
// month, so the same column holds untouched spans too.
var (
	dayMonth = pattern(`^(\d{1,2})[- /.]([\p{L}]{3,9})\.?$`)
	monthDay = pattern(`^([\p{L}]{3,9})\.?[- /.'’]+(\d{1,2})$`)
	// Workbooks keep the day itself, in the year in which it was typed, or its first day for Dec-11.
	wholeDay = pattern(`^(\d{4})-(\d\d)-(\d\d)$`)
	realSpan = pattern(`^((?:19|20)?\d\d)\s?[-–—/]\s?((?:19|20)?\d\d)$`)
)

type spanEvidence struct {
	turned tally // what may have been a span
	other  int64 // days that cannot have been one
	whole  tally // whole dates that may have been one
	off    int64 // whole dates that cannot
	kept   int64 // spans as they should be
}

func (s *spanEvidence) add(value string, at int64) {
	if len(value) > 14 {
		return
	}
	if first, second, ok := dayAndMonth(value); ok {
		if consecutive(first, second) {
			s.turned.add(value, at)
		} else {
			s.other++
		}
		return
	}
	if _, _, ok := wholeSpan(value); ok {
		s.whole.add(value, at)
	} else if wholeDay().MatchString(value) {
		s.off++
	} else if _, ok := keptSpan(value); ok {
		s.kept++
	}
}

// aboutYears are words in the name of a column whose values are years.
var aboutYears = []string{"year", "année", "annee", "año", "ano ", "school", "scolaire", "escolar", "cohort", "fiscal", "exercice", "ejercicio", "curso", "sy", "fy", "season", "period"}

// found returns the days of the column that were spans of years, if any: all of them can have been, hardly
// anything else stands in the column, and either an untouched span, or the name of the column, or several different ones speak for it.
func (s *spanEvidence) found(header string, values int64) (tally, bool) {
	years := false
	for _, word := range aboutYears {
		years = years || strings.Contains(header+" ", word) && (len(word) > 2 || strings.HasPrefix(header, word))
	}
	switch {
	case s.turned.count > 0 && s.other == 0 && (s.turned.count+s.kept)*20 >= values*19:
		return s.turned, years || s.kept > 0 || len(s.turned.examples) > 2
	case s.whole.count > 0 && s.off == 0 && (s.whole.count+s.kept)*20 >= values*19:
		return s.whole, years || s.kept > 0
	}
	return tally{}, false
}

func consecutive(a, b int) bool { return a-b == 1 || b-a == 1 }

// dayAndMonth reads a day without a year, or a month with one of two digits.
func dayAndMonth(value string) (number, month int, ok bool) {
	var digits, name string
	if m := dayMonth().FindStringSubmatch(value); m != nil {
		digits, name = m[1], m[2]
	} else if m := monthDay().FindStringSubmatch(value); m != nil {
		digits, name = m[2], m[1]
	} else {
		return 0, 0, false
	}
	month = monthOf(name)
	number, err := strconv.Atoi(digits)
	return number, month, err == nil && month > 0
}

// wholeSpan reads a whole date that may have been a span.
func wholeSpan(value string) (first, second int, ok bool) {
	m := wholeDay().FindStringSubmatch(value)
	if m == nil {
		return 0, 0, false
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	switch {
	case day == 1 && month > 1 && month == year%100+1: // 2011-12 was read as December 2011
		return month - 1, month, true
	case consecutive(month, day) && month >= 1 && month <= 12:
		return min(month, day), max(month, day), true
	}
	return 0, 0, false
}

// keptSpan reads a span that is still one: 13-14, 2013–14, 2013/2014.
func keptSpan(value string) (mended string, ok bool) {
	m := realSpan().FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	first, second := fullYear(m[1]), fullYear(m[2])
	if len(m[1]) == 4 && len(m[2]) == 2 {
		n, _ := strconv.Atoi(m[2])
		if second = first/100*100 + n; n == 0 {
			second += 100
		}
	}
	if second != first+1 {
		return "", false
	}
	return spanText(first), true
}

// fullYear is a year of two digits in full: those up to 49 are of this century.
func fullYear(digits string) int {
	n, _ := strconv.Atoi(digits)
	switch {
	case len(digits) > 2:
		return n
	case n < 50:
		return 2000 + n
	}
	return 1900 + n
}

func spanText(first int) string {
	second := strconv.Itoa((first + 1) % 100)
	if len(second) == 1 {
		second = "0" + second
	}
	return strconv.Itoa(first) + "-" + second
}

// spanYears is SpanYears.
func spanYears(value string) (string, bool) {
	if number, month, ok := dayAndMonth(value); ok && consecutive(number, month) {
		return spanText(2000 + min(number, month)), true
	}
	if first, _, ok := wholeSpan(value); ok {
		return spanText(2000 + first), true
	}
	return keptSpan(value)
}
