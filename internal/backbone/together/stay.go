package together

import "commontable/internal/analysis/survival"

// stayYears are the years after which it is told how many are still there.
var stayYears = []int{1, 2, 3, 5, 10}

// stayOf tells a curve at the years it reaches, and of all together after every year.
func stayOf(year int, members int64, curve survival.Curve) Stay {
	s := Stay{Year: year, Members: members, After: []Point{}}
	for _, n := range stayYears {
		p, ok := pointAt(curve, n)
		if !ok {
			break
		}
		s.After = append(s.After, p)
	}
	for n := 0; year == 0; n++ {
		p, ok := pointAt(curve, n)
		if !ok {
			break
		}
		s.Curve = append(s.Curve, p)
	}
	return s
}

// pointAt is a curve after so many years; ok is false where it does not reach them.
func pointAt(curve survival.Curve, years int) (p Point, ok bool) {
	days := years * 365
	share, ok := curve.At(days)
	p = Point{Years: years, Share: share}
	for _, at := range curve.Points {
		if at.Time > days {
			break
		}
		p.Low, p.High, p.Bounded = at.Interval.Low, at.Interval.High, at.Bounded
	}
	return p, ok
}
