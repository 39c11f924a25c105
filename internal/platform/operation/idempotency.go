package operation

import (
	"crypto/sha256"
	"encoding/json"
	"errors"

	"commontable/internal/platform/store"
)

// replayState is what is known of an idempotency key within a transaction.
type replayState struct {
	key   string
	hash  []byte
	found bool
}

// replay looks for an answer already given to the same request. A key serves
// one account, one operation and one input; using it for anything else is the
// caller's mistake and is said so.
func (d *Door) replay(c *Call, in, out any) (replayState, error) {
	key, _ := c.ctx.Value(idempotencyKey{}).(string)
	if key == "" || c.def.ReadOnly || c.def.Secret || c.Tx == nil {
		return replayState{}, nil
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return replayState{}, err
	}
	sum := sha256.Sum256(append([]byte(c.def.ID+"\x00"), raw...))
	state := replayState{key: key, hash: sum[:]}
	type answer struct {
		hash   []byte
		output string
	}
	have, err := store.One(c.Tx, func(row store.Row) (a answer, err error) { return a, row.Scan(&a.hash, &a.output) },
		`SELECT input_hash, output FROM idempotency_keys WHERE collaborative_id = $1 AND account_id = $2 AND key = $3`,
		c.Actor.Account[:], key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return state, nil
	case err != nil:
		return state, err
	case string(have.hash) != string(state.hash):
		return state, Refuse(Conflict, "errors.idempotency_reused")
	}
	state.found = true
	if told, ok := c.ctx.Value(replayedKey{}).(*bool); ok {
		*told = true
	}
	return state, json.Unmarshal([]byte(have.output), out)
}

// remember keeps the answer for a repeated request.
func (r replayState) remember(c *Call, out any) error {
	if r.key == "" {
		return nil
	}
	_, err := c.Tx.Exec(`INSERT INTO idempotency_keys (collaborative_id, account_id, key, input_hash, output, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.Actor.Account[:], r.key, r.hash, store.JSON(out), store.Micros(c.Now))
	return err
}
