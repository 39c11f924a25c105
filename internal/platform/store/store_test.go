package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"commontable/internal/platform/store"
	"commontable/internal/testing/postgres"
)

// The tables of the suite, in the dialect of real migrations.
const suiteSchema = `
CREATE TABLE places (
	id BYTEA NOT NULL PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);
CREATE TABLE things (
	collaborative_id BYTEA NOT NULL,
	id BYTEA NOT NULL,
	name TEXT NOT NULL,
	n BIGINT NOT NULL,
	flag BOOLEAN NOT NULL,
	at BIGINT,
	about JSONB NOT NULL,
	weight DOUBLE PRECISION NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	UNIQUE (collaborative_id, name)
);
CREATE INDEX things_n ON things (collaborative_id, n, id);
CREATE TABLE parts (
	collaborative_id BYTEA NOT NULL,
	id BYTEA NOT NULL,
	thing_id BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, thing_id) REFERENCES things (collaborative_id, id)
);
`

func suiteMigrations() fstest.MapFS {
	return fstest.MapFS{"0001_suite.sql": {Data: []byte(suiteSchema)}}
}

// engines runs a test against every engine the product supports.
func engines(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "test.db")
		test(t, func() *store.Store { return open(t, store.Config{Path: path, Migrations: suiteMigrations()}) })
	})
	t.Run("postgres", func(t *testing.T) {
		url := postgres.Start(t).Database(t)
		test(t, func() *store.Store { return open(t, store.Config{URL: url, Migrations: suiteMigrations()}) })
	})
}

func open(t *testing.T, cfg store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return s
}

var (
	ctx  = context.Background()
	here = store.Collaborative{1}
	away = store.Collaborative{2}
)

func key(n int) []byte { return []byte(fmt.Sprintf("%016d", n)) }

const insertThing = `INSERT INTO things (collaborative_id, id, name, n, flag, at, about, weight) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func addThing(tx *store.Tx, n int, name string) error {
	_, err := tx.Exec(insertThing, key(n), name, n, n%2 == 0, store.Micros(time.UnixMicro(int64(n))), store.JSON(map[string]int{"n": n}), 0.5)
	return err
}

func mustWrite(t *testing.T, s *store.Store, c store.Collaborative, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(ctx, c, fn); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, s *store.Store, c store.Collaborative) []string {
	t.Helper()
	var out []string
	if err := s.Read(ctx, c, func(tx *store.Tx) (err error) {
		out, err = store.Collect(tx, func(row store.Row) (n string, err error) { return n, row.Scan(&n) },
			`SELECT name FROM things WHERE collaborative_id = $1 ORDER BY name`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		at := time.Date(2026, 11, 22, 9, 30, 0, 123456000, time.UTC)
		mustWrite(t, s, here, func(tx *store.Tx) error {
			_, err := tx.Exec(insertThing, key(1), "Łódź ’ \" ; -- ñ", int64(-1<<62), true, store.Micros(at), store.JSON([]string{"a", "é"}), 1.0/3)
			return err
		})
		type thing struct {
			id      []byte
			name    string
			n       int64
			flag    bool
			at      time.Time
			about   []string
			weight  float64
			nothing string
		}
		var got thing
		if err := s.Read(ctx, here, func(tx *store.Tx) (err error) {
			got, err = store.One(tx, func(row store.Row) (x thing, err error) {
				return x, row.Scan(&x.id, &x.name, &x.n, &x.flag, store.ScanTime(&x.at), store.ScanJSON(&x.about), &x.weight, store.ScanText(&x.nothing))
			}, `SELECT id, name, n, flag, at, about, weight, CAST(NULL AS TEXT) FROM things WHERE collaborative_id = $1 AND flag = TRUE`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.id, key(1)) || got.name != "Łódź ’ \" ; -- ñ" || got.n != -1<<62 || !got.flag || !got.at.Equal(at) ||
			!slices.Equal(got.about, []string{"a", "é"}) || got.weight != 1.0/3 || got.nothing != "" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestFailureKeepsNothing(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		stop := errors.New("stop")
		err := s.Write(ctx, here, func(tx *store.Tx) error {
			if err := addThing(tx, 1, "one"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("error = %v, want the function's own", err)
		}
		if got := names(t, s, here); got != nil {
			t.Errorf("kept %v", got)
		}
	})
}

func TestATenantSeesOnlyItself(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 1, "here") })
		mustWrite(t, s, away, func(tx *store.Tx) error { return addThing(tx, 1, "away") })
		if got := names(t, s, here); !slices.Equal(got, []string{"here"}) {
			t.Errorf("here sees %v", got)
		}
		err := s.Read(ctx, here, func(tx *store.Tx) error {
			_, err := store.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "without collaborative_id") {
			t.Errorf("a statement without its tenant gave %v", err)
		}
		err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
			_, err := store.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "tenant table") {
			t.Errorf("an installation statement on a tenant's table gave %v", err)
		}
	})
}

// PostgreSQL keeps tenants apart even where a statement would not.
func TestRowLevelSecurity(t *testing.T) {
	s := open(t, store.Config{URL: postgres.Start(t).Database(t), Migrations: suiteMigrations()})
	mustWrite(t, s, away, func(tx *store.Tx) error { return addThing(tx, 1, "away") })
	const any = `SELECT COUNT(*) FROM things WHERE collaborative_id IS NOT NULL AND CAST($1 AS BYTEA) IS NOT NULL`
	for name, read := range map[string]func(store.Querier) error{
		"reading": func(tx store.Querier) error {
			n, err := store.Value[int64](tx, any)
			if err == nil && n != 0 {
				return fmt.Errorf("saw %d rows of another collaborative", n)
			}
			return err
		},
		"writing": func(tx store.Querier) error {
			n, err := tx.Exec(`UPDATE things SET n = 7 WHERE collaborative_id IS NOT NULL AND CAST($1 AS BYTEA) IS NOT NULL`)
			if err == nil && n != 0 {
				return fmt.Errorf("changed %d rows of another collaborative", n)
			}
			return err
		},
	} {
		if err := s.Write(ctx, here, func(tx *store.Tx) error { return read(tx) }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := s.Write(ctx, here, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO parts (collaborative_id, id, thing_id) VALUES ($2, $2, $1)`, away[:])
		return err
	})
	if err == nil {
		t.Error("a row of another collaborative could be inserted")
	}
}

