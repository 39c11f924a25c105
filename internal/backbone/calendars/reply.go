package calendars

import (
	"context"
	"errors"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What a personal link finds.
const (
	ReplyOpen      = "open"      // an answer can be given, or changed
	ReplyOver      = "over"      // the meeting is past
	ReplyCancelled = "cancelled" // it does not take place
	ReplyGone      = "gone"      // they are not expected any more, or the meeting is not there
)

// ReplyView is what the page behind a personal link shows: the meeting, and the
// first name of whom it asks. Whoever else opens it learns no more.
type ReplyView struct {
	State    string
	Fresh    bool // whether it was answered just now
	Meeting  convening.Meeting
	Name     string // their first name
	Language string
	Reply    string
	// Alternate comes instead, as it was answered; StandIn does as a rule.
	Alternate, StandIn string
}

type linkInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// AnswerInput is an answer given by a personal link.
type AnswerInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
	Reply  string `json:"reply" required:"true" enum:"yes,online,alternate,no"`
	// StandIn says that who comes instead is who does as a rule; Alternate names
	// somebody else.
	StandIn   bool   `json:"stand_in"`
	Alternate string `json:"alternate" maxLength:"120"`
}

func (s *Service) defineReplies() {
	const byLink = "whoever holds the link answers on the page it leads to"
	s.look = operation.Define(operation.Operation[linkInput, ReplyView]{
		Definition: operation.Definition{ID: "meeting-links.open", Summary: "Shows which meeting a personal link asks about", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkInput) (ReplyView, error) {
			view, _, err := open(c, in.Secret)
			return view, err
		},
	})
	s.say = operation.Define(operation.Operation[AnswerInput, ReplyView]{
		Definition: operation.Definition{ID: "meeting-links.reply", Summary: "Says by a personal link whether somebody comes to a meeting", BrowserOnly: byLink, Secret: true},
		Run:        answer,
	})
}

// Look tells which meeting a personal link asks about, without answering.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, ReplyView, error) {
	return access.LookByTask(ctx, s.access, door, s.look, access.ReplyToMeeting, secret, linkInput{secret})
}

// Answer records an answer; the last one counts.
func (s *Service) Answer(ctx context.Context, door *operation.Door, in AnswerInput) (operation.Collaborative, ReplyView, error) {
	return access.ActByTask(ctx, s.access, door, s.say, access.ReplyToMeeting, in.Secret, in)
}

// open reads what a link asks about.
func open(c *operation.Call, secret string) (ReplyView, convening.Expected, error) {
	var e convening.Expected
	link, err := access.TaskLinkOf(c, access.ReplyToMeeting, secret)
	if err != nil {
		return ReplyView{}, e, err
	}
	var meeting convening.MeetingID
	var person directory.PersonID
	_, err = store.One(c.Tx, func(row store.Row) (none struct{}, err error) { return none, row.Scan(&meeting, &person) },
		`SELECT meeting_id, person_id FROM meeting_letters WHERE collaborative_id = $1 AND id = $2`, link.Record[:])
	if errors.Is(err, store.ErrNotFound) {
		return ReplyView{State: ReplyGone}, e, nil // whoever it was is erased, or one with another
	}
	if err != nil {
		return ReplyView{}, e, err
	}
	return opened(c, meeting, person)
}

// opened reads what somebody is asked about a meeting.
func opened(c *operation.Call, meeting convening.MeetingID, person directory.PersonID) (ReplyView, convening.Expected, error) {
	var e convening.Expected
	m, err := convening.GetMeeting.WithinAsProgram(c, convening.MeetingRef{ID: meeting})
	if err != nil {
		return ReplyView{}, e, err
	}
	people, err := convening.ListPeople.WithinAsProgram(c, convening.MeetingPart{MeetingID: meeting})
	if err != nil {
		return ReplyView{}, e, err
	}
	readers, err := letters.ReadersOf(c, []directory.PersonID{person})
	if err != nil {
		return ReplyView{}, e, err
	}
	who := readers[person]
	view := ReplyView{State: ReplyGone, Language: who.Language}
	for _, one := range people.Items {
		if one.PersonID == person {
			e, view.State = one, ReplyOpen
		}
	}
	switch {
	case view.State == ReplyGone || m.DeletedAt != nil || who.ID.IsZero():
		view.State = ReplyGone
		return view, e, nil
	case m.State == convening.Cancelled:
		view.State = ReplyCancelled
	case m.Over() || !m.EndsAt.After(c.Now):
		view.State = ReplyOver
	}
	view.Meeting = convening.Meeting{ID: m.ID, Title: m.Title, Purpose: m.Purpose, State: m.State, Mode: m.Mode, Place: m.Place, Link: m.Link, Zone: m.Zone, On: m.On, Starts: m.Starts, Minutes: m.Minutes,
		StartsAt: m.StartsAt, EndsAt: m.EndsAt, Sequence: m.Sequence, Reason: m.Reason, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt}
	view.Name, view.Reply, view.Alternate, view.StandIn = firstName(who), e.Reply, e.Alternate, e.StandIn
	return view, e, nil
}

// firstName is what somebody is called, or else their other name.
func firstName(r letters.Reader) string {
	if r.GivenName != "" {
		return r.GivenName
	}
	return r.FamilyName
}

// answer records an answer as the person's own, given by link.
func answer(c *operation.Call, in AnswerInput) (ReplyView, error) {
	view, e, err := open(c, in.Secret)
	if err != nil || view.State != ReplyOpen {
		c.Continue()
		return view, err
	}
	if in.Reply == convening.ReplyOnline && view.Meeting.Mode == convening.Modes[0] {
		return view, operation.InvalidField("reply", "errors.not_offered")
	}
	reply := convening.ReplyInput{MeetingID: view.Meeting.ID, PersonID: e.PersonID, Reply: in.Reply}
	if in.Reply == convening.ReplyAlternate {
		if in.StandIn && !e.StandInID.IsZero() {
			reply.AlternateID = e.StandInID
		} else {
			reply.AlternateName = in.Alternate
		}
	}
	now, err := convening.Reply.WithinAsProgram(c, reply)
	if err != nil {
		return view, err
	}
	c.Actor.Name, c.Actor.Via = e.Person, operation.ViaLink
	view.Fresh, view.Reply, view.Alternate = true, now.Reply, now.Alternate
	return view, nil
}

// MeetingOfLink is the meeting that a personal link asks about, as long as whoever
// holds it is expected; zero when they are not. It is for operations of packages above.
func MeetingOfLink(c *operation.Call, secret string) (convening.MeetingID, error) {
	view, _, err := open(c, secret)
	if view.State == ReplyGone {
		return convening.MeetingID{}, err
	}
	return view.Meeting.ID, err
}
