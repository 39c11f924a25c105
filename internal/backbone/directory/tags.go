package directory

import (
	"errors"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListTagsInput says of which records.
type ListTagsInput struct {
	Kind string `json:"kind" required:"true" enum:"organization,person"`
}

// Tag is a word that records are sorted by, as it is spelled here.
type Tag struct {
	Tag string `json:"tag"`
}

// TagList is the tags in use.
type TagList struct {
	Items []Tag `json:"items"`
}

// ListTags lists the tags in use, in the order of their folded spelling, at most
// 200 of them: more than anybody chooses from.
var ListTags = operation.Define(operation.Operation[ListTagsInput, TagList]{
	Definition: operation.Definition{ID: "tags.list", Summary: "Lists the tags in use", ReadOnly: true, Method: "GET", Path: "/tags"},
	Run:        func(c *operation.Call, in ListTagsInput) (TagList, error) { return tagsInUse(c, in.Kind) },
})

func tagsInUse(c *operation.Call, kind string) (TagList, error) {
	out := TagList{Items: []Tag{}}
	// From one tag to the next through the index: as many steps as there are
	// tags, however many records have them.
	tags, err := store.Collect(c.Tx, func(row store.Row) (t Tag, err error) { return t, row.Scan(store.ScanText(&t.Tag)) },
		`WITH RECURSIVE steps (tag_key) AS (
				SELECT MIN(tags.tag_key) FROM tags WHERE tags.collaborative_id = $1 AND tags.kind = $2
				UNION ALL
				SELECT (SELECT MIN(tags.tag_key) FROM tags WHERE tags.collaborative_id = $1 AND tags.kind = $2 AND tags.tag_key > steps.tag_key) FROM steps WHERE steps.tag_key IS NOT NULL
			) SELECT (SELECT MIN(tags.tag) FROM tags WHERE tags.collaborative_id = $1 AND tags.kind = $2 AND tags.tag_key = steps.tag_key) FROM steps WHERE steps.tag_key IS NOT NULL LIMIT 200`, kind)
	out.Items = append(out.Items, tags...)
	return out, err
}

// retag is a tag to give to several records, or to take from them.
type retag struct{ add, remove string }

// of is what a record's tags become; nil when they stay.
func (r retag) of(tags []string) *[]string {
	if r == (retag{}) {
		return nil
	}
	out := []string{}
	for _, tag := range tags {
		if i18n.FoldKey(tag) != i18n.FoldKey(r.remove) || r.remove == "" {
			out = append(out, tag)
		}
	}
	if r.add != "" {
		out = append(out, r.add)
	}
	return &out
}

// spellTags gives each tag the spelling it has on the records that have it
// already, so that one tag has one spelling. What folds to nothing is no tag.
func spellTags(c *operation.Call, kind string, tags []string) ([]string, error) {
	var out []string
	for _, tag := range distinct(tags, "") {
		key := i18n.FoldKey(tag)
		if key == "" {
			continue
		}
		known, err := store.Value[string](c.Tx, `SELECT tag FROM tags WHERE collaborative_id = $1 AND kind = $2 AND tag_key = $3 LIMIT 1`, kind, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		out = append(out, or(known, tag))
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(i18n.FoldKey(a), i18n.FoldKey(b)) })
	return out, nil
}

// tagsOf are the tags of some records, by record.
func tagsOf[N any](c *operation.Call, kind string, ids []id.Of[N]) (map[id.Of[N]][]string, error) {
	out := map[id.Of[N]][]string{}
	if len(ids) == 0 {
		return out, nil
	}
	err := store.Each(c.Tx, func(row store.Row) error {
		var i id.Of[N]
		var tag string
		err := row.Scan(&i, &tag)
		out[i] = append(out[i], tag)
		return err
	}, `SELECT record_id, tag FROM tags WHERE collaborative_id = $1 AND kind = $2 AND record_id IN ($3)`, kind, store.In(ids))
	for _, tags := range out {
		slices.SortFunc(tags, func(a, b string) int { return strings.Compare(i18n.FoldKey(a), i18n.FoldKey(b)) })
	}
	return out, err
}

// saveTags stores a record's tags with its sort key, which has moved where its
// name changed.
func saveTags(tx *store.Tx, kind string, record [16]byte, key []byte, before, after []string, moved bool) error {
	if slices.Equal(before, after) && !moved || len(before)+len(after) == 0 {
		return nil
	}
	if len(before) > 0 {
		if _, err := tx.Exec(`DELETE FROM tags WHERE collaborative_id = $1 AND kind = $2 AND record_id = $3`, kind, record[:]); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, tag := range after {
		rows = append(rows, []any{kind, i18n.FoldKey(tag), key, record[:], tag})
	}
	return tx.ExecRows(`INSERT INTO tags (collaborative_id, kind, tag_key, record_sort_key, record_id, tag) VALUES ($1, $2, $3, $4, $5, $6)`, rows)
}
