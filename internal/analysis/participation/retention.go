package participation

import (
	"maps"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/survival"
)

// Stay is how long somebody belonged: the days of Belonged, of which Until is the first day that no longer counts,
// day.Open while it lasts. Count is how many it holds for, so that any number of people can be kept as counts.
type Stay struct {
	Belonged day.Span
	Count    int64
}

// Cohort is the retention of those who joined in one year.
type Cohort struct {
	Year int
	// Curve has the days since joining as its time.
	Curve survival.Curve
}

// Retention estimates, as of a day, how long those who joined in one year stay, each year a cohort, and how long
// all do. The time of a stay is Until less From in days when it has ended by then, and otherwise the days up to
// asOf, at which it is censored: what has not ended is not taken for having ended. Those who joined later do not
// count, nor do stays that are empty. Stays in any order; cohorts by year, ascending. It fails with
// survival.ErrObservation where a count is negative.
func Retention(stays []Stay, asOf day.Day) (cohorts []Cohort, all survival.Curve, err error) {
	byYear := map[int][]survival.Observation{}
	var together []survival.Observation
	for _, s := range stays {
		if s.Belonged.From > asOf || s.Belonged.Days() == 0 {
			continue
		}
		o := survival.Observation{Time: int(asOf - s.Belonged.From), Count: s.Count}
		if s.Belonged.Until <= asOf {
			o = survival.Observation{Time: s.Belonged.Days(), Event: true, Count: s.Count}
		}
		year := s.Belonged.From.Year()
		byYear[year] = append(byYear[year], o)
		together = append(together, o)
	}
	return curves(byYear, together)
}

// AwayDays is how long somebody must not have been there to be taken for having left, where nothing else tells.
const AwayDays = 365

// Appearance is the first and the last day on which somebody was there, up to the day that is asked about.
type Appearance struct {
	First, Last day.Day
	Count       int64
}

// RetentionByPresence estimates how long those stay of whom only their presence is known, by the year in which
// they were first there. Who was not there in the last away days, asOf the last of them, left on the day they
// were last there; their time is Last less First, 0 for those who came once.
//
// All others are censored at the last day of which the same is known of everyone, away days before asOf: who was
// there since was still there then. Censoring them today instead would let those who have just gone away without
// being missed yet count as staying. So those who came later than that day are not counted yet; tooNew is how many
// they are. Absences that ended do not count, however long. Appearances must not reach beyond asOf: they cannot be
// cut back from later ones, and a Last after asOf is taken for asOf. It fails with survival.ErrObservation.
func RetentionByPresence(appearances []Appearance, asOf day.Day, away int) (cohorts []Cohort, all survival.Curve, tooNew int64, err error) {
	known := asOf - day.Day(max(0, away))
	byYear := map[int][]survival.Observation{}
	var together []survival.Observation
	for _, a := range appearances {
		if a.First > asOf {
			continue
		}
		if a.First > known {
			tooNew += a.Count
			continue
		}
		o := survival.Observation{Time: int(known - a.First), Count: a.Count}
		if a.Last <= known {
			o = survival.Observation{Time: int(a.Last - a.First), Event: true, Count: a.Count}
		}
		byYear[a.First.Year()] = append(byYear[a.First.Year()], o)
		together = append(together, o)
	}
	cohorts, all, err = curves(byYear, together)
	return cohorts, all, tooNew, err
}

func curves(byYear map[int][]survival.Observation, together []survival.Observation) ([]Cohort, survival.Curve, error) {
	var cohorts []Cohort
	for _, year := range slices.Sorted(maps.Keys(byYear)) {
		curve, err := survival.Estimate(byYear[year])
		if err != nil {
			return nil, survival.Curve{}, err
		}
		cohorts = append(cohorts, Cohort{year, curve})
	}
	all, err := survival.Estimate(together)
	return cohorts, all, err
}
