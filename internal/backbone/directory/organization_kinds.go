package directory

import (
	"context"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// kindTags is under what the kinds of organizations lie among the tags. Unlike
// tags they are for everyone who sees organizations.
const kindTags = "organization-kind"

// ListKinds lists the kinds of organizations in use.
var ListKinds = operation.Define(operation.Operation[operation.None, TagList]{
	Definition: operation.Definition{ID: "organizations.kinds", Summary: "Lists the kinds of organizations in use", ReadOnly: true, Method: "GET", Path: "/organization-kinds"},
	Run:        func(c *operation.Call, _ operation.None) (TagList, error) { return tagsInUse(c, kindTags) },
})

// listable are the kinds that a list can be narrowed to: what folds to nothing is
// none.
func listable(kinds []string) []string {
	var out []string
	for _, kind := range kinds {
		if i18n.FoldKey(kind) != "" {
			out = append(out, kind)
		}
	}
	return out
}

// saveKinds keeps the kinds among the tags in step with an organization.
func saveKinds(c *operation.Call, i OrganizationID, key []byte, before, after []string, moved bool) error {
	return saveTags(c.Tx, kindTags, i, key, listable(before), listable(after), moved)
}

// kindsPage is how many organizations one transaction looks at.
const kindsPage = 200

// KindsWait says whether an organization of the collaborative was recorded by a
// program that did not know kinds among the tags.
func KindsWait(tx *store.Tx) (bool, error) {
	waiting, err := waitingKinds(tx)
	return len(waiting) > 0, err
}

// kindsOf are an organization's kinds, to be put among the tags.
type kindsOf struct {
	id    OrganizationID
	key   []byte
	kinds []string
}

func waitingKinds(tx *store.Tx) ([]kindsOf, error) {
	return store.Collect(tx, func(row store.Row) (k kindsOf, err error) {
		return k, row.Scan(&k.id, &k.key, store.ScanJSON(&k.kinds))
	}, `SELECT id, sort_key, kinds FROM organizations WHERE collaborative_id = $1 AND kinds_indexed = FALSE ORDER BY id LIMIT 200`)
}

// IndexKinds puts the kinds of the organizations that wait among the tags, a page
// in each transaction. Records keep their version: nobody changed them. It is for
// background work and checks no permission.
func IndexKinds(ctx context.Context, s *store.Store, place operation.CollaborativeID) error {
	for done := kindsPage; done == kindsPage && ctx.Err() == nil; {
		if err := s.Write(ctx, place, func(tx *store.Tx) error {
			page, err := waitingKinds(tx)
			done = len(page)
			for _, k := range page {
				kinds := listable(k.kinds)
				// They may be there already, from an edit meanwhile.
				if err := saveTags(tx, kindTags, k.id, k.key, kinds, kinds, true); err != nil {
					return err
				}
				if _, err := tx.Exec(`UPDATE organizations SET kinds_indexed = TRUE WHERE collaborative_id = $1 AND id = $2`, k.id); err != nil {
					return err
				}
			}
			return err
		}); err != nil {
			return err
		}
	}
	return ctx.Err()
}
