package together

import "commontable/internal/analysis/survival"

// stayYears are the years after which it is told how many are still there.
var stayYears = []int{1, 2, 3, 5, 10}

// stayOf tells a curve at the years it reaches.
func stayOf(year int, members int64, curve survival.Curve) Stay {
	s := Stay{Year: year, Members: members, After: []Point{}}
	for _, n := range stayYears {
		days := n * 365
		share, ok := curve.At(days)
		if !ok {
			break
		}
		p := Point{Years: n, Share: share}
		for _, at := range curve.Points {
			if at.Time > days {
				break
			}
			p.Low, p.High, p.Bounded = at.Interval.Low, at.Interval.High, at.Bounded
		}
		s.After = append(s.After, p)
	}
	return s
}
