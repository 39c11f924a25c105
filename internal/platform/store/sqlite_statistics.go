package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
)

// SQLite chooses indexes by statistics, and without any it takes a collaborative
// to be a handful of rows: it then reads a whole tenant where three lookups
// would do. Statistics gathered from data would change plans with the data, one
// day on a director's machine. So every index is given the same invented ones,
// those of a large installation, and the plans the tests see are the plans
// everyone gets.
const (
	assumedRows   = 1_000_000
	assumedTenant = 100_000 // rows of one collaborative
	assumedOwner  = 20      // rows of one account or other owner, such as its sessions
	assumedOther  = 10_000  // rows that share any other leading column, such as a job's state
)

// prescribeStatistics writes the invented statistics of every index.
func prescribeStatistics(ctx context.Context, conn *sql.Conn, tables []string) error {
	// Creates sqlite_stat1 and leaves it empty enough to be replaced.
	if _, err := conn.ExecContext(ctx, `ANALYZE`); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `DELETE FROM sqlite_stat1`); err != nil {
		return err
	}
	if err := dropSamples(ctx, conn); err != nil {
		return err
	}
	for _, table := range tables {
		indexes, err := indexesOf(ctx, conn, table)
		if err != nil {
			return err
		}
		for _, index := range indexes {
			if _, err := conn.ExecContext(ctx, `INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)`, table, index.name, index.statistic()); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropSamples removes the keys that ANALYZE took from the data: they would sway
// plans, and hold words and names long after somebody was erased.
func dropSamples(ctx context.Context, conn *sql.Conn) error {
	var there int
	if err := conn.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema WHERE name = 'sqlite_stat4'`).Scan(&there); err != nil || there == 0 {
		return err
	}
	_, err := conn.ExecContext(ctx, `DELETE FROM sqlite_stat4`)
	return err
}

type indexShape struct {
	name    string
	columns int
	unique  bool
	first   string // its first column
}

// statistic says how many rows an equality on the first 1, 2, … columns is
// assumed to leave: from the share of the first down to one, in even proportions.
func (i indexShape) statistic() string {
	share := float64(assumedOther)
	switch {
	case i.first == "collaborative_id":
		share = assumedTenant
	case strings.HasSuffix(i.first, "_id"):
		share = assumedOwner
	}
	parts := []string{fmt.Sprint(assumedRows)}
	for n := 1; n <= i.columns; n++ {
		rest := share
		switch {
		case i.columns > 1:
			rest = math.Pow(share, float64(i.columns-n)/float64(i.columns-1))
		case i.unique:
			rest = 1
		}
		parts = append(parts, fmt.Sprint(int(math.Max(1, rest))))
	}
	return strings.Join(parts, " ")
}

func indexesOf(ctx context.Context, conn *sql.Conn, table string) ([]indexShape, error) {
	rows, err := conn.QueryContext(ctx, `SELECT l.name, l."unique", l.origin, (SELECT COUNT(*) FROM pragma_index_info(l.name)),
		(SELECT i.name FROM pragma_index_info(l.name) AS i WHERE i.seqno = 0) FROM pragma_index_list($1) AS l`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []indexShape
	for rows.Next() {
		var i indexShape
		var origin string
		if err := rows.Scan(&i.name, &i.unique, &origin, &i.columns, &i.first); err != nil {
			return nil, err
		}
		if origin == "pk" {
			i.name = table // how SQLite calls the key of a clustered table here
		}
		out = append(out, i)
	}
	return out, rows.Err()
}
