package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Moments are the count, the sum and the sum of squares of some values. Those of disjoint
// sets add up.
type Moments struct {
	N            int
	Sum, Squares float64
}

// Add counts one value more.
func (m *Moments) Add(value float64) {
	m.N++
	m.Sum += value
	m.Squares += value * value
}

// Mean is Sum ÷ N; it is not a number where N is 0.
func (m Moments) Mean() float64 { return m.Sum / float64(m.N) }

// Variance is the sample's, (Squares − Sum²/N) ÷ (N−1), and 0 for fewer than two values.
func (m Moments) Variance() float64 {
	if m.N < 2 {
		return 0
	}
	n := float64(m.N)
	return max(0, (m.Squares-m.Sum*m.Sum/n)/(n-1))
}

// MeanHalf is half the width of the 95 % interval of Student (1908, Biometrika 6:1–25)
// around a mean: t(0.975, N−1) · √(Variance/N). It takes the values for draws from a
// larger number of like ones, and says nothing of those who were asked and did not
// answer. ok is false below two values.
func (m Moments) MeanHalf() (half float64, ok bool) {
	if m.N < 2 {
		return 0, false
	}
	return studentT(float64(m.N-1)) * math.Sqrt(m.Variance()/float64(m.N)), true
}

// DifferenceHalf is half the width of the 95 % interval around the difference of two
// independent means, by Welch (1947, Biometrika 34:28–35): variances may differ. ok is
// false if either has fewer than two values.
func DifferenceHalf(a, b Moments) (half float64, ok bool) {
	if a.N < 2 || b.N < 2 {
		return 0, false
	}
	va, vb := a.Variance()/float64(a.N), b.Variance()/float64(b.N)
	if va+vb == 0 {
		return 0, true
	}
	freedom := (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	return studentT(freedom) * math.Sqrt(va+vb), true
}

func studentT(freedom float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile(0.975)
}
