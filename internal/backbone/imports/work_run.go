package imports

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// pageWrites is how many records one transaction writes: few enough that others
// who write do not wait for long.
const pageWrites = 400

// run writes the planned records. Each page is one transaction with one entry in
// the history; when one of its records is refused, the page is written record by
// record and the refused one is left out, with the reason.
func (w *worker) run() error {
	if err := w.portion(func(c *operation.Call, i *Import) error {
		if err := mayBring(c, kindOf(i.Kind)); err != nil {
			return err
		}
		return addFields(c, i)
	}); err != nil {
		return err
	}
	for step, k := range kindOf(w.imp.Kind).steps() {
		for again := true; again; { // once more for what referred to a later record
			var err error
			if again, err = w.writeStep(k, int64(step)); err != nil {
				return err
			}
		}
	}
	return w.portion(func(c *operation.Call, i *Import) error {
		// What refers to a record that nobody decided about waits with it.
		waiting, err := c.Tx.Exec(`UPDATE import_records SET action = 'error', problem = $3 WHERE collaborative_id = $1 AND import_id = $2 AND applied = FALSE AND action IN ('create', 'update')`,
			i.ID, store.JSON(Message{Key: "import.waits_for_another"}))
		if err != nil {
			return err
		}
		i.Counts.Refused += waiting
		if err := rememberSame(c, *i); err != nil {
			return err
		}
		if err := remember(c, *i); err != nil {
			return err
		}
		i.State, i.FinishedAt, i.Done = Done, &c.Now, i.Total
		c.Changed(i.Subject(), i.FileName, i.Version+1, nil, nil)
		c.UndoWith(Undo.ID, Ref{i.ID})
		return nil
	})
}

// writeStep writes the records of one step. It says whether some had to wait for
// others of the same step and could go on now.
func (w *worker) writeStep(k *Kind, step int64) (again bool, err error) {
	number, wrote, waits := int64(0), false, false
	for {
		var page []record
		look := func(c *operation.Call, i *Import) (err error) {
			page, err = store.Collect(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND step = $3 AND record > $4
				AND applied = FALSE AND action IN ('create', 'update') ORDER BY record LIMIT $5`, i.ID, step, number, cmp.Or(k.Page, pageWrites))
			return err
		}
		var ready []record
		err := w.portion(func(c *operation.Call, i *Import) error {
			if err := look(c, i); err != nil {
				return err
			}
			if ready, err = resolved(c, i.ID, k, page); err != nil {
				return err
			}
			return c.Tx.Together(func() error { return writePage(c, i, k, ready) })
		})
		if len(page) == 0 {
			return again, err
		}
		if kind := operation.KindOf(err); err != nil && kind != operation.Invalid && kind != operation.Conflict && kind != operation.NotFound && kind != operation.TooLarge {
			return false, err
		}
		if err != nil {
			if err := w.stillRunning(); err != nil {
				return false, err
			}
			for _, r := range page {
				if err := w.writeOne(k, r); err != nil {
					return false, err
				}
			}
			wrote = true
		}
		wrote = wrote || len(ready) > 0
		waits = waits || len(ready) < len(page)
		again = wrote && waits
		number = page[len(page)-1].number
	}
}

// stillRunning is an error when somebody stopped the import.
func (w *worker) stillRunning() error {
	imp, err := Get.Do(w.ctx, w.door, Ref{w.id})
	if err == nil && imp.State != Running {
		err = operation.Refuse(operation.Conflict, "errors.import_state")
	}
	return err
}

// writeOne writes one record, or notes why it was refused.
func (w *worker) writeOne(k *Kind, r record) error {
	var problem *Message
	err := w.portion(func(c *operation.Call, i *Import) error {
		ready, err := resolved(c, i.ID, k, []record{r})
		if err != nil {
			return err
		}
		return c.Tx.Together(func() error { return writePage(c, i, k, ready) })
	})
	var e *operation.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e) && slices.Contains([]operation.Kind{operation.Invalid, operation.Conflict, operation.NotFound, operation.TooLarge}, e.Kind):
		problem = messageOf(e)
	default:
		return err
	}
	if err := w.stillRunning(); err != nil {
		return err
	}
	return w.portion(func(c *operation.Call, i *Import) error {
		c.Continue()
		r.problem, r.applied, r.action = problem, false, Bad
		i.Counts.Refused++
		return settle(c, i.ID, r)
	})
}

// addFields adds the fields of the collaborative's own that new columns become.
func addFields(c *operation.Call, i *Import) error {
	k := kindOf(i.Kind)
	made := maps.Clone(i.Plan.Made)
	if made == nil {
		made = map[string]string{}
	}
	for column, id := range i.Plan.Fields {
		label, fresh := strings.CutPrefix(id, NewField)
		if !fresh || made[id] != "" {
			continue
		}
		kind := directory.TextField
		if i.File.Columns[column].Longest > 150 {
			kind = directory.LongTextField
		}
		f, err := directory.AddField.Within(c, directory.FieldInput{Kind: k.Owner, Label: label, Type: kind})
		if err != nil {
			return err
		}
		made[id] = f.Key
		if _, err := c.Tx.Exec(`INSERT INTO import_changes (collaborative_id, import_id, change, kind, target_id, title, version, undone) VALUES ($1, $2, $3, 'field', $4, $5, $6, FALSE)`,
			i.ID, int64(-len(made)), f.ID, f.Label, f.Version); err != nil {
			return err
		}
	}
	i.Plan.Made = made
	return nil
}

// rememberSame keeps who the spellings of one record were, so that the next file
// finds them without asking.
func rememberSame(c *operation.Call, i Import) error {
	number := int64(0)
	for {
		page, err := store.Collect(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND action = 'same' AND record > $3 ORDER BY record LIMIT 500`, i.ID, number)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, r := range page {
			number = r.number
			other, named := r, map[int64]record{}
			for range 20 {
				if other.action != Same {
					break
				}
				if other, err = sameAs(c, i.ID, other, named); err != nil {
					return err
				}
			}
			if other.target.IsZero() {
				continue
			}
			// The one they became as well: it has grown beyond its own key.
			for _, key := range []string{r.key, other.key} {
				if err := decide(c, r.kind, decision{key: key, decision: DecidedTarget, target: other.target}); err != nil {
					return err
				}
			}
		}
	}
}
