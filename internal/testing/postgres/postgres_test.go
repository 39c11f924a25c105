package postgres_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"commontable/internal/testing/postgres"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestDatabaseIsOwnedByAPlainRole(t *testing.T) {
	conn := connect(t, postgres.Start(t).Database(t))
	var super, bypass, owner bool
	err := conn.QueryRow(context.Background(), `
		SELECT r.rolsuper, r.rolbypassrls, d.datdba = r.oid
		FROM pg_roles r, pg_database d
		WHERE r.rolname = current_user AND d.datname = current_database()`).Scan(&super, &bypass, &owner)
	if err != nil {
		t.Fatal(err)
	}
	if super || bypass || !owner {
		t.Errorf("superuser %v, bypasses row security %v, owns the database %v", super, bypass, owner)
	}
	if _, err := conn.Exec(context.Background(), `CREATE TABLE fresh (id BIGINT PRIMARY KEY)`); err != nil {
		t.Errorf("the role cannot make a table: %v", err)
	}
}

func TestDatabasesAreSeparate(t *testing.T) {
	server := postgres.Start(t)
	one, two := server.Database(t), server.Database(t)
	if one == two {
		t.Fatal("two calls gave the same database")
	}
	if _, err := connect(t, one).Exec(context.Background(), `CREATE TABLE mine (id BIGINT)`); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := connect(t, two).QueryRow(context.Background(), `SELECT to_regclass('mine') IS NOT NULL`).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		t.Error("a table of one database shows in another")
	}
}

func TestDatabaseIsDroppedAtTheEnd(t *testing.T) {
	server := postgres.Start(t)
	var url string
	t.Run("inner", func(t *testing.T) { url = server.Database(t) })
	if conn, err := pgx.Connect(context.Background(), url); err == nil {
		_ = conn.Close(context.Background())
		t.Error("the database is still there after its test")
	}
}

// The order of the test database is a linguistic one, so that statements that
// lean on it are found.
func TestDefaultOrderIsLinguistic(t *testing.T) {
	conn := connect(t, postgres.Start(t).Database(t))
	var first string
	if err := conn.QueryRow(context.Background(), `SELECT n FROM (VALUES ('Zoe'), ('adam')) v(n) ORDER BY n`).Scan(&first); err != nil {
		t.Fatal(err)
	}
	if first != "adam" {
		t.Errorf("first of Zoe and adam is %q: the database orders by bytes", first)
	}
}

