package calendar

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func calendarOf(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func eventOf(lines ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

func mustRead(t *testing.T, text string) File {
	t.Helper()
	file, err := Read(strings.NewReader(text), nil)
	if err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return file
}

func reasons(file File) []Reason {
	var list []Reason
	for _, f := range file.Faults {
		list = append(list, f.Reason)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// What calendar programs write is read: lines ended and folded in their ways,
// zones named in theirs, whole days, durations, texts in old encodings.
func TestFilesOfOtherPrograms(t *testing.T) {
	outlook := "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16011104T020000\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010311T020000\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"
	for name, c := range map[string]struct {
		text                string
		start, end, summary string
		zone                string
		allDay              bool
	}{
		"Windows name":          {calendarOf(eventOf("UID:1", "DTSTART;TZID=W. Europe Standard Time:20260701T090000", "DTEND;TZID=W. Europe Standard Time:20260701T103000", "SUMMARY:Tisch")), "2026-07-01T07:00:00Z", "2026-07-01T08:30:00Z", "Tisch", "Europe/Berlin", false},
		"Outlook's definition":  {calendarOf(outlook, eventOf("UID:1", `DTSTART;TZID="Customized Time Zone":20260701T090000`, "DURATION:PT45M", "SUMMARY:Table")), "2026-07-01T13:00:00Z", "2026-07-01T13:45:00Z", "Table", "America/New_York", false},
		"Evolution's name":      {calendarOf(eventOf("UID:1", "DTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/Europe/Berlin:20260701T090000")), "2026-07-01T07:00:00Z", "2026-07-01T07:00:00Z", "", "Europe/Berlin", false},
		"whole days":            {calendarOf(eventOf("UID:1", "DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261026", "SUMMARY:Retreat")), "2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z", "Retreat", "", true},
		"a whole day alone":     {calendarOf(eventOf("UID:1", "DTSTART;VALUE=DATE:20261024")), "2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z", "", "", true},
		"LF, folded with a tab": {strings.ReplaceAll(calendarOf(eventOf("UID:1", "DTSTART:20260701T090000Z", "SUMMARY:Lead\r\n\tership ta\r\n ble")), "\r\n", "\n"), "2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z", "Leadership table", "UTC", false},
		"small letters":         {strings.ReplaceAll(calendarOf(eventOf("UID:1", "dtstart;tzid=Europe/Berlin:20260701T090000", "summary:x")), "BEGIN", "begin"), "2026-07-01T07:00:00Z", "2026-07-01T07:00:00Z", "x", "Europe/Berlin", false},
		"Windows-1252":          {calendarOf(eventOf("UID:1", "DTSTART:20260701T090000Z", "SUMMARY:R\xe9union")), "2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z", "Réunion", "UTC", false},
		"a mark of UTF-8":       {"\xef\xbb\xbf" + calendarOf(eventOf("UID:1", "DTSTART:20260701T090000Z", `SUMMARY:a\, b\; c\\n\nd`)), "2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z", "a, b; c\\n\nd", "UTC", false},
		"the calendar's zone":   {calendarOf("X-WR-TIMEZONE:Asia/Kolkata", eventOf("UID:1", "DTSTART:20260701T090000")), "2026-07-01T03:30:00Z", "2026-07-01T03:30:00Z", "", "Asia/Kolkata", false},
		"a leap year to come":   {calendarOf(eventOf("UID:1", "DTSTART;TZID=America/New_York:20401231T120000")), "2040-12-31T17:00:00Z", "2040-12-31T17:00:00Z", "", "America/New_York", false},
	} {
		file := mustRead(t, c.text)
		if len(file.Events) != 1 || len(file.Faults) > 0 {
			t.Errorf("%s: %+v", name, file)
			continue
		}
		e := file.Events[0]
		zone := ""
		if e.Zone != nil {
			zone = e.Zone.String()
		}
		begin := e.Start.In(e.zone())
		if stamp(begin) != c.start || stamp(begin.Add(e.Length)) != c.end || e.Summary != c.summary || zone != c.zone || e.AllDay != c.allDay {
			t.Errorf("%s: %s to %s, %q in %s", name, stamp(begin), stamp(begin.Add(e.Length)), e.Summary, zone)
		}
	}
}

// A series, an exception, and what was called off become one series.
func TestReadAsMeetings(t *testing.T) {
	file := mustRead(t, calendarOf(
		eventOf("UID:s", "DTSTART;TZID=Europe/Berlin:20261013T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Europe/Berlin:20261020T090000", "SUMMARY:Weekly"),
		eventOf("UID:s", "RECURRENCE-ID:20261027T080000Z", "DTSTART;TZID=America/New_York:20261027T100000", "DURATION:PT2H"),
		eventOf("UID:s", "RECURRENCE-ID;TZID=Europe/Berlin:20261103T090000", "DTSTART;TZID=Europe/Berlin:20261103T090000", "STATUS:CANCELLED")))
	if len(file.Events) != 3 || len(file.Faults) > 0 {
		t.Fatalf("%+v", file)
	}
	s := Together(file.Events[0], file.Events[1:])
	want := []string{"2026-10-13T09:00 2026-10-13T07:00", "2026-10-27T10:00 2026-10-27T14:00", "2026-11-10T09:00 2026-11-10T08:00"}
	if got := told(between(t, s, On(2026, 1, 1), On(2027, 1, 1))); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What cannot be read is told with its place and reason, and the rest is read.
func TestFaultsOfEvents(t *testing.T) {
	good := eventOf("UID:good", "DTSTART:20260701T090000Z")
	for name, c := range map[string]struct {
		lines  []string
		reason Reason
		rule   RuleFault
		events int
	}{
		"no start":               {[]string{"SUMMARY:x"}, NoStart, "", 1},
		"no such day":            {[]string{"DTSTART:20260230T090000Z"}, BadTime, "", 1},
		"a year too far":         {[]string{"DTSTART:99990101T000000Z"}, BadTime, "", 1},
		"words for a time":       {[]string{"DTSTART:tomorrow"}, BadTime, "", 1},
		"unknown zone":           {[]string{"DTSTART;TZID=Middle-earth/Shire:20260701T090000"}, UnknownZone, "", 1},
		"a path for a zone":      {[]string{"DTSTART;TZID=../../../etc/passwd:20260701T090000"}, UnknownZone, "", 1},
		"the machine's own zone": {[]string{"DTSTART;TZID=Local:20260701T090000"}, UnknownZone, "", 1},
		"an endless zone name":   {[]string{"DTSTART;TZID=" + strings.Repeat("a/", 5000) + ":20260701T090000"}, UnknownZone, "", 1},
		"huge count":             {[]string{"DTSTART:20260701T090000Z", "RRULE:FREQ=DAILY;COUNT=4294967296"}, BadRule, RuleOutOfRange, 1},
		"every second":           {[]string{"DTSTART:20260701T090000Z", "RRULE:FREQ=SECONDLY"}, BadRule, RuleTooFrequent, 1},
		"30 February":            {[]string{"DTSTART:20260701T090000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, BadRule, RuleNeverHappens, 1},
		"end before start":       {[]string{"DTSTART:20260701T090000Z", "DTEND:20260701T080000Z"}, EndBeforeStart, "", 2},
		"a length of ages":       {[]string{"DTSTART:20260701T090000Z", "DURATION:P9999999W"}, BadLength, "", 2},
		"no property":            {[]string{"DTSTART:20260701T090000Z", "???"}, BadLine, "", 2},
		"a long line":            {[]string{"DTSTART:20260701T090000Z", "DESCRIPTION:" + strings.Repeat("x", MaxLine)}, LineTooLong, "", 2},
		"a long folded line":     {[]string{"DTSTART:20260701T090000Z", "DESCRIPTION:x" + strings.Repeat("\r\n "+strings.Repeat("x", 70), 2000)}, LineTooLong, "", 2},
		"many lines":             {append([]string{"DTSTART:20260701T090000Z"}, slices.Repeat([]string{"ATTENDEE:mailto:x@y.example"}, maxLines)...), TooManyLines, "", 2},
		"many categories":        {[]string{"DTSTART:20260701T090000Z", "CATEGORIES:" + strings.Repeat("a,", maxCategories) + "b"}, TooManyLines, "", 2},
		"many dates":             {[]string{"DTSTART:20260701T090000Z", "EXDATE:" + strings.Repeat("20260701,", 5000) + "20260701", "EXDATE:" + strings.Repeat("20260701,", 5000) + "20260701"}, TooManyDates, "", 2},
		"an old kind of rule":    {[]string{"DTSTART:20260701T090000Z", "EXRULE:FREQ=DAILY"}, Unsupported, "", 2},
	} {
		file := mustRead(t, calendarOf(eventOf(append([]string{"UID:bad"}, c.lines...)...), good))
		if got := reasons(file); !slices.Equal(got, []Reason{c.reason}) {
			t.Errorf("%s: %q, want %s", name, got, c.reason)
			continue
		}
		f := file.Faults[0]
		if len(file.Events) != c.events || file.Events[len(file.Events)-1].UID != "good" || f.Dropped != (c.events == 1) || f.Rule != c.rule || f.UID != "bad" || f.Line < 3 || len(f.Value) > 400 {
			t.Errorf("%s: %d events, %+v", name, len(file.Events), f)
		}
	}
	unclosed := mustRead(t, strings.Replace(calendarOf(eventOf("UID:bad", "DTSTART:20260701T090000Z"), good), "END:VEVENT\r\n", "", 1))
	if got := reasons(unclosed); !slices.Equal(got, []Reason{Unclosed}) || len(unclosed.Events) != 1 {
		t.Errorf("unclosed: %+v", unclosed)
	}
}

// Line ends in a text stay in the text: escaped ones make no property, and raw
// ones none that we take for more than what it is; what is read can be written
// again without growing.
func TestInjectionIsRead(t *testing.T) {
	attack := `Room 1\r\nATTENDEE:mailto:evil@x.example\nEND:VEVENT\nBEGIN:VEVENT` + "\u2028ORGANIZER:mailto:evil@x.example\u0085STATUS:CANCELLED\rMETHOD:CANCEL\x00\x1b"
	file := mustRead(t, calendarOf("METHOD:REQUEST", eventOf("UID:u", "DTSTART:20260701T090000Z", "SUMMARY:"+attack, "LOCATION:"+attack, `ORGANIZER;CN="a^nATTENDEE:mailto:evil@x.example":mailto:ana@x.example`)))
	for range 2 {
		if len(file.Events) != 1 || len(file.Faults) > 0 || file.Method != Request {
			t.Fatalf("%+v", file)
		}
		e := file.Events[0]
		if len(e.Attendees) != 0 || e.Status != "" || e.Organizer == nil || e.Organizer.Address != "ana@x.example" || strings.Contains(e.Organizer.Name, "\n") || strings.ContainsAny(e.Summary+e.Location, "\r\x00\x1b\u0085\u2028") {
			t.Fatalf("%+v", e)
		}
		text := written(t, file.Calendar, e)
		begins := 0
		for _, line := range unfolded(text) {
			name, _, _ := strings.Cut(line, ":")
			name, _, _ = strings.Cut(name, ";")
			if name == "BEGIN" {
				begins++
			}
			if !slices.Contains([]string{"BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "DTSTAMP", "DTSTART", "SEQUENCE", "UID", "SUMMARY", "LOCATION", "ORGANIZER"}, name) {
				t.Fatalf("%s in\n%s", name, text)
			}
		}
		if begins != 2 {
			t.Fatalf("%d components in\n%s", begins, text)
		}
		file = mustRead(t, text)
	}
}

// A file that is none, or larger than any, is refused as a whole.
func TestRefusedFiles(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "a page": "<!doctype html><title>Sign in</title>", "a card": "BEGIN:VCARD\r\nEND:VCARD\r\n", "an event alone": eventOf("UID:1"), "zeros": strings.Repeat("\x00", 1000)} {
		if _, err := Read(strings.NewReader(text), nil); !errors.Is(err, ErrNotCalendar) {
			t.Errorf("%s: %v", name, err)
		}
	}
	endless := io.MultiReader(strings.NewReader("BEGIN:VCALENDAR\r\n"), endlessLines{})
	if _, err := Read(endless, nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("endless: %v", err)
	}
}

type endlessLines struct{}

func (endlessLines) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat("X-A:b\r\n", len(p)/7+1)), nil
}

// Components inside each other, and more events than any calendar has, end the
// reading, and what was read before is kept.
func TestReadingEnds(t *testing.T) {
	deep := mustRead(t, calendarOf(eventOf("UID:1", "DTSTART:20260701T090000Z"), strings.Repeat("BEGIN:VEVENT\r\nBEGIN:VALARM\r\nBEGIN:X-A\r\nBEGIN:X-B\r\n", 1)+strings.Repeat("BEGIN:X-C\r\n", 100_000)))
	if got := reasons(deep); len(deep.Events) != 1 || !slices.Contains(got, TooDeep) {
		t.Errorf("deep: %d events, %q", len(deep.Events), got)
	}
	many := mustRead(t, calendarOf(strings.Repeat(eventOf("UID:1", "DTSTART:20260701T090000Z")+"\r\n", MaxEvents+1)))
	if got := reasons(many); len(many.Events) != MaxEvents || !slices.Equal(got, []Reason{TooManyEvents}) {
		t.Errorf("many: %d events, %q", len(many.Events), got)
	}
	wrong := mustRead(t, calendarOf(eventOf("UID:1", "DTSTART:20260701T090000Z", strings.Repeat("?\r\n", 3*maxFaults))))
	if len(wrong.Events) != 1 || len(wrong.Faults) != maxFaults {
		t.Errorf("wrong: %d events, %d faults", len(wrong.Events), len(wrong.Faults))
	}
}

// Files that are made to cost much take a bounded part of the memory.
func TestHostileFiles(t *testing.T) {
	const size = MaxFile / 4
	fill := func(head, piece, tail string) string {
		return head + strings.Repeat(piece, (size-len(head)-len(tail))/len(piece)) + tail
	}
	begin, end := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260701T090000Z\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n"
	definition := func(i int) string {
		return fmt.Sprintf("BEGIN:VTIMEZONE\nTZID:z%d\n", i) + strings.Repeat("BEGIN:STANDARD\nDTSTART:19000101T000000\nRRULE:FREQ=YEARLY;COUNT=9999;BYMONTH=2;BYMONTHDAY=29\nTZOFFSETFROM:+0013\nTZOFFSETTO:+0113\nEND:STANDARD\n", 500) + "END:VTIMEZONE\n" +
			fmt.Sprintf("BEGIN:VEVENT\nUID:%d\nDTSTART;TZID=z%d:20260701T090000\nEND:VEVENT\n", i, i)
	}
	var zones, names strings.Builder
	zones.WriteString("BEGIN:VCALENDAR\n")
	for i := 0; zones.Len() < size; i++ {
		zones.WriteString(definition(i))
	}
	names.WriteString("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260701T090000Z\n")
	for i := 0; names.Len() < size; i++ {
		fmt.Fprintf(&names, "RDATE;TZID=z%d:20260701T090000\n", i)
	}
	for name, text := range map[string]string{
		"short lines":        fill(begin, "A:\n", end),
		"short known lines":  fill(begin, "UID:\n", end),
		"lines of nothing":   fill(begin, "x\n", end),
		"short attendees":    fill("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\nDTSTART:20260701T090000Z\n"+strings.Repeat("ATTENDEE:\n", maxLines)+"END:VEVENT\n", end),
		"many parameters":    fill(begin, "ATTENDEE"+strings.Repeat(";CN", maxParams)+":\n", end),
		"one folded line":    fill(begin+"SUMMARY:", "\n x", "\n"+end),
		"folds of nothing":   fill(begin+"SUMMARY:", "\n ", "\n"+end),
		"one line":           fill(begin+"SUMMARY:", "x", "\n"+end),
		"one line of commas": fill(begin, "CATEGORIES:"+strings.Repeat(",a", 30_000)+"\n", end),
		"quotation marks":    fill(begin+"SUMMARY;X=", `"`, "\n"+end),
		"definitions":        zones.String(),
		"names of zones":     names.String(),
		"beginnings":         fill("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n", ""),
		"ends":               fill("BEGIN:VCALENDAR\n", "END:VCALENDAR\n", ""),
		"other components":   fill("BEGIN:VCALENDAR\n", "BEGIN:VTODO\nEND:VTODO\n", "END:VCALENDAR\n"),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		file := mustRead(t, text)
		runtime.ReadMemStats(&after)
		if total := after.TotalAlloc - before.TotalAlloc; total > 400<<20 {
			t.Errorf("%s: %d MB were taken in all", name, total>>20)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 64<<20 {
			t.Errorf("%s: %d MB are kept", name, kept>>20)
		}
		t.Logf("%s: %d MB in all, %d events, %d faults", name, (after.TotalAlloc-before.TotalAlloc)>>20, len(file.Events), len(file.Faults))
		if len(file.Faults) > maxFaults || len(file.Events) > MaxEvents {
			t.Errorf("%s: %d events, %d faults", name, len(file.Events), len(file.Faults))
		}
		runtime.KeepAlive(file)
	}
}