func TestKindsOfFailure(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 1, "one") })
		for want, write := range map[error]func(tx *store.Tx) error{
			store.ErrUnique: func(tx *store.Tx) error { return addThing(tx, 2, "one") },
			store.ErrReference: func(tx *store.Tx) error {
				_, err := tx.Exec(`INSERT INTO parts (collaborative_id, id, thing_id) VALUES ($1, $2, $3)`, key(1), key(9))
				return err
			},
			store.ErrNotFound: func(tx *store.Tx) error {
				_, err := store.Value[string](tx, `SELECT name FROM things WHERE collaborative_id = $1 AND id = $2`, key(9))
				return err
			},
		} {
			if err := s.Write(ctx, here, write); !errors.Is(err, want) {
				t.Errorf("error = %v, want %v", err, want)
			}
		}
	})
}

func TestListsAndBuilder(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		mustWrite(t, s, here, func(tx *store.Tx) error {
			for n := range 20 {
				if err := addThing(tx, n, fmt.Sprintf("t%02d", n)); err != nil {
					return err
				}
			}
			return nil
		})
		for _, want := range [][]int{{}, {3}, {1, 2, 3}, {4, 5, 6, 7, 8}} {
			q := store.Select(`SELECT n FROM things WHERE collaborative_id = $1`)
			q.Where(`n IN (?)`, store.In(want))
			q.Where(`name >= ?`, "t")
			q.Add(` ORDER BY n LIMIT ?`, 10)
			text, args := q.SQL()
			var got []int
			if err := s.Read(ctx, here, func(tx *store.Tx) (err error) {
				got, err = store.Collect(tx, func(row store.Row) (n int, err error) { return n, row.Scan(&n) }, text, args...)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("IN %v found %v", want, got)
			}
		}
	})
}

// Order is by bytes on both engines, whatever the database's locale.
// Many rows inserted together are each there once, whatever their number, and one
// that fails takes the others with it.
func TestManyRowsTogether(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		const insert = `INSERT INTO things (collaborative_id, id, name, n, flag, about, weight) VALUES ($1, $2, $3, $4, TRUE, '{}', 0)`
		want := 0
		for _, n := range []int{0, 1, 3, 16, 31, 100} {
			var rows [][]any
			for range n {
				rows = append(rows, []any{key(want), fmt.Sprintf("thing %d", want), int64(want)})
				want++
			}
			mustWrite(t, s, here, func(tx *store.Tx) error { return tx.ExecRows(insert, rows) })
		}
		if got := names(t, s, here); len(got) != want {
			t.Errorf("%d rows, want %d", len(got), want)
		}
		err := s.Write(ctx, here, func(tx *store.Tx) error {
			return tx.ExecRows(insert, [][]any{{key(1000), "fresh", int64(1)}, {key(0), "again", int64(2)}})
		})
		if !errors.Is(err, store.ErrUnique) {
			t.Errorf("error = %v, want ErrUnique", err)
		}
		for _, text := range []string{`DELETE FROM things WHERE collaborative_id = $1`, `INSERT INTO things (collaborative_id, id) VALUES ($1, $9)`} {
			if err := s.Write(ctx, here, func(tx *store.Tx) error { return tx.ExecRows(text, [][]any{{key(1)}}) }); err == nil {
				t.Errorf("accepted %s", text)
			}
		}
		if got := names(t, s, here); len(got) != want {
			t.Errorf("%d rows afterwards, want %d", len(got), want)
		}
	})
}

