package calendar

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// FuzzRead gives the reader files of all kinds: none stops it, all that is read
// can be written, and what was written is read back the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(calendarOf(eventOf("UID:1", "DTSTART;TZID=America/New_York:20401231T023000", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;UNTIL=20501231T235959Z", "EXDATE;VALUE=DATE:20410101", "SUMMARY:a\\, b"))))
	f.Add([]byte(calendarOf("METHOD:REPLY", eventOf("UID:1", "RECURRENCE-ID;TZID=Romance Standard Time:20261025T023000", `ATTENDEE;CN="a^nb";PARTSTAT=ACCEPTED:mailto:x@y.example`))))
	f.Add([]byte(calendarOf("X-WR-TIMEZONE:Europe/Berlin", eventOf("DTSTART;VALUE=DATE:20261024", "RRULE:FREQ=YEARLY", "RDATE:20261101T000000", "CATEGORIES:a,b\\,c"))))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:16010101T000000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=x:20260701T090000\nEND:VEVENT"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := Read(strings.NewReader(string(raw)), nil)
		if err != nil {
			if !errors.Is(err, ErrNotCalendar) {
				t.Fatal(err)
			}
			return
		}
		file.Answers()
		for _, e := range file.Events {
			if e.Start.IsZero() {
				continue // an answer or a cancellation
			}
			if err := e.Check(); err != nil {
				t.Fatalf("%v of %+v", err, e)
			}
			list, _, err := e.Between(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2042, 1, 1, 0, 0, 0, 0, time.UTC), 100)
			if err != nil || len(list) > 100 || !slices.IsSortedFunc(list, func(a, b Occurrence) int { return a.Start.Compare(b.Start) }) {
				t.Fatalf("%d times, %v", len(list), err)
			}
			var b strings.Builder
			if err := Write(&b, Calendar{}, []Event{e}); err != nil {
				if errors.Is(err, ErrUID) {
					continue
				}
				t.Fatalf("%v of %+v", err, e)
			}
			again := mustRead(t, b.String())
			if len(again.Events) != 1 || len(again.Faults) > 0 {
				t.Fatalf("%+v of\n%s", again, b.String())
			}
			if diff := cmp.Diff(told(list), told(mustList(t, again.Events[0]))); diff != "" {
				t.Fatalf("%s\nof\n%s", diff, b.String())
			}
		}
	})
}

func mustList(t *testing.T, e Event) []Occurrence {
	t.Helper()
	list, _, err := e.Between(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2042, 1, 1, 0, 0, 0, 0, time.UTC), 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// FuzzRule gives rules of all kinds: one that is taken says the same when it is
// written and read again, and has its times in order, the start first.
func FuzzRule(f *testing.F) {
	for _, text := range []string{"FREQ=DAILY;COUNT=10000", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "FREQ=MONTHLY;BYDAY=-1SU,2TU;UNTIL=20401231T235959Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29,-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "FREQ=YEARLY;BYDAY=53MO;INTERVAL=1000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		zone := mustZone(t, "America/New_York")
		rule, err := ParseRule(text, zone)
		if err != nil {
			var fault RuleFault
			if !errors.As(err, &fault) || !slices.Contains(RuleFaults, fault) {
				t.Fatalf("%v", err)
			}
			return
		}
		again, err := ParseRule(rule.Text(zone, false), zone)
		if err != nil || again.Text(zone, false) != rule.Text(zone, false) {
			t.Fatalf("%q is written as %q: %v", text, rule.Text(zone, false), err)
		}
		s := Series{Start: At(2039, 12, 31, 2, 30, 0), Zone: zone, Length: time.Hour, Rule: &rule}
		if say := rule.Say(s.Start); !slices.Contains(Patterns, say.Pattern) {
			t.Fatalf("said as %+v", say)
		}
		list, _, err := s.Between(time.Date(2039, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2042, 1, 1, 0, 0, 0, 0, time.UTC), 500)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range list {
			if i > 0 && !list[i-1].Start.Before(o.Start) || o.Original < s.Start {
				t.Fatalf("%q: %q", text, told(list))
			}
		}
	})
}
