package directory

import (
	"encoding/json"
	"errors"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// reversibleFields removes a field of the collaborative's own that no record has
// a value in. Changes to fields are taken back in other ways.
type reversibleFields struct{}

func (reversibleFields) Snapshot(*operation.Call, RecordID) (json.RawMessage, error) { return nil, nil }

func (reversibleFields) Restore(*operation.Call, RecordID, json.RawMessage, json.RawMessage) ([]string, int64, error) {
	return nil, 0, nil
}

func (reversibleFields) Remove(c *operation.Call, i RecordID, version int64) (string, error) {
	f, err := store.One(c.Tx, scanField, `SELECT `+fieldColumns+` FROM custom_fields WHERE collaborative_id = $1 AND id = $2`, i)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if f.Version != version {
		return "errors.changed_since", nil
	}
	for _, held := range []struct{ text string }{
		{`SELECT COUNT(*) FROM people WHERE collaborative_id = $1 AND custom ->> CAST($2 AS TEXT) IS NOT NULL`},
		{`SELECT COUNT(*) FROM organizations WHERE collaborative_id = $1 AND custom ->> CAST($2 AS TEXT) IS NOT NULL`},
	} {
		n, err := store.Value[int64](c.Tx, held.text, f.Key)
		if err != nil {
			return "", err
		}
		if n > 0 {
			return "errors.still_referred_to", nil
		}
	}
	if _, err := c.Tx.Exec(`DELETE FROM custom_fields WHERE collaborative_id = $1 AND id = $2`, i); err != nil {
		return "", err
	}
	c.Changed(f.Subject(), f.Label, version+1, f, nil)
	return "", nil
}
