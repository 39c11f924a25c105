package stats_test

import (
	"math"
	"testing"

	"commontable/internal/analysis/stats"
)

func moments(values ...float64) (m stats.Moments) {
	for _, v := range values {
		m.Add(v)
	}
	return m
}

// TestMeanHalf holds t against the printed table: 12.706, 4.303, 2.776, 2.262, 2.045 for
// 1, 2, 4, 9 and 29 degrees of freedom.
func TestMeanHalf(t *testing.T) {
	for n, want := range map[int]float64{2: 12.706, 3: 4.303, 5: 2.776, 10: 2.262, 30: 2.045} {
		m := stats.Moments{N: n, Sum: 0, Squares: float64(n-1) * float64(n)} // variance n, so √(variance/n) is 1
		half, ok := m.MeanHalf()
		if !ok || math.Abs(half-want) > 0.0005 {
			t.Errorf("%d values: %.4f, want %.3f", n, half, want)
		}
	}
	if _, ok := moments(3).MeanHalf(); ok {
		t.Error("one value has an interval")
	}
	if half, ok := moments(2, 2, 2).MeanHalf(); !ok || half != 0 {
		t.Errorf("three alike: %v %v", half, ok)
	}
}

// TestDifferenceHalf: two samples of the same size and variance have 2(n−1) degrees of
// freedom, and t(0.975, 8) is 2.306.
func TestDifferenceHalf(t *testing.T) {
	a, b := moments(1, 2, 3, 4, 5), moments(3, 4, 5, 6, 7)
	half, ok := stats.DifferenceHalf(a, b)
	if want := 2.306 * math.Sqrt(2.5/5+2.5/5); !ok || math.Abs(half-want) > 0.001 {
		t.Errorf("%v, want %v", half, want)
	}
	// Unequal variances: freedom by hand is (0.5+0.1)² ÷ (0.5²/4 + 0.1²/4) = 5.538, and t 2.497.
	c := stats.Moments{N: 5, Sum: 0, Squares: 2} // variance 0.5
	if half, _ := stats.DifferenceHalf(a, c); math.Abs(half-2.497*math.Sqrt(0.6)) > 0.002 {
		t.Errorf("unequal: %v", half/math.Sqrt(0.6))
	}
	if _, ok := stats.DifferenceHalf(a, moments(1)); ok {
		t.Error("a single value has an interval")
	}
}
