package imports

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
)

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

// nobody is the matcher of a kind with nothing to compare with.
type nobody struct{}

func (nobody) Find(asked []Asked) []Found { return make([]Found, len(asked)) }

func (nobody) Alike(iter.Seq[Asked]) []Pair { return nil }
