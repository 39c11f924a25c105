package calendar

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// People name their time in many ways; what may be several places is asked about.
func TestZonesInWords(t *testing.T) {
	for text, want := range map[string]string{
		"PT (Pacific Time)": "America/Los_Angeles", "Eastern Time (ET)": "America/New_York", "9:00 AM PT": "America/Los_Angeles", "EST": "America/New_York", "(UTC-05:00) Eastern Time (US & Canada)": "America/New_York",
		"CET": "Europe/Berlin", "paris": "Europe/Paris", "Europe/berlin": "Europe/Berlin", "Los Angeles": "America/Los_Angeles", "W. Europe Standard Time": "Europe/Berlin", "GMT": "UTC", "UTC+2": "Etc/GMT-2", "utc+5:30": "Asia/Kolkata", "the Pacific time zone": "America/Los_Angeles",
	} {
		zone, err := ZoneOf(text)
		if err != nil || zone.String() != want {
			t.Errorf("%q is %v, %v, want %s", text, zone, err, want)
		}
	}
	for text, want := range map[string]WordFault{"": Missing, "IST": Ambiguous, "local time": Ambiguous, "Shire": Unknown, "ET (Pacific Time)": Contradicted, "UTC+25": Unknown, "../../etc/passwd": Unknown, strings.Repeat("x", 300): Unknown} {
		if zone, err := ZoneOf(text); !errors.Is(err, want) {
			t.Errorf("%.40q is %v, %v, want %v", text, zone, err, want)
		}
	}
}

