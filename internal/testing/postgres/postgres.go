// Package postgres gives tests a real PostgreSQL server, made from the
// binaries of this system.
//
// The server listens on the loopback interface only, on a port of its own, and
// never runs as root. A small watcher process removes it together with its
// files when the test process ends, in whatever way it ends. A test never
// skips for want of PostgreSQL: it fails and says what to install.
package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the environment variable that holds the superuser URL of a running
// server. When it is set, Start uses that server instead of making one.
const Env = "COMMONTABLE_TEST_POSTGRES"

// callTimeout bounds every single step against a server.
const callTimeout = 60 * time.Second

// Server is a PostgreSQL server that tests may create databases on.
type Server struct {
	admin string   // superuser URL
	own   *cluster // nil when somebody else runs the server
	alone bool     // true when a single test holds the server, so that it may be stopped
}

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Start returns the server all tests of this binary share, making it at the
// first call. It loses its data on a crash (fsync is off): tests of faults use
// StartOwn.
func Start(t testing.TB) *Server {
	t.Helper()
	shared.once.Do(func() {
		if running := os.Getenv(Env); running != "" {
			shared.server = &Server{admin: running}
			return
		}
		own, err := newCluster(settings{})
		if err != nil {
			shared.err = err
			return
		}
		shared.server = &Server{admin: own.adminURL(), own: own}
	})
	if shared.err != nil {
		t.Fatalf("postgres: %v", shared.err)
	}
	return shared.server
}

// Option changes how StartOwn sets up a server.
type Option func(*settings)

// Durable makes the server keep what it acknowledged through a crash: fsync,
// synchronous commit and full page writes are on.
func Durable() Option { return func(s *settings) { s.durable = true } }

// Set gives one server setting, as in postgresql.conf.
func Set(name, value string) Option {
	return func(s *settings) { s.extra = append(s.extra, [2]string{name, value}) }
}

// StartOwn makes a server for this test alone, which may stop, restart and
// crash it. It is removed when the test ends.
func StartOwn(t testing.TB, options ...Option) *Server {
	t.Helper()
	var s settings
	for _, option := range options {
		option(&s)
	}
	own, err := newCluster(s)
	if err != nil {
		t.Fatalf("postgres: %v", err)
	}
	t.Cleanup(own.remove)
	return &Server{admin: own.adminURL(), own: own, alone: true}
}

// AdminURL returns the URL of the superuser on the maintenance database.
func (s *Server) AdminURL() string { return s.admin }

// Database makes an empty database and returns its URL. The role in the URL
// owns the database and nothing else: it is no superuser and cannot bypass
// row-level security. Both are dropped when the test ends.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := "ct_" + random()
	t.Cleanup(func() { s.drop(t, name) })
	return s.database(t, name)
}

// database makes an empty database and the role that owns it.
func (s *Server) database(t testing.TB, name string) string {
	t.Helper()
	password := random()
	s.admins(t,
		fmt.Sprintf(`CREATE ROLE %s LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '%s'`, name, password),
		fmt.Sprintf(`CREATE DATABASE %s OWNER %s`, name, name),
		fmt.Sprintf(`REVOKE ALL ON DATABASE %s FROM PUBLIC`, name),
	)
	return s.url(t, name, url.UserPassword(name, password))
}

// url is the address of a database, for the superuser when there is no user.
func (s *Server) url(t testing.TB, database string, user *url.Userinfo) string {
	t.Helper()
	u, err := url.Parse(s.admin)
	if err != nil {
		t.Fatalf("postgres: the server's URL: %v", err)
	}
	if user != nil {
		u.User = user
	}
	u.Path = "/" + database
	return u.String()
}

// Enlarge makes the planner take every table of the database that is not empty,
// and every index, for a million rows, so that its plans are those of a large
// installation.
func (s *Server) Enlarge(t testing.TB, database string) {
	t.Helper()
	admin, err := url.Parse(s.admin)
	if err != nil {
		t.Fatalf("postgres: the server's URL: %v", err)
	}
	of, err := url.Parse(database)
	if err != nil {
		t.Fatalf("postgres: the database's URL: %v", err)
	}
	admin.Path = of.Path
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin.String())
	if err != nil {
		t.Fatalf("postgres: connect: %v", err)
	}
	// How values are spread is taken from what is there. The planner multiplies
	// the rows a page held last by the pages there are.
	_, err = conn.Exec(ctx, `DO $$ DECLARE name text; BEGIN
		FOR name IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 LOOP
			EXECUTE 'ANALYZE ' || name;
		END LOOP;
		UPDATE pg_class SET relpages = 1, reltuples = 1000000
			WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND pg_relation_size(oid) > 0;
		END $$`)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		t.Fatalf("postgres: enlarging: %v", err)
	}
}

// Disconnect ends every connection to the database behind the URL, as a server
// does that fails over.
func (s *Server) Disconnect(t testing.TB, database string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatalf("postgres: the database's URL: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		t.Fatalf("postgres: connect: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, u.Path[1:])
	if err != nil {
		t.Fatalf("postgres: disconnect: %v", err)
	}
}

// Stop shuts the server down in good order: open transactions are rolled back.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.mustBeAlone(t)
	if err := s.own.stop(fast); err != nil {
		t.Fatalf("postgres: stop: %v", err)
	}
}

// Immediate stops the server as a crash does: nothing is written out, and the
// next start recovers from the log.
func (s *Server) Immediate(t testing.TB) {
	t.Helper()
	s.mustBeAlone(t)
	if err := s.own.stop(immediate); err != nil {
		t.Fatalf("postgres: immediate stop: %v", err)
	}
}

// Resume starts a stopped server again, on the same port with the same data.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.mustBeAlone(t)
	if err := s.own.start(); err != nil {
		t.Fatalf("postgres: resume: %v", err)
	}
}

// Restart is Stop and Resume.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop(t)
	s.Resume(t)
}

func (s *Server) mustBeAlone(t testing.TB) {
	t.Helper()
	if !s.alone {
		t.Fatal("postgres: this server is shared with other tests and must keep running; use postgres.StartOwn")
	}
}

// drop removes a database and its role. A server that is down at the end of
// its test is about to be removed as a whole.
func (s *Server) drop(t testing.TB, name string) {
	if s.own != nil && !s.own.running() {
		return
	}
	s.admins(t, fmt.Sprintf(`DROP DATABASE IF EXISTS %s WITH (FORCE)`, name), fmt.Sprintf(`DROP ROLE IF EXISTS %s`, name))
}

// admins runs statements as the superuser. Their only variable parts are names
// and passwords made by random, and the keys of Filled.
func (s *Server) admins(t testing.TB, statements ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		t.Fatalf("postgres: connect: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Fatalf("postgres: %.40s…: %v", statement, err)
		}
	}
}

// Use makes a server, calls run with its superuser URL and removes the server.
// It is for programs that start tests; tests call Start.
func Use(run func(admin string) error) error {
	own, err := newCluster(settings{})
	if err != nil {
		return err
	}
	defer own.remove()
	return run(own.adminURL())
}

// random returns letters and digits that are safe inside a statement.
func random() string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	b := make([]byte, 20)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = letters[b[i]%32]
	}
	return string(b)
}
