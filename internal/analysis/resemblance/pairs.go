package resemblance

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// Compare weighs two records by the words and details of the index, of which
// neither need be.
func (x *Index[R]) Compare(a, b R) Match {
	return x.match(x.judge.ready(a), x.judge.ready(b))
}

// match is the whole answer about two sides.
func (x *Index[R]) match(a, b side) Match {
	var r reasons
	score := x.judge.weigh(a, b, &r)
	return Match{A: a.id(), B: b.id(), Score: score, Band: BandOf(score), Reasons: r}
}

// Candidates are the records of the index that are likely or certainly the same
// as this one, the best first, equal ones by key. The record need not be of the
// index; the one that has its key is left out.
func (x *Index[R]) Candidates(record R) []Match {
	s := x.judge.ready(record)
	out := x.around(s, x.judge.cut(s), newMarks(len(x.sides)), 1, nil)
	slices.SortStableFunc(out, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// Pairs yields every two records of the index that share a block and are likely
// or certainly the same, each once, by the key of the first and then of the
// second. It compares on all processors and yields on the caller's; of what was
// found and not yet yielded it keeps what a few hundred records gave for each
// processor, and four bytes a record and processor besides.
func (x *Index[R]) Pairs(yield func(Match) bool) {
	x.stream(len(x.sides), func(i int, m *marks, round uint32, out []Match) []Match {
		s, self := x.sides[i], int32(i)
		begin := len(out)
		for _, b := range x.judge.cut(s) {
			for _, near := range x.near(b, s, self) {
				if j := near.side; j > self && m.first(j, round) && BandOf(x.judge.weigh(s, x.sides[j], nil)) != None {
					out = append(out, x.match(s, x.sides[j]))
				}
			}
		}
		slices.SortFunc(out[begin:], func(a, b Match) int { return a.B.compare(b.B) })
		return out
	}, yield)
}

// Join yields what Candidates would give for each of the records, in their
// order, compared on all processors.
func (x *Index[R]) Join(records []R, yield func(Match) bool) {
	x.stream(len(records), func(i int, m *marks, round uint32, out []Match) []Match {
		s := x.judge.ready(records[i])
		found := x.around(s, x.judge.cut(s), m, round, nil)
		slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
		return append(out, found...)
	}, yield)
}

// around compares a side with those that share a block, by key.
func (x *Index[R]) around(s side, blocks []block, m *marks, round uint32, out []Match) []Match {
	self := x.find(s.id())
	for _, b := range blocks {
		for _, near := range x.near(b, s, self) {
			if j := near.side; j != self && m.first(j, round) && BandOf(x.judge.weigh(s, x.sides[j], nil)) != None {
				out = append(out, x.match(s, x.sides[j]))
			}
		}
	}
	slices.SortFunc(out, func(a, b Match) int { return a.B.compare(b.B) })
	return out
}

// marks remember which sides were compared with the one at hand.
type marks []uint32

func newMarks(n int) *marks { m := make(marks, n); return &m }

// first tells whether a side was not yet seen in a round; rounds count from 1.
func (m *marks) first(i int32, round uint32) bool {
	if (*m)[i] == round {
		return false
	}
	(*m)[i] = round
	return true
}

// stride is how many records one processor takes at a time.
const stride = 128

// stream runs work for 0 to n-1 on all processors and yields the matches in that
// order.
func (x *Index[R]) stream(n int, work func(i int, m *marks, round uint32, out []Match) []Match, yield func(Match) bool) {
	workers := min(runtime.GOMAXPROCS(0), (n+stride-1)/stride)
	type portion struct {
		begin int
		done  chan []Match
	}
	todo := make(chan portion)
	inOrder := make(chan portion, 2*workers) // bounds what waits to be yielded
	stop := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		defer close(inOrder)
		defer close(todo)
		for begin := 0; begin < n; begin += stride {
			p := portion{begin, make(chan []Match, 1)}
			select {
			case inOrder <- p:
			case <-stop:
				return
			}
			select {
			case todo <- p:
			case <-stop:
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			m, round := newMarks(len(x.sides)), uint32(0)
			for p := range todo {
				var out []Match
				for i := p.begin; i < min(p.begin+stride, n); i++ {
					round++
					out = work(i, m, round, out)
				}
				p.done <- out
			}
		})
	}
	defer running.Wait()
	defer close(stop)
	for p := range inOrder {
		for _, match := range <-p.done {
			if !yield(match) {
				return
			}
		}
	}
}
