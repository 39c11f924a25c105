package participation

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"

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

const columns = 15

// cells is the counts of a sum, always in this order: it is that in which they are written.
type cells [columns]int64

func (s *Sum) cells() cells {
	a, v, e := &s.Attendance, &s.Voice, &s.Engagement
	return cells{
		a.Seats.Some, a.Seats.All, a.Presence.Some, a.Presence.All,
		v.Attended, v.Spoke.Some, v.Spoke.All, v.Turns,
		e[0], e[1], e[2], e[3], e[4],
		s.Kept.Some, s.Kept.All,
	}
}

func (c *cells) sum() Sum {
	return Sum{
		Attendance{stats.Share{Some: c[0], All: c[1]}, stats.Share{Some: c[2], All: c[3]}},
		Voice{c[4], stats.Share{Some: c[5], All: c[6]}, c[7]},
		Engagement(c[8:13]),
		stats.Share{Some: c[13], All: c[14]},
	}
}

// add adds or takes away cell by cell. It fails with ErrSums where a count falls below zero or exceeds an int64.
func (c *cells) add(other *cells, minus bool) error {
	for i, n := range other {
		if minus {
			n = -n
		}
		var ok bool
		if c[i], ok = sum(c[i], n); !ok || c[i] < 0 {
			return ErrSums
		}
	}
	return nil
}

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
		var change *Sum
		switch {
		case j == len(other) || i < len(s) && s[i].Number < other[j].Number:
			row = s[i]
			i++
		case i == len(s) || other[j].Number < s[i].Number:
			row.Number, change = other[j].Number, &other[j].Sum
			j++
		default:
			row, change = s[i], &other[j].Sum
			i, j = i+1, j+1
		}
		if change != nil {
			have, by := row.Sum.cells(), change.cells()
			if err := have.add(&by, minus); err != nil {
				return nil, err
			}
			row.Sum = have.sum()
		}
		if !row.Sum.zero() {
			out = append(out, row)
		}
	}
	return out, nil
}

// Total is the sum over all rows.
func (s Sums) Total() Sum {
	var total cells
	for i := range s {
		for c, n := range s[i].Sum.cells() {
			total[c] += n
		}
	}
	return total.sum()
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

// Bytes writes the sums: the version, then for each row how far its number lies past the one before, two bytes that
// tell which of its fifteen counts are not zero, and those; all but the two bytes as variable-length numbers. A
// thousand organizations take about 12 KB.
func (s Sums) Bytes() []byte {
	out := append(make([]byte, 0, 1+len(s)*(columns+4)), version)
	next := 0
	for i := range s {
		out = binary.AppendUvarint(out, uint64(s[i].Number-next))
		next = s[i].Number + 1
		counts := s[i].Sum.cells()
		var which uint16
		for c, n := range counts {
			if n != 0 {
				which |= 1 << c
			}
		}
		out = binary.LittleEndian.AppendUint16(out, which)
		for _, n := range counts {
			if n != 0 {
				out = binary.AppendUvarint(out, uint64(n))
			}
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
	out := make(Sums, 0, len(written)/8)
	err := readRows(written, func(number int, counts *cells) error {
		out = append(out, Row{number, counts.sum()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// readRows calls a function with each row that Bytes wrote; the counts are overwritten by the next.
func readRows(written []byte, row func(number int, counts *cells) error) error {
	if len(written) == 0 {
		return nil
	}
	if written[0] != version {
		return ErrSums
	}
	var counts cells
	next := 0
	for at := 1; at < len(written); {
		gap, size := binary.Uvarint(written[at:])
		at += size
		if size <= 0 || gap > roster.Most || next+int(gap) > roster.Most || len(written)-at < 2 {
			return ErrSums
		}
		which := binary.LittleEndian.Uint16(written[at:])
		at += 2
		if which == 0 || which >= 1<<columns {
			return ErrSums
		}
		counts = cells{}
		for ; which != 0; which &= which - 1 {
			if at == len(written) {
				return ErrSums
			}
			n, size := uint64(written[at]), 1
			if n >= 0x80 { // most counts are a single byte
				n, size = binary.Uvarint(written[at:])
			}
			if size <= 0 || n == 0 || n > math.MaxInt64 {
				return ErrSums
			}
			counts[bits.TrailingZeros16(which)] = int64(n)
			at += size
		}
		number := next + int(gap)
		if err := row(number, &counts); err != nil {
			return err
		}
		next = number + 1
	}
	return nil
}
