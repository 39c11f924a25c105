package stats

import (
	"errors"
	"math"
)

// ErrShare says that a share has more than its whole, or is otherwise none; or that a parameter is out of its
// range.
var ErrShare = errors.New("stats: not a share, or a parameter out of range")

// MostTrials is how many trials the exact tests take: their cost grows with it.
const MostTrials = 1_000_000

func (s Share) testable() bool { return s.Valid() && s.All <= MostTrials }

// Fell is the chance that a share would be as low as now, or lower, if what it counts were as likely as in an
// independent earlier share: Fisher's exact test, one-sided (Fisher 1935, J. R. Stat. Soc. 98:39–82).
//
// Given that the two together have K of N, now.Some follows the hypergeometric distribution; with odds other than
// 1, Fisher's noncentral one, in which the odds of now are that many times the odds of before:
//
//	P(X = x) ∝ C(now.All, x) · C(before.All, K − x) · oddsˣ
//
// odds is the ratio expected without a change of its own: 1, or what all others went through. It must be
// positive and finite. The chance lies in (0, 1] and is 1 where one of the shares is of nothing. Where trials are
// independent, it is at most α with a chance of at most α, whatever the likelihood is. It fails with ErrShare.
func Fell(before, now Share, odds float64) (float64, error) {
	if !before.testable() || !now.testable() || odds <= 0 || math.IsInf(odds, 0) || math.IsNaN(odds) {
		return 0, ErrShare
	}
	together := before.Some + now.Some
	low, high := max(0, together-before.All), min(now.All, together)
	// From one x to the next the weight grows by this; it falls with x, so that weights have one peak.
	growth := func(x int64) float64 {
		return float64(now.All-x) / float64(x+1) * float64(together-x) / float64(before.All-together+x+1) * odds
	}
	// The peak has weight 1 and all others less, so that none overflows. Growth falls, so it is bisected.
	from, to := low, high
	for from < to {
		if middle := (from + to) / 2; growth(middle) > 1 {
			from = middle + 1
		} else {
			to = middle
		}
	}
	peak := from
	var below, all float64
	weight := 1.0
	for x := peak; x <= high; x++ {
		all += weight
		if x <= now.Some {
			below += weight
		}
		if x < high {
			weight *= growth(x)
		}
	}
	weight = 1.0
	for x := peak - 1; x >= low; x-- {
		weight /= growth(x)
		all += weight
		if x <= now.Some {
			below += weight
		}
	}
	return min(1, below/all), nil
}

// LeastFell is the smallest chance that Fell could give for a share of now.All trials when together as many
// are counted as in before and now: how much the two could show at all.
func LeastFell(before, now Share, odds float64) (float64, error) {
	if !before.Valid() || !now.Valid() {
		return 0, ErrShare
	}
	together := before.Some + now.Some
	least := max(0, together-before.All)
	return Fell(Share{together - least, before.All}, Share{least, now.All}, odds)
}

// BetaBinomialTail is P(X ≤ some) for a count of all trials whose chance was itself drawn from a beta
// distribution with parameters a and b (Skellam 1948, J. R. Stat. Soc. B 10:257–261):
//
//	P(X = x) = C(n, x) · B(x + a, n − x + b) ÷ B(a, b)
//
// a and b must be positive and finite. It fails with ErrShare.
func BetaBinomialTail(s Share, a, b float64) (float64, error) {
	if !s.testable() || a <= 0 || b <= 0 || math.IsInf(a+b, 0) || math.IsNaN(a+b) {
		return 0, ErrShare
	}
	if s.Some == s.All {
		return 1, nil
	}
	n := float64(s.All)
	whole := logGamma(n+1) - logGamma(n+a+b) - logBeta(a, b)
	at := func(x float64) float64 {
		return math.Exp(whole - logGamma(x+1) - logGamma(n-x+1) + logGamma(x+a) + logGamma(n-x+b))
	}
	var sum float64
	if term := at(float64(s.Some)); term > 0 {
		// From one x to the one below it, which is much cheaper than to begin anew.
		for x := float64(s.Some); x >= 0; x-- {
			sum += term
			term *= x * (n - x + b) / ((n - x + 1) * (x - 1 + a))
		}
	} else {
		// Too small to be written; those below it may not be.
		for x := range s.Some {
			sum += at(float64(x))
		}
	}
	return min(1, sum), nil
}

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

func logBeta(a, b float64) float64 { return logGamma(a) + logGamma(b) - logGamma(a+b) }
