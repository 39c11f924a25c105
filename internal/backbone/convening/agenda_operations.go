package convening

import (
	"cmp"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// items is the noun.
var items = &operation.Noun[Item, ItemID]{Kind: ItemKind, Area: "agenda", Get: getItem, Update: updateItem,
	Head: func(i *Item) operation.Head[ItemID] {
		return operation.HeadOf(i.ID, &i.Version, &i.UpdatedAt, &i.DeletedAt)
	},
	Title: func(i Item) string { return i.Title },
	At:    func(i Item, version int64) any { return ItemVersion{i.MeetingID, i.ID, version} }}

// ListItems lists the agenda of a meeting in order.
var ListItems = operation.Define(operation.Operation[MeetingPart, operation.Page[Item]]{
	Definition: operation.Definition{ID: "agenda.list", Summary: "Lists the agenda of a meeting", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/agenda"},
	Run: func(c *operation.Call, in MeetingPart) (operation.Page[Item], error) {
		if _, err := meetings.Read(c, in.MeetingID); err != nil {
			return operation.Page[Item]{}, err
		}
		all, err := itemsOf(c, in.MeetingID)
		return operation.Whole(all), err
	},
})

// MeetingPart names the meeting whose parts are asked for.
type MeetingPart struct {
	MeetingID MeetingID `json:"meeting_id"`
}

// maxItems bounds an agenda.
const maxItems = 100

// AddItem puts an item at the end of an agenda.
var AddItem = operation.Define(operation.Operation[ItemInput, Item]{
	Definition: operation.Definition{ID: "agenda.add", Summary: "Puts an item on the agenda of a meeting", Method: "POST", Path: "/meetings/{meeting_id}/agenda"},
	About:      func(in ItemInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in ItemInput) (Item, error) {
		i := Item{ID: id.New[Item](), MeetingID: in.MeetingID, Title: in.Title, Goal: cmp.Or(in.Goal, Goals[1]), Minutes: in.Minutes, OwnerID: in.OwnerID, Owner: in.Owner,
			About: in.About, Interests: in.Interests, State: ItemOpen, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		return addItem(c, i)
	},
})

func addItem(c *operation.Call, i Item) (Item, error) {
	if _, err := MeetingOf(c, i.MeetingID); err != nil {
		return i, err
	}
	all, err := itemsOf(c, i.MeetingID)
	if err != nil {
		return i, err
	}
	if len(all) >= maxItems {
		return i, operation.InvalidField("title", "errors.too_many_items", map[string]any{"Maximum": maxItems})
	}
	if len(all) > 0 {
		i.Position = all[len(all)-1].Position + 1
	}
	if err := namePerson(c, "owner_id", directory.PersonID{}, i.OwnerID, &i.Owner); err != nil {
		return i, err
	}
	if err := insertItem(c, i); err != nil {
		return i, err
	}
	return items.Added(c, i)
}

// namePerson fills in the name of somebody a record now refers to, who must be on
// record; nobody leaves the name as it was typed.
func namePerson(c *operation.Call, field string, was, now directory.PersonID, name *string) error {
	if now.IsZero() || now == was {
		return nil
	}
	p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: now})
	if missing, err := operation.Gone(err, p.DeletedAt != nil); err != nil {
		return err
	} else if missing || !p.MergedInto.IsZero() {
		return operation.InvalidField(field, "errors.no_such_person")
	}
	*name = p.Name()
	return nil
}

// itemOf reads an item about to be changed, of the meeting that was named.
func itemOf(c *operation.Call, m MeetingID, i ItemID, version int64) (Item, error) {
	if _, err := MeetingOf(c, m); err != nil {
		return Item{}, err
	}
	before, err := items.Live(c, i, version)
	return ownPart(before, before.MeetingID, m, err)
}

// EditItem changes the given fields of an agenda item.
var EditItem = operation.Define(operation.Operation[ItemPatch, Item]{
	Definition: operation.Definition{ID: "agenda.edit", Summary: "Changes an agenda item", Method: "PATCH", Path: "/meetings/{meeting_id}/agenda/{id}"},
	About:      func(in ItemPatch) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in ItemPatch) (Item, error) {
		before, err := itemOf(c, in.MeetingID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if after.Title == "" {
			return before, operation.InvalidField("title", "errors.required")
		}
		if after.OwnerID.IsZero() && !before.OwnerID.IsZero() && in.Owner == nil {
			after.Owner = ""
		}
		if err := namePerson(c, "owner_id", before.OwnerID, after.OwnerID, &after.Owner); err != nil {
			return before, err
		}
		return items.Save(c, before, after, "agenda.edit", func(after Item) any {
			undo := ItemPatch{MeetingID: after.MeetingID, ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// TrashItem takes an item off the agenda.
var TrashItem = operation.Define(operation.Operation[ItemVersion, Item]{
	Definition: operation.Definition{ID: "agenda.trash", Summary: "Takes an item off the agenda", Method: "DELETE", Path: "/meetings/{meeting_id}/agenda/{id}"},
	About:      func(in ItemVersion) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in ItemVersion) (Item, error) {
		if _, err := itemOf(c, in.MeetingID, in.ID, in.Version); err != nil {
			return Item{}, err
		}
		return items.Trash(c, in.ID, in.Version)
	},
})

// RestoreItem puts an item that was taken off back on the agenda.
var RestoreItem = operation.Define(operation.Operation[ItemVersion, Item]{
	Definition: operation.Definition{ID: "agenda.restore", Summary: "Puts an item back on the agenda", Method: "POST", Path: "/meetings/{meeting_id}/agenda/{id}/restore"},
	About:      func(in ItemVersion) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in ItemVersion) (Item, error) {
		i, err := getItem(c, in.ID)
		if _, err := ownPart(i, i.MeetingID, in.MeetingID, err); err != nil {
			return Item{}, err
		}
		return items.Restore(c, in.ID, in.Version)
	},
})

// OrderInput is a new order of an agenda.
type OrderInput struct {
	MeetingID MeetingID `json:"meeting_id"`
	Items     []ItemID  `json:"items" required:"true" maxItems:"100" doc:"Every item of the agenda, in its new order."`
}

// OrderItems puts an agenda in another order.
var OrderItems = operation.Define(operation.Operation[OrderInput, operation.Page[Item]]{
	Definition: operation.Definition{ID: "agenda.order", Summary: "Puts the agenda of a meeting in another order", Method: "POST", Path: "/meetings/{meeting_id}/agenda/order"},
	About:      func(in OrderInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in OrderInput) (operation.Page[Item], error) {
		if _, err := MeetingOf(c, in.MeetingID); err != nil {
			return operation.Page[Item]{}, err
		}
		all, err := itemsOf(c, in.MeetingID)
		if err != nil {
			return operation.Page[Item]{}, err
		}
		var was []ItemID
		for _, i := range all {
			was = append(was, i.ID)
		}
		if !sameItems(was, in.Items) {
			return operation.Page[Item]{}, operation.InvalidField("items", "errors.agenda_changed")
		}
		for k, i := range in.Items {
			if _, err := c.Tx.Exec(`UPDATE agenda_items SET position = $3 WHERE collaborative_id = $1 AND id = $2`, i, int64(k)); err != nil {
				return operation.Page[Item]{}, err
			}
		}
		m, err := getMeeting(c, in.MeetingID)
		if err != nil {
			return operation.Page[Item]{}, err
		}
		c.Changed(m.Subject(), m.Name(), m.Version, nil, nil)
		c.UndoWith("agenda.order", OrderInput{in.MeetingID, was})
		all, err = itemsOf(c, in.MeetingID)
		return operation.Whole(all), err
	},
})

// sameItems says whether two lists name the same items, each once.
func sameItems(a, b []ItemID) bool {
	by := func(x, y ItemID) int { return slices.Compare(x[:], y[:]) }
	return slices.Equal(slices.SortedFunc(slices.Values(a), by), slices.SortedFunc(slices.Values(b), by))
}

// CarryInput names where unfinished items go.
type CarryInput struct {
	MeetingID MeetingID `json:"meeting_id"`
	ToID      MeetingID `json:"to_id" doc:"The meeting they go to."`
	Items     []ItemID  `json:"items,omitempty" maxItems:"100" doc:"Which; every open item when absent."`
	// Back takes carried items back instead; undo uses it.
	Back []ItemID `json:"back,omitempty" maxItems:"100" doc:"Items of the other meeting to take back instead."`
}

// CarryItems puts the unfinished items of one meeting on the agenda of another.
var CarryItems = operation.Define(operation.Operation[CarryInput, operation.Page[Item]]{
	Definition: operation.Definition{ID: "agenda.carry", Summary: "Carries unfinished agenda items forward to another meeting", Method: "POST", Path: "/meetings/{meeting_id}/agenda/carry"},
	About:      func(in CarryInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in CarryInput) (operation.Page[Item], error) {
		if _, err := MeetingOf(c, in.MeetingID); err != nil {
			return operation.Page[Item]{}, err
		}
		to, err := liveMeeting(c, "to_id", in.ToID)
		if err != nil {
			return operation.Page[Item]{}, err
		}
		if in.ToID == in.MeetingID || !c.CanOn("agenda.add", to.Subject()) {
			return operation.Page[Item]{}, operation.InvalidField("to_id", "errors.no_such_meeting")
		}
		if len(in.Back) > 0 {
			return operation.Whole[Item](nil), carryBack(c, in)
		}
		all, err := itemsOf(c, in.MeetingID)
		if err != nil {
			return operation.Page[Item]{}, err
		}
		undo := CarryInput{MeetingID: in.MeetingID, ToID: in.ToID}
		var made []Item
		for _, i := range all {
			if i.State != ItemOpen || len(in.Items) > 0 && !slices.Contains(in.Items, i.ID) {
				continue
			}
			fresh, err := carry(c, i, in.ToID)
			if err != nil {
				return operation.Page[Item]{}, err
			}
			made, undo.Back = append(made, fresh), append(undo.Back, fresh.ID)
		}
		if len(made) > 0 {
			c.UndoWith("agenda.carry", undo)
		}
		return operation.Whole(made), nil
	},
})

// stateUndo is the patch that gives an item the state it had.
func stateUndo(before Item) func(Item) any {
	return func(after Item) any {
		return ItemPatch{MeetingID: after.MeetingID, ID: after.ID, Version: after.Version, State: &before.State}
	}
}

// carry marks an item as carried and puts it on the other agenda.
func carry(c *operation.Call, i Item, to MeetingID) (Item, error) {
	after := i
	after.State = ItemCarried
	if _, err := items.Save(c, i, after, "agenda.edit", stateUndo(i)); err != nil {
		return i, err
	}
	fresh := i
	fresh.ID, fresh.MeetingID, fresh.CarriedFrom = id.New[Item](), to, i.ID
	fresh.Version, fresh.CreatedAt, fresh.UpdatedAt = 1, c.Now, c.Now
	return addItem(c, fresh)
}

// carryBack takes carried items off the other agenda, unless somebody did already,
// and opens those they came from.
func carryBack(c *operation.Call, in CarryInput) error {
	for _, i := range in.Back {
		fresh, err := getItem(c, i)
		if fresh, err = ownPart(fresh, fresh.MeetingID, in.ToID, err); err != nil {
			return err
		}
		from, err := getItem(c, fresh.CarriedFrom)
		if from, err = ownPart(from, from.MeetingID, in.MeetingID, err); err != nil {
			return err
		}
		if fresh.DeletedAt == nil {
			if _, err := items.Trash(c, fresh.ID, fresh.Version); err != nil {
				return err
			}
		}
		if from.State == ItemCarried && from.DeletedAt == nil {
			open := from
			open.State = ItemOpen
			if _, err := items.Save(c, from, open, "agenda.edit", stateUndo(from)); err != nil {
				return err
			}
		}
	}
	c.UndoWith("agenda.carry", CarryInput{MeetingID: in.MeetingID, ToID: in.ToID})
	return nil
}
