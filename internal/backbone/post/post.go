// Package post writes the letters that a collaborative sends of its own accord about
// what is due: once a week to everyone, a word from the backbone to some, reminders
// of one thing. It stands on due, which gathers what is due, and on letters, which
// knows to whom none go.
package post

import (
	"errors"

	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The kinds of letters of this package, as post_letters knows them.
const (
	digestLetter = "digest"
	nudgeLetter  = "nudge"
	actionLetter = "action"
	replyLetter  = "reply"
)

// DigestKind is the kind of work that writes the digests of one day; RemindKind that
// which writes the reminders of one day. Their payload is a Day.
const (
	DigestKind = "post.digest"
	RemindKind = "post.remind"
)

// Day is what that work is about.
type Day struct {
	On string `json:"on"`
}

// Service holds what needs links.
type Service struct {
	// WriteDigests writes the digests of a day to some of those who get one.
	WriteDigests *operation.Operation[PortionInput, Written]
	// WriteReminders writes the reminders of a day to some of those who get one.
	WriteReminders *operation.Operation[PortionInput, Written]
	// Plan tells to whom a nudge would go, and whom it would not reach.
	Plan *operation.Operation[PlanInput, Planned]
	// Nudge writes to those who are asked for something.
	Nudge *operation.Operation[NudgeInput, Planned]

	// Again says what of a letter that waited is still due.
	Again *operation.Operation[AgainInput, []string]

	access    *access.Service
	due       *due.Service
	calendars *calendars.Service
}

// New defines the operations.
func New(a *access.Service, d *due.Service, k *calendars.Service) *Service {
	s := &Service{access: a, due: d, calendars: k}
	s.define()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{s.WriteDigests, s.WriteReminders, s.Plan, s.Nudge, s.Again}
}

// PortionInput names the day, and where to go on.
type PortionInput struct {
	On    string             `json:"on" required:"true" format:"date"`
	After directory.PersonID `json:"after,omitempty"`
	Limit int64              `json:"limit,omitempty" minimum:"0" maximum:"500"`
}

// Written says what came of a portion.
type Written struct {
	Letters int64              `json:"letters"`
	Missed  int64              `json:"missed" doc:"How many have no address, or want no such letters."`
	Next    directory.PersonID `json:"next,omitempty"`
	More    bool               `json:"more"`
}

// portion is how many people one transaction writes to: few enough that nobody waits
// for it.
const portion = 100

func (in PortionInput) limit() int {
	if in.Limit == 0 {
		return portion
	}
	return int(in.Limit)
}

type letterRecord struct{}

// letterID names a row of post_letters.
type letterID = id.Of[letterRecord]

// one is a letter on its way to somebody.
type one struct {
	reader   letters.Reader
	template mail.Template
	kind     string // of post_letters
	reach    string // of the letters that can be ended
	// occasions are what it is written for: one that was written for already makes it
	// void.
	occasions []string
	data      mail.Data
	zone      string // in which it tells times; the collaborative's when empty
	about     string // the one thing it is about, if it tells of no list
}

// write notes the letter and puts it on its way, in one transaction: it exists
// exactly when the note does, and no other for the same occasion.
func (s *Service) write(c *operation.Call, l one) error {
	key := ""
	for _, occasion := range l.occasions {
		i := id.New[letterRecord]()
		if key == "" {
			key = i.String()
		}
		if err := operation.Changed(c.Tx.Exec(`INSERT INTO post_letters (collaborative_id, id, person_id, kind, occasion, written_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (collaborative_id, person_id, kind, occasion) DO NOTHING`, i, l.reader.ID, l.kind, occasion, store.Micros(c.Now))); err != nil {
			return err
		}
	}
	stop, err := s.access.StopLink(c.Collaborative.ID, l.reader.Email, l.reach)
	if err != nil {
		return err
	}
	l.data.Collaborative = c.Collaborative.Name
	access.PostOnce(c, access.Letter{Template: l.template, To: l.reader.Email, ToName: l.reader.Name(), Language: l.reader.Language, Data: l.data, Zone: l.zone, Stop: stop, Reach: l.reach, Person: l.reader.ID, About: l.about}, "post:"+key)
	return nil
}

// writtenSince are those who got a letter of a kind for an occasion after one.
func writtenSince(c *operation.Call, kind, after string) (map[directory.PersonID]bool, error) {
	out := map[directory.PersonID]bool{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var i directory.PersonID
		err := row.Scan(&i)
		out[i] = true
		return err
	}, `SELECT person_id FROM post_letters WHERE collaborative_id = $1 AND kind = $2 AND occasion > $3`, kind, after)
}

// written says whether somebody got a letter of a kind for an occasion.
func written(c *operation.Call, person directory.PersonID, kind, occasion string) (bool, error) {
	_, err := store.One(c.Tx, func(row store.Row) (i letterID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM post_letters WHERE collaborative_id = $1 AND person_id = $2 AND kind = $3 AND occasion = $4`, person, kind, occasion)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
