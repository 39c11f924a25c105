package imports

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/operation"
)

// settle writes what was read in the words in which a series is stored.
func (x *calendarRows) settle(v Values, s calendar.Series) {
	text := s.Start.String()
	v["first_on"], v["time"] = text[:len(time.DateOnly)], text[len(time.DateOnly)+1:][:5]
	v["zone"], v["rule"] = s.Zone.String(), ""
	minutes := number64(v["minutes"])
	if minutes <= 0 {
		minutes = int64(s.Length / time.Minute)
	}
	v["minutes"] = strconv.FormatInt(min(cmp.Or(max(minutes, 0), 60), 2880), 10)
	if s.Rule != nil {
		v["rule"] = s.Rule.Text(s.Zone, false)
	}
	v["place"], v["purpose"] = shortText(v["place"], 300), shortText(v["purpose"], 2000)
	if operation.IsLink(v["place"]) { // where calendars without a field for it put it
		if v["link"] == "" {
			v["link"] = v["place"]
		}
		v["place"] = ""
	}
	if !x.icalendar { // a list that does not say where leaves it as it is
		for _, field := range []string{"place", "link", "purpose", "exceptions"} {
			if v[field] == "" {
				delete(v, field)
			}
		}
		return
	}
	if v["purpose"] == "" {
		delete(v, "purpose")
	}
	for _, field := range []string{"place", "link", "exceptions"} {
		if _, said := v[field]; !said {
			v[field] = "" // a calendar that says it no more takes it away
		}
	}
}

// ahead says what is wrong with the days of a row that are to come, and counts them.
func (x *calendarRows) ahead(v Values, s calendar.Series, there bool) []Fault {
	if s.Rule == nil {
		v[eventTimes] = "1"
		length := time.Duration(number64(v["minutes"])) * time.Minute
		if !there && s.Start.In(s.Zone).Add(length).Before(x.now) {
			return []Fault{{Field: "first_on", Key: "import.event_over"}}
		}
		return nil
	}
	s.Length = max(s.Length, time.Minute)
	times, more, err := s.Between(x.now, x.now.AddDate(0, 0, aYearAhead), mostOfSeries)
	switch {
	case err != nil:
		return []Fault{{Field: "rule", Key: "errors.series_rule"}}
	case more:
		return []Fault{{Field: "rule", Key: "errors.series_too_many", Args: map[string]any{"Maximum": mostOfSeries}}}
	}
	exceptions, fault := eventDays(v["exceptions"], x.today)
	if fault != nil {
		return []Fault{*fault}
	}
	v[eventTimes] = strconv.Itoa(len(times) + len(exceptions))
	if _, given := v["exceptions"]; given {
		v["exceptions"] = eventText(exceptions)
	}
	if !there && len(times) == 0 && len(exceptions) == 0 && s.Start.In(s.Zone).Before(x.now) {
		return []Fault{{Field: "rule", Key: "import.event_over"}}
	}
	return nil
}

// eventDay is a line of exceptions, as package intake writes it.
var eventDay = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}) (?:(−)|(×)|\+ (\d{2}:\d{2})|→ (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(?: (\d{1,4}))?)(?: \| ([^|]*))?(?: \| ([^|]*))?$`)

// eventDays are the exceptions that a cell names, but for those of days that are over.
func eventDays(text, today string) ([]convening.Exception, *Fault) {
	var out []convening.Exception
	for n, line := range lines(text) {
		m := eventDay.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || n >= mostEventDays {
			return nil, &Fault{Field: "exceptions", Key: "import.event_exceptions"}
		}
		e := convening.Exception{On: m[1], Title: shortText(m[8], 200), Place: shortText(m[9], 300)}
		switch {
		case m[2] != "":
			e.What = convening.NoMeeting
		case m[3] != "":
			e.What = convening.CalledOff
		case m[4] != "":
			e.What, e.Starts = convening.OneMore, m[4]
		default:
			e.What, e.To, e.Starts, e.Minutes = convening.Moved, m[5], m[6], min(number64(m[7]), 2880)
		}
		if cmp.Or(e.To, e.On) < today && e.On < today {
			continue
		}
		out = append(out, e)
	}
	if len(out) > mostExceptions {
		return nil, &Fault{Field: "exceptions", Key: "errors.series_exceptions", Args: map[string]any{"Maximum": mostExceptions}}
	}
	return out, nil
}

// mostExceptions is how many exceptions of a series package convening takes.
const mostExceptions = 300

// eventText writes exceptions as eventDays reads them.
func eventText(all []convening.Exception) string {
	var out []string
	for _, e := range all {
		line := e.On
		switch e.What {
		case convening.NoMeeting:
			line += " −"
		case convening.CalledOff:
			line += " ×"
		case convening.OneMore:
			line += " + " + e.Starts
		default:
			line += " → " + e.To + " " + e.Starts
			if e.Minutes > 0 {
				line += " " + strconv.FormatInt(e.Minutes, 10)
			}
		}
		if e.Title != "" || e.Place != "" {
			line += " | " + e.Title
		}
		if e.Place != "" {
			line += " | " + e.Place
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
