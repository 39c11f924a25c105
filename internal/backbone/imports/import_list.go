package imports

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PlannedRecord is a record of the file and what is to happen to it.
type PlannedRecord struct {
	Number  int64    `json:"number"`
	Kind    string   `json:"kind"`
	Title   string   `json:"title"`
	Line    int64    `json:"line" doc:"The first line of the file that names it."`
	Action  string   `json:"action"`
	Target  TargetID `json:"target,omitempty" doc:"The record it is, or became."`
	Match   *Match   `json:"match,omitempty"`
	Changes []Change `json:"changes,omitempty" doc:"What changes, field by field."`
	Given   []Given  `json:"given,omitempty" doc:"What the file says of it."`
	Problem *Message `json:"problem,omitempty" doc:"Why it could not be written."`
}

// Given is one thing the file says of a record.
type Given struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// ListRecordsInput says which records of an import.
type ListRecordsInput struct {
	ID     ID     `json:"id"`
	Action string `json:"action,omitempty" enum:"create,update,unchanged,doubt,skip,error,same" doc:"Only those to which this is to happen."`
	Beside bool   `json:"beside,omitempty" doc:"Those the file only names beside its own, instead."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListRecords lists the records of an import and what is to happen to each. All
// doubts come together, whoever they are about.
var ListRecords = operation.Define(operation.Operation[ListRecordsInput, operation.Page[PlannedRecord]]{
	Definition: operation.Definition{ID: "imports.records", Summary: "Lists the records of an import and what is to happen to each", ReadOnly: true, Method: "GET", Path: "/imports/{id}/records"},
	Run: func(c *operation.Call, in ListRecordsInput) (operation.Page[PlannedRecord], error) {
		i, err := getImport(c, in.ID)
		if err != nil {
			return operation.Page[PlannedRecord]{}, err
		}
		q := store.Select(`SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = ?`, i.ID)
		if in.Action != Doubt {
			q.Where(`main = ?`, !in.Beside)
		}
		if in.Action != "" {
			q.Where(`action = ?`, in.Action)
		}
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"record"}, Types: "i"}, scanRecord, func(r record) []any { return []any{r.number} })
		out := operation.Page[PlannedRecord]{Items: []PlannedRecord{}, Next: page.Next, Previous: page.Previous, Total: -1}
		if err != nil {
			return out, err
		}
		if kindOf(i.Kind) != nil {
			byKind := map[string][]record{}
			for _, r := range page.Items {
				byKind[r.kind] = append(byKind[r.kind], r)
			}
			for kind, records := range byKind {
				if err := resolveRefs(c, i.ID, kindOf(kind), records); err != nil {
					return out, err
				}
				for _, r := range records {
					page.Items[slices.IndexFunc(page.Items, func(o record) bool { return o.number == r.number })] = r
				}
			}
		}
		for _, r := range page.Items {
			out.Items = append(out.Items, r.planned())
		}
		return out, nil
	},
})

// planned is a record as it is shown.
func (r record) planned() PlannedRecord {
	out := PlannedRecord{Number: r.number, Kind: r.kind, Title: r.title, Line: r.line % tableLines, Action: r.action, Target: r.target, Changes: r.changes, Problem: r.problem}
	if r.match.Rule != "" || len(r.match.Candidates) > 0 {
		out.Match = &r.match
	}
	k := kindOf(r.kind)
	told := func(name string) {
		value := r.given[name]
		for _, ref := range lines(value) {
			if title := r.refs[ref]; title != "" {
				value = strings.ReplaceAll(value, ref, title)
			}
		}
		if value != "" {
			out.Given = append(out.Given, Given{name, value})
		}
	}
	for _, f := range k.Fields {
		told(f.ID)
	}
	var others []string
	for name := range r.given {
		if _, known := k.field(name); !known && !strings.HasPrefix(name, hiddenField) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		told(name)
	}
	return out
}

// PlannedRow is a row of the file.
type PlannedRow struct {
	Line   int64             `json:"line"`
	Cells  []string          `json:"cells"`
	Fixes  map[string]string `json:"fixes,omitempty" doc:"Cells typed anew, by the column's place."`
	Faults []Fault           `json:"faults,omitempty"`
	Key    int64             `json:"key" doc:"Names the row when a cell is mended; the line itself where the import reads one table."`
}

// ListRowsInput says which rows of an import.
type ListRowsInput struct {
	ID     ID     `json:"id"`
	Bad    bool   `json:"bad,omitempty" doc:"Only those with a cell that cannot be taken."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListRows lists the rows of the file and what is wrong with them.
var ListRows = operation.Define(operation.Operation[ListRowsInput, operation.Page[PlannedRow]]{
	Definition: operation.Definition{ID: "imports.rows", Summary: "Lists the rows of an import's file and what is wrong with them", ReadOnly: true, Method: "GET", Path: "/imports/{id}/rows"},
	Run: func(c *operation.Call, in ListRowsInput) (operation.Page[PlannedRow], error) {
		if _, err := getImport(c, in.ID); err != nil {
			return operation.Page[PlannedRow]{}, err
		}
		q := store.Select(`SELECT `+rowColumns+` FROM import_rows WHERE collaborative_id = $1 AND import_id = ?`, in.ID)
		if in.Bad {
			q.Where(`faults IS NOT NULL`)
		}
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"line"}, Types: "i"}, scanRow, func(r row) []any { return []any{r.line} })
		out := operation.Page[PlannedRow]{Items: []PlannedRow{}, Next: page.Next, Previous: page.Previous, Total: -1}
		for _, r := range page.Items {
			out.Items = append(out.Items, PlannedRow{Line: r.line % tableLines, Cells: r.cells, Fixes: r.fixes, Faults: r.faults, Key: r.line})
		}
		return out, err
	},
})

