package calendar

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cells are the cells of a list of meetings as people keep it: "Tuesdays",
// "9:00 AM", "PT (Pacific Time)", "every other week".
type Cells struct {
	Day, Time, Zone, Frequency string
}

// Cell is one of them.
type Cell string

// The cells.
const (
	DayCell       Cell = "day"
	TimeCell      Cell = "time"
	ZoneCell      Cell = "zone"
	FrequencyCell Cell = "frequency"
)

// CellFault says which cell could not be read, and why.
type CellFault struct {
	Cell  Cell
	Text  string
	Fault WordFault
}

// Assumption is what the cells do not tell and somebody should look at.
type Assumption string

// The assumptions.
const (
	AssumedWeek   Assumption = "week"   // which of the weeks, when it is every nth
	AssumedNth    Assumption = "nth"    // which week of the month
	AssumedMonth  Assumption = "month"  // which of the months, when it is every nth
	AssumedLength Assumption = "length" // an hour
)

// Reading is what the cells say.
type Reading struct {
	Series  Series
	Assumed []Assumption
	Unread  string // words that say nothing about when it is, or nothing we understand
}

// Read turns the cells into a series that begins on the day they name, or else
// on its first day from the given one on. Every cell that cannot be read is
// among the faults, and then there is no series.
func (c Cells) Read(from Wall) (Reading, []CellFault) {
	var faults []CellFault
	fault := func(cell Cell, err error) {
		var f WordFault
		if errors.As(err, &f) && !slices.ContainsFunc(faults, func(known CellFault) bool { return known.Cell == cell }) {
			text := map[Cell]string{DayCell: c.Day, TimeCell: c.Time, ZoneCell: c.Zone, FrequencyCell: c.Frequency}[cell]
			faults = append(faults, CellFault{Cell: cell, Text: shortened(clean(text), 200), Fault: f})
		}
	}
	clock, length, zoneWords, err := clockOf(c.Time)
	fault(TimeCell, err)
	zone, err := c.zone(zoneWords)
	fault(ZoneCell, err)
	r := Reading{Series: Series{Zone: zone, Length: length}}
	if length == 0 {
		r.Series.Length = time.Hour
		r.Assumed = append(r.Assumed, AssumedLength)
	}
	day, frequency := phraseOf(c.Day), phraseOf(c.Frequency)
	if day.fault != "" {
		fault(DayCell, day.fault)
	}
	if frequency.fault != "" {
		fault(FrequencyCell, frequency.fault)
	}
	if len(faults) > 0 {
		return Reading{}, faults
	}
	rule, cell, err := together(day, frequency)
	if err != nil {
		fault(cell, err)
		return Reading{}, faults
	}
	begin, told := from.Midnight(), false
	for _, p := range []phrase{day, frequency} {
		if !p.start.IsZero() {
			begin, told = p.start, true
		}
	}
	first, assumed, err := rule.begin(begin, told)
	if err != nil {
		fault(FrequencyCell, err)
		return Reading{}, faults
	}
	r.Series.Start, r.Series.Rule = first+clock, &rule
	r.Assumed = append(assumed, r.Assumed...)
	r.Unread = strings.TrimSpace(day.unread + " " + frequency.unread)
	return r, nil
}

// zone is the zone of the cells; the one in the cell of the time must not
// contradict the other.
func (c Cells) zone(words string) (*time.Location, error) {
	var beside *time.Location
	if words != "" {
		var err error
		if beside, err = ZoneOf(words); err != nil && strings.TrimSpace(c.Zone) == "" {
			return nil, err
		}
	}
	if strings.TrimSpace(c.Zone) == "" && beside != nil {
		return beside, nil
	}
	zone, err := ZoneOf(c.Zone)
	if err == nil && beside != nil && beside.String() != zone.String() {
		return nil, Contradicted
	}
	return zone, err
}

// begin finds the first day of the rule from a day on. Where that day was told,
// it must be one of the rule's.
func (r *Rule) begin(from Wall, told bool) (Wall, []Assumption, error) {
	var assumed []Assumption
	nth := r.Frequency == Monthly && len(r.MonthDays) == 0 && slices.ContainsFunc(r.Days, func(d Day) bool { return d.Nth == 0 })
	if r.Frequency == Yearly && !told {
		return 0, nil, Missing
	}
	if r.Frequency == Yearly { // the day told is the day of the year
		return from, nil, nil
	}
	for day := from; day < from.AddDays(62); day = day.AddDays(1) {
		if !r.matcher(day)(day) {
			if told {
				return 0, nil, Contradicted
			}
			continue
		}
		if nth {
			_, _, d := day.Date()
			n := (d-1)/7 + 1
			if n == 5 {
				n = -1
			}
			for i := range r.Days {
				r.Days[i].Nth = n
			}
			if !told {
				assumed = append(assumed, AssumedNth)
			}
		}
		if r.Interval > 1 && !told {
			assumed = append(assumed, map[Frequency]Assumption{Weekly: AssumedWeek, Monthly: AssumedMonth, Daily: AssumedWeek}[r.Frequency])
		}
		return day, assumed, nil
	}
	return 0, nil, Unknown
}

