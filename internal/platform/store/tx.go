package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// executor runs prepared text on one connection inside one transaction.
type executor interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
	exec(ctx context.Context, text string, args []any) (sql.Result, error)
}

// single refuses a second statement, which might see another state than the
// first, and every change.
type single struct {
	executor
	used bool
}

var errSingle = errors.New("store: more than one query where a single one was promised")

func (s *single) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if s.used {
		return nil, errSingle
	}
	s.used = true
	return s.executor.query(ctx, text, args)
}

func (s *single) exec(context.Context, string, []any) (sql.Result, error) { return nil, errSingle }

type core struct {
	ctx      context.Context
	store    *Store
	executor executor
}

// Context is the context of the transaction.
func (c core) Context() context.Context { return c.ctx }

// Tx is a transaction that sees one collaborative. Its methods bind $1 to the
// collaborative's id; the caller's arguments begin at $2. A statement that does
// not name collaborative_id is refused.
type Tx struct {
	core
	collaborative Collaborative
	held          *held
}

// Collaborative is the id this transaction is scoped to.
func (tx *Tx) Collaborative() Collaborative { return tx.collaborative }

// Installation gives access to the installation tables within the same
// transaction, for the few operations that change both (an invitation, say).
func (tx *Tx) Installation() *InstallationTx { return &InstallationTx{tx.core} }

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(text string, args ...any) (int64, error) {
	return tx.core.exec(text, tx.scoped(args), true)
}

func (tx *Tx) query(text string, args []any) (*sql.Rows, error) {
	return tx.core.rows(text, tx.scoped(args), true)
}

func (tx *Tx) scoped(args []any) []any {
	out := make([]any, 0, len(args)+1)
	return append(append(out, tx.collaborative[:]), args...)
}

// InstallationTx is a transaction over the tables that belong to no single
// collaborative: accounts, sessions, jobs. Arguments begin at $1.
type InstallationTx struct{ core }

// Exec runs a statement and returns how many rows it changed.
func (tx *InstallationTx) Exec(text string, args ...any) (int64, error) {
	return tx.core.exec(text, args, false)
}

func (tx *InstallationTx) query(text string, args []any) (*sql.Rows, error) {
	return tx.core.rows(text, args, false)
}

func (c core) exec(text string, args []any, tenant bool) (int64, error) {
	text, args, err := c.prepare(text, args, tenant)
	if err != nil {
		return 0, err
	}
	result, err := c.executor.exec(c.ctx, text, args)
	if err != nil {
		return 0, classify(err)
	}
	return result.RowsAffected()
}

func (c core) rows(text string, args []any, tenant bool) (*sql.Rows, error) {
	text, args, err := c.prepare(text, args, tenant)
	if err != nil {
		return nil, err
	}
	rows, err := c.executor.query(c.ctx, text, args)
	if err != nil {
		return nil, classify(err)
	}
	return rows, nil
}

func (c core) prepare(text string, args []any, tenant bool) (string, []any, error) {
	text, args, err := expand(text, args)
	if err != nil {
		return "", nil, err
	}
	if err := c.store.check(text, tenant); err != nil {
		return "", nil, err
	}
	if fail := c.store.fail.Load(); fail != nil {
		err = (*fail)(text)
	}
	return text, args, err
}

// Querier is either kind of transaction.
type Querier interface {
	Exec(text string, args ...any) (int64, error)
	Context() context.Context
	query(text string, args []any) (*sql.Rows, error)
}

// Row is one row of a result.
type Row interface{ Scan(dest ...any) error }

// Each calls fn for every row in order and stops at the first error.
func Each(tx Querier, fn func(Row) error, text string, args ...any) (err error) {
	rows, err := tx.query(text, args)
	if err != nil {
		return err
	}
	defer func() {
		if closing := rows.Close(); err == nil && closing != nil {
			err = classify(closing)
		}
	}()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return classify(rows.Err())
}

// Collect returns every row, read by scan; nil when there are none.
func Collect[T any](tx Querier, scan func(Row) (T, error), text string, args ...any) ([]T, error) {
	var out []T
	err := Each(tx, func(row Row) error {
		value, err := scan(row)
		if err == nil {
			out = append(out, value)
		}
		return err
	}, text, args...)
	return out, err
}

