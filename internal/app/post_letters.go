package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"

	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// stopped says whether letters of a kind no longer go to an address.
func (p *Post) stopped(ctx context.Context, place operation.CollaborativeID, email, kind string) (bool, error) {
	stopped := false
	err := p.app.Store.Read(ctx, place, func(tx *store.Tx) error {
		found, err := letters.Suppressed(tx, []string{email}, cmp.Or(kind, letters.Meetings))
		stopped = found[email]
		return err
	})
	return stopped, err
}

// refused remembers an address that a mail server refused for good: 550 and the
// like to the recipient, not a fault of the message or of the settings.
func (p *Post) refused(ctx context.Context, place operation.CollaborativeID, l access.Letter, err error) error {
	if l.Stop == "" || !mail.IsRecipientRefused(err) {
		return nil
	}
	here, err2 := p.app.Access.Place(ctx, place)
	if err2 != nil {
		return err2
	}
	return letters.Refused(ctx, p.app.Door, here, l.To, mail.Said(err))
}

// errInvite is an invitation that says nothing a calendar could take.
var errInvite = errors.New("app: the invitation of the letter cannot be written")

// invite writes what goes along for the reader's calendar.
func (p *Post) invite(m *mail.Message, place operation.CollaborativeID, l access.Letter) error {
	p.mu.Lock()
	from, inbox := p.from, p.inbox
	p.mu.Unlock()
	if inbox.On && inbox.Tagged && l.Stop != "" {
		m.Return = mail.WithTag(inbox.Address, p.app.Access.ReturnTag(place, l.To))
	}
	i := l.Invite
	if i == nil || from == "" {
		return nil // without a mail server, whoever passes the letter on tells the day
	}
	if inbox.On && inbox.Tagged {
		from = mail.WithTag(inbox.Address, p.app.Access.AnswerTag(place, i.UID, l.To))
	}
	zone := calendar.Zone(i.Zone)
	if zone == nil {
		zone = calendar.Zone("UTC")
	}
	e := calendar.Event{UID: i.UID, Sequence: int(i.Sequence), Stamp: i.Stamp, Status: calendar.Status(i.Status), Summary: i.Title, Description: i.About, Location: i.Place, URL: i.Page,
		Series:    calendar.Series{Start: calendar.WallOf(i.Starts.In(zone)), Zone: zone, Length: i.Ends.Sub(i.Starts)},
		Organizer: &calendar.Party{Name: l.Data.Collaborative, Address: from},
		Attendees: []calendar.Attendee{{Party: calendar.Party{Name: l.ToName, Address: l.To}, Role: calendar.Required, Reply: calendar.NeedsAction, RSVP: i.Method == string(calendar.Request)}}}
	var out bytes.Buffer
	if err := calendar.Write(&out, calendar.Calendar{Method: calendar.Method(i.Method)}, []calendar.Event{e}); err != nil {
		return errors.Join(errInvite, err)
	}
	m.Calendar, m.Method = out.String(), i.Method
	return nil
}
