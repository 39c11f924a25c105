package damage

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func found(header string, values ...string) []Finding {
	c := New(header)
	for _, v := range values {
		c.Add(v)
	}
	return c.Findings()
}

// brief is a finding in one line: kind, count, lost, rules, the likely one marked.
func brief(findings []Finding) string {
	var out []string
	for _, f := range findings {
		var rules []string
		for _, r := range f.Rules {
			if r == f.Likely {
				r += "!"
			}
			rules = append(rules, string(r))
		}
		out = append(out, fmt.Sprintf("%s %d-%d/%d %s", f.Kind, f.Count, f.Lost, f.Of, strings.Join(rules, ",")))
	}
	return strings.Join(out, "; ")
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name, header string
		values       []string
		want         string
	}{
		{"a school year became a day", "Data Year", []string{"12-Nov", "12-Nov"}, "year_spans 2-0/2 span_years!"},
		{"the next one", "School year", []string{"13-Dec", ""}, "year_spans 1-0/1 span_years!"},
		{"among untouched ones", "", []string{"12-Nov", "13-Dec", "13-14", "2014-15"}, "year_spans 2-0/4 span_years!"},
		{"where the day comes first", "Año escolar", []string{"11-dic", "10-nov"}, "year_spans 2-0/2 span_years!"},
		{"with the month first", "Year", []string{"Nov-12", "Dec-11"}, "year_spans 2-0/2 span_years!"},
		{"kept by a workbook as days", "Year", []string{"2024-11-12", "2024-10-11", "13-14"}, "year_spans 2-0/3 span_years!"},
		{"days that are days", "Birthday", []string{"12-Nov", "3-May"}, ""},
		{"with a line that ends the sheet", "Year", append(slices.Repeat([]string{"12-Nov"}, 30), "end of worksheet"), "year_spans 30-0/31 span_years!"},
		{"a day that may be a day", "Due", []string{"12-Nov"}, ""},
		{"dates that are dates", "Date", []string{"2024-11-12", "2024-10-11"}, ""},
		{"ZIP codes by name", "ZIP", []string{"55401", "2134", "02139", "10001"}, "lost_zeros 1-0/4 pad:5!"},
		{"ZIP codes without any zero left", "Postal code", []string{"55401", "2134", "10001"}, "lost_zeros 1-0/3 pad:5!"},
		{"zeros still there", "Where", []string{"55401", "2134", "02139"}, "lost_zeros 1-0/3 pad:5!"},
		{"counts of three and two digits", "Four Year Total", []string{"110", "107", "92", "100"}, ""},
		{"amounts", "Salary", []string{"55401", "9800", "61000"}, ""},
		{"codes of every width", "District code", []string{"1", "2", "2903", "625", "4001", "4002"}, ""},
		{"short codes that kept theirs", "Code", []string{"012", "0123", "1234", "4567"}, ""},
		{"digits gone", "Phone", []string{"1.23E+11", "6.1255E+09"}, "scientific 2-2/2 "},
		{"digits all there", "n", []string{"1.523E+03", "1e+05", "2E-05", "7"}, "scientific 3-0/4 expand!"},
		{"some gone", "n", []string{"1.523E+03", "1.5E+11"}, "scientific 2-1/2 expand!"},
		{"either order", "Date", []string{"05/11/2026", "01/02/2026"}, "dates 2-0/2 dmy,mdy"},
		{"day first", "Date", []string{"05/11/2026", "25/11/2026"}, "dates 2-0/2 dmy!"},
		{"month first", "Date", []string{"05/11/2026", "11/25/2026"}, "dates 2-0/2 mdy!"},
		{"both", "Date", []string{"25/11/2026", "11/25/2026", "2026-11-25"}, "dates 2-0/3 dmy,mdy"},
		{"points", "Date", []string{"05.11.2026"}, "dates 1-0/1 date!"},
		{"in words", "Date", []string{"5 Nov 2026", "Nov 5, 2026", "5 de noviembre de 2026", "5 février 2026"}, "dates 4-0/4 date!"},
		{"serial numbers among dates", "Date", []string{"2026-11-05", "46331"}, "dates 1-0/2 date!"},
		{"numbers that are no dates", "People", []string{"46331", "46332"}, ""},
		{"as they should be", "Date", []string{"2026-11-05"}, ""},
		{"decimal comma", "Rate", []string{"1,5", "2,25", "3"}, "decimal_comma 2-0/3 comma!"},
		{"decimal comma and groups", "Amount", []string{"1.234,50", "7"}, "decimal_comma 1-0/2 comma!; thousands 1-0/2 comma!"},
		{"groups", "Amount", []string{"1,234", "12,500.75"}, "thousands 2-0/2 point!"},
		{"one or the other", "Amount", []string{"1,234", "5,678"}, "thousands 2-0/2 point,comma"},
		{"spaces as groups", "Montant", []string{"1 234,50", "12\u00a0000,25"}, "decimal_comma 2-0/2 comma!; thousands 2-0/2 comma!"},
		{"shares", "Rate", []string{"77.27%", "5 %"}, "percent 2-0/2 point!"},
		{"money", "Gift", []string{"$1,200.00", "(50.00)", "€ 5.5", "20 EUR"}, "thousands 1-0/4 point!; currency 3-0/4 point!"},
		{"plain numbers", "Percent", []string{"77.27", "5.45", "10"}, ""},
		{"failed formulas", "Total", []string{"#REF!", "#N/A", "#####", "12", "#¡DIV/0!", "#VALEUR!"}, "error_values 5-0/6 blank!"},
		{"a hashtag", "Tag", []string{"#ref", "#collective"}, "error_values 1-0/2 blank!"},
		{"yes and no", "Active", []string{"Yes", "no", ""}, "truth 2-0/2 words!,marked"},
		{"oui et non", "Actif", []string{"oui", "NON"}, "truth 2-0/2 words!,marked"},
		{"crosses", "Member", []string{"x", "", "X"}, "truth 2-0/2 words,marked!"},
		{"true and false", "Member", []string{"true", "false"}, ""},
		{"ones and zeros", "Member", []string{"1", "0"}, ""},
		{"words", "Answer", []string{"yes", "perhaps"}, ""},
		{"nothing", "Empty", []string{"", " "}, ""},
	} {
		if got := brief(found(c.header, c.values...)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestExamplesAreTheFirstDifferentOnes(t *testing.T) {
	f := found("", "1,5", "1,5", "", "2,5", "3,5", "4,5", "5,5")
	want := []Example{{"1,5", 1}, {"2,5", 4}, {"3,5", 5}, {"4,5", 6}}
	if len(f) != 1 || !reflect.DeepEqual(f[0].Examples, want) || f[0].Count != 6 {
		t.Errorf("%+v", f)
	}
}

func TestMend(t *testing.T) {
	for _, c := range []struct {
		rule        Rule
		value, want string // "" is that it cannot be mended
	}{
		{SpanYears, "12-Nov", "2011-12"}, {SpanYears, "13-Dec", "2012-13"}, {SpanYears, "2-Jan", "2001-02"}, {SpanYears, "11-Dec", "2011-12"},
		{SpanYears, "Nov-12", "2011-12"}, {SpanYears, "déc-11", "2011-12"}, {SpanYears, "13-14", "2013-14"}, {SpanYears, "99-00", "1999-00"},
		{SpanYears, "2011-2012", "2011-12"}, {SpanYears, "2011–12", "2011-12"}, {SpanYears, "2011/12", "2011-12"}, {SpanYears, "1999-00", "1999-00"},
		{SpanYears, "2024-11-12", "2011-12"}, {SpanYears, "2011-12-01", "2011-12"}, {SpanYears, "12-May", ""}, {SpanYears, "2011-2014", ""}, {SpanYears, "2011", ""},
		{Pad(5), "2134", "02134"}, {Pad(5), "55401", "55401"}, {Pad(5), "K1A", ""}, {Pad(5), "554011", ""}, {Pad(5), "-5", ""}, {"pad:0", "5", ""}, {"pad:99", "5", ""},
		{Expand, "1.523E+03", "1523"}, {Expand, "1e+05", "100000"}, {Expand, "1.50E+03", ""}, {Expand, "1E+11", ""}, {Expand, "1.2345E+2", "123.45"}, {Expand, "-2E-05", "-0.00002"}, {Expand, "1,523e3", "1523"}, {Expand, "1.23E+11", ""}, {Expand, "1E+999", ""}, {Expand, "12", ""},
		{PointDecimal, "1,234.50", "1234.50"}, {PointDecimal, "77.27%", "77.27"}, {PointDecimal, "$1,200", "1200"}, {PointDecimal, "(50.00)", "-50.00"}, {PointDecimal, "-$5", "-5"},
		{PointDecimal, "$-5", "-5"}, {PointDecimal, ".5", "0.5"}, {PointDecimal, "1,5", ""}, {PointDecimal, "12,34,567", ""}, {PointDecimal, "1 234.5", "1234.5"}, {PointDecimal, "1'234.5", "1234.5"},
		{PointDecimal, "12 5", ""}, {PointDecimal, "five", ""}, {PointDecimal, "0,123", ""}, {PointDecimal, "1,234", "1234"}, {PointDecimal, "1.234", "1.234"},
		{CommaDecimal, "1.234,50 €", "1234.50"}, {CommaDecimal, "1,234", "1.234"}, {CommaDecimal, "1.234", "1234"}, {CommaDecimal, "1.5", ""}, {CommaDecimal, "−3,5", "-3.5"}, {CommaDecimal, "12 500,75 EUR", "12500.75"},
		{Blank, "#REF!", ""}, {Words, "Sí", "true"}, {Words, "non", "false"}, {Words, "✓", "true"}, {Marked, "x", "true"},
	} {
		got, ok := Mend(c.rule, c.value)
		if c.rule == Blank {
			if !ok || got != "" {
				t.Errorf("%s of %q = %q, %v", c.rule, c.value, got, ok)
			}
			continue
		}
		if want := c.want; ok != (want != "") || ok && got != want || !ok && got != c.value {
			t.Errorf("%s of %q = %q, %v; want %q", c.rule, c.value, got, ok, want)
		}
	}
	for rule, want := range map[Rule]string{Marked: "false", Words: "", Blank: ""} {
		if got, ok := Mend(rule, " "); ok != (want != "") || ok && got != want {
			t.Errorf("%s of blank = %q, %v", rule, got, ok)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		rule        Rule
		value, want string
	}{
		{AnyDate, "2026-11-05", "2026-11-05"}, {AnyDate, "2026/11/5", "2026-11-05"}, {AnyDate, "2026-11-05T14:30:00Z", "2026-11-05"}, {AnyDate, "2026-11-05 14:30", "2026-11-05"},
		{AnyDate, "20261105", "2026-11-05"}, {AnyDate, "05.11.2026", "2026-11-05"}, {MonthFirst, "05.11.2026", "2026-11-05"}, {AnyDate, "5.11.26", "2026-11-05"},
		{DayFirst, "05/11/2026", "2026-11-05"}, {MonthFirst, "05/11/2026", "2026-05-11"}, {AnyDate, "05/11/2026", ""}, {AnyDate, "25/11/2026", "2026-11-25"}, {AnyDate, "11/25/2026", "2026-11-25"}, {AnyDate, "11/11/2026", "2026-11-11"},
		{DayFirst, "11/25/2026", ""}, {MonthFirst, "25/11/2026", ""}, {MonthFirst, "10/05/2026 05:55:00 PM", "2026-10-05"}, {MonthFirst, "2/7/26, 10:00:05 AM", "2026-02-07"},
		{DayFirst, "5-11-26", "2026-11-05"}, {DayFirst, "5/11/75", "1975-11-05"}, {AnyDate, "5 Nov 2026", "2026-11-05"}, {AnyDate, "Nov 5, 2026", "2026-11-05"}, {AnyDate, "November 5th, 2026", "2026-11-05"},
		{AnyDate, "5-Nov-26", "2026-11-05"}, {AnyDate, "1er janvier 2026", "2026-01-01"}, {AnyDate, "5 févr. 2026", "2026-02-05"}, {AnyDate, "15 août 2026", "2026-08-15"}, {AnyDate, "5 de noviembre de 2026", "2026-11-05"},
		{AnyDate, "3 sept. 2026", "2026-09-03"}, {AnyDate, "Thursday, November 5, 2026", "2026-11-05"}, {AnyDate, "jeudi 5 novembre 2026", "2026-11-05"}, {AnyDate, "jueves, 5 de noviembre de 2026", "2026-11-05"}, {AnyDate, "5 juil. 2026 14h30", "2026-07-05"},
		{AnyDate, "46331", "2026-11-05"}, {AnyDate, "46331.604", "2026-11-05"}, {AnyDate, "29 Feb 2025", ""}, {AnyDate, "2026-13-01", ""}, {AnyDate, "5 Foo 2026", ""}, {AnyDate, "5 jui 2026", ""}, {AnyDate, "2026", ""},
		{AnyDate, "Nov 2026", ""}, {AnyDate, "", ""}, {AnyDate, "tomorrow", ""}, {AnyDate, "14:30", ""}, {DayFirst, "32/13/2026", ""}, {AnyDate, "123", ""},
	} {
		got, ok := Parse(c.rule, c.value)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s of %q = %q, %v; want %q", c.rule, c.value, got, ok, c.want)
		}
	}
}

func TestEveryWayToWriteADateIsRead(t *testing.T) {
	months := [][]string{
		{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 36524).Draw(t, "day"))
		y, m, d := at.Year(), int(at.Month()), at.Day()
		want := at.Format(time.DateOnly)
		after := rapid.SampledFrom([]string{"", " 14:30", " 2:30 PM", " 14:30:05"}).Draw(t, "time")
		words := months[rapid.IntRange(0, 2).Draw(t, "language")]
		for value, rule := range map[string]Rule{
			at.Format("2006-01-02"):                         AnyDate,
			at.Format("2006/1/2"):                           DayFirst,
			at.Format("2.1.2006"):                           MonthFirst,
			at.Format("02/01/2006"):                         DayFirst,
			at.Format("1-2-06"):                             MonthFirst,
			at.Format("Jan 2, 2006"):                        AnyDate,
			at.Format("2-Jan-06"):                           AnyDate,
			at.Format("Monday, 2 Jan 2006"):                 AnyDate,
			fmt.Sprintf("%d de %s de %d", d, words[m-1], y): AnyDate,
			fmt.Sprintf("%d %s %d", d, words[m-1], y):       AnyDate,
			fmt.Sprintf("%s %d, %d", words[m-1], d, y):      AnyDate,
		} {
			if got, ok := Parse(rule, value+after); got != want || !ok {
				t.Fatalf("%s of %q = %q, %v; want %q", rule, value+after, got, ok, want)
			}
		}
	})
}

