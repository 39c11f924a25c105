package directory

import (
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// ListPeopleInput says which people, in what order.
type ListPeopleInput struct {
	Text           string         `json:"q,omitempty" doc:"Words in their name, organization or title; in their contact details for those who may see them."`
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"Only those who belong to it today."`
	Email          string         `json:"email,omitempty" maxLength:"254" doc:"Only whoever has this e-mail address, main or other; for those who may see contact details."`
	Tag            string         `json:"tag,omitempty" maxLength:"60" doc:"Only those with this tag, however it is spelled; for the backbone."`
	Private        bool           `json:"private,omitempty" doc:"With access needs and lived experience, for those who may see them; left out otherwise."`
	AsOf           string         `json:"as_of,omitempty" format:"date" doc:"With whom they worked on this day; today when absent."`
	Trash          bool           `json:"trash,omitempty" doc:"Those in the trash instead."`
	Sort           string         `json:"sort,omitempty" enum:"name,-name,updated,-updated" doc:"name when absent; a minus turns the order round."`
	After          string         `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before         string         `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit          int64          `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListPeople lists people page by page, each with the affiliation of today.
var ListPeople = operation.Define(operation.Operation[ListPeopleInput, operation.Page[Person]]{
	Definition: operation.Definition{ID: "people.list", Summary: "Lists people", ReadOnly: true, Method: "GET", Path: "/people"},
	Limit:      func(in ListPeopleInput) string { return searching(in.Text) },
	Run:        listPeople,
})

// searching counts a list narrowed by words as the search it is.
func searching(text string) string {
	if text == "" {
		return ""
	}
	return SearchLimit
}

func listPeople(c *operation.Call, in ListPeopleInput) (operation.Page[Person], error) {
	var page operation.Page[Person]
	if in.Trash && !c.Can("people.restore") {
		return page, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	if (in.Email != "" || in.Tag != "") && !c.Can(SeeContacts) || in.Private && !c.Can(SeePrivate) {
		return page, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q, keyset, key := peopleQuery(c, in)
	if in.Email != "" {
		ids, err := withEmail(c, in.Email)
		if err != nil {
			return page, err
		}
		q.Where(`people.id IN (?)`, store.In(ids))
	}
	if in.Text != "" {
		ids, err := findIDs(c, PersonKind, SeeContacts, in.Text)
		if err != nil {
			return page, err
		}
		q.Where(`people.id IN (?)`, store.In(ids))
	}
	page, err := operation.List(c.Tx, q, keyset, scanPerson, key)
	if err != nil {
		return page, err
	}
	if err := attachAffiliations(c, page.Items, or(in.AsOf, c.Today())); err != nil {
		return page, err
	}
	if err := attachPersonTags(c, page.Items); err != nil {
		return page, err
	}
	shown, err := shownKeys(c, PersonKind, len(page.Items))
	if err != nil {
		return page, err
	}
	for i := range page.Items {
		p := page.Items[i].withheld(c)
		if !in.Private {
			p = p.withoutPrivate()
		}
		p.Custom = keep(p.Custom, shown)
		page.Items[i] = p
	}
	page.Total, err = operation.Total(c.Tx, PersonKind)
	return page, err
}

// peopleQuery is the statement, order and cursor of a list of people.
func peopleQuery(c *operation.Call, in ListPeopleInput) (*store.Builder, operation.Keyset, func(Person) []any) {
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit}
	if !in.OrganizationID.IsZero() && !in.Trash {
		// Through the affiliations, which carry the person's sort key so that
		// an organization's people come in order without sorting.
		q := store.Select(`SELECT `+personColumns+` FROM affiliations JOIN people ON people.collaborative_id = $1 AND people.id = affiliations.person_id
			WHERE affiliations.collaborative_id = $1 AND affiliations.organization_id = ? AND affiliations.valid_from <= ?
			AND (affiliations.valid_to IS NULL OR affiliations.valid_to > ?) AND people.deleted_at IS NULL`, in.OrganizationID, or(in.AsOf, c.Today()), or(in.AsOf, c.Today()))
		if in.Tag != "" {
			q.Where(`EXISTS (SELECT 1 FROM tags WHERE tags.collaborative_id = $1 AND tags.kind = 'person' AND tags.record_id = people.id AND tags.tag_key = ?)`, i18n.FoldKey(in.Tag))
		}
		k.Columns, k.Types, k.Descending = []string{"affiliations.person_sort_key", "affiliations.person_id"}, "bb", in.Sort == "-name"
		return q, k, func(p Person) []any { return []any{p.sortKey, p.ID[:]} }
	}
	sorted := in.Sort == "updated" || in.Sort == "-updated"
	if in.Tag != "" && !in.Trash && !sorted {
		q := store.Select(`SELECT `+personColumns+` FROM tags JOIN people ON people.collaborative_id = $1 AND people.id = tags.record_id
			WHERE tags.collaborative_id = $1 AND tags.kind = 'person' AND tags.tag_key = ? AND people.deleted_at IS NULL`, i18n.FoldKey(in.Tag))
		k.Columns, k.Types, k.Descending = []string{"tags.record_sort_key", "tags.record_id"}, "bb", in.Sort == "-name"
		return q, k, func(p Person) []any { return []any{p.sortKey, p.ID[:]} }
	}
	q := store.Select(`SELECT ` + personColumns + ` FROM people WHERE people.collaborative_id = $1`)
	if in.Tag != "" {
		q.Where(`EXISTS (SELECT 1 FROM tags WHERE tags.collaborative_id = $1 AND tags.kind = 'person' AND tags.record_id = people.id AND tags.tag_key = ?)`, i18n.FoldKey(in.Tag))
	}
	switch {
	case in.Trash:
		q.Where(`people.deleted_at IS NOT NULL`)
		q.Where(`people.erased_at IS NULL`)
		k.Columns, k.Types, k.Descending = []string{"people.deleted_at", "people.id"}, "ib", true
		return q, k, func(p Person) []any { return []any{p.DeletedAt.UnixMicro(), p.ID[:]} }
	case sorted:
		q.Where(`people.deleted_at IS NULL`)
		k.Columns, k.Types, k.Descending = []string{"people.updated_at", "people.id"}, "ib", in.Sort == "-updated"
		return q, k, func(p Person) []any { return []any{p.UpdatedAt.UnixMicro(), p.ID[:]} }
	}
	q.Where(`people.deleted_at IS NULL`)
	k.Columns, k.Types, k.Descending = []string{"people.sort_key", "people.id"}, "bb", in.Sort == "-name"
	return q, k, func(p Person) []any { return []any{p.sortKey, p.ID[:]} }
}

// EditPeopleInput changes the same fields of several people.
type EditPeopleInput struct {
	Items          []PersonVersion `json:"items" required:"true" maxItems:"500"`
	Language       *string         `json:"language,omitempty" enum:"en,fr,es"`
	OrganizationID *OrganizationID `json:"organization_id,omitempty"`
	AddTag         string          `json:"add_tag,omitempty" maxLength:"60"`
	RemoveTag      string          `json:"remove_tag,omitempty" maxLength:"60"`
	Trash          bool            `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back           bool            `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []PersonPatch `json:"each,omitempty" maxItems:"500"`
}

// EditPeople changes several people at once, all or none.
var EditPeople = operation.Define(operation.Operation[EditPeopleInput, operation.Page[Person]]{
	Definition: operation.Definition{ID: "people.edit-several", Summary: "Changes several people at once, all or none", Method: "POST", Path: "/people/bulk"},
	Run: func(c *operation.Call, in EditPeopleInput) (operation.Page[Person], error) {
		items, patches := make([]operation.VersionOf[PersonID], len(in.Items)), make([]PersonPatch, len(in.Items))
		for k, item := range in.Items {
			items[k] = operation.VersionOf[PersonID](item)
		}
		befores, afters, err := people.Several(c, items, operation.Together{Trash: in.Trash, Back: in.Back}, func(k int, before Person) (Person, error) {
			patches[k] = PersonPatch{ID: before.ID, Version: before.Version, Language: in.Language, OrganizationID: in.OrganizationID, Tags: retag{in.AddTag, in.RemoveTag}.of(before.Tags)}
			if k < len(in.Each) {
				patches[k] = in.Each[k]
			}
			return EditPerson.Within(c, patches[k])
		})
		undo := EditPeopleInput{Back: in.Trash, Trash: in.Back}
		for k, after := range afters {
			undo.Items = append(undo.Items, PersonVersion{after.ID, after.Version})
			if !in.Trash && !in.Back {
				back := reversePerson(befores[k], after)
				back.Custom = reverseCustom(befores[k].Custom, patches[k].Custom)
				undo.Each = append(undo.Each, back)
			}
		}
		c.UndoWith("people.edit-several", undo)
		return operation.Page[Person]{Items: append([]Person{}, afters...), Total: -1}, err
	},
})

// SearchInput is what someone typed.
type SearchInput struct {
	Text  string `json:"q" maxLength:"200" doc:"Words, or their beginnings."`
	Kind  string `json:"kind,omitempty" enum:"organization,person,body,meeting,action"`
	Limit int64  `json:"limit,omitempty" minimum:"0" maximum:"100" doc:"How many, 20 when absent."`
}

// Found is one record found.
type Found struct {
	Kind   string            `json:"kind"`
	ID     operation.EntryID `json:"id"`
	Title  string            `json:"title"`
	Detail string            `json:"detail,omitempty"`
}

// SearchResult is the best hits; More says that there are others.
type SearchResult struct {
	Items []Found `json:"items"`
	More  bool    `json:"more"`
}

// Searched are the kinds of records that are found by words, each with the operation
// that somebody must be allowed.
var Searched = []struct{ Kind, Read string }{{OrganizationKind, "organizations.list"}, {PersonKind, "people.list"}, {BodyKind, "bodies.list"}, {"meeting", "meetings.list"}, {"action", "actions.list"}}

// Search finds records of every kind the actor may see.
var Search = operation.Define(operation.Operation[SearchInput, SearchResult]{
	Definition: operation.Definition{ID: "search.find", Summary: "Finds organizations, people, bodies, meetings and actions by words or their beginnings", ReadOnly: true, Method: "GET", Path: "/search"},
	Limit:      func(SearchInput) string { return SearchLimit },
	Run: func(c *operation.Call, in SearchInput) (SearchResult, error) {
		limit := int(in.Limit)
		if limit == 0 {
			limit = 20
		}
		kinds := []string{}
		for _, of := range Searched {
			if c.Can(of.Read) && (in.Kind == "" || in.Kind == of.Kind) {
				kinds = append(kinds, of.Kind)
			}
		}
		found, err := search.Find(c.Tx, search.Query{Text: in.Text, Kinds: kinds, Reach: reach(c, SeeContacts), Limit: limit})
		out := SearchResult{Items: []Found{}, More: found.More}
		for _, hit := range found.Hits {
			out.Items = append(out.Items, Found{Kind: hit.Kind, ID: operation.EntryID(hit.ID), Title: hit.Title, Detail: hit.Detail})
		}
		return out, err
	},
})
