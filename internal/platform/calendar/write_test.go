package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func written(t rapid.TB, head Calendar, events ...Event) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, head, events); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// example is an event with everything an event can have.
func example(t testing.TB) Event {
	zone := mustZone(t, "America/New_York")
	return Event{
		UID: "01a21769-e1e4-704e-9faa-f72421faf58b@table.example", Sequence: 3, Stamp: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Created: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), Modified: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Status: Confirmed,
		Summary: "Leadership table; spring, 2026", Description: "First line\nsecond \\n line; with, signs", Location: "Town hall, room 2", URL: "https://table.example/m/1", Categories: []string{"Table", "a,b;c"}, Comment: "Bring a friend",
		Series: Series{Start: At(2026, 3, 1, 2, 30, 0), Zone: zone, Length: 90 * time.Minute, Rule: mustRule(t, "FREQ=WEEKLY;UNTIL=20261108T120000Z", zone),
			Excluded: []Wall{At(2026, 3, 15, 2, 30, 0)}, Added: []Wall{At(2026, 3, 18, 9, 0, 0)}},
		Organizer: &Party{Name: `Ana "Ani" Ruiz, chair`, Address: "ana@table.example"},
		Attendees: []Attendee{
			{Party: Party{Name: "Wen; Li: x", Address: "wen@mail.example"}, Role: Required, Reply: NeedsAction, RSVP: true},
			{Party: Party{Address: "bo@mail.example"}, Role: Optional, Reply: Accepted},
		},
	}
}

