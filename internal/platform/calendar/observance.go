package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// transition is one change of the clocks of a zone.
type transition struct {
	wall     Wall // what clocks showed when it came
	from, to int  // offsets from UTC in seconds
	name     string
	summer   bool
}

// yearsDefined is how far beyond the beginning a zone is defined where its clocks
// follow no yearly rule; a rule must hold for yearsProven to be believed, as long
// as it takes for all weekdays to fall on all dates.
const (
	yearsDefined = 40
	yearsProven  = 28
)

// transitions lists the changes of a zone from the one that made the time at a
// moment on, through the years defined. The first may be made up where the zone
// has not changed for long.
func transitions(zone *time.Location, since time.Time) []transition {
	at := time.Date(since.UTC().Year(), 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1).In(zone)
	horizon := at.Year() + yearsDefined + 1
	begin, end := zoneBounds(at)
	name, offset := at.Zone()
	first := transition{wall: On(1970, 1, 1), from: offset, to: offset, name: name, summer: at.IsDST()}
	if y := at.Year() - 1; y < 1970 {
		first.wall = On(y, 1, 1)
	}
	if !begin.IsZero() && begin.Year() > 1970 {
		first = change(begin, zone)
	}
	list := []transition{first}
	for !end.IsZero() && end.In(zone).Year() <= horizon {
		// The turn of a year bounds a period, too, and changes nothing.
		if t, before := change(end, zone), list[len(list)-1]; t.to != before.to || t.name != before.name || t.summer != before.summer {
			list = append(list, t)
		}
		_, end = zoneBounds(end.In(zone))
	}
	return list
}

func change(at time.Time, zone *time.Location) transition {
	after := at.In(zone)
	_, from := at.Add(-time.Second).In(zone).Zone()
	name, to := after.Zone()
	return transition{wall: WallOf(at.UTC()) + Wall(from), from: from, to: to, name: name, summer: after.IsDST()}
}

// yearly is a rule by which clocks change once a year.
type yearly struct{ earliest, latest int } // days of the month

// alike tells whether two changes could be of one yearly rule.
func (t transition) alike(o transition) bool {
	_, month, _ := t.wall.Date()
	_, other, _ := o.wall.Date()
	return month == other && t.wall.Weekday() == o.wall.Weekday() && t.wall.secondOfDay() == o.wall.secondOfDay() &&
		t.from == o.from && t.to == o.to && t.name == o.name && t.summer == o.summer
}

// ruled finds where in the list two changes a year begin to follow two rules to
// the end, and these rules; the length of the list where they do not.
func ruled(list []transition) (int, [2]yearly) {
	n := len(list)
	var rules [2]yearly
	if n < 2*yearsProven {
		return n, rules
	}
	k := n
	for k > 0 {
		t, rule := list[k-1], &rules[(k-1)%2]
		year, _, day := t.wall.Date()
		if n-k < 2 {
			*rule = yearly{day, day}
		} else {
			later := list[k+1]
			next, _, _ := later.wall.Date()
			if !t.alike(later) || next != year+1 || max(rule.latest, day)-min(rule.earliest, day) > 6 {
				break
			}
			*rule = yearly{min(rule.earliest, day), max(rule.latest, day)}
		}
		k--
	}
	if n-k < 2*yearsProven {
		return n, rules
	}
	return k, rules
}

// text is the yearly rule of a change as the value of an RRULE.
func (y yearly) text(t transition) string {
	_, month, _ := t.wall.Date()
	day := dayNames[t.wall.Weekday()]
	head := "FREQ=YEARLY;BYMONTH=" + strconv.Itoa(int(month))
	switch {
	case y.earliest == y.latest:
		return head + ";BYMONTHDAY=" + strconv.Itoa(y.earliest)
	case y.earliest%7 == 1:
		return head + ";BYDAY=" + strconv.Itoa(y.earliest/7+1) + day
	case y.latest == daysOfMonth[month] && month != time.February:
		return head + ";BYDAY=-1" + day
	}
	days := make([]string, 7)
	for i := range days {
		days[i] = strconv.Itoa(y.earliest + i)
	}
	return head + ";BYDAY=" + day + ";BYMONTHDAY=" + strings.Join(days, ",")
}

// definition is the VTIMEZONE of a zone from a moment on: its changes one by one
// until they follow a yearly rule, and then the rule. Where they never do, they
// are listed for 40 years. No X- property stands in it, at which some readers stop.
func definition(zone *time.Location, since time.Time) *ical.Component {
	list := transitions(zone, since)
	from, rules := ruled(list)
	c := ical.NewComponent(ical.CompTimezone)
	c.Props["TZID"] = []ical.Prop{{Name: "TZID", Value: escape(zone.String())}}
	type kind struct {
		from, to int
		name     string
		summer   bool
	}
	single := map[kind]*ical.Component{}
	for i, t := range list {
		if i >= from+2 {
			break
		}
		k := kind{t.from, t.to, t.name, t.summer}
		if i >= from {
			o := t.observance()
			o.Props["RRULE"] = []ical.Prop{{Name: "RRULE", Value: rules[i%2].text(t)}}
			c.Children = append(c.Children, o)
		} else if o := single[k]; o != nil {
			o.Props["RDATE"] = append(o.Props["RDATE"], ical.Prop{Name: "RDATE", Value: t.wall.compact()})
		} else {
			single[k] = t.observance()
			c.Children = append(c.Children, single[k])
		}
	}
	return c
}

func (t transition) observance() *ical.Component {
	kind := ical.CompTimezoneStandard
	if t.summer {
		kind = ical.CompTimezoneDaylight
	}
	c := ical.NewComponent(kind)
	put := func(name, value string) { c.Props[name] = []ical.Prop{{Name: name, Value: value}} }
	put("DTSTART", t.wall.compact())
	put("TZOFFSETFROM", offsetText(t.from))
	put("TZOFFSETTO", offsetText(t.to))
	put("TZNAME", escape(t.name))
	return c
}

// offsetText is an offset from UTC as iCalendar writes it.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if s := seconds % 60; s != 0 {
		text += fmt.Sprintf("%02d", s)
	}
	return text
}
