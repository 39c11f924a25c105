package network

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListInput says which ties.
type ListInput struct {
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Only those of this organization, whichever end it is."`
	PersonID       directory.PersonID       `json:"person_id,omitempty" doc:"Only those of this person, whichever end they are."`
	Type           string                   `json:"type,omitempty" maxLength:"100" doc:"Only those of this type, however it is spelled."`
	AsOf           string                   `json:"as_of,omitempty" format:"date" doc:"Only those that held on this day."`
	Trash          bool                     `json:"trash,omitempty" doc:"Those in the trash instead."`
	After          string                   `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before         string                   `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit          int64                    `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists ties, the last declared first. Ties of people are for those who may
// see them.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Tie]]{
	Definition: operation.Definition{ID: "ties.list", Summary: "Lists the ties between organizations, and between people for those who may see them", ReadOnly: true, Method: "GET", Path: "/ties"},
	Run:        list,
})

func list(c *operation.Call, in ListInput) (operation.Page[Tie], error) {
	if in.Trash && !c.Can(restoreOperation) {
		return operation.Page[Tie]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q := store.Select(`SELECT ` + columns + tables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"ties.id"}, Types: "b", Descending: true}
	key := func(t Tie) []any { return []any{t.ID[:]} }
	if in.Trash {
		q.Where(`ties.deleted_at IS NOT NULL`)
		k.Columns, k.Types = []string{"ties.deleted_at", "ties.id"}, "ib"
		key = func(t Tie) []any { return []any{t.DeletedAt.UnixMicro(), t.ID[:]} }
	} else {
		q.Where(`ties.deleted_at IS NULL`)
	}
	if !c.Can(directory.SeePersonTies) {
		q.Where(`ties.from_person_id IS NULL AND ties.to_person_id IS NULL`)
	}
	if !in.OrganizationID.IsZero() {
		q.Where(`(ties.from_organization_id = ? OR ties.to_organization_id = ?)`, in.OrganizationID, in.OrganizationID)
	}
	if !in.PersonID.IsZero() {
		q.Where(`(ties.from_person_id = ? OR ties.to_person_id = ?)`, in.PersonID, in.PersonID)
	}
	if in.Type != "" {
		q.Where(`ties.type_key = ?`, TypeKey(in.Type))
	}
	if in.AsOf != "" {
		q.Where(`(ties.valid_from IS NULL OR ties.valid_from <= ?) AND (ties.valid_to IS NULL OR ties.valid_to > ?)`, in.AsOf, in.AsOf)
	}
	page, err := operation.List(c.Tx, q, k, scan, key)
	page.Total = -1 // which of them whoever asks may see is found out row by row
	return page, err
}

// ExportInput is a list to take away; its limit is ignored.
type ExportInput struct{ ListInput }

// Export reads what a list shows, to be taken away as a file.
var Export = operation.Define(operation.Operation[ExportInput, operation.Page[Tie]]{
	Definition: operation.Definition{ID: "ties.export", Summary: "Reads a list of ties to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/ties/export"},
	Limit:      func(in ExportInput) string { return directory.CountDownload(in.After) },
	Run: func(c *operation.Call, in ExportInput) (operation.Page[Tie], error) {
		return directory.TakeAway(c, in.After, func(after string, limit int64) (operation.Page[Tie], error) {
			in.After, in.Limit, in.Before = after, limit, ""
			return list(c, in.ListInput)
		})
	},
})
