package committee

import (
	"math"
	"math/big"
	"sort"
	"time"
)

// AwayDays is how long somebody must have been away to have left.
const AwayDays = 365

// Step is a retention curve from Days after the first presence on.
type Step struct {
	Days                     int
	AtRisk, Events, Censored int64
	Survival, StandardError  float64
	Low, High                float64 // of 95 % on the scale of log(−log); 0 and 1 where there is none
}

// Cohort is those who were first there in one year.
type Cohort struct {
	Year             int
	Subjects, Events int64
	Steps            []Step
	// Median is the days after which at most half are left; −1 where that is not reached.
	Median int
}

// Retention is how long those stay who came once, by the year they came first; All has year 0. TooNew came first too
// late to tell.
type Retention struct {
	Cohorts []Cohort
	All     Cohort
	TooNew  int64
}

type life struct {
	days int
	left bool
}

// retention takes presence alone for staying. Let the horizon be AwayDays before asOf. Whoever was not there after it
// has left, on the day they were last there. Whoever was there after it had not left on it, and is followed up to
// it. Whoever came first after it is too new.
func (l *Ledger) retention(asOf time.Time, of func(Meeting) map[string]int64) Retention {
	meetings := l.until(asOf)
	horizon := asOf.AddDate(0, 0, -AwayDays)
	byYear := map[int][]life{}
	var all []life
	var out Retention
	for name := range union(meetings, of) {
		var first, last time.Time
		for _, m := range meetings {
			if _, ok := of(m)[name]; ok {
				if first.IsZero() {
					first = m.Held()
				}
				last = m.Held()
			}
		}
		var one life
		switch {
		case first.After(horizon):
			out.TooNew++
			continue
		case last.After(horizon):
			one = life{days: days(first, horizon)}
		default:
			one = life{days: days(first, last), left: true}
		}
		byYear[first.Year()] = append(byYear[first.Year()], one)
		all = append(all, one)
	}
	var years []int
	for y := range byYear {
		years = append(years, y)
	}
	sort.Ints(years)
	for _, y := range years {
		out.Cohorts = append(out.Cohorts, cohort(y, byYear[y]))
	}
	out.All = cohort(0, all)
	return out
}

func days(from, to time.Time) int { return int(math.Round(to.Sub(from).Hours() / 24)) }

// cohort is the product-limit estimate, with fractions: at each time, those who left of those still followed.
func cohort(year int, lives []life) Cohort {
	out := Cohort{Year: year, Subjects: int64(len(lives)), Median: -1}
	times := map[int]bool{}
	for _, one := range lives {
		times[one.days] = true
	}
	var sorted []int
	for t := range times {
		sorted = append(sorted, t)
	}
	sort.Ints(sorted)
	left, variance := big.NewRat(1, 1), new(big.Rat)
	for _, t := range sorted {
		s := Step{Days: t, High: 1}
		for _, one := range lives {
			if one.days >= t {
				s.AtRisk++
			}
			if one.days == t && one.left {
				s.Events++
			}
			if one.days == t && !one.left {
				s.Censored++
			}
		}
		out.Events += s.Events
		left.Mul(left, big.NewRat(s.AtRisk-s.Events, s.AtRisk))
		if s.AtRisk > s.Events {
			variance.Add(variance, big.NewRat(s.Events, s.AtRisk*(s.AtRisk-s.Events)))
		}
		s.Survival, _ = left.Float64()
		if s.Survival > 0 && s.Survival < 1 {
			greenwood, _ := variance.Float64()
			s.StandardError = s.Survival * math.Sqrt(greenwood)
			// The interval of log(−log S), turned back.
			middle, half := math.Log(-math.Log(s.Survival)), z95*math.Sqrt(greenwood)/math.Abs(math.Log(s.Survival))
			s.Low, s.High = math.Exp(-math.Exp(middle+half)), math.Exp(-math.Exp(middle-half))
		}
		if out.Median < 0 && left.Cmp(big.NewRat(1, 2)) <= 0 {
			out.Median = t
		}
		out.Steps = append(out.Steps, s)
	}
	return out
}
