package imports

import (
	"slices"
	"strconv"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// DecideInput is what somebody says of records in doubt.
type DecideInput struct {
	ID    ID         `json:"id"`
	Items []Decision `json:"items" required:"true" maxItems:"500"`
}

// Decision is what a record in doubt is.
type Decision struct {
	Record int64 `json:"record" doc:"Its number in the import."`
	// Is says what it is; Target and Like say which.
	Is     string   `json:"is" required:"true" enum:"target,new,skip,like" doc:"target: the record named by target; like: the same as the record of the file named by like; new: none of those offered; skip: leave it out."`
	Target TargetID `json:"target,omitempty"`
	Like   int64    `json:"like,omitempty"`
}

// Decide says who records in doubt are. It is remembered for the next file.
var Decide = operation.Define(operation.Operation[DecideInput, Import]{
	Definition: operation.Definition{ID: "imports.decide", Summary: "Says who the records in doubt are, once for this file and the next", Method: "POST", Path: "/imports/{id}/decisions"},
	Run: func(c *operation.Call, in DecideInput) (Import, error) {
		i, err := inState(c, in.ID, Preview)
		if err != nil {
			return i, err
		}
		c.Continue()
		numbers := make([]int64, 0, 2*len(in.Items))
		for _, item := range in.Items {
			numbers = append(numbers, item.Record, item.Like)
		}
		named, err := recordsNamed(c, i.ID, numbers)
		if err != nil {
			return i, err
		}
		for k, item := range in.Items {
			r, ok := named[item.Record]
			if !ok {
				return i, operation.Missing()
			}
			d := decision{key: r.key, decision: item.Is}
			offered := func(is func(Candidate) bool) bool { return slices.ContainsFunc(r.match.Candidates, is) }
			switch item.Is {
			case DecidedTarget:
				if !offered(func(o Candidate) bool { return o.Target == item.Target && !o.Target.IsZero() }) {
					return i, operation.InvalidField("items."+strconv.Itoa(k)+".target", "errors.not_offered")
				}
				d.target = item.Target
			case DecidedLike:
				if !offered(func(o Candidate) bool { return o.Record == item.Like && o.Record != 0 }) {
					return i, operation.InvalidField("items."+strconv.Itoa(k)+".like", "errors.not_offered")
				}
				d.like = named[item.Like].key
			}
			if err := decide(c, r.kind, d); err != nil {
				return i, err
			}
		}
		goOn(c, &i, Planning)
		return i, saveImport(c, &i)
	},
})

// FixInput is cells typed anew.
type FixInput struct {
	ID    ID     `json:"id"`
	Items []Cell `json:"items" required:"true" maxItems:"1000"`
}

// Cell is one cell typed anew.
type Cell struct {
	Line   int64  `json:"line" doc:"The line of the row."`
	Column int    `json:"column" doc:"The column's place, from 0."`
	Value  string `json:"value" text:"lines"`
	// Everywhere mends every row whose cell says the same.
	Everywhere bool `json:"everywhere,omitempty" doc:"Also in every other row where the column says the same."`
}

// Fix puts other values in the place of cells of the file. The file itself stays
// as it is.
var Fix = operation.Define(operation.Operation[FixInput, Import]{
	Definition: operation.Definition{ID: "imports.fix", Summary: "Mends cells of an import's rows", Method: "POST", Path: "/imports/{id}/fixes"},
	Run: func(c *operation.Call, in FixInput) (Import, error) {
		i, err := inState(c, in.ID, Preview)
		if err != nil {
			return i, err
		}
		c.Continue()
		for k, item := range in.Items {
			if item.Column < 0 || item.Column >= len(i.File.Columns) {
				return i, operation.InvalidField("items."+strconv.Itoa(k)+".column", "errors.not_offered")
			}
			r, err := store.One(c.Tx, scanRow, `SELECT `+rowColumns+` FROM import_rows WHERE collaborative_id = $1 AND import_id = $2 AND line = $3`, i.ID, item.Line)
			if err != nil {
				return i, err
			}
			column := strconv.Itoa(item.Column)
			if item.Everywhere && item.Column < len(r.cells) {
				if i.Plan.Replace == nil {
					i.Plan.Replace = map[string]map[string]string{}
				}
				if i.Plan.Replace[column] == nil {
					i.Plan.Replace[column] = map[string]string{}
				}
				i.Plan.Replace[column][mended(i.Plan, item.Column, r.cells[item.Column])] = item.Value
				continue
			}
			if r.fixes == nil {
				r.fixes = map[string]string{}
			}
			r.fixes[column] = item.Value
			if _, err := c.Tx.Exec(`UPDATE import_rows SET fixes = $4 WHERE collaborative_id = $1 AND import_id = $2 AND line = $3`, i.ID, item.Line, store.JSON(r.fixes)); err != nil {
				return i, err
			}
		}
		goOn(c, &i, Planning)
		return i, saveImport(c, &i)
	},
})

// mended is a cell after the rule of its column.
func mended(p Plan, column int, text string) string {
	if rule := p.Rules[strconv.Itoa(column)]; rule != "" {
		return mend(rule, text)
	}
	return text
}

// Start writes what the preview shows.
var Start = operation.Define(operation.Operation[VersionRef, Import]{
	Definition: operation.Definition{ID: "imports.start", Summary: "Writes the records an import's preview shows", Method: "POST", Path: "/imports/{id}/start"},
	Run: func(c *operation.Call, in VersionRef) (Import, error) {
		i, err := inState(c, in.ID, Preview)
		if err != nil {
			return i, err
		}
		if i.Version != in.Version {
			return i, operation.Stale(i)
		}
		k := kindOf(i.Kind)
		if k.Waits {
			return i, operation.Refuse(operation.Conflict, "errors.import_waits")
		}
		if err := mayBring(c, k); err != nil {
			return i, err
		}
		goOn(c, &i, Running)
		i.Total, err = store.Value[int64](c.Tx, `SELECT COUNT(*) FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND action IN ('create', 'update')`, i.ID)
		if err != nil {
			return i, err
		}
		c.Changed(i.Subject(), i.FileName, i.Version+1, nil, nil)
		return i, saveImport(c, &i)
	},
})

// Undo takes an import back: what it made is deleted, what it changed is as it
// was, but for what somebody changed since.
var Undo = operation.Define(operation.Operation[Ref, Import]{
	Definition: operation.Definition{ID: "imports.undo", Summary: "Takes an import back, but for what somebody changed since", Method: "POST", Path: "/imports/{id}/undo"},
	Run: func(c *operation.Call, in Ref) (Import, error) {
		i, err := inState(c, in.ID, Done, Failed)
		if err != nil {
			return i, err
		}
		total, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM import_changes WHERE collaborative_id = $1 AND import_id = $2 AND undone = FALSE`, i.ID)
		if err != nil {
			return i, err
		}
		goOn(c, &i, Undoing)
		i.Total = total
		c.Changed(i.Subject(), i.FileName, i.Version+1, nil, nil)
		return i, saveImport(c, &i)
	},
})
