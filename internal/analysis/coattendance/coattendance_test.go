package coattendance_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/coattendance"
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/roster"
)

type meeting struct {
	on      day.Day
	present []int
}

func rosterOf(t interface{ Fatal(...any) }, numbers []int) roster.Roster {
	r, err := roster.Of(numbers...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every pair is looked up in every meeting, and the ties are what that gives; and a network that went forward in
// between has the same.
func TestTiesAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const asOf = day.Day(100)
		members := rapid.IntRange(0, 12).Draw(t, "members")
		halfLife := rapid.SampledFrom([]float64{0, 10, 365.25}).Draw(t, "half-life")
		least := rapid.SampledFrom([]float64{0, 0.3, 1}).Draw(t, "least")
		middle := day.Day(rapid.IntRange(-50, 100).Draw(t, "middle"))
		meetings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) meeting {
			return meeting{
				day.Day(rapid.IntRange(-60, 120).Draw(t, "on")),
				rapid.SliceOfNDistinct(rapid.IntRange(0, max(0, members-1)), 0, members, rapid.ID[int]).Draw(t, "present"),
			}
		}), 0, 20).Draw(t, "meetings")
		whole, err := coattendance.New(members, asOf, halfLife)
		if err != nil {
			t.Fatal(err)
		}
		forward, err := coattendance.New(members, middle, halfLife)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range meetings {
			if err := whole.Meeting(m.on, rosterOf(t, m.present)); err != nil {
				t.Fatal(err)
			}
			if m.on <= middle {
				if err := forward.Meeting(m.on, rosterOf(t, m.present)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := forward.Forward(asOf); err != nil {
			t.Fatal(err)
		}
		for _, m := range meetings {
			if m.on > middle {
				if err := forward.Meeting(m.on, rosterOf(t, m.present)); err != nil {
					t.Fatal(err)
				}
			}
		}
		var want []coattendance.Tie
		for a := range members {
			for b := a + 1; b < members; b++ {
				tie := coattendance.Tie{A: a, B: b, Last: math.MinInt32}
				for _, m := range meetings {
					hasA, hasB := false, false
					for _, p := range m.present {
						hasA, hasB = hasA || p == a, hasB || p == b
					}
					if !hasA || !hasB || m.on > asOf {
						continue
					}
					decay := 1.0
					if halfLife > 0 {
						decay = math.Pow(0.5, float64(asOf-m.on)/halfLife)
					}
					tie.Weight += decay / float64(len(m.present)-1)
					tie.Meetings++
					tie.Last = max(tie.Last, m.on)
				}
				if tie.Meetings > 0 {
					want = append(want, tie)
				}
			}
		}
		for name, got := range map[string][]coattendance.Tie{"at once": whole.Ties(0), "forward": forward.Ties(0)} {
			if len(got) != len(want) {
				t.Fatalf("%s: %d ties, want %d", name, len(got), len(want))
			}
			for i, g := range got {
				w := want[i]
				if g.A != w.A || g.B != w.B || g.Meetings != w.Meetings || g.Last != w.Last || math.Abs(g.Weight-w.Weight) > 1e-9 {
					t.Fatalf("%s: %+v, want %+v", name, g, w)
				}
			}
		}
		if least > 0 {
			for _, tie := range whole.Ties(least) {
				if tie.Weight < least {
					t.Fatalf("%+v weighs less than %v", tie, least)
				}
			}
		}
		// Without decay everyone brings one tie to each meeting with company.
		if halfLife == 0 {
			strength, company := make([]float64, members), make([]float64, members)
			for _, tie := range whole.Ties(0) {
				strength[tie.A] += tie.Weight
				strength[tie.B] += tie.Weight
			}
			for _, m := range meetings {
				for _, p := range m.present {
					if len(m.present) > 1 && m.on <= asOf {
						company[p]++
					}
				}
			}
			for i := range members {
				if math.Abs(strength[i]-company[i]) > 1e-9 {
					t.Fatalf("member %d has ties of %v from %v meetings", i, strength[i], company[i])
				}
			}
		}
	})
}

func TestNetworkLimits(t *testing.T) {
	for _, bad := range []struct {
		members  int
		halfLife float64
	}{{-1, 1}, {coattendance.MostMembers + 1, 1}, {5, -1}, {5, math.NaN()}, {5, math.Inf(1)}} {
		if _, err := coattendance.New(bad.members, 0, bad.halfLife); !errors.Is(err, coattendance.ErrNetwork) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	n, err := coattendance.New(coattendance.Crowd+1, 10, 30)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Meeting(1, rosterOf(t, []int{0, 1, coattendance.Crowd + 1})); !errors.Is(err, coattendance.ErrMember) {
		t.Errorf("a stranger: %v", err)
	}
	var all []int
	for i := range coattendance.Crowd + 1 {
		all = append(all, i)
	}
	if err := n.Meeting(1, rosterOf(t, all)); err != nil {
		t.Error(err)
	}
	if met, crowds := n.Met(); met != 0 || crowds != 1 || len(n.Ties(0)) != 0 {
		t.Errorf("%d meetings, %d crowds, %d ties", met, crowds, len(n.Ties(0)))
	}
	if err := n.Meeting(1, rosterOf(t, all[1:])); err != nil {
		t.Error(err)
	}
	if ties := len(n.Ties(0)); ties != coattendance.Crowd*(coattendance.Crowd-1)/2 {
		t.Errorf("%d ties", ties)
	}
	if err := n.Forward(9); !errors.Is(err, coattendance.ErrEarlier) {
		t.Errorf("back in time: %v", err)
	}
}

func BenchmarkTenThousandMeetings(b *testing.B) {
	chance := rand.New(rand.NewPCG(1, 2026))
	rosters := make([]roster.Roster, 10_000)
	for i := range rosters {
		for range 100 {
			_ = rosters[i].Add(chance.IntN(1000))
		}
	}
	for b.Loop() {
		n, err := coattendance.New(1000, 20_000, 365)
		if err != nil {
			b.Fatal(err)
		}
		for i, r := range rosters {
			if err := n.Meeting(day.Day(10_000+i), r); err != nil {
				b.Fatal(err)
			}
		}
		if len(n.Ties(0)) == 0 {
			b.Fatal("nobody met")
		}
	}
}
