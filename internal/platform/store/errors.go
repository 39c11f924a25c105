package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The kinds of failure a caller may want to tell apart. Every error of this
// package that has one of these causes wraps it.
var (
	ErrNotFound    = errors.New("store: not found")
	ErrUnique      = errors.New("store: already exists")
	ErrReference   = errors.New("store: refers to something missing")
	ErrFull        = errors.New("store: the disk is full")
	ErrBusy        = errors.New("store: the database is locked")
	ErrStale       = errors.New("store: what was read has changed since")
	ErrUnavailable = errors.New("store: the database cannot be reached")
	ErrCorrupt     = errors.New("store: the database file is damaged or not a database")
	ErrUnknown     = errors.New("store: the connection broke during commit; the change may or may not be stored")
)

// classify wraps an engine's error in the kind it belongs to.
func classify(err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

func kindOf(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return sqliteKind(lite.Code())
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresKind(pg.Code)
	}
	var network net.Error
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed") || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, net.ErrClosed) || (errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded)) {
		return ErrUnavailable
	}
	return nil
}

func sqliteKind(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrUnique
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrReference
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return ErrCorrupt
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return ErrUnavailable
	}
	return nil
}

func postgresKind(code string) error {
	switch {
	case code == "23505":
		return ErrUnique
	case code == "23503":
		return ErrReference
	case code == "53100":
		return ErrFull
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "53"):
		return ErrUnavailable
	}
	return nil
}

// retryable says whether running the same transaction again may succeed. Whoever
// reads first and then writes what must be there once says ErrStale when another was
// quicker.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, ErrStale) || errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
