package committee_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"commontable/internal/testing/committee"
)

// An oracle that shared code with what it judges would share its mistakes.
func TestOnlyTheStandardLibrary(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if first, _, _ := strings.Cut(path, "/"); first == "commontable" || strings.Contains(first, ".") {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}

// Three meetings worked out on paper.
const little = `Date,Name,Organization,Speaking turns
2020-01-06,Ada,North,2
2020-01-09,Ada,North ,1
2020-01-06,Bo,,4
2020-01-07, Cy  Dee ,South,0
2020-01-13,Ada,South,0
2020-01-13,Cy Dee,South,5
2021-06-01,Bo,West,1
2021-06-01,Bo,East,2
`

func read(t *testing.T, text string, rules committee.Rules) *committee.Ledger {
	t.Helper()
	ledger, err := committee.Read(strings.NewReader(text), rules)
	if err != nil {
		t.Fatal(err)
	}
	return ledger
}

func TestMeetingsAreGroupedByTheirDays(t *testing.T) {
	ledger := read(t, little, committee.Rules{})
	if len(ledger.Meetings) != 3 {
		t.Fatalf("%d meetings", len(ledger.Meetings))
	}
	first := ledger.Meetings[0]
	if len(first.Days) != 3 || first.Held().Format(time.DateOnly) != "2020-01-06" || first.Unnamed != 4 ||
		!reflect.DeepEqual(first.People, map[string]int64{"Ada": 3, "Bo": 4, "Cy Dee": 0}) || !reflect.DeepEqual(first.Organizations, map[string]int64{"North": 3, "South": 0}) {
		t.Errorf("the first: %+v", first)
	}
	one := read(t, little, committee.Rules{FirstOrganization: true, Organizations: map[string]string{"West": "East"}})
	if last := one.Meetings[2]; !reflect.DeepEqual(last.Organizations, map[string]int64{"East": 3}) {
		t.Errorf("with one organization each: %+v", last)
	}
	if last := read(t, little, committee.Rules{FirstOrganization: true}).Meetings[2]; !reflect.DeepEqual(last.Organizations, map[string]int64{"West": 3}) {
		t.Errorf("with the first organization: %+v", last)
	}
}

func TestFiguresOfThreeMeetings(t *testing.T) {
	ledger := read(t, little, committee.Rules{})
	f := ledger.Figures(ledger.LastDay(), 0)
	if f.AsOf != "2021-06-01" || f.Meetings != 3 || f.Days != 5 || f.People != 3 || f.Organizations != 4 || len(f.Years) != 2 {
		t.Errorf("%+v", f)
	}
	if y := f.Years[0]; y.Meetings != 2 || y.People != 3 || y.Organizations != 2 || y.Attendances != 5 || y.Spoke.Some != 3 || y.Spoke.All != 5 || y.Unnamed != 4 || y.OrganizationSpeaking.Turns != 8 || y.PeopleSpeaking.TopThree != 12 {
		t.Errorf("2020: %+v", y)
	}
	// South 5 and North 3 of 8.
	if got := f.Years[0].OrganizationSpeaking.Effective; got != 64.0/34 {
		t.Errorf("effective %v", got)
	}
	on := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	// The window of 90 days that begins on the day of the first meeting ends on 4 April.
	for asOf, want := range map[string][5]int64{
		"2020-01-05": {}, "2020-01-06": {2, 2, 2, 0, 0}, "2020-04-04": {2, 2, 2, 0, 0}, "2020-04-05": {1, 2, 0, 1, 0}, "2020-04-12": {0, 2, 0, 2, 0}, "2021-06-01": {2, 4, 2, 0, 0},
	} {
		b := ledger.BreadthOn(on(asOf))
		if got := [5]int64{b.Present.Some, b.Present.All, b.New, b.Lapsed, b.Returned}; got != want {
			t.Errorf("%s: present %d of %d, %d new, %d lapsed, %d returned", asOf, got[0], got[1], got[2], got[3], got[4])
		}
	}
	// The horizon is 2020-06-01: Ada and Cy were last there on 13 January, Bo came again.
	r := f.PeopleRetention.All
	if r.Subjects != 3 || r.Events != 2 || len(r.Steps) != 2 || r.Steps[0].Days != 7 || r.Steps[0].Survival != 1.0/3 || r.Steps[1].Censored != 1 || r.Median != 7 {
		t.Errorf("retention: %+v", r)
	}
	if f.OrganizationRetention.TooNew != 2 {
		t.Errorf("East and West are too new: %+v", f.OrganizationRetention)
	}
	want := []committee.Pair{{A: "Ada", B: "Bo", Meetings: 1, Weight: 0.5, Last: "2020-01-06"}, {A: "Ada", B: "Cy Dee", Meetings: 2, Weight: 1.5, Last: "2020-01-13"}, {A: "Bo", B: "Cy Dee", Meetings: 1, Weight: 0.5, Last: "2020-01-06"}}
	if got := ledger.PeoplePairs(ledger.LastDay(), 0); !reflect.DeepEqual(got, want) {
		t.Errorf("pairs: %+v", got)
	}
	halved := ledger.PeoplePairs(on("2020-01-13"), 7)
	if halved[1].Weight != 1.25 {
		t.Errorf("a week is a half-life: %+v", halved)
	}
}

func TestBadRowsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\n": "columns",
		"Date,Name,Organization,Speaking turns\n2020-02-30,A,,1\n":                  "line 2",
		"Date,Name,Organization,Speaking turns\n2020-01-01,A,,1\n2020-01-01,A,,x\n": "line 3",
		"Date,Name,Organization,Speaking turns\n2020-01-01, ,,1\n":                  "nobody",
	} {
		if _, err := committee.Read(strings.NewReader(text), committee.Rules{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The whole file, where it lies beside the repository, and always the excerpt of it, of those whose names begin with
// D or Y: what anyone can count with other tools.
func TestRealFile(t *testing.T) {
	f, err := committee.FiguresOf("testdata/attendance.csv")
	if err != nil || f.Meetings != 83 || f.Days != 256 || f.People != 52 || f.Organizations != 22 || f.AsOf != "2026-01-21" {
		t.Errorf("the excerpt: %d meetings on %d days, %d people, %d organizations as of %s, %v", f.Meetings, f.Days, f.People, f.Organizations, f.AsOf, err)
	}
	const whole = "../../../../shared/data/standards-committee/attendance.csv"
	if _, err := os.Stat(whole); err != nil {
		return
	}
	f, err = committee.FiguresOf(whole)
	if err != nil || f.Meetings != 83 || f.Days != 257 || f.People != 468 || f.Organizations != 104 || f.AsOf != "2026-01-21" {
		t.Errorf("%d meetings on %d days, %d people, %d organizations as of %s, %v", f.Meetings, f.Days, f.People, f.Organizations, f.AsOf, err)
	}
}