// A span that a spreadsheet program turned into a day comes back, in whichever way it turned it.
func TestSpansComeBack(t *testing.T) {
	for first := 2001; first <= 2011; first++ {
		a, b := first%100, first%100+1
		want := fmt.Sprintf("%d-%02d", first, b)
		us := time.Date(2024, time.Month(a), b, 0, 0, 0, 0, time.UTC)     // a-b as month and day
		others := time.Date(2024, time.Month(b), a, 0, 0, 0, 0, time.UTC) // as day and month
		whole := time.Date(first, time.Month(b), 1, 0, 0, 0, 0, time.UTC) // 2011-12 as month of a year
		for _, value := range []string{us.Format("2-Jan"), others.Format("2-Jan"), whole.Format("Jan-06"), us.Format(time.DateOnly), others.Format(time.DateOnly), whole.Format(time.DateOnly), fmt.Sprintf("%02d-%02d", a, b)} {
			if got, ok := Mend(SpanYears, value); got != want || !ok {
				t.Errorf("%q = %q, %v; want %q", value, got, ok, want)
			}
		}
	}
}

// What a rule mends stays as it is when it is mended again, but for error values, which are gone, and
// numbers whose comma became a point.
func TestMendingTwiceChangesNothing(t *testing.T) {
	part := rapid.SampledFrom([]string{"1", "12", "2011", "Nov", "-", "/", ".", ",", " ", "$", "%", "E+03", "0", "mai", "x", "#", ":"})
	rapid.Check(t, func(t *rapid.T) {
		value := strings.Join(rapid.SliceOfN(part, 0, 7).Draw(t, "parts"), "")
		for _, rule := range []Rule{SpanYears, Pad(5), AnyDate, DayFirst, MonthFirst, PointDecimal, Words} {
			once, ok := Mend(rule, value)
			if !ok {
				if once != value {
					t.Fatalf("%s changed %q to %q without mending it", rule, value, once)
				}
				continue
			}
			if twice, ok := Mend(rule, once); twice != once || !ok {
				t.Fatalf("%s makes %q of %q, and %q, %v of that", rule, once, value, twice, ok)
			}
		}
	})
}