// What is written is read back as it was.
func TestWrittenIsReadBack(t *testing.T) {
	e := example(t)
	moved := Event{UID: e.UID, Sequence: 4, Stamp: e.Stamp, Status: Tentative, Summary: "Moved", Series: Series{Start: At(2026, 11, 3, 10, 0, 0), Zone: e.Zone, Length: time.Hour}, Instance: At(2026, 11, 1, 2, 30, 0)}
	day := Event{UID: "day", Stamp: e.Stamp, Status: Cancelled, Summary: "Retreat", Series: Series{Start: On(2026, 10, 24), AllDay: true, Length: 48 * time.Hour, Rule: mustRule(t, "FREQ=YEARLY;UNTIL=20301024", time.UTC), Excluded: []Wall{On(2027, 10, 24)}}}
	universal := Event{UID: "utc", Stamp: e.Stamp, Series: Series{Start: At(2026, 10, 24, 9, 0, 0), Zone: time.UTC, Length: time.Hour}}
	head := Calendar{Method: Request, Name: "Table; all", Description: "a,b", Zone: e.Zone, Refresh: time.Hour}
	text := written(t, head, e, moved, day, universal)
	file, err := Read(strings.NewReader(text), nil)
	if err != nil || len(file.Faults) > 0 {
		t.Fatalf("%v %+v\n%s", err, file.Faults, text)
	}
	e.Organizer.Name = "Ana Ani Ruiz, chair" // a parameter has no quotation marks
	sameZone := cmp.Comparer(func(a, b *time.Location) bool {
		return a == b || a != nil && b != nil && a.String() == b.String()
	})
	if diff := cmp.Diff([]Event{e, moved, day, universal}, file.Events, sameZone); diff != "" {
		t.Errorf("events:\n%s", diff)
	}
	if diff := cmp.Diff(head, file.Calendar, sameZone); diff != "" {
		t.Errorf("calendar:\n%s", diff)
	}
	for _, want := range []string{"METHOD:REQUEST\r\n", "VERSION:2.0\r\n", "RSVP=TRUE", "PARTSTAT=NEEDS-ACTION", "ROLE=OPT-PARTICIPANT", "SEQUENCE:3\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT60M\r\n", "X-WR-CALNAME:Table\\; all\r\n", "DTSTART;VALUE=DATE:20261024\r\n", "DTEND;VALUE=DATE:20261026\r\n", "UNTIL=20301024\r\n", "DTSTART:20261024T090000Z\r\n"} {
		if !strings.Contains(strings.ReplaceAll(text, "\r\n ", ""), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Count(text, "BEGIN:VTIMEZONE") != 1 {
		t.Errorf("zones are not defined once:\n%s", text)
	}
	if got := TypeOf(Request); got != "text/calendar; charset=utf-8; method=REQUEST" {
		t.Error(got)
	}
}

// Definitions of zones are short where a yearly rule says it all, and true where
// none does.
func TestZonesAreDefined(t *testing.T) {
	for zone, want := range map[string][]string{
		"America/New_York": {"FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"},
		"Europe/Berlin":    {"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"},
		"Australia/Sydney": {"FREQ=YEARLY;BYMONTH=4;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"},
		"Asia/Jerusalem":   {"FREQ=YEARLY;BYMONTH=3;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"},
		"Asia/Kolkata":     nil,
	} {
		list := transitions(mustZone(t, zone), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
		from, rules := ruled(list)
		var got []string
		for i := from; i < min(from+2, len(list)); i++ {
			got = append(got, rules[i%2].text(list[i]))
		}
		slices.SortFunc(got, func(a, b string) int { return strings.Compare(a[:21], b[:21]) })
		slices.SortFunc(want, func(a, b string) int { return strings.Compare(a[:21], b[:21]) })
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", zone, got, want)
		}
	}
}

// Another library reads our calendars and finds each time at the same moment,
// by the definition of the zone that we wrote.
func TestAnotherLibraryReadsWhatWeWrite(t *testing.T) {
	type told struct {
		UID, Summary, Description, Location, Status string
		Start, End                                  any
		Instance                                    []string
		Times                                       [][]string
		Attendees                                   [][]string
		Names                                       []string
	}
	o := askOracle(t)
	times := 0
	// Before an n, the other library takes an escaped backslash for a line end.
	for _, name := range append(slices.Clone(zoneNames().names), "Asia/Gaza", "America/Caracas", "Antarctica/Troll") {
		zone := mustZone(t, name)
		for i, year := range []int{2026, 1999} {
			if i > 0 && len(name)%3 > 0 {
				continue // a third is enough of the past
			}
			var events []Event
			for i, clock := range []Wall{9 * 3600, 2*3600 + 30*60, 30 * 60} {
				start := On(year, 3, 1) + clock
				events = append(events, Event{UID: fmt.Sprintf("%d@x", i), Summary: "Größe; a,b\nc\\x", Series: Series{Start: start, Zone: zone, Length: time.Hour,
					Rule: mustRule(t, fmt.Sprintf("FREQ=DAILY;INTERVAL=%d", 1+i), zone), Excluded: []Wall{start.AddDays(6)}, Added: []Wall{start.AddDays(1).Add(5 * time.Hour)}}})
			}
			text := written(t, Calendar{}, events...)
			from, to := On(year, 3, 1), On(year+1, 4, 10)
			answer := ask[[]told](o, map[string]any{"ask": "read", "text": text, "from": from.String(), "to": to.String()})
			if len(answer) != len(events) {
				t.Fatalf("%s: %d events", name, len(answer))
			}
			for i, e := range events {
				if answer[i].Summary != e.Summary {
					t.Errorf("summary %q, want %q", answer[i].Summary, e.Summary)
				}
				if isUTC(zone) {
					continue
				}
				list, _, err := e.Between(from.In(zone), to.In(zone), 0)
				if err != nil {
					t.Fatal(err)
				}
				have := map[string]bool{}
				for _, x := range list {
					have[stamp(x.Start)] = true
				}
				want := map[string]bool{}
				for _, pair := range answer[i].Times {
					want[pair[0]] = true
					if pair[0] != pair[1] && name != "Europe/Dublin" {
						t.Logf("%s: the two readers differ: %q", name, pair)
					}
				}
				times += len(want)
				if diff := cmp.Diff(want, have); diff != "" {
					t.Errorf("%s %d, event %d:\n%.600s\n%s", name, year, i, diff, text)
				}
			}
		}
	}
	if times < 100_000 {
		t.Errorf("only %d times compared", times)
	}
	t.Logf("%d times compared", times)

	// And the event with everything.
	e := example(t)
	e.Description = strings.ReplaceAll(e.Description, `\n`, `\x`)
	moved := Event{UID: e.UID, Series: Series{Start: At(2026, 11, 1, 0, 30, 0), Zone: e.Zone, Length: 2 * time.Hour}, Instance: At(2026, 3, 8, 2, 30, 0)}
	answer := ask[[]told](o, map[string]any{"ask": "read", "text": written(t, Calendar{Method: Request}, e, moved), "from": "2026-01-01T00:00:00", "to": "2027-01-01T00:00:00"})
	if got := answer[0]; got.Description != e.Description || got.Location != e.Location || got.Status != "CONFIRMED" ||
		!slices.Equal(got.Attendees[0], []string{"mailto:wen@mail.example", "Wen; Li: x", "NEEDS-ACTION"}) {
		t.Errorf("read as %+v", got)
	}
	// 8 March, 02:30 in New York does not exist: 03:30, which is 07:30 in UTC. The
	// moved meeting ends at 01:30, for the second time.
	if got := answer[1]; got.Instance[0] != "2026-03-08T07:30:00Z" || fmt.Sprint(got.Start) != "[2026-11-01T04:30:00Z 2026-11-01T04:30:00Z]" || fmt.Sprint(got.End) != "[2026-11-01T06:30:00Z 2026-11-01T06:30:00Z]" {
		t.Errorf("read as %+v", got)
	}
}

// nasty are texts that would begin properties of their own, if they could.
func nasty() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{"\r\n", "\n", "\r", "\u0085", "\u2028", "BEGIN:VEVENT", "END:VCALENDAR", "ATTENDEE:mailto:x@y.example", ";", ",", ":", `"`, `\`, `\n`, "=", " ", "\t", "\x00", "\x7f", "é", "日本", "😀", "a", "\xff", "^n", "mailto:"})
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
		return text + rapid.StringN(0, 20, 60).Draw(t, "more")
	})
}

// Whatever stands in an event, another reader finds the properties we meant and
// no others, and the texts as they were but for control characters.
func TestNothingIsInjected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := nasty()
		e := Event{UID: "u" + text.Draw(t, "uid"), Summary: text.Draw(t, "summary"), Description: text.Draw(t, "description"), Location: text.Draw(t, "location"), URL: text.Draw(t, "url"),
			Status: Status(text.Draw(t, "status")), Categories: []string{text.Draw(t, "category")}, Comment: text.Draw(t, "comment"),
			Series:    Series{Start: On(2026, 1, 1), Zone: time.UTC},
			Organizer: &Party{Name: text.Draw(t, "organizer"), Address: text.Draw(t, "address")},
			Attendees: []Attendee{{Party: Party{Name: text.Draw(t, "name"), Address: text.Draw(t, "to")}, Role: Role(text.Draw(t, "role")), Reply: Reply(text.Draw(t, "reply")), RSVP: true}}}
		out := written(t, Calendar{Method: Method(text.Draw(t, "method")), Name: text.Draw(t, "calendar"), Description: text.Draw(t, "about")}, e)
		for line := range strings.SplitSeq(strings.TrimSuffix(out, "\r\n"), "\r\n") {
			if len(line) > longestLine || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00\x7f\u0085\u2028") {
				t.Fatalf("a line of %d octets: %q", len(line), line)
			}
		}
		read, err := ical.NewDecoder(strings.NewReader(out)).Decode()
		if err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		if len(read.Children) != 1 || len(read.Children[0].Children) != 0 {
			t.Fatalf("%d components in\n%s", len(read.Children), out)
		}
		allowed := map[string]int{"UID": 1, "DTSTAMP": 1, "SEQUENCE": 1, "DTSTART": 1, "STATUS": 1, "SUMMARY": 1, "DESCRIPTION": 1, "LOCATION": 1, "URL": 1, "COMMENT": 1, "CATEGORIES": 1, "ORGANIZER": 1, "ATTENDEE": 1}
		props := read.Children[0].Props
		for name, list := range props {
			if len(list) > allowed[name] {
				t.Fatalf("%d of %s in\n%s", len(list), name, out)
			}
		}
		for name, list := range read.Props {
			if len(list) != 1 || !slices.Contains([]string{"VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}, name) {
				t.Fatalf("%d of %s in\n%s", len(list), name, out)
			}
		}
		for name := range props["ATTENDEE"][0].Params {
			if !slices.Contains([]string{"CN", "ROLE", "PARTSTAT", "RSVP"}, name) {
				t.Fatalf("parameter %s in\n%s", name, out)
			}
		}
		for name, want := range map[string]string{"SUMMARY": e.Summary, "DESCRIPTION": e.Description, "LOCATION": e.Location, "UID": e.UID} {
			if got, err := props.Text(name); err != nil || got != clean(want) {
				t.Fatalf("%s %q %v, want %q", name, got, err, clean(want))
			}
		}
		if got := props["ATTENDEE"][0].Params.Get("CN"); got != parameter(e.Attendees[0].Name) {
			t.Fatalf("name %q, want %q", got, parameter(e.Attendees[0].Name))
		}
		// And our own reader agrees.
		file, err := Read(strings.NewReader(out), nil)
		if err != nil || len(file.Events) != 1 || len(file.Faults) > 0 {
			t.Fatalf("%v %+v in\n%s", err, file.Faults, out)
		}
		if got := file.Events[0]; got.Description != clean(e.Description) || got.Summary != strings.TrimSpace(clean(e.Summary)) || len(got.Attendees) != 1 || got.UID != clean(e.UID) {
			t.Fatalf("read as %+v from\n%s", got, out)
		}
	})
}

func TestWhatCannotBeWritten(t *testing.T) {
	good := example(t)
	for name, change := range map[string]func(*Event){
		ErrUID.Error():   func(e *Event) { e.UID = "\r\n" },
		ErrStart.Error(): func(e *Event) { e.Start = 0 },
		ErrZone.Error():  func(e *Event) { e.Zone = time.Local },
		RuleNeverHappens.Error(): func(e *Event) {
			e.Rule = &Rule{Frequency: Yearly, Interval: 1, Months: []time.Month{2}, MonthDays: []int{30}}
		},
		"calendar: rule: malformed": func(e *Event) { e.Rule = &Rule{} },
	} {
		e := good
		change(&e)
		if err := Write(&bytes.Buffer{}, Calendar{}, []Event{e}); err == nil || err.Error() != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
	w := NewWriter(&bytes.Buffer{}, Calendar{}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	if err := w.Event(good); !errors.Is(err, ErrOrder) {
		t.Errorf("%v, want %v", err, ErrOrder)
	}
	if text := written(t, Calendar{}); text != "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"+product+"\r\nCALSCALE:GREGORIAN\r\nEND:VCALENDAR\r\n" {
		t.Errorf("an empty feed is %q", text)
	}
}

// many is a feed of a size that a large collaborative has.
func many(t testing.TB, n int) []Event {
	var list []Event
	zones := []*time.Location{mustZone(t, "America/New_York"), mustZone(t, "Europe/Berlin"), mustZone(t, "America/Los_Angeles")}
	for i := range n {
		e := example(t)
		e.UID = fmt.Sprintf("%d@table.example", i)
		e.Zone = zones[i%3]
		e.Start = e.Start.AddDays(i % 700)
		e.Description = strings.Repeat("What is to be decided, and why. ", 10)
		list = append(list, e)
	}
	return list
}

// What is written byte by byte is what cleaning and replacing in turn would give.
func TestEscapedTextsAreCleaned(t *testing.T) {
	replaced := strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)
	rapid.Check(t, func(t *rapid.T) {
		words := string(rapid.SliceOf(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\r\n\t;,\\\xc2\x85\xe2\x80\xa8\xff")))).Draw(t, "words"))
		if got, want := string(appendEscaped(nil, words)), replaced.Replace(clean(words)); got != want {
			t.Fatalf("%q: %q, want %q", words, got, want)
		}
	})
}

func BenchmarkWrite2000(b *testing.B) {
	events := many(b, 2000)
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if err := Write(&out, Calendar{Method: Publish}, events); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(out.Len()))
	}
}

func BenchmarkRead2000(b *testing.B) {
	text := written(b, Calendar{}, many(b, 2000)...)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if file, err := Read(strings.NewReader(text), nil); err != nil || len(file.Events) != 2000 || len(file.Faults) > 0 {
			b.Fatal(err, len(file.Events), file.Faults)
		}
	}
}
