package actions

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// noun is what all records have in common.
var noun = &operation.Noun[Action, ID]{Kind: Kind, Area: "actions", Get: get, Update: update,
	Head: func(a *Action) operation.Head[ID] {
		return operation.HeadOf(a.ID, &a.Version, &a.UpdatedAt, &a.DeletedAt)
	},
	Title: Action.Title, Visible: Action.visibleTo}

// Get reads one action, also from the trash.
var Get = operation.Define(operation.Operation[Ref, Action]{
	Definition: operation.Definition{ID: "actions.get", Summary: "Reads one action item", ReadOnly: true, Method: "GET", Path: "/actions/{id}"},
	About:      func(in Ref) operation.Subject { return subject(in.ID) },
	Run: func(c *operation.Call, in Ref) (Action, error) {
		a, err := noun.Read(c, in.ID)
		if err == nil && a.DeletedAt == nil {
			a.MayEdit, a.MaySettle = c.CanOn("actions.edit", a.Subject()), c.CanOn("actions.settle", wordSubject(a.ID))
		}
		return a, err
	},
})

// Create notes an action. What was noted under the same id already is answered as it
// is.
var Create = operation.Define(operation.Operation[Input, Action]{
	Definition: operation.Definition{ID: "actions.create", Summary: "Notes an action item", Method: "POST", Path: "/actions"},
	About: func(in Input) operation.Subject {
		return operation.Subject{Kind: convening.MeetingKind, ID: in.MeetingID}
	},
	Run: func(c *operation.Call, in Input) (Action, error) {
		a := Action{ID: in.ID, Text: in.Text, Note: in.Note, OwnerPersonID: in.OwnerPersonID, OwnerOrganizationID: in.OwnerOrganizationID, Owner: in.Owner, DueOn: in.DueOn,
			MeetingID: in.MeetingID, ItemID: in.ItemID, AgreedOn: in.AgreedOn, GivenByID: c.Actor.Person, GivenBy: c.Actor.Name, State: Open, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if a.ID.IsZero() {
			a.ID = id.New[Action]()
		} else if was, err := get(c, a.ID); err == nil {
			if was.MeetingID != in.MeetingID || was.GivenByID != c.Actor.Person {
				return Action{}, operation.Missing()
			}
			c.Continue()
			return was, nil
		} else if err := operation.IgnoreMissing(err); err != nil {
			return a, err
		}
		if err := place(c, &a); err != nil {
			return a, err
		}
		if err := settled(c, Action{}, &a); err != nil {
			return a, err
		}
		if err := insert(c, a); err != nil {
			return a, err
		}
		return noun.Added(c, a)
	},
})

// place checks the meeting and the agenda item an action came from, and gives it the
// day it was agreed on.
func place(c *operation.Call, a *Action) error {
	day := c.Today()
	if !a.MeetingID.IsZero() {
		m, err := convening.GetMeeting.Within(c, convening.MeetingRef{ID: a.MeetingID})
		if missing, err := operation.Gone(err, m.DeletedAt != nil); err != nil {
			return err
		} else if missing {
			return operation.InvalidField("meeting_id", "errors.no_such_meeting")
		}
		a.Meeting, day = m.Title, min(m.On, day)
	}
	if a.AgreedOn == "" {
		a.AgreedOn = day
	}
	if a.ItemID.IsZero() {
		return nil
	}
	if a.MeetingID.IsZero() {
		return operation.InvalidField("item_id", "errors.no_such_item")
	}
	items, err := convening.ListItems.Within(c, convening.MeetingPart{MeetingID: a.MeetingID})
	if err != nil {
		return err
	}
	for _, i := range items.Items {
		if i.ID == a.ItemID {
			return nil
		}
	}
	return operation.InvalidField("item_id", "errors.no_such_item")
}

// settled names the owner and checks the rules of an action.
func settled(c *operation.Call, before Action, a *Action) error {
	var faults operation.Faults
	if a.Text == "" {
		faults.Add("text", "errors.required")
	}
	switch {
	case !a.OwnerPersonID.IsZero() && !a.OwnerOrganizationID.IsZero():
		faults.Add("owner_organization_id", "errors.action_one_owner")
	case !a.OwnerPersonID.IsZero() && a.OwnerPersonID != before.OwnerPersonID:
		p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: a.OwnerPersonID})
		if missing, err := operation.Gone(err, p.DeletedAt != nil); err != nil {
			return err
		} else if missing || !p.MergedInto.IsZero() {
			faults.Add("owner_person_id", "errors.no_such_person")
		}
		a.Owner = p.Name()
	case !a.OwnerOrganizationID.IsZero() && a.OwnerOrganizationID != before.OwnerOrganizationID:
		o, err := directory.GetOrganization.Within(c, directory.OrganizationRef{ID: a.OwnerOrganizationID})
		if missing, err := operation.Gone(err, o.DeletedAt != nil); err != nil {
			return err
		} else if missing {
			faults.Add("owner_organization_id", "errors.no_such_organization")
		}
		a.Owner = o.Name
	case !a.OwnerPersonID.IsZero() || !a.OwnerOrganizationID.IsZero():
		a.Owner = before.Owner
	}
	if a.AgreedOn == "" {
		a.AgreedOn = before.AgreedOn
	}
	if a.AgreedOn > c.Today() {
		faults.Add("agreed_on", "errors.day_ahead")
	}
	if a.DueOn != "" && a.DueOn < a.AgreedOn {
		faults.Add("due_on", "errors.ends_before_it_begins")
	}
	return faults.Err()
}

