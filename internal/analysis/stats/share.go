// Package stats has the few formulas of statistics that figures about working together need: shares with
// intervals, concentration, medians of ordered answers, exact tests and their correction when many are made.
// Each names its source. What it takes are counts, so that figures of any size can be kept as sums.
package stats

import "math"

// Z95 is the standard normal deviate of a two-sided interval of 95 %.
const Z95 = 1.959963984540054

// Share is how many of how many: Some of All, with 0 ≤ Some ≤ All. Shares of disjoint wholes add up.
type Share struct{ Some, All int64 }

// Valid tells whether it can be a share at all.
func (s Share) Valid() bool { return s.Some >= 0 && s.Some <= s.All }

// Plus is the share of two disjoint wholes taken together.
func (s Share) Plus(other Share) Share { return Share{s.Some + other.Some, s.All + other.All} }

// Rate is Some ÷ All, from 0 to 1. ok is false where All is 0: of nothing there is no share, and none is made
// up.
func (s Share) Rate() (rate float64, ok bool) {
	if s.All <= 0 {
		return 0, false
	}
	return float64(s.Some) / float64(s.All), true
}

// Interval is a range from Low to High, both included.
type Interval struct{ Low, High float64 }

// Wilson is the score interval of Wilson (1927, J. Am. Stat. Assoc. 22:209–212) for the chance behind a share:
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n),  p = Some ÷ All,  n = All
//
// z is the normal deviate, Z95 for 95 %; it must be positive. It lies within 0 and 1, and is the whole range
// where All is 0. It takes each of the All for a trial of its own: where the same few people make them up, the
// truth is less certain than it says.
func (s Share) Wilson(z float64) Interval {
	p, ok := s.Rate()
	if !ok {
		return Interval{0, 1}
	}
	n := float64(s.All)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	out := Interval{max(0, middle-half), min(1, middle+half)}
	// Rounding must not cut the ends off that the formula reaches.
	if s.Some == 0 {
		out.Low = 0
	}
	if s.Some == s.All {
		out.High = 1
	}
	return out
}
