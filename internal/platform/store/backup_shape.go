package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// shape is what a table looks like after some number of migrations. A backup
// needs it because the engines do not tell: SQLite knows no booleans and no
// JSON, PostgreSQL gives its own names.
type shape struct {
	table   string
	columns []column
	key     []string // the primary key, by which a dump is ordered
	tenant  bool     // its rows belong to a collaborative
	parents []string // tables its foreign keys refer to
}

// column is one column and the kind of value it holds.
type column struct {
	name string
	kind kind
}

// kind is the type of a value in a backup, the same for both engines.
type kind string

const (
	kindBytes   kind = "bytes"
	kindText    kind = "text"
	kindInteger kind = "integer"
	kindBoolean kind = "boolean"
	kindJSON    kind = "json"
	kindReal    kind = "real"
)

// kinds maps the types that migrations may use.
var kinds = []struct {
	sql  string
	kind kind
}{
	{"BYTEA", kindBytes}, {"TEXT", kindText}, {"BIGINT", kindInteger}, {"BOOLEAN", kindBoolean}, {"JSONB", kindJSON}, {"DOUBLE PRECISION", kindReal},
}

// collaborativesTable is the one installation table whose rows scope others.
const collaborativesTable = "collaboratives"

var (
	dropTable    = regexp.MustCompile(`(?i)^DROP TABLE (?:IF EXISTS )?(\w+)`)
	renameTable  = regexp.MustCompile(`(?i)^ALTER TABLE (\w+) RENAME TO (\w+)$`)
	addColumn    = regexp.MustCompile(`(?is)^ALTER TABLE (\w+) ADD COLUMN (.+)$`)
	dropColumn   = regexp.MustCompile(`(?i)^ALTER TABLE (\w+) DROP COLUMN (\w+)`)
	renameColumn = regexp.MustCompile(`(?i)^ALTER TABLE (\w+) RENAME COLUMN (\w+) TO (\w+)$`)
	references   = regexp.MustCompile(`(?i)\bREFERENCES (\w+)`)
	primaryKey   = regexp.MustCompile(`(?is)^PRIMARY KEY \(([^)]*)\)`)
	constraint   = regexp.MustCompile(`(?i)^(PRIMARY|UNIQUE|FOREIGN|CHECK|CONSTRAINT)\b`)
)

// shapesOf follows the migrations of a plan and returns the tables they leave,
// parents before children.
func shapesOf(plan []migration) ([]shape, error) {
	var shapes []shape
	for _, m := range plan {
		for _, step := range m.steps() {
			var err error
			if shapes, err = follow(shapes, step); err != nil {
				return nil, fmt.Errorf("store: migration %04d_%s: %w", m.version, m.name, err)
			}
		}
	}
	return parentsFirst(shapes)
}

func follow(shapes []shape, step string) ([]shape, error) {
	find := func(table string) *shape {
		at := slices.IndexFunc(shapes, func(s shape) bool { return s.table == table })
		if at < 0 {
			return &shape{} // a change to a table that is not there fails in the engine, with a better message
		}
		return &shapes[at]
	}
	if parts := createTable.FindStringSubmatch(step); parts != nil {
		s, err := created(parts[1], parts[2])
		return append(shapes, s), err
	}
	if parts := dropTable.FindStringSubmatch(step); parts != nil {
		return slices.DeleteFunc(shapes, func(s shape) bool { return s.table == parts[1] }), nil
	}
	if parts := renameTable.FindStringSubmatch(step); parts != nil {
		find(parts[1]).table = parts[2]
		for i := range shapes {
			for k, parent := range shapes[i].parents {
				if parent == parts[1] {
					shapes[i].parents[k] = parts[2]
				}
			}
		}
		return shapes, nil
	}
	if parts := addColumn.FindStringSubmatch(step); parts != nil {
		return shapes, find(parts[1]).add(parts[2])
	}
	if parts := dropColumn.FindStringSubmatch(step); parts != nil {
		s := find(parts[1])
		s.columns = slices.DeleteFunc(s.columns, func(c column) bool { return c.name == parts[2] })
		return shapes, nil
	}
	if parts := renameColumn.FindStringSubmatch(step); parts != nil {
		s := find(parts[1])
		for i := range s.columns {
			if s.columns[i].name == parts[2] {
				s.columns[i].name = parts[3]
			}
		}
		for i := range s.key {
			if s.key[i] == parts[2] {
				s.key[i] = parts[3]
			}
		}
	}
	return shapes, nil
}

// created reads the body of a CREATE TABLE.
func created(table, body string) (shape, error) {
	s := shape{table: table}
	for _, part := range splitTop(body) {
		if err := s.add(part); err != nil {
			return s, err
		}
	}
	s.tenant = len(s.columns) > 0 && s.columns[0].name == "collaborative_id"
	if len(s.key) == 0 {
		return s, fmt.Errorf("table %s has no primary key", table)
	}
	return s, nil
}

// add takes in one column or constraint.
func (s *shape) add(part string) error {
	for _, ref := range references.FindAllStringSubmatch(part, -1) {
		s.parents = append(s.parents, ref[1])
	}
	if parts := primaryKey.FindStringSubmatch(part); parts != nil {
		for name := range strings.SplitSeq(parts[1], ",") {
			s.key = append(s.key, strings.TrimSpace(name))
		}
	}
	if constraint.MatchString(part) {
		return nil
	}
	name, rest, _ := strings.Cut(part, " ")
	rest = strings.ToUpper(strings.TrimSpace(rest))
	for _, k := range kinds {
		if strings.HasPrefix(rest, k.sql) {
			s.columns = append(s.columns, column{name, k.kind})
			if strings.Contains(rest, "PRIMARY KEY") {
				s.key = []string{name}
			}
			return nil
		}
	}
	return fmt.Errorf("column %s.%s has a type the backup does not know", s.table, name)
}

// splitTop splits at the commas that stand in no parentheses.
func splitTop(body string) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range body {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(body[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(body[from:]))
}

// parentsFirst puts every table after those it refers to and otherwise keeps
// the order of creation.
func parentsFirst(shapes []shape) ([]shape, error) {
	var out []shape
	placed := map[string]bool{}
	for len(out) < len(shapes) {
		before := len(out)
		for _, s := range shapes {
			ready := !placed[s.table]
			for _, parent := range s.parents {
				ready = ready && (placed[parent] || parent == s.table)
			}
			if ready {
				out = append(out, s)
				placed[s.table] = true
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("store: foreign keys run in a circle")
		}
	}
	return out, nil
}

func (s shape) names() []string {
	out := make([]string, len(s.columns))
	for i, c := range s.columns {
		out[i] = c.name
	}
	return out
}

// dump is the statement that reads the table in the order of its key; a
// tenant's table one collaborative at a time.
func (s shape) dump() string {
	text := "SELECT " + strings.Join(s.names(), ", ") + " FROM " + s.table
	if s.tenant {
		text += " WHERE collaborative_id = $1"
	}
	return text + " ORDER BY " + strings.Join(s.key, ", ")
}
