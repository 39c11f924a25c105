package calendar

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// product names the program in every calendar it writes.
const product = "-//Commontable//Commontable//EN"

// Faults of events that are to be written.
var (
	ErrUID   = errors.New("calendar: an event without a UID")
	ErrOrder = errors.New("calendar: an event from before the time the writer was made for")
	ErrZone  = errors.New("calendar: a zone without a name that others know")
)

// Writer writes a calendar event by event. The definition of a zone goes before
// the first event that needs it.
type Writer struct {
	w       io.Writer
	since   time.Time
	head    Calendar
	begun   bool
	defined map[string]bool
	buffer  bytes.Buffer
	encoder *ical.Encoder
}

// NewWriter makes a writer of a calendar. Since is a moment that no event lies
// before, so that zones are defined from there on; zero is 1970.
func NewWriter(w io.Writer, head Calendar, since time.Time) *Writer {
	if since.IsZero() {
		since = time.Unix(0, 0)
	}
	out := &Writer{w: w, since: since, head: head, defined: map[string]bool{}}
	out.encoder = ical.NewEncoder(&out.buffer)
	return out
}

// Write writes a whole calendar.
func Write(w io.Writer, head Calendar, events []Event) error {
	var since time.Time
	for _, e := range events {
		if first := e.earliest(); since.IsZero() || first.Before(since) {
			since = first
		}
	}
	out := NewWriter(w, head, since)
	for _, e := range events {
		if err := out.Event(e); err != nil {
			return err
		}
	}
	return out.Close()
}

// earliest is the first moment the event speaks of.
func (e Event) earliest() time.Time {
	first := e.Start.In(e.zone())
	for _, list := range [][]Wall{e.Added, e.Excluded} {
		for _, w := range list {
			if t := w.In(e.zone()); t.Before(first) {
				first = t
			}
		}
	}
	if !e.Instance.IsZero() {
		if t := e.original(); t.Before(first) {
			first = t
		}
	}
	return first
}

// Event writes one event.
func (w *Writer) Event(e Event) error {
	if strings.TrimSpace(clean(e.UID)) == "" {
		return ErrUID
	}
	if err := e.Check(); err != nil {
		return err
	}
	if e.earliest().Before(w.since) {
		return ErrOrder
	}
	if err := w.begin(); err != nil {
		return err
	}
	if zone := e.Zone; zone != nil && !isUTC(zone) && (!e.AllDay || !e.Instance.IsZero() && !e.InstanceDay) {
		name := zone.String()
		if name == "" || name == "Local" {
			return ErrZone
		}
		if !w.defined[name] {
			w.defined[name] = true
			if err := w.component(definition(zone, w.since)); err != nil {
				return err
			}
		}
	}
	return w.component(e.component())
}

// Close ends the calendar; it does not close what was written to.
func (w *Writer) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	_, err := io.WriteString(w.w, "END:VCALENDAR\r\n")
	return err
}

func (w *Writer) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	var b bytes.Buffer
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + product + "\r\nCALSCALE:GREGORIAN\r\n")
	put := func(name, value string) {
		if value != "" {
			b.WriteString(name + ":" + value + "\r\n")
		}
	}
	put("METHOD", word(string(w.head.Method)))
	put("NAME", escape(w.head.Name))
	put("X-WR-CALNAME", escape(w.head.Name))
	put("X-WR-CALDESC", escape(w.head.Description))
	if w.head.Zone != nil {
		put("X-WR-TIMEZONE", escape(w.head.Zone.String()))
	}
	if w.head.Refresh > 0 {
		put("REFRESH-INTERVAL;VALUE=DURATION", durationText(w.head.Refresh))
		put("X-PUBLISHED-TTL", durationText(w.head.Refresh))
	}
	_, err := w.w.Write(fold(b.Bytes()))
	return err
}

func (w *Writer) component(c *ical.Component) error {
	w.buffer.Reset()
	// The encoder takes a component of any kind for a calendar.
	if err := w.encoder.Encode(&ical.Calendar{Component: c}); err != nil {
		return err
	}
	_, err := w.w.Write(fold(w.buffer.Bytes()))
	return err
}

func isUTC(zone *time.Location) bool {
	switch zone.String() {
	case "UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal":
		return true
	}
	return false
}

