package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the "sqlite" driver
)

// applicationID marks our files in SQLite's header: "CTbl".
const applicationID = 0x4354626c

// pageSize is SQLite's default, which we leave as it is.
const pageSize = 4096

// cacheBudget is the page cache of all connections together, in KiB. SQLite
// gives every connection its own, so the number of readers is bounded. The one
// writer has half of the budget, since what a transaction changes beyond its cache
// is written twice and read once more; the readers share the rest.
const cacheBudget = 48 * 1024

// liteEngine is SQLite: any number of readers up to a bound, and one writer
// that commits the work of several callers together.
type liteEngine struct {
	db      *sql.DB
	readers chan *liteConn
	writer  *liteWriter
	path    string
	closed  chan struct{}
	once    sync.Once
}

// liteConn is one connection with its prepared statements. It is used by one
// goroutine at a time.
type liteConn struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func openSQLite(ctx context.Context, cfg Config) (*liteEngine, error) {
	if err := checkHeader(cfg.Path); err != nil {
		return nil, err
	}
	readers := cfg.Readers
	if readers <= 0 {
		readers = min(4*runtime.NumCPU(), 16)
	}
	db, err := sql.Open("sqlite", liteAddress(cfg, cacheBudget/2/(readers+1)))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers + 2) // readers, the writer, and one for inspection
	e := &liteEngine{db: db, readers: make(chan *liteConn, readers), path: cfg.Path, closed: make(chan struct{})}
	writer, err := e.connect(ctx)
	if err != nil {
		return nil, errors.Join(openingError(cfg.Path, err), db.Close())
	}
	if _, err := writer.exec(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", cacheBudget/2), nil); err != nil {
		return nil, errors.Join(openingError(cfg.Path, err), db.Close())
	}
	if !cfg.ReadOnlyProbe {
		if err := claim(ctx, writer.conn); err != nil {
			return nil, errors.Join(openingError(cfg.Path, err), db.Close())
		}
	}
	for range readers {
		e.readers <- nil // connected on first use, so that an idle program is small
	}
	e.writer = startWriter(writer, cfg.SlowCommit)
	return e, nil
}

// checkHeader refuses a file that is not SQLite's before the driver may touch it.
func checkHeader(path string) error {
	head, err := readHead(path, 16)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(head) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if string(head) != "SQLite format 3\x00" {
		return fmt.Errorf("%w: %s", ErrForeign, path)
	}
	return nil
}

func readHead(path string, n int) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 -- the operator names the data folder
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, n)
	got, err := f.Read(head)
	if got == 0 {
		return nil, nil // an empty file is a database to be made
	}
	return head[:got], err
}

func openingError(path string, err error) error {
	return fmt.Errorf("store: opening %s: %w", path, classify(err))
}

// liteAddress lists the pragmas every connection runs. busy_timeout comes first
// so that the others may wait for a lock; journal_mode before synchronous.
func liteAddress(cfg Config, cacheKiB int) string {
	sync := "FULL"
	if cfg.UnsafeNormalSync {
		sync = "NORMAL"
	}
	wait := cfg.BusyTimeout
	if wait <= 0 {
		wait = 10 * time.Second
	}
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()),
		"journal_mode(WAL)",
		"synchronous(" + sync + ")",
		"foreign_keys(ON)",
		"trusted_schema(OFF)",
		"secure_delete(ON)", // an erased name must not linger in free pages
		"cell_size_check(ON)",
		"temp_store(MEMORY)",
		fmt.Sprintf("cache_size(-%d)", cacheKiB),
	}
	if cfg.MaxBytes > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", max(1, cfg.MaxBytes/pageSize)))
	}
	path := (&url.URL{Scheme: "file", OmitHost: true, Path: cfg.Path}).String()
	return path + "?" + url.Values{"_pragma": pragmas}.Encode()
}

// claim checks that the file is ours, and marks it when it is new.
func claim(ctx context.Context, conn *sql.Conn) error {
	var id, tables int64
	if err := conn.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	if err := conn.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if id != 0 || tables > 0 {
		return ErrForeign
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID))
	return err
}

func (e *liteEngine) name() string { return "sqlite" }

func (e *liteEngine) connect(ctx context.Context) (*liteConn, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := conn.PingContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &liteConn{conn: conn, prepared: map[string]*sql.Stmt{}}, nil
}

// read takes a reader, opens a snapshot, and gives the reader back.
func (e *liteEngine) read(ctx context.Context, _ []byte, fn func(executor) error) error {
	return e.reader(ctx, func(c *liteConn) (err error) {
		// The snapshot is opened and closed whatever becomes of the request.
		background := context.Background()
		if _, err := c.exec(background, "BEGIN", nil); err != nil {
			return classify(err)
		}
		defer func() {
			if _, closing := c.exec(background, "ROLLBACK", nil); err == nil {
				err = classify(closing)
			}
		}()
		return fn(reading{c})
	})
}

// look gives fn a reader without a transaction around it.
func (e *liteEngine) look(ctx context.Context, fn func(executor) error) error {
	return e.reader(ctx, func(c *liteConn) error { return fn(reading{c}) })
}

