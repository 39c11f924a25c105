package scorecard

import (
	"regexp"
	"strconv"
	"time"

	"commontable/internal/analysis/day"
)

// The measures that are worked out whenever they are read, by catalogue key
// "scorecard_measures.…".
const (
	Meetings  = "meetings"   // meetings that were held
	AtTable   = "at_table"   // organizations that were at one at least
	Presence  = "presence"   // organization presence
	Kept      = "kept"       // actions done by the day they were due
	TimeGiven = "time_given" // hours given of those pledged
)

// Measures lists them.
var Measures = []string{Meetings, AtTable, Presence, Kept, TimeGiven}

var periodForm = regexp.MustCompile(`^([12][0-9]{3})(?:-Q([1-4]))?$`)

// periodOf is a year or a quarter as its days. There are no others: the page of working
// together tells every quarter to everybody, and the difference of two spans of days
// could tell of one meeting.
func periodOf(text string) (day.Span, bool) {
	found := periodForm.FindStringSubmatch(text)
	if found == nil {
		return day.Span{}, false
	}
	year, _ := strconv.Atoi(found[1])
	if found[2] == "" {
		return day.Span{From: day.Of(year, time.January, 1), Until: day.Of(year+1, time.January, 1)}, true
	}
	quarter, _ := strconv.Atoi(found[2])
	return day.Quarter(year*4 + quarter - 1).Span(), true
}

// yearsBack and quartersBack are how many periods are offered.
const (
	yearsBack    = 6
	quartersBack = 8
)

// periods are those that are offered on a day, the newest first: years, then quarters.
func periods(today string) []string {
	at, err := day.Parse(today)
	if err != nil {
		return nil
	}
	var out []string
	for n := range yearsBack {
		out = append(out, strconv.Itoa(at.Year()-n))
	}
	for n := range quartersBack {
		q := at.Quarter() - day.Quarter(n)
		out = append(out, q.String())
	}
	return out
}
