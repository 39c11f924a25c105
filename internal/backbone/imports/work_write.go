package imports

import (
	"slices"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// resolved are those of some records whose references all have an id by now.
func resolved(c *operation.Call, i ID, k *Kind, page []record) ([]record, error) {
	page = slices.Clone(page)
	if err := resolveRefs(c, i, k, page); err != nil {
		return nil, err
	}
	var out []record
	for _, r := range page {
		waits := false
		for _, role := range k.Roles {
			waits = waits || strings.Contains("\n"+r.given[role.Field], "\n#")
		}
		if !waits {
			out = append(out, r)
		}
	}
	return out, nil
}

// writePage writes some records and what it takes to undo them.
func writePage(c *operation.Call, i *Import, k *Kind, page []record) error {
	last, err := store.Value[int64](c.Tx, `SELECT CAST(COALESCE(MAX(change), 0) AS BIGINT) FROM import_changes WHERE collaborative_id = $1 AND import_id = $2`, i.ID)
	if err != nil {
		return err
	}
	var updates []TargetID
	for _, r := range page {
		if r.action == Update {
			updates = append(updates, r.target)
		}
	}
	now := map[TargetID]Current{}
	if len(updates) > 0 {
		if now, err = k.Current(c, updates); err != nil {
			return err
		}
	}
	together, err := createTogether(c, i, k, page)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, r := range page {
		last++
		var row []any
		if r.action == Create {
			var made Written
			if k.CreateSeveral != nil {
				made, together = together[0], together[1:]
			} else if made, err = k.Create(c, translated(i.Plan, r.given)); err != nil {
				return err
			}
			r.target = made.ID
			row = []any{i.ID, last, k.ID, made.ID, made.Title, made.Version, nil, nil, nil, false}
		} else {
			row, err = updateOne(c, i, k, &r, now[r.target], last)
		}
		if err != nil {
			return err
		}
		if row != nil {
			rows = append(rows, row)
			i.Counts.Applied++
		}
		if k.Noted != nil {
			if err := k.Noted(c, r.given, r.target); err != nil {
				return err
			}
		}
		i.Done++
		if _, err := c.Tx.Exec(`UPDATE import_records SET applied = TRUE, target_id = $4 WHERE collaborative_id = $1 AND import_id = $2 AND record = $3`, i.ID, r.number, r.target); err != nil {
			return err
		}
		if r.match.Rule == "decided" {
			if err := decide(c, k.ID, decision{key: r.key, decision: DecidedTarget, target: r.target}); err != nil {
				return err
			}
		}
	}
	c.UndoWith(Undo.ID, Ref{i.ID})
	return c.Tx.ExecRows(`INSERT INTO import_changes (collaborative_id, import_id, change, kind, target_id, title, version, version_before, before, after, undone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, rows)
}

// createTogether adds the new records of a page, where their kind adds several at once.
func createTogether(c *operation.Call, i *Import, k *Kind, page []record) ([]Written, error) {
	if k.CreateSeveral == nil {
		return nil, nil
	}
	var all []Values
	for _, r := range page {
		if r.action == Create {
			all = append(all, translated(i.Plan, r.given))
		}
	}
	return k.CreateSeveral(c, all)
}

// updateOne changes a record. What it is now is compared once more: a field that
// somebody changed since the preview is not written over.
func updateOne(c *operation.Call, i *Import, k *Kind, r *record, now Current, change int64) ([]any, error) {
	if now.Values == nil {
		return nil, operation.Missing()
	}
	values := Values{}
	for _, planned := range r.changes {
		f, _ := k.field(planned.Field)
		value, at := planned.Value, now.Values[planned.Field]
		if at == value {
			continue
		}
		if f.Refers != "" || f.Many {
			value = union(at, translatedRefs(r, planned.Field, value))
		} else if shown(now, at) != planned.Old {
			return nil, operation.Refuse(operation.Conflict, "errors.import_changed_since")
		}
		values[planned.Field] = value
	}
	if len(values) == 0 {
		return nil, nil
	}
	before, err := k.Undo.Snapshot(c, r.target)
	if err != nil {
		return nil, err
	}
	made, err := k.Update(c, r.target, translated(i.Plan, values))
	if err != nil {
		return nil, err
	}
	after, err := k.Undo.Snapshot(c, r.target)
	if err != nil {
		return nil, err
	}
	return []any{i.ID, change, k.ID, r.target, made.Title, made.Version, now.Version, store.JSON(before), store.JSON(after), false}, nil
}

// translatedRefs is a planned reference with the ids that records of the file
// have by now.
func translatedRefs(r *record, field, planned string) string {
	if !strings.Contains("\n"+planned, "\n#") {
		return planned
	}
	return r.given[field]
}

// translated is what is given with new columns under the fields they became, and
// without what only told records apart.
func translated(p Plan, v Values) Values {
	out := Values{}
	for name, value := range v {
		if !strings.HasPrefix(name, hiddenField) || strings.HasPrefix(name, eachOf) {
			out[p.madeField(name)] = value
		}
	}
	return out
}
