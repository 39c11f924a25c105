package survival_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/survival"
)

// The remission times of Freireich et al. (1963, Blood 21:699–716) in weeks, and what textbooks and statistics
// programs give for them: survival, Greenwood's standard error, and the interval on the scale of log(−log S).
func TestRemissionsAsPublished(t *testing.T) {
	var treated []survival.Observation
	for _, week := range []int{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		treated = append(treated, survival.Observation{Time: week, Event: true, Count: 1})
	}
	for _, week := range []int{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		treated = append(treated, survival.Observation{Time: week, Count: 1})
	}
	curve, err := survival.Estimate(treated)
	if err != nil {
		t.Fatal(err)
	}
	points := map[int]survival.Point{}
	for _, p := range curve.Points {
		points[p.Time] = p
	}
	for _, want := range []struct {
		week                int
		atRisk, events      int64
		share, se, low, top float64
	}{
		{6, 21, 3, 0.8571, 0.0764, 0.6197, 0.9516},
		{7, 17, 1, 0.8067, 0.0869, 0.5631, 0.9228},
		{10, 15, 1, 0.7529, 0.0963, 0.5032, 0.8894},
		{13, 12, 1, 0.6902, 0.1068, 0.4316, 0.8491},
		{16, 11, 1, 0.6275, 0.1141, 0.3675, 0.8049},
		{22, 7, 1, 0.5378, 0.1282, 0.2678, 0.7468},
		{23, 6, 1, 0.4482, 0.1346, 0.1881, 0.6801},
	} {
		p := points[want.week]
		for name, pair := range map[string][2]float64{
			"survival": {p.Survival, want.share}, "standard error": {p.StandardError, want.se},
			"low": {p.Interval.Low, want.low}, "high": {p.Interval.High, want.top},
		} {
			if math.Abs(pair[0]-pair[1]) > 5.1e-5 {
				t.Errorf("week %d: %s %.5f, want %.4f", want.week, name, pair[0], pair[1])
			}
		}
		if p.AtRisk != want.atRisk || p.Events != want.events || !p.Bounded {
			t.Errorf("week %d: %+v", want.week, p)
		}
	}
	if median, ok := curve.Median(); !ok || median != 23 {
		t.Errorf("median %d, %v", median, ok)
	}
	if s, ok := curve.At(24); !ok || math.Abs(s-0.4482) > 5e-5 {
		t.Errorf("after 24 weeks %v, %v", s, ok)
	}
	if s, ok := curve.At(5); !ok || s != 1 {
		t.Errorf("after 5 weeks %v, %v", s, ok)
	}
	if _, ok := curve.At(36); ok {
		t.Error("something is known after the last week")
	}
	var untreated []survival.Observation
	for _, week := range []int{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23} {
		untreated = append(untreated, survival.Observation{Time: week, Event: true, Count: 1})
	}
	curve, err = survival.Estimate(untreated)
	if err != nil {
		t.Fatal(err)
	}
	if median, ok := curve.Median(); !ok || median != 8 {
		t.Errorf("median without treatment %d, %v", median, ok)
	}
	if last := curve.Points[len(curve.Points)-1]; last.Survival != 0 || last.Bounded || last.StandardError != 0 {
		t.Errorf("all have ended: %+v", last)
	}
	if s, ok := curve.At(100); !ok || s != 0 {
		t.Errorf("after all have ended %v, %v", s, ok)
	}
}

// The estimate equals one that goes through all subjects at every time, with fractions; and without censoring, the
// plain share that remains.
func TestEstimateAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observations := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) survival.Observation {
			return survival.Observation{
				Time: rapid.IntRange(0, 12).Draw(t, "time"), Event: rapid.Bool().Draw(t, "event"),
				Count: rapid.Int64Range(0, 3).Draw(t, "count"),
			}
		}), 0, 25).Draw(t, "observations")
		curve, err := survival.Estimate(observations)
		if err != nil {
			t.Fatal(err)
		}
		product, sum := big.NewRat(1, 1), new(big.Rat)
		censored, all, at := false, int64(0), 0
		for _, o := range observations {
			all += o.Count
		}
		for time := range 13 {
			var risk, events, gone, seen int64
			for _, o := range observations {
				switch {
				case o.Time > time:
					risk += o.Count
				case o.Time == time:
					risk, seen = risk+o.Count, seen+o.Count
					if o.Event {
						events += o.Count
					} else if o.Count > 0 {
						censored = true
					}
				}
				if o.Time <= time {
					gone += o.Count
				}
			}
			if seen == 0 {
				continue
			}
			product.Mul(product, big.NewRat(risk-events, risk))
			if risk > events {
				sum.Add(sum, big.NewRat(events, risk*(risk-events)))
			}
			p := curve.Points[at]
			at++
			share, _ := product.Float64()
			variance, _ := new(big.Rat).Mul(new(big.Rat).Mul(product, product), sum).Float64()
			if p.Time != time || p.AtRisk != risk || p.Events != events || p.Censored != seen-events || math.Abs(p.Survival-share) > 1e-12 {
				t.Fatalf("at %d: %+v, want a share of %v of %d", time, p, share, risk)
			}
			if math.Abs(p.StandardError-math.Sqrt(variance)) > 1e-9 {
				t.Fatalf("at %d: standard error %v, want %v", time, p.StandardError, math.Sqrt(variance))
			}
			if p.Interval.Low > p.Survival || p.Interval.High < p.Survival || p.Interval.Low < 0 || p.Interval.High > 1 {
				t.Fatalf("at %d: %v is not within %v", time, p.Survival, p.Interval)
			}
			if !censored && math.Abs(share-float64(all-gone)/float64(all)) > 1e-12 {
				t.Fatalf("at %d: %v of all remain, counted %v", time, share, float64(all-gone)/float64(all))
			}
			if got, ok := curve.At(time); !ok || got != p.Survival {
				t.Fatalf("at %d the curve tells %v, %v", time, got, ok)
			}
		}
		if at != len(curve.Points) || curve.Subjects != all {
			t.Fatalf("%d points of %d, %d subjects of %d", at, len(curve.Points), curve.Subjects, all)
		}
	})
}

func TestEstimateBounds(t *testing.T) {
	for _, bad := range [][]survival.Observation{
		{{Time: -1, Count: 1}}, {{Time: 1, Count: -1}}, {{Time: 1, Count: math.MaxInt64}, {Time: 2, Count: 1}},
	} {
		if _, err := survival.Estimate(bad); !errors.Is(err, survival.ErrObservation) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	curve, err := survival.Estimate(nil)
	if err != nil || len(curve.Points) != 0 {
		t.Errorf("of nobody: %+v, %v", curve, err)
	}
	if _, ok := curve.Median(); ok {
		t.Error("nobody has a median")
	}
	if _, ok := curve.At(0); ok {
		t.Error("nobody remains, or does not")
	}
	// Exactly half of six, through a product that rounds.
	curve, _ = survival.Estimate([]survival.Observation{{1, true, 1}, {2, true, 1}, {3, true, 1}, {9, false, 3}})
	if median, ok := curve.Median(); !ok || median != 3 {
		t.Errorf("half are left after %d, %v", median, ok)
	}
}
