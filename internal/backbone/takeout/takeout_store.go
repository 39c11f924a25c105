package takeout

import (
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `id, state, asked_by, scheduled, include_private, include_history, locked, done, total, rows_done, bytes, asked_at, finished_at, expires_at`

func scan(row store.Row) (Takeout, error) {
	var t Takeout
	var finished, expires time.Time
	err := row.Scan(&t.ID, &t.State, &t.AskedBy, &t.Scheduled, &t.IncludePrivate, &t.IncludeHistory, &t.Locked, &t.Done, &t.Total, &t.Rows, &t.Bytes,
		store.ScanTime(&t.AskedAt), store.ScanTime(&finished), store.ScanTime(&expires))
	if !finished.IsZero() {
		t.FinishedAt = &finished
	}
	if !expires.IsZero() {
		t.ExpiresAt = &expires
	}
	return t, err
}

func read(tx *store.Tx, i ID) (Takeout, error) {
	return store.One(tx, scan, `SELECT `+columns+` FROM takeouts WHERE collaborative_id = $1 AND id = $2`, i)
}

func insert(tx *store.Tx, t Takeout, account operation.AccountID) error {
	_, err := tx.Exec(`INSERT INTO takeouts (collaborative_id, id, state, account_id, asked_by, scheduled, include_private, include_history, locked, done, total, rows_done, bytes, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, $10)`,
		t.ID, string(t.State), account, t.AskedBy, t.Scheduled, t.IncludePrivate, t.IncludeHistory, t.Locked, store.Micros(t.AskedAt))
	return err
}

// progress notes how far an archive has come.
func progress(tx *store.Tx, i ID, done, total, rows int64) error {
	_, err := tx.Exec(`UPDATE takeouts SET state = 'running', done = $3, total = $4, rows_done = $5 WHERE collaborative_id = $1 AND id = $2`, i, done, total, rows)
	return err
}

// stop ends an archive that will not be finished.
func stop(tx *store.Tx, i ID, state State, now time.Time) error {
	if err := dropParts(tx, i); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE takeouts SET state = $3, finished_at = $4, expires_at = $5 WHERE collaborative_id = $1 AND id = $2`,
		i, string(state), store.Micros(now), store.Micros(now.Add(KeptFor)))
	return err
}

// finish says that all parts are there.
func finish(tx *store.Tx, t Takeout, rows, bytes int64, now time.Time) error {
	var expires time.Time
	if !t.Scheduled {
		expires = now.Add(KeptFor)
	}
	_, err := tx.Exec(`UPDATE takeouts SET state = 'done', done = total, bytes = $3, finished_at = $4, expires_at = $5, rows_done = $6 WHERE collaborative_id = $1 AND id = $2`,
		t.ID, bytes, store.Micros(now), store.Micros(expires), rows)
	return err
}

func insertPart(tx *store.Tx, i ID, number int64, content []byte) error {
	_, err := tx.Exec(`INSERT INTO takeout_parts (collaborative_id, takeout_id, number, content) VALUES ($1, $2, $3, $4)`, i, number, content)
	return err
}

func dropParts(tx *store.Tx, i ID) error {
	_, err := tx.Exec(`DELETE FROM takeout_parts WHERE collaborative_id = $1 AND takeout_id = $2`, i)
	return err
}

// drop deletes a takeout with its parts, and says whether it was there.
func drop(tx *store.Tx, i ID) (bool, error) {
	n, err := tx.Exec(`DELETE FROM takeouts WHERE collaborative_id = $1 AND id = $2`, i)
	return n > 0, err
}

// expired are takeouts whose time is over, and those that never came to an end.
func expired(tx *store.Tx, now time.Time) ([]ID, error) {
	return store.Collect(tx, func(row store.Row) (i ID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM takeouts WHERE collaborative_id = $1 AND (expires_at <= $2 OR finished_at IS NULL AND asked_at <= $3) ORDER BY id`,
		store.Micros(now), store.Micros(now.Add(-KeptFor)))
}

// surplus are the finished takeouts of the schedule beyond the newest few.
func surplus(tx *store.Tx, keep int64) ([]ID, error) {
	all, err := store.Collect(tx, func(row store.Row) (i ID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM takeouts WHERE collaborative_id = $1 AND scheduled = TRUE AND state = 'done' ORDER BY id DESC`)
	if err != nil || int64(len(all)) <= keep {
		return nil, err
	}
	return all[keep:], nil
}
