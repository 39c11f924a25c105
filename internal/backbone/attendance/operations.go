package attendance

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// entries is the noun.
var entries = &operation.Noun[Attendance, ID]{Kind: Kind, Area: "attendance", Get: get, Update: update,
	Head: func(a *Attendance) operation.Head[ID] {
		return operation.HeadOf(a.ID, &a.Version, &a.UpdatedAt, &a.DeletedAt)
	},
	Title: func(a Attendance) string { return a.Name },
	At:    func(a Attendance, version int64) any { return AtVersion{a.MeetingID, a.ID, version} }}

// List reads the ledger of a meeting.
var List = operation.Define(operation.Operation[MeetingPart, operation.Page[Attendance]]{
	Definition: operation.Definition{ID: "attendance.list", Summary: "Lists who was at a meeting", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/attendance"},
	About:      func(in MeetingPart) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in MeetingPart) (operation.Page[Attendance], error) {
		m, err := convening.MeetingOf(c, in.MeetingID)
		if err != nil {
			return operation.Page[Attendance]{}, err
		}
		all, err := ledger(c, m)
		return operation.Whole(all), err
	},
})

// Get reads one entry, also one that was taken out.
var Get = operation.Define(operation.Operation[Ref, Attendance]{
	Definition: operation.Definition{ID: "attendance.get", Summary: "Reads one entry of who was at a meeting", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/attendance/{id}"},
	About:      func(in Ref) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in Ref) (Attendance, error) {
		m, err := convening.MeetingOf(c, in.MeetingID)
		if err != nil {
			return Attendance{}, err
		}
		a, err := entries.Get(c, in.ID)
		if err == nil && a.MeetingID != in.MeetingID {
			err = operation.Missing()
		}
		if err != nil {
			return Attendance{}, err
		}
		return withSeat(c, m, a)
	},
})

func withSeat(c *operation.Call, m convening.Meeting, a Attendance) (Attendance, error) {
	one := []Attendance{a}
	err := seated(c, m, one)
	return one[0], err
}

// live reads an entry that is about to be changed, of the meeting that was named.
func live(c *operation.Call, m MeetingID, i ID, version int64) (convening.Meeting, Attendance, error) {
	meeting, err := convening.MeetingOf(c, m)
	if err != nil {
		return meeting, Attendance{}, err
	}
	a, err := entries.Live(c, i, version)
	if err == nil && a.MeetingID != m {
		err = operation.Missing()
	}
	return meeting, a, err
}

// Edit changes an entry: whom somebody represented, whose seat they stood in for,
// how long they were there, how they took part, or who a guest turned out to be.
var Edit = operation.Define(operation.Operation[Patch, Attendance]{
	Definition: operation.Definition{ID: "attendance.edit", Summary: "Changes an entry of who was at a meeting", Method: "PATCH", Path: "/meetings/{meeting_id}/attendance/{id}"},
	About:      func(in Patch) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in Patch) (Attendance, error) {
		m, before, err := live(c, in.MeetingID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := in.applied(before)
		if err := settle(c, m, nil, before, &after); err != nil {
			return before, err
		}
		// A guest's key may be another than when it was stored: their organization may
		// be called otherwise since, or be one with another.
		if after.PersonID != before.PersonID || after.Guest() {
			if was, twice, err := entered(c, after); err != nil {
				return before, err
			} else if twice && was.ID != after.ID {
				return before, operation.InvalidField("person_id", "errors.already_there", map[string]any{"Name": was.Name})
			}
		}
		saved, err := entries.Save(c, before, after, "attendance.edit", func(after Attendance) any { return reverse(before, after) })
		if err != nil {
			return saved, err
		}
		return withSeat(c, m, saved)
	},
})

