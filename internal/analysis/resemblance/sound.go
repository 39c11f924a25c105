package resemblance

import "strings"

// A sound key writes what English, Spanish and French readers hear alike in the
// same letters. It is cruder than Double Metaphone, which knows the spelling of
// English best, and on purpose: the key chooses which records are compared at
// all, so a sound too many costs a comparison and a sound too few a double.
//
// The rules, tried from the longest: ph f; qu, ck, q, hard c, k k; soft c, ç, z,
// x, s s; sc and sch s or h; ch, sh, tch h (one code for all hushes); gn, ñ, ny
// n; ll, l l, or y as Spanish has it; soft g, j, initial x j; gu g; w, v, b b;
// th, t, dt t; d d; m m; initial kn n, wr r, ps s, silent h and gh none; y i at the
// beginning before a vowel, otherwise a vowel. Vowels are dropped but for one sign at the
// beginning; a letter that follows itself is written once.
//
// Two readings are kept where a spelling is read in two ways: the first forgets
// cedillas, as lists do; the second reads ç as s, ll as y, and ch before a as k.
func sounds(word string) (plain, other string) {
	plain = sound(plainC(word), false)
	other = sound(word, true)
	if other == plain {
		other = ""
	}
	return plain, other
}

// maxSound is the length of a sound key; what follows seldom parts two names.
const maxSound = 8

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}

func soft(c byte) bool { return c == 'e' || c == 'i' || c == 'y' }

// sound is one reading of a folded word. Words of other scripts and numbers are
// their own sound.
func sound(word string, second bool) string {
	w := strings.ReplaceAll(word, "ç", "\x01")
	var out [maxSound]byte
	n := 0
	emit := func(c byte) {
		if n < maxSound && (n == 0 || out[n-1] != c) {
			out[n] = c
			n++
		}
	}
	at := func(i int) byte {
		if i >= 0 && i < len(w) {
			return w[i]
		}
		return 0
	}
	for i := 0; i < len(w); i++ {
		c, next := w[i], at(i+1)
		switch c {
		case 1:
			emit('s')
		case 'a', 'e', 'i', 'o', 'u':
			if i == 0 || i == 1 && w[0] == 'h' {
				emit('a')
			}
		case 'y':
			switch {
			case i == 0 && vowel(next):
				emit('i')
			case i == 0:
				emit('a')
			}
		case 'h':
		case 'p':
			switch {
			case next == 'h':
				emit('f')
				i++
			case i == 0 && next == 's':
			default:
				emit('p')
			}
		case 'q':
			emit('k')
			if next == 'u' {
				i++
			}
		case 'c':
			switch {
			case next == 'h':
				if second && vowel(at(i+2)) && at(i+2) == 'a' {
					emit('k')
				} else {
					emit('h')
				}
				i++
			case soft(next):
				emit('s')
			case next == 'k':
				emit('k')
				i++
			default:
				emit('k')
			}
		case 's':
			switch {
			case next == 'c' && at(i+2) == 'h':
				emit('h')
				i += 2
			case next == 'h':
				emit('h')
				i++
			case next == 'c' && soft(at(i+2)):
				emit('s')
				i++
			default:
				emit('s')
			}
		case 't':
			switch {
			case next == 'c' && at(i+2) == 'h':
				emit('h')
				i += 2
			case next == 'z' || next == 's' && i+2 == len(w):
				emit('s')
				i++
			case next == 'h':
				emit('t')
				i++
			default:
				emit('t')
			}
		case 'z':
			if next == 'h' {
				emit('j')
				i++
			} else {
				emit('s')
			}
		case 'x':
			if i == 0 {
				emit('j')
			} else {
				emit('s')
			}
		case 'g':
			switch {
			case next == 'n':
				emit('n')
				i++
			case next == 'h':
				if i == 0 {
					emit('g')
				}
				i++
			case soft(next):
				emit('j')
			case next == 'u' && soft(at(i+2)):
				emit('g')
				i++
			default:
				emit('g')
			}
		case 'k':
			if i == 0 && next == 'n' {
				break
			}
			emit('k')
		case 'l':
			if next == 'l' {
				i++
				if second && vowel(at(i+1)) {
					if i == 1 { // Llanos and Yanos
						emit('i')
					}
					break
				}
			}
			emit('l')
		case 'w':
			switch {
			case i == 0 && next == 'r':
			case i > 0 && !vowel(next):
			default:
				emit('b')
			}
		case 'd':
			if next != 't' {
				emit('d')
			}
		case 'v', 'b':
			emit('b')
		default:
			emit(c)
		}
	}
	if n == 0 {
		return word
	}
	return string(out[:n])
}
