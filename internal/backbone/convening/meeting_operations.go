package convening

import (
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// meetings is the noun.
var meetings = &operation.Noun[Meeting, MeetingID]{Kind: MeetingKind, Area: "meetings", Get: getMeeting, Update: updateMeeting,
	Head: func(m *Meeting) operation.Head[MeetingID] {
		return operation.HeadOf(m.ID, &m.Version, &m.UpdatedAt, &m.DeletedAt)
	},
	Title: Meeting.Name, Visible: Meeting.visibleTo}

// visibleTo leaves a recap that was not sent yet to those who may write it.
func (m Meeting) visibleTo(c *operation.Call) Meeting {
	if m.RecapSentAt == nil && m.Recap != "" && !c.CanOn("meetings.edit", m.Subject()) {
		m.Recap = ""
	}
	return m
}

// GetMeeting reads one meeting, also from the trash.
var GetMeeting = operation.Define(operation.Operation[MeetingRef, Meeting]{
	Definition: operation.Definition{ID: "meetings.get", Summary: "Reads one meeting", ReadOnly: true, Method: "GET", Path: "/meetings/{id}"},
	About:      func(in MeetingRef) operation.Subject { return MeetingSubject(in.ID) },
	Run: func(c *operation.Call, in MeetingRef) (Meeting, error) {
		m, err := meetings.Read(c, in.ID)
		if err == nil && m.DeletedAt == nil {
			m.MayEdit, m.MayPrepare = c.CanOn("meetings.edit", m.Subject()), c.CanOn("agenda.edit", m.Subject())
		}
		return m, err
	},
})

// CreateMeeting plans a meeting, or records one that took place.
var CreateMeeting = operation.Define(operation.Operation[MeetingInput, Meeting]{
	Definition: operation.Definition{ID: "meetings.create", Summary: "Plans a meeting, or records one that took place", Method: "POST", Path: "/meetings"},
	About: func(in MeetingInput) operation.Subject {
		return operation.Subject{Kind: directory.BodyKind, ID: in.BodyID}
	},
	Run: func(c *operation.Call, in MeetingInput) (Meeting, error) {
		m := Meeting{ID: id.New[Meeting](), BodyID: in.BodyID, Title: in.Title, Purpose: in.Purpose, State: Planned, Mode: in.Mode, Place: in.Place, Link: in.Link,
			Zone: in.Zone, On: in.On, Starts: in.Starts, Minutes: in.Minutes, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if m.Minutes == 0 {
			m.Minutes = 60
		}
		if in.Held {
			m.State = Held
		}
		if err := settleMeeting(c, Meeting{}, &m); err != nil {
			return m, err
		}
		if err := insertMeeting(c, m); err != nil {
			return m, err
		}
		return meetings.Added(c, m)
	},
})

// settleMeeting names the body, gives the rest its defaults and works out the
// instants.
func settleMeeting(c *operation.Call, before Meeting, m *Meeting) error {
	if m.Mode == "" {
		m.Mode = Modes[0]
	}
	if m.Zone == "" && c.Collaborative.Zone != nil {
		m.Zone = c.Collaborative.Zone.String()
	}
	var faults operation.Faults
	switch {
	case m.BodyID.IsZero():
		m.Body = ""
	case m.BodyID != before.BodyID:
		b, err := directory.GetBody.Within(c, directory.BodyRef{ID: m.BodyID})
		if missing, err := operation.Gone(err, b.DeletedAt != nil); err != nil {
			return err
		} else if missing {
			faults.Add("body_id", "errors.no_such_body")
		}
		m.Body = b.Name
	}
	if m.Title == "" {
		m.Title = m.Body
	}
	if m.Title == "" {
		faults.Add("title", "errors.required")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if err := m.clock(); err != nil {
		return err
	}
	if m.Happened() && m.StartsAt.After(c.Now) {
		return operation.InvalidField("on", "errors.meeting_ahead")
	}
	return nil
}

// EditMeeting changes the given fields of a meeting. What calendars show counts as
// a change of its own.
var EditMeeting = operation.Define(operation.Operation[MeetingPatch, Meeting]{
	Definition: operation.Definition{ID: "meetings.edit", Summary: "Changes a meeting", Method: "PATCH", Path: "/meetings/{id}"},
	About:      func(in MeetingPatch) operation.Subject { return MeetingSubject(in.ID) },
	Run: func(c *operation.Call, in MeetingPatch) (Meeting, error) {
		before, err := meetings.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if after.BodyID != before.BodyID && !after.BodyID.IsZero() && !c.CanOn("meetings.create", operation.Subject{Kind: directory.BodyKind, ID: after.BodyID}) {
			return before, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		if err := settleMeeting(c, before, &after); err != nil {
			return before, err
		}
		if after.shown() != before.shown() {
			after.Sequence++
			after.apart = !after.SeriesID.IsZero()
		}
		return saveMeeting(c, before, after)
	},
})

// shown is what a calendar shows of a meeting.
func (m Meeting) shown() [8]string {
	return [8]string{m.Title, m.Purpose, m.Place, m.Link, m.Zone, m.On, m.Starts, m.EndsAt.String()}
}

func saveMeeting(c *operation.Call, before, after Meeting) (Meeting, error) {
	return meetings.Save(c, before, after, "meetings.edit", func(after Meeting) any {
		undo := MeetingPatch{ID: after.ID, Version: after.Version}
		operation.Reverse(&undo, before, after)
		return undo
	})
}

// StepInput moves a meeting to a state.
type StepInput struct {
	ID      MeetingID `json:"id"`
	Version int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	State   string    `json:"state" required:"true" enum:"planned,agenda_sent,held,recap_sent,closed,cancelled"`
	Reason  string    `json:"reason,omitempty" maxLength:"500" doc:"Why it is cancelled, for those who were to come."`
}

// StepMeeting moves a meeting through its states: agenda sent, held, recap sent,
// closed, or cancelled; and back, where a step was taken by mistake.
var StepMeeting = operation.Define(operation.Operation[StepInput, Meeting]{
	Definition: operation.Definition{ID: "meetings.step", Summary: "Moves a meeting to its next state, cancels it, or takes a step back", Method: "POST", Path: "/meetings/{id}/state"},
	About:      func(in StepInput) operation.Subject { return MeetingSubject(in.ID) },
	Run: func(c *operation.Call, in StepInput) (Meeting, error) {
		before, err := meetings.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if in.State == before.State {
			return before.visibleTo(c), nil
		}
		if !slices.Contains(steps[before.State], in.State) {
			return before, operation.InvalidField("state", "errors.meeting_step", map[string]any{"State": before.State})
		}
		after := before
		after.State, after.Reason = in.State, ""
		now := c.Now
		switch in.State {
		case AgendaSent:
			switch {
			case before.State != Cancelled:
				after.AgendaSentAt = &now
			case before.AgendaSentAt == nil: // what calling off is taken back to was never so
				return before, operation.InvalidField("state", "errors.meeting_step", map[string]any{"State": before.State})
			}
		case Held:
			if before.StartsAt.After(c.Now) {
				return before, operation.InvalidField("state", "errors.meeting_ahead")
			}
		case RecapSent:
			if after.Recap == "" {
				return before, operation.InvalidField("recap", "errors.required")
			}
			after.RecapSentAt = &now
		case Cancelled:
			after.Reason = in.Reason
		}
		if in.State == Cancelled || before.State == Cancelled {
			after.Sequence++
		}
		return meetings.Save(c, before, after, "meetings.step", func(after Meeting) any {
			return StepInput{ID: after.ID, Version: after.Version, State: before.State, Reason: before.Reason}
		})
	},
})

// TrashMeeting puts a meeting in the trash: for one that was entered by mistake.
// One that does not take place is cancelled instead.
var TrashMeeting = operation.Define(operation.Operation[MeetingVersion, Meeting]{
	Definition: operation.Definition{ID: "meetings.trash", Summary: "Puts a meeting in the trash", Method: "DELETE", Path: "/meetings/{id}"},
	Run: func(c *operation.Call, in MeetingVersion) (Meeting, error) {
		return meetings.Trash(c, in.ID, in.Version)
	},
})

// RestoreMeeting takes a meeting out of the trash.
var RestoreMeeting = operation.Define(operation.Operation[MeetingVersion, Meeting]{
	Definition: operation.Definition{ID: "meetings.restore", Summary: "Takes a meeting out of the trash", Method: "POST", Path: "/meetings/{id}/restore"},
	Run: func(c *operation.Call, in MeetingVersion) (Meeting, error) {
		return meetings.Restore(c, in.ID, in.Version)
	},
})