// FailedRow is a row that was not written, and why.
type FailedRow struct {
	Line    int64     `json:"line"`
	Cells   []string  `json:"cells"`
	Reasons []Message `json:"reasons"`
}

// FailuresInput says which page.
type FailuresInput struct {
	ID    ID     `json:"id"`
	After string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
}

// ListFailures lists the rows that were not written: with a cell that cannot be
// taken, in doubt and undecided, or refused when they were written.
var ListFailures = operation.Define(operation.Operation[FailuresInput, operation.Page[FailedRow]]{
	Definition: operation.Definition{ID: "imports.failures", Summary: "Lists the rows of an import that were not written, and why", ReadOnly: true, Method: "GET", Path: "/imports/{id}/failures"},
	Run: func(c *operation.Call, in FailuresInput) (operation.Page[FailedRow], error) {
		i, err := getImport(c, in.ID)
		if err != nil {
			return operation.Page[FailedRow]{}, err
		}
		type failed struct {
			row
			action  string
			problem *Message
		}
		q := store.Select(`SELECT import_rows.line, import_rows.cells, import_rows.fixes, import_rows.record, import_rows.faults, import_records.action, import_records.problem
			FROM import_rows LEFT JOIN import_records ON import_records.collaborative_id = $1 AND import_records.import_id = import_rows.import_id AND import_records.record = import_rows.record
			WHERE import_rows.collaborative_id = $1 AND import_rows.import_id = ? AND (import_rows.faults IS NOT NULL OR import_records.action IN ('doubt', 'error')
				OR import_rows.line IN (SELECT parts.first_line FROM import_records parts WHERE parts.collaborative_id = $1 AND parts.import_id = ? AND parts.main = TRUE AND parts.action IN ('doubt', 'error')))`, i.ID, i.ID)
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Limit: 200, Columns: []string{"import_rows.line"}, Types: "i"}, func(r store.Row) (failed, error) {
			var f failed
			var record *int64
			err := r.Scan(&f.line, store.ScanJSON(&f.cells), store.ScanJSON(&f.fixes), &record, store.ScanJSON(&f.faults), store.ScanText(&f.action), store.ScanJSON(&f.problem))
			if record != nil {
				f.record = *record
			}
			return f, err
		}, func(f failed) []any { return []any{f.line} })
		out := operation.Page[FailedRow]{Items: []FailedRow{}, Next: page.Next, Previous: page.Previous, Total: -1}
		if err != nil || len(page.Items) == 0 {
			return out, err
		}
		parts, err := failedParts(c, i, page.Items[0].line, page.Items[len(page.Items)-1].line)
		for _, f := range page.Items {
			one := FailedRow{Line: f.line % tableLines, Cells: slices.Clone(f.cells)}
			for at, fix := range f.fixes {
				if column, err := strconv.Atoi(at); err == nil && column < len(one.Cells) {
					one.Cells[column] = fix
				}
			}
			for _, fault := range f.faults {
				args := map[string]any{"Column": ""}
				for name, value := range fault.Args {
					args[name] = value
				}
				if fault.Column >= 0 && fault.Column < len(i.File.Columns) {
					args["Column"] = i.File.Columns[fault.Column].Name
				}
				one.Reasons = append(one.Reasons, Message{Key: fault.Key, Args: args})
			}
			switch {
			case slices.ContainsFunc(parts[f.line], func(part record) bool { return part.number == f.record }): // told below, by name
			case f.problem != nil:
				one.Reasons = append(one.Reasons, *f.problem)
			case f.action == Doubt:
				one.Reasons = append(one.Reasons, Message{Key: "import.undecided"})
			}
			for _, part := range parts[f.line] {
				one.Reasons = append(one.Reasons, part.reason())
			}
			out.Items = append(out.Items, one)
		}
		return out, err
	},
})

