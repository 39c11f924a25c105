package intake

import (
	"strings"
	"testing"
)

// A calendar is a row for each series and each single event, with what is otherwise on
// single days in the series' own zone, and a row with the reason for what cannot be used.
func TestEvents(t *testing.T) {
	in := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:a
SEQUENCE:3
SUMMARY:Table
LOCATION:Hall
DTSTART;TZID=America/Chicago:20260106T090000
DTEND;TZID=America/Chicago:20260106T103000
RRULE:FREQ=WEEKLY;BYDAY=TU
EXDATE;TZID=America/Chicago:20260113T090000
RDATE;TZID=America/Chicago:20260116T120000
END:VEVENT
BEGIN:VEVENT
UID:a
SUMMARY:Table | away
RECURRENCE-ID;TZID=America/Chicago:20260120T090000
DTSTART:20260121T160000Z
DURATION:PT1H
LOCATION:Hall
END:VEVENT
BEGIN:VEVENT
UID:a
RECURRENCE-ID;TZID=America/Chicago:20260127T090000
DTSTART;TZID=America/Chicago:20260127T090000
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:b
SUMMARY:Local
DTSTART:20260601T090000
DURATION:PT1H
END:VEVENT
BEGIN:VEVENT
UID:c
SUMMARY:No day
END:VEVENT
BEGIN:VEVENT
UID:d
SUMMARY:One of a series elsewhere
RECURRENCE-ID:20260701T090000Z
DTSTART:20260702T090000Z
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	f := opened(t, []byte(in), Options{Name: "team.ics"})
	if f.Format != ICalendar || len(f.Notes) != 0 {
		t.Errorf("%s %+v", f.Format, f.Notes)
	}
	want := []string{
		"Table|2026-01-06|09:00|90|America/Chicago|FREQ=WEEKLY;BYDAY=TU|2026-01-13 −\n2026-01-16 + 12:00\n2026-01-20 → 2026-01-21 10:00 60 | Table / away\n2026-01-27 ×|Hall||||3|a|",
		"Local|2026-06-01|09:00|60|||||||||b|",
		"One of a series elsewhere|2026-07-02|09:00|0|UTC|||||||0|d#2026-07-01T09:00:00|",
		"DTSTART||||||||||||c|no_start",
	}
	want[1] = strings.Replace(want[1], "|||||||||b", "||||||||0|b", 1)
	got := cellsOf(t, f.Tables[0])
	if len(got) != len(want) {
		t.Fatalf("%d rows: %q", len(got), got)
	}
	for n, cells := range got {
		if text := strings.Join(cells, "|"); text != want[n] {
			t.Errorf("row %d is\n%q, not\n%q", n+1, text, want[n])
		}
	}
}