func TestStopRestartAndCrash(t *testing.T) {
	server := postgres.StartOwn(t, postgres.Durable())
	ctx := context.Background()
	url := server.Database(t)
	conn := connect(t, url)
	if _, err := conn.Exec(ctx, `CREATE TABLE kept (id BIGINT)`); err != nil {
		t.Fatal(err)
	}
	for i, end := range []func(testing.TB){server.Stop, server.Immediate} {
		conn := connect(t, url)
		if _, err := conn.Exec(ctx, `INSERT INTO kept VALUES ($1)`, i); err != nil {
			t.Fatal(err)
		}
		end(t)
		if _, err := pgx.Connect(ctx, url); err == nil {
			t.Error("a stopped server accepts a connection")
		}
		server.Resume(t)
	}
	server.Restart(t)
	var n int
	if err := connect(t, url).QueryRow(ctx, `SELECT count(*) FROM kept`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n != 2 {
		t.Errorf("%d rows after the restarts, want 2", n)
	}
}

func TestDisconnectEndsConnections(t *testing.T) {
	server := postgres.Start(t)
	url := server.Database(t)
	conn := connect(t, url)
	server.Disconnect(t, url)
	var one int
	if err := conn.QueryRow(context.Background(), `SELECT 1`).Scan(&one); err == nil {
		t.Error("the connection still works")
	}
	connect(t, url)
}

const childEnv = "COMMONTABLE_POSTGRES_TEST_CHILD"

// TestServerDiesWithItsTest starts this test binary once more, lets it make a
// server, kills it without warning and looks for what it left behind.
func TestServerDiesWithItsTest(t *testing.T) {
	if os.Getenv(childEnv) != "" {
		postgres.StartOwn(t)
		_, _ = os.Stdout.WriteString("ready\n")
		time.Sleep(time.Hour)
	}
	scratch, err := os.MkdirTemp("/tmp", "commontable-watch-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(scratch) })
	if err := os.Chmod(scratch, 0o755); err != nil {
		t.Fatal(err)
	}

	child := exec.Command(os.Args[0], "-test.run=^TestServerDiesWithItsTest$")
	child.Env = append(os.Environ(), childEnv+"=1", "TMPDIR="+scratch)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 6)
	if _, err := out.Read(line); err != nil || string(line) != "ready\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	pids, _ := filepath.Glob(scratch + "/*/data/postmaster.pid")
	if len(pids) != 1 {
		t.Fatalf("%d servers in the child's folder, want 1", len(pids))
	}
	text, err := os.ReadFile(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	pid, _, _ := strings.Cut(string(text), "\n")

	_ = child.Process.Kill()
	_ = child.Wait()
	for range 200 {
		left, _ := os.ReadDir(scratch)
		at, _ := os.Readlink("/proc/" + pid + "/cwd") // empty for a process that has ended, reaped or not
		if len(left) == 0 && !strings.HasPrefix(at, scratch) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("server %s or its files outlive the test process by ten seconds", pid)
}

// A filled database is used again, without the rows and by one test at a time.
func TestFilledIsUsedAgain(t *testing.T) {
	server, ctx, filled := postgres.Start(t), context.Background(), 0
	key := strings.ToLower(rand.Text())
	fill := func(url string) error {
		filled++
		conn := connect(t, url)
		_, err := conn.Exec(ctx, `CREATE TABLE steps (id BIGINT); INSERT INTO steps VALUES (1);
			CREATE TABLE rooms (id BIGINT PRIMARY KEY, place TEXT); CREATE TABLE chairs (id BIGINT PRIMARY KEY, room BIGINT NOT NULL REFERENCES rooms (id))`)
		return errors.Join(err, conn.Close(ctx))
	}
	use := func(t *testing.T, statements string) string {
		t.Helper()
		url := server.Filled(t, key, "steps", fill)
		conn := connect(t, url)
		var steps, rows int
		if err := conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM steps), (SELECT count(*) FROM rooms) + (SELECT count(*) FROM chairs)`).Scan(&steps, &rows); err != nil || steps != 1 || rows != 0 {
			t.Errorf("%d steps, %d rows of others, %v", steps, rows, err)
		}
		var told int
		if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND reltuples > 0`).Scan(&told); err != nil || told > 0 {
			t.Errorf("of %d tables and indexes there are statistics of another test, %v", told, err)
		}
		if _, err := conn.Exec(ctx, statements); err != nil {
			t.Errorf("the role cannot do what its owner may: %v", err)
		}
		return url
	}
	t.Run("enlarged", func(t *testing.T) {
		server.Enlarge(t, use(t, `INSERT INTO rooms VALUES (1); INSERT INTO chairs VALUES (1, 1)`))
	})
	for _, statements := range []string{
		`INSERT INTO rooms VALUES (1); INSERT INTO chairs VALUES (1, 1)`,
		`INSERT INTO rooms SELECT n, repeat('x', 100) FROM generate_series(1, 10000) n; INSERT INTO chairs VALUES (1, 1)`,
		`BEGIN; INSERT INTO rooms VALUES (1); LOCK TABLE rooms`, // and goes without an end
		`SELECT 1`,
	} {
		t.Run("again", func(t *testing.T) { use(t, statements) })
	}
	if filled != 1 {
		t.Errorf("filled %d times", filled)
	}
	one, other := use(t, "SELECT 1"), use(t, "SELECT 1")
	if one == other || filled != 2 {
		t.Errorf("two at once have the same database, filled %d times", filled)
	}
}

// What a test did to the tables themselves does not reach the next, and nor does what a
// killed one left half full.
func TestChangedTablesAreMadeAnew(t *testing.T) {
	server, ctx, filled := postgres.Start(t), context.Background(), 0
	key := strings.ToLower(rand.Text())
	fill := func(url string) error {
		filled++
		conn := connect(t, url)
		_, err := conn.Exec(ctx, `CREATE TABLE rooms (id BIGINT, place TEXT)`)
		return errors.Join(err, conn.Close(ctx))
	}
	if _, err := connect(t, server.AdminURL()).Exec(ctx, `CREATE DATABASE ct_`+key+`_half`); err != nil {
		t.Fatal(err)
	}
	changes := []string{
		`SELECT 1`,
		`ALTER TABLE rooms ADD COLUMN floor BIGINT`,
		`CREATE INDEX ON rooms (id)`,
		`DROP TABLE rooms`,
		`ALTER TABLE rooms ENABLE ROW LEVEL SECURITY`,
		`CREATE POLICY few ON rooms USING (id < 3)`,
		`ALTER TABLE rooms ALTER COLUMN id SET NOT NULL`,
		`ALTER TABLE rooms ALTER COLUMN id SET DEFAULT 3`,
		`CREATE SCHEMA other`,
		`ALTER TABLE rooms ADD CHECK (id < 9)`,
	}
	for n, change := range changes {
		t.Run(change, func(t *testing.T) {
			conn := connect(t, server.Filled(t, key, "none", fill))
			if want := max(n, 1); filled != want {
				t.Errorf("filled %d times, want %d", filled, want)
			}
			if _, err := conn.Exec(ctx, change); err != nil {
				t.Error(err)
			}
		})
	}
}

// A copy has everything, belongs to its own role, and leaves the original as it was.
func TestLike(t *testing.T) {
	server, ctx := postgres.Start(t), context.Background()
	var original string
	var drop func() error
	t.Run("made", func(t *testing.T) {
		original, drop = server.Lasting(t)
		if _, err := connect(t, original).Exec(ctx, `CREATE TABLE rooms (id BIGINT); ALTER TABLE rooms ENABLE ROW LEVEL SECURITY; ALTER TABLE rooms FORCE ROW LEVEL SECURITY;
			CREATE POLICY few ON rooms USING (id < 3); INSERT INTO rooms VALUES (1), (2)`); err != nil {
			t.Fatal(err)
		}
	})
	for range 2 {
		t.Run("copied", func(t *testing.T) {
			conn := connect(t, server.Like(t, original))
			var rooms int
			if err := conn.QueryRow(ctx, `SELECT count(*) FROM rooms`).Scan(&rooms); err != nil || rooms != 2 {
				t.Errorf("%d rooms, %v", rooms, err)
			}
			if _, err := conn.Exec(ctx, `INSERT INTO rooms VALUES (3)`); err == nil {
				t.Error("row-level security was not copied, or does not bind the owner")
			}
			if _, err := conn.Exec(ctx, `DELETE FROM rooms; DROP TABLE rooms`); err != nil {
				t.Errorf("the copy's role may not change it: %v", err)
			}
		})
	}
	t.Run("the original", func(t *testing.T) {
		if _, err := connect(t, original).Exec(ctx, `DROP TABLE rooms`); err != nil {
			t.Error(err)
		}
	})
	if err := drop(); err != nil {
		t.Error(err)
	}
}
