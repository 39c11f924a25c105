package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// event reads one event from its lines.
func (r *reader) event(raw rawEvent) {
	uid := raw.uid()
	b := building{reader: r, uid: uid}
	b.event.UID = uid
	first := map[string]bool{}
	var start, end, length, rule *line
	var dates []line
	for i := range raw.lines {
		l := &raw.lines[i]
		switch l.name {
		case "EXDATE", "RDATE":
			dates = append(dates, *l)
			continue
		case "ATTENDEE":
			b.attendee(*l)
			continue
		case "CATEGORIES":
			b.categories(*l)
			continue
		}
		if first[l.name] {
			continue // what may be said once is taken the first time
		}
		first[l.name] = true
		switch l.name {
		case "DTSTART":
			start = l
		case "DTEND":
			end = l
		case "DURATION":
			length = l
		case "RRULE":
			rule = l
		case "EXRULE":
			b.fault(*l, Unsupported)
		default:
			b.plain(*l)
		}
	}
	switch {
	case start != nil:
		if !b.start(*start) {
			return
		}
		b.length(end, length)
	case r.file.Method == Answer || r.file.Method == Cancel: // they may leave it out (RFC 5546, 3.2)
	default:
		b.drop(line{number: raw.number, name: "DTSTART"}, NoStart)
		return
	}
	if rule != nil && !b.rule(*rule) {
		return
	}
	for _, l := range dates {
		b.dates(l)
	}
	for i := range raw.lines {
		if l := raw.lines[i]; l.name == "RECURRENCE-ID" {
			if !b.instance(l) {
				return
			}
			break
		}
	}
	if b.event.UID == "" {
		// Events without one are told apart by what they are.
		sum := sha256.Sum256([]byte(b.event.Start.String() + b.event.zone().String() + b.event.Summary))
		b.event.UID = hex.EncodeToString(sum[:16]) + "@derived"
	}
	if b.floated {
		r.file.Floated++
	}
	r.file.Events = append(r.file.Events, b.event)
}

// building is an event that is being read.
type building struct {
	*reader
	event   Event
	uid     string
	floated bool
}

func (b *building) fault(l line, reason Reason) {
	b.reader.fault(Fault{Line: l.number, UID: b.uid, Property: l.name, Value: l.value, Reason: reason})
}

func (b *building) drop(l line, reason Reason) {
	b.reader.fault(Fault{Line: l.number, UID: b.uid, Property: l.name, Value: l.value, Reason: reason, Dropped: true})
}

// plain takes a property that needs no others.
func (b *building) plain(l line) {
	e := &b.event
	moment := func(field *time.Time) {
		if w, zone, _, reason := b.zones.time(l, l.value); reason == "" {
			*field = w.In(zone).UTC()
		}
	}
	switch l.name {
	case "SUMMARY":
		e.Summary = strings.TrimSpace(unescaped(l.value))
	case "DESCRIPTION":
		e.Description = unescaped(l.value)
	case "LOCATION":
		e.Location = strings.TrimSpace(unescaped(l.value))
	case "COMMENT":
		e.Comment = unescaped(l.value)
	case "URL":
		e.URL = address(l.value)
	case "STATUS":
		e.Status = oneOf(Statuses, l.value)
	case "SEQUENCE":
		if n, err := strconv.Atoi(strings.TrimSpace(l.value)); err == nil && n >= 0 && n < 1<<31 {
			e.Sequence = n
		}
	case "DTSTAMP":
		moment(&e.Stamp)
	case "CREATED":
		moment(&e.Created)
	case "LAST-MODIFIED":
		moment(&e.Modified)
	case "ORGANIZER":
		p := party(l)
		e.Organizer = &p
	}
}

// maxCategories is how many categories an event may have.
const maxCategories = 100

func (b *building) categories(l line) {
	if len(b.event.Categories) >= maxCategories {
		return
	}
	for _, part := range parts(l.value) {
		if len(b.event.Categories) >= maxCategories {
			b.fault(l, TooManyLines)
			return
		}
		if text := strings.TrimSpace(unescaped(part)); text != "" {
			b.event.Categories = append(b.event.Categories, text)
		}
	}
}

func (b *building) attendee(l line) {
	b.event.Attendees = append(b.event.Attendees, Attendee{Party: party(l), Role: oneOf(Roles, l.param("ROLE")), Reply: oneOf(Replies, l.param("PARTSTAT")), RSVP: strings.EqualFold(l.param("RSVP"), "TRUE")})
}

// party is who a line names; the address is empty where it is no e-mail address.
func party(l line) Party {
	p := Party{Name: parameter(l.param("CN"))}
	value := strings.TrimSpace(unescaped(l.value))
	if len(value) > 7 && strings.EqualFold(value[:7], "mailto:") {
		value, _, _ = strings.Cut(value[7:], "?")
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
	} else if email := l.param("EMAIL"); email != "" {
		value = email
	}
	if value = address(value); strings.Count(value, "@") == 1 && !strings.Contains(value, ":") {
		p.Address = value
	}
	return p
}

func (b *building) start(l line) bool {
	w, zone, f, reason := b.zones.time(l, l.value)
	if reason != "" {
		b.drop(l, reason)
		return false
	}
	b.event.Start, b.event.AllDay, b.event.Zone = w, f == formDate, zone
	if f == formDate {
		b.event.Zone = nil
	}
	b.floated = f == formLocal && l.param("TZID") == ""
	return true
}

