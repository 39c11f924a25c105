// Package calendars carries meetings to the calendars of those who are expected:
// feeds that calendar programs read, invitations and what follows them by letter,
// and answers by a personal link. It stands on convening.
package calendars

import (
	"net/url"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/operation"
)

// FeedKind names a feed as a subject.
const FeedKind = "calendar-feed"

// Service holds what needs links and the address of the installation.
type Service struct {
	// MakeFeed makes the address of a feed anew; one there was before ends.
	MakeFeed *operation.Operation[FeedInput, Feed]
	// ListFeeds lists the feeds somebody has made here.
	ListFeeds *operation.Operation[operation.None, []Feed]
	// EndFeed ends the address of a feed.
	EndFeed *operation.Operation[FeedRef, Feed]
	// Invite tells everyone expected of a meeting.
	Invite *operation.Operation[convening.MeetingRef, Told]
	// Tell does what a change of a meeting asks for.
	Tell *operation.Operation[convening.MeetingRef, Told]

	// Receive records what somebody's calendar answered by mail.
	Receive *operation.Operation[MailedAnswer, Taken]

	open *operation.Operation[feedRef, reading]
	look *operation.Operation[linkInput, ReplyView]
	say  *operation.Operation[AnswerInput, ReplyView]

	access *access.Service
	base   *url.URL
}

// New defines the operations. Base is where people reach the installation.
func New(a *access.Service, base *url.URL) *Service {
	s := &Service{access: a, base: base}
	s.defineFeeds()
	s.defineLetters()
	s.defineReplies()
	s.defineAnswers()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{s.MakeFeed, s.ListFeeds, s.EndFeed, s.open, s.Invite, s.Tell, s.look, s.say, s.Receive}
}

// page is the address of a meeting's page.
func (s *Service) page(c operation.Collaborative, m convening.MeetingID) string {
	return s.base.JoinPath("c", url.PathEscape(c.Slug), "meetings", m.Short()).String()
}

// Event is a meeting as calendars take it. Its UID is the meeting's id for ever.
func (s *Service) Event(c operation.Collaborative, m convening.Meeting) calendar.Event {
	e := calendar.Event{UID: m.ID.String(), Sequence: int(m.Sequence), Stamp: m.UpdatedAt, Created: m.CreatedAt, Modified: m.UpdatedAt, Status: calendar.Confirmed,
		Summary: m.Title, Description: m.Purpose, Location: m.Place, URL: s.page(c, m.ID)}
	if m.State == convening.Cancelled {
		e.Status = calendar.Cancelled
		e.Description = joined(m.Reason, e.Description)
	}
	if m.Link != "" {
		e.Description = joined(e.Description, m.Link)
		if e.Location == "" {
			e.Location = m.Link
		}
	}
	e.Zone = calendar.Zone(m.Zone)
	if e.Zone == nil {
		e.Zone = time.UTC
	}
	e.Start, e.Length = calendar.WallOf(m.StartsAt.In(e.Zone)), m.EndsAt.Sub(m.StartsAt)
	return e
}

func joined(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "\n\n" + b
}
