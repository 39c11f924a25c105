// Package store keeps the record in SQLite or PostgreSQL behind one SQL text.
//
// Callers never hold a connection. They pass a function to Read or Write and
// get a transaction that is already scoped: a *Tx sees one collaborative, an
// *InstallationTx sees the tables that belong to no collaborative. The function
// may run more than once (serialization faults, shared commits), so it must
// have no effect outside the transaction that a second run would double.
//
// Statements are written once, in PostgreSQL's dialect, following the contract
// in docs/decisions/0002-one-sql-text.md.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Config says which engine keeps the record and where.
type Config struct {
	// URL is a PostgreSQL address (postgres://…). When empty, SQLite is used.
	URL string
	// Path is the SQLite database file. Its folder must exist.
	Path string
	// Migrations holds NNNN_name.sql files in PostgreSQL's dialect.
	Migrations fs.FS
	// Readers bounds how many reads run at once; 0 means four per core.
	Readers int
	// MaxBytes bounds the SQLite file, 0 for no bound of ours. A write beyond
	// it fails as on a full disk, so an operator can leave room for others.
	MaxBytes int64
	// BusyTimeout is how long SQLite waits for another program's lock; ten
	// seconds when 0.
	BusyTimeout time.Duration
	// UnsafeNormalSync runs SQLite with synchronous=NORMAL. It exists only so
	// that the power-cut test can be seen to fail.
	UnsafeNormalSync bool
	// SlowCommit lengthens every SQLite commit, as a slower disk would. It exists
	// for the benchmark, which measures what sharing commits is worth.
	SlowCommit time.Duration
	// ReadOnlyProbe opens without migrating, for inspection by doctor.
	ReadOnlyProbe bool
	// Log receives slow or repeated transactions; nil means slog.Default.
	Log *slog.Logger
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine     engine
	log        *slog.Logger
	tenants    map[string]bool // tables that carry collaborative_id
	tables     []string        // every table, parents before children
	plan       []migration     // every step this program knows; Backup follows them
	statements sync.Map        // SQL text → scope, every statement ever run
	fail       atomic.Pointer[func(text string) error]
}

// engine is what SQLite and PostgreSQL each provide.
type engine interface {
	name() string
	read(ctx context.Context, scope []byte, fn func(executor) error) error
	write(ctx context.Context, scope []byte, fn func(executor) error) error
	look(ctx context.Context, fn func(executor) error) error
	migrate(ctx context.Context, plan []migration) error
	explain(ctx context.Context, scope []byte, sql string, args []any) ([]string, error)
	size(ctx context.Context) (int64, error)
	close() error
}

// Open connects, checks that the database is ours and not newer than this
// program, and applies outstanding migrations. Two processes may open the same
// database at once; one migrates and the other waits.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	plan, err := readMigrations(cfg.Migrations)
	if err != nil {
		return nil, err
	}
	s := &Store{log: cfg.Log, tenants: map[string]bool{}, plan: plan}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.tables, s.tenants = tablesOf(plan)
	if cfg.URL != "" {
		s.engine, err = openPostgres(ctx, cfg)
	} else {
		s.engine, err = openSQLite(ctx, cfg)
	}
	if err != nil {
		return nil, err
	}
	if cfg.ReadOnlyProbe {
		return s, nil
	}
	if err := s.engine.migrate(ctx, plan); err != nil {
		return nil, errors.Join(err, s.engine.close())
	}
	return s, nil
}

// Close waits for running transactions and releases every connection.
func (s *Store) Close() error { return s.engine.close() }

// Engine is "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name() }

// Size is what the database occupies, in bytes.
func (s *Store) Size(ctx context.Context) (int64, error) { return s.engine.size(ctx) }

// Collaborative is the id by which tenant tables are scoped: 16 bytes.
type Collaborative = [16]byte

type insideTransaction struct{}

// errNested guards against a write inside a transaction, which on SQLite would
// wait for itself for ever.
var errNested = errors.New("store: a transaction was opened inside another")

// Read runs fn in a read-only snapshot of one collaborative.
func (s *Store) Read(ctx context.Context, c Collaborative, fn func(*Tx) error) error {
	return s.run(ctx, s.engine.read, c[:], func(ctx context.Context, e executor) error {
		return fn(&Tx{core: core{ctx: ctx, store: s, executor: e}, collaborative: c})
	})
}