// reader lends one of the readers to fn.
func (e *liteEngine) reader(ctx context.Context, fn func(*liteConn) error) (err error) {
	var c *liteConn
	select {
	case c = <-e.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.closed:
		return errClosed
	}
	if c == nil {
		// Not the request's context: a cancelled request must not spoil a
		// connection that others will use.
		if c, err = e.connect(context.WithoutCancel(ctx)); err != nil {
			e.readers <- nil
			return openingError(e.path, err)
		}
	}
	defer func() { e.readers <- c }()
	return fn(c)
}

// write hands the work to the writer and waits until it is durable.
func (e *liteEngine) write(ctx context.Context, _ []byte, fn func(executor) error) error {
	return e.writer.do(ctx, fn)
}

// reading runs a reader's statements. A caller who has gone away gets no further
// statement, but a running one is not broken off: to watch for that, the driver
// and database/sql each start a goroutine for every statement, which cost more
// than most statements do. Each of ours ends by its index and its limit.
type reading struct{ conn *liteConn }

func (r reading) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.conn.query(context.Background(), text, args)
}

func (r reading) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.conn.exec(context.Background(), text, args)
}

// close ends a connection. database/sql does not track statements prepared on a
// single connection, and SQLite keeps a connection with open ones half alive:
// its locks held, its log never folded into the file.
func (c *liteConn) close() {
	for text, s := range c.prepared {
		delete(c.prepared, text)
		_ = s.Close() // a finished statement has nothing left to report
	}
	_ = c.conn.Close() // the pool reports what matters
}

func (c *liteConn) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if s := c.prepared[text]; s != nil {
		return s, nil
	}
	// The texts are the program's own constants, so the cache is bounded by
	// the source code; a flood of expanded lists is the one exception.
	if len(c.prepared) >= maxPrepared {
		for old, s := range c.prepared {
			delete(c.prepared, old)
			_ = s.Close() // an evicted statement has nothing left to report
			break
		}
	}
	s, err := c.conn.PrepareContext(ctx, steadyLimit(text))
	if err == nil {
		c.prepared[text] = s
	}
	return s, err
}

const maxPrepared = 400

// steadyLimit keeps SQLite from planning a prepared statement anew at every run,
// which took longer than running it: it does so wherever LIMIT is a bare
// parameter, since the plan might depend on its value. Ours must not (decision 8).
func steadyLimit(text string) string {
	return bareLimit.ReplaceAllString(text, `LIMIT CAST(${1} AS BIGINT)`)
}

var bareLimit = regexp.MustCompile(`LIMIT (\$\d+)`)

func (c *liteConn) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (c *liteConn) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// migrate applies the outstanding steps in one immediate transaction; a second
// process waits for the lock and then finds nothing to do.
func (e *liteEngine) migrate(ctx context.Context, plan []migration) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return classify(err)
	}
	err = e.migrateIn(ctx, conn, plan)
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, undone := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(classify(err), undone)
	}
	return nil
}

func (e *liteEngine) migrateIn(ctx context.Context, conn *sql.Conn, plan []migration) error {
	if _, err := conn.ExecContext(ctx, createMigrations); err != nil {
		return err
	}
	have, err := scanApplied(conn.QueryContext(ctx, listMigrations))
	if err != nil {
		return err
	}
	todo, err := outstanding(plan, have)
	if err != nil {
		return err
	}
	for _, m := range todo {
		for _, step := range m.steps() {
			if _, err := conn.ExecContext(ctx, forSQLite(step)); err != nil {
				return fmt.Errorf("store: migration %04d_%s: %w\n%s", m.version, m.name, err, step)
			}
		}
		if _, err := conn.ExecContext(ctx, recordMigration, m.version, m.name, m.checksum, time.Now().UnixMicro()); err != nil {
			return err
		}
	}
	// A restored database has its migrations and not yet the statistics.
	var prescribed bool
	if err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1')`).Scan(&prescribed); err != nil {
		return err
	}
	if len(todo) == 0 && prescribed {
		return nil
	}
	tables, _ := tablesOf(plan)
	return prescribeStatistics(ctx, conn, tables)
}

func scanApplied(rows *sql.Rows, err error) ([]applied, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []applied
	for rows.Next() {
		var a applied
		if err := rows.Scan(&a.version, &a.checksum); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

func (e *liteEngine) explain(ctx context.Context, _ []byte, text string, args []any) ([]string, error) {
	rows, err := e.db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+steadyLimit(text), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var node, parent, unused int
		var detail string
		if err := rows.Scan(&node, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		out = append(out, detail)
	}
	return out, rows.Err()
}

func (e *liteEngine) size(context.Context) (int64, error) {
	var total int64
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(e.path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, err
		}
		if err == nil {
			total += info.Size()
		}
	}
	return total, nil
}

// close lets the writer and the readers finish. What comes later is told so; a
// second close does nothing.
func (e *liteEngine) close() (err error) {
	e.once.Do(func() {
		close(e.closed)
		e.writer.stop()
		for range cap(e.readers) {
			if c := <-e.readers; c != nil {
				c.close()
			}
		}
		err = e.db.Close()
	})
	return err
}

// isGone says whether an error means SQLite has rolled the whole transaction
// back by itself, taking the savepoints with it.
func isGone(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "no such savepoint") || strings.Contains(err.Error(), "no transaction is active"))
}
