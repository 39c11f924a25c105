package imports

import (
	"encoding/json"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// record is the kind of record as the directory and the history name it.
func (k *Kind) record() string {
	return map[string]string{"organizations": directory.OrganizationKind, "people": directory.PersonKind, "bodies": directory.BodyKind, "seats": directory.SeatKind, "touches": directory.TouchKind}[k.ID]
}

// done is one change that an import made.
type done struct {
	number        int64
	kind          string
	target        TargetID
	title         string
	version       int64
	versionBefore int64
	before, after json.RawMessage
	undone        bool
	left          *LeftAlone
}

// LeftAlone is what of a change was not taken back, and why.
type LeftAlone struct {
	// Reason is a message of the catalogue; Fields are the fields it is about,
	// absent for the record as a whole.
	Reason string   `json:"reason"`
	Fields []string `json:"fields,omitempty"`
}

func scanDone(row store.Row) (done, error) {
	var d done
	var before, after string
	var versionBefore *int64
	err := row.Scan(&d.number, &d.kind, &d.target, &d.title, &d.version, &versionBefore, store.ScanText(&before), store.ScanText(&after), &d.undone, store.ScanJSON(&d.left))
	if versionBefore != nil {
		d.versionBefore = *versionBefore
	}
	d.before, d.after = json.RawMessage(before), json.RawMessage(after)
	return d, err
}

const doneColumns = `change, kind, target_id, title, version, version_before, before, after, undone, left_alone`

// undo takes back what the import did, the last first: records it made are
// deleted for good, records it changed are as they were. What somebody changed
// since is left alone, and named.
func (w *worker) undo() error {
	for {
		rest := false
		err := w.portion(func(c *operation.Call, i *Import) error {
			page, err := store.Collect(c.Tx, scanDone, `SELECT `+doneColumns+` FROM import_changes WHERE collaborative_id = $1 AND import_id = $2 AND undone = FALSE ORDER BY change DESC LIMIT $3`, i.ID, int64(pageWrites))
			if err != nil {
				return err
			}
			rest = len(page) > 0
			for _, d := range page {
				if err := undoOne(c, i, d); err != nil {
					return err
				}
			}
			if !rest {
				i.State, i.FinishedAt = Undone, &c.Now
				c.Changed(i.Subject(), i.FileName, i.Version+1, nil, nil)
			}
			return nil
		})
		if err != nil || !rest {
			return err
		}
	}
}

func undoOne(c *operation.Call, i *Import, d done) error {
	var left *LeftAlone
	undo := directory.ReversibleOf(directory.FieldKind)
	if d.kind != directory.FieldKind {
		undo = directory.ReversibleOf(kindOf(d.kind).record())
	}
	if len(d.before) == 0 {
		obstacle, err := undo.Remove(c, d.target, d.version)
		if err != nil {
			return err
		}
		if obstacle != "" {
			left = &LeftAlone{Reason: obstacle}
		}
		if _, err := c.Tx.Exec(`DELETE FROM import_decisions WHERE collaborative_id = $1 AND target_id = $2`, d.target); err != nil {
			return err
		}
	} else {
		fields, version, err := undo.Restore(c, d.target, d.before, d.after)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			// The record is again what it was when an earlier import had made or
			// changed it, which therefore can still be taken back as well.
			if _, err := c.Tx.Exec(`UPDATE import_changes SET version = $4 WHERE collaborative_id = $1 AND target_id = $2 AND version = $3`, d.target, d.versionBefore, version); err != nil {
				return err
			}
		}
		if len(fields) > 0 {
			left = &LeftAlone{Reason: "errors.changed_since", Fields: fields}
		}
	}
	i.Done++
	i.Counts.Undone++
	var note any
	if left != nil {
		i.Counts.LeftOver++
		note = store.JSON(left)
	}
	// What was there before and after is kept no longer than it serves.
	var kept any
	if len(d.before) > 0 {
		kept = store.JSON(struct{}{})
	}
	_, err := c.Tx.Exec(`UPDATE import_changes SET undone = TRUE, left_alone = $4, before = $5, after = $5 WHERE collaborative_id = $1 AND import_id = $2 AND change = $3`, i.ID, d.number, note, kept)
	return err
}
