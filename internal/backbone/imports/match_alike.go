package imports

import (
	"maps"
	"slices"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// mostAlike is up to how many new records of a file are compared with each
// other. Beyond it the search for duplicates finds them afterwards.
const mostAlike = 20_000

// fresh are the records of a step that would be new, by number, with their keys:
// few bytes each, since there may be many.
type fresh struct {
	numbers []int64
	keys    []string
}

// alike finds records of the file that are the same as an earlier one: certain
// ones become one, likely ones are left to somebody.
func (m *matching) alike(c *operation.Call, k *Kind, new fresh) error {
	matcher := m.matchers[k.ID]
	if matcher == nil || len(new.numbers) < 2 || len(new.numbers) > mostAlike {
		return nil
	}
	pairs, err := m.pairs(c, k, matcher, new.numbers)
	if err != nil {
		return err
	}
	like, err := likeOthers(c, k, new)
	if err != nil || len(pairs)+len(like) == 0 {
		return err
	}
	all, err := m.involved(c, k, pairs, like)
	if err != nil {
		return err
	}
	touched := map[int64]bool{}
	for _, pair := range pairs {
		r, first := all[pair.Second], all[pair.First]
		if r.action == Same || r.action == Skip || r.match.Rule == "decided" && r.action == Create {
			continue
		}
		touched[r.number] = true
		candidate := Candidate{Record: first.number, Title: first.title, Score: pair.Score, Reasons: pair.Reasons}
		r.match.Candidates = append(r.match.Candidates, candidate)
		r.action = Doubt
		if pair.Certain {
			r.action, r.match = Same, Match{Rule: "fuzzy", Score: pair.Score, Candidates: []Candidate{candidate}}
		}
	}
	for number, other := range like {
		touched[number] = true
		all[number].action, all[number].match = Same, Match{Rule: "decided", Candidates: []Candidate{{Record: other, Title: all[other].title}}}
	}
	for number := range touched {
		if r := all[number]; !circular(all, r) {
			if err := settle(c, m.imp.ID, *r); err != nil {
				return err
			}
		}
	}
	return m.absorb(c, k, all)
}

// pairs are those that the matcher finds among new records, which pass by page by
// page.
func (m *matching) pairs(c *operation.Call, k *Kind, matcher Matcher, numbers []int64) (out []Pair, err error) {
	out = matcher.Alike(func(yield func(Asked) bool) {
		for some := range slices.Chunk(numbers, pageRecords) {
			var page map[int64]record
			if page, err = recordsNamed(c, m.imp.ID, some); err != nil {
				return
			}
			for _, number := range some {
				if !yield(Asked{Record: number, Given: page[number].given}) {
					return
				}
			}
		}
	})
	return out, err
}

// likeOthers are the new records of which somebody said that they are the same as
// another one of the file, and which that is.
func likeOthers(c *operation.Call, k *Kind, new fresh) (map[int64]int64, error) {
	numberOf := map[string]int64{}
	for i, key := range new.keys {
		numberOf[key] = new.numbers[i]
	}
	out := map[int64]int64{}
	decided, err := decisionsFor(c, k.ID, new.keys)
	for key, d := range decided {
		if other := numberOf[d.like]; d.decision == DecidedLike && other != 0 && other != numberOf[key] {
			out[numberOf[key]] = other
		}
	}
	return out, err
}

// involved reads the records that pairs and decisions are about.
func (m *matching) involved(c *operation.Call, k *Kind, pairs []Pair, like map[int64]int64) (map[int64]*record, error) {
	var numbers []int64
	for _, pair := range pairs {
		numbers = append(numbers, pair.First, pair.Second)
	}
	for number, other := range like {
		numbers = append(numbers, number, other)
	}
	slices.Sort(numbers)
	named, err := recordsNamed(c, m.imp.ID, slices.Compact(numbers))
	if err != nil {
		return nil, err
	}
	records := slices.Collect(maps.Values(named))
	if err := resolveRefs(c, m.imp.ID, k, records); err != nil {
		return nil, err
	}
	out := map[int64]*record{}
	for i := range records {
		out[records[i].number] = &records[i]
	}
	return out, nil
}

// absorb gives a record what those that are the same say of it. It cannot be read
// twice: what was given is as the rows said it at the next planning.
func (m *matching) absorb(c *operation.Call, k *Kind, all map[int64]*record) error {
	grown := map[int64]bool{}
	for _, number := range slices.Sorted(maps.Keys(all)) {
		r := all[number]
		if r.action != Same || circular(all, r) {
			continue
		}
		first := r
		for first.action == Same {
			first = all[first.match.Candidates[0].Record]
		}
		first.given = maps.Clone(first.given)
		for name, value := range r.given {
			f, _ := k.field(name)
			switch {
			case first.given[name] == "":
				first.given[name] = value
			case f.Many:
				first.given[name] = union(first.given[name], value)
			}
		}
		if _, named := k.field("other_names"); named && folded(r.title) != folded(first.title) {
			first.given["other_names"] = union(first.given["other_names"], r.title)
		}
		grown[first.number] = true
	}
	for number := range grown {
		if _, err := c.Tx.Exec(`UPDATE import_records SET given = $4 WHERE collaborative_id = $1 AND import_id = $2 AND record = $3`, m.imp.ID, number, store.JSON(all[number].given)); err != nil {
			return err
		}
	}
	return nil
}

// circular says whether following who is the same as whom would never end.
func circular(all map[int64]*record, r *record) bool {
	for range all {
		if r.action != Same {
			return false
		}
		next, ok := all[r.match.Candidates[0].Record]
		if !ok {
			return false
		}
		r = next
	}
	return true
}
