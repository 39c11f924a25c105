package disclosure

import "slices"

// Why tells why a figure may not be told.
type Why string

// The reasons; the empty one stands with figures that are told.
const (
	// TooFew: fewer answers than the least stand behind it.
	TooFew Why = "too_few"
	// Worked out: from it and what is told beside it the answers of fewer than the least
	// could be worked out.
	WorkedOut Why = "worked_out"
	// Alike: all answers, or all but one, are the same, so telling it would tell what each
	// of them said.
	Alike Why = "alike"
	// Dominated: one of those behind it makes up so much that the figure tells of that one.
	Dominated Why = "dominated"
)

// Decide says of each group of answers whether its sum (or mean, or how often each choice
// was taken) may be told, in the order they are wanted: what is decided first is told
// first, and what comes later yields. Groups are lists of the answers in them, counted
// from 0; they may overlap, hold one another and repeat. told are groups whose sums are
// told already, here or in an earlier release, by the same numbers.
//
// A group is told if it has at least least answers, and if no set of fewer than least
// answers (and more than none) can be worked out: that is, if the indicator of no such
// set is a linear combination of the indicators of all groups told. This covers what is
// left of a total when its parts are told, what two filters have between them, and any
// longer sum and difference. The test is exact but for one thing: where settling it takes
// more than a fixed number of steps, the group is refused, which errs on the safe side.
//
// least below Floor counts as Floor.
func Decide(answers int, told, wanted [][]int, least int) []Why {
	least = max(least, Floor)
	space := newSpace(answers, append(slices.Clip(slices.Clone(told)), wanted...), least)
	for i := range told {
		space.add(space.rows[i])
	}
	out := make([]Why, len(wanted))
	for i, group := range wanted {
		switch {
		case distinct(group) < least:
			out[i] = TooFew
		case !space.try(space.rows[len(told)+i]):
			out[i] = WorkedOut
		}
	}
	return out
}

// Floor is the smallest least that a release may have.
const Floor = 3

func distinct(group []int) int {
	sorted := slices.Clone(group)
	slices.Sort(sorted)
	return len(slices.Compact(sorted))
}

// space is what can be worked out from the sums that are told: the row space of their
// indicators over atoms. An atom is a largest set of answers that no group parts, so that
// nothing told can tell one of its answers from another.
type space struct {
	least int
	size  []int    // answers of each atom
	rows  [][]elem // the indicator of each group over the atoms
	basis [][]elem // in reduced echelon form
	pivot []int    // the atom of each row of basis in which it alone is not 0
}

// elem is a number modulo prime. A sum of fewer than 2³² indicators that is 0 or 1 in
// whole numbers is so here too, and the other way round but for chances of one in prime.
type elem = uint64

const prime elem = 1<<61 - 1

func newSpace(answers int, groups [][]int, least int) *space {
	words := (len(groups) + 63) / 64
	marks := make([]uint64, answers*words)
	for g, group := range groups {
		for _, answer := range group {
			marks[answer*words+g/64] |= 1 << (g % 64)
		}
	}
	s := &space{least: least, rows: make([][]elem, len(groups))}
	atoms := map[string]int{}
	key := make([]byte, 0, words*8)
	of := make([][]uint64, 0, 16)
	for answer := range answers {
		mark := marks[answer*words : (answer+1)*words]
		key = key[:0]
		outside := true
		for _, word := range mark {
			outside = outside && word == 0
			for shift := 0; shift < 64; shift += 8 {
				key = append(key, byte(word>>shift))
			}
		}
		if outside {
			continue // nothing tells of it
		}
		atom, known := atoms[string(key)]
		if !known {
			atom = len(of)
			atoms[string(key)] = atom
			of, s.size = append(of, mark), append(s.size, 0)
		}
		s.size[atom]++
	}
	for g := range groups {
		row := make([]elem, len(of))
		for atom, mark := range of {
			row[atom] = mark[g/64] >> (g % 64) & 1
		}
		s.rows[g] = row
	}
	return s
}

// add takes a row into the basis and tells whether it was new to it.
func (s *space) add(row []elem) bool {
	row = slices.Clone(row)
	for i, basis := range s.basis {
		if factor := row[s.pivot[i]]; factor != 0 {
			subtract(row, basis, factor)
		}
	}
	// The largest atom becomes the pivot: the fewer small ones are pivots, the shorter
	// the search for small sets.
	pivot := -1
	for atom, value := range row {
		if value != 0 && (pivot < 0 || s.size[atom] > s.size[pivot]) {
			pivot = atom
		}
	}
	if pivot < 0 {
		return false
	}
	scale(row, inverse(row[pivot]))
	for i := range s.basis {
		if factor := s.basis[i][pivot]; factor != 0 {
			changed := slices.Clone(s.basis[i]) // try may give the old one back
			subtract(changed, row, factor)
			s.basis[i] = changed
		}
	}
	s.basis, s.pivot = append(s.basis, row), append(s.pivot, pivot)
	return true
}

// try adds a row unless a small set could then be worked out, and tells whether it did.
func (s *space) try(row []elem) bool {
	basis, pivot := slices.Clone(s.basis), slices.Clone(s.pivot)
	if s.add(row) && s.tells() {
		s.basis, s.pivot = basis, pivot
		return false
	}
	return true
}

// steps bounds the search for small sets.
const steps = 300_000

// tells tells whether the indicator of a set of fewer than least answers lies in the
// space. Such an indicator is the sum of those rows of the basis in whose pivots it is 1,
// since every row but one is 0 there. Rows are taken or left one after the other; as soon
// as no later row reaches an atom, its value stands, and must be 0 or 1 and leave room.
func (s *space) tells() bool {
	closes := make([][]int, len(s.basis)) // atoms that no later row reaches
	for atom := range s.size {
		for row := len(s.basis) - 1; row >= 0; row-- {
			if s.basis[row][atom] != 0 {
				closes[row] = append(closes[row], atom)
				break
			}
		}
	}
	left := steps
	var search func(row, answers int, taken []int) bool
	search = func(row, answers int, taken []int) bool {
		if left--; left < 0 {
			return true
		}
		if row == len(s.basis) {
			return answers > 0
		}
		next := func(taken []int) bool {
			more, possible := s.closed(closes[row], taken, s.least-answers)
			return possible && search(row+1, answers+more, taken)
		}
		return next(taken) || s.size[s.pivot[row]] < s.least-answers && next(append(taken, row))
	}
	return search(0, 0, nil)
}

// closed counts the answers of those atoms that the rows taken make 1. It is not possible
// if one of them is neither 0 nor 1, or if they are room or more.
func (s *space) closed(atoms, taken []int, room int) (answers int, possible bool) {
	for _, atom := range atoms {
		var value elem
		for _, row := range taken {
			value = plus(value, s.basis[row][atom])
		}
		if value > 1 {
			return 0, false
		}
		if answers += int(value) * s.size[atom]; answers >= room {
			return 0, false
		}
	}
	return answers, true
}
