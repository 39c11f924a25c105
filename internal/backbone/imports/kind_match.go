package imports

import (
	"slices"

	"strings"

	"commontable/internal/analysis/resemblance"
)

// pairing finds pairs among records.
type pairing interface {
	Pairs(yield func(resemblance.Match) bool)
}

// index is a matcher for kinds that analysis/resemblance knows how to compare.
type index[R any] struct {
	exact map[string][]TargetID // by key
	known map[TargetID]known
	weigh interface {
		Join(records []R, yield func(resemblance.Match) bool)
	}
	of    func(a Asked) R
	among func(records []R) pairing
}

// known is what is shown of a record that is there. A sure one has a surer key
// than its name.
type known struct {
	title, detail string
	sure          bool
}

func newIndex[R any](of func(a Asked) R, among func(records []R) pairing) *index[R] {
	return &index[R]{exact: map[string][]TargetID{}, known: map[TargetID]known{}, of: of, among: among}
}

// know notes a record that is there; its id is a key.
func (x *index[R]) know(i TargetID, title, detail string, sure bool) {
	x.known[i] = known{title, detail, sure}
	x.key("id:"+i.String(), i)
}

// key notes a key of a record, once.
func (x *index[R]) key(key string, i TargetID) {
	if !slices.Contains(x.exact[key], i) {
		x.exact[key] = append(x.exact[key], i)
	}
}

func (x *index[R]) candidate(i TargetID) Candidate {
	return Candidate{Target: i, Title: x.known[i].title, Detail: x.known[i].detail}
}

// ruleOf is the rule behind a key.
func ruleOf(key string) string {
	rule, _, _ := strings.Cut(key, ":")
	return rule
}

// Find implements Matcher: by key first, by resemblance where no key is known.
func (x *index[R]) Find(asked []Asked) []Found {
	out := make([]Found, len(asked))
	var open []R
	var at []int
	for i, a := range asked {
		sure := len(a.Keys) > 1
		for n, key := range a.Keys {
			ids := x.exact[key]
			last := n == len(a.Keys)-1
			if len(ids) == 1 && (!last || !sure || !x.known[ids[0]].sure) {
				out[i] = Found{Target: ids[0], Match: Match{Rule: ruleOf(key)}}
				break
			}
			for _, id := range ids { // several bear it, or another address speaks against it
				out[i].Match.Candidates = append(out[i].Match.Candidates, x.candidate(id))
			}
		}
		if out[i].Target.IsZero() && len(out[i].Match.Candidates) == 0 {
			open, at = append(open, x.of(asked[i])), append(at, i)
		}
	}
	if len(open) == 0 {
		return out
	}
	place := map[resemblance.Key]int{}
	for n, i := range at {
		place[keyOfRecord(asked[i].Record)] = at[n]
	}
	x.weigh.Join(open, func(m resemblance.Match) bool {
		f := &out[place[m.A]]
		id := TargetID(m.B)
		if m.Band == resemblance.Certain && f.Target.IsZero() && len(f.Match.Candidates) == 0 {
			f.Target, f.Match = id, Match{Rule: "fuzzy", Score: scored(m.Score)}
		}
		if len(f.Match.Candidates) < mostCandidates {
			c := x.candidate(id)
			c.Score, c.Reasons = scored(m.Score), reasonsOf(m)
			f.Match.Candidates = append(f.Match.Candidates, c)
		}
		return true
	})
	return out
}

// mostCandidates is how many records are offered for one that is in doubt.
const mostCandidates = 5

// Alike implements Matcher.
func (x *index[R]) Alike(asked []Asked) []Pair {
	records := make([]R, len(asked))
	numbers := map[resemblance.Key]int64{}
	for i, a := range asked {
		records[i] = x.of(a)
		numbers[keyOfRecord(a.Record)] = a.Record
	}
	var out []Pair
	x.among(records).Pairs(func(m resemblance.Match) bool {
		first, second := numbers[m.A], numbers[m.B]
		if first > second {
			first, second = second, first
		}
		out = append(out, Pair{First: first, Second: second, Certain: m.Band == resemblance.Certain, Score: scored(m.Score), Reasons: reasonsOf(m)})
		return true
	})
	return out
}

// keyOfRecord names a record of the file to analysis/resemblance; no id of a
// record begins with a zero.
func keyOfRecord(number int64) resemblance.Key {
	var k resemblance.Key
	for i := range 8 {
		k[15-i] = byte(number >> (8 * i))
	}
	return k
}

func scored(score float64) int64 { return int64(score*1000 + 0.5) }

func reasonsOf(m resemblance.Match) []Reason {
	out := make([]Reason, len(m.Reasons))
	for i, r := range m.Reasons {
		out[i] = Reason{r.Code, r.Args}
	}
	return out
}
