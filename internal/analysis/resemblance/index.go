package resemblance

import (
	"slices"
	"sort"
	"strings"
)

// Index finds the records that may be the same, without comparing all with all.
// It holds about a kilobyte for each person.
type Index[R Person | Organization] struct {
	judge   judge[R]
	sides   []side  // by key
	ranks   []int32 // place of a side in the order of names
	ordered []int32 // sides in the order of names
	blocks  []block // every blocking key, sorted
	ends    []int32 // where each block's members end
	members []int32 // sides by block; in large blocks in the order of names
	starts  []int32 // where each side's blocks begin in of
	of      []int32 // blocks by side
	limit   int     // blockLimit and window, which tests make smaller
	window  int
}

// side is a record made ready.
type side interface {
	id() Key
	sort() string
}

// judge makes records ready, cuts them into blocks and weighs two of them.
type judge[R any] interface {
	ready(R) side
	cut(side) []block
	weigh(a, b side, r *reasons) float64
}

func (p *people) ready(r Person) side              { return p.read(r) }
func (p *people) cut(s side) []block               { return p.blocks(s.(*personForm)) }
func (o *organizations) ready(r Organization) side { return o.read(r) }
func (o *organizations) cut(s side) []block        { return o.blocks(s.(*organizationForm)) }

// Blocks of more records than blockLimit are not compared all with all. Their
// records are sorted by name, and each is compared with the window before and
// the window after it (the sorted neighborhood of Hernández and Stolfo, 1995).
// The work for a record is so bounded by its blocks, whatever the list.
const (
	blockLimit = 160
	window     = 40
)

// NewPersonIndex makes an index of people. Keys must be set and distinct; of
// several records with one key the first counts.
func NewPersonIndex(records []Person) *Index[Person] {
	p := newPeople()
	var sides []side
	for _, r := range distinct(records, func(r Person) Key { return r.Key }) {
		sides = append(sides, p.learn(r))
	}
	return newIndex(p, sides, blockLimit, window)
}

// NewOrganizationIndex makes an index of organizations. Keys must be set and
// distinct; of several records with one key the first counts.
func NewOrganizationIndex(records []Organization) *Index[Organization] {
	o := newOrganizations()
	var sides []side
	for _, r := range distinct(records, func(r Organization) Key { return r.Key }) {
		sides = append(sides, o.learn(r))
	}
	return newIndex(o, sides, blockLimit, window)
}

// distinct sorts records by key and drops all but the first of each.
func distinct[R any](records []R, key func(R) Key) []R {
	out := slices.Clone(records)
	slices.SortStableFunc(out, func(a, b R) int { return key(a).compare(key(b)) })
	return slices.CompactFunc(out, func(a, b R) bool { return key(a) == key(b) })
}

func newIndex[R Person | Organization](j judge[R], sides []side, limit, window int) *Index[R] {
	x := &Index[R]{judge: j, sides: sides, limit: limit, window: window}
	x.ordered = make([]int32, len(sides))
	for i := range x.ordered {
		x.ordered[i] = int32(i)
	}
	slices.SortStableFunc(x.ordered, func(a, b int32) int { return strings.Compare(sides[a].sort(), sides[b].sort()) })
	x.ranks = make([]int32, len(sides))
	for rank, i := range x.ordered {
		x.ranks[i] = int32(rank)
	}
	type entry struct {
		block block
		side  int32
	}
	var entries []entry
	for i, s := range sides {
		for _, b := range j.cut(s) {
			entries = append(entries, entry{b, int32(i)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.block != b.block {
			if a.block < b.block {
				return -1
			}
			return 1
		}
		return int(a.side - b.side)
	})
	x.starts = make([]int32, len(sides)+1)
	x.members = make([]int32, 0, len(entries))
	for begin := 0; begin < len(entries); {
		end := begin + 1
		for end < len(entries) && entries[end].block == entries[begin].block {
			end++
		}
		x.blocks = append(x.blocks, entries[begin].block)
		for _, e := range entries[begin:end] {
			x.members = append(x.members, e.side)
			x.starts[e.side+1]++
		}
		x.ends = append(x.ends, int32(len(x.members)))
		begin = end
	}
	for i := range sides {
		x.starts[i+1] += x.starts[i]
	}
	x.of = make([]int32, len(entries))
	next := slices.Clone(x.starts)
	for b := range x.blocks {
		members := x.in(int32(b))
		for _, i := range members {
			x.of[next[i]] = int32(b)
			next[i]++
		}
		if len(members) > limit {
			slices.SortFunc(members, func(a, b int32) int { return int(x.ranks[a] - x.ranks[b]) })
		}
	}
	return x
}

// Len is the number of records.
func (x *Index[R]) Len() int { return len(x.sides) }

// in are the members of a block.
func (x *Index[R]) in(b int32) []int32 {
	begin := int32(0)
	if b > 0 {
		begin = x.ends[b-1]
	}
	return x.members[begin:x.ends[b]]
}

// near are the members of a block that a record is compared with: all of a
// block within the limit, of a larger one the window around where the record
// stands or, not being of the index, would stand.
func (x *Index[R]) near(b int32, s side, self int32) []int32 {
	members := x.in(b)
	if len(members) <= x.limit {
		return members
	}
	if self >= 0 {
		at, _ := slices.BinarySearchFunc(members, x.ranks[self], func(i, rank int32) int { return int(x.ranks[i] - rank) })
		return members[max(0, at-x.window):min(len(members), at+x.window+1)]
	}
	order := s.sort()
	at := sort.Search(len(members), func(i int) bool { return x.sides[members[i]].sort() >= order })
	return members[max(0, at-x.window):min(len(members), at+x.window)]
}

// find is the place of a key among the sides, -1 when there is none.
func (x *Index[R]) find(k Key) int32 {
	if i, ok := slices.BinarySearchFunc(x.sides, k, func(s side, k Key) int { return s.id().compare(k) }); ok {
		return int32(i)
	}
	return -1
}
