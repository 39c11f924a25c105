package day_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
)

// Every day reads back as it is written, follows the one before, and lies in its month, quarter and year.
func TestDaysFollowOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day.Day(rapid.Int32Range(int32(day.First), int32(day.Last)-1).Draw(t, "day"))
		text := d.String()
		back, err := day.Parse(text)
		if err != nil || back != d {
			t.Fatalf("%d is written %s and reads %d, %v", d, text, back, err)
		}
		parsed, err := time.Parse("2006-01-02", text)
		if err != nil {
			t.Fatal(err)
		}
		if next := parsed.AddDate(0, 0, 1).Format("2006-01-02"); (d + 1).String() != next {
			t.Fatalf("after %s comes %s, not %s", text, next, d+1)
		}
		if d.Year() != parsed.Year() || d.Month().String() != text[:7] || d.Month().Year() != d.Year() || d.Quarter().Year() != d.Year() {
			t.Fatalf("%s: year %d, month %s, quarter %s", text, d.Year(), d.Month(), d.Quarter())
		}
		if !d.Month().Span().Has(d) || !d.Quarter().Span().Has(d) || d.Month().End()+1 != (d.Month()+1).Start() {
			t.Fatalf("%s is not in its month or quarter", text)
		}
	})
}

func TestBounds(t *testing.T) {
	if day.First.String() != "0001-01-01" || day.Last.String() != "9999-12-31" {
		t.Errorf("from %s to %s", day.First, day.Last)
	}
	for _, bad := range []string{"", "2026-02-29", "2026-2-01", "2026-02-01 ", "0000-01-01", "26-02-01", "2026/02/01", "+2026-02-1", "12026-01-01"} {
		if d, err := day.Parse(bad); err == nil {
			t.Errorf("%q was read as %s", bad, d)
		}
	}
}

func TestMonthsBefore(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-26", 12, "2025-11-26"},
		{"2026-03-31", 1, "2026-02-28"},
		{"2024-02-29", 12, "2023-02-28"},
		{"2024-03-31", 1, "2024-02-29"},
		{"2026-01-15", 25, "2023-12-15"},
	} {
		from, err := day.Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.MonthsBefore(c.n).String(); got != c.want {
			t.Errorf("%d months before %s is %s, not %s", c.n, c.from, got, c.want)
		}
	}
}

func TestSpans(t *testing.T) {
	d := day.Of(2026, time.November, 26)
	if s := day.Ending(d, 90); s.Days() != 90 || !s.Has(d) || s.Has(d+1) || s.Has(d-90) || !s.Has(d-89) {
		t.Errorf("the last 90 days are %s to %s", s.From, s.Until)
	}
	if s := day.TwelveMonths(d); s.From.String() != "2025-11-27" || s.Days() != 365 {
		t.Errorf("the last twelve months begin on %s", s.From)
	}
	if s := (day.Span{From: d, Until: d - 5}); s.Days() != 0 {
		t.Error("an empty span has days")
	}
	if s := day.Ending(d, 10).Meet(day.Ending(d-5, 10)); s.Days() != 5 {
		t.Errorf("two spans share %d days", s.Days())
	}
	if q := d.Quarter().String(); q != "2026-Q4" {
		t.Error(q)
	}
	if m := day.Of(1969, time.December, 31).Month(); m.Quarter().String() != "1969-Q4" {
		t.Error(m.Quarter())
	}
}

func TestRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var days []day.Day
		for range rapid.IntRange(0, 12).Draw(t, "days") {
			days = append(days, day.Day(rapid.IntRange(-20, 20).Draw(t, "day")))
		}
		apart := rapid.IntRange(0, 4).Draw(t, "apart")
		seen := map[day.Day]bool{}
		last := day.First
		for _, run := range day.Runs(days, apart) {
			for i, d := range run {
				if d <= last || seen[d] || (i == 0 && last != day.First && int(d-last) <= apart) || (i > 0 && int(d-last) > apart) {
					t.Fatalf("%d follows %d in %v", d, last, day.Runs(days, apart))
				}
				seen[d], last = true, d
			}
		}
		for _, d := range days {
			if !seen[d] {
				t.Fatalf("%d is in no run", d)
			}
		}
	})
}