// length works out how long each time lasts.
func (b *building) length(end, duration *line) {
	e := &b.event
	usual := time.Duration(0)
	if e.AllDay {
		usual = 24 * time.Hour
	}
	e.Length = usual
	begin := e.Start.In(e.zone())
	switch {
	case end != nil:
		w, zone, f, reason := b.zones.time(*end, end.value)
		if reason != "" {
			b.fault(*end, reason)
			return
		}
		if e.AllDay {
			e.Length = time.Duration(w.Midnight()-e.Start) * time.Second
		} else {
			if f == formDate {
				zone = e.zone()
			}
			e.Length = w.In(zone).Sub(begin)
		}
		if e.Length < 0 {
			b.fault(*end, EndBeforeStart)
		} else if e.Length > longestEvent {
			b.fault(*end, BadLength)
		}
	case duration != nil:
		days, rest, ok := parseDuration(duration.value)
		if !ok {
			b.fault(*duration, BadLength)
			return
		}
		if e.AllDay {
			days, rest = days+int((rest+24*time.Hour-1)/(24*time.Hour)), 0
		}
		e.Length = e.Start.AddDays(days).In(e.zone()).Add(rest).Sub(begin)
		if e.Length > longestEvent {
			b.fault(*duration, BadLength)
		}
	}
	if e.Length < usual || e.Length > longestEvent {
		e.Length = usual
	}
}

func (b *building) rule(l line) bool {
	rule, err := ParseRule(l.value, b.event.zone())
	if err != nil {
		var fault RuleFault
		errors.As(err, &fault)
		b.reader.fault(Fault{Line: l.number, UID: b.uid, Property: l.name, Value: l.value, Reason: BadRule, Rule: fault, Dropped: true})
		return false
	}
	b.event.Rule = &rule
	return true
}

// dates takes days that were added or left out, in the zone of the series.
func (b *building) dates(l line) {
	e := &b.event
	list := &e.Added
	if l.name == "EXDATE" {
		list = &e.Excluded
	}
	for _, value := range strings.Split(l.value, ",") {
		if len(*list) >= MaxOccurrences {
			b.fault(l, TooManyDates)
			return
		}
		value, period, _ := strings.Cut(strings.TrimSpace(value), "/")
		if period != "" {
			b.fault(l, Unsupported) // that it lasts longer than the others
		}
		w, zone, f, reason := b.zones.time(l, value)
		switch {
		case reason != "":
			b.fault(l, reason)
			continue
		case e.AllDay:
			w = w.Midnight()
		case f == formDate: // the time of that day is meant
			w += e.Start.secondOfDay()
		case zone != e.zone():
			w = WallOf(w.In(zone).In(e.zone()))
		}
		*list = append(*list, w)
	}
}

// instance takes the time of a series that the event stands for.
func (b *building) instance(l line) bool {
	w, zone, f, reason := b.zones.time(l, l.value)
	if reason != "" {
		b.drop(l, reason)
		return false
	}
	if l.param("RANGE") != "" {
		b.fault(l, Unsupported)
	}
	e := &b.event
	e.InstanceDay = f == formDate
	switch {
	case f == formDate:
	case e.AllDay, e.Start.IsZero():
		e.Zone = zone // there is no other yet
	case zone != e.zone():
		w = WallOf(w.In(zone).In(e.zone()))
	}
	e.Instance = w
	return true
}

// parseDuration reads a duration as its days and the rest; none is negative.
func parseDuration(text string) (days int, rest time.Duration, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	text = strings.TrimPrefix(text, "+")
	if !strings.HasPrefix(text, "P") || len(text) < 3 {
		return 0, 0, false
	}
	inTime := false
	number := ""
	for _, c := range text[1:] {
		if c >= '0' && c <= '9' {
			if number += string(c); len(number) > 7 {
				return 0, 0, false
			}
			continue
		}
		if c == 'T' && number == "" && !inTime {
			inTime = true
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			return 0, 0, false
		}
		number = ""
		switch {
		case c == 'W' && !inTime:
			days += 7 * n
		case c == 'D' && !inTime:
			days += n
		case c == 'H' && inTime:
			rest += time.Duration(n) * time.Hour
		case c == 'M' && inTime:
			rest += time.Duration(n) * time.Minute
		case c == 'S' && inTime:
			rest += time.Duration(n) * time.Second
		default:
			return 0, 0, false
		}
		if days > 4000 || rest > longestEvent {
			return 0, 0, false
		}
	}
	return days, rest, number == ""
}

// Answered is one answer in a file that is sent as an answer.
type Answered struct {
	UID      string
	Sequence int
	Stamp    time.Time
	Instance time.Time // the time of the series it is about; zero is all
	Who      Attendee
	Comment  string
}

// Answers lists the answers in a file with the method REPLY; any other has none.
func (f File) Answers() []Answered {
	if f.Method != Answer {
		return nil
	}
	var list []Answered
	for _, e := range f.Events {
		for _, a := range e.Attendees {
			answer := Answered{UID: e.UID, Sequence: e.Sequence, Stamp: e.Stamp, Who: a, Comment: e.Comment}
			if !e.Instance.IsZero() {
				answer.Instance = e.original().UTC()
			}
			list = append(list, answer)
		}
	}
	return list
}
