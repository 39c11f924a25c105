// Package due gathers what is due from a person or an organization, whatever
// capability asks for it: answers to invitations, actions, pledges, agreements. It
// shows that to themselves, signed in or by personal link, and to the backbone.
package due

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// LinkKind names the links of somebody as a subject.
const LinkKind = "due-link"

// Owner is of whom something is due: a person, or an organization.
type Owner struct {
	PersonID       directory.PersonID       `json:"person_id,omitempty"`
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty"`
}

// key orders owners.
func (o Owner) key() string {
	if o.OrganizationID.IsZero() {
		return "p" + o.PersonID.String()
	}
	return "o" + o.OrganizationID.String()
}

type itemRecord struct{}

// ItemID names the record that something due is about.
type ItemID = id.Of[itemRecord]

// Item is something that is due. It names nobody, and holds no address.
type Item struct {
	Kind  string `json:"kind" doc:"What it is about: meeting, action, delivery, commitment, agreement, survey or poll."`
	ID    ItemID `json:"id"`
	Title string `json:"title"`
	Note  string `json:"note,omitempty"`
	Since string `json:"since" doc:"The day it was asked for, YYYY-MM-DD."`
	On    string `json:"on,omitempty" doc:"The day it is due; absent when none was set."`
	// State says more of some kinds: disowned of an action; sent, due or lapsed of an
	// agreement.
	State string `json:"state,omitempty"`
	// Of a meeting.
	StartsAt *time.Time `json:"starts_at,omitempty"`
	Zone     string     `json:"zone,omitempty"`
	Place    string     `json:"place,omitempty"`
	// Of a poll.
	Times   []string `json:"times,omitempty" doc:"The proposed times that are ahead, in the zone, YYYY-MM-DD HH:MM."`
	Minutes int64    `json:"minutes,omitempty" doc:"How long the meeting is meant to last."`
	// Of a commitment or a delivery towards it, in the unit of its kind.
	CommitmentKind string `json:"commitment_kind,omitempty"`
	Currency       string `json:"currency,omitempty"`
	Pledged        int64  `json:"pledged,omitempty"`
	Delivered      int64  `json:"delivered,omitempty" doc:"What is confirmed of it."`
	Amount         int64  `json:"amount,omitempty" doc:"What is to be confirmed."`
	// Answers are what can be said to it, by catalogue key "due_answers.…".
	Answers []string `json:"answers" doc:"What can be said to it."`
}

// order is where an item stands among others: the longest due first.
func (i Item) order() string {
	if i.On != "" {
		return i.On
	}
	return i.Since
}

// Answer is what somebody says to something that is due from them.
type Answer struct {
	Answer string
	On     string // the day it is carried to, or was given on
	Amount int64
	Text   string // why it is not theirs; how something given is known
	Link   string // the address of what shows it
	Times  []TimeAnswer
}

// TimeAnswer is what somebody answers to a proposed time.
type TimeAnswer struct {
	Time   string `json:"time" required:"true" maxLength:"16" doc:"As it is proposed, YYYY-MM-DD HH:MM."`
	Answer string `json:"answer" required:"true" enum:"yes,maybe,no"`
}

// Source is a capability that something may be due to.
type Source interface {
	// Kinds are the kinds of its items.
	Kinds() []string
	// Of is what is due of an owner today.
	Of(c *operation.Call, who Owner) ([]Item, error)
	// Each calls fn for what is due of anybody today.
	Each(c *operation.Call, fn func(Owner, Item)) error
	// Answer does what an owner says to an item of a kind, and NotFound where that is
	// not theirs. It runs as the program: being the owner is the permission.
	Answer(c *operation.Call, who Owner, kind string, i ItemID, a Answer) error
}

// Confider is a source of which some things are told to those alone of whom they are due:
// the backbone's mirror, letters and links made by others leave them out.
type Confider interface {
	// Confided is what is due of an owner today beside what Of tells.
	Confided(c *operation.Call, who Owner) ([]Item, error)
}

// mostItems bounds what is looked at of one source when everybody's is gathered.
const mostItems = 5000

// Service gathers what is due from its sources.
type Service struct {
	// Mine reads what is due from whoever asks, and from the organizations they represent.
	Mine *operation.Operation[operation.None, Mine]
	// Answer says something to an item of one's own.
	Answer *operation.Operation[AnswerInput, Mine]
	// List is the backbone's mirror: who is due what.
	List *operation.Operation[ListInput, operation.Page[Owed]]
	// Nudge reads what a letter to one owner would need.
	Nudge *operation.Operation[Owner, OwnerDue]
	// MakeLink makes a personal link to what is due, and tells it once.
	MakeLink *operation.Operation[LinkInput, Link]
	// ResetLinks ends all links of an owner.
	ResetLinks *operation.Operation[Owner, Link]

	look         *operation.Operation[linkSecret, LinkView]
	answerByLink *operation.Operation[LinkAnswer, LinkView]

	access  *access.Service
	sources []Source
}

// New defines the operations over the sources.
func New(a *access.Service, sources ...Source) *Service {
	s := &Service{access: a, sources: sources}
	s.define()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{s.Mine, s.Answer, s.List, s.Nudge, s.MakeLink, s.ResetLinks, s.look, s.answerByLink}
}

// of is what is due of an owner today, the longest due first.
func (s *Service) of(c *operation.Call, who Owner) ([]Item, error) {
	out := []Item{}
	for _, source := range s.sources {
		if err := c.AsProgram(func() error {
			items, err := source.Of(c, who)
			out = append(out, items...)
			return err
		}); err != nil {
			return nil, err
		}
	}
	sortItems(out)
	return out, nil
}

// answer says something to an item of one of some owners: to the first whose it is.
func (s *Service) answer(c *operation.Call, owners []Owner, name string, in AnswerInput) error {
	actor := c.Actor
	// Being the owner is the permission; the log names whoever it is.
	c.Actor = operation.Actor{Account: actor.Account, Person: actor.Person, Name: name, Via: operation.ViaSystem}
	defer func() { c.Actor = actor }()
	for _, source := range s.sources {
		for _, kind := range source.Kinds() {
			if kind != in.Kind {
				continue
			}
			for _, who := range owners {
				err := source.Answer(c, who, kind, in.ID, Answer{in.Answer, in.On, in.Amount, in.Text, in.Link, in.Times})
				if err == nil || operation.KindOf(operation.Translate(err)) != operation.NotFound {
					return err
				}
			}
		}
	}
	return operation.Missing()
}

// ownersOf are a person and the organizations they represent today.
func ownersOf(c *operation.Call, person directory.PersonID) ([]Owner, error) {
	if person.IsZero() {
		return nil, nil
	}
	out := []Owner{{PersonID: person}}
	organizations, err := directory.RepresentedBy(c, person)
	for _, o := range organizations {
		out = append(out, Owner{OrganizationID: o})
	}
	return out, err
}
