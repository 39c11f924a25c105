package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// restoreLockWait is how long a restore waits for running requests to let go of
// the tables before it gives up.
const restoreLockWait = "15s"

// intoPostgres replaces everything in one transaction: whoever uses the database
// meanwhile sees the old content, then the new.
func (r *restore) intoPostgres(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, r.cfg.URL)
	if err != nil {
		return fmt.Errorf("store: connecting to PostgreSQL: %w", classify(err))
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // after the commit it has nothing left to say
	tx, err := conn.Begin(ctx)
	if err != nil {
		return classify(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing to undo after a commit
	if err := r.clearPostgres(ctx, tx); err != nil {
		return err
	}
	if err := r.buildPostgres(ctx, tx); err != nil {
		return err
	}
	files, err := unpackFiles(r.archive, r.opts.Files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.discard()) }()
	if err := tx.Commit(ctx); err != nil {
		return classify(err)
	}
	return files.swap()
}

// clearPostgres checks what the database holds and drops our tables.
func (r *restore) clearPostgres(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '`+restoreLockWait+`'`); err != nil {
		return classify(err)
	}
	rows, err := tx.Query(ctx, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`)
	if err != nil {
		return classify(err)
	}
	present, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return classify(err)
	}
	if len(present) == 0 {
		return nil
	}
	if !slices.Contains(present, "schema_migrations") {
		return fmt.Errorf("%w: its tables are another program's", ErrForeign)
	}
	steps, err := postgresSteps(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := outstanding(r.plan, steps); err != nil {
		return err
	}
	shapes, err := shapesOf(r.plan[:len(steps)])
	if err != nil {
		return err
	}
	for _, s := range shapes {
		// Tenant rows cannot be without their collaborative, which is an
		// installation table; so these suffice, and no scope is needed.
		if s.tenant || r.opts.Force || slices.Contains(r.opts.Disposable, s.table) {
			continue
		}
		var some bool
		if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+s.table+")").Scan(&some); err != nil { // #nosec G202 -- table names are the program's own
			return classify(err)
		}
		if some {
			return fmt.Errorf("%w: %s has rows", ErrHoldsRecords, s.table)
		}
	}
	slices.Reverse(shapes) // children before parents
	for _, s := range shapes {
		if _, err := tx.Exec(ctx, "DROP TABLE "+s.table); err != nil {
			return inUse(err)
		}
	}
	_, err = tx.Exec(ctx, `DROP TABLE schema_migrations`)
	return inUse(err)
}

// inUse names the reason when a lock was not to be had.
func inUse(err error) error {
	if err != nil && strings.Contains(err.Error(), "lock timeout") {
		return fmt.Errorf("%w: %w", ErrInUse, err)
	}
	return classify(err)
}

func postgresSteps(ctx context.Context, tx pgx.Tx) ([]applied, error) {
	rows, err := tx.Query(ctx, listMigrations)
	if err != nil {
		return nil, classify(err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a applied, err error) { return a, row.Scan(&a.version, &a.checksum) })
}

// buildPostgres makes the tables as they were, fills them, and goes on to this
// program's schema.
func (r *restore) buildPostgres(ctx context.Context, tx pgx.Tx) error {
	tables, indexes := r.construction()
	if err := runPostgres(ctx, tx, append([]string{createMigrations}, eachOf(tables, forPostgres)...)); err != nil {
		return err
	}
	for i := len(r.shapes) - 1; i >= 0; i-- {
		// COPY is not to be had under row-level security. These tables are
		// this transaction's own, so until they are full their owner may pass.
		s := r.shapes[i]
		if err := r.forced(ctx, tx, s, false); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM "+s.table); err != nil { // what a migration put there is in the backup too
			return classify(err)
		}
	}
	for _, m := range r.had() {
		if _, err := tx.Exec(ctx, recordMigration, m.version, m.name, m.checksum, r.manifest.Created.UnixMicro()); err != nil {
			return classify(err)
		}
	}
	for i, s := range r.shapes {
		if err := r.copyPostgres(ctx, tx, i, s); err != nil {
			return fmt.Errorf("store: restoring %s: %w", s.table, err)
		}
	}
	if err := runPostgres(ctx, tx, eachOf(indexes, forPostgres)); err != nil {
		return err
	}
	for _, s := range r.shapes {
		if err := r.forced(ctx, tx, s, true); err != nil {
			return err
		}
	}
	for _, m := range r.plan[len(r.had()):] {
		if err := runPostgres(ctx, tx, m.forPostgres(r.plan)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, recordMigration, m.version, m.name, m.checksum, r.manifest.Created.UnixMicro()); err != nil {
			return classify(err)
		}
	}
	return nil
}

func eachOf(steps []string, change func(string) []string) (out []string) {
	for _, step := range steps {
		out = append(out, change(step)...)
	}
	return out
}

func runPostgres(ctx context.Context, tx pgx.Tx, steps []string) error {
	for _, step := range steps {
		if _, err := tx.Exec(ctx, step); err != nil {
			return fmt.Errorf("store: %w\n%s", classify(err), step)
		}
	}
	return nil
}

// forced says whether row-level security holds for the table's owner too.
func (r *restore) forced(ctx context.Context, tx pgx.Tx, s shape, yes bool) error {
	if !s.tenant {
		return nil
	}
	text := "ALTER TABLE " + s.table + " NO FORCE ROW LEVEL SECURITY"
	if yes {
		text = "ALTER TABLE " + s.table + " FORCE ROW LEVEL SECURITY"
	}
	_, err := tx.Exec(ctx, text)
	return classify(err)
}

// copyPostgres fills one table. Foreign keys are checked at the end of the COPY.
func (r *restore) copyPostgres(ctx context.Context, tx pgx.Tx, i int, s shape) error {
	rows, err := r.table(i, s)
	if err != nil {
		return err
	}
	if r.leaves(s.table) {
		for rows.next() { // verified, and left behind
		}
		return rows.err
	}
	source := &copySource{rows: rows}
	n, err := tx.CopyFrom(ctx, pgx.Identifier{s.table}, s.names(), source)
	switch {
	case rows.err != nil:
		return rows.err // COPY's own error only repeats it
	case err != nil:
		return inRow(err)
	case n != r.expected(i):
		return damaged("%s has %d rows instead of %d", s.table, n, r.expected(i))
	}
	return nil
}

// copySource hands rows to COPY.
type copySource struct{ rows *rowReader }

// Next implements pgx.CopyFromSource.
func (c *copySource) Next() bool { return c.rows.next() }

// Values implements pgx.CopyFromSource.
func (c *copySource) Values() ([]any, error) { return c.rows.values, nil }

// Err implements pgx.CopyFromSource.
func (c *copySource) Err() error { return c.rows.err }
