package agreements

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListInput says which agreements.
type ListInput struct {
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Only those of this organization, the newest first."`
	State          string                   `json:"state,omitempty" enum:"draft,sent,signed,due,lapsed,renewed,ended" doc:"signed are all in force, due those of them to be renewed within 90 days."`
	AsOf           string                   `json:"as_of,omitempty" format:"date" doc:"Only those that held on this day."`
	Trash          bool                     `json:"trash,omitempty" doc:"Those in the trash instead."`
	After          string                   `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before         string                   `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit          int64                    `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists agreements: by organization; those in force, due and lapsed by the
// day of renewal; those sent by how long they have waited.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Agreement]]{
	Definition: operation.Definition{ID: "agreements.list", Summary: "Lists membership agreements", ReadOnly: true, Method: "GET", Path: "/agreements"},
	Run:        list,
})

func list(c *operation.Call, in ListInput) (operation.Page[Agreement], error) {
	if in.Trash && !c.Can(restoreOperation) {
		return operation.Page[Agreement]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	day := in.AsOf
	if day == "" {
		day = c.Today()
	}
	q, keyset, key := query(c, in, day)
	page, err := operation.List(c.Tx, q, keyset, scanOn(day), key)
	for i := range page.Items {
		page.Items[i] = page.Items[i].visibleTo(c)
	}
	page.Total = -1
	return page, err
}

func query(c *operation.Call, in ListInput, day string) (*store.Builder, operation.Keyset, func(Agreement) []any) {
	q := store.Select(`SELECT ` + columns + tables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit}
	if !c.Can(editOperation) {
		// What is being prepared is the backbone's and the signatory's.
		q.Where(`agreements.state <> 'draft' AND agreements.state <> 'sent'`)
	}
	if !in.OrganizationID.IsZero() {
		q.Where(`agreements.organization_id = ?`, in.OrganizationID)
	}
	if in.AsOf != "" {
		q.Where(`agreements.valid_from <= ? AND (agreements.valid_to IS NULL OR agreements.valid_to > ?)`, day, day)
	}
	if in.Trash {
		q.Where(`agreements.deleted_at IS NOT NULL`)
		k.Columns, k.Types, k.Descending = []string{"agreements.deleted_at", "agreements.id"}, "ib", true
		return q, k, func(a Agreement) []any { return []any{a.DeletedAt.UnixMicro(), a.ID[:]} }
	}
	q.Where(`agreements.deleted_at IS NULL`)
	stated(q, in, day)
	switch {
	case !in.OrganizationID.IsZero():
		k.Columns, k.Types, k.Descending = []string{"agreements.id"}, "b", true
		return q, k, func(a Agreement) []any { return []any{a.ID[:]} }
	case in.AsOf == "" && (in.State == Signed || in.State == Due || in.State == Lapsed):
		k.Columns, k.Types = []string{"agreements.renewal_due", "agreements.id"}, "sb"
		return q, k, func(a Agreement) []any { return []any{a.RenewalDue, a.ID[:]} }
	case in.State == Sent:
		k.Columns, k.Types = []string{"agreements.sent_at", "agreements.id"}, "ib"
		return q, k, func(a Agreement) []any { return []any{a.sentMicros(), a.ID[:]} }
	}
	k.Columns, k.Types = []string{"agreements.organization_sort_key", "agreements.organization_id", "agreements.id"}, "bbb"
	return q, k, func(a Agreement) []any { return []any{a.sortKey, a.OrganizationID[:], a.ID[:]} }
}

// stated narrows a list to a state. On a day in the past an agreement that was
// renewed or ended since was in force.
func stated(q *store.Builder, in ListInput, day string) {
	if !in.OrganizationID.IsZero() {
		statedOfFew(q, in, day)
		return
	}
	q.Where(`organizations.deleted_at IS NULL`)
	held := in.State == Signed || in.State == Due || in.State == Lapsed
	if stored := storedAs(in.State); stored != "" && !(held && in.AsOf != "") {
		q.Where(`agreements.state = ?`, stored)
	}
	switch in.State {
	case Signed:
		q.Where(`agreements.renewal_due > ?`, day)
	case Due:
		q.Where(`agreements.renewal_due > ? AND agreements.renewal_due <= ?`, day, soon(day))
	case Lapsed:
		q.Where(`agreements.renewal_due <= ?`, day)
	}
}

// storedAs is the stored state of those in a state today.
func storedAs(state string) string {
	if state == Due || state == Lapsed {
		return Signed
	}
	return state
}

// statedOfFew narrows the list of one organization, which has few agreements.
// The conditions are written so that no index is chosen for them: the one of the
// organization gives the order.
func statedOfFew(q *store.Builder, in ListInput, day string) {
	held := in.State == Signed || in.State == Due || in.State == Lapsed
	if stored := storedAs(in.State); stored != "" && !(held && in.AsOf != "") {
		q.Where(`COALESCE(agreements.state, '') = ?`, stored)
	}
	switch in.State {
	case Signed:
		q.Where(`COALESCE(agreements.renewal_due, '') > ?`, day)
	case Due:
		q.Where(`COALESCE(agreements.renewal_due, '') > ? AND COALESCE(agreements.renewal_due, '') <= ?`, day, soon(day))
	case Lapsed:
		q.Where(`COALESCE(agreements.renewal_due, '') <= ?`, day)
	}
}

func (a Agreement) sentMicros() int64 {
	if a.SentAt == nil {
		return 0
	}
	return a.SentAt.UnixMicro()
}

// ExportInput is a list to take away; its limit is ignored.
type ExportInput struct{ ListInput }

// Export reads what a list shows, to be taken away as a file.
var Export = operation.Define(operation.Operation[ExportInput, operation.Page[Agreement]]{
	Definition: operation.Definition{ID: "agreements.export", Summary: "Reads a list of membership agreements to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/agreements/export"},
	Limit:      func(in ExportInput) string { return directory.CountDownload(in.After) },
	Run: func(c *operation.Call, in ExportInput) (operation.Page[Agreement], error) {
		return directory.TakeAway(c, in.After, func(after string, limit int64) (operation.Page[Agreement], error) {
			in.After, in.Limit, in.Before = after, limit, ""
			return list(c, in.ListInput)
		})
	},
})
