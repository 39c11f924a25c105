package store

import (
	"context"
	"errors"
)

// Scrub removes what deleted rows left behind in the files, after somebody was
// erased. SQLite overwrites deleted rows, but not the copies it leaves between
// the rows of a page when it moves them to others, so the whole file is written
// anew; nobody else writes meanwhile, and they wait for their turn. PostgreSQL
// clears the dead rows of the tables that name people.
func (s *Store) Scrub(ctx context.Context) error {
	switch e := s.engine.(type) {
	case *liteEngine:
		return e.scrub(ctx)
	case *pgEngine:
		for _, text := range []string{"VACUUM people", "VACUUM audit_entries", "VACUUM search_documents", "VACUUM search_words", "VACUUM affiliations", "VACUUM merges", "VACUUM merge_moves", "VACUUM resemblances", "VACUUM takeout_parts", "VACUUM carried_members", "VACUUM idempotency_keys"} {
			if _, err := e.db.ExecContext(ctx, text); err != nil {
				return classify(err)
			}
		}
	}
	return nil
}

func (e *liteEngine) scrub(ctx context.Context) error {
	c, err := e.connect(ctx)
	if err != nil {
		return openingError(e.path, err)
	}
	defer c.close()
	if err := dropSamples(ctx, c.conn); err != nil {
		return classify(err)
	}
	if _, err := c.conn.ExecContext(ctx, "VACUUM"); err != nil {
		return classify(err)
	}
	var busy, pages, moved int
	if err := c.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return classify(err)
	}
	if busy != 0 {
		return errors.Join(ErrBusy, errors.New("store: readers keep the log of writes from being cleared"))
	}
	return nil
}
