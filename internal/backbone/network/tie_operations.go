package network

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{List, Get, Create, Edit, Trash, Restore, EditSeveral, Export}
}

const restoreOperation = "ties.restore"

// visible says whether whoever asks may know of a tie: those of people are the
// backbone's to see, and what is in the trash is for those who may restore it.
func (t Tie) visible(c *operation.Call) bool {
	return (t.DeletedAt == nil || c.Can(restoreOperation)) && (!t.ofPeople() || c.Can(directory.SeePersonTies))
}

// Get reads one tie, also from the trash.
var Get = operation.Define(operation.Operation[Ref, Tie]{
	Definition: operation.Definition{ID: "ties.get", Summary: "Reads one tie", ReadOnly: true, Method: "GET", Path: "/ties/{id}"},
	Run: func(c *operation.Call, in Ref) (Tie, error) {
		t, err := get(c, in.ID)
		if err == nil && !t.visible(c) {
			return Tie{}, operation.Missing()
		}
		return t, err
	},
})

// live reads a tie that is about to be changed.
func live(c *operation.Call, i ID, version int64) (Tie, error) {
	t, err := get(c, i)
	switch {
	case err != nil:
		return t, err
	case t.DeletedAt != nil:
		return t, operation.Missing()
	case t.Version != version:
		return t, operation.Stale(t)
	}
	return t, nil
}

// Create declares a tie.
var Create = operation.Define(operation.Operation[Input, Tie]{
	Definition: operation.Definition{ID: "ties.create", Summary: "Declares a tie between two organizations or people", Method: "POST", Path: "/ties"},
	Run: func(c *operation.Call, in Input) (Tie, error) {
		t := Tie{ID: id.New[Tie](), FromOrganizationID: in.FromOrganizationID, FromPersonID: in.FromPersonID, ToOrganizationID: in.ToOrganizationID, ToPersonID: in.ToPersonID,
			Type: in.Type, Direction: in.Direction, Strength: Unknown, Layer: in.Layer, About: in.About, From: in.From, To: in.To, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if in.Strength != nil {
			t.Strength = *in.Strength
		}
		if t.Direction == "" {
			t.Direction = Directed
		}
		if t.Layer == "" {
			t.Layer = Declared
		}
		if err := settle(c, Tie{}, &t); err != nil {
			return t, err
		}
		if err := insert(c, t); err != nil {
			return t, err
		}
		c.Changed(t.Subject(), t.Title(), t.Version, nil, t)
		c.UndoWith("ties.trash", AtVersion{t.ID, t.Version})
		return t, nil
	},
})

// settle names both ends of a tie and checks its rules: nobody is tied to
// themselves, and the same two are tied once in the same way on any day.
func settle(c *operation.Call, before Tie, t *Tie) error {
	var faults operation.Faults
	for _, end := range []struct {
		field             string
		organization, was directory.OrganizationID
		person, personWas directory.PersonID
		name              *string
		called            string // before
	}{{"from", t.FromOrganizationID, before.FromOrganizationID, t.FromPersonID, before.FromPersonID, &t.FromName, before.FromName},
		{"to", t.ToOrganizationID, before.ToOrganizationID, t.ToPersonID, before.ToPersonID, &t.ToName, before.ToName}} {
		switch {
		case end.organization.IsZero() && end.person.IsZero():
			faults.Add(end.field+"_organization_id", "errors.required")
		case !end.organization.IsZero() && !end.person.IsZero():
			faults.Add(end.field+"_person_id", "errors.tie_one_end")
		case end.organization == end.was && end.person == end.personWas: // wherever that is now
			*end.name = end.called
		case !end.organization.IsZero():
			o, err := directory.GetOrganization.Within(c, directory.OrganizationRef{ID: end.organization})
			if missing, err := operation.Gone(err, o.DeletedAt != nil); err != nil {
				return err
			} else if missing {
				faults.Add(end.field+"_organization_id", "errors.no_such_organization")
			}
			*end.name = o.Name
		default:
			p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: end.person})
			if missing, err := operation.Gone(err, p.DeletedAt != nil); err != nil {
				return err
			} else if missing {
				faults.Add(end.field+"_person_id", "errors.no_such_person")
			}
			*end.name = p.Name()
		}
	}
	if t.From != "" && t.To != "" && t.To <= t.From {
		faults.Add("valid_to", "errors.ends_before_it_begins")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if t.Start() == t.End() {
		return operation.InvalidField("to_organization_id", "errors.tie_itself")
	}
	return once(c, *t)
}

// once refuses a tie that the same two have already on one of its days.
func once(c *operation.Call, t Tie) error {
	others, err := between(c, t)
	if err != nil {
		return err
	}
	for _, u := range others {
		if u.ID != t.ID && u.sameTwo(t) && u.During(t.From, t.To) {
			return operation.InvalidField("type", "errors.tie_again", map[string]any{"Tie": u.Title()})
		}
	}
	return nil
}

// Edit changes the given fields of a tie.
var Edit = operation.Define(operation.Operation[Patch, Tie]{
	Definition: operation.Definition{ID: "ties.edit", Summary: "Changes a tie", Method: "PATCH", Path: "/ties/{id}"},
	Run: func(c *operation.Call, in Patch) (Tie, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if err := settle(c, before, &after); err != nil {
			return before, err
		}
		if after == before {
			return before, nil
		}
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if err := update(c, after); err != nil {
			return after, err
		}
		c.Changed(after.Subject(), after.Title(), after.Version, before, after)
		c.UndoWith("ties.edit", reverse(before, after))
		return after, nil
	},
})

// reverse is the patch that takes a change back.
func reverse(before, after Tie) Patch {
	undo := Patch{ID: after.ID, Version: after.Version}
	operation.Reverse(&undo, before, after)
	return undo
}

// Trash puts a tie in the trash.
var Trash = operation.Define(operation.Operation[AtVersion, Tie]{
	Definition: operation.Definition{ID: "ties.trash", Summary: "Puts a tie in the trash", Method: "DELETE", Path: "/ties/{id}"},
	Run: func(c *operation.Call, in AtVersion) (Tie, error) {
		t, err := live(c, in.ID, in.Version)
		if err != nil {
			return t, err
		}
		now := c.Now
		t.DeletedAt = &now
		return move(c, t, restoreOperation)
	},
})

// Restore takes a tie out of the trash, unless the same two have that tie again.
var Restore = operation.Define(operation.Operation[AtVersion, Tie]{
	Definition: operation.Definition{ID: "ties.restore", Summary: "Takes a tie out of the trash", Method: "POST", Path: "/ties/{id}/restore"},
	Run: func(c *operation.Call, in AtVersion) (Tie, error) {
		t, err := get(c, in.ID)
		if err != nil {
			return t, err
		}
		if t.Version != in.Version || t.DeletedAt == nil {
			return t, operation.Stale(t)
		}
		if err := once(c, t); err != nil {
			return t, err
		}
		t.DeletedAt = nil
		return move(c, t, "ties.trash")
	},
})

func move(c *operation.Call, t Tie, back string) (Tie, error) {
	t.Version, t.UpdatedAt = t.Version+1, c.Now
	if err := update(c, t); err != nil {
		return t, err
	}
	c.Changed(t.Subject(), t.Title(), t.Version, nil, nil)
	c.UndoWith(back, AtVersion{t.ID, t.Version})
	return t, nil
}
