package imports

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/platform/id"
)

// pairing finds pairs among records.
type pairing interface {
	Pairs(yield func(resemblance.Match) bool)
}

// index is a matcher for kinds that analysis/resemblance knows how to compare. It
// may hold a hundred thousand records, so of each it keeps the id and hashes; what
// a candidate is called is read when it is shown.
type index[R any] struct {
	all   []known // in the order of their ids
	exact keys
	named keys // by a name alone, for those of whom more is known
	weigh interface {
		Join(records []R, yield func(resemblance.Match) bool)
	}
	of    func(a Asked) R
	among func(records []R) pairing
}

// known is a record that is there. A sure one has a surer key than its name.
type known struct {
	id   TargetID
	sure bool
}

// know notes a record that is there. Records come in the order of their ids.
func (x *index[R]) know(i TargetID, sure bool) (place int32) {
	place = int32(len(x.all))
	x.all = append(x.all, known{i, sure})
	return place
}

// place is where a record stands, -1 when it is not known.
func (x *index[R]) place(i TargetID) int32 {
	at, found := slices.BinarySearchFunc(x.all, i, func(k known, i TargetID) int { return bytes.Compare(k.id[:], i[:]) })
	if !found {
		return -1
	}
	return int32(at)
}

// bearing are the places of the records that bear a key; of a key that is an id,
// the one.
func (x *index[R]) bearing(key string) (places []int32) {
	if text, ok := strings.CutPrefix(key, "id:"); ok {
		if i, err := id.Parse[struct{}](text); err == nil {
			if place := x.place(TargetID(i)); place >= 0 {
				places = append(places, place)
			}
		}
		return places
	}
	return x.exact.of(key)
}

// keys are hashed keys of records, each with the place of a record that bears it.
// They are put in order before they are asked for.
type keys []keyed

// keyed is eight bytes of a hash, so that two keys of a million share one with a
// chance of about 10^-8, in parts that lie without a gap.
type keyed struct {
	high, low uint32
	place     int32
}

func keyedOf(key string, place int32) keyed {
	hash := hashOf("key", key)
	return keyed{binary.BigEndian.Uint32(hash[:4]), binary.BigEndian.Uint32(hash[4:8]), place}
}

// compare puts keys in order, whoever bears them.
func (k keyed) compare(o keyed) int {
	return cmp.Or(cmp.Compare(k.high, o.high), cmp.Compare(k.low, o.low))
}

func (k *keys) add(key string, place int32) { *k = append(*k, keyedOf(key, place)) }

// sort puts keys in order, each with a record once.
func (k *keys) sort() {
	slices.SortFunc(*k, func(a, b keyed) int {
		return cmp.Or(a.compare(b), cmp.Compare(a.place, b.place))
	})
	*k = slices.Clone(slices.Compact(*k)) // what it grew beyond would stay
}

// of are the places of the records that bear a key.
func (k keys) of(key string) (places []int32) {
	asked := keyedOf(key, 0)
	begin, _ := slices.BinarySearchFunc(k, asked, keyed.compare)
	for ; begin < len(k) && k[begin].compare(asked) == 0; begin++ {
		places = append(places, k[begin].place)
	}
	return places
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
			bear := x.bearing(key)
			last := n == len(a.Keys)-1
			if len(bear) == 1 && (!last || !sure || !x.all[bear[0]].sure) {
				out[i] = Found{Target: x.all[bear[0]].id, Match: Match{Rule: ruleOf(key)}}
				break
			}
			for _, one := range bear { // several bear it, or another address speaks against it
				out[i].Match.Candidates = append(out[i].Match.Candidates, Candidate{Target: x.all[one].id})
			}
		}
		// A row that says of somebody beside it nothing but the name means the one
		// who bears it.
		if a.Beside && !sure && out[i].Target.IsZero() && len(out[i].Match.Candidates) == 0 {
			if bear := x.named.of(a.Keys[0]); len(bear) == 1 {
				out[i] = Found{Target: x.all[bear[0]].id, Match: Match{Rule: ruleOf(a.Keys[0])}}
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
			f.Match.Candidates = append(f.Match.Candidates, Candidate{Target: id, Score: scored(m.Score), Reasons: reasonsOf(m)})
		}
		return true
	})
	return out
}

// mostCandidates is how many records are offered for one that is in doubt.
const mostCandidates = 5

// Alike implements Matcher.
func (x *index[R]) Alike(asked iter.Seq[Asked]) []Pair {
	var records []R
	for a := range asked {
		records = append(records, x.of(a))
	}
	var out []Pair
	x.among(records).Pairs(func(m resemblance.Match) bool {
		first, second := recordOf(m.A), recordOf(m.B)
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
	binary.BigEndian.PutUint64(k[8:], uint64(number)) // #nosec G115 -- numbers count from 1
	return k
}

// recordOf is the way back from keyOfRecord.
func recordOf(k resemblance.Key) int64 { return int64(binary.BigEndian.Uint64(k[8:])) } // #nosec G115 -- made from an int64

func scored(score float64) int64 { return int64(score*1000 + 0.5) }

func reasonsOf(m resemblance.Match) []Reason {
	out := make([]Reason, len(m.Reasons))
	for i, r := range m.Reasons {
		out[i] = Reason{r.Code, r.Args}
	}
	return out
}
