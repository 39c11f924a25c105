package disclosure

import "math/bits"

// Arithmetic modulo prime, a Mersenne prime, so that no row grows and none is rounded.

func plus(a, b elem) elem {
	if a += b; a >= prime {
		a -= prime
	}
	return a
}

func times(a, b elem) elem {
	high, low := bits.Mul64(a, b)
	return plus(low&prime, (high<<3|low>>61)%prime)
}

func inverse(a elem) elem {
	out := elem(1)
	for power := prime - 2; power > 0; power >>= 1 {
		if power&1 == 1 {
			out = times(out, a)
		}
		a = times(a, a)
	}
	return out
}

func scale(row []elem, factor elem) {
	for i, value := range row {
		if value != 0 {
			row[i] = times(value, factor)
		}
	}
}

// subtract takes factor times other from row.
func subtract(row, other []elem, factor elem) {
	factor = prime - factor
	for i, value := range other {
		if value != 0 {
			row[i] = plus(row[i], times(value, factor))
		}
	}
}
