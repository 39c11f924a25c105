package participation_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"commontable/internal/analysis/coattendance"
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
	"commontable/internal/analysis/survival"
	"commontable/internal/testing/committee"
)

// seen is what one kind of participant, people or organizations, looks like to the functions: numbered by name.
type seen struct {
	names    []string
	meetings []participation.Gathering
	turns    []map[int]int64 // by meeting and number
}

// table reads the file of attendance as a program would that uses the functions: rows to meetings to rosters.
func table(t *testing.T, path string) (people, organizations seen) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows = rows[1:]
	var days []day.Day
	for _, row := range rows {
		days = append(days, on(t, row[0]))
	}
	held := map[day.Day]int{}
	runs := day.Runs(days, 3)
	for i, run := range runs {
		for _, d := range run {
			held[d] = i
		}
	}
	for _, kind := range []struct {
		column int
		to     *seen
	}{{1, &people}, {2, &organizations}} {
		numbers := map[string]int{}
		for _, row := range rows {
			if name := clean(row[kind.column]); name != "" {
				numbers[name] = 0
			}
		}
		for name := range numbers {
			kind.to.names = append(kind.to.names, name)
		}
		slices.Sort(kind.to.names)
		for i, name := range kind.to.names {
			numbers[name] = i
		}
		for _, run := range runs {
			kind.to.meetings = append(kind.to.meetings, participation.Gathering{On: run[0]})
			kind.to.turns = append(kind.to.turns, map[int]int64{})
		}
		for i, row := range rows {
			name := clean(row[kind.column])
			if name == "" {
				continue
			}
			turns, err := strconv.ParseInt(row[3], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			m := held[days[i]]
			if err := kind.to.meetings[m].Present.Add(numbers[name]); err != nil {
				t.Fatal(err)
			}
			kind.to.turns[m][numbers[name]] += turns
		}
	}
	return people, organizations
}

func clean(cell string) string { return strings.Join(strings.Fields(cell), " ") }

// until is the same as of a day.
func (s seen) until(asOf day.Day) seen {
	n := 0
	for n < len(s.meetings) && s.meetings[n].On <= asOf {
		n++
	}
	return seen{s.names, s.meetings[:n], s.turns[:n]}
}

// everyone is who was there by a day.
func (s seen) everyone() roster.Roster {
	var all roster.Roster
	for _, m := range s.meetings {
		all.Include(m.Present)
	}
	return all
}

