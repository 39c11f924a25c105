package participation_test

import (
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

// Organization by organization, its days of presence are looked through for what the definitions say.
func TestBreadthAgainstCounting(t *testing.T) {
	const organizations = 8
	rapid.Check(t, func(t *rapid.T) {
		asOf, n := day.Day(rapid.IntRange(20, 60).Draw(t, "as of")), rapid.IntRange(1, 25).Draw(t, "days")
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, organizations-1), 0, organizations, rapid.ID[int])
		setOf := func(name string) roster.Roster {
			r, err := roster.Of(numbers.Draw(t, name)...)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		members := setOf("members")
		var meetings []participation.Gathering
		for range rapid.IntRange(0, 8).Draw(t, "meetings") {
			meetings = append(meetings, participation.Gathering{On: day.Day(rapid.IntRange(-10, 70).Draw(t, "on")), Present: setOf("present")})
		}
		var want, bySet participation.Breadth
		for o := range organizations {
			now, before, ever := false, false, false
			for _, m := range meetings {
				if !m.Present.Has(o) || m.On > asOf {
					continue
				}
				switch age := int(asOf - m.On); {
				case age < n:
					now = true
				case age < 2*n:
					before = true
				default:
					ever = true
				}
			}
			if members.Has(o) {
				want.Present.All++
			}
			switch {
			case now && members.Has(o):
				want.Present.Some++
			case now:
				want.Guests++
			}
			switch {
			case now && !before && !ever:
				want.New++
			case now && !before:
				want.Returned++
			case !now && before:
				want.Lapsed++
			}
			// The same for this organization alone: breadth adds up over organizations.
			alone, err := roster.Of(o)
			if err != nil {
				t.Fatal(err)
			}
			var own []participation.Gathering
			for _, m := range meetings {
				own = append(own, participation.Gathering{On: m.On, Present: m.Present.Both(alone)})
			}
			b := participation.BreadthOn(own, members.Both(alone), asOf, n)
			bySet = participation.Breadth{
				Present: bySet.Present.Plus(b.Present), Guests: bySet.Guests + b.Guests,
				New: bySet.New + b.New, Lapsed: bySet.Lapsed + b.Lapsed, Returned: bySet.Returned + b.Returned,
			}
		}
		got := participation.BreadthOn(meetings, members, asOf, n)
		if got != want || bySet != want {
			t.Fatalf("%+v, one by one %+v, want %+v", got, bySet, want)
		}
		// Those there now are those there a window ago, without who lapsed and with who came.
		earlier := participation.BreadthOn(meetings, members, asOf-day.Day(n), n)
		if got.Present.Some+got.Guests != earlier.Present.Some+earlier.Guests-got.Lapsed+got.New+got.Returned {
			t.Fatalf("from %+v to %+v somebody is missing", earlier, got)
		}
	})
	if got := participation.BreadthOn(nil, roster.Roster{}, 0, 0); got != (participation.Breadth{Present: stats.Share{}}) {
		t.Errorf("of nothing: %+v", got)
	}
}
