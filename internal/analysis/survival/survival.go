// Package survival estimates how long something lasts when some of it has not ended yet.
package survival

import (
	"errors"
	"maps"
	"math"
	"slices"

	"commontable/internal/analysis/stats"
)

// ErrObservation says that a time or a count is negative, or that the counts are too large to be summed.
var ErrObservation = errors.New("survival: observation out of range")

// Observation is Count subjects seen for Time, in whole units of the caller, such as days. Event tells that they
// ended then; otherwise they had not ended when they were last looked at (right-censored). Observations of the
// same time add up, so that any number of subjects can be kept as counts.
type Observation struct {
	Time  int
	Event bool
	Count int64
}

// Point is the curve from Time on, until the Time of the next point.
type Point struct {
	Time int
	// AtRisk had neither ended nor been lost from sight before Time; Events of them ended at Time, Censored were
	// last seen then.
	AtRisk, Events, Censored int64
	// Survival is the estimated share that lasts longer than Time, from 0 to 1.
	Survival float64
	// StandardError is Greenwood's, 0 where Survival is 0 or 1.
	StandardError float64
	// Interval is that of 95 % for Survival alone at this time. Where Survival is 0 or 1 there is none: Bounded
	// is false, and the interval is the whole range.
	Interval stats.Interval
	Bounded  bool
}

// Curve is an estimated survival function. It is 1 before the first point, and not known after the last one
// where that does not reach 0.
type Curve struct {
	Subjects, Events int64
	Points           []Point // in ascending order of Time, one for each time that was observed
}

// Estimate makes the curve of Kaplan and Meier (1958, J. Am. Stat. Assoc. 53:457–481), the product over all times
// tᵢ ≤ t of 1 − dᵢ/nᵢ, dᵢ being the events and nᵢ those at risk. Who is censored at the time of an event was at
// risk for it. The variance is that of Greenwood (1926), S²·Σ dᵢ/(nᵢ(nᵢ−dᵢ)), and the interval, of 95 %, is taken
// on the scale of log(−log S), which keeps it within 0 and 1 (Kalbfleisch and Prentice 1980):
//
//	S^exp(±z·√(Σ dᵢ/(nᵢ(nᵢ−dᵢ))) ÷ |log S|)
//
// It holds when those censored would have lasted as long as the others. Observations come in any order; those of
// no subject are passed over. It fails with ErrObservation.
func Estimate(observations []Observation) (Curve, error) {
	var c Curve
	type tally struct{ events, censored int64 }
	byTime := map[int]tally{}
	for _, o := range observations {
		if o.Time < 0 || o.Count < 0 || c.Subjects > math.MaxInt64-o.Count {
			return Curve{}, ErrObservation
		}
		if o.Count == 0 {
			continue
		}
		c.Subjects += o.Count
		at := byTime[o.Time]
		if o.Event {
			at.events += o.Count
			c.Events += o.Count
		} else {
			at.censored += o.Count
		}
		byTime[o.Time] = at
	}
	c.Points = make([]Point, 0, len(byTime))
	atRisk, survival, greenwood := c.Subjects, 1.0, 0.0
	for _, time := range slices.Sorted(maps.Keys(byTime)) {
		at := byTime[time]
		n, d := float64(atRisk), float64(at.events)
		p := Point{Time: time, AtRisk: atRisk, Events: at.events, Censored: at.censored, Interval: stats.Interval{Low: 0, High: 1}}
		if at.events == atRisk {
			survival = 0
		} else {
			survival *= (n - d) / n
			greenwood += d / (n * (n - d))
		}
		p.Survival = survival
		if survival > 0 && survival < 1 {
			p.StandardError = survival * math.Sqrt(greenwood)
			shift := math.Exp(stats.Z95 * math.Sqrt(greenwood) / -math.Log(survival))
			p.Interval = stats.Interval{Low: math.Pow(survival, shift), High: math.Pow(survival, 1/shift)}
			p.Bounded = true
		}
		c.Points = append(c.Points, p)
		atRisk -= at.events + at.censored
	}
	return c, nil
}

// At is the share that lasts longer than a time. ok is false for times after the last one observed, unless the
// curve has reached 0: nothing is known there.
func (c Curve) At(time int) (survival float64, ok bool) {
	i, found := slices.BinarySearchFunc(c.Points, time, func(p Point, t int) int { return p.Time - t })
	if !found {
		i-- // the point before
	}
	if i < 0 {
		return 1, len(c.Points) > 0
	}
	survival = c.Points[i].Survival
	return survival, found || i < len(c.Points)-1 || survival == 0
}

// Median is the first time after which at most half remain. ok is false where the curve does not come down so
// far: then half or more last longer than was looked.
func (c Curve) Median() (time int, ok bool) {
	// A product of fractions that is one half comes out a rounding above it.
	const half = 0.5 + 1e-12
	for _, p := range c.Points {
		if p.Survival <= half {
			return p.Time, true
		}
	}
	return 0, false
}