// Findings never count more than there is, every likely rule is among the rules, and what is not lost is
// mended by a rule.
func TestFindingsAddUp(t *testing.T) {
	value := rapid.OneOf(rapid.SampledFrom([]string{"", "12-Nov", "13-14", "2134", "55401", "02139", "1.5E+03", "1.23E+11", "05/11/2026", "25/11/2026", "11/25/2026", "46331", "1,5", "1,234", "$5", "7%", "#REF!", "yes", "x", "1"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(value, 0, 6).Draw(t, "values")
		header := rapid.SampledFrom([]string{"", "Year", "ZIP"}).Draw(t, "header")
		findings := found(header, values...)
		c := New(header)
		for _, v := range values {
			c.Add(v)
		}
		if c.Findings(); !reflect.DeepEqual(findings, c.Findings()) {
			t.Fatalf("asked twice: %+v", findings)
		}
		for _, f := range findings {
			if f.Count < 1 || f.Count > f.Of || f.Lost > f.Count || len(f.Examples) == 0 || f.Likely != "" && !slices.Contains(f.Rules, f.Likely) {
				t.Fatalf("%+v", f)
			}
			for _, e := range f.Examples {
				if strings.TrimSpace(values[e.At-1]) != e.Value {
					t.Fatalf("%+v is not among %q", e, values)
				}
				if f.Lost == 0 && !slices.ContainsFunc(f.Rules, func(r Rule) bool { _, ok := Mend(r, e.Value); return ok }) {
					t.Fatalf("no rule mends %q of %+v", e.Value, f)
				}
			}
		}
	})
}

func FuzzMend(f *testing.F) {
	for _, s := range []string{"12-Nov", "1.5E+03", "05/11/2026 14:30", "5 de mayo de 2026", "$1,234.50", "(1 234,5 €)", "#¡REF!", "Err:502"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := New(s)
		c.Add(s)
		for _, found := range c.Findings() {
			for _, rule := range found.Rules {
				Mend(rule, s)
			}
		}
		for _, rule := range []Rule{AnyDate, DayFirst, MonthFirst} {
			if date, ok := Parse(rule, s); ok {
				if _, err := time.Parse(time.DateOnly, date); err != nil {
					t.Fatalf("%q: %v", s, err)
				}
			}
		}
	})
}

