package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListTouchesInput says which entries.
type ListTouchesInput struct {
	OrganizationID OrganizationID `json:"organization_id,omitempty"`
	PersonID       PersonID       `json:"person_id,omitempty"`
	ByPersonID     PersonID       `json:"by_person_id,omitempty" doc:"Only those of this member of the backbone."`
	Due            string         `json:"due,omitempty" enum:"any,soon,overdue" doc:"Only those with something due, the first first: any, within 14 days, or with its day past."`
	Trash          bool           `json:"trash,omitempty" doc:"Those in the trash instead."`
	After          string         `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before         string         `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit          int64          `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// DueDays is how far ahead a touch counts as due soon.
const DueDays = 14

// ListTouches lists the relationship log, the newest first, or what is due, the
// longest overdue first.
var ListTouches = operation.Define(operation.Operation[ListTouchesInput, operation.Page[Touch]]{
	Definition: operation.Definition{ID: "touches.list", Summary: "Lists the relationship log", ReadOnly: true, Method: "GET", Path: "/touches"},
	Run:        listTouches,
})

func listTouches(c *operation.Call, in ListTouchesInput) (operation.Page[Touch], error) {
	q, keyset, key := touchQuery(c, in)
	page, err := operation.List(c.Tx, q, keyset, scanTouch, key)
	if err != nil {
		return page, err
	}
	page.Total, err = operation.Total(c.Tx, TouchKind)
	return page, err
}

// touchQuery is the statement, order and cursor of a list of entries.
func touchQuery(c *operation.Call, in ListTouchesInput) (*store.Builder, operation.Keyset, func(Touch) []any) {
	q := store.Select(`SELECT ` + touchColumns + touchTables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"touches.happened_on", "touches.id"}, Types: "sb", Descending: true}
	key := func(t Touch) []any { return []any{t.On, t.ID[:]} }
	switch {
	case in.Trash:
		q.Where(`touches.deleted_at IS NOT NULL`)
		k.Columns, k.Types = []string{"touches.deleted_at", "touches.id"}, "ib"
		key = func(t Touch) []any { return []any{t.DeletedAt.UnixMicro(), t.ID[:]} }
	case in.Due != "":
		q.Where(`touches.deleted_at IS NULL AND touches.settled = FALSE AND touches.next_on IS NOT NULL`)
		k.Columns, k.Descending = []string{"touches.next_on", "touches.id"}, false
		key = func(t Touch) []any { return []any{t.NextOn, t.ID[:]} }
	default:
		q.Where(`touches.deleted_at IS NULL`)
	}
	switch in.Due {
	case "soon":
		q.Where(`touches.next_on <= ?`, days(c.Today(), DueDays))
	case "overdue":
		q.Where(`touches.next_on < ?`, c.Today())
	}
	if !in.OrganizationID.IsZero() {
		q.Where(`touches.organization_id = ?`, in.OrganizationID)
	}
	if !in.PersonID.IsZero() {
		q.Where(`touches.person_id = ?`, in.PersonID)
	}
	if !in.ByPersonID.IsZero() {
		q.Where(`touches.by_person_id = ?`, in.ByPersonID)
	}
	return q, k, key
}

// ExportTouchesInput is a list to take away; its limit is ignored.
type ExportTouchesInput struct{ ListTouchesInput }

// ExportTouches reads what a list shows, to be taken away as a file.
var ExportTouches = operation.Define(operation.Operation[ExportTouchesInput, operation.Page[Touch]]{
	Definition: operation.Definition{ID: "touches.export", Summary: "Reads the relationship log to take away, a thousand entries at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/touches/export"},
	Limit:      func(in ExportTouchesInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportTouchesInput) (operation.Page[Touch], error) {
		return takeAway(c, in.After, func(after string) (operation.Page[Touch], error) {
			in.After, in.Limit, in.Before = after, exportPage, ""
			return listTouches(c, in.ListTouchesInput)
		})
	},
})

// EditTouchesInput changes the same fields of several entries.
type EditTouchesInput struct {
	Items      []TouchVersion `json:"items" required:"true" maxItems:"500"`
	ByPersonID *PersonID      `json:"by_person_id,omitempty" doc:"Who of the backbone it is now the entry of."`
	Channel    *string        `json:"channel,omitempty" enum:"in_person,phone,video,email,text,post"`
	Settled    *bool          `json:"settled,omitempty" doc:"Whether the next touch was done, of those that have one."`
	Trash      bool           `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back       bool           `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []TouchPatch `json:"each,omitempty" maxItems:"500"`
}

// EditTouches changes several entries at once, all or none.
var EditTouches = operation.Define(operation.Operation[EditTouchesInput, operation.Page[Touch]]{
	Definition: operation.Definition{ID: "touches.edit-several", Summary: "Changes several entries of the relationship log at once, all or none", Method: "POST", Path: "/touches/bulk"},
	Run: func(c *operation.Call, in EditTouchesInput) (operation.Page[Touch], error) {
		items := make([]operation.VersionOf[TouchID], len(in.Items))
		for k, item := range in.Items {
			items[k] = operation.VersionOf[TouchID](item)
		}
		befores, afters, err := touches.Several(c, items, operation.Together{Trash: in.Trash, Back: in.Back}, func(k int, before Touch) (Touch, error) {
			if k < len(in.Each) {
				return EditTouch.Within(c, in.Each[k])
			}
			patch := TouchPatch{ID: before.ID, Version: before.Version, ByPersonID: in.ByPersonID, Channel: in.Channel}
			if before.NextOn != "" {
				patch.Settled = in.Settled
			}
			return EditTouch.Within(c, patch)
		})
		undo := EditTouchesInput{Back: in.Trash, Trash: in.Back}
		for k, after := range afters {
			undo.Items = append(undo.Items, TouchVersion{after.ID, after.Version})
			if !in.Trash && !in.Back {
				undo.Each = append(undo.Each, reverseTouch(befores[k], after))
			}
		}
		c.UndoWith("touches.edit-several", undo)
		return operation.Page[Touch]{Items: append([]Touch{}, afters...), Total: -1}, err
	},
})
