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
	var roomA, roomB [usualWord]rune
	x, y := append(roomA[:0], []rune(a)...), append(roomB[:0], []rune(b)...)
	// The table has one row and column more than usual, filled with a number no
	// path can reach. Nearly all words have room on the stack.
	var room [(usualWord + 2) * (usualWord + 2)]int32
	var lasts [usualWord]int32
	d, row := room[:], lasts[:] // row is where each letter of y stood last in x
	if len(x) > usualWord || len(y) > usualWord {
		d, row = make([]int32, (len(x)+2)*(len(y)+2)), make([]int32, len(y))
	}
	width, far := int32(len(y)+2), int32(len(x)+len(y))
	for i := range int32(len(x) + 2) {
		d[i*width], d[i*width+1] = far, i-1
	}
	for j := range width {
		d[j], d[width+j] = far, j-1
	}
	d[1], d[width] = far, far
	for i := int32(1); i <= int32(len(x)); i++ {
		column := int32(0) // where x[i-1] stood last in y
		for j := int32(1); j <= int32(len(y)); j++ {
			k, l, cost := row[j-1], column, int32(1)
			if x[i-1] == y[j-1] {
				cost, column, row[j-1] = 0, j, i
			}
			at := (i+1)*width + j + 1
			d[at] = min(d[at-width-1]+cost, d[at-1]+1, d[at-width]+1, d[k*width+l]+(i-k-1)+1+(j-l-1))
		}
	}
	return int(d[(int32(len(x))+1)*width+int32(len(y))+1])
}

// usualWord is the length up to which words are compared without allocating.
const usualWord = 32

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
