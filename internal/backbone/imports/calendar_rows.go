package imports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"commontable/internal/platform/calendar"
	"commontable/internal/platform/operation"
)

const (
	// aYearAhead is how far meetings of series are made, in days.
	aYearAhead = 366
	// mostOfSeries is how many meetings a series may have in a year; convening keeps to
	// the same.
	mostOfSeries = 400
	// mostBrought is how many meetings of the coming year one file may bring: those of
	// 400 weekly groups. What is beyond is refused row by row.
	mostBrought = 20_000
	// mostEventDays is how many exceptions of a series are read; package convening takes
	// 300 that are still to come.
	mostEventDays = 5000
)

// calendarRows is what the rows of a calendar or list say together.
type calendarRows struct {
	zone      *time.Location
	now       time.Time
	today     string
	icalendar bool
	names     map[string]int     // of rows without a name of their own: how often one is there
	known     map[string]brought // by UID
	beyond    map[string]bool    // the numbers of rows beyond what one file may bring
}

func readyCalendar(c *operation.Call, i Import, rows func(func(v Values)) error) (func(v Values) []Fault, error) {
	x := &calendarRows{zone: time.UTC, now: c.Now, today: c.Today(), icalendar: i.File.Source == icalendarSource.id, names: map[string]int{}, known: map[string]brought{}, beyond: map[string]bool{}}
	if c.Collaborative.Zone != nil {
		x.zone = c.Collaborative.Zone
	}
	if err := everyBrought(c, func(b brought) { x.known[b.UID] = b }); err != nil {
		return nil, err
	}
	if err := rows(func(v Values) {
		if v["uid"] == "" {
			x.names[listName(v)]++
		}
	}); err != nil {
		return nil, err
	}
	total := 0
	err := rows(func(v Values) {
		line := v[lineOf]
		if faults := x.row(v); len(faults) > 0 {
			return
		}
		n, _ := strconv.Atoi(v[eventTimes])
		if total += n; total > mostBrought {
			x.beyond[line] = true
		}
	})
	return x.row, err
}

// eventTimes is how many meetings of the coming year a row makes.
const eventTimes = hiddenField + "times"

// listName is what tells a row of a list that has no name of its own from the others.
func listName(v Values) string { return folded(v["body"]) + "|" + folded(v["title"]) }

