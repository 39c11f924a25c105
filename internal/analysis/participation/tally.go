package participation

import "commontable/internal/analysis/roster"

// Tally adds up written sums quickly: many bodies and months of the same organizations or seats.
type Tally struct{ members []cells }

// NewTally begins a tally for the numbers 0 to members − 1. It takes 120 bytes for each. It fails with ErrSums.
func NewTally(members int) (*Tally, error) {
	if members < 0 || members > roster.Most+1 {
		return nil, ErrSums
	}
	return &Tally{make([]cells, members)}, nil
}

// Add adds what Sums.Bytes wrote. It fails with ErrSums where that is broken, a count would exceed an int64 or a
// number is not one of the tally; what it holds then is of no use.
func (t *Tally) Add(written []byte) error {
	return readRows(written, func(number int, counts *cells) error {
		if number >= len(t.members) {
			return ErrSums
		}
		return t.members[number].add(counts, false)
	})
}

// Sums is what was added so far.
func (t *Tally) Sums() Sums {
	var out Sums
	for n := range t.members {
		if t.members[n] != (cells{}) {
			out = append(out, Row{n, t.members[n].sum()})
		}
	}
	return out
}
