package disclosure

import "math"

// Mean is the mean of n answers on a scale from low to high, told so that it never says
// what each of them answered: a mean that only answers all alike, or all but one by one
// step, could have is told as that bound (AtMost or AtLeast), not as itself.
type Mean struct {
	Value           float64
	AtMost, AtLeast bool
}

// TellMean makes what may be told of a sum of n answers, each a whole number from low to
// high. n must be positive and low below high.
func TellMean(sum float64, n int, low, high float64) Mean {
	value, step := sum/float64(n), 1/float64(n)
	switch {
	case value <= low+step:
		return Mean{Value: low + step, AtMost: true}
	case value >= high-step:
		return Mean{Value: high - step, AtLeast: true}
	}
	return Mean{Value: value}
}

// TellSpread says whether it may be told how often each choice was taken: not if all
// answers, or all but one, took the same. All but one is refused too, so that a refusal
// does not say that all were the same.
func TellSpread(counts []int) Why {
	all, most := 0, 0
	for _, count := range counts {
		all, most = all+count, max(most, count)
	}
	if all-most < 2 {
		return Alike
	}
	return ""
}

// Margin is how uncertain the largest amount of a sum must stay to those behind the
// others, as a share of it.
const Margin = 0.15

// TellSum says whether a sum of amounts may be told, by the p-percent rule with p = 15
// (Federal Committee on Statistical Methodology, Statistical Policy Working Paper 22,
// 2005, section IV): the second largest, who knows its own amount, could bound the largest
// by the sum of all the others; that must be at least p per cent of the largest. Amounts
// count by their size whatever their sign. Amounts of one organization are to be added up
// before.
func TellSum(amounts []float64) Why {
	var all, first, second float64
	for _, amount := range amounts {
		amount = math.Abs(amount)
		all += amount
		switch {
		case amount > first:
			first, second = amount, first
		case amount > second:
			second = amount
		}
	}
	if all > 0 && all-first-second < Margin*first {
		return Dominated
	}
	return ""
}
