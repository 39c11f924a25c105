package directory

import (
	"maps"
	"slices"
	"strings"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

const fieldColumns = `id, kind, key, label, help, type, choices, backbone_only, position, version, created_at, updated_at, deleted_at`

func scanField(row store.Row) (Field, error) {
	var f Field
	var retired time.Time
	err := row.Scan(&f.ID, &f.Kind, &f.Key, &f.Label, &f.Help, &f.Type, store.ScanJSON(&f.Choices), &f.BackboneOnly, &f.Position, &f.Version,
		store.ScanTime(&f.CreatedAt), store.ScanTime(&f.UpdatedAt), store.ScanTime(&retired))
	f.Retired = !retired.IsZero()
	if f.Choices == nil {
		f.Choices = []Choice{}
	}
	return f, err
}

// fieldsOf are all fields of a kind of record in their order, also those out of
// use.
func fieldsOf(c *operation.Call, kind string) ([]Field, error) {
	fields, err := store.Collect(c.Tx, scanField, `SELECT `+fieldColumns+` FROM custom_fields WHERE collaborative_id = $1 AND kind = $2`, kind)
	slices.SortFunc(fields, func(a, b Field) int {
		if a.Position != b.Position {
			return int(a.Position - b.Position)
		}
		return strings.Compare(a.ID.String(), b.ID.String())
	})
	return fields, err
}

func insertField(c *operation.Call, f Field) error {
	_, err := c.Tx.Exec(`INSERT INTO custom_fields (collaborative_id, id, kind, key, label, help, type, choices, backbone_only, position, version, created_at, updated_at, deleted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)`,
		f.ID, f.Kind, f.Key, f.Label, f.Help, f.Type, store.JSON(f.Choices), f.BackboneOnly, f.Position, f.Version, store.Micros(f.CreatedAt), retiredAt(c, f))
	return err
}

func updateField(c *operation.Call, f Field) error {
	return operation.Changed(c.Tx.Exec(`UPDATE custom_fields SET label = $3, help = $4, choices = $5, position = $6, version = $7, updated_at = $8, deleted_at = $9
		WHERE collaborative_id = $1 AND id = $2 AND version = $7 - 1`, f.ID, f.Label, f.Help, store.JSON(f.Choices), f.Position, f.Version, store.Micros(f.UpdatedAt), retiredAt(c, f)))
}

func retiredAt(c *operation.Call, f Field) any {
	if !f.Retired {
		return nil
	}
	return store.Micros(c.Now)
}

// settleCustom is a record's own fields with the given ones changed, and which of
// them the actor may see. Every fault names its field by the label people know
// it by.
func settleCustom(c *operation.Call, kind string, before, given map[string]string) (map[string]string, map[string]bool, error) {
	fields, err := fieldsOf(c, kind)
	if err != nil {
		return before, nil, err
	}
	after := maps.Clone(before)
	if after == nil {
		after = map[string]string{}
	}
	var faults operation.Faults
	for _, key := range slices.Sorted(maps.Keys(given)) {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
		if at < 0 || !fields[at].open(c) {
			faults.Add("custom."+key, "errors.no_such_field", map[string]any{"Field": key})
			continue
		}
		value, fault := fields[at].settle(given[key], before[key])
		switch {
		case fault != "":
			faults.Add("custom."+key, fault, map[string]any{"Field": fields[at].Label})
		case value == "":
			delete(after, key)
		default:
			after[key] = value
		}
	}
	if len(after) == 0 {
		after = nil
	}
	return after, openKeys(c, fields), faults.Err()
}

// reverseCustom are the values that take a change of the given fields back.
func reverseCustom(before, given map[string]string) map[string]string {
	if len(given) == 0 {
		return nil
	}
	out := map[string]string{}
	for key := range given {
		out[key] = before[key]
	}
	return out
}

// shownKeys are the fields whose values the actor may see; none are looked for
// where there are no records.
func shownKeys(c *operation.Call, kind string, records int) (map[string]bool, error) {
	if records == 0 {
		return nil, nil
	}
	fields, err := fieldsOf(c, kind)
	return openKeys(c, fields), err
}

func openKeys(c *operation.Call, fields []Field) map[string]bool {
	out := map[string]bool{}
	for _, f := range fields {
		if f.open(c) {
			out[f.Key] = true
		}
	}
	return out
}

// keep are the values of the fields that are shown.
func keep(values map[string]string, shown map[string]bool) map[string]string {
	var out map[string]string
	for key, value := range values {
		if shown[key] {
			if out == nil {
				out = map[string]string{}
			}
			out[key] = value
		}
	}
	return out
}

// customText is what search keeps of a record's own fields: open texts.
func customText(c *operation.Call, kind string, values map[string]string) ([]search.Field, error) {
	if len(values) == 0 {
		return nil, nil
	}
	fields, err := fieldsOf(c, kind)
	var texts []string
	for _, f := range fields {
		if !f.Retired && !f.BackboneOnly && (f.Type == TextField || f.Type == LongTextField) {
			texts = append(texts, values[f.Key])
		}
	}
	return []search.Field{{Rank: search.InOpen, Text: strings.Join(texts, " ")}}, err
}
