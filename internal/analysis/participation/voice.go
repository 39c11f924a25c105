package participation

import (
	"errors"

	"commontable/internal/analysis/stats"
)

// Voice is how often somebody who was there also spoke. It adds up over meetings, and over people or
// organizations.
type Voice struct {
	// Attended counts all meetings somebody was at.
	Attended int64
	// Spoke counts meetings with a contribution on record, of those attended at which contributions were
	// recorded. Where nobody wrote them down, silence is not known, and is not counted. Source: domain
	// specification, C4, which counts all meetings attended; the two are the same where all are recorded.
	Spoke stats.Share
	// Turns is how many times somebody spoke.
	Turns int64
}

// Meeting counts one meeting that somebody was at. recorded tells whether contributions were written down there
// at all. Negative turns are taken for none.
func (v *Voice) Meeting(recorded bool, turns int64) {
	v.Attended++
	if !recorded {
		return
	}
	v.Spoke.All++
	if turns > 0 {
		v.Spoke.Some++
		v.Turns += turns
	}
}

// Plus is the voice at disjoint meetings, or of different people, taken together.
func (v Voice) Plus(other Voice) Voice {
	return Voice{v.Attended + other.Attended, v.Spoke.Plus(other.Spoke), v.Turns + other.Turns}
}

// LargestFew is how many of the largest are looked at when load or speaking time is said to lie with few.
const LargestFew = 3

// Turns is how speaking turns are spread; turns[i] is how many speaker or organization i took. It is no sum over
// periods: the turns are. It fails with stats.ErrAmount.
func Turns(turns []int64) (stats.Concentration, error) { return stats.Concentrate(turns, LargestFew) }

// The levels of engagement that are observed, from not there to leading. They are an order and no amounts.
const (
	Absent = iota
	Present
	Contributes
	TakesWork
	Leads
	levels
)

// ErrLevel says that a level of engagement is not one of 0 to 4.
var ErrLevel = errors.New("participation: no level of engagement")

// Engagement counts observations by level. It adds up, level by level.
type Engagement [levels]int64

// Observe counts one observation. It fails with ErrLevel.
func (e *Engagement) Observe(level int) error {
	if level < 0 || level >= levels {
		return ErrLevel
	}
	e[level]++
	return nil
}

// Plus is the observations of both.
func (e Engagement) Plus(other Engagement) Engagement {
	for i := range e {
		e[i] += other[i]
	}
	return e
}

// Median is the middle level, two where it falls between them, of n observations. The levels are never averaged:
// nobody knows how far one is from the next.
func (e Engagement) Median() (low, high int, n int64) { return stats.Median(e[:]) }