// uidOf is the name under which what a row becomes is remembered.
func (x *calendarRows) uidOf(v Values) string {
	text := v["uid"]
	if text == "" {
		text = listName(v)
		if x.names[text] > 1 { // the same group meets twice under one name
			text += "|" + strings.Join([]string{v["first_on"], v["day"], v["time"], v["zone"]}, "|")
		}
	} else if len(text) <= 500 {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return "list:" + hex.EncodeToString(sum[:16])
}

// saidBy is a fingerprint of everything a row says but the number of its version.
func saidBy(v Values) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if name != "sequence" && v[name] != "" && !strings.HasPrefix(name, hiddenField) {
			sum.Write([]byte(name + "\x00" + v[name] + "\x00"))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// row turns what a row says in words or in iCalendar's terms into what a meeting or a
// series is made of, or says why it cannot be brought.
func (x *calendarRows) row(v Values) []Fault {
	if v["problem"] != "" {
		return []Fault{{Field: "problem", Key: eventProblem(v["problem"])}}
	}
	if x.beyond[v[lineOf]] {
		return []Fault{{Field: "rule", Key: "import.event_beyond", Args: map[string]any{"Most": mostBrought}}}
	}
	v[eventUID], v[eventSaid], v[eventSequence] = x.uidOf(v), saidBy(v), cmp.Or(v["sequence"], "0")
	known, there := x.known[v[eventUID]]
	off := folded(v["status"]) == "cancelled"
	v["status"] = ""
	if off {
		v["status"] = "cancelled"
	}
	if v["title"] = shortText(cmp.Or(v["title"], v["body"]), 200); v["title"] == "" {
		return []Fault{{Field: "title", Key: "errors.required"}}
	}
	series, faults := x.series(v)
	if len(faults) > 0 {
		return faults
	}
	x.settle(v, series)
	delete(v, "day")
	delete(v, "frequency")
	delete(v, "uid")
	delete(v, "sequence")
	if there && known.Said == v[eventSaid] {
		return nil // nothing new, wherever time has gone since
	}
	if off && !there {
		return []Fault{{Field: "status", Key: "import.event_off"}}
	}
	return x.ahead(v, series, there)
}

// series reads when it is.
func (x *calendarRows) series(v Values) (calendar.Series, []Fault) {
	if v["first_on"] == "" {
		if day, ok := parseDay(v["day"]); ok {
			v["first_on"], v["day"] = day, ""
		}
	}
	if v["rule"] == "" && v["first_on"] == "" || v["frequency"] != "" {
		return x.words(v)
	}
	zone := x.zone
	if text := v["zone"]; text != "" {
		if zone = calendar.Zone(text); zone == nil {
			var err error
			if zone, err = calendar.ZoneOf(text); err != nil {
				return calendar.Series{}, []Fault{wordFault("zone", err)}
			}
		}
	}
	switch {
	case v["first_on"] == "":
		return calendar.Series{}, []Fault{{Field: "first_on", Key: "errors.required"}}
	case v["time"] == "":
		return calendar.Series{}, []Fault{{Field: "time", Key: "import.event_all_day"}}
	}
	clock, length, err := calendar.TimeOfDay(v["time"])
	if err != nil {
		return calendar.Series{}, []Fault{wordFault("time", err)}
	}
	at, err := time.Parse("2006-01-02 15:04", v["first_on"]+" "+clock)
	if err != nil {
		return calendar.Series{}, []Fault{{Field: "time", Key: "errors.clock_time"}}
	}
	s := calendar.Series{Start: calendar.WallOf(at), Zone: zone, Length: length}
	text := v["rule"]
	if text == "" && v["exceptions"] != "" {
		text = "FREQ=DAILY;COUNT=1" // a meeting and more days, without a rule
	}
	if text != "" {
		rule, err := calendar.ParseRule(text, zone)
		if err != nil {
			return s, []Fault{{Field: "rule", Key: "errors.series_rule"}}
		}
		s.Rule = &rule
	} else if zone == time.UTC && x.icalendar {
		// Programs write single events in UTC wherever they are.
		s.Start, s.Zone = calendar.WallOf(at.In(x.zone)), x.zone
	}
	return s, nil
}

// words reads when it is from the words of a list.
func (x *calendarRows) words(v Values) (calendar.Series, []Fault) {
	from, _ := time.Parse(time.DateOnly, x.today)
	day := v["day"]
	if v["first_on"] != "" {
		day = strings.TrimSpace(day + " starting " + v["first_on"])
	}
	cells := calendar.Cells{Day: day, Time: v["time"], Zone: v["zone"], Frequency: v["frequency"]}
	reading, faults := cells.Read(calendar.WallOf(from))
	if cells.Zone == "" && slices.ContainsFunc(faults, func(f calendar.CellFault) bool { return f.Cell == calendar.ZoneCell }) {
		cells.Zone = x.zone.String()
		reading, faults = cells.Read(calendar.WallOf(from))
	}
	var out []Fault
	for _, f := range faults {
		field := map[calendar.Cell]string{calendar.DayCell: "day", calendar.TimeCell: "time", calendar.ZoneCell: "zone", calendar.FrequencyCell: "frequency"}[f.Cell]
		out = append(out, wordFault(field, f.Fault))
	}
	if len(out) > 0 {
		return calendar.Series{}, out
	}
	for _, a := range reading.Assumed {
		if a != calendar.AssumedLength {
			v[eventAssumed] = "yes"
		} else {
			reading.Series.Length = 0
		}
	}
	return reading.Series, nil
}

// wordFault says of a cell why its words cannot be read.
func wordFault(field string, err error) Fault {
	var f calendar.WordFault
	if !errors.As(err, &f) {
		f = calendar.Unknown
	}
	return Fault{Field: field, Key: "import.word_" + string(f)}
}

// eventProblem is what is said of an event that package intake could not read.
func eventProblem(reason string) string {
	switch calendar.Reason(reason) {
	case calendar.NoStart, calendar.BadTime, calendar.BadLength:
		return "import.event_no_time"
	case calendar.UnknownZone:
		return "import.word_unknown"
	case calendar.BadRule:
		return "errors.series_rule"
	case calendar.TooManyEvents:
		return "import.event_too_many"
	}
	return "import.event_unreadable"
}

// shortText is the beginning of a text, at most so many characters.
func shortText(text string, most int) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

func number64(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
