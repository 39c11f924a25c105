package calendars

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The scopes of a feed.
const (
	Mine   = "mine"       // meetings somebody is expected at
	OfBody = "body"       // those of one body
	All    = "everything" // those of the collaborative
)

// Scopes lists them, by catalogue key "feed_scopes.…".
var Scopes = []string{Mine, OfBody, All}

// FeedID names a feed.
type FeedID = id.Of[Feed]

// Feed is an address that a calendar program reads meetings from.
type Feed struct {
	ID        FeedID           `json:"id" audit:"-"`
	Scope     string           `json:"scope" doc:"mine, body or everything."`
	BodyID    directory.BodyID `json:"body_id,omitempty" audit:"-"`
	Body      string           `json:"body,omitempty"`
	Address   string           `json:"address,omitempty" audit:"-" doc:"Secret; absent once it has ended."`
	CreatedAt time.Time        `json:"created_at" audit:"-"`

	account operation.AccountID
	link    access.LinkID
	sealed  []byte
}

// Subject is the feed as the door sees it.
func (f Feed) Subject() operation.Subject { return operation.Subject{Kind: FeedKind, ID: f.ID} }

// FeedInput says which meetings.
type FeedInput struct {
	Scope  string           `json:"scope" required:"true" enum:"mine,body,everything"`
	BodyID directory.BodyID `json:"body_id,omitempty" doc:"Of which body."`
}

// FeedRef names a feed.
type FeedRef struct {
	ID FeedID `json:"id"`
}

type feedRef FeedRef

const (
	// feedPast is how far back feeds reach: a calendar shows what was, a year long.
	feedPast = 366 * 24 * time.Hour
	// feedMost bounds the meetings of a feed, the earliest first.
	feedMost = 5000
	// mostFeeds bounds the addresses of an account in one collaborative.
	mostFeeds  = 60
	sealedFeed = "calendar feed"
)

const feedText = `SELECT calendar_feeds.id, calendar_feeds.scope, calendar_feeds.body_id, bodies.name, calendar_feeds.account_id, calendar_feeds.link_id, calendar_feeds.address, calendar_feeds.created_at
	FROM calendar_feeds LEFT JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = calendar_feeds.body_id WHERE calendar_feeds.collaborative_id = $1`

func scanFeed(row store.Row) (f Feed, err error) {
	return f, row.Scan(&f.ID, &f.Scope, &f.BodyID, store.ScanText(&f.Body), &f.account, &f.link, &f.sealed, store.ScanTime(&f.CreatedAt))
}

// feedsOf are the feeds an account has made here.
func feedsOf(c *operation.Call) ([]Feed, error) {
	return store.Collect(c.Tx, scanFeed, feedText+` AND calendar_feeds.account_id = $2 ORDER BY calendar_feeds.id`, c.Actor.Account)
}

func (s *Service) defineFeeds() {
	const why = "the address is a secret that a calendar program is given on this page"
	s.MakeFeed = operation.Define(operation.Operation[FeedInput, Feed]{
		Definition: operation.Definition{ID: "calendar-feeds.make", Summary: "Makes the address of a feed of meetings anew; the one before ends", BrowserOnly: why, Secret: true},
		Run:        s.makeFeed,
	})
	s.ListFeeds = operation.Define(operation.Operation[operation.None, []Feed]{
		Definition: operation.Definition{ID: "calendar-feeds.list", Summary: "Lists one's own feeds of meetings", ReadOnly: true, BrowserOnly: why, Secret: true},
		Run: func(c *operation.Call, _ operation.None) ([]Feed, error) {
			all, err := feedsOf(c)
			if err != nil {
				return nil, err
			}
			for k, f := range all {
				serves, err := access.LinkServes(c, f.link)
				if err != nil {
					return nil, err
				}
				if !serves {
					continue // ended with everything else of the account
				}
				address, err := c.Secrets().Open(sealedFeed, f.sealed)
				if err != nil {
					return nil, err
				}
				all[k].Address = string(address)
			}
			return all, nil
		},
	})
	s.EndFeed = operation.Define(operation.Operation[FeedRef, Feed]{
		Definition: operation.Definition{ID: "calendar-feeds.end", Summary: "Ends the address of a feed of meetings", BrowserOnly: why},
		Run: func(c *operation.Call, in FeedRef) (Feed, error) {
			all, err := feedsOf(c)
			if err != nil {
				return Feed{}, err
			}
			for _, f := range all {
				if f.ID == in.ID {
					c.Changed(f.Subject(), f.Body, 1, f, nil)
					return f, dropFeed(c, f)
				}
			}
			return Feed{}, operation.Missing()
		},
	})
	s.open = operation.Define(operation.Operation[feedRef, reading]{
		Definition: operation.Definition{ID: "calendar-feeds.read", Summary: "Reads the meetings of a feed", ReadOnly: true, BrowserOnly: "calendar programs read it at its secret address", Secret: true},
		Run:        s.readFeed,
	})
}

