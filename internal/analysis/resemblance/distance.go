package resemblance

import "math/bits"

// distance is the Damerau–Levenshtein distance of two words: the smallest number
// of letters inserted, struck, replaced, or changed with their neighbor that
// makes one of the other (Damerau 1964; the unrestricted form of Lowrance and
// Wagner 1975, which is a metric: letters may still be inserted between two that
// changed places, so "ca" is 2 away from "abc").
func distance(a, b string) int {
	if a == b {
		return 0
	}
	x, y := []rune(a), []rune(b)
	// d has one row and column more than the usual table, filled with a number
	// no path can reach.
	far := len(x) + len(y)
	d := make([][]int, len(x)+2)
	for i := range d {
		d[i] = make([]int, len(y)+2)
		d[i][0] = far
		if i > 0 {
			d[i][1] = i - 1
		}
	}
	for j := range d[0] {
		d[0][j] = far
		if j > 0 {
			d[1][j] = j - 1
		}
	}
	row := map[rune]int{} // where a letter stood last in x
	for i := 1; i <= len(x); i++ {
		column := 0 // where x[i-1] stood last in y
		for j := 1; j <= len(y); j++ {
			k, l, cost := row[y[j-1]], column, 1
			if x[i-1] == y[j-1] {
				cost, column = 0, j
			}
			d[i+1][j+1] = min(d[i][j]+cost, d[i+1][j]+1, d[i][j+1]+1, d[k][l]+(i-k-1)+1+(j-l-1))
		}
		row[x[i-1]] = i
	}
	return d[len(x)+1][len(y)+1]
}

// slip is how two spellings of a word differ.
type slip int

const (
	noSlip     slip = iota // too much to be a slip of the hand
	transposed             // two neighboring letters changed places
	misspelled             // one letter more, less or other; two in long words
)

// The lengths, in bytes, from which one and two slips are believed; one letter
// may have been lost. In shorter words a slip makes another word: Lee and Leo.
const (
	oneSlipFrom = 4
	twoSlipFrom = 9
)

// slipOf tells whether two words are one with a slip of the hand. The masks are
// those of letterMask; every slip changes at most two of their bits, so that
// most pairs are told apart by counting bits.
func slipOf(a, b string, maskA, maskB uint32) slip {
	short, long := min(len(a), len(b)), max(len(a), len(b))
	if long < oneSlipFrom || short < oneSlipFrom-1 || long-short > 2 {
		return noSlip
	}
	apart := bits.OnesCount32(maskA ^ maskB)
	if apart > 4 {
		return noSlip
	}
	if apart <= 2 && long-short <= 1 {
		if s := oneSlip(a, b); s != noSlip {
			return s
		}
	}
	if short >= twoSlipFrom && distance(a, b) <= 2 {
		return misspelled
	}
	return noSlip
}

// oneSlip compares words that differ by at most one slip, in bytes: a letter of
// several bytes that was replaced is not recognized.
func oneSlip(a, b string) slip {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		if len(b)-len(a) == 1 && a[i:] == b[i+1:] {
			return misspelled
		}
		return noSlip
	}
	switch {
	case i == len(a):
		return noSlip // equal
	case a[i+1:] == b[i+1:]:
		return misspelled
	case i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]:
		return transposed
	}
	return noSlip
}

// letterMask has a bit for each letter of a folded word; digits and letters of
// other scripts share the bits that are left.
func letterMask(w string) uint32 {
	var m uint32
	for i := range len(w) {
		if c := w[i]; c >= 'a' && c <= 'z' {
			m |= 1 << (c - 'a')
		} else {
			m |= 1 << (26 + c%6)
		}
	}
	return m
}