func TestOrderIsByBytes(t *testing.T) {
	words := []string{"B", "a", "Z", "é", "z", "_", "10", "9", "ñ", " "}
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		mustWrite(t, s, here, func(tx *store.Tx) error {
			for n, word := range words {
				if err := addThing(tx, n, word); err != nil {
					return err
				}
			}
			return nil
		})
		want := slices.Clone(words)
		slices.Sort(want)
		if got := names(t, s, here); !slices.Equal(got, want) {
			t.Errorf("order %q, want %q", got, want)
		}
	})
}

// Many writers add to one row: each addition that was acknowledged is there.
func TestNoLostUpdate(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 0, "counter") })
		const writers, each = 8, 25
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range each {
					err := s.Write(ctx, here, func(tx *store.Tx) error {
						n, err := store.Value[int64](tx, `SELECT n FROM things WHERE collaborative_id = $1 AND id = $2`, key(0))
						if err != nil {
							return err
						}
						_, err = tx.Exec(`UPDATE things SET n = $3 WHERE collaborative_id = $1 AND id = $2`, key(0), n+1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if err := s.Read(ctx, here, func(tx *store.Tx) error {
			n, err := store.Value[int64](tx, `SELECT n FROM things WHERE collaborative_id = $1 AND id = $2`, key(0))
			if n != writers*each {
				t.Errorf("counter is %d after %d additions", n, writers*each)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

// One caller's failure or panic leaves the others of its commit alone.
func TestCallersOfOneCommitAreSeparate(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		var wg sync.WaitGroup
		for n := range 60 {
			wg.Go(func() {
				defer func() {
					if v := recover(); (v != nil) != (n%3 == 2) {
						t.Errorf("caller %d: panic %v", n, v)
					}
				}()
				err := s.Write(ctx, here, func(tx *store.Tx) error {
					if err := addThing(tx, n, fmt.Sprint("thing ", n)); err != nil {
						return err
					}
					switch n % 3 {
					case 1:
						return errors.New("no")
					case 2:
						panic("oh")
					}
					return nil
				})
				if (err != nil) != (n%3 == 1) {
					t.Errorf("caller %d: %v", n, err)
				}
			})
		}
		wg.Wait()
		if got := names(t, s, here); len(got) != 20 {
			t.Errorf("%d of the 20 good ones are there: %v", len(got), got)
		}
	})
}

func TestASnapshotDoesNotMove(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		err := s.Read(ctx, here, func(tx *store.Tx) error {
			count := func() int64 {
				n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM things WHERE collaborative_id = $1`)
				if err != nil {
					t.Error(err)
				}
				return n
			}
			before := count()
			mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 1, "one") })
			if after := count(); after != before {
				t.Errorf("the snapshot grew from %d to %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestACancelledCallerWritesNothing(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.Write(gone, here, func(tx *store.Tx) error { return addThing(tx, 1, "one") }); err == nil {
			t.Error("no error")
		}
		if got := names(t, s, here); got != nil {
			t.Errorf("wrote %v", got)
		}
		mustWrite(t, s, here, func(tx *store.Tx) error { return addThing(tx, 2, "two") })
	})
}

// A look is one query: it reads what is committed, and neither a second query nor
// a change gets through.
func TestALookIsOneQuery(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		one := func(tx *store.InstallationTx) error {
			_, err := store.Value[int64](tx, `SELECT CAST(COUNT(*) AS BIGINT) FROM schema_migrations`)
			return err
		}
		if err := s.LookInstallation(ctx, one); err != nil {
			t.Error(err)
		}
		if err := s.LookInstallation(ctx, func(tx *store.InstallationTx) error { return errors.Join(one(tx), one(tx)) }); err == nil {
			t.Error("a second query got through")
		}
		if err := s.LookInstallation(ctx, func(tx *store.InstallationTx) error {
			_, err := tx.Exec(`DELETE FROM schema_migrations`)
			return err
		}); err == nil {
			t.Error("a change got through")
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.LookInstallation(gone, one); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller who has gone got %v", err)
		}
	})
}

func TestNestedTransactionsAreRefused(t *testing.T) {
	engines(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		err := s.Write(ctx, here, func(tx *store.Tx) error {
			return s.Write(tx.Context(), here, func(tx *store.Tx) error { return nil })
		})
		if err == nil || !strings.Contains(err.Error(), "inside another") {
			t.Errorf("error = %v", err)
		}
	})
}

func TestReadsCannotWrite(t *testing.T) {
	s := open(t, store.Config{URL: postgres.Start(t).Database(t), Migrations: suiteMigrations()})
	if err := s.Read(ctx, here, func(tx *store.Tx) error { return addThing(tx, 1, "one") }); err == nil {
		t.Error("a read wrote")
	}
}
