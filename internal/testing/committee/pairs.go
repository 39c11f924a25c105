package committee

import (
	"math"
	"time"
)

// Pair is two that were at meetings together, A before B in the order of bytes.
type Pair struct {
	A, B     string
	Meetings int64
	// Weight is the sum of 1 ÷ (how many were there − 1) over those meetings, halved with every half-life that the
	// meeting lies back.
	Weight float64
	Last   string
}

// OrganizationPairs are the organizations that met, as of a day, by A and then B. halfLife is in days; with 0 nothing
// is halved. How many were there counts organizations.
func (l *Ledger) OrganizationPairs(asOf time.Time, halfLife float64) []Pair {
	return l.pairs(asOf, halfLife, organizations)
}

// PeoplePairs are the people who met, likewise; how many were there counts people.
func (l *Ledger) PeoplePairs(asOf time.Time, halfLife float64) []Pair {
	return l.pairs(asOf, halfLife, people)
}

func (l *Ledger) pairs(asOf time.Time, halfLife float64, of func(Meeting) map[string]int64) []Pair {
	meetings := l.until(asOf)
	all := names(union(meetings, of))
	attended := map[string][]int{} // the places of meetings, ascending
	for i, m := range meetings {
		for name := range of(m) {
			attended[name] = append(attended[name], i)
		}
	}
	var out []Pair
	for i, a := range all {
		for _, b := range all[i+1:] {
			p := Pair{A: a, B: b}
			for _, at := range attended[a] {
				m := meetings[at]
				if _, met := of(m)[b]; !met {
					continue
				}
				p.Meetings++
				weight := 1 / float64(len(of(m))-1)
				if halfLife > 0 {
					weight *= math.Pow(0.5, float64(days(m.Held(), asOf))/halfLife)
				}
				p.Weight += weight
				p.Last = m.Held().Format(time.DateOnly)
			}
			if p.Meetings > 0 {
				out = append(out, p)
			}
		}
	}
	return out
}
