package imports

import (
	"slices"
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
