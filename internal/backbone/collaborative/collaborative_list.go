package collaborative

import (
	"bytes"
	"slices"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Listed is a collaborative by name.
type Listed struct {
	ID    ID     `json:"id"`
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Place string `json:"place"`
	// Roles are what the caller is there; empty for those who only administer
	// the installation.
	Roles []operation.Role `json:"roles"`
}

// ListInput chooses which collaboratives.
type ListInput struct {
	All    bool   `json:"all,omitempty" doc:"Every collaborative by address, for the administrator of the installation; otherwise one's own by name."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page; only with all."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent; only with all."`
}

// List shows the caller's collaboratives, or all to the administrator: their
// names and places, nothing that is in them.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Listed]]{
	Definition: operation.Definition{ID: "collaboratives.list", Summary: "Lists one's own collaboratives, or all for the administrator", Scope: operation.OnInstallation, ReadOnly: true,
		Method: "GET", Path: "/collaboratives"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Listed], error) {
		if !in.All {
			return own(c)
		}
		if c.Actor.Via != operation.ViaSystem && !c.Actor.Has(operation.Administrator) {
			return operation.Page[Listed]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		page, err := operation.List(c.Installation, store.SelectInstallation(`SELECT id, slug, name, place FROM collaboratives WHERE slug <> ''`),
			operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"slug"}, Types: "s"},
			func(row store.Row) (Listed, error) {
				l := Listed{Roles: []operation.Role{}}
				return l, row.Scan(&l.ID, &l.Slug, &l.Name, &l.Place)
			}, func(l Listed) []any { return []any{l.Slug} })
		page.Total = -1
		return page, err
	},
})

// own are the caller's collaboratives in the order of their names. Nobody takes
// part in so many that they would need pages.
func own(c *operation.Call) (operation.Page[Listed], error) {
	list, err := store.Collect(c.Installation, func(row store.Row) (l Listed, err error) {
		return l, row.Scan(&l.ID, &l.Slug, &l.Name, &l.Place, store.ScanJSON(&l.Roles))
	}, `SELECT c.id, c.slug, c.name, c.place, m.roles FROM memberships m JOIN collaboratives c ON c.id = m.collaborative_id
		WHERE m.account_id = $1 AND m.ended_at IS NULL`, c.Actor.Account)
	language := i18n.Language(c.Context())
	slices.SortFunc(list, func(a, b Listed) int {
		return bytes.Compare(i18n.CollationKey(language, a.Name), i18n.CollationKey(language, b.Name))
	})
	if list == nil {
		list = []Listed{}
	}
	return operation.Page[Listed]{Items: list, Total: int64(len(list))}, err
}
