package postgres

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Filled is Database with the tables that fill makes in one. Making them takes longer
// than most tests, so such a database stays on the server when its test ends, and the
// next test that asks for the same key empties and takes it; of any one database there
// is one user at a time. Only the rows of the table keep remain. One whose tables
// themselves a test has changed is dropped.
//
// The key says what is in it, in small letters and digits. A server that others run
// keeps as many databases for a key as tests ran at once.
func (s *Server) Filled(t testing.TB, key, keep string, fill func(url string) error) string {
	t.Helper()
	// The session holds the lock that says whose the database is, also for those who
	// are killed.
	ctx := context.Background()
	session, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		t.Fatalf("postgres: connect: %v", err)
	}
	t.Cleanup(func() { _ = session.Close(ctx) })

	prefix := "ct_" + key + "_"
	rows, _ := session.Query(ctx, `SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname`, prefix)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("postgres: looking for databases: %v", err)
	}
	for _, name := range names {
		if !taken(t, session, name) {
			continue
		}
		password := random()
		if s.empty(t, name, keep) {
			s.admins(t, fmt.Sprintf(`ALTER ROLE %s PASSWORD '%s'`, name, password))
			return s.url(t, name, url.UserPassword(name, password))
		}
		s.drop(t, name)
		if _, err := session.Exec(ctx, `SELECT pg_advisory_unlock(hashtext($1))`, name); err != nil {
			t.Fatalf("postgres: letting %s go: %v", name, err)
		}
	}

	name := prefix + random()
	if !taken(t, session, name) {
		t.Fatalf("postgres: %s is in use before it is made", name)
	}
	made := s.database(t, name)
	if err := fill(made); err != nil {
		t.Fatalf("postgres: filling %s: %v", name, err)
	}
	s.within(t, name, func(ctx context.Context, conn *pgx.Conn) error {
		var others []string
		err := conn.QueryRow(ctx, `SELECT array_agg(relname::text) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> $1 AND pg_relation_size(oid) > 0`, keep).Scan(&others)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			return fmt.Errorf("tables that the next test finds empty have rows: %q", others)
		}
		// What is without this comment was left half full.
		_, err = conn.Exec(ctx, `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), (`+shape+`)); END $$`)
		return err
	})
	return made
}

// taken takes a database for the session, unless it is somebody's.
func taken(t testing.TB, session *pgx.Conn, name string) (mine bool) {
	t.Helper()
	if err := session.QueryRow(context.Background(), `SELECT pg_try_advisory_lock(hashtext($1))`, name).Scan(&mine); err != nil {
		t.Fatalf("postgres: taking %s: %v", name, err)
	}
	return mine
}

// shape sums up what is in a database but for the rows: columns, indexes, constraints,
// policies, and whatever else has a name. What was dropped and made again has another
// number, so what it is made of need not be read.
const shape = `SELECT md5(string_agg(part, E'\n' ORDER BY part)) FROM (
	SELECT format('c %s %s %s %s %s %s %s', oid, relname, relrowsecurity, relforcerowsecurity, relacl, relowner, reloptions) FROM pg_class WHERE relnamespace = 'public'::regnamespace
	UNION ALL SELECT format('a %s %s %s %s %s %s %s', attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attcollation)
		FROM pg_attribute WHERE attnum > 0 AND attrelid >= 16384
	UNION ALL SELECT format('i %s %s %s', indexrelid, indisvalid, indisunique) FROM pg_index WHERE indexrelid >= 16384
	UNION ALL SELECT format('o %s %s %s', oid, conname, convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
	UNION ALL SELECT format('p %s %s %s %s %s', oid, polname, polroles, polqual, polwithcheck) FROM pg_policy
	UNION ALL SELECT format('d %s %s', oid, md5(adbin::text)) FROM pg_attrdef
	UNION ALL SELECT format('t %s %s', oid, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
	UNION ALL SELECT format('f %s %s', oid, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
	UNION ALL SELECT format('n %s', nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%'
	UNION ALL SELECT format('e %s %s', extname, extversion) FROM pg_extension
	UNION ALL SELECT format('s %s %s', r.setrole, r.setconfig) FROM pg_db_role_setting r JOIN pg_database d ON d.oid = r.setdatabase WHERE d.datname = current_database()
) AS parts(part)`

// emptying deletes all rows. Where there are many, room that is given back at once is
// cheaper than rows that the next tests walk over. Statistics go too, or the plans of one
// test would be made for the rows of another, above all after Enlarge.
const emptying = `DO $$ DECLARE found record; BEGIN
	SET LOCAL session_replication_role = replica;
	FOR found IN SELECT oid::regclass AS name, pg_relation_size(oid) > 500000 AS large FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '%s' AND pg_relation_size(oid) > 0 LOOP
		IF found.large THEN EXECUTE format('TRUNCATE %%s CASCADE', found.name); ELSE EXECUTE format('DELETE FROM %%s', found.name); END IF;
	END LOOP;
	FOR found IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
		EXECUTE format('ALTER SEQUENCE %%s RESTART', found.name);
	END LOOP;
	DELETE FROM pg_statistic WHERE starelid >= 16384;
	UPDATE pg_class SET reltuples = -1, relpages = 0, relallvisible = 0 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples <> -1;
	UPDATE pg_class SET reltuples = 0, relpages = 1 WHERE relnamespace = 'public'::regnamespace AND relkind = 'i' AND reltuples <> 0;
END $$`

// empty removes the rows of a database, and reports whether it is as it was when it had
// been filled.
func (s *Server) empty(t testing.TB, name, keep string) (same bool) {
	t.Helper()
	s.within(t, name, func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`, name); err != nil {
			return err
		}
		err := conn.QueryRow(ctx, `SELECT COALESCE(shobj_description(oid, 'pg_database') = (`+shape+`), FALSE) FROM pg_database WHERE datname = $1`, name).Scan(&same)
		if err != nil || !same {
			return err
		}
		_, err = conn.Exec(ctx, fmt.Sprintf(emptying, keep))
		return err
	})
	return same
}

// within works in a database as the superuser.
func (s *Server) within(t testing.TB, name string, work func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url(t, name, nil))
	if err != nil {
		t.Fatalf("postgres: connect: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := work(ctx, conn); err != nil {
		t.Fatalf("postgres: in %s: %v", name, err)
	}
}
