package participation_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/stats"
)

// The formulas counted the long way round: seat by seat, and meeting by meeting.
func TestAttendanceAgainstCounting(t *testing.T) {
	type meeting struct {
		on   day.Day
		held bool
		// holder and alternate tell who was there, seat by seat.
		holder, alternate []bool
	}
	rapid.Check(t, func(t *rapid.T) {
		terms := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) day.Span {
			from := day.Day(rapid.IntRange(0, 30).Draw(t, "from"))
			return day.Span{From: from, Until: from + day.Day(rapid.IntRange(0, 30).Draw(t, "days"))}
		}), 0, 3).Draw(t, "terms")
		meetings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) meeting {
			bools := rapid.SliceOfN(rapid.Bool(), len(terms), len(terms))
			return meeting{day.Day(rapid.IntRange(0, 60).Draw(t, "on")), rapid.Bool().Draw(t, "held"), bools.Draw(t, "holder"), bools.Draw(t, "alternate")}
		}), 0, 12).Draw(t, "meetings")

		var got, first, second participation.Attendance
		for i, m := range meetings {
			var seats []participation.Seat
			for s := range terms {
				seats = append(seats, participation.Seat{Term: terms[s], Holder: m.holder[s], Alternate: m.alternate[s]})
			}
			got.Meeting(m.on, m.held, seats)
			if i%2 == 0 {
				first.Meeting(m.on, m.held, seats)
			} else {
				second.Meeting(m.on, m.held, seats)
			}
		}
		var want participation.Attendance
		for s, term := range terms {
			for _, m := range meetings {
				if m.held && m.on >= term.From && m.on < term.Until {
					want.Seats.All++
					if m.holder[s] {
						want.Seats.Some++
					}
				}
			}
		}
		for _, m := range meetings {
			due, present := false, false
			for s, term := range terms {
				if m.held && m.on >= term.From && m.on < term.Until {
					due = true
					present = present || m.holder[s] || m.alternate[s]
				}
			}
			if due {
				want.Presence.All++
			}
			if present {
				want.Presence.Some++
			}
		}
		if got != want || first.Plus(second) != want {
			t.Fatalf("%+v, in two parts %+v, want %+v", got, first.Plus(second), want)
		}
		if got.Presence.All > 0 && len(terms) == 1 && got.Presence.Some < got.Seats.Some {
			t.Fatal("alternates took presence away")
		}
	})
}

func TestVoiceAndEngagement(t *testing.T) {
	var a, b participation.Voice
	a.Meeting(true, 5)
	a.Meeting(true, 0)
	b.Meeting(false, 0)
	b.Meeting(true, -3)
	got := a.Plus(b)
	if got != (participation.Voice{Attended: 4, Spoke: stats.Share{Some: 1, All: 3}, Turns: 5}) {
		t.Errorf("%+v", got)
	}
	turns, err := participation.Turns([]int64{10, 20, 30, 40})
	if err != nil || turns.Top != 90 || turns.Holders != 4 || math.Abs(turns.Effective-1/0.3) > 1e-12 {
		t.Errorf("%+v, %v", turns, err)
	}
	var e participation.Engagement
	for _, level := range []int{participation.Absent, participation.Leads, participation.Present, participation.Contributes} {
		if err := e.Observe(level); err != nil {
			t.Fatal(err)
		}
	}
	for _, level := range []int{-1, 5} {
		if err := e.Observe(level); !errors.Is(err, participation.ErrLevel) {
			t.Errorf("level %d: %v", level, err)
		}
	}
	if low, high, n := e.Plus(participation.Engagement{}).Median(); low != participation.Present || high != participation.Contributes || n != 4 {
		t.Errorf("the middle of %v is %d to %d of %d", e, low, high, n)
	}
	if twice := e.Plus(e); twice[participation.Leads] != 2 || e[participation.Leads] != 1 {
		t.Errorf("%v and %v", twice, e)
	}
}

func TestTrend(t *testing.T) {
	on := func(text string) day.Day {
		d, err := day.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	shares := []participation.Monthly{
		{Month: on("2026-03-01").Month(), Share: stats.Share{Some: 3, All: 4}},
		{Month: on("2025-12-01").Month(), Share: stats.Share{Some: 1, All: 2}},
		{Month: on("2026-03-01").Month(), Share: stats.Share{Some: 1, All: 4}},
		{Month: on("2026-06-01").Month(), Share: stats.Share{Some: 9, All: 9}},
	}
	steps := participation.MonthlyTrend(shares, on("2026-04-29"))
	if len(steps) != 5 {
		t.Fatalf("%d months: %+v", len(steps), steps)
	}
	if s := steps[3]; s.Span.From.String() != "2026-03-01" || s.Share != (stats.Share{Some: 4, All: 8}) || s.Partial || s.Interval != s.Share.Wilson(stats.Z95) {
		t.Errorf("March: %+v", s)
	}
	if s := steps[1]; s.Share.All != 0 || s.Interval != (stats.Interval{Low: 0, High: 1}) {
		t.Errorf("January, without anything: %+v", s)
	}
	if !steps[4].Partial || participation.MonthlyTrend(shares, on("2026-04-30"))[4].Partial {
		t.Error("April is over on its last day and not before")
	}
	steps = participation.QuarterlyTrend(shares, on("2026-06-30"))
	if len(steps) != 3 || steps[1].Share != (stats.Share{Some: 4, All: 8}) || steps[2].Share != (stats.Share{Some: 9, All: 9}) || steps[2].Partial {
		t.Errorf("quarters: %+v", steps)
	}
	if got := participation.MonthlyTrend(shares, on("2024-01-01")); got != nil {
		t.Errorf("before anything: %+v", got)
	}
}
