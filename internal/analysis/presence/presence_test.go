package presence

import (
	"fmt"
	"testing"
	"time"
)

func at(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse("2006-01-02 15:04:05", "2026-05-04 "+text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestMergedMinutes(t *testing.T) {
	for _, c := range []struct {
		name  string
		joins [][2]string
		want  int64
	}{
		{"once", [][2]string{{"10:00:00", "11:02:10"}}, 62},
		{"left and came back", [][2]string{{"10:00:00", "10:20:00"}, {"10:30:00", "11:00:00"}}, 50},
		{"two devices at once", [][2]string{{"10:00:00", "10:40:00"}, {"10:10:00", "11:00:00"}, {"10:15:00", "10:20:00"}}, 60},
		{"ends before it begins", [][2]string{{"11:00:00", "10:00:00"}, {"10:00:00", "10:30:00"}}, 30},
		{"joined and left in rows of their own", [][2]string{{"10:00:00", ""}, {"", "10:20:00"}, {"10:30:00", ""}, {"", "10:45:00"}}, 35},
		{"joined twice, left once", [][2]string{{"10:00:00", ""}, {"10:05:00", ""}, {"", "10:30:00"}}, 30},
		{"joined and never left", [][2]string{{"10:00:00", ""}}, 0},
		{"nothing", nil, 0},
	} {
		var all []Interval
		for _, j := range c.joins {
			all = append(all, Interval{at(j[0]), at(j[1])})
		}
		if got := Minutes(Merge(all)); got != c.want {
			t.Errorf("%s: %d minutes, want %d", c.name, got, c.want)
		}
	}
}

func TestClocksThatAreOff(t *testing.T) {
	plan := Interval{at("10:00:00"), at("11:00:00")}
	for _, c := range []struct {
		from, to string
		want     time.Duration
		ok       bool
	}{
		{"10:02:00", "10:58:00", 0, true},
		{"09:40:00", "11:30:00", 0, true},
		{"15:03:00", "16:01:00", -5 * time.Hour, true},
		{"04:31:00", "05:32:00", 5*time.Hour + 30*time.Minute, true},
	} {
		got, ok := Shift([]Interval{{at(c.from), at(c.to)}}, plan)
		if got != c.want || ok != c.ok {
			t.Errorf("%s–%s: %v %v, want %v", c.from, c.to, got, ok, c.want)
		}
	}
	week := Interval{at("10:00:00").AddDate(0, 0, 7), at("11:00:00").AddDate(0, 0, 7)}
	if got, ok := Shift([]Interval{week}, plan); ok {
		t.Errorf("another week fits by %v", got)
	}
}

func TestTimesOfReports(t *testing.T) {
	for text, want := range map[string]string{
		"10/05/2026 05:55:00 PM": "2026-10-05 17:55:00", "2/7/26, 10:00:05 AM": "2026-02-07 10:00:05", "2026-05-10T17:55:00": "2026-05-10 17:55:00", "2026-05-10T17:55:00Z": "2026-05-10 17:55:00",
		"2026-05-10T17:55:00.250+02:00": "2026-05-10 15:55:00", "10.05.2026, 17:55:00": "2026-10-05 17:55:00", "25/12/2026 9:05": "2026-12-25 09:05:00", "12:00 AM": "2026-05-04 00:00:00",
		"2/7/26, 12:10:05\u202fp. m.": "2026-02-07 12:10:05", "2026-05-10": "2026-05-10 00:00:00", "02/30/2026 10:00": "", "13:61": "", "soon": "", "": "", "14:00 PM": "",
	} {
		got := ""
		if when, _, ok := ParseTime(text, MonthFirst, time.UTC, at("00:00:00")); ok {
			got = when.Format("2006-01-02 15:04:05")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, c := range []struct {
		texts []string
		want  Order
	}{{[]string{"2/7/26, 10:00:05 AM"}, MonthFirst}, {[]string{"07/02/2026 10:00", "13/02/2026 10:00"}, DayFirst}, {[]string{"02/07/2026 10:00", "02/13/2026 10:00"}, MonthFirst}, {[]string{"07.02.2026 10:00"}, DayFirst}} {
		if got := OrderOf(c.texts); got != c.want {
			t.Errorf("%q: %d", c.texts, got)
		}
	}
	if got := Ended(at("23:30:00"), at("00:10:00"), true); got.Sub(at("23:30:00")) != 40*time.Minute {
		t.Errorf("past midnight: %v", got)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"62": 62 * time.Minute, "1h 5m 3s": 65*time.Minute + 3*time.Second, "1:05:03": 65*time.Minute + 3*time.Second, "1:05": 65 * time.Minute, "1 Std. 5 Min. 3 Sek.": 65*time.Minute + 3*time.Second,
		"1 heure, 5 minutes": 65 * time.Minute, "45 segundos": 45 * time.Second, "PT1H5M": 65 * time.Minute, "1,5 h": 90 * time.Minute, "12.5": 12*time.Minute + 30*time.Second,
		"": -1, "long": -1, "5 parsecs": -1, "1:75": -1, "99999999": -1, "9999 h": -1, "-5": -1,
	} {
		got, ok := Duration(text, time.Minute)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if got, ok := Duration("3600", time.Second); got != time.Hour || !ok {
		t.Errorf("seconds: %v", got)
	}
}

func TestNamesInReports(t *testing.T) {
	for text, want := range map[string]Name{
		"Brian Smith": {Person: "Brian Smith"}, "iPhone (Brian Smith)": {Person: "Brian Smith", Device: "iPhone"}, "Brian Smith (Food Bank)": {Person: "Brian Smith", Organization: "Food Bank"},
		"Smith, Brian": {Person: "Brian Smith"}, "Brian's iPad": {Person: "Brian", Device: "iPad"}, "iPhone de Zoé": {Person: "Zoé", Device: "iPhone"}, "#1 Brian": {Person: "Brian"}, "2. Ana Ruiz": {Person: "Ana Ruiz"},
		"ana.ruiz@riverbend.org": {Person: "Ana Ruiz", Email: "ana.ruiz@riverbend.org"}, "info@riverbend.org": {Email: "info@riverbend.org"}, "Ana Ruiz (Host)": {Person: "Ana Ruiz", Host: true},
		"Ana Ruiz (Host, me)": {Person: "Ana Ruiz", Host: true}, "Omar Haddad (Guest)": {Person: "Omar Haddad", Guest: true}, "Omar Haddad (Invité)": {Person: "Omar Haddad", Guest: true},
		"Ana Ruiz (she/her) (Clinic)": {Person: "Ana Ruiz", Organization: "Clinic"}, "Bri (Brian Smith)": {Person: "Brian Smith"}, "BS (Brian Smith)": {Person: "Brian Smith"},
		"Ana Ruiz | Clinic": {Person: "Ana Ruiz", Organization: "Clinic"}, "Ana Ruiz - United Way": {Person: "Ana Ruiz", Organization: "United Way"}, "Ana Ruiz, PhD": {Person: "Ana Ruiz"}, "Ana Ruiz, Food Bank": {Person: "Ana Ruiz", Organization: "Food Bank"},
		"Galaxy S21 Ultra": {Device: "Galaxy S21 Ultra"}, "iPhone": {Device: "iPhone"}, "+1 555 0100": {Device: "+1 555 0100"}, "Jean-Luc d'Arc": {Person: "Jean-Luc d'Arc"}, "Conor O'Brien": {Person: "Conor O'Brien"},
		"van den Berg, Jan": {Person: "Jan van den Berg"}, "": {}, "()": {}, "(Ana Ruiz)": {Person: "Ana Ruiz"}, "José García (Externo)": {Person: "José García", Guest: true},
	} {
		if got := ParseName(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"iPhone (Ana)", "a@b.c", "1h 5m", "2/7/26, 10:00:05 AM", "((()))", ", ,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := ParseName(text)
		if len(fmt.Sprint(n)) > 8*len(text)+200 {
			t.Errorf("%q grew to %+v", text, n)
		}
		if d, ok := Duration(text, time.Minute); ok && (d < 0 || d > mostLong) {
			t.Errorf("%q lasts %v", text, d)
		}
		ParseTime(text, DayFirst, time.UTC, time.Time{})
	})
}
