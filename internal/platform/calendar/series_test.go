package calendar

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// told lists times as local time and the moment in UTC.
func told(list []Occurrence) []string {
	var out []string
	for _, o := range list {
		out = append(out, o.Local.String()[:16]+" "+stamp(o.Start)[:16])
	}
	return out
}

func between(t *testing.T, s Series, from, to Wall) []Occurrence {
	t.Helper()
	list, more, err := s.Between(from.In(s.zone()), to.In(s.zone()), 0)
	if err != nil || more {
		t.Fatal(err, more)
	}
	return list
}

// A meeting of a series is moved, another called off, one added, one left out;
// the clocks change between, and nine o'clock stays nine o'clock.
func TestExceptions(t *testing.T) {
	zone := mustZone(t, "America/New_York")
	s := Series{
		Start: At(2026, 2, 24, 9, 0, 0), Zone: zone, Length: time.Hour, Rule: mustRule(t, "FREQ=WEEKLY;COUNT=6", zone),
		Added:    []Wall{At(2026, 3, 5, 14, 0, 0)},
		Excluded: []Wall{At(2026, 3, 17, 9, 0, 0)},
		Changed: []Change{
			{Original: At(2026, 3, 3, 9, 0, 0), Start: At(2026, 3, 4, 15, 0, 0), Zone: mustZone(t, "Europe/Berlin"), Length: 2 * time.Hour},
			{Original: At(2026, 3, 24, 9, 0, 0), Cancelled: true},
		},
	}
	want := []string{"2026-02-24T09:00 2026-02-24T14:00", "2026-03-04T15:00 2026-03-04T14:00", "2026-03-05T14:00 2026-03-05T19:00", "2026-03-10T09:00 2026-03-10T13:00", "2026-03-31T09:00 2026-03-31T13:00"}
	list := between(t, s, On(2026, 1, 1), On(2026, 12, 1))
	if got := told(list); !slices.Equal(got, want) {
		t.Errorf("times %q, want %q", got, want)
	}
	if moved := list[1]; moved.Change != 0 || moved.Original != At(2026, 3, 3, 9, 0, 0) || moved.End.Sub(moved.Start) != 2*time.Hour {
		t.Errorf("moved %+v", moved)
	}
	if list[0].Change != -1 {
		t.Errorf("a time that was not changed is %+v", list[0])
	}
	// A time is where it begins now: not in the week it was moved away from.
	if got := told(between(t, s, On(2026, 3, 3), On(2026, 3, 4))); len(got) != 0 {
		t.Errorf("on the day it was moved from: %q", got)
	}
	if got := told(between(t, s, On(2026, 3, 4), On(2026, 3, 5))); !slices.Equal(got, want[1:2]) {
		t.Errorf("on the day it was moved to: %q", got)
	}
}

