package calendar

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// oracle asks the independent calendar library, Debian's python3-dateutil and
// python3-icalendar, which ./test installs.
type oracle struct {
	t     *testing.T
	write *json.Encoder
	read  *bufio.Reader
}

func askOracle(t *testing.T) *oracle {
	t.Helper()
	python := os.Getenv("COMMONTABLE_PYTHON")
	if python == "" {
		python = "/usr/bin/python3"
	}
	if out, err := exec.Command(python, "-c", "import dateutil, icalendar, pytz").CombinedOutput(); err != nil {
		t.Fatalf("%s has no dateutil, icalendar and pytz (%v): install Debian's python3-dateutil, python3-icalendar and python3-tz, or name another Python in COMMONTABLE_PYTHON\n%s", python, err, out)
	}
	cmd := exec.Command(python, filepath.Join("testdata", "oracle.py"))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the oracle: %v\n%s", err, complaints.String())
		}
	})
	return &oracle{t, json.NewEncoder(in), bufio.NewReaderSize(out, 1<<20)}
}

func ask[T any](o *oracle, question map[string]any) T {
	o.t.Helper()
	if err := o.write.Encode(question); err != nil {
		o.t.Fatal(err)
	}
	text, err := o.read.ReadBytes('\n')
	if err != nil {
		o.t.Fatal(err)
	}
	var out struct {
		Answer T
		Fault  string
	}
	if err := json.Unmarshal(text, &out); err != nil || out.Fault != "" {
		o.t.Fatalf("the oracle: %v %s, asked %v", err, out.Fault, question)
	}
	return out.Answer
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func walls(list []Wall) []string {
	out := []string{}
	for _, w := range list {
		out = append(out, w.String())
	}
	return out
}

// agree compares a series between two local times with the oracle.
func (o *oracle) agree(name string, s Series, from, to Wall) int {
	o.t.Helper()
	got, more, err := s.Between(from.In(s.zone()), to.In(s.zone()), 0)
	if err != nil || more {
		o.t.Errorf("%s: %v, more %v", name, err, more)
		return 0
	}
	var have []string
	for _, x := range got {
		have = append(have, stamp(x.Start))
	}
	want := ask[[]string](o, map[string]any{"ask": "expand", "zone": s.zone().String(), "start": s.Start.String(), "rule": s.Rule.Text(s.zone(), s.AllDay),
		"from": from.String(), "to": to.String(), "excluded": walls(s.Excluded), "added": walls(s.Added)})
	slices.Sort(want)
	if !slices.Equal(have, slices.Compact(want)) {
		o.t.Errorf("%s: %s from %s in %s\nhave %q\nwant %q", name, s.Rule.Text(s.zone(), s.AllDay), s.Start, s.zone(), have, want)
	}
	return len(have)
}

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone := Zone(name)
	if zone == nil {
		t.Fatalf("no zone %s", name)
	}
	return zone
}

func mustRule(t testing.TB, text string, zone *time.Location) *Rule {
	t.Helper()
	rule, err := ParseRule(text, zone)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &rule
}