// component is the event as the encoder takes it.
func (e Event) component() *ical.Component {
	c := ical.NewComponent(ical.CompEvent)
	add := func(name, value string, params ical.Params) {
		c.Props[name] = append(c.Props[name], ical.Prop{Name: name, Value: value, Params: params})
	}
	put := func(name, value string) {
		if value != "" {
			add(name, value, nil)
		}
	}
	moment := func(name string, t time.Time) {
		if !t.IsZero() {
			put(name, WallOf(t.UTC()).compact()+"Z")
		}
	}
	put("UID", escape(e.UID))
	stamp := e.Stamp
	if stamp.IsZero() {
		stamp = time.Unix(0, 0) // the format asks for one
	}
	moment("DTSTAMP", stamp)
	moment("CREATED", e.Created)
	moment("LAST-MODIFIED", e.Modified)
	put("SEQUENCE", strconv.Itoa(max(e.Sequence, 0)))
	local := func(name string, w Wall, day bool) {
		value, params := localTime(w, e.Zone, day)
		add(name, value, params)
	}
	local("DTSTART", e.Start, e.AllDay)
	if e.AllDay {
		local("DTEND", e.Start.Add(e.Length), true)
	} else if e.Length > 0 {
		end := e.Start.In(e.zone()).Add(e.Length)
		if w := WallOf(end); w.In(e.zone()).Equal(end) {
			local("DTEND", w, false)
		} else { // in the second pass of an hour that clocks show twice
			moment("DTEND", end)
		}
	}
	if e.Rule != nil {
		put("RRULE", e.Rule.Text(e.zone(), e.AllDay))
	}
	for _, w := range e.Added {
		local("RDATE", w, e.AllDay)
	}
	for _, w := range e.Excluded {
		local("EXDATE", w, e.AllDay)
	}
	if !e.Instance.IsZero() {
		local("RECURRENCE-ID", e.Instance, e.InstanceDay)
	}
	put("STATUS", word(string(e.Status)))
	put("SUMMARY", escape(e.Summary))
	put("DESCRIPTION", escape(e.Description))
	put("LOCATION", escape(e.Location))
	put("URL", address(e.URL))
	put("COMMENT", escape(e.Comment))
	if len(e.Categories) > 0 {
		words := make([]string, len(e.Categories))
		for i, category := range e.Categories {
			words[i] = escape(category)
		}
		put("CATEGORIES", strings.Join(words, ","))
	}
	if o := e.Organizer; o != nil {
		add("ORGANIZER", "mailto:"+address(o.Address), named(o.Name))
	}
	for _, a := range e.Attendees {
		params := named(a.Name)
		set := func(name, value, usual string) {
			if value = word(value); value != "" && value != usual {
				params[name] = []string{value}
			}
		}
		set("ROLE", string(a.Role), "")
		set("PARTSTAT", string(a.Reply), "")
		if a.RSVP {
			set("RSVP", "TRUE", "")
		}
		add("ATTENDEE", "mailto:"+address(a.Address), params)
	}
	return c
}

// localTime is a time in a zone as iCalendar writes it.
func localTime(w Wall, zone *time.Location, day bool) (string, ical.Params) {
	switch {
	case day:
		return w.compactDate(), ical.Params{"VALUE": {"DATE"}}
	case zone == nil || isUTC(zone):
		return w.compact() + "Z", nil
	}
	return w.compact(), ical.Params{"TZID": {parameter(zone.String())}}
}

func named(name string) ical.Params {
	if name = parameter(name); name == "" {
		return ical.Params{}
	}
	return ical.Params{"CN": {name}}
}

// clean takes out control characters, which no calendar may hold, and puts line
// ends in one way.
func clean(text string) string {
	text = lineEnds.Replace(strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, text)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// escape is a text as the value of a property.
func escape(text string) string { return escapes.Replace(clean(text)) }

// parameter is a text as the value of a parameter, which cannot hold quotation
// marks or line ends (RFC 5545, 3.1); the encoder puts it into quotation marks
// where it must.
func parameter(text string) string {
	return strings.TrimSpace(unquoted.Replace(clean(text)))
}

var unquoted = strings.NewReplacer(`"`, "", "\n", " ", "\t", " ")

// word is a text that may only be letters and dashes.
func word(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return -1
	}, text)
}

// address is a URI or an e-mail address without what may not stand in one.
func address(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '"' || r == '<' || r == '>' || r == 0x7f || r >= 0x80 && r <= 0xa0 || r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

// durationText is a duration as iCalendar writes it, in whole minutes.
func durationText(d time.Duration) string {
	return "PT" + strconv.Itoa(int(max(d/time.Minute, 1))) + "M"
}

// longestLine is how many octets a line may have (RFC 5545, 3.1).
const longestLine = 75

// fold breaks longer lines between characters; a space begins what goes on.
func fold(text []byte) []byte {
	out := make([]byte, 0, len(text)+len(text)/40)
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n') + 1
		if end == 0 {
			end = len(text)
		}
		line, room := text[:end], longestLine
		for len(bytes.TrimRight(line, "\r\n")) > room {
			cut := room
			for cut > 1 && !utf8.RuneStart(line[cut]) {
				cut--
			}
			out = append(append(out, line[:cut]...), "\r\n "...)
			line, room = line[cut:], longestLine-1
		}
		out, text = append(out, line...), text[end:]
	}
	return out
}