// One returns the first row, or ErrNotFound.
func One[T any](tx Querier, scan func(Row) (T, error), text string, args ...any) (T, error) {
	var out T
	found := false
	err := Each(tx, func(row Row) (err error) {
		if !found {
			out, err = scan(row)
			found = true
		}
		return err
	}, text, args...)
	if err == nil && !found {
		err = ErrNotFound
	}
	return out, err
}

// Value reads a single column of a single row, or returns ErrNotFound.
func Value[T any](tx Querier, text string, args ...any) (T, error) {
	return One(tx, func(row Row) (v T, err error) { return v, row.Scan(&v) }, text, args...)
}

// In is an argument that stands for a list: in "id IN ($2)" a List of three
// expands to three placeholders. An empty list matches nothing.
type List []any

// In makes a List of values.
func In[T any](values []T) List {
	out := make(List, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// expand replaces the placeholder of each List by as many placeholders as it
// has values, rounded up to a power of two by repeating the last value so that
// few distinct texts need preparing.
func expand(text string, args []any) (string, []any, error) {
	first := -1
	for i, a := range args {
		if _, ok := a.(List); ok {
			first = i
			break
		}
	}
	plain := make([]any, len(args), len(args)+8)
	if first < 0 {
		for i, a := range args {
			v, err := plainValue(a)
			if err != nil {
				return "", nil, fmt.Errorf("store: argument $%d: %w", i+1, err)
			}
			plain[i] = v
		}
		return text, plain, nil
	}
	for i, a := range args {
		list, ok := a.(List)
		if !ok {
			v, err := plainValue(a)
			if err != nil {
				return "", nil, fmt.Errorf("store: argument $%d: %w", i+1, err)
			}
			plain[i] = v
			continue
		}
		// The list's own placeholder keeps its number for the first value.
		want := 1
		for want < len(list) {
			want *= 2
		}
		var b strings.Builder
		b.WriteString("$" + strconv.Itoa(i+1))
		for k := range want {
			var value any
			if len(list) > 0 {
				v, err := plainValue(list[min(k, len(list)-1)])
				if err != nil {
					return "", nil, fmt.Errorf("store: argument $%d: %w", i+1, err)
				}
				value = v
			}
			if k == 0 {
				plain[i] = value
				continue
			}
			plain = append(plain, value)
			b.WriteString(", $" + strconv.Itoa(len(plain)))
		}
		text = strings.ReplaceAll(text, "($"+strconv.Itoa(i+1)+")", "("+b.String()+")")
	}
	return text, plain, nil
}

// plainValue turns an argument into one of the driver's own types, so that both
// engines receive exactly the same.
func plainValue(a any) (any, error) { return driver.DefaultParameterConverter.ConvertValue(a) }

// Micros is an instant as stored: microseconds since 1970 UTC; the zero time is
// NULL.
func Micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// ScanTime reads a stored instant into t, in UTC; NULL is the zero time.
func ScanTime(t *time.Time) sql.Scanner { return (*instant)(t) }

// instant and text are pointers under another name rather than closures: a page
// of a list reads hundreds of them.
type instant time.Time

// Scan implements sql.Scanner.
func (t *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = instant{}
	case int64:
		*t = instant(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("store: an instant is not a %T", src)
	}
	return nil
}

// Text is a string argument that is NULL when empty.
func Text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// ScanText reads a string; NULL is "".
func ScanText(s *string) sql.Scanner { return (*text)(s) }

type text string

// Scan implements sql.Scanner.
func (t *text) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = ""
	case string:
		*t = text(v)
	case []byte:
		*t = text(v)
	default:
		return fmt.Errorf("store: text is not a %T", src)
	}
	return nil
}

// JSON writes a value as JSON text.
func JSON(v any) driver.Valuer { return jsonValue{v} }

type jsonValue struct{ v any }

// Value marshals; a failure surfaces as the statement's error.
func (j jsonValue) Value() (driver.Value, error) {
	raw, err := json.Marshal(j.v)
	return string(raw), err
}

// ScanJSON reads JSON text into v, a pointer; NULL leaves v as it is.
func ScanJSON(v any) sql.Scanner {
	return scanner(func(src any) error {
		switch raw := src.(type) {
		case nil:
			return nil
		case string:
			return json.Unmarshal([]byte(raw), v)
		case []byte:
			return json.Unmarshal(raw, v)
		}
		return fmt.Errorf("store: JSON is not a %T", src)
	})
}

type scanner func(src any) error

// Scan implements sql.Scanner.
func (s scanner) Scan(src any) error { return s(src) }
