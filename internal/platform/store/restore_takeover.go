package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
)

// takenOver is the old database, locked so that no other program can write to
// what is about to be replaced.
type takenOver struct {
	db   *sql.DB
	conn *sql.Conn
}

// takeOver looks at the target and locks it; nil when there is none. A damaged
// database can be replaced, another program's cannot.
func (r *restore) takeOver(ctx context.Context) (*takenOver, error) {
	head, err := readHead(r.cfg.Path, 16)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(head) == 0 {
		return nil, removeEmpty(r.cfg.Path)
	}
	if err := checkHeader(r.cfg.Path); err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": {"busy_timeout(2000)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: r.cfg.Path}).String()+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err == nil {
		err = r.judge(ctx, conn)
	}
	switch {
	case err == nil:
		return &takenOver{db, conn}, nil
	case errors.Is(err, ErrCorrupt) && r.opts.Force:
		return &takenOver{db, conn}, nil // there is nothing in it to lock or lose
	case errors.Is(err, ErrBusy):
		err = fmt.Errorf("%w: %w", ErrInUse, err)
	}
	if conn != nil {
		err = errors.Join(err, conn.Close())
	}
	return nil, errors.Join(err, db.Close())
}

// judge decides whether the database may be replaced. Leaving the write-ahead
// log behind succeeds only when nobody else has the database open.
func (r *restore) judge(ctx context.Context, conn *sql.Conn) error {
	var id int64
	if err := conn.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return classify(err)
	}
	if id != applicationID {
		return fmt.Errorf("%w: %s", ErrForeign, r.cfg.Path)
	}
	if !r.opts.Force {
		if err := r.refuseRecords(ctx, conn); err != nil {
			return err
		}
	}
	var mode string
	if err := conn.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode); err != nil {
		return classify(err)
	}
	_, err := conn.ExecContext(ctx, `BEGIN EXCLUSIVE`)
	return classify(err)
}

func (r *restore) refuseRecords(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'schema_migrations' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		return classify(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return errors.Join(err, rows.Close())
		}
		tables = append(tables, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return classify(err)
	}
	for _, table := range tables {
		var some bool
		err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM "`+strings.ReplaceAll(table, `"`, `""`)+`")`).Scan(&some) // #nosec G202 -- a quoted name of the database's own
		if err != nil {
			return classify(err)
		}
		if some && !slices.Contains(r.opts.Disposable, table) {
			return fmt.Errorf("%w: %s has rows", ErrHoldsRecords, table)
		}
	}
	return nil
}

func (t *takenOver) release() error {
	if t == nil {
		return nil
	}
	_, _ = t.conn.ExecContext(context.Background(), `ROLLBACK`) // there is none when the database was damaged
	return errors.Join(t.conn.Close(), t.db.Close())
}

// removeEmpty clears away a file without content, which SQLite would take for a
// new database.
func removeEmpty(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
