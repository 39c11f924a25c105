package operation

import (
	"encoding/json"
	"errors"
	"time"

	"commontable/internal/platform/store"
)

// Entry is one line of the audit log.
type Entry struct {
	ID        EntryID       `json:"id"`
	At        time.Time     `json:"at"`
	Operation string        `json:"operation"`
	Actor     string        `json:"actor"`
	Via       Via           `json:"via"`
	Subject   string        `json:"subject_kind,omitempty"`
	SubjectID EntryID       `json:"subject_id"`
	Title     string        `json:"title,omitempty"`
	Version   int64         `json:"version,omitempty"`
	Fields    []FieldChange `json:"fields,omitempty"`
	// Undoable says whether the run this entry begins can be taken back.
	Undoable bool `json:"undoable"`
	Undone   bool `json:"undone"`
	// Left is there only of a run that was taken back just now.
	Left *Left `json:"left,omitempty" doc:"What taking it back left alone, because somebody changed it since; absent when that is nothing."`
}

// ListHistoryInput narrows the audit log.
type ListHistoryInput struct {
	Kind   string  `json:"kind" doc:"Only this kind of subject."`
	ID     EntryID `json:"id" doc:"Only this subject; needs kind."`
	After  string  `json:"after" text:"raw" doc:"Cursor of the page."`
	Before string  `json:"before" text:"raw"`
	Limit  int64   `json:"limit" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListHistory is the audit log of the collaborative, newest first.
var ListHistory = Define(Operation[ListHistoryInput, Page[Entry]]{
	Definition: Definition{ID: "history.list", Summary: "Lists who did what and when, newest first", ReadOnly: true, Method: "GET", Path: "/history"},
	Run: func(c *Call, in ListHistoryInput) (Page[Entry], error) {
		return listHistory(c, in)
	},
})

// RecordHistory is the history of one record, newest first. It shows every
// field that ever changed, so it is for those who may see all of the record.
var RecordHistory = Define(Operation[RecordHistoryInput, Page[Entry]]{
	Definition: Definition{ID: "history.record", Summary: "Lists the changes of one record, newest first", ReadOnly: true, Method: "GET", Path: "/history/{kind}/{id}"},
	Run: func(c *Call, in RecordHistoryInput) (Page[Entry], error) {
		return listHistory(c, ListHistoryInput(in))
	},
})

// RecordHistoryInput names the record.
type RecordHistoryInput struct {
	Kind   string  `json:"kind" required:"true"`
	ID     EntryID `json:"id"`
	After  string  `json:"after" text:"raw" doc:"Cursor of the page."`
	Before string  `json:"before" text:"raw"`
	Limit  int64   `json:"limit" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// EntryColumns are the columns that ScanEntry reads, for operations of other
// packages that tell of the log.
const EntryColumns = `id, at, operation, actor_name, via, subject_kind, subject_id, subject_title, subject_version, fields, undo_operation, undone_at`

// ScanEntry reads an entry of the log.
func ScanEntry(row store.Row) (Entry, error) {
	var e Entry
	var undo, kind, title string
	var undoneAt time.Time
	err := row.Scan(&e.ID, store.ScanTime(&e.At), &e.Operation, &e.Actor, &e.Via, store.ScanText(&kind), &e.SubjectID, store.ScanText(&title),
		&e.Version, store.ScanJSON(&e.Fields), store.ScanText(&undo), store.ScanTime(&undoneAt))
	e.Subject, e.Title = kind, title
	e.Undoable, e.Undone = undo != "" && undoneAt.IsZero(), !undoneAt.IsZero()
	return e, err
}

func listHistory(c *Call, in ListHistoryInput) (Page[Entry], error) {
	q := store.Select(`SELECT ` + EntryColumns + ` FROM audit_entries WHERE collaborative_id = $1`)
	if in.Kind != "" {
		q.Where(`subject_kind = ?`, in.Kind)
		q.Where(`subject_id = ?`, in.ID)
	}
	page, err := List(c.Tx, q, Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"id"}, Types: "b"}, ScanEntry,
		func(e Entry) []any { return []any{e.ID[:]} })
	page.Total = -1
	return page, err
}

// UndoInput names the entry whose run is to be taken back.
type UndoInput struct {
	ID EntryID `json:"id"`
}

// Undo takes back a run by running the inverse it named. The inverse passes the
// door's permission check and validation as if asked for directly. Those who may
// read the log may take back anyone's change; the others their own, and they see
// of it only that it is done.
var Undo = Define(Operation[UndoInput, Entry]{
	Definition: Definition{ID: "history.undo", Summary: "Takes back a change", Method: "POST", Path: "/history/{id}/undo"},
	Run: func(c *Call, in UndoInput) (Entry, error) {
		type step struct {
			operation, input string
			account          AccountID
			undoneAt         time.Time
		}
		s, err := store.One(c.Tx, func(row store.Row) (s step, err error) {
			return s, row.Scan(store.ScanText(&s.operation), store.ScanText(&s.input), &s.account, store.ScanTime(&s.undoneAt))
		}, `SELECT undo_operation, undo_input, account_id, undone_at FROM audit_entries WHERE collaborative_id = $1 AND id = $2`, in.ID)
		whole := c.Can(ListHistory.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && !whole && s.account != c.Actor.Account {
			return Entry{}, Missing()
		}
		if err != nil {
			return Entry{}, err
		}
		inverse := c.door.Registry[s.operation]
		if inverse == nil {
			return Entry{}, Refuse(Invalid, "errors.not_undoable")
		}
		if !s.undoneAt.IsZero() {
			return Entry{}, Refuse(Conflict, "errors.already_undone")
		}
		out, err := inverse.runJSON(c, json.RawMessage(s.input))
		if err != nil {
			return Entry{}, err
		}
		if _, err := c.Tx.Exec(`UPDATE audit_entries SET undone_at = $3 WHERE collaborative_id = $1 AND id = $2`, in.ID, store.Micros(c.Now)); err != nil {
			return Entry{}, err
		}
		entry, err := store.One(c.Tx, ScanEntry, `SELECT `+EntryColumns+` FROM audit_entries WHERE collaborative_id = $1 AND id = $2`, in.ID)
		if !whole {
			entry.Fields = nil
		}
		if p, ok := out.(partial); ok && !p.LeftAlone().Nothing() {
			left := p.LeftAlone()
			entry.Left = &left
		}
		return entry, err
	},
})

// HistoryOperations lists the operations on the audit logs for the registry.
func HistoryOperations() []Any {
	return []Any{ListHistory, RecordHistory, Undo, AccountHistory, InstallationHistory}
}