// failedParts are the records that were not written, of rows that stand for
// several, by the line that first names them.
func failedParts(c *operation.Call, i Import, first, last int64) (map[int64][]record, error) {
	out := map[int64][]record{}
	if k := kindOf(i.Kind); k == nil || k.Split == nil {
		return out, nil
	}
	return out, store.Each(c.Tx, func(row store.Row) error {
		r, err := scanRecord(row)
		out[r.line] = append(out[r.line], r)
		return err
	}, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND main = TRUE AND action IN ('doubt', 'error') AND first_line >= $3 AND first_line <= $4 ORDER BY record`, i.ID, first, last)
}

// reason is why a record that shares its row with others was not written; it names
// the record.
func (r record) reason() Message {
	m := Message{Key: "import.undecided"}
	if r.problem != nil {
		m = *r.problem
	}
	args := map[string]any{}
	maps.Copy(args, m.Args)
	args["Record"] = r.title
	return Message{Key: m.Key, Args: args}
}

// DoneChange is one thing an import did.
type DoneChange struct {
	Number int64      `json:"number"`
	Kind   string     `json:"kind"`
	Target TargetID   `json:"target"`
	Title  string     `json:"title"`
	Made   bool       `json:"made" doc:"Whether it was created; changed otherwise."`
	Undone bool       `json:"undone"`
	Left   *LeftAlone `json:"left,omitempty" doc:"What was left alone when it was taken back."`
}

// ListChangesInput says which page.
type ListChangesInput struct {
	ID     ID     `json:"id"`
	Left   bool   `json:"left,omitempty" doc:"Only those of which something was left alone."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListChanges lists every record an import created or changed.
var ListChanges = operation.Define(operation.Operation[ListChangesInput, operation.Page[DoneChange]]{
	Definition: operation.Definition{ID: "imports.changes", Summary: "Lists every record an import created or changed", ReadOnly: true, Method: "GET", Path: "/imports/{id}/changes"},
	Run: func(c *operation.Call, in ListChangesInput) (operation.Page[DoneChange], error) {
		if _, err := getImport(c, in.ID); err != nil {
			return operation.Page[DoneChange]{}, err
		}
		q := store.Select(`SELECT `+doneColumns+` FROM import_changes WHERE collaborative_id = $1 AND import_id = ?`, in.ID)
		if in.Left {
			q.Where(`left_alone IS NOT NULL`)
		}
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"change"}, Types: "i"}, scanDone, func(d done) []any { return []any{d.number} })
		out := operation.Page[DoneChange]{Items: []DoneChange{}, Next: page.Next, Previous: page.Previous, Total: -1}
		for _, d := range page.Items {
			out.Items = append(out.Items, DoneChange{d.number, d.kind, d.target, d.title, len(d.before) == 0, d.undone, d.left})
		}
		return out, err
	},
})
