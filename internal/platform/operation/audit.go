package operation

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/store"
)

type actNoun struct{}

// EntryID names an entry of the audit log. Entries made by one run of one
// operation share an act.
type EntryID = id.Of[actNoun]

// writeAudit records the run: one entry a changed subject, or a single entry
// without a subject when nothing was reported, so that no write goes unseen.
func (c *Call) writeAudit(act EntryID) error {
	changes := c.changes
	if len(changes) == 0 {
		changes = []Change{{}}
	}
	var rows [][]any // of a collaborative, written together
	for i, change := range changes {
		entry := act
		var undoOperation, undoInput any
		if i > 0 {
			entry = id.New[actNoun]()
		} else if c.undo != nil {
			undoOperation, undoInput = c.undo.operation, store.JSON(c.undo.input)
		}
		var fields any
		if len(change.Fields) > 0 {
			fields = store.JSON(change.Fields)
		}
		if c.Tx != nil {
			rows = append(rows, []any{entry, act, store.Micros(c.Now), c.def.ID, c.Actor.Account, c.Actor.Person, c.Actor.Name, string(c.Actor.Via), RequestFrom(c.ctx),
				change.Subject.Kind, change.Subject.value(), change.Title, change.Version, fields, undoOperation, undoInput})
			continue
		}
		if _, err := c.Installation.Exec(`INSERT INTO installation_audit (id, at, operation, account_id, actor_name, via, request,
				subject_kind, subject_id, subject_title, fields)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			entry, store.Micros(c.Now), c.def.ID, c.Actor.Account, c.Actor.Name, string(c.Actor.Via), RequestFrom(c.ctx),
			change.Subject.Kind, change.Subject.value(), change.Title, fields); err != nil {
			return err
		}
	}
	if rows == nil {
		return nil
	}
	return c.Tx.ExecRows(`INSERT INTO audit_entries (collaborative_id, id, act_id, at, operation, account_id, person_id, actor_name, via, request,
		subject_kind, subject_id, subject_title, subject_version, fields, undo_operation, undo_input)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`, rows)
}

// value is the subject's id for the store: NULL when there is no subject.
func (s Subject) value() any {
	if s.ID == ([16]byte{}) {
		return nil
	}
	return s.ID[:]
}
