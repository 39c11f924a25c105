package stats_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/stats"
)

// fellExactly counts with fractions of any size; odds is numerator over denominator.
func fellExactly(before, now stats.Share, numerator, denominator int64) float64 {
	together := before.Some + now.Some
	below, all := new(big.Rat), new(big.Rat)
	ratio := big.NewRat(numerator, denominator)
	power := big.NewRat(1, 1)
	for x := int64(0); x <= now.All; x++ {
		if rest := together - x; rest >= 0 && rest <= before.All {
			w := new(big.Int).Mul(new(big.Int).Binomial(now.All, x), new(big.Int).Binomial(before.All, rest))
			weight := new(big.Rat).Mul(new(big.Rat).SetInt(w), power)
			all.Add(all, weight)
			if x <= now.Some {
				below.Add(below, weight)
			}
		}
		power = new(big.Rat).Mul(power, ratio)
	}
	out, _ := new(big.Rat).Quo(below, all).Float64()
	return out
}

func shareUpTo(t *rapid.T, name string, most int64) stats.Share {
	all := rapid.Int64Range(0, most).Draw(t, name+" all")
	return stats.Share{Some: rapid.Int64Range(0, all).Draw(t, name+" some"), All: all}
}

func TestFellIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, now := shareUpTo(t, "before", 60), shareUpTo(t, "now", 40)
		numerator := rapid.Int64Range(1, 20).Draw(t, "odds")
		got, err := stats.Fell(before, now, float64(numerator)/7)
		if err != nil {
			t.Fatal(err)
		}
		want := fellExactly(before, now, numerator, 7)
		if !near(got, want, 1e-12*want+1e-300) {
			t.Fatalf("%v then %v at odds %d/7: %v, want %v", before, now, numerator, got, want)
		}
		least, err := stats.LeastFell(before, now, float64(numerator)/7)
		if err != nil || least > got*(1+1e-12) {
			t.Fatalf("the least, %v, is more than %v (%v)", least, got, err)
		}
	})
}

// Fisher's own example, the lady tasting tea: three of four named right has a chance of 17/70.
func TestFellAsPublished(t *testing.T) {
	got, err := stats.Fell(stats.Share{Some: 3, All: 4}, stats.Share{Some: 1, All: 4}, 1)
	if err != nil || !near(got, 17.0/70, 1e-15) {
		t.Errorf("%v, %v", got, err)
	}
	// Nine of ten, then two of seven: (7·1 + 21·10) ÷ C(17, 11).
	got, err = stats.Fell(stats.Share{Some: 9, All: 10}, stats.Share{Some: 2, All: 7}, 1)
	if err != nil || !near(got, 217.0/12376, 1e-15) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestFellTakesLargeSharesAndRefusesOthers(t *testing.T) {
	large := stats.Share{Some: 600_000, All: stats.MostTrials}
	if p, err := stats.Fell(large, large, 1); err != nil || !near(p, 0.5, 1e-3) {
		t.Errorf("no change among a million: %v, %v", p, err)
	}
	if p, err := stats.Fell(large, stats.Share{Some: 0, All: stats.MostTrials}, 1); err != nil || p != 0 {
		t.Errorf("from many to none: %v, %v", p, err)
	}
	for _, odds := range []float64{1e-300, 1e300} {
		if p, err := stats.Fell(stats.Share{Some: 5, All: 9}, stats.Share{Some: 3, All: 9}, odds); err != nil || math.IsNaN(p) {
			t.Errorf("odds of %v: %v, %v", odds, p, err)
		}
	}
	ok := stats.Share{Some: 1, All: 2}
	for _, bad := range []stats.Share{{Some: 3, All: 2}, {Some: -1, All: 2}, {Some: 0, All: -1}, {Some: 0, All: stats.MostTrials + 1}} {
		if _, err := stats.Fell(bad, ok, 1); !errors.Is(err, stats.ErrShare) {
			t.Errorf("before %v: %v", bad, err)
		}
		if _, err := stats.Fell(ok, bad, 1); !errors.Is(err, stats.ErrShare) {
			t.Errorf("now %v: %v", bad, err)
		}
		if _, err := stats.LeastFell(ok, bad, 1); !errors.Is(err, stats.ErrShare) {
			t.Errorf("least %v: %v", bad, err)
		}
		if _, err := stats.BetaBinomialTail(bad, 1, 1); !errors.Is(err, stats.ErrShare) {
			t.Errorf("tail %v: %v", bad, err)
		}
	}
	for _, odds := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := stats.Fell(ok, ok, odds); !errors.Is(err, stats.ErrShare) {
			t.Errorf("odds %v: %v", odds, err)
		}
		if _, err := stats.BetaBinomialTail(ok, odds, 1); !errors.Is(err, stats.ErrShare) {
			t.Errorf("parameter %v: %v", odds, err)
		}
	}
}