// together makes a rule of what the cells of day and frequency say.
func together(day, frequency phrase) (Rule, Cell, error) {
	r := Rule{Frequency: frequency.unit, Interval: max(frequency.every, 1), WeekStart: time.Monday}
	weekdays, nths := day.weekdays, day.nths
	if r.Frequency == 0 {
		r.Frequency, r.Interval = day.unit, max(day.every, 1)
	}
	if a := frequency.after; a != nil {
		if len(weekdays) > 0 && !slices.Equal(weekdays, []time.Weekday{a.weekday}) {
			return Rule{}, FrequencyCell, Contradicted
		}
		return a.rule(), "", nil
	}
	if len(frequency.weekdays) > 0 {
		if len(weekdays) > 0 && !slices.Equal(weekdays, frequency.weekdays) {
			return Rule{}, FrequencyCell, Contradicted
		}
		weekdays = frequency.weekdays
	}
	if len(frequency.nths) > 0 {
		if len(nths) > 0 && !slices.Equal(nths, frequency.nths) {
			return Rule{}, FrequencyCell, Contradicted
		}
		nths = frequency.nths
	}
	if len(nths) > 0 {
		switch r.Frequency {
		case 0:
			r.Frequency = Monthly
		case Daily, Weekly:
			return Rule{}, FrequencyCell, Contradicted
		}
	}
	switch {
	case r.Frequency == 0:
		return Rule{}, FrequencyCell, Missing
	case len(weekdays) == 0 && (r.Frequency == Weekly || r.Frequency == Monthly):
		return Rule{}, DayCell, Missing
	case r.Frequency == Yearly:
		return r, "", nil
	}
	for _, w := range weekdays {
		if len(nths) == 0 {
			r.Days = append(r.Days, Day{Weekday: w})
		}
		for _, n := range nths {
			r.Days = append(r.Days, Day{Weekday: w, Nth: n})
		}
	}
	return r.tidy(), "", nil
}

// clockPart is a time of day in a regular expression.
const clockPart = `(\d{1,2}(?:[:.h]\d{2})?|noon|midnight)\s*([ap]\.?m\.?|h|hrs|uhr)?`

var clockText = regexp.MustCompile(`^` + clockPart + `(?:\s*(?:-|–|—|to|until)\s*` + clockPart + `)?(?:\s+(.*))?$`)

// clockOf reads a time of day, or two with the length between them, and returns
// the words behind it. A length that is not told is 0.
func clockOf(text string) (Wall, time.Duration, string, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if text == "" {
		return 0, 0, "", Missing
	}
	m := clockText.FindStringSubmatch(text)
	if len(text) > 200 || m == nil {
		return 0, 0, "", Unknown
	}
	half, second := strings.ReplaceAll(m[2], ".", ""), strings.ReplaceAll(m[4], ".", "")
	given := half
	if m[3] != "" && half == "" {
		half = second // 9–10 AM
	}
	begin, err := secondsOf(m[1], half)
	if err != nil {
		return 0, 0, "", err
	}
	if m[3] == "" {
		return begin, 0, m[5], nil
	}
	end, err := secondsOf(m[3], second)
	if err != nil {
		return 0, 0, "", err
	}
	if begin >= end && given == "" && second == "pm" { // 11–1 PM
		if begin, err = secondsOf(m[1], "am"); err != nil {
			return 0, 0, "", err
		}
	}
	if end <= begin {
		end += secondsOfDay // over midnight
	}
	return begin, time.Duration(end-begin) * time.Second, m[5], nil
}

func secondsOf(text, half string) (Wall, error) {
	switch text {
	case "noon":
		return 12 * 3600, nil
	case "midnight":
		return 0, nil
	}
	h, m, minutes := strings.Cut(strings.NewReplacer(".", ":", "h", ":").Replace(text), ":")
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi("0" + m)
	switch {
	case minute > 59 || hour > 24 || hour == 24 && minute > 0:
		return 0, Unknown
	case half == "am" || half == "pm":
		if hour == 0 || hour > 12 {
			return 0, Unknown
		}
		hour %= 12
		if half == "pm" {
			hour += 12
		}
	case half == "" && !minutes:
		return 0, Ambiguous // a 9 alone may be either
	}
	return Wall(hour%24*3600 + minute*60), nil
}

// TimeOfDay reads a time of day in words, such as "9:00 AM" or "9:30-11:00", as HH:MM
// with the length between two, 0 where there is one. The error is a WordFault.
func TimeOfDay(text string) (clock string, length time.Duration, err error) {
	at, length, _, err := clockOf(text)
	if err != nil {
		return "", 0, err
	}
	hour, minute, _ := (On(2000, 1, 1) + at).Clock()
	return string(appendTwo(append(appendTwo(nil, hour), ':'), minute)), length, nil
}
