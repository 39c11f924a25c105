package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// migration is one forward step. Its text is in PostgreSQL's dialect.
type migration struct {
	version  int
	name     string
	checksum string
	text     string
}

// ErrNewer means the database was written by a newer program.
var ErrNewer = errors.New("store: the database is newer than this program")

// ErrChanged means a migration that was applied has since been edited.
var ErrChanged = errors.New("store: an applied migration differs from the one in this program")

// ErrForeign means the database belongs to another program.
var ErrForeign = errors.New("store: this is not a Commontable database")

var migrationName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+)\.sql$`)

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var plan []migration
	for _, name := range names {
		parts := migrationName.FindStringSubmatch(name)
		if parts == nil {
			return nil, fmt.Errorf("store: migration %q is not named NNNN_name.sql", name)
		}
		version, _ := strconv.Atoi(parts[1]) // four digits always fit
		if version != len(plan)+1 {
			return nil, fmt.Errorf("store: migration %q should be number %04d", name, len(plan)+1)
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		plan = append(plan, migration{version, parts[2], hex.EncodeToString(sum[:]), string(raw)})
	}
	return plan, nil
}

var (
	comment     = regexp.MustCompile(`(?m)--.*$`)
	createTable = regexp.MustCompile(`(?is)^CREATE TABLE (\w+) \((.*)\)$`)
)

// steps splits a migration into statements. Text literals in migrations must
// not contain semicolons; none needs to.
func (m migration) steps() []string {
	var out []string
	for _, step := range strings.Split(comment.ReplaceAllString(m.text, ""), ";") {
		if step = strings.TrimSpace(step); step != "" {
			out = append(out, step)
		}
	}
	return out
}

// tablesOf lists the tables a plan creates, in order, and which of them belong
// to a collaborative.
func tablesOf(plan []migration) (tables []string, tenants map[string]bool) {
	tenants = map[string]bool{}
	for _, m := range plan {
		for _, step := range m.steps() {
			parts := createTable.FindStringSubmatch(step)
			if parts == nil {
				continue
			}
			tables = append(tables, parts[1])
			if strings.HasPrefix(strings.TrimSpace(parts[2]), "collaborative_id ") {
				tenants[parts[1]] = true
			}
		}
	}
	return tables, tenants
}

var sqliteTypes = strings.NewReplacer(
	"BYTEA", "BLOB",
	"BIGINT", "INTEGER",
	"BOOLEAN", "INTEGER",
	"JSONB", "TEXT",
	"DOUBLE PRECISION", "REAL",
)

// forSQLite turns a step into SQLite's dialect: its type names, STRICT, and
// tables clustered by their primary key as PostgreSQL's indexes are.
func forSQLite(step string) string {
	out := sqliteTypes.Replace(step)
	if createTable.MatchString(step) {
		out += " STRICT, WITHOUT ROWID"
	}
	return out
}

var textType = regexp.MustCompile(`\bTEXT\b`)

// forPostgres turns a step into PostgreSQL's dialect: text compares by bytes,
// as SQLite's does, whatever the database's locale; and a tenant's table shows
// only the rows of the collaborative the transaction is scoped to.
func forPostgres(step string) []string {
	if changesRows.MatchString(step) {
		return []string{step} // TEXT in it is a type to cast to, not a column's
	}
	out := []string{textType.ReplaceAllString(step, `TEXT COLLATE "C"`)}
	parts := createTable.FindStringSubmatch(step)
	if parts == nil || !strings.HasPrefix(strings.TrimSpace(parts[2]), "collaborative_id ") {
		return out
	}
	table := parts[1]
	return append(out,
		"ALTER TABLE "+table+" ENABLE ROW LEVEL SECURITY",
		"ALTER TABLE "+table+" FORCE ROW LEVEL SECURITY",
		"CREATE POLICY tenant ON "+table+
			" USING (collaborative_id = decode(current_setting('commontable.collaborative', true), 'hex'))"+
			" WITH CHECK (collaborative_id = decode(current_setting('commontable.collaborative', true), 'hex'))")
}

var changesRows = regexp.MustCompile(`(?i)^(INSERT|UPDATE|DELETE)\b`)

// forPostgres is the whole migration in PostgreSQL's dialect. A step that
// changes rows works on every collaborative at once, so for its length the
// tables it names let their owner pass; plan tells which tables are tenants'.
func (m migration) forPostgres(plan []migration) []string {
	var out []string
	_, tenants := tablesOf(plan)
	for _, step := range m.steps() {
		if !changesRows.MatchString(step) {
			out = append(out, forPostgres(step)...)
			continue
		}
		var named []string
		for table := range tenants {
			if regexp.MustCompile(`\b` + table + `\b`).MatchString(step) {
				named = append(named, table)
			}
		}
		sort.Strings(named)
		for _, table := range named {
			out = append(out, "ALTER TABLE "+table+" NO FORCE ROW LEVEL SECURITY")
		}
		out = append(out, step)
		for _, table := range named {
			out = append(out, "ALTER TABLE "+table+" FORCE ROW LEVEL SECURITY")
		}
	}
	return out
}

// applied is a migration the database says it has.
type applied struct {
	version  int
	checksum string
}

// outstanding compares what the database has with what this program knows.
func outstanding(plan []migration, have []applied) ([]migration, error) {
	for i, a := range have {
		if i >= len(plan) {
			return nil, fmt.Errorf("%w: it is at step %d, this program knows %d", ErrNewer, have[len(have)-1].version, len(plan))
		}
		if a.version != plan[i].version || a.checksum != plan[i].checksum {
			return nil, fmt.Errorf("%w: step %04d_%s", ErrChanged, plan[i].version, plan[i].name)
		}
	}
	return plan[len(have):], nil
}

// The migrations table itself, created on first contact.
const (
	createMigrations = `CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`
	listMigrations   = `SELECT version, checksum FROM schema_migrations ORDER BY version`
	recordMigration  = `INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)`
)
