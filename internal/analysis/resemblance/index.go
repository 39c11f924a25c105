package resemblance

import (
	"cmp"
	"iter"
	"slices"
	"sort"
)

// Index finds the records that may be the same, without comparing all with all.
// It holds about 350 bytes for each person.
type Index[R Person | Organization] struct {
	judge   judge[R]
	sides   []side  // by key
	ranks   []int32 // place of a side in the order of names
	members []member
	limit   int // blockLimit and window, which tests make smaller
	window  int
}

// member says that a side belongs to a block. Members are sorted by block and then
// in the order of names.
type member struct {
	block block
	side  int32
}

// side is a record made ready.
type side interface{ id() Key }

// judge makes records ready, cuts them into blocks and weighs two of them.
type judge[R any] interface {
	ready(R) side
	cut(side) []block
	order(a, b side) int
	weigh(a, b side, r *reasons) float64
	made()
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
	return IndexPeople(slices.Values(distinct(records, func(r Person) Key { return r.Key })))
}

// IndexPeople makes an index of people who come one after the other and need not
// be in memory all at once. Keys must be set, distinct and in order.
func IndexPeople(records iter.Seq[Person]) *Index[Person] {
	p := newPeople()
	var sides []side
	for r := range records {
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
	j.made()
	x := &Index[R]{judge: j, sides: sides, limit: limit, window: window}
	ordered := make([]int32, len(sides))
	for i := range ordered {
		ordered[i] = int32(i)
	}
	slices.SortStableFunc(ordered, func(a, b int32) int { return j.order(sides[a], sides[b]) })
	x.ranks = make([]int32, len(sides))
	for rank, i := range ordered {
		x.ranks[i] = int32(rank)
	}
	for i, s := range sides {
		for _, b := range j.cut(s) {
			x.members = append(x.members, member{b, int32(i)})
		}
	}
	slices.SortFunc(x.members, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(x.ranks[a.side], x.ranks[b.side]))
	})
	x.members = slices.Clip(x.members)
	return x
}

// Len is the number of records.
func (x *Index[R]) Len() int { return len(x.sides) }

// in are the members of a block.
func (x *Index[R]) in(b block) []member {
	begin := sort.Search(len(x.members), func(i int) bool { return x.members[i].block >= b })
	rest := x.members[begin:]
	return rest[:sort.Search(len(rest), func(i int) bool { return rest[i].block > b })]
}

// near are the members of a block that a record is compared with: all of a
// block within the limit, of a larger one the window around where the record
// stands or, not being of the index, would stand.
func (x *Index[R]) near(b block, s side, self int32) []member {
	members := x.in(b)
	if len(members) <= x.limit {
		return members
	}
	if self >= 0 {
		at, _ := slices.BinarySearchFunc(members, x.ranks[self], func(m member, rank int32) int { return int(x.ranks[m.side] - rank) })
		return members[max(0, at-x.window):min(len(members), at+x.window+1)]
	}
	at := sort.Search(len(members), func(i int) bool { return x.judge.order(x.sides[members[i].side], s) >= 0 })
	return members[max(0, at-x.window):min(len(members), at+x.window)]
}

// find is the place of a key among the sides, -1 when there is none.
func (x *Index[R]) find(k Key) int32 {
	if i, ok := slices.BinarySearchFunc(x.sides, k, func(s side, k Key) int { return s.id().compare(k) }); ok {
		return int32(i)
	}
	return -1
}
