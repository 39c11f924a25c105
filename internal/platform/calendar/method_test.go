package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// unfolded are the lines of a calendar as they were before folding.
func unfolded(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n")
}

// invitation is a weekly meeting in New York over the clock change of March.
func invitation(t *testing.T) Event {
	zone := mustZone(t, "America/New_York")
	return Event{
		UID: "01a21769-e1e4-704e-9faa-f72421faf58b@table.example", Stamp: time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC), Status: Confirmed, Summary: "Data team",
		Series:    Series{Start: At(2026, 3, 3, 9, 0, 0), Zone: zone, Length: time.Hour, Rule: mustRule(t, "FREQ=WEEKLY;COUNT=4", zone), Excluded: []Wall{At(2026, 3, 17, 9, 0, 0)}},
		Organizer: &Party{Name: "Ana Ruiz", Address: "ana@table.example"},
		Attendees: []Attendee{{Party: Party{Name: "Wen Li", Address: "wen@mail.example"}, Role: Required, Reply: NeedsAction, RSVP: true}},
	}
}

// A meeting is announced, changed, one of it moved, and all of it called off:
// the UID stays, the sequence grows, and each part says what it is for.
func TestMethods(t *testing.T) {
	e := invitation(t)
	changed := e
	changed.Sequence, changed.Location = 1, "Room 2"
	moved := e
	moved.Rule, moved.Excluded, moved.Sequence = nil, nil, 2
	moved.Instance, moved.Start = At(2026, 3, 10, 9, 0, 0), At(2026, 3, 11, 10, 0, 0)
	off := changed
	off.Sequence, off.Status = 3, Cancelled
	offOnce := moved
	offOnce.Sequence, offOnce.Status, offOnce.Start = 4, Cancelled, moved.Instance
	for name, c := range map[string]struct {
		method Method
		event  Event
		want   []string
		never  []string
	}{
		"asked":           {Request, e, []string{"METHOD:REQUEST", "SEQUENCE:0", "STATUS:CONFIRMED", "ORGANIZER;CN=Ana Ruiz:mailto:ana@table.example", "ATTENDEE;CN=Wen Li;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:wen@mail.example", "DTSTART;TZID=America/New_York:20260303T090000", "DTEND;TZID=America/New_York:20260303T100000", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=America/New_York:20260317T090000", "DTSTAMP:20260201T120000Z"}, []string{"RECURRENCE-ID"}},
		"changed":         {Request, changed, []string{"METHOD:REQUEST", "SEQUENCE:1", "LOCATION:Room 2"}, []string{"RECURRENCE-ID"}},
		"one moved":       {Request, moved, []string{"METHOD:REQUEST", "SEQUENCE:2", "RECURRENCE-ID;TZID=America/New_York:20260310T090000", "DTSTART;TZID=America/New_York:20260311T100000"}, []string{"RRULE", "EXDATE"}},
		"called off":      {Cancel, off, []string{"METHOD:CANCEL", "SEQUENCE:3", "STATUS:CANCELLED", "ORGANIZER;CN=Ana Ruiz:mailto:ana@table.example", "RRULE:FREQ=WEEKLY;COUNT=4"}, []string{"RECURRENCE-ID"}},
		"one called off":  {Cancel, offOnce, []string{"METHOD:CANCEL", "SEQUENCE:4", "STATUS:CANCELLED", "RECURRENCE-ID;TZID=America/New_York:20260310T090000"}, []string{"RRULE"}},
		"published":       {Publish, e, []string{"METHOD:PUBLISH", "SEQUENCE:0"}, nil},
		"saved as a file": {"", e, []string{"VERSION:2.0"}, []string{"METHOD"}},
	} {
		text := written(t, Calendar{Method: c.method}, c.event)
		lines := unfolded(text)
		for _, want := range append(c.want, "UID:"+e.UID) {
			if !slices.Contains(lines, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, text)
			}
		}
		// The definition of the zone has rules of its own.
		_, event, _ := strings.Cut(strings.Join(lines, "\n"), "BEGIN:VEVENT")
		for _, never := range c.never {
			if strings.Contains(event, "\n"+never) || strings.Contains(strings.Join(lines[:5], "\n"), never) {
				t.Errorf("%s: %q is in\n%s", name, never, text)
			}
		}
		file, err := Read(strings.NewReader(text), nil)
		if err != nil || len(file.Events) != 1 || len(file.Faults) > 0 || file.Method != c.method || file.Events[0].Sequence != c.event.Sequence || file.Events[0].Instance != c.event.Instance {
			t.Errorf("%s: read as %+v, %v", name, file, err)
		}
	}
	if got := TypeOf(Cancel); got != "text/calendar; charset=utf-8; method=CANCEL" {
		t.Error(got)
	}
}

// The definition of a zone is true on both sides of a clock change: each time
// lies at its own offset, also for a reader who knows no names of zones.
func TestZoneDefinitionHoldsOnBothSides(t *testing.T) {
	text := written(t, Calendar{Method: Request}, invitation(t))
	for _, want := range []string{"BEGIN:DAYLIGHT", "BEGIN:STANDARD", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "TZNAME:EDT"} {
		if !slices.Contains(unfolded(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if zone, event := strings.Index(text, "BEGIN:VTIMEZONE"), strings.Index(text, "BEGIN:VEVENT"); zone < 0 || zone > event {
		t.Error("the zone is not defined before it is used")
	}
	unnamed := strings.ReplaceAll(text, "America/New_York", "Our clocks")
	file, err := Read(strings.NewReader(unnamed), nil)
	if err != nil || len(file.Events) != 1 || len(file.Faults) > 0 {
		t.Fatalf("%+v %v", file, err)
	}
	want := []string{"2026-03-03T09:00 2026-03-03T14:00", "2026-03-10T09:00 2026-03-10T13:00", "2026-03-24T09:00 2026-03-24T13:00"}
	if got := told(between(t, file.Events[0].Series, On(2026, 1, 1), On(2027, 1, 1))); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Answers are read: our own, and as Google and Outlook write them.
func TestAnswersAreRead(t *testing.T) {
	e := invitation(t)
	e.Sequence, e.Comment, e.Rule, e.Excluded = 2, "Ten minutes late", nil, nil
	e.Instance = At(2026, 3, 10, 9, 0, 0)
	e.Start = e.Instance
	e.Attendees[0].Reply, e.Attendees[0].RSVP = Accepted, false
	file, err := Read(strings.NewReader(written(t, Calendar{Method: Answer}, e)), nil)
	if err != nil || len(file.Faults) > 0 {
		t.Fatal(err, file.Faults)
	}
	want := Answered{UID: e.UID, Sequence: 2, Stamp: e.Stamp, Instance: time.Date(2026, 3, 10, 13, 0, 0, 0, time.UTC), Who: e.Attendees[0], Comment: "Ten minutes late"}
	if got := file.Answers(); len(got) != 1 || got[0] != want {
		t.Errorf("answers %+v, want %+v", got, want)
	}
	// A request holds no answers, though its attendees have states.
	request, _ := Read(strings.NewReader(written(t, Calendar{Method: Request}, e)), nil)
	if got := request.Answers(); got != nil {
		t.Errorf("answers in a request: %+v", got)
	}
	for name, c := range map[string]struct {
		text  string
		reply Reply
		at    string
	}{
		"without a start": {"DTSTAMP:20260201T120000Z\r\nUID:u@x\r\nATTENDEE;PARTSTAT=DECLINED:MAILTO:Wen@mail.example", Declined, ""},
		"of one time":     {"UID:u@x\r\nDTSTAMP:20260201T120000Z\r\nRECURRENCE-ID;TZID=\"(UTC-05:00) Eastern Time (US & Canada)\":20260310T090000\r\nDTSTART;TZID=Eastern Standard Time:20260310T090000\r\nATTENDEE;CN=\"Li, Wen\";PARTSTAT=TENTATIVE:mailto:wen@mail.example", Maybe, "2026-03-10T13:00:00Z"},
		"a time in UTC":   {"UID:u@x\r\nRECURRENCE-ID:20260310T130000Z\r\nATTENDEE;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:mailto:wen@mail.example", Accepted, "2026-03-10T13:00:00Z"},
		"unknown word":    {"UID:u@x\r\nATTENDEE;PARTSTAT=PERHAPS:mailto:wen@mail.example", "", ""},
	} {
		file, err := Read(strings.NewReader("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"+c.text+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"), nil)
		answers := file.Answers()
		if err != nil || len(answers) != 1 {
			t.Errorf("%s: %v %+v %+v", name, err, answers, file.Faults)
			continue
		}
		got := answers[0]
		at := ""
		if !got.Instance.IsZero() {
			at = stamp(got.Instance)
		}
		if got.UID != "u@x" || !strings.EqualFold(got.Who.Address, "wen@mail.example") || got.Who.Reply != c.reply || at != c.at {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Lines are folded at 75 octets, between characters, and come together again.
func TestFolding(t *testing.T) {
	for _, piece := range []string{"a", "é", "日", "😀", "a\u0301"} {
		for n := 60; n < 160; n++ {
			summary := strings.Repeat(piece, n)
			e := Event{UID: "u", Summary: summary, Series: Series{Start: On(2026, 1, 1)}}
			text := written(t, Calendar{}, e)
			for _, line := range strings.Split(text, "\r\n") {
				if len(line) > 75 || !utf8.ValidString(line) {
					t.Fatalf("a line of %d octets: %q", len(line), line)
				}
			}
			if !slices.Contains(unfolded(text), "SUMMARY:"+summary) {
				t.Fatalf("%d of %q are folded to\n%s", n, piece, text)
			}
		}
	}
	if got := string(fold([]byte("A:" + strings.Repeat("x", 73) + "\r\n"))); strings.Contains(got, "\r\n ") {
		t.Errorf("75 octets are folded: %q", got)
	}
}

// What iCalendar has a meaning for is escaped, once.
func TestEscaping(t *testing.T) {
	e := Event{UID: "u", Summary: `a;b,c\d:e"f`, Description: "one\r\ntwo\rthree", Categories: []string{"x,y", "z"}, Series: Series{Start: On(2026, 1, 1)}, Organizer: &Party{Name: `A "B"; C: D, E`, Address: "a@x\r\nATTENDEE:mailto:y@z"}}
	lines := unfolded(written(t, Calendar{}, e))
	for _, want := range []string{`SUMMARY:a\;b\,c\\d:e"f`, `DESCRIPTION:one\ntwo\nthree`, `CATEGORIES:x\,y,z`, `ORGANIZER;CN="A B; C: D, E":mailto:a@xATTENDEE:mailto:y@z`} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not in %q", want, lines)
		}
	}
}
