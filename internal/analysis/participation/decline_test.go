package participation_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/stats"
)

// world invents a table of members: each with its own rate, four earlier windows and a recent one.
type world struct {
	members, perWindow int
	// runs is how alike occasions within a window are: a window's own rate is drawn around the member's.
	runs float64
	// odds multiplies everyone's odds in the recent window.
	odds float64
	// fallen members come lately with the rate fallenTo, and came before with 0.9.
	fallen   int
	fallenTo float64
}

func (w world) records(chance *rand.Rand) []participation.Record {
	drawn := func(p float64) stats.Share {
		if w.runs > 0 {
			// A beta rate around p, by its order: the mean of a Pólya urn, drawn one by one, has it.
			return urn(chance, p, w.runs, w.perWindow)
		}
		s := stats.Share{All: int64(w.perWindow)}
		for range w.perWindow {
			if chance.Float64() < p {
				s.Some++
			}
		}
		return s
	}
	out := make([]participation.Record, w.members)
	for i := range out {
		p := 0.4 + 0.55*chance.Float64()
		now := w.odds * p / (1 - p + w.odds*p)
		if i < w.fallen {
			p, now = 0.9, w.fallenTo
		}
		for range 4 {
			out[i].Earlier = append(out[i].Earlier, drawn(p))
		}
		out[i].Recent = drawn(now)
	}
	return out
}

// urn draws a beta-binomial count with mean p and likeness rho.
func urn(chance *rand.Rand, p, rho float64, n int) stats.Share {
	size := 1/rho - 1
	yes, all := p*size, size
	s := stats.Share{All: int64(n)}
	for range n {
		if chance.Float64() < yes/all {
			s.Some++
			yes++
		}
		all++
	}
	return s
}

// looked looks many times and returns how often anything was said, how many of the unchanged were warned of in all,
// and how many of the fallen were found.
func looked(t *testing.T, w world, looks int) (anything, unchanged, found float64) {
	t.Helper()
	chance := rand.New(rand.NewPCG(26, uint64(w.members*1000+w.perWindow)))
	for range looks {
		look, err := participation.Declines(w.records(chance), participation.Kindly)
		if err != nil {
			t.Fatal(err)
		}
		if len(look.Warnings) > 0 {
			anything++
		}
		for _, warning := range look.Warnings {
			if warning.Record < w.fallen {
				found++
			} else {
				unchanged++
			}
			if warning.Adjusted > participation.Kindly.Level || warning.Chance > warning.Adjusted || warning.Chance <= 0 {
				t.Fatalf("%+v", warning)
			}
		}
	}
	n := float64(looks)
	return anything / n, unchanged / n / float64(max(1, w.members-w.fallen)), found / n / float64(max(1, w.fallen))
}

// When nothing has changed, a look says nothing with a chance of at least nine in ten: with independent absences
// and such that come in runs, and when everyone comes less.
func TestNoChangeSeldomWarns(t *testing.T) {
	const looks = 1500
	for name, w := range map[string]world{
		"few members":              {members: 8, perWindow: 6, odds: 1},
		"many members":             {members: 150, perWindow: 6, odds: 1},
		"weekly meetings":          {members: 40, perWindow: 26, odds: 1},
		"absences in runs":         {members: 40, perWindow: 8, odds: 1, runs: 0.1},
		"weekly, absences in runs": {members: 40, perWindow: 26, odds: 1, runs: 0.2},
		"a bad season for all":     {members: 40, perWindow: 12, odds: 0.3},
		"a good season for all":    {members: 40, perWindow: 12, odds: 2},
	} {
		anything, unchanged, _ := looked(t, w, looks)
		t.Logf("%s: a look says anything in %.3f, a member is warned of in %.5f", name, anything, unchanged)
		// Three standard errors of the simulation.
		if limit := participation.Kindly.Level + 3*math.Sqrt(0.1*0.9/looks); anything > limit {
			t.Errorf("%s: %.3f of looks warn, at most %.3f were promised", name, anything, limit)
		}
	}
}

// A real fall is found, and found with the power stated in the decision.
func TestRealFallIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		world
		power float64
	}{
		"monthly for half a year, from 90 % to 10 %":  {world{members: 40, perWindow: 6, odds: 1, fallen: 3, fallenTo: 0.1}, 0.8},
		"fortnightly for half a year, 90 % to 30 %":   {world{members: 40, perWindow: 12, odds: 1, fallen: 3, fallenTo: 0.3}, 0.8},
		"fortnightly, absences in runs, 90 % to 10 %": {world{members: 40, perWindow: 12, odds: 1, fallen: 3, fallenTo: 0.1, runs: 0.05}, 0.8},
		"fortnightly, one of eight, 90 % to 30 %":     {world{members: 8, perWindow: 12, odds: 1, fallen: 1, fallenTo: 0.3}, 0.8},
		"fortnightly, a bad season too, 90 % to 10 %": {world{members: 40, perWindow: 12, odds: 0.6, fallen: 3, fallenTo: 0.1}, 0.8},
	} {
		_, unchanged, found := looked(t, c.world, 500)
		t.Logf("%s: found %.3f, others warned of %.5f", name, found, unchanged)
		if found < c.power {
			t.Errorf("%s: found %.3f, at least %.2f was promised", name, found, c.power)
		}
		// Of all that is said, at most a tenth is wrong, give or take.
		wrong := unchanged * float64(c.members-c.fallen)
		if said := wrong + found*float64(c.fallen); wrong > 0.13*said {
			t.Errorf("%s: %.3f of what is said is wrong", name, wrong/said)
		}
	}
}

