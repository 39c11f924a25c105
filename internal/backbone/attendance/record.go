package attendance

import (
	"errors"
	"strconv"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Record enters somebody who was at a meeting.
var Record = operation.Define(operation.Operation[Input, Attendance]{
	Definition: operation.Definition{ID: "attendance.record", Summary: "Enters somebody who was at a meeting; who is in already is answered as they are", Method: "POST", Path: "/meetings/{meeting_id}/attendance"},
	About:      func(in Input) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in Input) (Attendance, error) {
		m, err := convening.MeetingOf(c, in.MeetingID)
		if err != nil {
			return Attendance{}, err
		}
		a, err := enter(c, m, nil, in)
		if err != nil {
			return a, err
		}
		if !a.fresh {
			c.Continue() // nothing happened
		}
		return withSeat(c, m, a)
	},
})

// SeveralInput is a list of those who were at a meeting.
type SeveralInput struct {
	MeetingID MeetingID `json:"meeting_id"`
	Items     []Input   `json:"items,omitempty" maxItems:"500"`
	// Trash takes the entries at these versions out again; undo uses it.
	Trash []AtVersion `json:"trash,omitempty" maxItems:"500"`
	// Back puts them in again.
	Back []AtVersion `json:"restore,omitempty" maxItems:"500"`
}

// RecordSeveral enters several people at once, all or none. Those who are in
// already stay as they are.
var RecordSeveral = operation.Define(operation.Operation[SeveralInput, operation.Page[Attendance]]{
	Definition: operation.Definition{ID: "attendance.record-several", Summary: "Enters several people who were at a meeting, all or none", Method: "POST", Path: "/meetings/{meeting_id}/attendance/several"},
	About:      func(in SeveralInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Validate: func(in *SeveralInput, faults *operation.Faults) {
		if len(in.Items)+len(in.Trash)+len(in.Back) == 0 {
			faults.Add("items", "errors.required")
		}
	},
	Run: func(c *operation.Call, in SeveralInput) (operation.Page[Attendance], error) {
		m, err := convening.MeetingOf(c, in.MeetingID)
		if err != nil {
			return operation.Page[Attendance]{}, err
		}
		var all []Attendance
		undo := SeveralInput{MeetingID: m.ID}
		var p *portion
		if len(in.Items) > 0 {
			if p, err = portionOf(c, m, in.Items); err != nil {
				return operation.Page[Attendance]{}, err
			}
		}
		for k, one := range in.Items {
			one.MeetingID = m.ID
			a, err := enter(c, m, p, one)
			if err != nil {
				return operation.Page[Attendance]{}, inLine(err, k)
			}
			if a.fresh {
				undo.Trash = append(undo.Trash, AtVersion{m.ID, a.ID, a.Version})
			}
			all = append(all, a)
		}
		if p != nil {
			if err := p.write(c); err != nil {
				return operation.Page[Attendance]{}, err
			}
		}
		for _, v := range in.Trash {
			a, err := Trash.Within(c, v)
			if err != nil {
				return operation.Page[Attendance]{}, err
			}
			undo.Back = append(undo.Back, AtVersion{m.ID, a.ID, a.Version})
		}
		for _, v := range in.Back {
			a, err := Restore.Within(c, v)
			if err != nil {
				return operation.Page[Attendance]{}, err
			}
			undo.Trash = append(undo.Trash, AtVersion{m.ID, a.ID, a.Version})
			all = append(all, a)
		}
		if len(undo.Trash)+len(undo.Back) == 0 {
			c.Continue()
			return operation.Whole(all), seated(c, m, all)
		}
		c.UndoWith("attendance.record-several", undo)
		return operation.Whole(all), seated(c, m, all)
	},
})

// inLine says in which of several items a fault is.
func inLine(err error, k int) error {
	var e *operation.Error
	if !errors.As(err, &e) || len(e.Faults) == 0 {
		return err
	}
	named := *e
	named.Faults = nil
	for _, f := range e.Faults {
		f.Field = "items." + strconv.Itoa(k) + "." + f.Field
		named.Faults = append(named.Faults, f)
	}
	return &named
}

// enter puts somebody into the ledger, unless they are in it.
func enter(c *operation.Call, m convening.Meeting, p *portion, in Input) (Attendance, error) {
	a := Attendance{ID: id.New[Attendance](), MeetingID: m.ID, PersonID: in.PersonID, GivenName: in.Name, OrganizationID: in.OrganizationID, organizationName: in.Organization,
		standsIn: in.SeatID, Presence: in.Presence, Source: in.Source, JoinedAt: in.JoinedAt, LeftAt: in.LeftAt, Minutes: in.Minutes, Engagement: in.Engagement, Turns: in.Turns,
		Email: in.Email, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if a.Guest() {
		a.Name, a.GivenName = in.Name, ""
	}
	if a.Presence == "" {
		a.Presence = Here
		if m.Mode == Online {
			a.Presence = Online
		}
	}
	if a.Source == "" {
		a.Source = FromList
		if c.Actor.Via == operation.ViaToken {
			a.Source = FromREST
		}
	}
	return put(c, m, p, a)
}

// put stores a new entry, or answers the one that is there. Both are one statement's
// matter: of two hosts who tick the same person one is first, and the other finds
// them in.
func put(c *operation.Call, m convening.Meeting, p *portion, a Attendance) (Attendance, error) {
	switch {
	case m.State == convening.Cancelled:
		return a, operation.InvalidField("meeting_id", "errors.meeting_called_off")
	case !a.OrganizationID.IsZero():
	case a.Guest():
		found, err := p.organizationNamed(c, a.organizationName)
		if err != nil {
			return a, err
		}
		if a.organizationName != "" {
			a.OrganizationID = found
		}
	default:
		var err error
		if a.OrganizationID, err = representedOn(c, m, p, a); err != nil {
			return a, err
		}
	}
	if a.OrganizationID.IsZero() {
		a.Organization = a.organizationName
	}
	if err := settle(c, m, p, Attendance{}, &a); err != nil {
		return a, err
	}
	if was, in, err := p.entered(c, a); err != nil || in {
		return was, err
	}
	n, err := p.count(c, m.ID)
	if err != nil {
		return a, err
	}
	if n >= mostEntries {
		return a, operation.InvalidField("name", "errors.too_many_items", map[string]any{"Maximum": mostEntries})
	}
	if ok, err := p.add(c, a); err != nil {
		return a, err
	} else if !ok {
		return a, operation.Refuse(operation.Conflict, "errors.already_there", map[string]any{"Name": a.Name})
	}
	c.Changed(a.Subject(), a.Name, a.Version, nil, a)
	c.UndoWith("attendance.trash", entries.At(a, a.Version))
	a.fresh = true
	return a, nil
}

// representedOn is whom somebody represented at a meeting: for whom the seat is that
// they hold or stand in for, or else the organization they belong to on that day.
func representedOn(c *operation.Call, m convening.Meeting, p *portion, a Attendance) (directory.OrganizationID, error) {
	if !m.BodyID.IsZero() {
		terms, err := p.termsOn(c, m)
		if err != nil {
			return directory.OrganizationID{}, err
		}
		for _, t := range terms {
			if !t.OrganizationID.IsZero() && (t.SeatID == a.standsIn || a.standsIn.IsZero() && t.PersonID == a.PersonID) {
				return t.OrganizationID, nil
			}
		}
	}
	return p.affiliatedOn(c, m, a.PersonID)
}
