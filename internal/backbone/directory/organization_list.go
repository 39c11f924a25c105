package directory

import (
	"slices"

	"commontable/internal/platform/i18n"
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
	Tag    string `json:"tag,omitempty" maxLength:"60" doc:"Only those with this tag, however it is spelled; for the backbone."`
	Kind   string `json:"kind,omitempty" maxLength:"80" doc:"Only those of this kind, however it is spelled."`
	AsOf   string `json:"as_of,omitempty" format:"date" doc:"As it stood on this day: only those on record then, with the status and parts they had."`
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
	if in.Tag != "" && !c.Can(SeeNotes) {
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
	if in.AsOf != "" && !in.Trash {
		page.Total = -1
		if err := standingOn(c, page.Items, in.AsOf); err != nil {
			return page, err
		}
	} else if page.Total, err = operation.Total(c.Tx, OrganizationKind); err != nil {
		return page, err
	}
	if err := attachOrganizationTags(c, page.Items); err != nil {
		return page, err
	}
	shown, err := shownKeys(c, OrganizationKind, len(page.Items))
	for i := range page.Items {
		page.Items[i] = page.Items[i].withheld(c)
		page.Items[i].Custom = keep(page.Items[i].Custom, shown)
	}
	return page, err
}

// standingOn gives each organization the status and the parts it had on a day.
func standingOn(c *operation.Call, items []Organization, day string) error {
	ids := make([]OrganizationID, len(items))
	at := make(map[OrganizationID]*Organization, len(items))
	for i := range items {
		ids[i], at[items[i].ID] = items[i].ID, &items[i]
		for _, part := range Parts {
			items[i].setFact(part, "")
		}
	}
	return store.Each(c.Tx, func(row store.Row) error {
		var i OrganizationID
		var fact, value string
		err := row.Scan(&i, &fact, &value)
		if o := at[i]; err == nil && o != nil {
			o.setFact(fact, value)
		}
		return err
	}, `SELECT subject_id, fact, value FROM periods WHERE collaborative_id = $1 AND subject_id IN ($2) AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`,
		store.In(ids), day)
}

// organizationQuery is the statement, order and cursor of a list. Each order
// and each single filter has an index; further filters thin out what the index
// yields.
func organizationQuery(in ListOrganizationsInput) (*store.Builder, operation.Keyset, func(Organization) []any) {
	byName := !in.Trash && in.Sort != "updated" && in.Sort != "-updated"
	q := store.Select(`SELECT ` + organizationColumns + ` FROM organizations WHERE collaborative_id = $1`)
	through := false
	for _, word := range []struct{ kind, word string }{{OrganizationKind, in.Tag}, {kindTags, in.Kind}} {
		switch {
		case word.word == "":
		case byName && !through:
			// Through the tags, which carry the organization's sort key, so that those
			// with a tag come in order without sorting.
			q, through = store.Select(`SELECT `+organizationColumns+` FROM tags JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = tags.record_id
				WHERE tags.collaborative_id = $1 AND tags.kind = ? AND tags.tag_key = ?`, word.kind, i18n.FoldKey(word.word)), true
		default:
			q.Where(`EXISTS (SELECT 1 FROM tags AS has WHERE has.collaborative_id = $1 AND has.kind = ? AND has.record_id = organizations.id AND has.tag_key = ?)`, word.kind, i18n.FoldKey(word.word))
		}
	}
	if in.Trash {
		q.Where(`deleted_at IS NOT NULL`)
	} else {
		q.Where(`deleted_at IS NULL`)
	}
	if in.Sector != "" {
		q.Where(`sector = ?`, in.Sector)
	}
	past := in.AsOf != "" && !in.Trash
	switch {
	case past && in.Status != "":
		heldOn(q, StatusFact, in.Status, in.AsOf)
	case past:
		// Whoever had a status was on record.
		q.Where(`EXISTS (SELECT 1 FROM periods WHERE periods.collaborative_id = $1 AND periods.subject_id = organizations.id AND periods.fact = 'status'
			AND periods.valid_from <= ? AND (periods.valid_to IS NULL OR periods.valid_to > ?))`, in.AsOf, in.AsOf)
	case in.Status != "":
		q.Where(`status = ?`, in.Status)
	}
	switch part := in.Part; {
	case part == "":
	case past:
		heldOn(q, part, played, in.AsOf)
	default:
		wherePart(q, part)
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
	if through {
		k.Columns = []string{"tags.record_sort_key", "tags.record_id"}
	}
	return q, k, func(o Organization) []any { return []any{o.sortKey, o.ID[:]} }
}

// heldOn narrows a list of organizations to those of which a fact held on a day.
func heldOn(q *store.Builder, fact, value, day string) {
	q.Where(`EXISTS (SELECT 1 FROM periods WHERE periods.collaborative_id = $1 AND periods.subject_id = organizations.id AND periods.fact = ? AND periods.value = ?
		AND periods.valid_from <= ? AND (periods.valid_to IS NULL OR periods.valid_to > ?))`, fact, value, day, day)
}

// wherePart narrows a list to those that play a part today.
func wherePart(q *store.Builder, part string) {
	switch part {
	case "funder":
		q.Where(`funder = TRUE`)
	case "host":
		q.Where(`host = TRUE`)
	case "lead_organization":
		q.Where(`lead_organization = TRUE`)
	case "fiscal_sponsor":
		q.Where(`fiscal_sponsor = TRUE`)
	}
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