// Write runs fn in a transaction of one collaborative as if it ran alone, and
// returns once the commit is durable. When fn fails nothing is kept.
func (s *Store) Write(ctx context.Context, c Collaborative, fn func(*Tx) error) error {
	return s.run(ctx, s.engine.write, c[:], func(ctx context.Context, e executor) error {
		return fn(&Tx{core: core{ctx: ctx, store: s, executor: e}, collaborative: c})
	})
}

// ReadInstallation runs fn in a read-only snapshot of the installation tables.
func (s *Store) ReadInstallation(ctx context.Context, fn func(*InstallationTx) error) error {
	return s.run(ctx, s.engine.read, nil, func(ctx context.Context, e executor) error {
		return fn(&InstallationTx{core{ctx: ctx, store: s, executor: e}})
	})
}

// LookInstallation is ReadInstallation for a single statement, which is a
// snapshot by itself: without a transaction around it, finding out who is
// calling costs one statement and not three. A second statement is refused.
func (s *Store) LookInstallation(ctx context.Context, fn func(*InstallationTx) error) error {
	open := func(ctx context.Context, _ []byte, fn func(executor) error) error { return s.engine.look(ctx, fn) }
	return s.run(ctx, open, nil, func(ctx context.Context, e executor) error {
		return fn(&InstallationTx{core{ctx: ctx, store: s, executor: &single{executor: e}}})
	})
}

// WriteInstallation is Write for the installation tables.
func (s *Store) WriteInstallation(ctx context.Context, fn func(*InstallationTx) error) error {
	return s.run(ctx, s.engine.write, nil, func(ctx context.Context, e executor) error {
		return fn(&InstallationTx{core{ctx: ctx, store: s, executor: e}})
	})
}

type transactor func(ctx context.Context, scope []byte, fn func(executor) error) error

func (s *Store) run(ctx context.Context, open transactor, scope []byte, fn func(context.Context, executor) error) error {
	if ctx.Value(insideTransaction{}) != nil {
		return errNested
	}
	inner := context.WithValue(ctx, insideTransaction{}, true)
	started := time.Now()
	err := open(ctx, scope, func(e executor) error { return fn(inner, e) })
	if took := time.Since(started); took > slowTransaction {
		s.log.WarnContext(ctx, "slow transaction", "took", took, "engine", s.engine.name())
	}
	return err
}

// slowTransaction is worth a line in the log: ordinary pages take a hundredth.
const slowTransaction = 500 * time.Millisecond

// FailWith makes statements fail, for tests: fn is asked before each one, and its
// error is the statement's. A nil fn ends it.
func (s *Store) FailWith(fn func(text string) error) {
	if fn == nil {
		s.fail.Store(nil)
		return
	}
	s.fail.Store(&fn)
}

// Statement is one SQL text that this process has run, and whether it ran
// inside a collaborative.
type Statement struct {
	SQL    string
	Tenant bool
}

// Statements lists every distinct statement run so far, so that a test can ask
// the engine for the plan of each.
func (s *Store) Statements() []Statement {
	var out []Statement
	s.statements.Range(func(text, tenant any) bool {
		out = append(out, Statement{SQL: text.(string), Tenant: tenant.(bool)})
		return true
	})
	return out
}

// check refuses a statement that forgets its tenant. It runs once per text; the
// static scan in internal/guard finds the same without running anything.
func (s *Store) check(text string, tenant bool) error {
	if _, seen := s.statements.Load(text); seen {
		return nil
	}
	if tenant && !strings.Contains(text, "collaborative_id") {
		return fmt.Errorf("store: statement without collaborative_id: %s", text)
	}
	if !tenant {
		for table := range s.tenants {
			if mentions(text, table) && !strings.Contains(text, "collaborative_id") {
				return fmt.Errorf("store: installation statement touches tenant table %s: %s", table, text)
			}
		}
	}
	s.statements.Store(text, tenant)
	return nil
}

// mentions says whether the SQL text names the table as a whole word.
func mentions(text, table string) bool {
	for rest := text; ; {
		at := strings.Index(rest, table)
		if at < 0 {
			return false
		}
		before := at == 0 || !isWord(rest[at-1])
		after := at+len(table) == len(rest) || !isWord(rest[at+len(table)])
		if before && after {
			return true
		}
		rest = rest[at+len(table):]
	}
}

func isWord(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}