func dropFeed(c *operation.Call, f Feed) error {
	if err := access.EndLink(c, f.link); err != nil {
		return err
	}
	_, err := c.Tx.Exec(`DELETE FROM calendar_feeds WHERE collaborative_id = $1 AND id = $2`, f.ID)
	return err
}

func (s *Service) makeFeed(c *operation.Call, in FeedInput) (Feed, error) {
	f := Feed{ID: id.New[Feed](), Scope: in.Scope, CreatedAt: c.Now}
	if c.Actor.Account.IsZero() {
		return f, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	if in.Scope == OfBody {
		b, err := directory.GetBody.Within(c, directory.BodyRef{ID: in.BodyID})
		if operation.KindOf(operation.Translate(err)) == operation.NotFound || err == nil && b.DeletedAt != nil {
			return f, operation.InvalidField("body_id", "errors.no_such_body")
		}
		if err != nil {
			return f, err
		}
		f.BodyID, f.Body = b.ID, b.Name
	}
	all, err := feedsOf(c)
	if err != nil {
		return f, err
	}
	for _, old := range all {
		if old.Scope == f.Scope && old.BodyID == f.BodyID {
			if err := dropFeed(c, old); err != nil {
				return f, err
			}
		} else if len(all) >= mostFeeds {
			return f, operation.InvalidField("scope", "errors.too_many_feeds", map[string]any{"Maximum": mostFeeds})
		}
	}
	address, link, err := s.access.NewStandingLink(c, access.ReadFeed, access.PathFeed, f.ID)
	if err != nil {
		return f, err
	}
	f.Address = address + "." + calendar.Ending
	if f.sealed, err = c.Secrets().Seal(sealedFeed, []byte(f.Address)); err != nil {
		return f, err
	}
	c.Changed(f.Subject(), f.Body, 1, nil, f)
	_, err = c.Tx.Exec(`INSERT INTO calendar_feeds (collaborative_id, id, account_id, scope, body_id, link_id, address, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.ID, c.Actor.Account, f.Scope, f.BodyID, link, f.sealed, store.Micros(c.Now))
	return f, err
}

// reading is what a feed holds.
type reading struct {
	feed     Feed
	place    operation.Collaborative
	meetings []convening.Meeting
}

func (s *Service) readFeed(c *operation.Call, in feedRef) (reading, error) {
	out := reading{place: c.Collaborative}
	var err error
	if out.feed, err = store.One(c.Tx, scanFeed, feedText+` AND calendar_feeds.id = $2`, in.ID); err != nil {
		return out, err
	}
	if out.feed.account != c.Actor.Account {
		return out, operation.Missing()
	}
	from := c.Now.Add(-feedPast)
	switch out.feed.Scope {
	case Mine:
		out.meetings, err = convening.ExpectedMeetings(c, c.Actor.Person, from, feedMost)
	case OfBody:
		out.meetings, err = convening.MeetingsFrom(c, out.feed.BodyID, from, feedMost)
	default:
		out.meetings, err = convening.MeetingsFrom(c, directory.BodyID{}, from, feedMost)
	}
	return out, err
}

// Subscription is a feed that was read, ready to be written.
type Subscription struct {
	// Tag changes whenever what is written would.
	Tag      string
	Modified time.Time
	service  *Service
	reading  reading
}

// Open reads the feed of an address, with the rights its account has now.
func (s *Service) Open(ctx context.Context, door *operation.Door, secret string) (Subscription, error) {
	acting, record, err := s.access.ActingByLink(ctx, access.ReadFeed, secret)
	if err != nil {
		return Subscription{}, err
	}
	r, err := s.open.Do(acting, door, feedRef{ID: FeedID(record)})
	if err != nil {
		return Subscription{}, err
	}
	out := Subscription{service: s, reading: r, Modified: r.feed.CreatedAt}
	sum := sha256.New()
	_, _ = io.WriteString(sum, r.place.Name+"\x00"+r.place.Slug+"\x00"+r.feed.Body+"\x00"+s.base.String()) // a hash takes every write
	for _, m := range r.meetings {
		_, _ = sum.Write(binary.BigEndian.AppendUint64(m.ID[:], uint64(m.Version))) // #nosec G115 -- versions count from one
		if m.UpdatedAt.After(out.Modified) {
			out.Modified = m.UpdatedAt
		}
	}
	out.Tag = base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:18])
	return out, nil
}

// refresh is how often calendar programs should look again.
const refresh = time.Hour

// Write writes the feed.
func (f Subscription) Write(w io.Writer) error {
	head := calendar.Calendar{Method: calendar.Publish, Name: f.reading.place.Name, Zone: f.reading.place.Zone, Refresh: refresh}
	if f.reading.feed.Body != "" {
		head.Name = f.reading.feed.Body + " · " + head.Name
	}
	var since time.Time
	if len(f.reading.meetings) > 0 {
		since = f.reading.meetings[0].StartsAt
	}
	out := calendar.NewWriter(w, head, since)
	for _, m := range f.reading.meetings {
		if err := out.Event(f.service.Event(f.reading.place, m)); err != nil {
			return err
		}
	}
	return out.Close()
}
