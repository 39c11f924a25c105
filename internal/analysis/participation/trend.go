package participation

import (
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/stats"
)

// Monthly is a share of one month, such as seat attendance.
type Monthly struct {
	Month day.Month
	Share stats.Share
}

// Step is a share of one period of a trend.
type Step struct {
	Span  day.Span
	Share stats.Share
	// Interval is Wilson's of 95 %. See stats.Share on what it assumes.
	Interval stats.Interval
	// Partial tells that the period was not over on the day that is asked about.
	Partial bool
}

// MonthlyTrend is the steps from the first month given to that of asOf, one for each month; those without anything
// have a share of nothing. Shares of one month add up; later months do not count. Shares are of whole months: that
// of the last is as of the day only if what it is made from is.
func MonthlyTrend(shares []Monthly, asOf day.Day) []Step {
	return trend(shares, asOf, func(m day.Month) day.Span { return m.Span() })
}

// QuarterlyTrend is the same by calendar quarters.
func QuarterlyTrend(shares []Monthly, asOf day.Day) []Step {
	return trend(shares, asOf, func(m day.Month) day.Span { return m.Quarter().Span() })
}

func trend(shares []Monthly, asOf day.Day, period func(day.Month) day.Span) []Step {
	sorted := slices.DeleteFunc(slices.Clone(shares), func(m Monthly) bool { return m.Month > asOf.Month() })
	if len(sorted) == 0 {
		return nil
	}
	slices.SortFunc(sorted, func(a, b Monthly) int { return int(a.Month) - int(b.Month) })
	var steps []Step
	next := 0
	for span := period(sorted[0].Month); span.From <= asOf; span = period(span.Until.Month()) {
		step := Step{Span: span, Partial: span.Until > asOf+1}
		for ; next < len(sorted) && span.Has(sorted[next].Month.Start()); next++ {
			step.Share = step.Share.Plus(sorted[next].Share)
		}
		step.Interval = step.Share.Wilson(stats.Z95)
		steps = append(steps, step)
	}
	return steps
}
