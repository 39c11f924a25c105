package imports

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const importColumns = `id, kind, state, file_name, file_size, received, file, plan, counts, done, total, problem, account_id, by_name, version, created_at, updated_at, began_at, finished_at, worker, working_until`

func scanImport(row store.Row) (Import, error) {
	var i Import
	var began, finished time.Time
	err := row.Scan(&i.ID, &i.Kind, &i.State, &i.FileName, &i.Size, &i.Received, store.ScanJSON(&i.File), store.ScanJSON(&i.Plan), store.ScanJSON(&i.Counts), &i.Done, &i.Total,
		store.ScanJSON(&i.Problem), &i.Account, &i.By, &i.Version, store.ScanTime(&i.CreatedAt), store.ScanTime(&i.UpdatedAt), store.ScanTime(&began), store.ScanTime(&finished), &i.worker, store.ScanTime(&i.workingUntil))
	i.BeganAt, i.FinishedAt = some(began), some(finished)
	return i, err
}

func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return store.Micros(*t)
}

func getImport(c *operation.Call, i ID) (Import, error) {
	out, err := store.One(c.Tx, scanImport, `SELECT `+importColumns+` FROM imports WHERE collaborative_id = $1 AND id = $2`, i)
	if errors.Is(err, store.ErrNotFound) {
		return out, operation.Missing()
	}
	return out, err
}

// inState reads an import that must be in one of the states.
func inState(c *operation.Call, i ID, states ...string) (Import, error) {
	out, err := getImport(c, i)
	if err != nil {
		return out, err
	}
	for _, state := range states {
		if out.State == state {
			return out, nil
		}
	}
	return out, &operation.Error{Kind: operation.Conflict, Key: "errors.import_state", Current: out}
}

func insertImport(c *operation.Call, i Import) error {
	_, err := c.Tx.Exec(`INSERT INTO imports (collaborative_id, id, kind, state, file_name, file_size, received, file, plan, counts, done, total, problem, account_id, by_name, version, created_at, updated_at, began_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19)`,
		i.ID, i.Kind, i.State, i.FileName, i.Size, i.Received, store.JSON(i.File), store.JSON(i.Plan), store.JSON(i.Counts), i.Done, i.Total, problem(i.Problem), i.Account, i.By, i.Version,
		store.Micros(i.CreatedAt), micros(i.BeganAt), micros(i.FinishedAt))
	return err
}

// saveImport stores an import over the version that was read. Background work
// and somebody's click may meet; the later one finds the version gone.
func saveImport(c *operation.Call, i *Import) error {
	i.Version++
	i.UpdatedAt = c.Now
	n, err := c.Tx.Exec(`UPDATE imports SET kind = $3, state = $4, received = $5, file_size = $18, file = $6, plan = $7, counts = $8, done = $9, total = $10, problem = $11, account_id = $12, by_name = $13,
		version = $14, updated_at = $15, began_at = $16, finished_at = $17, worker = $19, working_until = $20 WHERE collaborative_id = $1 AND id = $2 AND version = $14 - 1`,
		i.ID, i.Kind, i.State, i.Received, store.JSON(i.File), store.JSON(i.Plan), store.JSON(i.Counts), i.Done, i.Total, problem(i.Problem), i.Account, i.By,
		i.Version, store.Micros(i.UpdatedAt), micros(i.BeganAt), micros(i.FinishedAt), i.Size, i.worker, store.Micros(i.workingUntil))
	if err == nil && n == 0 {
		err = operation.Stale(nil)
	}
	return err
}

func problem(m *Message) any {
	if m == nil {
		return nil
	}
	return store.JSON(m)
}

// row is a row of the file.
type row struct {
	line   int64
	cells  []string
	fixes  map[string]string // by the column's place
	record int64
	faults []Fault
}

const rowColumns = `line, cells, fixes, record, faults`

func scanRow(r store.Row) (row, error) {
	var out row
	var record *int64
	err := r.Scan(&out.line, store.ScanJSON(&out.cells), store.ScanJSON(&out.fixes), &record, store.ScanJSON(&out.faults))
	if record != nil {
		out.record = *record
	}
	return out, err
}

