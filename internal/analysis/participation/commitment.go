package participation

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/stats"
)

// Column is one kind of commitment in one unit: money in one currency, hours, gifts in kind by their value. Amounts
// are only ever summed within a column.
type Column struct{ Kind, Unit string }

// Entry is what one contributor pledged and delivered of one column in the period that is asked about, in the
// smallest units that are counted: cents, hundredths of hours.
type Entry struct {
	Column             Column
	Contributor        int
	Pledged, Delivered int64
}

// Commitment is a column over a period. Pledged and Delivered add up over periods and contributors; the two spreads
// do not, since the same contribute again, but the amounts they are made from do.
type Commitment struct {
	Column             Column
	Pledged, Delivered int64
	// PledgedBy and DeliveredBy tell how widely the load is carried: the largest three, and the effective number
	// of contributors.
	PledgedBy, DeliveredBy stats.Concentration
}

// Ratio is Delivered ÷ Pledged, 0 or more: it exceeds 1 where more was given than promised, and is not a share. ok
// is false where nothing was pledged.
func (c Commitment) Ratio() (ratio float64, ok bool) {
	if c.Pledged <= 0 {
		return 0, false
	}
	return float64(c.Delivered) / float64(c.Pledged), true
}

// Commitments sums entries by column, in the order of kind and unit. A contributor may have any number of entries,
// and corrections may be negative; it fails with stats.ErrAmount where what a contributor pledged or delivered of
// a column is negative in the end, or where a sum exceeds an int64. Source: domain specification, C4, which keeps
// the columns apart.
func Commitments(entries []Entry) ([]Commitment, error) {
	type sums struct{ pledged, delivered int64 }
	byColumn := map[Column]map[int]sums{}
	for _, e := range entries {
		contributors := byColumn[e.Column]
		if contributors == nil {
			contributors = map[int]sums{}
			byColumn[e.Column] = contributors
		}
		s := contributors[e.Contributor]
		var ok bool
		if s.pledged, ok = sum(s.pledged, e.Pledged); !ok {
			return nil, stats.ErrAmount
		}
		if s.delivered, ok = sum(s.delivered, e.Delivered); !ok {
			return nil, stats.ErrAmount
		}
		contributors[e.Contributor] = s
	}
	columns := slices.SortedFunc(maps.Keys(byColumn), func(a, b Column) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Unit, b.Unit))
	})
	out := make([]Commitment, 0, len(columns))
	for _, column := range columns {
		var pledged, delivered []int64
		for _, s := range byColumn[column] {
			pledged, delivered = append(pledged, s.pledged), append(delivered, s.delivered)
		}
		c := Commitment{Column: column}
		var err error
		if c.PledgedBy, err = stats.Concentrate(pledged, LargestFew); err != nil {
			return nil, err
		}
		if c.DeliveredBy, err = stats.Concentrate(delivered, LargestFew); err != nil {
			return nil, err
		}
		c.Pledged, c.Delivered = c.PledgedBy.Total, c.DeliveredBy.Total
		out = append(out, c)
	}
	return out, nil
}

func sum(a, b int64) (int64, bool) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return 0, false
	}
	return a + b, true
}

// PledgedWithin is what of a pledge for a period falls into a span, day by day alike, rounded so that adjoining
// spans add up to the whole: what is due by the end of a day is rounded down. A pledge that was withdrawn is due
// up to that day: give its period as pledged and cut the span. Amount is not negative; a negative one gives 0, and
// so does a period of no day.
func PledgedWithin(amount int64, period, span day.Span) int64 {
	shared := period.Meet(span)
	if amount <= 0 || shared.Days() == 0 {
		return 0
	}
	by := func(until day.Day) int64 {
		// The product may need more than 64 bits; the quotient, being at most amount, does not.
		high, low := bits.Mul64(uint64(amount), uint64(until-period.From))
		quotient, _ := bits.Div64(high, low, uint64(period.Days()))
		return int64(quotient)
	}
	return by(shared.Until) - by(shared.From)
}