// Times of day on both sides of clock changes, in the hours that are missing and
// in those that come twice, are those of another calendar library.
func TestRulesAgreeWithAnotherLibrary(t *testing.T) {
	o := askOracle(t)
	rules := []string{
		"FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;COUNT=40", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY;INTERVAL=2;BYMONTH=3,10,11",
		"FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,WE,SA", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "FREQ=WEEKLY;INTERVAL=4;UNTIL=20271107T090000Z", "FREQ=WEEKLY;COUNT=30;BYDAY=TU,SU",
		"FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=-1,15", "FREQ=MONTHLY;BYDAY=1SU,3WE", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;INTERVAL=3;BYDAY=2SU", "FREQ=MONTHLY;BYDAY=5TH",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=23,24,25,26,27,28,29", "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-1",
		"FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=3,11;BYDAY=2SU", "FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14", "FREQ=YEARLY;BYMONTHDAY=1", "FREQ=YEARLY;BYMONTH=10;BYDAY=SU;BYSETPOS=-1",
	}
	zoneNames := []string{"UTC", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Europe/Dublin", "Europe/London", "Australia/Lord_Howe", "Australia/Sydney", "America/St_Johns", "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu", "Asia/Jerusalem", "Pacific/Apia", "America/Sao_Paulo"}
	clocks := []Wall{9 * 3600, 1*3600 + 30*60, 2*3600 + 30*60, 0, 23*3600 + 30*60}
	if len(rules) < 25 {
		t.Fatal("too few rules")
	}
	times := 0
	for i, text := range rules {
		for j, name := range zoneNames {
			zone := mustZone(t, name)
			for k, clock := range []Wall{clocks[0], clocks[1+(i+j)%4]} {
				rule := mustRule(t, text, zone)
				start := On(2026, 3, 1) + clock // a Sunday
				// Others leave a start out that the rule does not mean.
				meant := start
				rule.days(start, start, 0, func(w Wall) bool { meant = w; return w == start })
				if len(rule.Positions) > 0 || !rule.matcher(start)(start) {
					start = meant
				}
				s := Series{Start: start, Zone: zone, Length: time.Hour, Rule: rule}
				if (i+j+k)%3 == 0 {
					s.Excluded = []Wall{On(2026, 3, 8) + clock, On(2026, 3, 29) + clock, On(2026, 11, 1) + clock}
					s.Added = []Wall{On(2026, 10, 25) + clock, On(2026, 12, 24) + clock}
				}
				times += o.agree(fmt.Sprintf("%s in %s at %s", text, name, start), s, On(2026, 3, 1), On(2028, 4, 1))
				// And from a window far behind the start.
				if k == 0 {
					times += o.agree("later", s, On(2031, 2, 3), On(2031, 12, 1))
				}
			}
		}
	}
	if times < 60_000 {
		t.Errorf("only %d times compared", times)
	}
	t.Logf("%d times compared", times)
}

var update = flag.Bool("update", false, "write what was read of the foundation's meetings anew")

// foundation reads the foundation's list of meetings.
func foundation(t *testing.T) []Cells {
	t.Helper()
	raw, err := os.ReadFile("testdata/meetings.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []Cells
	for _, row := range rows[1:] {
		list = append(list, Cells{Day: row[2], Time: row[3], Zone: row[4], Frequency: row[5]})
	}
	if len(list) != 72 {
		t.Fatalf("%d meetings", len(list))
	}
	return list
}

// All meetings of the foundation are read, and each of their times in two years
// is at the same moment as in another library.
func TestFoundationMeetings(t *testing.T) {
	o := askOracle(t)
	from := On(2026, 1, 1)
	var read strings.Builder
	times := 0
	for i, cells := range foundation(t) {
		r, faults := cells.Read(from)
		if len(faults) > 0 {
			t.Errorf("meeting %d: %+v: %+v", i+1, cells, faults)
			continue
		}
		fmt.Fprintf(&read, "%d|%s %s|%s|%s|%v|%s\n", i+1, r.Series.Start.Weekday().String()[:3], r.Series.Start, r.Series.Zone, r.Series.Rule.Text(r.Series.Zone, false), r.Assumed, r.Unread)
		times += o.agree(fmt.Sprintf("meeting %d", i+1), r.Series, from, On(2028, 1, 1))
		// Local time stays what the cell says, in winter and in summer.
		list, _, _ := r.Series.Between(from.In(r.Series.Zone), On(2028, 1, 1).In(r.Series.Zone), 0)
		offsets := map[int]bool{}
		for _, x := range list {
			if x.Local.secondOfDay() != r.Series.Start.secondOfDay() {
				t.Errorf("meeting %d is at %s", i+1, x.Local)
			}
			_, offset := x.Start.Zone()
			offsets[offset] = true
		}
		if want := map[bool]int{true: 1, false: 2}[isUTC(r.Series.Zone)]; len(offsets) != want {
			t.Errorf("meeting %d in %s has %d offsets", i+1, r.Series.Zone, len(offsets))
		}
	}
	if times < 3000 {
		t.Errorf("only %d times compared", times)
	}
	const golden = "testdata/meetings_read.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(read.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if read.String() != string(want) {
		t.Errorf("what was read is not what %s says: look, and run with -update", golden)
	}
}
