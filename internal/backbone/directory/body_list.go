package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListBodiesInput says which bodies, in what order.
type ListBodiesInput struct {
	Text     string `json:"q,omitempty" doc:"Words in its name, purpose or charter."`
	Kind     string `json:"kind,omitempty" enum:"leadership_table,executive_committee,working_group,advisory_group,community_group,task_force,board,other"`
	State    string `json:"state,omitempty" enum:"proposed,chartered,active,paused,closed"`
	ParentID BodyID `json:"parent_id,omitempty" doc:"Only those that report to this body."`
	AsOf     string `json:"as_of,omitempty" format:"date" doc:"As it stood on this day: only those on record then, in their state and with their seats of that day."`
	Brief    bool   `json:"brief,omitempty" doc:"Without counting seats, for a choice of names."`
	Trash    bool   `json:"trash,omitempty" doc:"Those in the trash instead."`
	Sort     string `json:"sort,omitempty" enum:"name,-name,updated,-updated" doc:"name when absent; a minus turns the order round."`
	After    string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before   string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit    int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListBodies lists bodies page by page, each with how many of its seats are held.
var ListBodies = operation.Define(operation.Operation[ListBodiesInput, operation.Page[Body]]{
	Definition: operation.Definition{ID: "bodies.list", Summary: "Lists bodies", ReadOnly: true, Method: "GET", Path: "/bodies"},
	Limit:      func(in ListBodiesInput) string { return searching(in.Text) },
	Run:        listBodies,
})

func listBodies(c *operation.Call, in ListBodiesInput) (operation.Page[Body], error) {
	var page operation.Page[Body]
	if in.Trash && !c.Can("bodies.restore") {
		return page, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q, keyset, key := bodyQuery(in)
	if in.Text != "" {
		ids, err := findIDs(c, BodyKind, "bodies.list", in.Text)
		if err != nil {
			return page, err
		}
		q.Where(`id IN (?)`, store.In(ids))
	}
	page, err := operation.List(c.Tx, q, keyset, scanBody, key)
	if err != nil {
		return page, err
	}
	if err := nameParents(c, page.Items); err != nil {
		return page, err
	}
	if !in.Brief {
		if err := countSeats(c, page.Items, or(in.AsOf, c.Today())); err != nil {
			return page, err
		}
	}
	if in.AsOf != "" && !in.Trash {
		page.Total = -1
		return page, statesOn(c, page.Items, in.AsOf)
	}
	page.Total, err = operation.Total(c.Tx, BodyKind)
	return page, err
}

func bodyQuery(in ListBodiesInput) (*store.Builder, operation.Keyset, func(Body) []any) {
	q := store.Select(`SELECT ` + bodyColumns + ` FROM bodies WHERE collaborative_id = $1`)
	if in.Trash {
		q.Where(`deleted_at IS NOT NULL`)
	} else {
		q.Where(`deleted_at IS NULL`)
	}
	if in.Kind != "" {
		q.Where(`kind = ?`, in.Kind)
	}
	if !in.ParentID.IsZero() {
		q.Where(`parent_id = ?`, in.ParentID)
	}
	switch {
	case in.AsOf != "" && !in.Trash && in.State != "":
		q.Where(`EXISTS (SELECT 1 FROM periods WHERE periods.collaborative_id = $1 AND periods.subject_id = bodies.id AND periods.fact = 'state' AND periods.value = ?
			AND periods.valid_from <= ? AND (periods.valid_to IS NULL OR periods.valid_to > ?))`, in.State, in.AsOf, in.AsOf)
	case in.AsOf != "" && !in.Trash:
		q.Where(`EXISTS (SELECT 1 FROM periods WHERE periods.collaborative_id = $1 AND periods.subject_id = bodies.id AND periods.fact = 'state'
			AND periods.valid_from <= ? AND (periods.valid_to IS NULL OR periods.valid_to > ?))`, in.AsOf, in.AsOf)
	case in.State != "":
		q.Where(`state = ?`, in.State)
	}
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit}
	switch {
	case in.Trash:
		k.Columns, k.Types, k.Descending = []string{"deleted_at", "id"}, "ib", true
		return q, k, func(b Body) []any { return []any{b.DeletedAt.UnixMicro(), b.ID[:]} }
	case in.Sort == "updated" || in.Sort == "-updated":
		k.Columns, k.Types, k.Descending = []string{"updated_at", "id"}, "ib", in.Sort == "-updated"
		return q, k, func(b Body) []any { return []any{b.UpdatedAt.UnixMicro(), b.ID[:]} }
	}
	k.Columns, k.Types, k.Descending = []string{"sort_key", "id"}, "bb", in.Sort == "-name"
	return q, k, func(b Body) []any { return []any{b.sortKey, b.ID[:]} }
}

// statesOn gives each body the state it was in on a day.
func statesOn(c *operation.Call, items []Body, day string) error {
	ids := make([]BodyID, len(items))
	at := make(map[BodyID]*Body, len(items))
	for i := range items {
		ids[i], at[items[i].ID] = items[i].ID, &items[i]
	}
	return store.Each(c.Tx, func(row store.Row) error {
		var i BodyID
		var state string
		err := row.Scan(&i, &state)
		if b := at[i]; err == nil && b != nil {
			b.State = state
		}
		return err
	}, `SELECT subject_id, value FROM periods WHERE collaborative_id = $1 AND subject_id IN ($2) AND fact = 'state' AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`,
		store.In(ids), day)
}

// nameParents gives each body the name of the one it reports to.
func nameParents(c *operation.Call, items []Body) error {
	var ids []BodyID
	for _, b := range items {
		if !b.ParentID.IsZero() {
			ids = append(ids, b.ParentID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names := map[BodyID]string{}
	err := store.Each(c.Tx, func(row store.Row) error {
		var i BodyID
		var name string
		err := row.Scan(&i, &name)
		names[i] = name
		return err
	}, `SELECT id, name FROM bodies WHERE collaborative_id = $1 AND id IN ($2)`, store.In(ids))
	for i := range items {
		items[i].Parent = names[items[i].ParentID]
	}
	return err
}

// ExportBodiesInput is a list to take away; its limit is ignored.
type ExportBodiesInput struct{ ListBodiesInput }

// ExportBodies reads what a list shows, to be taken away as a file.
var ExportBodies = operation.Define(operation.Operation[ExportBodiesInput, operation.Page[Body]]{
	Definition: operation.Definition{ID: "bodies.export", Summary: "Reads a list of bodies to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/bodies/export"},
	Limit:      func(in ExportBodiesInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportBodiesInput) (operation.Page[Body], error) {
		return takeAway(c, in.After, func(after string) (operation.Page[Body], error) {
			in.After, in.Limit, in.Before = after, exportPage, ""
			return listBodies(c, in.ListBodiesInput)
		})
	},
})

// EditBodiesInput changes the same fields of several bodies.
type EditBodiesInput struct {
	Items []BodyVersion `json:"items" required:"true" maxItems:"500"`
	State *string       `json:"state,omitempty" enum:"proposed,chartered,active,paused,closed"`
	Trash bool          `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back  bool          `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []BodyPatch `json:"each,omitempty" maxItems:"500"`
}

// EditBodies changes several bodies at once, all or none.
var EditBodies = operation.Define(operation.Operation[EditBodiesInput, operation.Page[Body]]{
	Definition: operation.Definition{ID: "bodies.edit-several", Summary: "Changes several bodies at once, all or none", Method: "POST", Path: "/bodies/bulk"},
	Run: func(c *operation.Call, in EditBodiesInput) (operation.Page[Body], error) {
		items := make([]operation.VersionOf[BodyID], len(in.Items))
		for k, item := range in.Items {
			items[k] = operation.VersionOf[BodyID](item)
		}
		befores, afters, err := bodies.Several(c, items, operation.Together{Trash: in.Trash, Back: in.Back}, func(k int, _ Body) (Body, error) {
			if k < len(in.Each) {
				return EditBody.Within(c, in.Each[k])
			}
			return EditBody.Within(c, BodyPatch{ID: in.Items[k].ID, Version: in.Items[k].Version, State: in.State})
		})
		undo := EditBodiesInput{Back: in.Trash, Trash: in.Back}
		for k, after := range afters {
			undo.Items = append(undo.Items, BodyVersion{after.ID, after.Version})
			if !in.Trash && !in.Back {
				undo.Each = append(undo.Each, BodyPatch{ID: after.ID, Version: after.Version, State: &befores[k].State})
			}
		}
		c.UndoWith("bodies.edit-several", undo)
		return operation.Page[Body]{Items: append([]Body{}, afters...), Total: -1}, err
	},
})