// rowsAfter reads a page of rows in their order.
func rowsAfter(c *operation.Call, i ID, line, limit int64) ([]row, error) {
	return store.Collect(c.Tx, scanRow, `SELECT `+rowColumns+` FROM import_rows WHERE collaborative_id = $1 AND import_id = $2 AND line > $3 ORDER BY line LIMIT $4`, i, line, limit)
}

// record is a record the rows stand for.
type record struct {
	number  int64
	kind    string
	step    int64
	main    bool
	title   string
	key     string
	given   Values
	line    int64 // the first that names it
	action  string
	target  TargetID
	match   Match
	changes []Change
	problem *Message
	applied bool

	refs map[string]string // what its references are called, once they were resolved
}

const recordColumns = `record, kind, step, main, title, key, given, first_line, action, target_id, match, changes, problem, applied`

func scanRecord(r store.Row) (record, error) {
	var out record
	err := r.Scan(&out.number, &out.kind, &out.step, &out.main, &out.title, &out.key, store.ScanJSON(&out.given), &out.line, &out.action, &out.target,
		store.ScanJSON(&out.match), store.ScanJSON(&out.changes), store.ScanJSON(&out.problem), &out.applied)
	return out, err
}

func insertRecords(c *operation.Call, i ID, records []record) error {
	rows := make([][]any, len(records))
	for k, r := range records {
		rows[k] = []any{i, r.number, r.kind, r.step, r.main, r.title, r.key, store.JSON(r.given), r.line, r.action, false}
	}
	return c.Tx.ExecRows(`INSERT INTO import_records (collaborative_id, import_id, record, kind, step, main, title, key, given, first_line, action, applied) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, rows)
}

// settle stores what is to happen to a record.
func settle(c *operation.Call, i ID, r record) error {
	var match, changes any
	if r.match.Rule != "" || len(r.match.Candidates) > 0 {
		match = store.JSON(r.match)
	}
	if len(r.changes) > 0 {
		changes = store.JSON(r.changes)
	}
	_, err := c.Tx.Exec(`UPDATE import_records SET action = $4, target_id = $5, match = $6, changes = $7, problem = $8, applied = $9 WHERE collaborative_id = $1 AND import_id = $2 AND record = $3`,
		i, r.number, r.action, r.target, match, changes, problem(r.problem), r.applied)
	return err
}

// recordsNamed reads some records by number.
func recordsNamed(c *operation.Call, i ID, numbers []int64) (map[int64]record, error) {
	out := map[int64]record{}
	for some := range slices.Chunk(numbers, pageRecords) {
		all, err := store.Collect(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND record IN ($3)`, i, store.In(some))
		if err != nil {
			return out, err
		}
		for _, r := range all {
			out[r.number] = r
		}
	}
	return out, nil
}

// recordsAfter reads a page of the records of one step in their order.
func recordsAfter(c *operation.Call, i ID, step, number, limit int64) ([]record, error) {
	return store.Collect(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND step = $3 AND record > $4 ORDER BY record LIMIT $5`, i, step, number, limit)
}

// OnBehalfOf is whose work an import is; the error is store.ErrNotFound when it
// is gone.
func OnBehalfOf(tx *store.Tx, i ID) (operation.AccountID, error) {
	return store.Value[operation.AccountID](tx, `SELECT account_id FROM imports WHERE collaborative_id = $1 AND id = $2`, i)
}

// KeptDays is how long the file and rows of an import that rests are kept. It can
// be undone as long as nobody deletes it.
const KeptDays = 90

// Sweep deletes the files and rows of imports that have rested for KeptDays, and
// imports that nobody went on with for as long. What they did stays on record.
func Sweep(tx *store.Tx, now time.Time) error {
	old, err := store.Collect(tx, func(row store.Row) (i ID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM imports WHERE collaborative_id = $1 AND updated_at < $2 AND received > 0 LIMIT 20`, store.Micros(now.AddDate(0, 0, -KeptDays)))
	if err != nil {
		return err
	}
	for _, i := range old {
		if err := clearImport(tx, i); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE imports SET received = 0, state = CASE WHEN state = 'done' OR state = 'undone' THEN state ELSE 'cancelled' END WHERE collaborative_id = $1 AND id = $2`, i); err != nil {
			return err
		}
	}
	return nil
}
