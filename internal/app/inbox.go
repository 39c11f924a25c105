package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/mail/returned"
	"commontable/internal/platform/operation"
)

// inboxEvery is how often the mailbox is looked into.
const inboxEvery = 2 * time.Minute

// readInboxes looks into the mailbox until ctx ends. It has a course of its own, since a
// mail server may take minutes to answer.
func (a *App) readInboxes(ctx context.Context) {
	for {
		if err := a.ReadInbox(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "the mailbox could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(inboxEvery):
		}
	}
}

// ReadInbox looks into the mailbox once, if there is one. What it was about to do when it
// broke off is done at the next look: how far it came is noted last.
func (a *App) ReadInbox(ctx context.Context) error {
	settings, box, err := installation.Inbox(ctx, a.Store, a.Access.Sealer())
	if err != nil || !settings.On {
		return err
	}
	after, err := installation.LookedUpTo(ctx, a.Store, settings)
	if err != nil {
		return err
	}
	now := a.Config.Clock.Now()
	reached, failed := box.Look(ctx, after, now, func(raw []byte) error { return a.readReturned(ctx, settings, raw) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(failed, installation.Looked(ctx, a.Store, settings, reached, now, failed))
}

// readReturned does what a message asks for that came back. What is not for us, or proves
// nothing, stays in the mailbox as it is and nothing comes of it.
func (a *App) readReturned(ctx context.Context, settings installation.InboxSettings, raw []byte) error {
	note := returned.Read(raw)
	if note.Kind == returned.Other {
		return nil
	}
	before, err := installation.ReadBefore(ctx, a.Store, raw)
	if err != nil || before {
		return err
	}
	act := map[returned.Kind]func(context.Context, installation.InboxSettings, returned.Note) (bool, error){returned.Bounce: a.bounced, returned.Complaint: a.complained, returned.Answer: a.answered}
	did, err := act[note.Kind](ctx, settings, note)
	if err != nil || !did {
		return err
	}
	return installation.ReadNow(ctx, a.Store, raw, note.Kind, a.Config.Clock.Now())
}

// sent is a letter that proved to be one of ours: of which collaborative, to whom.
type sent struct {
	place operation.Collaborative
	email string
}

// ours finds which of our letters a message came back for. The link that ends such
// letters proves it, since nobody can make one; so does the address it came back to,
// which is marked with whom the letter went to.
func (a *App) ours(ctx context.Context, settings installation.InboxSettings, note returned.Note) ([]sent, error) {
	var out []sent
	add := func(place operation.Collaborative, email string) {
		if !slices.ContainsFunc(out, func(s sent) bool { return s.place.ID == place.ID && access.EmailKey(s.email) == access.EmailKey(email) }) {
			out = append(out, sent{place, email})
		}
	}
	for _, link := range note.Stops {
		_, secret, found := strings.Cut(link, access.PathStop)
		if !found {
			continue
		}
		i, email, _, err := a.Access.Stopping(secret)
		if err != nil {
			continue // not one of ours
		}
		place, err := a.Access.Place(ctx, i)
		if operation.KindOf(operation.Translate(err)) == operation.NotFound {
			continue // the collaborative is gone
		}
		if err != nil {
			return nil, err
		}
		add(place, email)
	}
	tags := mail.TagsOf(settings.Address, note.Reached)
	if !settings.Tagged || len(tags) == 0 {
		return out, nil
	}
	return out, a.eachPlace(ctx, func(place operation.Collaborative) error {
		for _, email := range note.About {
			if slices.Contains(tags, a.Access.ReturnTag(place.ID, email)) {
				add(place, email)
			}
		}
		return nil
	})
}

// bounced sends no letters any more to an address that is not there.
func (a *App) bounced(ctx context.Context, settings installation.InboxSettings, note returned.Note) (bool, error) {
	gone := slices.DeleteFunc(note.Failures, func(f returned.Failure) bool { return !returned.Gone(f.Status) })
	if len(gone) == 0 {
		return false, nil
	}
	list, err := a.ours(ctx, settings, note)
	if err != nil {
		return false, err
	}
	did := false
	for _, s := range list {
		// A letter has one recipient; a report on others, or on where it was passed on to,
		// says nothing of them unless it is the only one.
		for _, f := range gone {
			if f.Address != "" && access.EmailKey(f.Address) != access.EmailKey(s.email) && len(note.Failures) > 1 {
				continue
			}
			if err := letters.Refused(ctx, a.Door, s.place, s.email, strings.TrimSpace(f.Status+" "+f.Said)); err != nil {
				return did, err
			}
			did = true
			break
		}
	}
	return did, nil
}

// complained sends no letters any more to whoever called them unwanted.
func (a *App) complained(ctx context.Context, settings installation.InboxSettings, note returned.Note) (bool, error) {
	list, err := a.ours(ctx, settings, note)
	for _, s := range list {
		if err == nil {
			err = letters.ComplainedOf(ctx, a.Door, s.place, s.email)
		}
	}
	return len(list) > 0, err
}

// answered records what somebody's calendar answered. Only the address that stands in
// their own invitation as its organizer proves that it is theirs: it is marked with the
// meeting and with whom the invitation went to.
func (a *App) answered(ctx context.Context, settings installation.InboxSettings, note returned.Note) (bool, error) {
	tags := mail.TagsOf(settings.Address, note.Reached)
	if !settings.Tagged || len(tags) == 0 {
		return false, nil
	}
	did := false
	for _, e := range note.Answers {
		if len(e.Attendees) != 1 {
			continue // an answer is one person's (RFC 5546, 3.2.3)
		}
		who := e.Attendees[0]
		reply := calendars.ReplyOf(who.Reply)
		meeting, err := id.Parse[convening.Meeting](e.UID)
		if err != nil || reply == "" || e.UID != meeting.String() {
			continue
		}
		taken, err := a.takeAnswer(ctx, tags, e, calendars.MailedAnswer{MeetingID: meeting, Email: who.Address, Reply: reply, Sequence: int64(e.Sequence), Stamp: e.Stamp})
		if err != nil {
			return did, err
		}
		did = did || taken
	}
	return did, nil
}

func (a *App) takeAnswer(ctx context.Context, tags []string, e calendar.Event, in calendars.MailedAnswer) (taken bool, err error) {
	return taken, a.eachPlace(ctx, func(place operation.Collaborative) error {
		if !slices.Contains(tags, a.Access.AnswerTag(place.ID, e.UID, in.Email)) {
			return nil
		}
		out, err := a.Calendars.Receive.Do(asProgramIn(ctx, place), a.Door, in)
		taken = taken || out.Taken
		if kind := operation.KindOf(operation.Translate(err)); kind == operation.Invalid || kind == operation.NotFound || kind == operation.Conflict {
			return nil // what it says cannot be done, and never will be
		}
		return err
	})
}
