package disclosure

import (
	"cmp"
	"math/bits"
	"slices"
)

// MostCells is how many cells of one item are told at most.
const MostCells = 128

// efforts bounds the search for exchanges over all respondents of an item.
const efforts = 400_000

// mostBlocks is how many blocks cells may make, so that all can be looked through in time:
// of more, groups are joined further.
const mostBlocks = 400

// Cells are groups of respondents, who may be in several of them, of each of which it is
// told how often every answer was given. Sectors, kinds, working groups and years of
// membership make such cells together.
type Cells struct {
	// Answers is what everybody answered, or None.
	Answers []int
	// Members are the respondents of each cell that answered.
	Members [][]int
	// Alone says that no answers may be exchanged between cells, as where the amounts that
	// people gave are told in sum alone.
	Alone bool
}

// Secure says whether all cells may be told together, and everybody beside them.
//
// Respondents who are in the same cells make a block. An exchange for somebody is another
// answer of theirs, with other answers of some others, such that everything told stays as
// it is: somebody of the same block answered as they did and they as that one; or, where a
// block differs from theirs as a third does from a fourth, four people of the four blocks
// who answered a, b, a and b answered b, a, b and a. Two exchanges for somebody are
// separate if nobody but that one is in both.
//
// The rule: whoever answered is in a block that could be told alone (fault is ""), or has
// least − 1 separate exchanges.
//
// Then of no set of fewer than least people can be worked out what they answered together,
// by whatever sums, differences, bounds and whole numbers. Take somebody of the set with
// separate exchanges, if there is one: the others of the set are least − 2 at most, and each
// is in one of the exchanges at most, so one is left that changes what that one answered and
// nothing else of the set. Otherwise the set has people in a block that could be told alone,
// and does not hold all of it, since it has at least least people; and as these do not all
// answer alike, somebody within the set and somebody without could have answered the other
// way round. The first holds whatever any of those in the set know of each other.
//
// Exchanges are looked for one after the other, the nearest blocks first, and not more than
// a fixed number of times: so some sets of cells are refused that could be told, and never
// the other way round.
func (c Cells) Secure(least int, fault func(members []int) Why) bool {
	if len(c.Members) > MostCells {
		return false
	}
	blocks := c.blocks(false)
	left := efforts
	for n := range slices.Backward(blocks.list) { // where it fails it does so in a small one
		b := &blocks.list[n]
		if len(b.members) >= least && fault(b.members) == "" {
			continue
		}
		if c.Alone {
			return false
		}
		for _, given := range b.given {
			if !blocks.exchanges(b, given.value, least-1, &left) {
				return false
			}
		}
	}
	return true
}

// Roomy says whether everybody could have so many separate exchanges, less one, for some
// answers: it looks at who is in which cells alone. Where groups are joined until it is so,
// how they are joined tells nothing of any answer.
func (c Cells) Roomy(enough int) bool {
	if len(c.Members) > MostCells {
		return false
	}
	blocks := c.blocks(true)
	if len(blocks.list) > mostBlocks {
		return false
	}
	left := efforts
	for n := range blocks.list {
		b := &blocks.list[n]
		if len(b.members) < enough && (c.Alone || !blocks.exchanges(b, 0, enough-1, &left)) {
			return false
		}
	}
	return true
}

// mark says in which cells somebody is.
type mark [MostCells / 64]uint64

func (m mark) and(o mark) (out mark) {
	for k := range m {
		out[k] = m[k] & o[k]
	}
	return out
}

func (m mark) or(o mark) (out mark) {
	for k := range m {
		out[k] = m[k] | o[k]
	}
	return out
}

func (m mark) without(o mark) (out mark) {
	for k := range m {
		out[k] = m[k] &^ o[k]
	}
	return out
}

// apart is in how many cells one is and the other is not.
func (m mark) apart(o mark) (n int) {
	for k := range m {
		n += bits.OnesCount64(m[k] ^ o[k])
	}
	return n
}

// block is everybody who is in the same cells.
type block struct {
	in      mark
	members []int
	given   []given
	place   int
	all     int // of a cell: how many answered
}

// given is how often an answer was given in a block.
type given struct {
	value, times int
	used         int // in the exchanges for somebody that were found so far
}

func (b *block) has(cell int) bool { return b.in[cell/64]>>(cell%64)&1 == 1 }

func (b *block) add(value, times int) {
	if g := b.of(value); g != nil {
		g.times += times
	} else {
		b.given = append(b.given, given{value: value, times: times})
	}
}

func (b *block) of(value int) *given {
	for k := range b.given {
		if b.given[k].value == value {
			return &b.given[k]
		}
	}
	return nil
}

// free is an answer of a block of which somebody is in no exchange yet.
func (b *block) free(value int) *given {
	if g := b.of(value); g != nil && g.used < g.times {
		return g
	}
	return nil
}

