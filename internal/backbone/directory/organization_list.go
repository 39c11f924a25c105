package directory

import (
	"slices"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// ListOrganizationsInput says which organizations, in what order.
type ListOrganizationsInput struct {
	Text   string `json:"q,omitempty" doc:"Words in its name, place or description."`
	Sector string `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	Status string `json:"status,omitempty" enum:"prospect,invited,member,dormant,left"`
	Part   string `json:"part,omitempty" enum:"funder,host,lead_organization,fiscal_sponsor" doc:"Only those that play this part."`
	Trash  bool   `json:"trash,omitempty" doc:"Those in the trash instead."`
	Sort   string `json:"sort,omitempty" enum:"name,-name,updated,-updated" doc:"name when absent; a minus turns the order round."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListOrganizations lists organizations page by page.
var ListOrganizations = operation.Define(operation.Operation[ListOrganizationsInput, operation.Page[Organization]]{
	Definition: operation.Definition{ID: "organizations.list", Summary: "Lists organizations", ReadOnly: true, Method: "GET", Path: "/organizations"},
	Limit:      func(in ListOrganizationsInput) string { return searching(in.Text) },
	Run:        listOrganizations,
})

func listOrganizations(c *operation.Call, in ListOrganizationsInput) (operation.Page[Organization], error) {
	var page operation.Page[Organization]
	if in.Trash && !c.Can("organizations.restore") {
		return page, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q, keyset, key := organizationQuery(in)
	if in.Text != "" {
		ids, err := findIDs(c, OrganizationKind, SeeNotes, in.Text)
		if err != nil {
			return page, err
		}
		q.Where(`id IN (?)`, store.In(ids))
	}
	page, err := operation.List(c.Tx, q, keyset, scanOrganization, key)
	if err != nil {
		return page, err
	}
	for i := range page.Items {
		page.Items[i] = page.Items[i].visibleTo(c)
	}
	page.Total, err = total(c.Tx, OrganizationKind)
	return page, err
}

// organizationQuery is the statement, order and cursor of a list. Each order
// and each single filter has an index; further filters thin out what the index
// yields.
func organizationQuery(in ListOrganizationsInput) (*store.Builder, operation.Keyset, func(Organization) []any) {
	q := store.Select(`SELECT ` + organizationColumns + ` FROM organizations WHERE collaborative_id = $1`)
	if in.Trash {
		q.Where(`deleted_at IS NOT NULL`)
	} else {
		q.Where(`deleted_at IS NULL`)
	}
	if in.Sector != "" {
		q.Where(`sector = ?`, in.Sector)
	}
	if in.Status != "" {
		q.Where(`status = ?`, in.Status)
	}
	switch in.Part {
	case "funder":
		q.Where(`funder = TRUE`)
	case "host":
		q.Where(`host = TRUE`)
	case "lead_organization":
		q.Where(`lead_organization = TRUE`)
	case "fiscal_sponsor":
		q.Where(`fiscal_sponsor = TRUE`)
	}
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit}
	switch {
	case in.Trash:
		k.Columns, k.Types, k.Descending = []string{"deleted_at", "id"}, "ib", true
		return q, k, func(o Organization) []any { return []any{o.DeletedAt.UnixMicro(), o.ID[:]} }
	case in.Sort == "updated" || in.Sort == "-updated":
		k.Columns, k.Types, k.Descending = []string{"updated_at", "id"}, "ib", in.Sort == "-updated"
		return q, k, func(o Organization) []any { return []any{o.UpdatedAt.UnixMicro(), o.ID[:]} }
	}
	k.Columns, k.Types, k.Descending = []string{"sort_key", "id"}, "bb", in.Sort == "-name"
	return q, k, func(o Organization) []any { return []any{o.sortKey, o.ID[:]} }
}

// findIDs asks the index for the records of one kind that hold the words.
func findIDs(c *operation.Call, kind, right, text string) ([][]byte, error) {
	found, err := search.Find(c.Tx, search.Query{Text: text, Kinds: []string{kind}, Reach: reach(c, right), Limit: 500})
	if err != nil {
		return nil, err
	}
	ids := make([][]byte, 0, len(found.Hits))
	for _, hit := range found.Hits {
		ids = append(ids, slices.Clone(hit.ID[:]))
	}
	return ids, nil
}

// reach is how deep into a record the actor may search.
func reach(c *operation.Call, right string) search.Rank {
	if c.Can(right) {
		return search.InGuarded
	}
	return search.InOpen
}
