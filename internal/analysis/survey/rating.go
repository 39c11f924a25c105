package survey

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/stats"
)

// Rating is how one respondent rated one of a roster, on the scale of the item.
type Rating struct {
	Rater int // the respondent
	House int // the rater's organization, by which raters are counted together
	Of    int // who is rated, from 0
	Value int // or None
}

// Incoming makes figures of ratings: over all that were given, and for each of those rated
// over all who rated it. Nobody's own ratings are a figure. Besides the rules of means, the
// raters of one must not come from one organization alone or nearly so: the second of them
// could take its own away and know what the first said (disclosure.TellSum over how many
// raters each organization has).
//
// A rating of one's own organization (House the same as Of) does not count.
func Incoming(ratings []Rating, rated, from, to int, rules Rules) (all Figure, of []Figure) {
	rules = rules.sound()
	counted := make([]Rating, 0, len(ratings))
	for _, r := range ratings {
		if r.Value != None && r.House != r.Of {
			counted = append(counted, r)
		}
	}
	groups := make([][]int, rated)
	everything := make([]int, len(counted))
	for n, r := range counted {
		everything[n] = n
		groups[r.Of] = append(groups[r.Of], n)
	}
	// Who is rated by most comes first, or the few would hide the many.
	order := make([]int, rated)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(groups[b]), len(groups[a])) })
	wanted := [][]int{everything}
	of = make([]Figure, rated)
	for _, i := range order {
		of[i].SpreadWhy = disclosure.TooFew
		if of[i].Why = houses(counted, groups[i]); of[i].Why == "" {
			wanted = append(wanted, groups[i])
		} else {
			wanted = append(wanted, nil)
		}
	}
	decided := disclosure.Decide(len(counted), nil, wanted, rules.Mean)
	all = figure(counted, everything, decided[0], from, to)
	for place, i := range order {
		why := decided[place+1]
		if of[i].Why == disclosure.Dominated && len(groups[i]) >= rules.Mean {
			continue
		}
		of[i] = figure(counted, groups[i], why, from, to)
	}
	return all, of
}

func houses(ratings []Rating, group []int) disclosure.Why {
	count := map[int]float64{}
	for _, n := range group {
		count[ratings[n].House]++
	}
	amounts := make([]float64, 0, len(count))
	for _, c := range count {
		amounts = append(amounts, c)
	}
	return disclosure.TellSum(amounts)
}

func figure(ratings []Rating, group []int, why disclosure.Why, from, to int) Figure {
	if why != "" {
		return Figure{Why: why, SpreadWhy: why}
	}
	var m stats.Moments
	for _, n := range group {
		m.Add(float64(ratings[n].Value))
	}
	return Figure{N: m.N, Mean: disclosure.TellMean(m.Sum, m.N, float64(from), float64(to)), SpreadWhy: disclosure.TooFew}
}
