package participation

import (
	"encoding/binary"
	"errors"
	"math"

	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

// ErrSums says that a sum is below zero or too large, or that bytes are not what Sums.Bytes wrote.
var ErrSums = errors.New("participation: sums out of range")

// Sum is everything of one member that adds up over meetings and months: what the figures of any period are made
// of. Kept is actions by the month they were due.
type Sum struct {
	Attendance Attendance
	Voice      Voice
	Engagement Engagement
	Kept       stats.Share
}

// columns is the counts of a sum, always in this order: it is that in which they are written.
func (s *Sum) columns() [columns]*int64 {
	return [columns]*int64{
		&s.Attendance.Seats.Some, &s.Attendance.Seats.All, &s.Attendance.Presence.Some, &s.Attendance.Presence.All,
		&s.Voice.Attended, &s.Voice.Spoke.Some, &s.Voice.Spoke.All, &s.Voice.Turns,
		&s.Engagement[0], &s.Engagement[1], &s.Engagement[2], &s.Engagement[3], &s.Engagement[4],
		&s.Kept.Some, &s.Kept.All,
	}
}

const columns = 15

func (s Sum) zero() bool { return s == Sum{} }

// Row is the sum of the member with a number.
type Row struct {
	Number int
	Sum    Sum
}

// Sums are rows by ascending number, none twice and none all zero: a month, say, of all organizations. Those who
// did nothing take no room.
type Sums []Row

// Plus adds other sums, row by row. It fails with ErrSums where a count would exceed an int64.
func (s Sums) Plus(other Sums) (Sums, error) { return s.merged(other, false) }

// Minus takes other sums away, which must have been added before: it fails with ErrSums where a count would fall
// below zero, so that sums that are wrong are found out.
func (s Sums) Minus(other Sums) (Sums, error) { return s.merged(other, true) }

func (s Sums) merged(other Sums, minus bool) (Sums, error) {
	out := make(Sums, 0, max(len(s), len(other)))
	for i, j := 0, 0; i < len(s) || j < len(other); {
		var row Row
		var change Sum
		switch {
		case j == len(other) || i < len(s) && s[i].Number < other[j].Number:
			row = s[i]
			i++
		case i == len(s) || other[j].Number < s[i].Number:
			row.Number, change = other[j].Number, other[j].Sum
			j++
		default:
			row, change = s[i], other[j].Sum
			i, j = i+1, j+1
		}
		for c, cell := range row.Sum.columns() {
			n := *change.columns()[c]
			if minus {
				n = -n
			}
			var ok bool
			if *cell, ok = sum(*cell, n); !ok || *cell < 0 {
				return nil, ErrSums
			}
		}
		if !row.Sum.zero() {
			out = append(out, row)
		}
	}
	return out, nil
}

// Total is the sum over all rows.
func (s Sums) Total() Sum {
	var total Sum
	cells := total.columns()
	for i := range s {
		for c, n := range s[i].Sum.columns() {
			*cells[c] += *n
		}
	}
	return total
}

// Within is the rows of those in a set, such as a sector.
func (s Sums) Within(set roster.Roster) Sums {
	var out Sums
	for _, row := range s {
		if set.Has(row.Number) {
			out = append(out, row)
		}
	}
	return out
}

// version is the first byte of what Bytes writes: another order or number of columns will be another one.
const version = 1

// Bytes writes the sums: the version, then for each row how far its number lies past the one before and its fifteen
// counts, all as variable-length numbers. A thousand organizations take about 16 KB.
func (s Sums) Bytes() []byte {
	out := append(make([]byte, 0, 1+len(s)*(columns+2)), version)
	next := 0
	for i := range s {
		out = binary.AppendUvarint(out, uint64(s[i].Number-next))
		next = s[i].Number + 1
		for _, n := range s[i].Sum.columns() {
			out = binary.AppendUvarint(out, uint64(*n))
		}
	}
	return out
}

// SumsFromBytes reads what Bytes wrote; no bytes at all are no rows. It fails with ErrSums. The memory it takes is
// bounded by the bytes.
func SumsFromBytes(written []byte) (Sums, error) {
	if len(written) == 0 {
		return nil, nil
	}
	if written[0] != version {
		return nil, ErrSums
	}
	written = written[1:]
	out := make(Sums, 0, len(written)/(columns+1))
	next := 0
	take := func(most uint64) (uint64, bool) {
		n, size := binary.Uvarint(written)
		if size <= 0 || n > most {
			return 0, false
		}
		written = written[size:]
		return n, true
	}
	for len(written) > 0 {
		gap, ok := take(roster.Most)
		row := Row{Number: next + int(gap)}
		if !ok || row.Number > roster.Most {
			return nil, ErrSums
		}
		for _, cell := range row.Sum.columns() {
			n, ok := take(math.MaxInt64)
			if !ok {
				return nil, ErrSums
			}
			*cell = int64(n)
		}
		if row.Sum.zero() {
			return nil, ErrSums
		}
		out = append(out, row)
		next = row.Number + 1
	}
	return out, nil
}