// The published outcomes of a US state, as its spreadsheet left them. On a checkout without the folder of
// real files beside it, excerpts of the same files stand in.
func TestPublishedYears(t *testing.T) {
	folder := "../../../../shared/data/graduation"
	if _, err := os.Stat(folder); err != nil {
		folder = "testdata"
	}
	for name, want := range map[string]string{
		"2012_grad.csv": "2011-12", "2013_grad.csv": "2012-13", "2014_grad.csv": "2013-14", "2017_grad.csv": "2016-17",
	} {
		file, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		for i, header := range rows[0] {
			c := New(header)
			for _, row := range rows[1:] {
				c.Add(row[i])
			}
			got, expected := brief(c.Findings()), ""
			if i == 0 && want < "2013" {
				n := len(rows) - 1 // the last one says "end of worksheet"
				expected = fmt.Sprintf("year_spans %d-0/%d span_years!", n-1, n)
			}
			if got != expected {
				t.Errorf("%s, %s: %q, want %q", name, header, got, expected)
			}
		}
		for _, row := range rows[1:] {
			if got, ok := Mend(SpanYears, row[0]); (got != want || !ok) && row[0] != "end of worksheet" {
				t.Fatalf("%s: %q = %q, %v", name, row[0], got, ok)
			}
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	values := []string{"Riverbend Family Services", "person@example.org", "612-555-0123", "2026-11-05", "77.27", "12-Nov", "55401", "yes", "123 Main Street", ""}
	c := New("Column")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Add(values[i%len(values)])
	}
}