// A row of a list of meetings becomes a rule, with what was assumed, or each
// cell that cannot be read is told.
func TestCells(t *testing.T) {
	from := On(2026, 1, 1) // a Thursday
	for _, c := range []struct {
		cells   Cells
		start   string
		rule    string
		length  time.Duration
		assumed []Assumption
	}{
		{Cells{"Tuesday", "9:00", "PT (Pacific Time)", "biweekly"}, "2026-01-06T09:00:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", time.Hour, []Assumption{AssumedWeek, AssumedLength}},
		{Cells{"Thursdays", "9:30-11:00 AM", "ET", "weekly"}, "2026-01-01T09:30:00", "FREQ=WEEKLY;BYDAY=TH", 90 * time.Minute, nil},
		{Cells{"Monday", "11 AM - 1 PM", "CET", "monthly"}, "2026-01-05T11:00:00", "FREQ=MONTHLY;BYDAY=1MO", 2 * time.Hour, []Assumption{AssumedNth}},
		{Cells{"", "16:00", "UTC", "first and third Wednesday of the month"}, "2026-01-07T16:00:00", "FREQ=MONTHLY;BYDAY=1WE,3WE", time.Hour, []Assumption{AssumedLength}},
		{Cells{"Friday", "noon", "London", "last Friday of every month"}, "2026-01-30T12:00:00", "FREQ=MONTHLY;BYDAY=-1FR", time.Hour, []Assumption{AssumedLength}},
		{Cells{"Tuesday", "10:00 - 10:30", "PT", "every other week starting on March 3, 2026"}, "2026-03-03T10:00:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", 30 * time.Minute, nil},
		{Cells{"", "9:00 AM ET", "", "every weekday"}, "2026-01-01T09:00:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time.Hour, []Assumption{AssumedLength}},
	} {
		r, faults := c.cells.Read(from)
		if len(faults) > 0 {
			t.Errorf("%q: %+v", c.cells, faults)
			continue
		}
		if got := r.Series.Rule.Text(r.Series.Zone, false); r.Series.Start.String() != c.start || got != c.rule || r.Series.Length != c.length || !slices.Equal(r.Assumed, c.assumed) {
			t.Errorf("%q: %s, %s, %s, %q", c.cells, r.Series.Start, got, r.Series.Length, r.Assumed)
		}
		if err := r.Series.Check(); err != nil {
			t.Errorf("%q: %v", c.cells, err)
		}
	}
	for _, c := range []struct {
		cells Cells
		want  string
	}{
		{Cells{"", "", "", ""}, "[{time  missing} {zone  missing}]"},
		{Cells{"Tuesday", "9", "IST", "bimonthly"}, "[{time 9 ambiguous} {zone IST ambiguous} {frequency bimonthly ambiguous}]"},
		{Cells{"Tuesday", "25:00", "PT", "weekly"}, "[{time 25:00 unknown}]"},
		{Cells{"Tuesday", "9:00 ET", "PT", "weekly"}, "[{zone PT contradicted}]"},
		{Cells{"Tuesday", "9:00", "PT", "every Wednesday"}, "[{frequency every Wednesday contradicted}]"},
		{Cells{"", "9:00", "PT", "weekly"}, "[{day  missing}]"},
		{Cells{"Tuesday", "9:00", "PT", ""}, "[{frequency  missing}]"},
		{Cells{"Tuesday", "9:00", "PT", "weekly, starting March 4, 2026"}, "[{frequency weekly, starting March 4, 2026 contradicted}]"},
	} {
		short := []string{}
		_, faults := c.cells.Read(from)
		for _, f := range faults {
			short = append(short, fmt.Sprintf("{%s %s %s}", f.Cell, f.Text, string(f.Fault)))
		}
		if got := fmt.Sprint(short); got != c.want {
			t.Errorf("%q: %s, want %s", c.cells, got, c.want)
		}
	}
}

// A rule is said in the parts of a sentence.
func TestSayings(t *testing.T) {
	start := At(2026, 3, 3, 9, 0, 0) // the first Tuesday of March
	for text, want := range map[string]string{
		"FREQ=DAILY;INTERVAL=2":                              "days every 2 [] [] [] []",
		"FREQ=WEEKLY":                                        "weeks every 1 [Tuesday] [] [] []",
		"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR":                   "weekdays every 1 [] [] [] []",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,TU":                 "weeks every 2 [Tuesday Thursday] [] [] []",
		"FREQ=MONTHLY":                                       "month_days every 1 [] [] [3] []",
		"FREQ=MONTHLY;BYDAY=1TU,3TU":                         "month_nths every 1 [Tuesday] [1 3] [] []",
		"FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1":                  "month_nths every 1 [Tuesday] [-1] [] []",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1":      "last_weekdays every 1 [] [] [] []",
		"FREQ=YEARLY":                                        "year_days every 1 [] [] [3] [March]",
		"FREQ=YEARLY;BYMONTH=3,9;BYDAY=1TU":                  "year_nths every 1 [Tuesday] [1] [] [March September]",
		"FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=23,24,25,26,27,28": "more every 1 [] [] [] []",
		"FREQ=MONTHLY;BYDAY=1TU,3WE":                         "more every 1 [] [] [] []",
	} {
		s := mustRule(t, text, time.UTC).Say(start)
		if got := fmt.Sprintf("%s every %d %v %v %v %v", s.Pattern, s.Every, s.Weekdays, s.Nths, s.MonthDays, s.Months); got != want {
			t.Errorf("%s is said as %s, want %s", text, got, want)
		}
	}
}

// Links carry the event, and nothing in a text becomes a part of the address.
func TestLinks(t *testing.T) {
	e := invitation(t)
	e.Summary, e.Location, e.Description, e.URL = "Data & team #1?x=y", "Room 2\r\nHost: x", strings.Repeat("é", 5000), "https://table.example/m/1"
	for name, c := range map[string]struct {
		link string
		want map[string]string
	}{
		"calendar.google.com": {GoogleLink(e), map[string]string{"action": "TEMPLATE", "text": e.Summary, "dates": "20260303T090000/20260303T100000", "ctz": "America/New_York", "recur": "RRULE:FREQ=WEEKLY;COUNT=4", "location": e.Location}},
		"outlook.live.com":    {OutlookLink(e, false), map[string]string{"subject": e.Summary, "startdt": "2026-03-03T14:00:00Z", "enddt": "2026-03-03T15:00:00Z", "location": e.Location}},
		"outlook.office.com":  {OutlookLink(e, true), map[string]string{"subject": e.Summary}},
	} {
		u, err := url.Parse(c.link)
		if err != nil || u.Host != name || u.Scheme != "https" || strings.Contains(c.link, "+") || len(c.link) > 8000 {
			t.Errorf("%s: %v, %d characters", name, err, len(c.link))
			continue
		}
		for key, want := range c.want {
			if got := u.Query()[key]; !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %s is %q, want %q", name, key, got, want)
			}
		}
	}
	day := Event{Summary: "Retreat", Series: Series{Start: On(2026, 10, 24), AllDay: true, Length: 48 * time.Hour}}
	if got := GoogleLink(day); !strings.Contains(got, "dates=20261024%2F20261026") {
		t.Error(got)
	}
	if got := OutlookLink(day, false); !strings.Contains(got, "allday=true") || !strings.Contains(got, "startdt=2026-10-24") || !strings.Contains(got, "enddt=2026-10-26") {
		t.Error(got)
	}
	if got := SubscribeLink("https://table.example/feed/abc.ics"); got != "webcal://table.example/feed/abc.ics" {
		t.Error(got)
	}
}
