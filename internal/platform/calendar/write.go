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
	text    text
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
	w.text.b = w.text.b[:0]
	e.write(&w.text)
	_, err := w.w.Write(w.text.b)
	return err
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

// escape is a text as the value of a property.
func escape(words string) string { return string(appendEscaped(nil, words)) }

// parameter is a text as the value of a parameter, which cannot hold quotation
// marks or line ends (RFC 5545, 3.1); the encoder puts it into quotation marks
// where it must.
func parameter(text string) string {
	if plain(text) {
		return strings.TrimSpace(text)
	}
	return strings.TrimSpace(unquoted.Replace(clean(text)))
}

// plain says that a text holds nothing that must be taken out of a parameter.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' {
			return false
		}
	}
	return true
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
