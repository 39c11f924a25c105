// Package roster holds sets of small numbers, a bit each: who was there, when whoever can be there was
// numbered once. A thousand take 125 bytes, and who was there at any of many meetings is a union of words.
package roster

import (
	"encoding/binary"
	"errors"
	"iter"
	"math/bits"
)

// Most is the highest number that a roster takes. It bounds what a hostile or broken number may cost: 128 KiB.
const Most = 1<<20 - 1

// ErrNumber says that a number is negative or above Most.
var ErrNumber = errors.New("roster: number out of range")

// ErrSize says that written bytes hold more than numbers up to Most.
var ErrSize = errors.New("roster: too many bytes")

// Roster is a set of numbers from 0 to Most. The zero value is the empty set. A copy shares what it holds: Clone
// before changing one.
type Roster struct{ words []uint64 }

// Of is the set of the numbers given.
func Of(numbers ...int) (Roster, error) {
	var r Roster
	for _, n := range numbers {
		if err := r.Add(n); err != nil {
			return Roster{}, err
		}
	}
	return r, nil
}

// Add puts a number in; one that is in already changes nothing. It fails with ErrNumber.
func (r *Roster) Add(n int) error {
	if n < 0 || n > Most {
		return ErrNumber
	}
	for len(r.words) <= n/64 {
		r.words = append(r.words, 0)
	}
	r.words[n/64] |= 1 << (n % 64)
	return nil
}

// Remove takes a number out, if it is in.
func (r *Roster) Remove(n int) {
	if r.Has(n) {
		r.words[n/64] &^= 1 << (n % 64)
	}
}

// Has tells whether a number is in the set.
func (r Roster) Has(n int) bool {
	return n >= 0 && n/64 < len(r.words) && r.words[n/64]&(1<<(n%64)) != 0
}

// Len is how many numbers are in the set.
func (r Roster) Len() int {
	n := 0
	for _, w := range r.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// All yields the numbers of the set in ascending order.
func (r Roster) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range r.words {
			for ; w != 0; w &= w - 1 {
				if !yield(i*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

// Include adds all of another set.
func (r *Roster) Include(other Roster) {
	for len(r.words) < len(other.words) {
		r.words = append(r.words, 0)
	}
	for i, w := range other.words {
		r.words[i] |= w
	}
}

// Both is the numbers that are in both sets.
func (r Roster) Both(other Roster) Roster {
	return r.combined(other, func(a, b uint64) uint64 { return a & b })
}

// Without is the numbers that are in the set and not in the other.
func (r Roster) Without(other Roster) Roster {
	return r.combined(other, func(a, b uint64) uint64 { return a &^ b })
}

func (r Roster) combined(other Roster, of func(a, b uint64) uint64) Roster {
	out := Roster{words: make([]uint64, len(r.words))}
	for i, w := range r.words {
		var o uint64
		if i < len(other.words) {
			o = other.words[i]
		}
		out.words[i] = of(w, o)
	}
	return out
}

// Clone is a set of its own with the same numbers.
func (r Roster) Clone() Roster { return Roster{words: append([]uint64(nil), r.words...)} }

// Bytes writes the set, eight numbers a byte, the lowest first, without zeros at the end.
func (r Roster) Bytes() []byte {
	out := make([]byte, 0, len(r.words)*8)
	for _, w := range r.words {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	for len(out) > 0 && out[len(out)-1] == 0 {
		out = out[:len(out)-1]
	}
	return out
}

// FromBytes reads what Bytes wrote. It fails with ErrSize.
func FromBytes(written []byte) (Roster, error) {
	if len(written) > (Most+1)/8 {
		return Roster{}, ErrSize
	}
	words := make([]uint64, (len(written)+7)/8)
	for i, b := range written {
		words[i/8] |= uint64(b) << (i % 8 * 8)
	}
	return Roster{words: words}, nil
}
