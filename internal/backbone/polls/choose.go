package polls

import (
	"slices"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/operation"
)

// ChooseInput names the time that is taken.
type ChooseInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Time    string `json:"time" required:"true" maxLength:"16" doc:"One of the proposed times, YYYY-MM-DD HH:MM."`
	// Quiet plans the meeting and mails nobody.
	Quiet bool `json:"quiet,omitempty" doc:"Plan the meeting and mail nobody yet."`
}

func (s *Service) defineChoose() {
	s.Choose = operation.Define(operation.Operation[ChooseInput, Poll]{
		Definition: operation.Definition{ID: "polls.choose", Summary: "Takes one of the proposed times: plans the meeting and mails the invitations to it", Method: "POST", Path: "/polls/{id}/choose"},
		About:      func(in ChooseInput) operation.Subject { return subject(in.ID) },
		Run:        s.choose,
	})
}

// choose plans the meeting, asks those to it who were asked when it should be, and
// invites.
func (s *Service) choose(c *operation.Call, in ChooseInput) (Poll, error) {
	before, err := polls.Live(c, in.ID, in.Version)
	switch {
	case err != nil:
		return before, err
	case before.State == Decided:
		return before, operation.InvalidField("time", "errors.poll_decided")
	case !slices.Contains(before.Times, in.Time):
		return before, operation.InvalidField("time", "errors.poll_no_such_time")
	case !before.At(in.Time).After(c.Now):
		return before, operation.InvalidField("time", "errors.poll_time_past", map[string]any{"Time": in.Time})
	}
	day, clock := in.Time[:len("2006-01-02")], in.Time[len("2006-01-02 "):]
	m, err := convening.CreateMeeting.Within(c, convening.MeetingInput{BodyID: before.BodyID, Title: before.Title, Purpose: before.Purpose, Mode: before.Mode, Place: before.Place, Link: before.Link,
		Zone: before.Zone, On: day, Starts: clock, Minutes: before.Minutes})
	if err != nil {
		return before, err
	}
	people, err := peopleOf(c, before)
	if err != nil {
		return before, err
	}
	expected, err := convening.ExpectedAt(c, m)
	if err != nil {
		return before, err
	}
	for _, a := range people {
		if slices.ContainsFunc(expected, func(e convening.Expected) bool { return e.PersonID == a.PersonID }) {
			continue
		}
		if _, err := convening.SetPerson.Within(c, convening.PersonInput{MeetingID: m.ID, PersonID: a.PersonID, Invited: true}); err != nil {
			return before, err
		}
	}
	if !in.Quiet {
		if _, err := s.calendars.Invite.Within(c, convening.MeetingRef{ID: m.ID}); err != nil {
			return before, err
		}
	}
	after := before
	after.State, after.Chosen, after.MeetingID = Decided, in.Time, m.ID
	return save(c, before, after, "polls.unchoose", func(after Poll) any { return AtVersion{after.ID, after.Version} })
}

// Unchoose takes a choice back: the meeting goes into the trash, those who were
// invited are told, and answers are taken again.
var Unchoose = operation.Define(operation.Operation[AtVersion, Poll]{
	Definition: operation.Definition{ID: "polls.unchoose", Summary: "Takes the choice of a time back: the meeting goes into the trash, and the poll is open again", Method: "POST", Path: "/polls/{id}/unchoose"},
	About:      func(in AtVersion) operation.Subject { return subject(in.ID) },
	Run: func(c *operation.Call, in AtVersion) (Poll, error) {
		before, err := polls.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.State != Decided {
			return before, operation.InvalidField("id", "errors.poll_undecided")
		}
		m, err := convening.MeetingOf(c, before.MeetingID)
		if missing, err := operation.Gone(err, false); err != nil {
			return before, err
		} else if !missing {
			if m.Happened() {
				return before, operation.InvalidField("id", "errors.meeting_over")
			}
			// Whoever may take the choice back may take the meeting with it.
			if _, err := convening.TrashMeeting.WithinAsProgram(c, convening.MeetingVersion{ID: m.ID, Version: m.Version}); err != nil {
				return before, err
			}
		}
		after := before
		after.State, after.Chosen, after.MeetingID = Open, "", convening.MeetingID{}
		return save(c, before, after, "polls.choose", func(after Poll) any {
			return ChooseInput{ID: after.ID, Version: after.Version, Time: before.Chosen}
		})
	},
})
