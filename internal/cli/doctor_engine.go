package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"commontable/internal/app"
	"commontable/internal/platform/access"
	"commontable/internal/platform/store"
)

func (x *examination) readKey() (access.Key, error) {
	if x.cfg.Key != "" {
		return access.ParseKey(x.cfg.Key)
	}
	path := filepath.Join(x.cfg.DataDir, app.KeyFile)
	if _, err := os.Stat(path); err != nil {
		return access.Key{}, errSilent
	}
	return access.LoadKey(path)
}

func lines(row store.Row) (s string, err error) { return s, row.Scan(&s) }

// sqlite checks the file page by page and every reference in it.
func (x *examination) sqlite() {
	var verdict []string
	if !x.read("integrity", func(tx *store.InstallationTx) (err error) {
		verdict, err = store.Collect(tx, lines, `PRAGMA integrity_check(5)`)
		return err
	}) {
		return
	}
	if len(verdict) != 1 || verdict[0] != "ok" {
		x.bad("integrity", strings.Join(verdict, "; "), "Stop the server, keep a copy of the data folder, and restore the latest backup.")
		return
	}
	x.good("integrity", "the file is sound")
	broken := 0
	if !x.read("references", func(tx *store.InstallationTx) error {
		return store.Each(tx, func(store.Row) error { broken++; return nil }, `PRAGMA foreign_key_check`)
	}) {
		return
	}
	if broken > 0 {
		x.bad("references", fmt.Sprintf("%d rows refer to something missing", broken), "Keep a copy of the data folder and restore the latest backup.")
		return
	}
	x.good("references", "whole")
}

// postgres checks that the role cannot pass the walls between collaboratives,
// that the walls stand, and that both clocks agree.
func (x *examination) postgres() {
	var super, bypass bool
	var number, micros int64
	if !x.read("role", func(tx *store.InstallationTx) error {
		_, err := store.One(tx, func(row store.Row) (struct{}, error) { return struct{}{}, row.Scan(&super, &bypass, &number, &micros) },
			`SELECT rolsuper, rolbypassrls, current_setting('server_version_num')::bigint, (extract(epoch FROM now()) * 1000000)::bigint FROM pg_roles WHERE rolname = current_user`)
		return err
	}) {
		return
	}
	if super || bypass {
		x.bad("role", "the database role is a superuser or bypasses row-level security", "Use a role made with NOSUPERUSER NOBYPASSRLS that owns the database; see the administrator's guide.")
	} else {
		x.good("role", "neither superuser nor above row-level security")
	}
	if number < 150000 {
		x.bad("version", fmt.Sprintf("PostgreSQL %d", number/10000), "Use PostgreSQL 15 or newer.")
	} else {
		x.good("version", "PostgreSQL %d.%d", number/10000, number%10000)
	}
	if off := x.now.UnixMicro() - micros; off > 5_000_000 || off < -5_000_000 {
		x.bad("clocks", fmt.Sprintf("this machine and the database differ by %d s", off/1_000_000), "Keep both right with NTP.")
	} else {
		x.good("clocks", "this machine and the database agree")
	}
	var open []string
	if !x.read("walls", func(tx *store.InstallationTx) (err error) {
		open, err = store.Collect(tx, lines, `SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum = 1 AND a.attname = 'collaborative_id'
			AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1`)
		return err
	}) {
		return
	}
	if len(open) > 0 {
		x.bad("walls", "row-level security is off for "+strings.Join(open, ", "), "Restore from a backup into an empty database; somebody changed the tables by hand.")
		return
	}
	x.good("walls", "row-level security holds for every table of a collaborative")
}
