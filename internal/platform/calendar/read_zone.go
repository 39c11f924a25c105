package calendar

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // so that every zone is known on machines without a zone database
)

// zones explains the names of zones in one file.
type zones struct {
	definitions map[string]*zoneDefinition // by the name in small letters
	known       map[string]*time.Location  // what was found, or nil
	floating    *time.Location
}

// time reads a date or a time of a line in the zone the line names.
func (z *zones) time(l line, value string) (Wall, *time.Location, form, Reason) {
	value = strings.TrimSpace(value)
	if strings.EqualFold(l.param("VALUE"), "DATE") && len(value) > 8 {
		value = value[:8]
	}
	w, f := parseWall(value)
	switch f {
	case formNone:
		return 0, nil, f, BadTime
	case formDate, formUTC:
		return w, time.UTC, f, ""
	}
	id := l.param("TZID")
	if id == "" {
		return w, z.floating, f, ""
	}
	year, _, _ := w.Date()
	if zone := z.named(id, year); zone != nil {
		return w, zone, f, ""
	}
	return 0, nil, formNone, UnknownZone
}

// named finds the zone of a name in a file: by the name itself, by what the
// definition in the file says of its place, and by the definition's offsets in
// the years from the one given on. It is nil where nothing explains the name.
func (z *zones) named(id string, year int) *time.Location {
	id = strings.Trim(strings.TrimSpace(id), `"`)
	key := strings.ToLower(id)
	if key == "" {
		return nil
	}
	if zone, there := z.known[key]; there {
		return zone
	}
	d := z.definitions[key]
	if d == nil && len(z.known) >= 2*maxZones {
		return nil // each name is looked for in the zone database
	}
	zone := zoneByName(id)
	if zone == nil && d != nil {
		if zone = zoneByName(d.location); zone == nil && year > 0 {
			zone = d.derive(year)
		}
	}
	if zone != nil || year > 0 {
		z.known[key] = zone
	}
	return zone
}

// zoneByName knows the names of the IANA database, alone or behind the name of
// a program, and those of Windows.
func zoneByName(name string) *time.Location {
	name = strings.TrimSpace(name)
	if len(name) > 200 {
		return nil
	}
	if zone := windowsZone(name); zone != nil {
		return zone
	}
	if zone := Zone(name); zone != nil {
		return zone
	}
	// Such as /freeassociation.sourceforge.net/Tzfile/Europe/Berlin.
	words := strings.Split(name, "/")
	for n := min(3, len(words)-1); n >= 2; n-- {
		if zone := Zone(strings.Join(words[len(words)-n:], "/")); zone != nil {
			return zone
		}
	}
	switch strings.ToLower(name) {
	case "z", "gmt", "utc", "tzone://microsoft/utc", "coordinated universal time":
		return time.UTC
	}
	return nil
}

var loaded sync.Map // name → *time.Location; only what there is, so it stays small

// Zone is the zone with a name of the IANA database, or nil.
func Zone(name string) *time.Location {
	if zone, ok := loaded.Load(name); ok {
		return zone.(*time.Location)
	}
	if name == "" || name == "Local" || len(name) > 60 || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") != "" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	if isUTC(zone) {
		zone = time.UTC // one zone for all its names
	}
	loaded.Store(name, zone)
	return zone
}

// zoneDefinition is a VTIMEZONE of a file.
type zoneDefinition struct {
	id, location string
	observances  []observance
}

// observance is one kind of time of a definition: from when on, and at which offset.
type observance struct {
	start    Wall
	from, to int
	rule     string
	dates    []Wall
	offsets  int // how many of both were read
}

// property takes a line of the definition.
func (d *zoneDefinition) property(component string, l line) {
	switch component {
	case "VTIMEZONE":
		switch l.name {
		case "TZID":
			d.id = strings.Trim(strings.TrimSpace(unescaped(l.value)), `"`)
		case "X-LIC-LOCATION":
			d.location = strings.TrimSpace(unescaped(l.value))
		}
	case "STANDARD", "DAYLIGHT":
		if len(d.observances) == 0 {
			return
		}
		o := &d.observances[len(d.observances)-1]
		switch l.name {
		case "DTSTART":
			o.start, _ = parseWall(early(l.value))
		case "RRULE":
			o.rule = l.value
		case "RDATE":
			for _, value := range strings.Split(l.value, ",") {
				if w, f := parseWall(strings.TrimSpace(value)); f != formNone && len(o.dates) < maxOnsets {
					o.dates = append(o.dates, w)
				}
			}
		case "TZOFFSETFROM":
			o.offset(l.value, &o.from)
		case "TZOFFSETTO":
			o.offset(l.value, &o.to)
		}
	}
}

