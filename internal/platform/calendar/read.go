package calendar

import (
	"errors"
	"io"
	"strings"
	"time"
)

// The limits of files of events.
const (
	MaxFile   = 20 << 20 // bytes; a year of a busy calendar has one or two million
	MaxLine   = 64 << 10 // bytes of one property
	MaxEvents = 20_000
	maxLines  = 5_000   // properties of one event
	maxKept   = 500_000 // properties of all events
	maxZones  = 200     // definitions of zones, and names of zones without one
	maxOnsets = 1_000   // changes of clocks that one definition lists
	maxTurns  = 3_000   // kinds of time in all definitions
	maxDepth  = 10      // components inside each other
)

// Faults of a file as a whole.
var (
	ErrNotCalendar = errors.New("calendar: this is no iCalendar file")
	ErrTooLarge    = errors.New("calendar: the file is too large")
)

// Reason is what is wrong with an event of a file, one of a closed list.
type Reason string

// The reasons.
const (
	BadLine        Reason = "bad_line"         // a line that is no property
	LineTooLong    Reason = "line_too_long"    // what is beyond the limit was left out
	NoStart        Reason = "no_start"         // the event does not say when it begins
	BadTime        Reason = "bad_time"         // a date or time that there is not, or outside 1900 to 2199
	UnknownZone    Reason = "unknown_zone"     // a zone that neither its name nor its definition explains
	BadLength      Reason = "bad_length"       // a duration that cannot be read, or is too long
	EndBeforeStart Reason = "end_before_start" // the end was left out
	BadRule        Reason = "bad_rule"         // Fault.Rule says more
	Unsupported    Reason = "unsupported"      // a part of iCalendar that is left out
	TooManyEvents  Reason = "too_many_events"  // the rest of the file was left out
	TooManyLines   Reason = "too_many_lines"   // the rest of the event, or of the file, was left out
	TooManyDates   Reason = "too_many_dates"   // the rest of the dates was left out
	Unclosed       Reason = "unclosed"         // the file ends within the event
	TooDeep        Reason = "too_deep"         // components inside each other beyond all use
)

// Reasons lists them all.
var Reasons = []Reason{BadLine, LineTooLong, NoStart, BadTime, UnknownZone, BadLength, EndBeforeStart, BadRule, Unsupported, TooManyEvents, TooManyLines, TooManyDates, Unclosed, TooDeep}

// Fault is something that could not be read.
type Fault struct {
	Line     int    // from 1
	UID      string // of the event, if it has one
	Property string
	Value    string // what stood there, shortened
	Reason   Reason
	Rule     RuleFault // with BadRule
	Dropped  bool      // the whole event was left out
}

// File is what a file or feed holds. Events of an answer or a cancellation may
// have no Start.
type File struct {
	Calendar
	Events  []Event
	Faults  []Fault
	Floated int // events in no zone, which were read in the zone of the calendar or of whoever reads
	Others  int // tasks, journals and the like, which were left alone
}

// Read reads a file or feed of events from anybody. Zone is the one for times in
// no zone, unless the file names its own; nil is UTC. What is wrong with single
// events is among the faults; an error is ErrNotCalendar, ErrTooLarge, or one
// of the reader.
func Read(from io.Reader, zone *time.Location) (File, error) {
	raw, err := io.ReadAll(io.LimitReader(from, MaxFile+1))
	if err != nil {
		return File{}, err
	}
	if len(raw) > MaxFile {
		return File{}, ErrTooLarge
	}
	r := reader{zones: zones{definitions: map[string]*zoneDefinition{}, known: map[string]*time.Location{}}}
	if !r.cut(decoded(raw)) {
		return File{}, ErrNotCalendar
	}
	r.file.Zone = r.zones.named(r.zoneName, 0)
	switch {
	case r.file.Zone != nil:
		r.zones.floating = r.file.Zone
	case zone != nil:
		r.zones.floating = zone
	default:
		r.zones.floating = time.UTC
	}
	for _, raw := range r.events {
		r.event(raw)
	}
	return r.file, nil
}

// rawEvent is an event as its lines.
type rawEvent struct {
	number int
	lines  []line
	full   bool
}

func (e rawEvent) uid() string {
	for _, l := range e.lines {
		if l.name == "UID" {
			return unescaped(l.value)
		}
	}
	return ""
}

// wants tells whether a property is one we read: those that may be said once
// are, the first time.
func (r *reader) wants(name string) bool {
	again, read := propertiesRead[name]
	if !read || !again && r.said[name] {
		return false
	}
	r.said[name] = true
	return true
}

// propertiesRead are the properties of events we read, and whether they may be
// said more than once.
var propertiesRead = map[string]bool{
	"ATTENDEE": true, "CATEGORIES": true, "EXDATE": true, "RDATE": true,
	"COMMENT": false, "CREATED": false, "DESCRIPTION": false, "DTEND": false, "DTSTAMP": false, "DTSTART": false, "DURATION": false, "EXRULE": false, "LAST-MODIFIED": false,
	"LOCATION": false, "ORGANIZER": false, "RECURRENCE-ID": false, "RRULE": false, "SEQUENCE": false, "STATUS": false, "SUMMARY": false, "UID": false, "URL": false,
}

type reader struct {
	file     File
	zoneName string
	zones    zones
	events   []rawEvent
	stack    []string // the components around the line
	event_   *rawEvent
	zone     *zoneDefinition
	said     map[string]bool // the properties of the event so far
	turns    int             // observances met
	kept     int             // lines of events that are kept
}

