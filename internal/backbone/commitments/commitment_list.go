package commitments

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListInput says which commitments. Those of one organization are its own to see;
// all of them are the backbone's.
type ListInput struct {
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Only those of this organization."`
	PersonID       directory.PersonID       `json:"person_id,omitempty" doc:"Only those for which this person gave the word."`
	Kind           string                   `json:"kind,omitempty" enum:"time,cash,leadership,in_kind"`
	State          string                   `json:"state,omitempty" enum:"pledged,part_delivered,fulfilled,withdrawn"`
	From           string                   `json:"from,omitempty" format:"date" doc:"Only those whose period ends on or after this day."`
	To             string                   `json:"to,omitempty" format:"date" doc:"Only those whose period ends before this day."`
	Unconfirmed    bool                     `json:"unconfirmed,omitempty" doc:"Only those that wait for the backbone to confirm them."`
	Trash          bool                     `json:"trash,omitempty" doc:"Those in the trash instead."`
	After          string                   `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before         string                   `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit          int64                    `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists commitments by the end of their period.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Commitment]]{
	Definition: operation.Definition{ID: "commitments.list", Summary: "Lists commitments by the end of their period; others than the backbone those of an organization they represent", ReadOnly: true, Method: "GET", Path: "/commitments"},
	About:      func(in ListInput) operation.Subject { return organizationSubject(in.OrganizationID) },
	Run:        list,
})

func list(c *operation.Call, in ListInput) (operation.Page[Commitment], error) {
	if in.Trash && !c.Can(restoreOperation) {
		return operation.Page[Commitment]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q, keyset, key := query(in)
	page, err := operation.List(c.Tx, q, keyset, scan, key)
	if err != nil {
		return page, err
	}
	money, err := currency(c)
	for k := range page.Items {
		page.Items[k].Currency = money
	}
	if err != nil {
		return page, err
	}
	page.Total = -1
	if c.Can(listOperation) {
		page.Total, err = operation.Total(c.Tx, Kind)
	}
	return page, err
}

// query is the statement, order and cursor of a list. Where few are asked for, the
// other conditions are written so that no index is chosen for them.
func query(in ListInput) (*store.Builder, operation.Keyset, func(Commitment) []any) {
	q := store.Select(`SELECT ` + columns + tables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"commitments.ends_on", "commitments.id"}, Types: "sb"}
	key := func(x Commitment) []any { return []any{x.EndsOn, x.ID[:]} }
	if in.Trash {
		q.Where(`commitments.deleted_at IS NOT NULL`)
		k.Columns, k.Types, k.Descending = []string{"commitments.deleted_at", "commitments.id"}, "ib", true
		key = func(x Commitment) []any { return []any{x.DeletedAt.UnixMicro(), x.ID[:]} }
	} else {
		q.Where(`commitments.deleted_at IS NULL`)
	}
	few := in.Trash
	if !in.OrganizationID.IsZero() {
		q.Where(`commitments.organization_id = ?`, in.OrganizationID)
		few = true
	}
	if !in.PersonID.IsZero() {
		q.Where(`commitments.person_id = ?`, in.PersonID)
		few = true
	}
	if in.Unconfirmed {
		q.Where(`commitments.confirmed_at IS NULL`)
		few = true
	}
	for _, by := range []struct{ value, plain, beside string }{
		{in.State, `commitments.state = ?`, `COALESCE(commitments.state, '') = ?`},
		{in.Kind, `commitments.kind = ?`, `COALESCE(commitments.kind, '') = ?`},
	} {
		switch {
		case by.value == "":
		case few:
			q.Where(by.beside, by.value)
		default:
			q.Where(by.plain, by.value)
			few = true
		}
	}
	if in.From != "" {
		q.Where(`commitments.ends_on >= ?`, in.From)
	}
	if in.To != "" {
		q.Where(`commitments.ends_on < ?`, in.To)
	}
	return q, k, key
}

// ExportInput is a list to take away; its limit is ignored.
type ExportInput struct{ ListInput }

// Export reads what a list shows, to be taken away as a file.
var Export = operation.Define(operation.Operation[ExportInput, operation.Page[Commitment]]{
	Definition: operation.Definition{ID: "commitments.export", Summary: "Reads a list of commitments to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/commitments/export"},
	About:      func(in ExportInput) operation.Subject { return organizationSubject(in.OrganizationID) },
	Limit:      func(in ExportInput) string { return directory.CountDownload(in.After) },
	Run: func(c *operation.Call, in ExportInput) (operation.Page[Commitment], error) {
		return directory.TakeAway(c, in.After, func(after string, limit int64) (operation.Page[Commitment], error) {
			in.After, in.Limit, in.Before = after, limit, ""
			return list(c, in.ListInput)
		})
	},
})