func TestDeclineSaysWhy(t *testing.T) {
	steady := participation.Record{Earlier: []stats.Share{{Some: 4, All: 5}, {Some: 4, All: 5}}, Recent: stats.Share{Some: 4, All: 5}}
	records := []participation.Record{steady, {Earlier: []stats.Share{{Some: 9, All: 10}, {Some: 10, All: 10}}, Recent: stats.Share{Some: 1, All: 9}}, steady}
	look, err := participation.Declines(records, participation.Kindly)
	if err != nil || len(look.Warnings) != 1 {
		t.Fatalf("%+v, %v", look, err)
	}
	w := look.Warnings[0]
	if w.Record != 1 || w.Earlier != (stats.Share{Some: 19, All: 20}) || w.Recent != records[1].Recent || w.Chance > 1e-3 || math.Abs(w.Expected-20.0/22) > 1e-12 {
		t.Errorf("%+v", w)
	}
	// Too few lately: a first absence is not talked about.
	few := []participation.Record{{Earlier: []stats.Share{{Some: 50, All: 50}}, Recent: stats.Share{Some: 0, All: 3}}}
	if look, err := participation.Declines(few, participation.Kindly); err != nil || look.Compared != 0 || len(look.Warnings) != 0 {
		t.Errorf("three meetings: %+v, %v", look, err)
	}
	// A fall that is certain and small is not talked about either.
	small := []participation.Record{{Earlier: []stats.Share{{Some: 9000, All: 10000}}, Recent: stats.Share{Some: 8000, All: 10000}}}
	if look, err := participation.Declines(small, participation.Kindly); err != nil || look.Compared != 1 || len(look.Warnings) != 0 {
		t.Errorf("a small fall: %+v, %v", look, err)
	}
	// Where all others come more often, nobody is expected to.
	risen := []participation.Record{{Earlier: []stats.Share{{Some: 60, All: 100}}, Recent: stats.Share{Some: 40, All: 100}}}
	for range 10 {
		risen = append(risen, participation.Record{Earlier: []stats.Share{{Some: 50, All: 100}}, Recent: stats.Share{Some: 90, All: 100}})
	}
	if look, err := participation.Declines(risen, participation.Kindly); err != nil || len(look.Warnings) != 1 || math.Abs(look.Warnings[0].Expected-61.0/102) > 1e-12 {
		t.Errorf("beside others who rose: %+v, %v", look, err)
	}
	// Those who never came have nowhere to fall.
	never := []participation.Record{{Earlier: []stats.Share{{Some: 0, All: 50}}, Recent: stats.Share{Some: 0, All: 10}}}
	if look, err := participation.Declines(never, participation.Kindly); err != nil || look.Compared != 0 {
		t.Errorf("never there: %+v, %v", look, err)
	}
}

func TestDeclineRefuses(t *testing.T) {
	for _, rule := range []participation.Rule{
		{}, {1, 1, 0.2, 0}, {1, 1, 0.2, 1}, {0, 1, 0.2, 0.1}, {1, 0, 0.2, 0.1}, {1, 1, -0.1, 0.1}, {1, 1, 1.1, 0.1}, {1, 1, math.NaN(), 0.1}, {1, 1, 0.1, math.NaN()},
	} {
		if _, err := participation.Declines(nil, rule); !errors.Is(err, participation.ErrRule) {
			t.Errorf("%+v: %v", rule, err)
		}
	}
	for _, bad := range []participation.Record{
		{Recent: stats.Share{Some: 2, All: 1}},
		{Earlier: []stats.Share{{Some: -1, All: 1}}},
		{Earlier: []stats.Share{{Some: 1, All: stats.MostTrials + 1}}},
		{Earlier: []stats.Share{{Some: 9, All: 9}}, Recent: stats.Share{Some: 0, All: stats.MostTrials + 1}},
	} {
		if _, err := participation.Declines([]participation.Record{bad}, participation.Kindly); !errors.Is(err, stats.ErrShare) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Whatever shares come, nothing but numbers comes out, in the order of the input, and nothing that rose is warned of.
func TestDeclineTakesAnything(t *testing.T) {
	share := rapid.Custom(func(t *rapid.T) stats.Share {
		all := rapid.Int64Range(0, 60).Draw(t, "all")
		return stats.Share{Some: rapid.Int64Range(0, all).Draw(t, "some"), All: all}
	})
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) participation.Record {
			return participation.Record{Earlier: rapid.SliceOfN(share, 0, 5).Draw(t, "earlier"), Recent: share.Draw(t, "recent")}
		}), 0, 12).Draw(t, "records")
		look, err := participation.Declines(records, participation.Kindly)
		if err != nil {
			t.Fatal(err)
		}
		last := -1
		for _, w := range look.Warnings {
			before, _ := w.Earlier.Rate()
			now, _ := w.Recent.Rate()
			if w.Record <= last || before-now < participation.Kindly.Drop-1e-9 || !(w.Chance > 0 && w.Chance <= w.Adjusted) || !(w.Expected > 0 && w.Expected < 1) {
				t.Fatalf("%+v after %d", w, last)
			}
			last = w.Record
		}
	})
}