type blocks struct {
	blind bool    // all answers count as one that differs from itself
	list  []block // the largest first
	at    map[mark]int
	steps map[[2]mark][][2]int // the blocks that differ by what one gains and loses
	cells []cell
}

// cell is how often each answer was given in a cell.
type cell struct{ within, without block }

func (c Cells) blocks(blind bool) *blocks {
	marks := make([]mark, len(c.Answers))
	for cell, members := range c.Members {
		for _, who := range members {
			marks[who][cell/64] |= 1 << (cell % 64)
		}
	}
	out := &blocks{blind: blind, at: map[mark]int{}, steps: map[[2]mark][][2]int{}, cells: make([]cell, len(c.Members))}
	for who, answer := range c.Answers {
		if answer == None {
			continue
		}
		n, known := out.at[marks[who]]
		if !known {
			n = len(out.list)
			out.at[marks[who]] = n
			out.list = append(out.list, block{in: marks[who]})
		}
		b := &out.list[n]
		b.members = append(b.members, who)
		if blind {
			answer = 0
		}
		b.add(answer, 1)
	}
	slices.SortStableFunc(out.list, func(a, b block) int { return len(b.members) - len(a.members) })
	for n := range out.list {
		// The order in which answers came must not matter, or it would tell of them.
		slices.SortFunc(out.list[n].given, func(a, b given) int { return cmp.Compare(a.value, b.value) })
		out.list[n].place = n
		out.at[out.list[n].in] = n
		for k := range out.cells {
			into := &out.cells[k].without
			if out.list[n].has(k) {
				into = &out.cells[k].within
			}
			into.all += len(out.list[n].members)
			for _, g := range out.list[n].given {
				into.add(g.value, g.times)
			}
		}
	}
	return out
}

// exchanges says whether somebody of a block who gave an answer has so many separate
// exchanges.
func (s *blocks) exchanges(of *block, answer, enough int, left *int) bool {
	whole := enough
	if s.blind {
		enough -= len(of.members) - 1
	} else {
		enough -= len(of.members) - of.of(answer).times // who answered otherwise in the same block
	}
	if enough <= 0 {
		return true
	}
	if !s.blind && !s.varied(of, answer, whole) {
		return false
	}
	var touched []*given
	defer func() {
		for _, g := range touched {
			g.used = 0
		}
	}()
	for _, far := range [][2]int{{1, 2}, {3, 2 * MostCells}} { // the nearest first
		for other := range s.list {
			second := &s.list[other]
			if apart := second.in.apart(of.in); apart < far[0] || apart > far[1] {
				continue
			}
			if *left--; *left < 0 {
				return false
			}
			gains, loses := second.in.without(of.in), of.in.without(second.in)
			for k := range second.given {
				b := &second.given[k]
				if b.value == answer && !s.blind {
					continue
				}
				for b.used < b.times {
					third, fourth := s.opposite(of, gains, loses, answer, b.value, left)
					if third == nil {
						break
					}
					b.used, third.used, fourth.used = b.used+1, third.used+1, fourth.used+1
					touched = append(touched, b, third, fourth)
					if enough--; enough == 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

// varied says whether in every cell that somebody is in, and among all who are not in one
// that they are not in, enough answered otherwise: an exchange has one of these.
func (s *blocks) varied(of *block, answer, enough int) bool {
	for k := range s.cells {
		side := &s.cells[k].without
		if of.has(k) {
			side = &s.cells[k].within
		}
		if side.all-side.of(answer).times < enough {
			return false
		}
	}
	return true
}

// opposite finds two blocks that differ as two others do: of the first somebody answered b,
// of the second somebody answered a.
func (s *blocks) opposite(of *block, gains, loses mark, a, b int, left *int) (third, fourth *given) {
	for _, pair := range s.apart(gains, loses, left) {
		if *left--; *left < 0 {
			return nil, nil
		}
		if pair[0] == of.place {
			continue
		}
		if third = s.list[pair[0]].free(b); third == nil {
			continue
		}
		if fourth = s.list[pair[1]].free(a); fourth != nil {
			return third, fourth
		}
	}
	return nil, nil
}

// apart are the pairs of blocks of which the second is in all cells of the first but those
// it loses, and in those it gains.
func (s *blocks) apart(gains, loses mark, left *int) [][2]int {
	pairs, known := s.steps[[2]mark{gains, loses}]
	if known {
		return pairs
	}
	*left -= len(s.list)
	for n := range s.list {
		in := s.list[n].in
		if in.and(gains) != (mark{}) || in.and(loses) != loses {
			continue
		}
		if to, there := s.at[in.without(loses).or(gains)]; there {
			pairs = append(pairs, [2]int{n, to})
		}
	}
	s.steps[[2]mark{gains, loses}] = pairs
	return pairs
}
