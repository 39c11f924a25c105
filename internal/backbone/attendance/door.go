package attendance

import (
	"context"
	"errors"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// How long before and after a meeting its door is open, in minutes, unless somebody
// says otherwise.
const (
	UsualBefore = 60
	UsualAfter  = 60
)

// linkFor is how long a code is kept beyond its meeting, which may still be moved.
const linkFor = 400 * 24 * time.Hour

// Door is the code by which people check themselves in to a meeting.
type Door struct {
	MeetingID MeetingID  `json:"meeting_id" audit:"-"`
	Code      string     `json:"code,omitempty" audit:"secret" doc:"Absent while there is none."`
	Address   string     `json:"address,omitempty" audit:"-" doc:"Where it leads; to be shown as a QR code."`
	Before    int64      `json:"minutes_before" doc:"How long before the meeting begins it is open."`
	After     int64      `json:"minutes_after" doc:"How long after it is meant to end."`
	OpensAt   *time.Time `json:"opens_at,omitempty" audit:"-"`
	ClosesAt  *time.Time `json:"closes_at,omitempty" audit:"-"`
}

// DoorInput opens a door, or gives it another code.
type DoorInput struct {
	MeetingID MeetingID `json:"meeting_id"`
	Before    int64     `json:"minutes_before,omitempty" minimum:"0" maximum:"1440" doc:"60 when absent."`
	After     int64     `json:"minutes_after,omitempty" minimum:"0" maximum:"1440" doc:"60 when absent."`
}

// Service holds what needs codes: the doors of meetings and personal codes.
type Service struct {
	GetDoor     *operation.Operation[MeetingPart, Door]
	OpenDoor    *operation.Operation[DoorInput, Door]
	CloseDoor   *operation.Operation[MeetingPart, Door]
	GetCode     *operation.Operation[CodeInput, PersonalCode]
	ReplaceCode *operation.Operation[CodeInput, PersonalCode]
	Scan        *operation.Operation[ScanInput, Attendance]
	look        *operation.Operation[doorInput, DoorView]
	find        *operation.Operation[findInput, Found]
	checkIn     *operation.Operation[checkInInput, DoorView]

	access *access.Service
}

// New defines the operations.
func New(a *access.Service) *Service {
	s := &Service{access: a}
	ofMeeting := func(in MeetingPart) operation.Subject { return convening.MeetingSubject(in.MeetingID) }
	s.GetDoor = operation.Define(operation.Operation[MeetingPart, Door]{
		Definition: operation.Definition{ID: "doors.get", Summary: "Shows the code by which people check themselves in to a meeting", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/door"},
		About:      ofMeeting, Run: s.getDoor,
	})
	s.OpenDoor = operation.Define(operation.Operation[DoorInput, Door]{
		Definition: operation.Definition{ID: "doors.open", Summary: "Makes a new code for the door of a meeting; an old one stops at once", Method: "PUT", Path: "/meetings/{meeting_id}/door"},
		About:      func(in DoorInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) }, Run: s.openDoor,
	})
	s.CloseDoor = operation.Define(operation.Operation[MeetingPart, Door]{
		Definition: operation.Definition{ID: "doors.close", Summary: "Closes the door of a meeting; its code stops at once", Method: "DELETE", Path: "/meetings/{meeting_id}/door"},
		About:      ofMeeting, Run: s.closeDoor,
	})
	s.defineCodes()
	s.defineCheckIn()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return append(operations(), s.GetDoor, s.OpenDoor, s.CloseDoor, s.GetCode, s.ReplaceCode, s.Scan, s.look, s.find, s.checkIn)
}

// door is a row of meeting_doors.
type door struct {
	link          access.LinkID
	sealed        []byte
	before, after int64
}

func doorOf(c *operation.Call, m MeetingID) (door, bool, error) {
	d, err := store.One(c.Tx, func(row store.Row) (d door, err error) {
		return d, row.Scan(&d.link, &d.sealed, &d.before, &d.after)
	}, `SELECT link_id, code_sealed, minutes_before, minutes_after FROM meeting_doors WHERE collaborative_id = $1 AND meeting_id = $2`, m)
	if errors.Is(err, store.ErrNotFound) {
		return d, false, nil
	}
	return d, err == nil, err
}

// hours are when the door of a meeting opens and closes.
func (d door) hours(m convening.Meeting) (opens, closes time.Time) {
	return m.StartsAt.Add(-time.Duration(d.before) * time.Minute), m.EndsAt.Add(time.Duration(d.after) * time.Minute)
}

// sealedFor binds a sealed code to its meeting.
func sealedFor(m MeetingID) string { return "door " + m.String() }

func (s *Service) shown(c *operation.Call, m convening.Meeting, d door) (Door, error) {
	opens, closes := d.hours(m)
	out := Door{MeetingID: m.ID, Before: d.before, After: d.after, OpensAt: &opens, ClosesAt: &closes}
	code, err := c.Secrets().Open(sealedFor(m.ID), d.sealed)
	if err != nil {
		return out, nil //nolint:nilerr // sealed under another key: a new code can be made
	}
	out.Code, out.Address = string(code), s.access.CodeAddress(access.PathCheckIn, string(code))
	return out, nil
}

func (s *Service) getDoor(c *operation.Call, in MeetingPart) (Door, error) {
	m, err := convening.MeetingOf(c, in.MeetingID)
	if err != nil {
		return Door{}, err
	}
	d, there, err := doorOf(c, m.ID)
	if err != nil || !there {
		return Door{MeetingID: m.ID, Before: UsualBefore, After: UsualAfter}, err
	}
	return s.shown(c, m, d)
}

func (s *Service) openDoor(c *operation.Call, in DoorInput) (Door, error) {
	m, err := convening.MeetingOf(c, in.MeetingID)
	if err != nil {
		return Door{}, err
	}
	if m.State == convening.Cancelled {
		return Door{}, operation.InvalidField("meeting_id", "errors.meeting_called_off")
	}
	was, there, err := doorOf(c, m.ID)
	if err != nil {
		return Door{}, err
	}
	if there {
		if err := access.EndTask(c, access.CheckIn, was.link); err != nil {
			return Door{}, err
		}
	}
	d := door{before: in.Before, after: in.After}
	if d.before == 0 {
		d.before = UsualBefore
	}
	if d.after == 0 {
		d.after = UsualAfter
	}
	code, link, err := s.access.NewTaskCode(c, access.CheckIn, m.ID, later(c.Now, m.EndsAt).Add(linkFor))
	if err != nil {
		return Door{}, err
	}
	d.link = link
	if d.sealed, err = c.Secrets().Seal(sealedFor(m.ID), []byte(code)); err != nil {
		return Door{}, err
	}
	if _, err := c.Tx.Exec(`INSERT INTO meeting_doors (collaborative_id, meeting_id, link_id, code_sealed, minutes_before, minutes_after, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (collaborative_id, meeting_id) DO UPDATE SET link_id = excluded.link_id, code_sealed = excluded.code_sealed, minutes_before = excluded.minutes_before,
		minutes_after = excluded.minutes_after, created_at = excluded.created_at`, m.ID, d.link, d.sealed, d.before, d.after, store.Micros(c.Now)); err != nil {
		return Door{}, err
	}
	c.Changed(operation.Subject{Kind: DoorKind, ID: m.ID}, m.Name(), 1, nil, Door{Before: d.before, After: d.after, Code: code})
	c.UndoWith("doors.close", MeetingPart{m.ID})
	return s.shown(c, m, d)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *Service) closeDoor(c *operation.Call, in MeetingPart) (Door, error) {
	m, err := convening.MeetingOf(c, in.MeetingID)
	if err != nil {
		return Door{}, err
	}
	out := Door{MeetingID: m.ID, Before: UsualBefore, After: UsualAfter}
	was, there, err := doorOf(c, m.ID)
	if err != nil || !there {
		c.Continue()
		return out, err
	}
	if err := access.EndTask(c, access.CheckIn, was.link); err != nil {
		return out, err
	}
	if _, err := c.Tx.Exec(`DELETE FROM meeting_doors WHERE collaborative_id = $1 AND meeting_id = $2`, m.ID); err != nil {
		return out, err
	}
	c.Changed(operation.Subject{Kind: DoorKind, ID: m.ID}, m.Name(), 1, Door{Before: was.before, After: was.after}, nil)
	return out, nil
}

// place finds the collaborative of a code.
func (s *Service) place(ctx context.Context, code string) (context.Context, operation.Collaborative, access.TaskLink, error) {
	place, link, err := s.access.CodePlace(ctx, access.CheckIn, code)
	return operation.WithCollaborative(ctx, place), place, link, err
}
