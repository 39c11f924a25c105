package participation_test

import (
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/stats"
)

func TestOutcomesOfActions(t *testing.T) {
	const agreed, due, asOf = day.Day(10), day.Day(20), day.Day(25)
	for _, c := range []struct {
		name   string
		action participation.Action
		asOf   day.Day
		want   participation.Outcome
	}{
		{"agreed later", participation.Action{Agreed: 26, Due: due, Dated: true}, asOf, participation.Unknown},
		{"without a day", participation.Action{Agreed: agreed, End: participation.Done, On: 12}, asOf, participation.Undated},
		{"open and ahead", participation.Action{Agreed: agreed, Due: 26, Dated: true}, asOf, participation.NotDue},
		{"done early, still ahead", participation.Action{Agreed: agreed, Due: 26, Dated: true, End: participation.Done, On: 12}, asOf, participation.NotDue},
		{"done on the day", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Done, On: due}, asOf, participation.Kept},
		{"done a day late", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Done, On: due + 1}, asOf, participation.Late},
		{"done late, and not yet by then", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Done, On: 26}, asOf, participation.Overdue},
		{"open on its day, at its end", participation.Action{Agreed: agreed, Due: due, Dated: true}, due, participation.Overdue},
		{"open", participation.Action{Agreed: agreed, Due: due, Dated: true}, asOf, participation.Overdue},
		{"dropped in time", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Dropped, On: due}, asOf, participation.Released},
		{"carried over in time", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Carried, On: 15}, asOf, participation.Released},
		{"carried over in time, before its day", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Carried, On: 15}, 16, participation.Released},
		{"dropped too late", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Dropped, On: due + 1}, asOf, participation.GivenUp},
		{"carried over too late", participation.Action{Agreed: agreed, Due: due, Dated: true, End: participation.Carried, On: asOf}, asOf, participation.GivenUp},
	} {
		if got := c.action.Outcome(c.asOf); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// What was kept of what was due is the same on whatever later day it is asked, so it can be kept as sums by due
// day.
func TestFollowThroughOfPastDaysStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) participation.Action {
			agreed := rapid.IntRange(0, 20).Draw(t, "agreed")
			return participation.Action{
				Agreed: day.Day(agreed), Due: day.Day(agreed + rapid.IntRange(0, 10).Draw(t, "due")), Dated: rapid.Bool().Draw(t, "dated"),
				End: participation.Ending(rapid.IntRange(0, 3).Draw(t, "end")), On: day.Day(agreed + rapid.IntRange(0, 20).Draw(t, "on")),
			}
		}), 0, 20).Draw(t, "actions")
		asOf := day.Day(rapid.IntRange(0, 30).Draw(t, "as of"))
		later := asOf + day.Day(rapid.IntRange(0, 30).Draw(t, "later"))
		var then, now, total participation.FollowThrough
		var want stats.Share
		for _, a := range actions {
			total.Count(a, asOf)
			if a.Due > asOf {
				continue
			}
			then.Count(a, asOf)
			now.Count(a, later)
			released := (a.End == participation.Dropped || a.End == participation.Carried) && a.On <= a.Due
			if a.Dated && !released {
				want.All++
				if a.End == participation.Done && a.On <= a.Due {
					want.Some++
				}
			}
		}
		if then.Kept() != want || now.Kept() != want || total.Kept() != want {
			t.Fatalf("then %v, later %v, with those ahead %v, want %v", then.Kept(), now.Kept(), total.Kept(), want)
		}
		var counted int64
		for _, n := range total {
			counted += n
		}
		if counted != int64(len(actions)) {
			t.Fatalf("%d of %d actions have an outcome", counted, len(actions))
		}
	})
}