// applied is an entry with the fields of a change.
func (in Patch) applied(a Attendance) Attendance {
	set(&a.PersonID, in.PersonID)
	set(&a.Presence, in.Presence)
	set(&a.standsIn, in.SeatID)
	set(&a.Email, in.Email)
	if in.PersonID != nil && a.GivenName == "" {
		a.GivenName = a.Name // how the guest had called themselves
	}
	if in.Name != nil {
		a.GivenName = *in.Name
		if a.Guest() {
			a.Name, a.GivenName = *in.Name, ""
		}
	}
	if in.OrganizationID != nil {
		a.OrganizationID, a.Organization = *in.OrganizationID, ""
	}
	if in.Organization != nil {
		a.organizationName = *in.Organization
		if a.OrganizationID.IsZero() {
			a.Organization = a.organizationName
		}
	}
	setNumber(&a.Minutes, in.Minutes)
	setNumber(&a.Engagement, in.Engagement)
	setNumber(&a.Turns, in.Turns)
	a.Alternate = !a.standsIn.IsZero()
	return a
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func setNumber(to **int64, from *int64) {
	switch {
	case from == nil:
	case *from == Unset:
		*to = nil
	default:
		n := *from
		*to = &n
	}
}

// reverse is the change that takes one back.
func reverse(before, after Attendance) Patch {
	undo := Patch{MeetingID: after.MeetingID, ID: after.ID, Version: after.Version}
	if before.PersonID != after.PersonID {
		undo.PersonID = &before.PersonID
	}
	name := before.GivenName
	if before.Guest() {
		name = before.Name
	}
	undo.Name = &name
	undo.OrganizationID, undo.Organization, undo.SeatID = &before.OrganizationID, &before.organizationName, &before.standsIn
	undo.Presence, undo.Email = &before.Presence, &before.Email
	undo.Minutes, undo.Engagement, undo.Turns = orUnset(before.Minutes), orUnset(before.Engagement), orUnset(before.Turns)
	return undo
}

func orUnset(n *int64) *int64 {
	if n == nil {
		unset := int64(Unset)
		return &unset
	}
	return n
}

// settle names who is meant and checks what an entry refers to. What it referred to
// before it may go on referring to, wherever that is now.
func settle(c *operation.Call, m convening.Meeting, p *portion, before Attendance, a *Attendance) error {
	var faults operation.Faults
	if !a.Guest() && a.PersonID != before.PersonID {
		name, live, err := p.person(c, a.PersonID)
		if err != nil {
			return err
		}
		if !live {
			faults.Add("person_id", "errors.no_such_person")
		}
		a.Name = name
		if a.GivenName == name {
			a.GivenName = ""
		}
	}
	if a.Guest() && a.Name == "" {
		faults.Add("name", "errors.required")
	}
	if !a.OrganizationID.IsZero() && a.OrganizationID != before.OrganizationID {
		name, live, err := p.organization(c, a.OrganizationID)
		if err != nil {
			return err
		}
		if !live {
			faults.Add("organization_id", "errors.no_such_organization")
		}
		a.Organization = name
	} else if a.Organization == "" && !a.OrganizationID.IsZero() {
		a.Organization = before.Organization
	}
	if !a.standsIn.IsZero() && a.standsIn != before.standsIn {
		of, _, err := directory.TermsOfSeat(c, a.standsIn)
		if err != nil {
			return err
		}
		if of.IsZero() || of != m.BodyID {
			faults.Add("seat_id", "errors.no_such_seat")
		}
	}
	if a.LeftAt != nil && a.JoinedAt != nil && a.LeftAt.Before(*a.JoinedAt) {
		faults.Add("left_at", "errors.ends_before_it_begins")
	}
	a.Alternate = !a.standsIn.IsZero()
	return faults.Err()
}

// Trash takes an entry out of the ledger: they were not there.
var Trash = operation.Define(operation.Operation[AtVersion, Attendance]{
	Definition: operation.Definition{ID: "attendance.trash", Summary: "Takes somebody who was not there out of a meeting's ledger", Method: "DELETE", Path: "/meetings/{meeting_id}/attendance/{id}"},
	About:      func(in AtVersion) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in AtVersion) (Attendance, error) {
		if _, _, err := live(c, in.MeetingID, in.ID, in.Version); err != nil {
			return Attendance{}, err
		}
		return entries.Trash(c, in.ID, in.Version)
	},
})

// Restore puts an entry back, unless the same person was entered anew meanwhile.
var Restore = operation.Define(operation.Operation[AtVersion, Attendance]{
	Definition: operation.Definition{ID: "attendance.restore", Summary: "Puts an entry back into a meeting's ledger", Method: "POST", Path: "/meetings/{meeting_id}/attendance/{id}/restore"},
	About:      func(in AtVersion) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in AtVersion) (Attendance, error) {
		if _, err := convening.MeetingOf(c, in.MeetingID); err != nil {
			return Attendance{}, err
		}
		a, err := entries.Get(c, in.ID)
		if err == nil && a.MeetingID != in.MeetingID {
			err = operation.Missing()
		}
		if err != nil {
			return Attendance{}, err
		}
		if was, twice, err := entered(c, a); err != nil {
			return a, err
		} else if twice && was.ID != a.ID {
			return a, operation.Refuse(operation.Conflict, "errors.already_there", map[string]any{"Name": was.Name})
		}
		return entries.Restore(c, in.ID, in.Version)
	},
})