// The real file, years and all, gives what another hand counted of it by the formulas, on its last day and on
// earlier ones.
func TestCommitteeAgainstAnotherHand(t *testing.T) {
	path := "../../../../shared/data/standards-committee/attendance.csv"
	if _, err := os.Stat(path); err != nil {
		path = "../../testing/committee/testdata/attendance.csv"
	}
	ledger, err := committee.ReadFile(path, committee.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	people, organizations := table(t, path)
	for _, asOf := range []string{"2026-01-21", "2025-12-31", "2023-03-22", "2020-06-30", "2015-01-01", "2012-01-01"} {
		t.Run(asOf, func(t *testing.T) {
			when, err := time.Parse(time.DateOnly, asOf)
			if err != nil {
				t.Fatal(err)
			}
			want := ledger.Figures(when, 365)
			people, organizations := people.until(on(t, asOf)), organizations.until(on(t, asOf))
			if len(people.meetings) != int(want.Meetings) || people.everyone().Len() != int(want.People) || organizations.everyone().Len() != int(want.Organizations) {
				t.Fatalf("%d meetings, %d people, %d organizations", len(people.meetings), people.everyone().Len(), organizations.everyone().Len())
			}
			compareYears(t, people, organizations, want.Years)
			for _, b := range want.Breadth {
				compareBreadth(t, organizations, b)
			}
			compareRetention(t, people, on(t, asOf), want.PeopleRetention)
			compareRetention(t, organizations, on(t, asOf), want.OrganizationRetention)
			compareVoices(t, people, want.PeopleVoice)
			compareVoices(t, organizations, want.OrganizationVoice)
			comparePairs(t, organizations, on(t, asOf), 365, want.Pairs)
			comparePairs(t, people, on(t, asOf), 0, ledger.PeoplePairs(when, 0))
		})
	}
}

func sameShare(t *testing.T, what string, got stats.Share, want committee.Share) {
	t.Helper()
	rate, _ := got.Rate()
	interval := got.Wilson(stats.Z95)
	if got != (stats.Share{Some: want.Some, All: want.All}) || !near(rate, want.Rate) || !near(interval.Low, want.Low) || !near(interval.High, want.High) {
		t.Errorf("%s: %v, %v, %v; want %+v", what, got, rate, interval, want)
	}
}

// near allows for nothing but the rounding of the last digits.
func near(a, b float64) bool { return a-b <= 1e-12 && b-a <= 1e-12 }

func sameSpread(t *testing.T, what string, turns map[int]int64, want committee.Spread) {
	t.Helper()
	var each []int64
	for _, n := range turns {
		each = append(each, n)
	}
	got, err := participation.Turns(each)
	if err != nil || got.Total != want.Turns || int64(got.Holders) != want.Speakers || got.Top != want.TopThree || !near(got.Effective, want.Effective) {
		t.Errorf("%s: %+v, %v; want %+v", what, got, err, want)
	}
}

func compareYears(t *testing.T, people, organizations seen, want []committee.Year) {
	t.Helper()
	for _, y := range want {
		var them, theirs roster.Roster
		var voice participation.Voice
		spoken, spokenFor := map[int]int64{}, map[int]int64{}
		meetings := int64(0)
		for i, m := range people.meetings {
			if m.On.Year() != y.Year {
				continue
			}
			meetings++
			them.Include(m.Present)
			theirs.Include(organizations.meetings[i].Present)
			for person, turns := range people.turns[i] {
				voice.Meeting(true, turns)
				spoken[person] += turns
			}
			for organization, turns := range organizations.turns[i] {
				spokenFor[organization] += turns
			}
		}
		if meetings != y.Meetings || int64(them.Len()) != y.People || int64(theirs.Len()) != y.Organizations || voice.Attended != y.Attendances {
			t.Errorf("%d: %d meetings, %d people, %d organizations, %+v; want %+v", y.Year, meetings, them.Len(), theirs.Len(), voice, y)
		}
		sameShare(t, "voice", voice.Spoke, y.Spoke)
		sameSpread(t, "people", spoken, y.PeopleSpeaking)
		sameSpread(t, "organizations", spokenFor, y.OrganizationSpeaking)
	}
}

func compareBreadth(t *testing.T, organizations seen, want committee.Breadth) {
	t.Helper()
	asOf := on(t, want.AsOf)
	got := participation.BreadthOn(organizations.meetings, organizations.until(asOf).everyone(), asOf, participation.BreadthDays)
	sameShare(t, "breadth", got.Present, want.Present)
	if got.Guests != 0 || got.New != want.New || got.Lapsed != want.Lapsed || got.Returned != want.Returned {
		t.Errorf("%s: %+v, want %+v", want.AsOf, got, want)
	}
}

func compareRetention(t *testing.T, who seen, asOf day.Day, want committee.Retention) {
	t.Helper()
	appearances := map[int]participation.Appearance{}
	for _, m := range who.meetings {
		for n := range m.Present.All() {
			a, ok := appearances[n]
			if !ok {
				a = participation.Appearance{First: m.On, Count: 1}
			}
			a.Last = m.On
			appearances[n] = a
		}
	}
	var list []participation.Appearance
	for _, a := range appearances {
		list = append(list, a)
	}
	cohorts, all, tooNew, err := participation.RetentionByPresence(list, asOf, participation.AwayDays)
	if err != nil || tooNew != want.TooNew || len(cohorts) != len(want.Cohorts) {
		t.Fatalf("%d cohorts, %d too new, %v; want %d, %d", len(cohorts), tooNew, err, len(want.Cohorts), want.TooNew)
	}
	for i, c := range cohorts {
		if c.Year != want.Cohorts[i].Year {
			t.Errorf("the cohort of %d, want that of %d", c.Year, want.Cohorts[i].Year)
		}
		sameCurve(t, c.Curve, want.Cohorts[i])
	}
	sameCurve(t, all, want.All)
}

func sameCurve(t *testing.T, got survival.Curve, want committee.Cohort) {
	t.Helper()
	if got.Subjects != want.Subjects || got.Events != want.Events || len(got.Points) != len(want.Steps) {
		t.Fatalf("%d: %d of %d in %d points; want %d of %d in %d", want.Year, got.Events, got.Subjects, len(got.Points), want.Events, want.Subjects, len(want.Steps))
	}
	for i, p := range got.Points {
		w := want.Steps[i]
		if p.Time != w.Days || p.AtRisk != w.AtRisk || p.Events != w.Events || p.Censored != w.Censored || !near(p.Survival, w.Survival) ||
			!near(p.StandardError, w.StandardError) || !near(p.Interval.Low, w.Low) || !near(p.Interval.High, w.High) {
			t.Errorf("%d: %+v, want %+v", want.Year, p, w)
		}
	}
	median, ok := got.Median()
	if !ok {
		median = -1
	}
	if median != want.Median {
		t.Errorf("%d: half have left after %d days, want %d", want.Year, median, want.Median)
	}
}

func compareVoices(t *testing.T, who seen, want []committee.Voice) {
	t.Helper()
	voices := map[string]participation.Voice{}
	for _, turns := range who.turns {
		for n, said := range turns {
			v := voices[who.names[n]]
			v.Meeting(true, said)
			voices[who.names[n]] = v
		}
	}
	if len(voices) != len(want) {
		t.Errorf("%d voices, want %d", len(voices), len(want))
	}
	for _, w := range want {
		v := voices[w.Name]
		sameShare(t, w.Name, v.Spoke, w.Spoke)
		if v.Turns != w.Turns {
			t.Errorf("%s spoke %d times, want %d", w.Name, v.Turns, w.Turns)
		}
	}
}

func comparePairs(t *testing.T, who seen, asOf day.Day, halfLife float64, want []committee.Pair) {
	t.Helper()
	network, err := coattendance.New(len(who.names), asOf, halfLife)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range who.meetings {
		if err := network.Meeting(m.On, m.Present); err != nil {
			t.Fatal(err)
		}
	}
	ties := network.Ties(0)
	if len(ties) != len(want) {
		t.Fatalf("%d ties, want %d", len(ties), len(want))
	}
	for i, tie := range ties {
		w := want[i]
		if who.names[tie.A] != w.A || who.names[tie.B] != w.B || int64(tie.Meetings) != w.Meetings || tie.Last.String() != w.Last || !near(tie.Weight, w.Weight) {
			t.Errorf("%+v, want %+v", tie, w)
		}
	}
}