// Edit changes the given fields of an action. Another owner is not bound by what the
// former said of it.
var Edit = operation.Define(operation.Operation[Patch, Action]{
	Definition: operation.Definition{ID: "actions.edit", Summary: "Changes an action item", Method: "PATCH", Path: "/actions/{id}"},
	About:      func(in Patch) operation.Subject { return subject(in.ID) },
	Run: func(c *operation.Call, in Patch) (Action, error) {
		before, err := noun.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		return edit(c, before, in)
	},
})

func edit(c *operation.Call, before Action, in Patch) (Action, error) {
	after := before
	operation.Patch(&after, in)
	if in.Owner != nil && in.OwnerPersonID == nil && in.OwnerOrganizationID == nil && *in.Owner != before.Owner {
		after.OwnerPersonID, after.OwnerOrganizationID = directory.PersonID{}, directory.OrganizationID{}
	}
	if after.OwnerPersonID != before.OwnerPersonID && in.OwnerOrganizationID == nil && !after.OwnerPersonID.IsZero() {
		after.OwnerOrganizationID = directory.OrganizationID{}
	}
	if after.OwnerOrganizationID != before.OwnerOrganizationID && in.OwnerPersonID == nil && !after.OwnerOrganizationID.IsZero() {
		after.OwnerPersonID = directory.PersonID{}
	}
	if after.OwnerPersonID.IsZero() && after.OwnerOrganizationID.IsZero() && in.Owner == nil && before.nameAlone() == "" {
		after.Owner = "" // the record that gave the name is no longer the owner
	}
	if err := settled(c, before, &after); err != nil {
		return before, err
	}
	if after.OwnerPersonID != before.OwnerPersonID || after.OwnerOrganizationID != before.OwnerOrganizationID || after.Owner != before.Owner {
		after.Disowned, after.DisownedAt, after.DisownedWhy = false, nil, ""
	}
	return noun.Save(c, before, after, "actions.edit", func(after Action) any { return reverse(before, after) })
}

// reverse is the patch that takes a change back.
func reverse(before, after Action) Patch {
	undo := Patch{ID: after.ID, Version: after.Version}
	operation.Reverse(&undo, before, after)
	if undo.OwnerPersonID != nil || undo.OwnerOrganizationID != nil {
		undo.OwnerPersonID, undo.OwnerOrganizationID = &before.OwnerPersonID, &before.OwnerOrganizationID
	}
	return undo
}

// Trash puts an action in the trash: for one that was noted by mistake. One that is
// given up is dropped instead.
var Trash = operation.Define(operation.Operation[Version, Action]{
	Definition: operation.Definition{ID: "actions.trash", Summary: "Puts an action item in the trash", Method: "DELETE", Path: "/actions/{id}"},
	About:      func(in Version) operation.Subject { return subject(in.ID) },
	Run:        func(c *operation.Call, in Version) (Action, error) { return noun.Trash(c, in.ID, in.Version) },
})

// Restore takes an action out of the trash.
var Restore = operation.Define(operation.Operation[Version, Action]{
	Definition: operation.Definition{ID: "actions.restore", Summary: "Takes an action item out of the trash", Method: "POST", Path: "/actions/{id}/restore"},
	About:      func(in Version) operation.Subject { return subject(in.ID) },
	Run:        func(c *operation.Call, in Version) (Action, error) { return noun.Restore(c, in.ID, in.Version) },
})
