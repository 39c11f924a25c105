package polls

import (
	"context"
	"errors"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Gone is what a link finds where its bearer is not asked any more, or the poll is
// not there; otherwise it finds the state of the poll.
const Gone = "gone"

// View is what the page behind a personal link shows: the poll without its body, what
// its bearer answered, and of the others counts, or who answered what where the poll
// says so.
type View struct {
	State    string
	Fresh    bool // whether it was answered just now
	Poll     Poll
	Name     string // the first name of whoever is asked
	Language string
	Zone     string // in which they want to see the times; "" while they did not say
	Mine     map[string]string
}

type linkSecret struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// LinkAnswer is an answer by link.
type LinkAnswer struct {
	Secret  string       `json:"secret" required:"true" text:"raw"`
	Answers []TimeAnswer `json:"answers" maxItems:"60"`
	Zone    string       `json:"zone,omitempty" maxLength:"60"`
}

func (s *Service) defineLinks() {
	const byLink = "whoever holds the link answers on the page it leads to"
	s.look = operation.Define(operation.Operation[linkSecret, View]{
		Definition: operation.Definition{ID: "poll-links.open", Summary: "Shows which times a personal link asks about", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkSecret) (View, error) {
			view, _, err := look(c, in.Secret)
			return view, err
		},
	})
	s.say = operation.Define(operation.Operation[LinkAnswer, View]{
		Definition: operation.Definition{ID: "poll-links.answer", Summary: "Says by a personal link which of the proposed times suit somebody", BrowserOnly: byLink, Secret: true},
		Run:        answerByLink,
	})
}

// Look tells what a link asks about.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, View, error) {
	return access.LookByTask(ctx, s.access, door, s.look, access.AnswerPoll, secret, linkSecret{secret})
}

// Answer answers by link.
func (s *Service) Answer(ctx context.Context, door *operation.Door, in LinkAnswer) (operation.Collaborative, View, error) {
	return access.ActByTask(ctx, s.access, door, s.say, access.AnswerPoll, in.Secret, in)
}

// look reads what a link is about and says whether it can be answered.
func look(c *operation.Call, secret string) (View, Asked, error) {
	link, err := access.TaskLinkOf(c, access.AnswerPoll, secret)
	if err != nil {
		return View{}, Asked{}, err
	}
	type found struct {
		poll     ID
		language string
	}
	at, err := store.One(c.Tx, func(row store.Row) (f found, err error) { return f, row.Scan(&f.poll, &f.language) },
		`SELECT poll_people.poll_id, people.language FROM poll_people JOIN people ON people.collaborative_id = $1 AND people.id = poll_people.person_id
		WHERE poll_people.collaborative_id = $1 AND poll_people.id = $2`, link.Record[:])
	if errors.Is(err, store.ErrNotFound) {
		return View{State: Gone}, Asked{}, nil // whoever it was is erased, or one with another
	}
	if err != nil {
		return View{}, Asked{}, err
	}
	p, err := get(c, at.poll)
	if err != nil {
		return View{}, Asked{}, err
	}
	people, err := peopleOf(c, p)
	if err != nil {
		return View{}, Asked{}, err
	}
	view := View{State: Gone, Language: at.language}
	var me Asked
	for _, a := range people {
		if a.id == link.Record {
			me, view.State = a, p.State
		}
	}
	if view.State == Gone || p.DeletedAt != nil {
		view.State = Gone
		return view, me, nil
	}
	if view.State == Open && !c.Now.Before(link.Expires) {
		view.State = Closed
	}
	view.Poll = Poll{ID: p.ID, Title: p.Title, Purpose: p.Purpose, Mode: p.Mode, Place: p.Place, Zone: p.Zone, Minutes: p.Minutes, Times: p.Times, NamesShown: p.NamesShown, State: p.State, Chosen: p.Chosen,
		Ranking: Rank(p, people)}
	for k := range view.Poll.Ranking {
		view.Poll.Ranking[k].Missing = nil
	}
	if p.NamesShown {
		for _, a := range people {
			view.Poll.People = append(view.Poll.People, Asked{Person: a.Person, Answers: a.Answers, AnsweredAt: a.AnsweredAt})
		}
	}
	view.Name, view.Zone, view.Mine = me.given, me.zone, me.Answers
	return view, me, nil
}

// answerByLink records an answer and shows what is known then.
func answerByLink(c *operation.Call, in LinkAnswer) (View, error) {
	view, me, err := look(c, in.Secret)
	if err != nil || view.State != Open {
		c.Continue()
		return view, err
	}
	if in.Zone != "" && !knownZone(in.Zone) {
		return view, operation.InvalidField("zone", "errors.no_such_zone")
	}
	if len(in.Answers) == 0 && me.AnsweredAt == nil {
		return view, operation.InvalidField("answers", "errors.required")
	}
	p, err := live(c, view.Poll.ID)
	if err != nil {
		return view, err
	}
	c.Actor.Name, c.Actor.Via = me.Person, operation.ViaLink
	if _, err := answer(c, p, me, in.Answers, in.Zone); err != nil {
		return view, err
	}
	view, _, err = look(c, in.Secret)
	view.Fresh = true
	return view, err
}