// cut parts the text into events and definitions of zones, and tells whether it
// is a calendar at all.
func (r *reader) cut(text string) bool {
	input := lines{rest: text}
	found := false
	for {
		text, number, cut, ok := input.read()
		if !ok {
			break
		}
		l, ok := parseLine(text, number)
		if !found {
			if found = ok && l.name == "BEGIN" && strings.EqualFold(strings.TrimSpace(l.value), "VCALENDAR"); !found {
				return false
			}
		}
		if !ok {
			r.wrong(Fault{Line: number, Value: text, Reason: BadLine})
			continue
		}
		if cut && !heavy(l.name) {
			r.wrong(Fault{Line: number, Property: l.name, Reason: LineTooLong})
		}
		switch l.name {
		case "BEGIN":
			if !r.begin(strings.ToUpper(strings.TrimSpace(l.value)), number) {
				return true
			}
		case "END":
			r.end(strings.ToUpper(strings.TrimSpace(l.value)))
		default:
			r.property(l)
		}
	}
	if r.event_ != nil {
		r.fault(Fault{Line: r.event_.number, UID: r.event_.uid(), Property: "VEVENT", Reason: Unclosed, Dropped: true})
	}
	return found
}

// heavy tells whether long values of a property are of no interest.
func heavy(name string) bool {
	return strings.HasPrefix(name, "X-") || name == "ATTACH" || name == "IMAGE" || name == "STYLED-DESCRIPTION"
}

// begin enters a component; false ends the reading.
func (r *reader) begin(name string, number int) bool {
	if len(r.stack) >= maxDepth {
		r.fault(Fault{Line: number, Property: name, Reason: TooDeep})
		return false
	}
	r.stack = append(r.stack, name)
	switch name {
	case "VEVENT":
		if r.event_ != nil { // the one before was not closed
			r.fault(Fault{Line: r.event_.number, UID: r.event_.uid(), Property: "VEVENT", Reason: Unclosed, Dropped: true})
			r.stack = []string{"VCALENDAR", "VEVENT"}
		}
		if len(r.events) >= MaxEvents {
			r.fault(Fault{Line: number, Property: name, Reason: TooManyEvents})
			return false
		}
		r.event_, r.said = &rawEvent{number: number}, map[string]bool{}
	case "VTIMEZONE":
		r.zone = &zoneDefinition{}
	case "STANDARD", "DAYLIGHT":
		if r.turns++; r.zone != nil && r.turns <= maxTurns {
			r.zone.observances = append(r.zone.observances, observance{})
		}
	case "VTODO", "VJOURNAL", "VFREEBUSY":
		r.file.Others++
	}
	return true
}

// end leaves a component, and those within it that were not closed.
func (r *reader) end(name string) {
	at := len(r.stack) - 1
	for at >= 0 && r.stack[at] != name {
		at--
	}
	if at < 0 {
		return
	}
	for _, left := range r.stack[at:] {
		switch left {
		case "VEVENT":
			if r.event_ != nil {
				r.events = append(r.events, *r.event_)
				r.event_ = nil
			}
		case "VTIMEZONE":
			if r.zone != nil && len(r.zones.definitions) < maxZones {
				r.zones.definitions[strings.ToLower(r.zone.id)] = r.zone
			}
			r.zone = nil
		}
	}
	r.stack = r.stack[:at]
}

// property puts a line where it belongs.
func (r *reader) property(l line) {
	if len(r.stack) == 0 {
		return
	}
	switch inner := r.stack[len(r.stack)-1]; {
	case inner == "VCALENDAR":
		r.calendar(l)
	case inner == "VEVENT" && r.event_ != nil:
		switch {
		case !r.wants(l.name):
		case len(r.event_.lines) < maxLines && r.kept < maxKept:
			r.kept++
			r.event_.lines = append(r.event_.lines, l)
		case !r.event_.full:
			r.event_.full = true
			r.wrong(Fault{Line: l.number, Property: l.name, Reason: TooManyLines})
		}
	case r.zone != nil:
		r.zone.property(inner, l)
	}
}

// calendar takes a property of the calendar itself; the first of each counts.
func (r *reader) calendar(l line) {
	text := func(field *string) {
		if *field == "" {
			*field = strings.TrimSpace(unescaped(l.value))
		}
	}
	switch l.name {
	case "METHOD":
		if r.file.Method == "" {
			r.file.Method = oneOf(Methods, l.value)
		}
	case "X-WR-CALNAME", "NAME":
		text(&r.file.Name)
	case "X-WR-CALDESC", "DESCRIPTION":
		text(&r.file.Description)
	case "X-WR-TIMEZONE":
		text(&r.zoneName)
	case "REFRESH-INTERVAL", "X-PUBLISHED-TTL":
		if days, rest, ok := parseDuration(l.value); ok && r.file.Refresh == 0 {
			r.file.Refresh = time.Duration(days)*24*time.Hour + rest
		}
	}
}

// oneOf is the value of a closed list that the text names, or empty.
func oneOf[T ~string](list []T, text string) T {
	for _, v := range list {
		if strings.EqualFold(string(v), strings.TrimSpace(text)) {
			return v
		}
	}
	return ""
}

// maxFaults is how many faults are kept; a file with more is no calendar anyone
// wants to mend line by line.
const maxFaults = 1000

// wrong notes a fault of a line, which is of interest in an event only.
func (r *reader) wrong(f Fault) {
	if r.event_ != nil && len(r.file.Faults) < maxFaults {
		f.UID = r.event_.uid()
		r.fault(f)
	}
}

func (r *reader) fault(f Fault) {
	if len(r.file.Faults) < maxFaults {
		f.Value = shortened(clean(f.Value), 80)
		f.UID = shortened(f.UID, 200)
		r.file.Faults = append(r.file.Faults, f)
	}
}

// shortened is the beginning of a text.
func shortened(text string, most int) string {
	runes := 0
	for i := range text {
		if runes++; runes > most {
			return text[:i] + "…"
		}
	}
	return text
}
