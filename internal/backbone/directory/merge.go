package directory

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// MergeID names a merge.
type MergeID = id.Of[merging]

// The sides of a merge, as a choice for a field.
const (
	FromKept   = "kept"
	FromMerged = "merged"
)

// merging is one merge: the record that stays, the one that goes into it, and
// the fields of the first before and after.
type merging struct {
	id           MergeID
	kind         string
	kept, merged [16]byte
	before       json.RawMessage
	after        json.RawMessage
}

// begin records a merge; the rows it moves refer to it.
func (m merging) begin(c *operation.Call, before, after any) error {
	_, err := c.Tx.Exec(`INSERT INTO merges (collaborative_id, id, kind, kept_id, merged_id, kept_before, kept_after, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		m.id, m.kind, m.kept[:], m.merged[:], store.JSON(before), store.JSON(after), store.Micros(c.Now))
	return err
}

// mergeOf is the merge by which a record is gone now.
func mergeOf(c *operation.Call, kind string, merged [16]byte) (merging, error) {
	m, err := store.One(c.Tx, func(row store.Row) (merging, error) {
		m := merging{kind: kind, merged: merged}
		var kept id.Of[struct{}]
		var before, after string
		err := row.Scan(&m.id, &kept, store.ScanText(&before), store.ScanText(&after))
		m.kept, m.before, m.after = kept, json.RawMessage(before), json.RawMessage(after)
		return m, err
	}, `SELECT id, kept_id, kept_before, kept_after FROM merges WHERE collaborative_id = $1 AND merged_id = $2 AND kind = $3 AND undone_at IS NULL ORDER BY id DESC LIMIT 1`, merged[:], kind)
	if errors.Is(err, store.ErrNotFound) {
		err = operation.Refuse(operation.Conflict, "errors.not_merged")
	}
	return m, err
}

// end says that a merge was taken back and forgets what it moved.
func (m merging) end(c *operation.Call) error {
	if _, err := c.Tx.Exec(`DELETE FROM merge_moves WHERE collaborative_id = $1 AND merge_id = $2`, m.id); err != nil {
		return err
	}
	_, err := c.Tx.Exec(`UPDATE merges SET undone_at = $3 WHERE collaborative_id = $1 AND id = $2`, m.id, store.Micros(c.Now))
	return err
}

// keep remembers something that could not simply be moved, to be put back.
func (m merging) keep(c *operation.Call, reference string, row [16]byte, key string, before any) error {
	_, err := c.Tx.Exec(`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key, before) VALUES ($1, $2, $3, $4, $5, $6)`,
		m.id, reference, row[:], key, store.JSON(before))
	return err
}

// kept reads what was remembered under a reference.
func kept[T any](c *operation.Call, m merging, reference string) ([]T, error) {
	return store.Collect(c.Tx, func(row store.Row) (t T, err error) { return t, row.Scan(store.ScanJSON(&t)) },
		`SELECT before FROM merge_moves WHERE collaborative_id = $1 AND merge_id = $2 AND reference = $3 ORDER BY row_id, row_key`, m.id, reference)
}

// moved is how many rows went from one record to the other by simple moves.
func (m merging) moved(c *operation.Call) (int64, error) {
	return store.Value[int64](c.Tx, `SELECT COUNT(*) FROM merge_moves WHERE collaborative_id = $1 AND merge_id = $2 AND before IS NULL`, m.id)
}

// sides is which side's value each field takes; the kept record's, filled from
// the other where it is empty, for fields without a choice.
type sides map[string]string

// joinFields makes one set of fields of two.
func joinFields[T any](kept, merged T, chosen sides) (T, error) {
	one, err := fieldMap(kept)
	if err != nil {
		return kept, err
	}
	two, err := fieldMap(merged)
	if err != nil {
		return kept, err
	}
	for name, value := range one {
		if chosen[name] == FromMerged || chosen[name] == "" && blank(name, value) {
			one[name] = two[name]
		}
	}
	return fromMap[T](one)
}

// blank says whether a value says nothing. A sector that was never chosen is
// "other".
func blank(name string, value json.RawMessage) bool {
	return slices.Contains([]string{`""`, `[]`, `{}`, `null`}, string(value)) || name == "sector" && string(value) == `"other"`
}

// takeBack is what the fields are to be once a merge is undone: those that it
// changed and nobody since are as they were before, and left names the others.
func takeBack[T any](before, after, now T) (T, []string, error) {
	was, err := fieldMap(before)
	if err != nil {
		return now, nil, err
	}
	made, err := fieldMap(after)
	if err != nil {
		return now, nil, err
	}
	is, err := fieldMap(now)
	if err != nil {
		return now, nil, err
	}
	var left []string
	for _, name := range slices.Sorted(maps.Keys(is)) {
		switch {
		case string(was[name]) == string(made[name]):
		case string(is[name]) == string(made[name]):
			is[name] = was[name]
		default:
			left = append(left, name)
		}
	}
	out, err := fromMap[T](is)
	return out, left, err
}

func fieldMap(v any) (map[string]json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := map[string]json.RawMessage{}
	return out, json.Unmarshal(raw, &out)
}

func fromMap[T any](fields map[string]json.RawMessage) (T, error) {
	var out T
	raw, err := json.Marshal(fields)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(raw, &out)
}

// OwnChoice says from which of two records the value of a field of the
// collaborative's own is taken.
type OwnChoice struct {
	Key  string `json:"key" required:"true" maxLength:"80"`
	From string `json:"from" required:"true" enum:"kept,merged"`
}

// own is the name of the choice for a field of the collaborative's own.
func own(key string) string { return "custom." + key }

// joinCustom is the values of the collaborative's own fields of both; where both
// have one and nobody chose, that of the side chosen for all of them.
func joinCustom(kept, merged map[string]json.RawMessage, chosen sides) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	first, second := kept, merged
	if chosen["custom"] == FromMerged {
		first, second = second, first
	}
	maps.Copy(out, second)
	maps.Copy(out, first)
	for key := range out {
		side := kept
		switch chosen[own(key)] {
		case "":
			continue
		case FromMerged:
			side = merged
		}
		if value, ok := side[key]; ok {
			out[key] = value
		} else {
			delete(out, key)
		}
	}
	return out
}

// mostNames is how many other names and addresses a record may have, as the
// inputs of its edits say.
const mostNames = 20

// joinNames is every name of the lists once, in order, without the main one.
func joinNames(main string, same func(string) string, lists ...[]string) []string {
	seen := map[string]bool{same(main): true, same(""): true}
	out := []string{}
	for _, name := range slices.Concat(lists...) {
		if !seen[same(name)] && len(out) < mostNames {
			seen[same(name)] = true
			out = append(out, name)
		}
	}
	return out
}

// foldedName is what two spellings of one name or address share.
func foldedName(text string) string { return i18n.FoldKey(strings.TrimSpace(text)) }

// gone takes the merged record out of search and of the count.
func (m merging) gone(c *operation.Call) error {
	if err := search.Remove(c.Tx, m.kind, m.merged); err != nil {
		return err
	}
	return operation.Count(c.Tx, m.kind, m.merged, -1)
}

// checkPair says what is wrong with two records to be merged, before they are read.
func checkPair(faults *operation.Faults, kept, merged [16]byte) {
	switch {
	case merged == [16]byte{}:
		faults.Add("merge_id", "errors.required")
	case kept == merged:
		faults.Add("merge_id", "errors.merge_itself")
	}
}

// otherLive reads the record that is to go into another. That somebody changed
// it meanwhile is said with its name, as there are two records it could be.
func otherLive[T any, I ~[16]byte](c *operation.Call, n *operation.Noun[T, I], i I, version int64) (T, error) {
	t, err := n.Get(c, i)
	if errors.Is(err, store.ErrNotFound) || err == nil && *n.Head(&t).DeletedAt != nil {
		return t, operation.Missing()
	}
	if err == nil && *n.Head(&t).Version != version {
		err = operation.Refuse(operation.Conflict, "errors.merge_stale", map[string]any{"Name": n.Title(t)})
	}
	return t, err
}

// keptLive checks that the record kept by a merge still stands by itself.
func keptLive[T any, I ~[16]byte](c *operation.Call, n *operation.Noun[T, I], i I) (T, error) {
	t, err := n.Get(c, i)
	if err == nil && *n.Head(&t).DeletedAt != nil {
		err = operation.Refuse(operation.Conflict, "errors.merge_kept_gone", map[string]any{"Name": n.Title(t)})
	}
	return t, err
}

func newMerge() MergeID { return id.New[merging]() }

// fields reads the kept record's fields before and after the merge.
func (m merging) fields(before, after any) error {
	return errors.Join(json.Unmarshal(m.before, before), json.Unmarshal(m.after, after))
}

// returnRows returns everything that was moved or joined and ends the merge. It
// says how many rows somebody changed since, which stay where they are. key is
// the sort key of the record that gets them back.
func (m merging) returnRows(c *operation.Call, key []byte) (int64, error) {
	moved, err := m.moved(c)
	if err != nil {
		return 0, err
	}
	var back int64
	if m.kind == OrganizationKind {
		back, err = m.returnOrganization(c, key)
	} else {
		back, err = m.returnPerson(c, key)
	}
	if err != nil {
		return 0, err
	}
	stayed, err := m.returnAffiliations(c)
	if err != nil {
		return 0, err
	}
	if err := m.returnTies(c); err != nil {
		return 0, err
	}
	shared, err := m.returnHoldings(c)
	if err != nil {
		return 0, err
	}
	if err := m.decided(c, OpenDecision); err != nil {
		return 0, err
	}
	return moved - back + int64(stayed+shared), m.end(c)
}

// alone refuses to restore a record that is part of another one.
func alone[T any, I ~[16]byte](c *operation.Call, n *operation.Noun[T, I], i I) error {
	m, err := mergeOf(c, n.Kind, i)
	if operation.KindOf(err) == operation.Conflict {
		return nil // it is part of none
	}
	if err != nil {
		return err
	}
	t, err := n.Get(c, I(m.kept))
	if err != nil {
		return err
	}
	return operation.Refuse(operation.Conflict, "errors.is_merged", map[string]any{"Name": n.Title(t)})
}

// leadsTo is the record that one became part of, asked about a record that lies
// in the trash or may not be seen there.
func leadsTo(c *operation.Call, kind string, i [16]byte, trashed bool, err error) (into [16]byte, ok bool) {
	if err != nil && operation.KindOf(operation.Translate(err)) != operation.NotFound || err == nil && !trashed {
		return into, false
	}
	m, err := mergeOf(c, kind, i)
	return m.kept, err == nil
}

// decided remembers of a pair that was found that it is one, or no longer.
func (m merging) decided(c *operation.Call, decision string) error {
	first, second := m.kept, m.merged
	if bytes.Compare(first[:], second[:]) > 0 {
		first, second = second, first
	}
	_, err := c.Tx.Exec(`UPDATE resemblances SET decision = $5, decided_at = $6 WHERE collaborative_id = $1 AND kind = $2 AND first_id = $3 AND second_id = $4`,
		m.kind, first[:], second[:], decision, store.Micros(c.Now))
	return err
}
