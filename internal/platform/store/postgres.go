package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgEngine is PostgreSQL 15 or newer, or an engine that speaks its protocol.
type pgEngine struct{ db *sql.DB }

// attempts bounds how often a transaction is repeated after a serialization
// fault; with jittered pauses this outlasts any ordinary burst.
const attempts = 60

// staleConnections bounds how many dead connections one write may meet.
const staleConnections = 32

func openPostgres(ctx context.Context, cfg Config) (*pgEngine, error) {
	config, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		// pgx redacts the password in this error.
		return nil, fmt.Errorf("store: the database address cannot be read: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	db := stdlib.OpenDB(*config)
	connections := cfg.Readers
	if connections <= 0 {
		connections = max(16, 8*runtime.NumCPU())
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxLifetime(30 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: connecting to PostgreSQL: %w", classify(err)), db.Close())
	}
	return &pgEngine{db}, nil
}

func (e *pgEngine) name() string { return "postgres" }

func (e *pgEngine) read(ctx context.Context, scope []byte, fn func(executor) error) error {
	err := e.once(ctx, sql.LevelRepeatableRead, true, scope, fn)
	if errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		// A pooled connection that died while idle says so only when used; a
		// read can always be repeated.
		err = e.once(ctx, sql.LevelRepeatableRead, true, scope, fn)
	}
	return err
}

func (e *pgEngine) look(ctx context.Context, fn func(executor) error) error {
	err := fn(pgExecutor{e.db})
	if errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		err = fn(pgExecutor{e.db}) // see read
	}
	return err
}

func (e *pgEngine) write(ctx context.Context, scope []byte, fn func(executor) error) error {
	var err error
	stale := 0
	for attempt := range attempts {
		err = e.once(ctx, sql.LevelSerializable, false, scope, fn)
		// Pooled connections that died while idle say so only when used. As
		// long as no commit was under way, running again is safe.
		if errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrUnknown) && ctx.Err() == nil && stale < staleConnections {
			stale++
			continue
		}
		if !retryable(err) {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(2*time.Millisecond) << min(attempt, 5))) // #nosec G404 -- jitter, not a secret
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("%w: %w", ErrBusy, err)
}

func (e *pgEngine) once(ctx context.Context, level sql.IsolationLevel, readOnly bool, scope []byte, fn func(executor) error) error {
	tx, err := e.db.BeginTx(ctx, &sql.TxOptions{Isolation: level, ReadOnly: readOnly})
	if err != nil {
		return classify(err)
	}
	// Rolling back after a commit or a broken connection changes nothing and
	// has nothing to say; it matters when fn fails or panics.
	defer func() { _ = tx.Rollback() }()
	if scope != nil {
		if _, err := tx.ExecContext(ctx, `SELECT set_config('commontable.collaborative', $1, true)`, hex.EncodeToString(scope)); err != nil {
			return classify(err)
		}
	}
	var putOff late
	var x executor = pgExecutor{tx}
	if !readOnly {
		x = pgWriter{pgExecutor{tx}, &putOff}
	}
	if err := fn(x); err != nil {
		return err
	}
	if err := putOff.run(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		err = classify(err)
		if errors.Is(err, ErrUnavailable) && !readOnly {
			return fmt.Errorf("%w: %w", ErrUnknown, err)
		}
		return err
	}
	return nil
}

// pgExecutor runs statements in a transaction, or in none.
type pgExecutor struct {
	tx interface {
		QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
	}
}

func (p pgExecutor) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	return p.tx.QueryContext(ctx, text, args...) // pgx keeps prepared statements per connection
}

func (p pgExecutor) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	return p.tx.ExecContext(ctx, text, args...)
}

// pgWriter is a transaction in which work can be put off until just before its commit. One
// that only reads has none to put off.
type pgWriter struct {
	pgExecutor
	late *late
}

func (p pgWriter) putOff() *late { return p.late }

// migrate applies outstanding steps while holding a lock on the migrations
// table, so that of several processes one migrates and the others then find
// nothing to do.
func (e *pgEngine) migrate(ctx context.Context, plan []migration) error {
	var err error
	for range attempts {
		// CREATE TABLE IF NOT EXISTS may collide with another process doing
		// the same; which catalogue notices first decides the error.
		if _, err = e.db.ExecContext(ctx, createMigrations); !collided(err) {
			break
		}
	}
	if err != nil {
		return classify(err)
	}
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return classify(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after a commit
	if _, err := tx.ExecContext(ctx, `LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE`); err != nil {
		return classify(err)
	}
	have, err := scanApplied(tx.QueryContext(ctx, listMigrations))
	if err != nil {
		return classify(err)
	}
	todo, err := outstanding(plan, have)
	if err != nil {
		return err
	}
	for _, m := range todo {
		for _, text := range m.forPostgres(plan) {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return fmt.Errorf("store: migration %04d_%s: %w\n%s", m.version, m.name, err, text)
			}
		}
		if _, err := tx.ExecContext(ctx, recordMigration, m.version, m.name, m.checksum, time.Now().UnixMicro()); err != nil {
			return classify(err)
		}
	}
	return classify(tx.Commit())
}

// collided says whether two processes made the same table at once: a unique
// violation in the catalogue, a duplicate type, or a duplicate table.
func collided(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "23505" || pg.Code == "42710" || pg.Code == "42P07")
}

func (e *pgEngine) explain(ctx context.Context, scope []byte, text string, args []any) ([]string, error) {
	var out []string
	err := e.once(ctx, sql.LevelRepeatableRead, false, scope, func(x executor) error {
		// With all the ways made costly that pay on the small tables of a test, the
		// plan shows whether an index could serve at all. A generic plan knows no
		// values, by which parts of it would be left out.
		for _, step := range []string{`SET LOCAL enable_seqscan = off`, `SET LOCAL enable_bitmapscan = off`, `SET LOCAL enable_hashjoin = off`, `SET LOCAL enable_mergejoin = off`,
			`SET LOCAL enable_sort = off`, `SET LOCAL enable_incremental_sort = off`, `SET LOCAL plan_cache_mode = force_generic_plan`, "PREPARE explained AS " + text} {
			if _, err := x.exec(ctx, step, nil); err != nil {
				return err
			}
		}
		execute := "EXPLAIN EXECUTE explained"
		if len(args) > 0 {
			execute += "(NULL" + strings.Repeat(", NULL", len(args)-1) + ")"
		}
		rows, err := x.query(ctx, execute, nil)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			out = append(out, line)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		_, err = x.exec(ctx, `DEALLOCATE explained`, nil)
		return err
	})
	return out, err
}

func (e *pgEngine) size(ctx context.Context) (int64, error) {
	var n int64
	err := e.db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
	return n, classify(err)
}

func (e *pgEngine) close() error { return e.db.Close() }
