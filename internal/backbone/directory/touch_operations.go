package directory

import (
	"errors"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// touches is the noun.
var touches = &operation.Noun[Touch, TouchID]{Kind: TouchKind, Area: "touches", Get: getTouch, Update: updateTouch,
	Head: func(t *Touch) operation.Head[TouchID] {
		return operation.HeadOf(t.ID, &t.Version, &t.UpdatedAt, &t.DeletedAt)
	},
	Title: Touch.With}

// GetTouch reads one entry, also from the trash.
var GetTouch = operation.Define(operation.Operation[TouchRef, Touch]{
	Definition: operation.Definition{ID: "touches.get", Summary: "Reads one entry of the relationship log", ReadOnly: true, Method: "GET", Path: "/touches/{id}"},
	Run:        func(c *operation.Call, in TouchRef) (Touch, error) { return touches.Read(c, in.ID) },
})

// CreateTouch records that somebody was in touch.
var CreateTouch = operation.Define(operation.Operation[TouchInput, Touch]{
	Definition: operation.Definition{ID: "touches.create", Summary: "Records that somebody of the backbone was in touch with an organization or a person", Method: "POST", Path: "/touches"},
	Run: func(c *operation.Call, in TouchInput) (Touch, error) {
		t := Touch{ID: id.New[Touch](), OrganizationID: in.OrganizationID, PersonID: in.PersonID, ByPersonID: in.ByPersonID, On: or(in.On, c.Today()), Channel: in.Channel,
			About: in.About, NextOn: in.NextOn, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if t.ByPersonID.IsZero() {
			t.ByPersonID, t.ByName = c.Actor.Person, c.Actor.Name
		}
		if t.OrganizationID.IsZero() && !t.PersonID.IsZero() {
			// So that the organization's page says when it was last spoken with.
			p, err := getPerson(c, t.PersonID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return t, err
			}
			if p.Affiliation != nil {
				t.OrganizationID = p.Affiliation.OrganizationID
			}
		}
		if err := settleTouch(c, Touch{}, &t); err != nil {
			return t, err
		}
		if err := insertTouch(c, t); err != nil {
			return t, err
		}
		return touches.Added(c, t)
	},
})

// settleTouch names whom an entry is about and checks its days.
func settleTouch(c *operation.Call, before Touch, t *Touch) error {
	var faults operation.Faults
	if t.OrganizationID.IsZero() && t.PersonID.IsZero() {
		faults.Add("organization_id", "errors.touch_with_whom")
	}
	if t.On == "" {
		t.On = before.On
	}
	if t.On > c.Today() {
		faults.Add("happened_on", "errors.day_ahead")
	}
	if t.NextOn != "" && t.NextOn < t.On {
		faults.Add("next_on", "errors.ends_before_it_begins")
	}
	if err := nameTouch(c, before, t, &faults); err != nil {
		return err
	}
	return faults.Err()
}

// EditTouch changes the given fields of an entry.
var EditTouch = operation.Define(operation.Operation[TouchPatch, Touch]{
	Definition: operation.Definition{ID: "touches.edit", Summary: "Changes an entry of the relationship log", Method: "PATCH", Path: "/touches/{id}"},
	Run: func(c *operation.Call, in TouchPatch) (Touch, error) {
		before, err := touches.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if err := settleTouch(c, before, &after); err != nil {
			return before, err
		}
		return saveTouch(c, before, after)
	},
})

func saveTouch(c *operation.Call, before, after Touch) (Touch, error) {
	return touches.Save(c, before, after, "touches.edit", func(after Touch) any { return reverseTouch(before, after) })
}

// reverseTouch is the patch that takes a change back.
func reverseTouch(before, after Touch) TouchPatch {
	undo := TouchPatch{ID: after.ID, Version: after.Version}
	operation.Reverse(&undo, before, after)
	return undo
}

// SettleTouch says that the next touch was done, or is no longer due.
var SettleTouch = operation.Define(operation.Operation[TouchVersion, Touch]{
	Definition: operation.Definition{ID: "touches.settle", Summary: "Marks the next touch of an entry as done", Method: "POST", Path: "/touches/{id}/settle"},
	Run: func(c *operation.Call, in TouchVersion) (Touch, error) {
		before, err := touches.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		after.Settled = true
		return saveTouch(c, before, after)
	},
})

// TrashTouch puts an entry in the trash.
var TrashTouch = operation.Define(operation.Operation[TouchVersion, Touch]{
	Definition: operation.Definition{ID: "touches.trash", Summary: "Puts an entry of the relationship log in the trash", Method: "DELETE", Path: "/touches/{id}"},
	Run:        func(c *operation.Call, in TouchVersion) (Touch, error) { return touches.Trash(c, in.ID, in.Version) },
})

// RestoreTouch takes an entry out of the trash.
var RestoreTouch = operation.Define(operation.Operation[TouchVersion, Touch]{
	Definition: operation.Definition{ID: "touches.restore", Summary: "Takes an entry of the relationship log out of the trash", Method: "POST", Path: "/touches/{id}/restore"},
	Run:        func(c *operation.Call, in TouchVersion) (Touch, error) { return touches.Restore(c, in.ID, in.Version) },
})