// early moves the beginning of a definition in 1601, as Outlook writes it, to
// years we keep to, with the same weekdays and leap years.
func early(value string) string {
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "16") && len(value) >= 15 {
		return "20" + value[2:] // 400 years are a whole number of weeks
	}
	return value
}

func (o *observance) offset(text string, field *int) {
	text = strings.TrimSpace(text)
	if len(text) < 5 || len(text) > 7 || text[0] != '+' && text[0] != '-' {
		return
	}
	n := 0
	for i, c := range []byte(text[1:]) {
		if c < '0' || c > '9' {
			return
		}
		n += int(c-'0') * [6]int{36000, 3600, 600, 60, 10, 1}[i]
	}
	if text[0] == '-' {
		n = -n
	}
	*field = n
	o.offsets++
}

// onset is a moment from which an offset counts.
type onset struct {
	at     int64
	offset int
}

// yearsCompared is for how many years a zone must agree with a definition.
const yearsCompared = 3

// onsets lists the changes of a definition up to the end of a year, in order.
func (d *zoneDefinition) onsets(first, last int) []onset {
	var list []onset
	for _, o := range d.observances {
		if o.offsets < 2 || o.start.IsZero() {
			continue
		}
		add := func(w Wall) bool {
			list = append(list, onset{int64(w) + wallOrigin - int64(o.from), o.to})
			return len(list) < maxOnsets
		}
		more := add(o.start)
		for _, w := range o.dates {
			more = more && add(w)
		}
		if o.rule == "" || !more {
			continue
		}
		// The end of such a rule is told in UTC.
		rule, err := ParseRule(o.rule, time.FixedZone("", o.from))
		if err != nil || rule.Count > 0 { // counting would begin at the start, and nobody writes it
			continue
		}
		from := max(o.start, On(first-1, 1, 1))
		rule.days(o.start, from, On(last+1, 1, 1), func(w Wall) bool {
			return (rule.Until.IsZero() || w <= rule.Until) && add(w)
		})
	}
	slices.SortStableFunc(list, func(a, b onset) int { return cmp.Compare(a.at, b.at) })
	return list
}

// derive finds a zone whose offsets are those of the definition.
func (d *zoneDefinition) derive(year int) *time.Location {
	last := year + yearsCompared - 1
	list := d.onsets(year, last)
	if len(list) == 0 {
		return nil
	}
	begin, end := On(year, 1, 1).utc().Unix(), On(last+1, 1, 1).utc().Unix()
	offset := list[0].offset // before all changes, the first kind of time counts
	var compared []onset
	for _, o := range list {
		if o.at > begin && o.at < end && o.offset != offset {
			compared = append(compared, onset{o.at - 1, offset}, o)
		}
		if o.at < end {
			offset = o.offset
		}
		if o.at <= begin {
			compared = []onset{{begin, o.offset}}
		}
	}
	if len(compared) == 0 {
		compared = []onset{{begin, offset}}
	}
	// Between the changes, too: a zone that changes more often is another.
	for i, n := 0, len(compared); i < n; i++ {
		until := end
		if i+1 < n {
			until = compared[i+1].at
		}
		for at := compared[i].at; at < until; at += 14 * secondsOfDay {
			compared = append(compared, onset{at, compared[i].offset})
		}
	}
	if !slices.ContainsFunc(compared, func(o onset) bool { return o.offset != compared[0].offset }) {
		return fixedZone(compared[0].offset)
	}
	for _, name := range derivable() {
		zone := Zone(name)
		if zone != nil && !slices.ContainsFunc(compared, func(o onset) bool {
			_, offset := time.Unix(o.at, 0).In(zone).Zone()
			return offset != o.offset
		}) {
			return zone
		}
	}
	return nil
}
