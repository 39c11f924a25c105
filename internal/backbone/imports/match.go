package imports

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The decisions about a doubtful record.
const (
	DecidedTarget = "target" // it is this record
	DecidedNew    = "new"    // it is none of those offered
	DecidedSkip   = "skip"   // leave it out
	DecidedLike   = "like"   // it is the same as another record of the file, by key
)

// decision is what somebody said of a name, remembered by its key.
type decision struct {
	key      string
	decision string
	like     string // the other record's key
	target   TargetID
}

const likePrefix = DecidedLike + ":"

// decisionsFor are the decisions about records of a kind, by key.
func decisionsFor(c *operation.Call, kind string, keys []string) (map[string]decision, error) {
	out := map[string]decision{}
	for some := range slices.Chunk(keys, pageRecords) {
		if err := store.Each(c.Tx, func(row store.Row) error {
			var d decision
			err := row.Scan(&d.key, &d.decision, &d.target)
			if like, ok := strings.CutPrefix(d.decision, likePrefix); ok {
				d.decision, d.like = DecidedLike, like
			}
			out[d.key] = d
			return err
		}, `SELECT key, decision, target_id FROM import_decisions WHERE collaborative_id = $1 AND kind = $2 AND key IN ($3)`, kind, store.In(some)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// decide remembers what somebody said of a name.
func decide(c *operation.Call, kind string, d decision) error {
	text := d.decision
	if d.like != "" {
		text = likePrefix + d.like
	}
	_, err := c.Tx.Exec(`INSERT INTO import_decisions (collaborative_id, kind, key, decision, target_id, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (collaborative_id, kind, key) DO UPDATE SET decision = excluded.decision, target_id = excluded.target_id, decided_at = excluded.decided_at`,
		kind, d.key, text, d.target, store.Micros(c.Now))
	return err
}

// matching matches the records of a file with those that are there, step by
// step, so that what a record refers to is known when it is matched itself.
type matching struct {
	imp    Import
	fields []Field

	matchers map[string]Matcher
}

// page matches some records of one step and says what is to happen to each.
func (m *matching) page(c *operation.Call, k *Kind, records []record) error {
	if err := resolveRefs(c, m.imp.ID, k, records); err != nil {
		return err
	}
	var asked []Asked
	var keys []string
	at := map[int64]int{}
	for i, r := range records {
		keys = append(keys, r.key)
		records[i].action, records[i].target, records[i].match, records[i].changes, records[i].problem = Create, TargetID{}, Match{}, nil, nil
		at[r.number] = i
		asked = append(asked, Asked{Record: r.number, Given: r.given, Keys: k.Keys(r.given), Beside: !r.main})
	}
	decided, err := decisionsFor(c, k.ID, keys)
	if err != nil {
		return err
	}
	matcher := m.matchers[k.ID]
	if matcher == nil {
		matcher = nobody{}
	}
	for i, found := range matcher.Find(asked) {
		r := &records[at[asked[i].Record]]
		r.target, r.match = found.Target, found.Match
		switch {
		case !r.target.IsZero():
			r.action = Unchanged
		case len(r.match.Candidates) > 0:
			r.action = Doubt
		}
		if d, ok := decided[r.key]; ok {
			r.follow(d)
		}
	}
	if err := m.compare(c, k, records); err != nil {
		return err
	}
	if err := name(c, k, records); err != nil {
		return err
	}
	for _, r := range records {
		if err := settle(c, m.imp.ID, r); err != nil {
			return err
		}
	}
	return nil
}

// name reads what the candidates are called of which only the id is known.
func name(c *operation.Call, k *Kind, records []record) error {
	var open []*Candidate
	var ids []TargetID
	for _, r := range records {
		for i := range r.match.Candidates {
			if candidate := &r.match.Candidates[i]; candidate.Title == "" && candidate.Record == 0 {
				open, ids = append(open, candidate), append(ids, candidate.Target)
			}
		}
	}
	if len(ids) == 0 || k.Current == nil {
		return nil
	}
	now := map[TargetID]Current{}
	for some := range slices.Chunk(ids, pageRecords) {
		read, err := k.Current(c, some)
		if err != nil {
			return err
		}
		maps.Copy(now, read)
	}
	for _, candidate := range open {
		current := now[candidate.Target]
		if candidate.Title = current.Title; k.Detail != nil {
			candidate.Detail = k.Detail(current)
		}
	}
	return nil
}

// follow does what somebody decided, unless a surer rule found the record.
func (r *record) follow(d decision) {
	if !r.target.IsZero() && r.match.Rule != "fuzzy" {
		return
	}
	switch d.decision {
	case DecidedTarget:
		r.action, r.target, r.match.Rule = Unchanged, d.target, "decided"
	case DecidedNew:
		r.action, r.target, r.match.Rule = Create, TargetID{}, "decided"
	case DecidedSkip:
		r.action, r.target, r.match.Rule = Skip, TargetID{}, "decided"
	}
}

// compare turns records that were found into updates where the file says
// something else.
func (m *matching) compare(c *operation.Call, k *Kind, records []record) error {
	var ids []TargetID
	for _, r := range records {
		if !r.target.IsZero() {
			ids = append(ids, r.target)
		}
	}
	if len(ids) == 0 || k.Current == nil {
		return nil
	}
	now, err := k.Current(c, ids)
	if err != nil {
		return err
	}
	for i := range records {
		r := &records[i]
		if r.target.IsZero() {
			continue
		}
		current, there := now[r.target]
		if !there { // decided once, gone since
			r.action, r.target, r.match.Rule = Create, TargetID{}, ""
			continue
		}
		if current.Shown == nil {
			current.Shown = map[string]string{}
		}
		given := maps.Clone(r.given)
		if k.Soften != nil {
			k.Soften(given, current, r.match.Rule == "id" || r.match.Rule == "email")
		}
		if !r.main { // whom somebody speaks for in a seat is no news of where they work
			maps.DeleteFunc(given, func(name, _ string) bool { f, _ := k.field(name); return f.Refers != "" })
		}
		maps.Copy(current.Shown, r.refs)
		if r.changes = changesOf(k, m.fields, given, current); len(r.changes) > 0 && r.action == Unchanged {
			r.action = Update
		}
	}
	return nil
}

// changesOf are the fields in which a row says something else than the record.
func changesOf(k *Kind, fields []Field, given Values, now Current) []Change {
	var out []Change
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if strings.HasPrefix(name, hiddenField) || name == "id" {
			continue
		}
		value, old := given[name], now.Values[name]
		f, known := k.field(name)
		if !known {
			if at := slices.IndexFunc(fields, func(f Field) bool { return f.ID == name }); at >= 0 {
				f = fields[at]
			}
		}
		if f.Guarded && old != "" || f.Once {
			continue
		}
		if f.Many && value != "" {
			value = union(old, value)
		}
		if value == old || f.Many && len(lines(value)) == len(lines(old)) && value != "" {
			continue
		}
		out = append(out, Change{Field: name, Old: shown(now, old), New: shown(now, value), Value: value})
	}
	return out
}

// shown is a value as it is shown: the name of what it refers to.
func shown(now Current, value string) string {
	if now.Shown == nil {
		return value
	}
	out := lines(value)
	for i, line := range out {
		if text, ok := now.Shown[line]; ok {
			out[i] = text
		}
	}
	return strings.Join(out, "\n")
}

// resolveRefs puts ids in the place of references to records of the file whose
// id is known.
func resolveRefs(c *operation.Call, i ID, k *Kind, records []record) error {
	var numbers []int64
	for _, r := range records {
		for _, role := range k.Roles {
			for _, ref := range lines(r.given[role.Field]) {
				if n, ok := refNumber(ref); ok {
					numbers = append(numbers, n)
				}
			}
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	slices.Sort(numbers)
	named, err := recordsNamed(c, i, slices.Compact(numbers))
	if err != nil {
		return err
	}
	for at := range records {
		records[at].refs = map[string]string{}
		for _, role := range k.Roles {
			refs := lines(records[at].given[role.Field])
			if len(refs) == 0 {
				continue
			}
			records[at].given = maps.Clone(records[at].given)
			for n, ref := range refs {
				number, ok := refNumber(ref)
				if !ok {
					continue
				}
				other := named[number]
				for other.action == Same {
					other, err = sameAs(c, i, other, named)
					if err != nil {
						return err
					}
				}
				if !other.target.IsZero() {
					refs[n] = other.target.String()
				} else {
					refs[n] = "#" + strconv.FormatInt(other.number, 10)
				}
				records[at].refs[refs[n]] = other.title
			}
			records[at].given[role.Field] = strings.Join(slices.Compact(refs), "\n")
		}
	}
	return nil
}

// sameAs is the record of the file that another one was found to be.
func sameAs(c *operation.Call, i ID, r record, named map[int64]record) (record, error) {
	if len(r.match.Candidates) == 0 {
		return r, errors.New("imports: a record is the same as none")
	}
	number := r.match.Candidates[0].Record
	if other, ok := named[number]; ok {
		return other, nil
	}
	more, err := recordsNamed(c, i, []int64{number})
	maps.Copy(named, more)
	return named[number], err
}

func refNumber(ref string) (int64, bool) {
	digits, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

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

// nobody is the matcher of a kind with nothing to compare with.
type nobody struct{}

func (nobody) Find(asked []Asked) []Found { return make([]Found, len(asked)) }

func (nobody) Alike(iter.Seq[Asked]) []Pair { return nil }