// An exception may itself change: moved again, called off after it was moved,
// brought back, or left out with its series.
func TestExceptionsOfExceptions(t *testing.T) {
	zone := mustZone(t, "Europe/Berlin")
	third := At(2026, 10, 20, 9, 0, 0)
	series := Event{UID: "s", Series: Series{Start: At(2026, 10, 13, 9, 0, 0), Zone: zone, Length: time.Hour, Rule: mustRule(t, "FREQ=WEEKLY;COUNT=3", zone)}}
	about := func(sequence int, start Wall, status Status) Event {
		return Event{UID: "s", Sequence: sequence, Status: status, Instance: third, Series: Series{Start: start, Zone: zone, Length: time.Hour}}
	}
	moved, again := At(2026, 10, 21, 9, 0, 0), At(2026, 10, 22, 9, 0, 0)
	stranger := about(9, At(2026, 10, 23, 9, 0, 0), Confirmed)
	stranger.UID = "other"
	first, last := "2026-10-13T09:00 2026-10-13T07:00", "2026-10-27T09:00 2026-10-27T08:00"
	for name, c := range map[string]struct {
		others   []Event
		excluded []Wall
		want     []string
	}{
		"moved":                      {[]Event{about(1, moved, Confirmed)}, nil, []string{first, "2026-10-21T09:00 2026-10-21T07:00", last}},
		"moved twice":                {[]Event{about(1, moved, Confirmed), about(2, again, Confirmed)}, nil, []string{first, "2026-10-22T09:00 2026-10-22T07:00", last}},
		"told in the wrong order":    {[]Event{about(2, again, Confirmed), about(1, moved, Confirmed)}, nil, []string{first, "2026-10-22T09:00 2026-10-22T07:00", last}},
		"moved and then called off":  {[]Event{about(1, moved, Confirmed), about(2, moved, Cancelled)}, nil, []string{first, last}},
		"called off and then on":     {[]Event{about(1, third, Cancelled), about(2, third, Confirmed)}, nil, []string{first, "2026-10-20T09:00 2026-10-20T07:00", last}},
		"moved and left out":         {[]Event{about(1, moved, Confirmed)}, []Wall{third}, []string{first, last}},
		"of another series":          {[]Event{stranger}, nil, []string{first, "2026-10-20T09:00 2026-10-20T07:00", last}},
		"moved onto another's place": {[]Event{about(1, At(2026, 10, 27, 9, 0, 0), Confirmed)}, nil, []string{first, last, last}},
	} {
		e := series
		e.Excluded = c.excluded
		if got := told(between(t, Together(e, c.others), On(2026, 10, 1), On(2026, 12, 1))); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// In the hour that is missing a meeting begins an hour later, in the one that
// comes twice it is the first; an exception names it either way.
func TestClockChanges(t *testing.T) {
	zone := mustZone(t, "America/New_York")
	s := Series{Start: At(2026, 3, 7, 2, 30, 0), Zone: zone, Length: time.Hour, Rule: mustRule(t, "FREQ=DAILY;COUNT=3", zone)}
	want := []string{"2026-03-07T02:30 2026-03-07T07:30", "2026-03-08T03:30 2026-03-08T07:30", "2026-03-09T02:30 2026-03-09T06:30"}
	if got := told(between(t, s, On(2026, 3, 1), On(2026, 4, 1))); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, name := range []Wall{At(2026, 3, 8, 2, 30, 0), At(2026, 3, 8, 3, 30, 0)} {
		s.Excluded = []Wall{name}
		if got := told(between(t, s, On(2026, 3, 1), On(2026, 4, 1))); !slices.Equal(got, []string{want[0], want[2]}) {
			t.Errorf("without %s: %q", name, got)
		}
	}
	twice := Series{Start: At(2026, 11, 1, 1, 30, 0), Zone: zone, Length: time.Hour}
	if got := told(between(t, twice, On(2026, 11, 1), On(2026, 11, 2))); !slices.Equal(got, []string{"2026-11-01T01:30 2026-11-01T05:30"}) {
		t.Errorf("twice %q", got)
	}
}

// Every hour of the turn of every year is found, also beyond the tables of
// zones, and on 31 December of leap years.
func TestFarYears(t *testing.T) {
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata", "America/Santiago"} {
		zone := mustZone(t, name)
		for year := 2030; year <= lastYear; year++ {
			for w := At(year, 12, 29, 0, 30, 0); w < At(year+1, 1, 3, 0, 0, 0); w = w.Add(time.Hour) {
				year, month, day := w.Date()
				hour, minute, _ := w.Clock()
				// No clock changes in these days, so that the standard library is no doubt right.
				if got, want := w.In(zone), time.Date(year, month, day, hour, minute, 0, 0, zone); !got.Equal(want) {
					t.Fatalf("%s in %s is %s, want %s", w, name, got, want)
				}
			}
		}
	}
}

// Whatever a rule says, the work has an end: endless rules, huge counts, rules
// that hardly ever happen, and the end of all years.
func TestEndlessRules(t *testing.T) {
	zone := mustZone(t, "America/New_York")
	endless := Series{Start: At(1900, 1, 1, 9, 0, 0), Zone: zone, Length: time.Hour, Rule: mustRule(t, "FREQ=DAILY", zone)}
	list, more, err := endless.Between(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), 0)
	if err != nil || !more || len(list) != MaxOccurrences {
		t.Errorf("%d times, more %v, %v", len(list), more, err)
	}
	list, more, err = endless.Between(time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), 5)
	if err != nil || !more || len(list) != 5 || list[0].Local != At(2150, 1, 1, 9, 0, 0) {
		t.Errorf("%q, more %v, %v", told(list), more, err)
	}
	if _, ends := endless.Last(); ends {
		t.Error("an endless rule has a last time")
	}
	rare := endless
	rare.Rule = mustRule(t, "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29;COUNT=10000", zone)
	if got := between(t, rare, On(2000, 1, 1), On(2199, 1, 1)); len(got) != 0 {
		t.Errorf("rare %q", told(got))
	}
	counted := endless
	counted.Rule = mustRule(t, "FREQ=DAILY;COUNT=10000", zone)
	if last, ends := counted.Last(); !ends || last != endless.Start.AddDays(9999) {
		t.Errorf("the last of 10,000 is %s, %v", last, ends)
	}
	for text, want := range map[string]RuleFault{
		"FREQ=DAILY;COUNT=10001": RuleOutOfRange, "FREQ=DAILY;COUNT=99999999999999999999": RuleOutOfRange, "FREQ=DAILY;COUNT=0": RuleOutOfRange, "FREQ=DAILY;COUNT=-1": RuleOutOfRange,
		"FREQ=DAILY;INTERVAL=0": RuleOutOfRange, "FREQ=DAILY;INTERVAL=1001": RuleOutOfRange, "FREQ=SECONDLY": RuleTooFrequent, "FREQ=HOURLY;INTERVAL=24": RuleTooFrequent,
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": RuleNeverHappens, "FREQ=DAILY;COUNT=2;UNTIL=20270101": RuleTwoEnds, "FREQ=DAILY;FREQ=DAILY": RuleMalformed, "FREQ=WEEKLY;BYWEEKNO=3": RuleUnsupported,
		"FREQ=MONTHLY;BYSETPOS=1": RuleNeedsPosition, "": RuleMalformed, "FREQ=": RuleMalformed, "FREQ=WEEKLY;BYDAY=1MO": RuleMalformed, "FREQ=MONTHLY;BYDAY=6MO": RuleOutOfRange,
		"FREQ=MONTHLY;BYMONTHDAY=" + strings.Repeat("1,", 64) + "1": RuleOutOfRange, "FREQ=DAILY;X=" + strings.Repeat("1", longestRule): RuleOutOfRange, "FREQ=DAILY;UNTIL=20270230": RuleMalformed,
	} {
		if _, err := ParseRule(text, zone); !errors.Is(err, want) {
			t.Errorf("%.60s: %v, want %v", text, err, want)
		}
	}
	if _, _, err := endless.Between(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 0); !errors.Is(err, ErrSpan) {
		t.Errorf("an empty span: %v", err)
	}
}
