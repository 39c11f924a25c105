package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Lasting is Database for one that outlives the test, such as one that Like copies for
// other tests. Whoever asks for it calls drop before the program ends.
func (s *Server) Lasting(t testing.TB) (database string, drop func() error) {
	t.Helper()
	name := "ct_" + random()
	return s.database(t, name), func() error {
		if s.own != nil {
			return nil // the server goes with the program
		}
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		conn, err := pgx.Connect(ctx, s.admin)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, fmt.Sprintf(`DROP DATABASE IF EXISTS %s WITH (FORCE)`, name))
		if err == nil {
			_, err = conn.Exec(ctx, fmt.Sprintf(`DROP ROLE IF EXISTS %s`, name))
		}
		return errors.Join(err, conn.Close(ctx))
	}
}

// Like makes a database with everything that is in another, which nobody may use
// meanwhile. Its role owns it all as if it had made it itself. It is dropped when the
// test ends.
func (s *Server) Like(t testing.TB, database string) string {
	t.Helper()
	of, err := url.Parse(database)
	if err != nil {
		t.Fatalf("postgres: the database's URL: %v", err)
	}
	original, name, password := of.Path[1:], "ct_"+random(), random()
	t.Cleanup(func() { s.drop(t, name) })
	s.admins(t,
		fmt.Sprintf(`CREATE ROLE %s LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '%s'`, name, password),
		fmt.Sprintf(`CREATE DATABASE %s OWNER %s TEMPLATE %s`, name, name, original),
		fmt.Sprintf(`REVOKE ALL ON DATABASE %s FROM PUBLIC`, name),
	)
	s.within(t, name, func(ctx context.Context, conn *pgx.Conn) error {
		// Which takes the original itself along, so that is given back.
		_, err := conn.Exec(ctx, fmt.Sprintf(`REASSIGN OWNED BY %s TO %s; ALTER DATABASE %s OWNER TO %s`, original, name, original, original))
		return err
	})
	return s.url(t, name, url.UserPassword(name, password))
}
