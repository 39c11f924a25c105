package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// intoSQLite builds a new database beside the old one, verifies it, and puts it
// in the old one's place.
func (r *restore) intoSQLite(ctx context.Context) (err error) {
	folder := filepath.Dir(r.cfg.Path)
	old, err := r.takeOver(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.release()) }()
	if err := r.enoughSpace(folder); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, filepath.Base(r.cfg.Path)+".restoring-*") // made with mode 0600
	if err != nil {
		return err
	}
	beside := f.Name()
	defer func() { err = errors.Join(err, removeDatabase(beside)) }() // nothing is left to remove after the swap
	if err := f.Close(); err != nil {
		return err
	}
	if err := r.build(ctx, beside); err != nil {
		return err
	}
	if err := r.upgrade(ctx, beside); err != nil {
		return err
	}
	files, err := unpackFiles(r.archive, r.opts.Files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.discard()) }()
	if err := r.replace(beside, old); err != nil {
		return err
	}
	return files.swap()
}

// build makes the database as it was when the backup was taken. Until it is
// whole it is nobody's, so it may be written without a journal and synced once.
func (r *restore) build(ctx context.Context, path string) (err error) {
	query := url.Values{"_pragma": {"journal_mode(OFF)", "synchronous(OFF)", "foreign_keys(OFF)", "temp_store(FILE)", "cache_size(-65536)", "locking_mode(EXCLUSIVE)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String()+"?"+query.Encode())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	tables, indexes := r.construction()
	steps := append([]string{"PRAGMA application_id = " + strconv.Itoa(applicationID), "BEGIN", createMigrations}, each(tables, forSQLite)...)
	for _, s := range r.shapes {
		steps = append(steps, "DELETE FROM "+s.table) // what a migration put there is in the backup too
	}
	if err := runAll(ctx, conn, steps); err != nil {
		return err
	}
	for _, m := range r.had() {
		if _, err := conn.ExecContext(ctx, recordMigration, m.version, m.name, m.checksum, r.manifest.Created.UnixMicro()); err != nil {
			return classify(err)
		}
	}
	for i, s := range r.shapes {
		if err := r.fill(ctx, conn, i, s); err != nil {
			return fmt.Errorf("store: restoring %s: %w", s.table, err)
		}
	}
	if err := runAll(ctx, conn, append(each(indexes, forSQLite), "COMMIT")); err != nil {
		return err
	}
	return r.verify(ctx, conn)
}

func each(steps []string, change func(string) string) []string {
	out := make([]string, len(steps))
	for i, step := range steps {
		out[i] = change(step)
	}
	return out
}

func runAll(ctx context.Context, conn *sql.Conn, steps []string) error {
	for _, step := range steps {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("store: %w\n%s", classify(err), step)
		}
	}
	return nil
}

// fillRows is how many rows one statement inserts: SQLite spends more on
// starting a statement than on a row.
const fillRows = 50

// fill inserts one table's rows.
func (r *restore) fill(ctx context.Context, conn *sql.Conn, i int, s shape) error {
	rows, err := r.table(i, s)
	if err != nil {
		return err
	}
	leave := r.leaves(s.table)
	var prepared *sql.Stmt
	defer func() {
		if prepared != nil {
			_ = prepared.Close() // its connection is closed next
		}
	}()
	args := make([]any, 0, fillRows*len(s.columns))
	for more := true; more; {
		if more = rows.next(); more && !leave {
			args = append(args, rows.values...)
		}
		switch {
		case rows.err != nil:
			return rows.err
		case len(args) == cap(args):
			if prepared == nil {
				if prepared, err = conn.PrepareContext(ctx, insertRows(s, fillRows)); err != nil {
					return classify(err)
				}
			}
			_, err = prepared.ExecContext(ctx, args...)
		case !more && len(args) > 0:
			_, err = conn.ExecContext(ctx, insertRows(s, len(args)/len(s.columns)), args...)
		default:
			continue
		}
		if err != nil {
			return inRow(err)
		}
		args = args[:0]
	}
	return nil
}

// inRow tells a fault of the backup from one of the disk.
func inRow(err error) error {
	if err = classify(err); errors.Is(err, ErrFull) || errors.Is(err, ErrUnavailable) || errors.Is(err, context.Canceled) {
		return err
	}
	return damaged("a row does not fit: %w", err)
}

func insertRows(s shape, n int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(s.columns)), ", ") + ")"
	return "INSERT INTO " + s.table + " (" + strings.Join(s.names(), ", ") + ") VALUES " + strings.TrimSuffix(strings.Repeat(one+", ", n), ", ")
}

// verify checks the finished database: counts, foreign keys, and the file.
func (r *restore) verify(ctx context.Context, conn *sql.Conn) error {
	for i, s := range r.shapes {
		var n int64
		if err := conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+s.table).Scan(&n); err != nil { // #nosec G202 -- table names are the program's own
			return classify(err)
		}
		if n != r.expected(i) {
			return damaged("%s has %d rows instead of %d", s.table, n, r.expected(i))
		}
	}
	var table, parent string
	var row sql.NullInt64
	var key int64
	switch err := conn.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key); {
	case err == nil:
		return damaged("%s refers to something missing in %s", table, parent)
	case !errors.Is(err, sql.ErrNoRows):
		return classify(err)
	}
	var verdict string
	if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
		return errors.Join(fmt.Errorf("store: the restored database is not sound: %s", verdict), classify(err))
	}
	return nil
}

// upgrade applies the steps that came after the backup, as a start would, and
// brings the file to disk.
func (r *restore) upgrade(ctx context.Context, path string) error {
	cfg := r.cfg
	cfg.Path, cfg.Readers = path, 1
	e, err := openSQLite(ctx, cfg)
	if err != nil {
		return err
	}
	if err := errors.Join(e.migrate(ctx, r.plan), e.close()); err != nil {
		return err
	}
	if exists(path + "-wal") {
		return errors.New("store: the restored database was not closed completely")
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // #nosec G304 -- our own file
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// replace renames the new database over the old one. The old write-ahead log
// must be gone before: SQLite would play it into the new file.
func (r *restore) replace(beside string, old *takenOver) error {
	if old == nil && exists(r.cfg.Path) {
		return fmt.Errorf("%w: it was made while the backup was read", ErrInUse)
	}
	if err := removeLogs(r.cfg.Path); err != nil {
		return err
	}
	if err := os.Rename(beside, r.cfg.Path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(r.cfg.Path))
}

func removeLogs(path string) (err error) {
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if gone := os.Remove(path + suffix); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

func removeDatabase(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return removeLogs(path)
}
