package imports

import (
	"runtime/debug"
	"slices"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// pageRecords is how many records one transaction matches.
const pageRecords = 500

// plan turns the rows into records and says what is to happen to each.
func (w *worker) plan() error {
	defer spareMemory()()
	var p *planner
	if err := w.portion(func(c *operation.Call, i *Import) (err error) {
		if _, err := c.Tx.Exec(`DELETE FROM import_records WHERE collaborative_id = $1 AND import_id = $2`, i.ID); err != nil {
			return err
		}
		i.Total, i.Done = 2*i.File.Rows, 0
		p, err = newPlanner(c, *i)
		return err
	}); err != nil {
		return err
	}
	if err := w.planRows(p); err != nil {
		return err
	}
	fields, steps, spare := p.fields, p.steps, p.spare
	p = nil // it remembers every row, and what comes next needs the room
	matchers, err := compare.Do(w.ctx, w.door, toCompare{id: w.id, steps: steps})
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // making them left as much behind as they are
	m := &matching{imp: w.imp, fields: fields, matchers: matchers}
	for at, k := range steps {
		if err := w.match(m, k, int64(at)); err != nil {
			return err
		}
		if k.refersToItself() { // once more, now that it is known who the others are
			if err := w.match(m, k, int64(at)); err != nil {
				return err
			}
		}
	}
	return w.portion(func(c *operation.Call, i *Import) error {
		i.State, i.Done, i.Counts.Spare = Preview, i.Total, spare
		if told := kindOf(i.Kind).Told; told != nil {
			notes, err := told(c, *i)
			if err != nil {
				return err
			}
			i.File.Notes = slices.DeleteFunc(i.File.Notes, func(n Message) bool { return strings.HasPrefix(n.Key, "import.report_") })
			i.File.Notes = append(i.File.Notes, notes...)
		}
		return countUp(c, i)
	})
}

func (w *worker) planRows(p *planner) error {
	line := int64(-1)
	for {
		var rows []row
		err := w.portion(func(c *operation.Call, i *Import) (err error) {
			p.rollback() // a portion may run again; it then must know what it knew before
			if rows, err = rowsAfter(c, i.ID, line, pageRows); err != nil || len(rows) == 0 {
				return err
			}
			i.Done += int64(len(rows))
			return p.page(c, rows)
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		p.keep()
		line = rows[len(rows)-1].line
	}
}

// match matches the records of one step, page by page.
func (w *worker) match(m *matching, k *Kind, step int64) error {
	number := int64(0)
	var new fresh
	many := false
	for {
		var records []record
		err := w.portion(func(c *operation.Call, i *Import) (err error) {
			if records, err = recordsAfter(c, i.ID, step, number, pageRecords); err != nil || len(records) == 0 {
				return err
			}
			i.Done = min(i.Done+int64(len(records)), i.Total)
			return m.page(c, k, records)
		})
		if err != nil {
			return err
		}
		if len(records) == 0 {
			break
		}
		number = records[len(records)-1].number
		for _, r := range records {
			if r.action == Create && !many {
				new.numbers, new.keys = append(new.numbers, r.number), append(new.keys, r.key)
			}
		}
		if len(new.numbers) > mostAlike {
			new, many = fresh{}, true
		}
	}
	return w.portion(func(c *operation.Call, i *Import) error {
		if many {
			i.File.Notes = slices.DeleteFunc(i.File.Notes, func(n Message) bool { return n.Key == "import.many_new" })
			i.File.Notes = append(i.File.Notes, Message{Key: "import.many_new"})
		}
		return m.alike(c, k, new)
	})
}

// toCompare is what matchers are made for.
type toCompare struct {
	id    ID
	steps []*Kind
}

// compare reads what the records of an import are compared with, for each kind
// that has any.
var compare = operation.Define(operation.Operation[toCompare, map[string]Matcher]{
	Definition: operation.Definition{ID: "imports.compare", Summary: "Reads what an import is compared with in the background", ReadOnly: true, BrowserOnly: "for background work; it holds records as a whole"},
	Run: func(c *operation.Call, in toCompare) (map[string]Matcher, error) {
		out := map[string]Matcher{}
		for step, k := range in.steps {
			if k.Matcher == nil {
				continue
			}
			n, err := store.Value[int64](c.Tx, `SELECT CAST(COALESCE(MAX(record), 0) AS BIGINT) FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND step = $3`, in.id, step)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				continue
			}
			if out[k.ID], err = k.Matcher(c); err != nil {
				return nil, err
			}
		}
		return out, nil
	},
})

// countUp counts rows and records by what is to happen to them.
func countUp(c *operation.Call, i *Import) error {
	counts := Counts{Rows: i.File.Rows, Actions: map[string]int64{}, Beside: map[string]int64{}, Spare: i.Counts.Spare, Applied: i.Counts.Applied, Refused: i.Counts.Refused, Undone: i.Counts.Undone, LeftOver: i.Counts.LeftOver}
	err := store.Each(c.Tx, func(row store.Row) error {
		var kind, action string
		var main bool
		var n int64
		if err := row.Scan(&kind, &main, &action, &n); err != nil {
			return err
		}
		if action == Doubt {
			counts.Doubts += n
		}
		if main {
			counts.Actions[action] += n
		} else if action == Create {
			counts.Beside[kind] += n
		}
		return nil
	}, `SELECT kind, main, action, COUNT(*) FROM import_records WHERE collaborative_id = $1 AND import_id = $2 GROUP BY kind, main, action`, i.ID)
	if err != nil {
		return err
	}
	counts.BadRows, err = store.Value[int64](c.Tx, `SELECT COUNT(*) FROM import_rows WHERE collaborative_id = $1 AND import_id = $2 AND faults IS NOT NULL`, i.ID)
	if counts.BadRows > 0 {
		counts.Actions[Bad] = counts.BadRows
	}
	i.Counts = counts
	return err
}
