package polls

import (
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// Service holds what needs letters: asking, answering by link, and choosing a time,
// which invites.
type Service struct {
	// Ask mails those asked a personal link to answer by.
	Ask *operation.Operation[AskInput, Told]
	// Choose makes the meeting at one of the times.
	Choose *operation.Operation[ChooseInput, Poll]

	look *operation.Operation[linkSecret, View]
	say  *operation.Operation[LinkAnswer, View]

	access    *access.Service
	calendars *calendars.Service
}

// New defines the operations.
func New(a *access.Service, k *calendars.Service) *Service {
	s := &Service{access: a, calendars: k}
	s.defineAsk()
	s.defineChoose()
	s.defineLinks()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{List, Export, Get, Create, Edit, Step, Trash, Restore, SetPerson, Answer, s.Ask, s.Choose, Unchoose, s.look, s.say}
}

// Relations judges the relations to polls; all others it leaves to those below. A poll
// is that of whoever chairs its body.
type Relations struct{ operation.Relations }

// Holds implements operation.Relations.
func (r Relations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	if s.Kind != Kind {
		return r.Relations.Holds(c, grant, s)
	}
	if c.Actor.Person.IsZero() || c.Tx == nil {
		return false, nil
	}
	p, err := get(c, ID(s.ID))
	if err != nil || p.BodyID.IsZero() {
		return false, operation.IgnoreMissing(err)
	}
	return r.Relations.Holds(c, grant, bodySubject(p.BodyID))
}

func bodySubject(i directory.BodyID) operation.Subject {
	return operation.Subject{Kind: directory.BodyKind, ID: i}
}

// polls is the noun.
var polls = &operation.Noun[Poll, ID]{Kind: Kind, Area: "polls", Get: get, Update: update,
	Head: func(p *Poll) operation.Head[ID] {
		return operation.HeadOf(p.ID, &p.Version, &p.UpdatedAt, &p.DeletedAt)
	},
	Title: Poll.Name}
