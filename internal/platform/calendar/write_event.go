package calendar

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// text is content lines as they go out. Events are written into it directly: a
// feed holds thousands, and composing each as a tree first takes ten times as long.
type text struct {
	b     []byte
	start int // of the line that is being written
	spare []byte
}

func (t *text) begin(name string) {
	t.start = len(t.b)
	t.b = append(t.b, name...)
}

// parameter adds a parameter, whose value is in quotation marks where it must be.
func (t *text) parameter(name, value string) {
	t.b = append(append(append(t.b, ';'), name...), '=')
	if strings.ContainsAny(value, ";:,") {
		t.b = append(append(append(t.b, '"'), value...), '"')
	} else {
		t.b = append(t.b, value...)
	}
}

// end ends the line, in pieces where it is too long.
func (t *text) end() {
	if len(t.b)-t.start > longestLine {
		t.spare = append(t.spare[:0], t.b[t.start:]...)
		t.b = appendFolded(t.b[:t.start], t.spare)
	}
	t.b = append(t.b, '\r', '\n')
}

// line writes a property that needs no escaping; nothing where it is empty.
func (t *text) line(name, value string) {
	if value != "" {
		t.begin(name)
		t.b = append(append(t.b, ':'), value...)
		t.end()
	}
}

// words writes a property that is a text.
func (t *text) words(name, value string) {
	t.begin(name)
	t.b = append(t.b, ':')
	before := len(t.b)
	if t.b = appendEscaped(t.b, value); len(t.b) == before {
		t.b = t.b[:t.start]
		return
	}
	t.end()
}

// moment writes a time in UTC; nothing where there is none.
func (t *text) moment(name string, at time.Time) {
	if !at.IsZero() {
		t.begin(name)
		t.b = append(WallOf(at.UTC()).appendCompact(append(t.b, ':')), 'Z')
		t.end()
	}
}

// local writes a time in a zone, or a day.
func (t *text) local(name string, w Wall, zone *time.Location, day bool) {
	t.begin(name)
	switch {
	case day:
		t.parameter("VALUE", "DATE")
		t.b = append(append(t.b, ':'), w.compactDate()...)
	case zone == nil || isUTC(zone):
		t.b = append(w.appendCompact(append(t.b, ':')), 'Z')
	default:
		t.parameter("TZID", parameter(zone.String()))
		t.b = w.appendCompact(append(t.b, ':'))
	}
	t.end()
}

// party writes somebody with an address.
func (t *text) party(name string, p Party, more ...[2]string) {
	t.begin(name)
	if cn := parameter(p.Name); cn != "" {
		t.parameter("CN", cn)
	}
	for _, one := range more {
		if value := word(one[1]); value != "" {
			t.parameter(one[0], value)
		}
	}
	t.b = append(append(t.b, ":mailto:"...), address(p.Address)...)
	t.end()
}

// write writes the event.
func (e Event) write(t *text) {
	t.line("BEGIN", "VEVENT")
	t.words("UID", e.UID)
	stamp := e.Stamp
	if stamp.IsZero() {
		stamp = time.Unix(0, 0) // the format asks for one
	}
	t.moment("DTSTAMP", stamp)
	t.moment("CREATED", e.Created)
	t.moment("LAST-MODIFIED", e.Modified)
	t.line("SEQUENCE", strconv.Itoa(max(e.Sequence, 0)))
	e.writeTimes(t)
	t.line("STATUS", word(string(e.Status)))
	t.words("SUMMARY", e.Summary)
	t.words("DESCRIPTION", e.Description)
	t.words("LOCATION", e.Location)
	t.line("URL", address(e.URL))
	t.words("COMMENT", e.Comment)
	if len(e.Categories) > 0 {
		words := make([]string, len(e.Categories))
		for i, category := range e.Categories {
			words[i] = escape(category)
		}
		t.line("CATEGORIES", strings.Join(words, ","))
	}
	if e.Organizer != nil {
		t.party("ORGANIZER", *e.Organizer)
	}
	for _, a := range e.Attendees {
		rsvp := ""
		if a.RSVP {
			rsvp = "TRUE"
		}
		t.party("ATTENDEE", a.Party, [2]string{"PARTSTAT", string(a.Reply)}, [2]string{"ROLE", string(a.Role)}, [2]string{"RSVP", rsvp})
	}
	t.line("END", "VEVENT")
}

// writeTimes writes when the event is.
func (e Event) writeTimes(t *text) {
	t.local("DTSTART", e.Start, e.Zone, e.AllDay)
	if e.AllDay {
		t.local("DTEND", e.Start.Add(e.Length), e.Zone, true)
	} else if e.Length > 0 {
		end := e.Start.In(e.zone()).Add(e.Length)
		if w := WallOf(end); w.In(e.zone()).Equal(end) {
			t.local("DTEND", w, e.Zone, false)
		} else { // in the second pass of an hour that clocks show twice
			t.moment("DTEND", end)
		}
	}
	if e.Rule != nil {
		t.line("RRULE", e.Rule.Text(e.zone(), e.AllDay))
	}
	for _, w := range e.Added {
		t.local("RDATE", w, e.Zone, e.AllDay)
	}
	for _, w := range e.Excluded {
		t.local("EXDATE", w, e.Zone, e.AllDay)
	}
	if !e.Instance.IsZero() {
		t.local("RECURRENCE-ID", e.Instance, e.Zone, e.InstanceDay)
	}
}

// appendEscaped appends a text as the value of a property: as clean leaves it, with
// what has a meaning in a value escaped.
func appendEscaped(b []byte, words string) []byte {
	for i := 0; i < len(words); {
		c := words[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '\\' || c == ';' || c == ',':
				b = append(b, '\\', c)
			case c == '\r' && i < len(words) && words[i] == '\n': // the line ends with what follows
			case c == '\n' || c == '\r':
				b = append(b, '\\', 'n')
			case c >= ' ' && c != 0x7f || c == '\t':
				b = append(b, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(words[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			for i+size < len(words) {
				if next, n := utf8.DecodeRuneInString(words[i+size:]); next != utf8.RuneError || n != 1 {
					break
				}
				size++
			}
			b = append(b, "\uFFFD"...)
		case r == '\u0085' || r == '\u2028' || r == '\u2029':
			b = append(b, '\\', 'n')
		case r >= 0xa0:
			b = append(b, words[i:i+size]...)
		}
		i += size
	}
	return b
}

// longestLine is how many octets a line may have (RFC 5545, 3.1).
const longestLine = 75

// appendFolded appends one line, broken between characters where it is longer; a
// space begins what goes on.
func appendFolded(out, line []byte) []byte {
	room := longestLine
	for len(line) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		out = append(append(out, line[:cut]...), "\r\n "...)
		line, room = line[cut:], longestLine-1
	}
	return append(out, line...)
}

// fold breaks longer lines of a text.
func fold(lines []byte) []byte {
	out := make([]byte, 0, len(lines)+len(lines)/40)
	for len(lines) > 0 {
		end := bytes.IndexByte(lines, '\n') + 1
		if end == 0 {
			end = len(lines)
		}
		line := bytes.TrimRight(lines[:end], "\r\n")
		out = append(appendFolded(out, line), lines[len(line):end]...)
		lines = lines[end:]
	}
	return out
}
