package actions

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListInput says which actions.
type ListInput struct {
	OwnerPersonID       directory.PersonID       `json:"owner_person_id,omitempty" doc:"Only those of this person."`
	OwnerOrganizationID directory.OrganizationID `json:"owner_organization_id,omitempty" doc:"Only those of this organization."`
	MeetingID           convening.MeetingID      `json:"meeting_id,omitempty" doc:"Only those agreed in this meeting."`
	State               string                   `json:"state,omitempty" enum:"open,done,dropped,carried"`
	DueFrom             string                   `json:"due_from,omitempty" format:"date" doc:"Only those due on or after this day."`
	DueTo               string                   `json:"due_to,omitempty" format:"date" doc:"Only those due before this day."`
	Overdue             bool                     `json:"overdue,omitempty" doc:"Only those open whose day is over."`
	Disowned            bool                     `json:"disowned,omitempty" doc:"Only those whose owner says that they are not theirs."`
	Trash               bool                     `json:"trash,omitempty" doc:"Those in the trash instead."`
	After               string                   `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before              string                   `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit               int64                    `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists actions by the day they are due, those without one last.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Action]]{
	Definition: operation.Definition{ID: "actions.list", Summary: "Lists action items by the day they are due", ReadOnly: true, Method: "GET", Path: "/actions"},
	Run:        list,
})

func list(c *operation.Call, in ListInput) (operation.Page[Action], error) {
	if in.Trash && !c.Can("actions.restore") {
		return operation.Page[Action]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q, keyset, key := query(c, in)
	page, err := operation.List(c.Tx, q, keyset, scan, key)
	if err != nil {
		return page, err
	}
	for k := range page.Items {
		page.Items[k] = page.Items[k].visibleTo(c)
	}
	page.Total, err = operation.Total(c.Tx, Kind)
	return page, err
}

// query is the statement, order and cursor of a list. Where one owner or meeting is
// asked for, the other conditions are written so that no index is chosen for them.
func query(c *operation.Call, in ListInput) (*store.Builder, operation.Keyset, func(Action) []any) {
	q := store.Select(`SELECT ` + columns + tables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"actions.due_order", "actions.id"}, Types: "sb"}
	key := func(a Action) []any { return []any{a.dueOrder(), a.ID[:]} }
	if in.Trash {
		q.Where(`actions.deleted_at IS NOT NULL`)
		k.Columns, k.Types, k.Descending = []string{"actions.deleted_at", "actions.id"}, "ib", true
		key = func(a Action) []any { return []any{a.DeletedAt.UnixMicro(), a.ID[:]} }
	} else {
		q.Where(`actions.deleted_at IS NULL`)
	}
	few := false
	if !in.OwnerPersonID.IsZero() {
		q.Where(`actions.owner_person_id = ?`, in.OwnerPersonID)
		few = true
	}
	if !in.OwnerOrganizationID.IsZero() {
		q.Where(`actions.owner_organization_id = ?`, in.OwnerOrganizationID)
		few = true
	}
	if !in.MeetingID.IsZero() {
		q.Where(`actions.meeting_id = ?`, in.MeetingID)
		few = true
	}
	states := []string{in.State}
	if in.Overdue || in.Disowned {
		states = append(states, Open)
	}
	for _, state := range states {
		switch {
		case state == "":
		case few || in.Trash:
			q.Where(`COALESCE(actions.state, '') = ?`, state)
		default:
			q.Where(`actions.state = ?`, state)
		}
	}
	if in.Overdue {
		q.Where(`actions.due_order < ?`, c.Today())
	}
	if in.Disowned {
		q.Where(`actions.disowned_at IS NOT NULL`)
	}
	if in.DueFrom != "" {
		q.Where(`actions.due_order >= ? AND actions.due_on IS NOT NULL`, in.DueFrom)
	}
	if in.DueTo != "" {
		q.Where(`actions.due_order < ?`, in.DueTo)
	}
	return q, k, key
}

// ExportInput is a list to take away; its limit is ignored.
type ExportInput struct{ ListInput }

// Export reads what a list shows, to be taken away as a file.
var Export = operation.Define(operation.Operation[ExportInput, operation.Page[Action]]{
	Definition: operation.Definition{ID: "actions.export", Summary: "Reads a list of action items to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/actions/export"},
	Limit:      func(in ExportInput) string { return directory.CountDownload(in.After) },
	Run: func(c *operation.Call, in ExportInput) (operation.Page[Action], error) {
		return directory.TakeAway(c, in.After, func(after string, limit int64) (operation.Page[Action], error) {
			in.After, in.Limit, in.Before = after, limit, ""
			return list(c, in.ListInput)
		})
	},
})
