// Package actions holds action items: what a person or an organization promised to
// do, by when, and what became of it. It stands on the meetings in which most of
// them are agreed.
package actions

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Kind names an action as a subject.
const Kind = "action"

// wordKind names it as the subject of those who gave the word: its owner too.
const wordKind = "action-word"

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{List, Get, Create, Edit, Settle, Disown, Trash, Restore, EditSeveral, Export}
}

// Relations judges the relations to actions; all others it leaves to those below.
// An action is that of whoever has a part in its meeting or chairs the meeting's
// body. What became of it may be said by its owner as well: the person, or whoever
// represents the organization.
type Relations struct{ operation.Relations }

// Holds implements operation.Relations.
func (r Relations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	if s.Kind != Kind && s.Kind != wordKind {
		return r.Relations.Holds(c, grant, s)
	}
	if c.Actor.Person.IsZero() || c.Tx == nil {
		return false, nil
	}
	a, err := get(c, ID(s.ID))
	if err != nil {
		return false, operation.IgnoreMissing(err)
	}
	if grant == operation.OwnGroup && !a.MeetingID.IsZero() {
		held, err := r.Relations.Holds(c, grant, operation.Subject{Kind: convening.MeetingKind, ID: a.MeetingID})
		if held || err != nil {
			return held, err
		}
	}
	switch {
	case s.Kind != wordKind:
		return false, nil
	case !a.OwnerPersonID.IsZero():
		return a.OwnerPersonID == c.Actor.Person, nil
	case !a.OwnerOrganizationID.IsZero():
		return r.Relations.Holds(c, operation.OwnOrg, operation.Subject{Kind: directory.OrganizationKind, ID: a.OwnerOrganizationID})
	}
	return false, nil
}