// With whole parameters the tail is a sum of fractions.
func TestBetaBinomialTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shareUpTo(t, "share", 30)
		a, b := rapid.Int64Range(1, 20).Draw(t, "a"), rapid.Int64Range(1, 20).Draw(t, "b")
		// B(i, j) = (i−1)!(j−1)!/(i+j−1)!
		beta := func(i, j int64) *big.Rat {
			f := func(n int64) *big.Int { return new(big.Int).MulRange(1, n) }
			return new(big.Rat).SetFrac(new(big.Int).Mul(f(i-1), f(j-1)), f(i+j-1))
		}
		want := new(big.Rat)
		for x := int64(0); x <= s.Some; x++ {
			term := new(big.Rat).SetInt(new(big.Int).Binomial(s.All, x))
			term.Mul(term, beta(x+a, s.All-x+b))
			want.Add(want, term.Quo(term, beta(a, b)))
		}
		exact, _ := want.Float64()
		got, err := stats.BetaBinomialTail(s, float64(a), float64(b))
		if err != nil || !near(got, exact, 1e-10) {
			t.Fatalf("%v, %d, %d: %v, want %v (%v)", s, a, b, got, exact, err)
		}
	})
}

// The example of Benjamini and Hochberg (1995), section 4: fifteen chances, of which four are significant at 5 %.
func TestBenjaminiHochbergAsPublished(t *testing.T) {
	chances := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	adjusted, err := stats.BenjaminiHochberg(chances)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, q := range adjusted {
		if q <= 0.05 {
			found++
		}
	}
	if found != 4 {
		t.Errorf("%d are significant: %v", found, adjusted)
	}
	for _, bad := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := stats.BenjaminiHochberg([]float64{0.5, bad}); !errors.Is(err, stats.ErrShare) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// What is at most q after adjusting is what the procedure of the paper, step by step, rejects at q.
func TestBenjaminiHochbergIsTheStepUpProcedure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			return float64(rapid.IntRange(0, 40).Draw(t, "p")) / 40
		}), 0, 20).Draw(t, "chances")
		q := float64(rapid.IntRange(1, 99).Draw(t, "q"))/100 + 1e-4 // clear of ties that rounding would decide
		adjusted, err := stats.BenjaminiHochberg(chances)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Sorted(slices.Values(chances))
		limit := -1.0
		for i, p := range sorted {
			if p <= q*float64(i+1)/float64(len(sorted)) {
				limit = p
			}
		}
		for i, p := range chances {
			if (adjusted[i] <= q) != (p <= limit) {
				t.Fatalf("%v of %v at %v: adjusted %v, limit %v", p, sorted, q, adjusted[i], limit)
			}
		}
	})
}

// Blocks drawn with a known likeness give it back, near enough for a thousand subjects.
func TestOverdispersionIsFound(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 2026))
	for _, rho := range []float64{0, 0.1, 0.3} {
		var subjects [][]stats.Share
		for range 1000 {
			p := 0.3 + 0.6*chance.Float64()
			var blocks []stats.Share
			for range 4 {
				b := stats.Share{All: 4 + chance.Int64N(5)}
				// With the chance ρ a trial repeats one drawn for the block, √ρ each; their correlation is ρ.
				common := chance.Float64() < p
				for range b.All {
					yes := common
					if chance.Float64() >= math.Sqrt(rho) {
						yes = chance.Float64() < p
					}
					if yes {
						b.Some++
					}
				}
				blocks = append(blocks, b)
			}
			subjects = append(subjects, blocks)
		}
		if got := stats.Overdispersion(subjects); !near(got, rho, 0.03) {
			t.Errorf("a likeness of %v is found as %v", rho, got)
		}
	}
	if got := stats.Overdispersion([][]stats.Share{{{Some: 1, All: 1}}, nil, {{Some: 5, All: 3}}}); got != 0 {
		t.Errorf("from nothing comes %v", got)
	}
}

func TestCommonOddsLeaveOneOut(t *testing.T) {
	var c stats.CommonOdds
	one, other := [2]stats.Share{{Some: 8, All: 10}, {Some: 2, All: 10}}, [2]stats.Share{{Some: 6, All: 12}, {Some: 3, All: 12}}
	c.Add(one[0], one[1])
	c.Add(other[0], other[1])
	if ratio, ok := c.Without(one[0], one[1]); !ok || !near(ratio, (3.0/9)/(6.0/6), 1e-12) {
		t.Errorf("the other alone has odds of %v", ratio)
	}
	c = stats.CommonOdds{}
	c.Add(one[0], one[1])
	if ratio, ok := c.Without(one[0], one[1]); ok {
		t.Errorf("nobody else has odds of %v", ratio)
	}
}
