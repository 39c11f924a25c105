package polls

import (
	"cmp"
	"strconv"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// AskInput says who is written to.
type AskInput struct {
	ID ID `json:"id"`
	// Again reminds those who have not answered.
	Again bool `json:"again,omitempty" doc:"Remind those who were written to and have not answered; absent, those get a letter who got none yet."`
}

// Told counts what became of the letters.
type Told struct {
	Letters   int64 `json:"letters" doc:"How many letters are on their way."`
	NoAddress int64 `json:"no_address" doc:"How many have no e-mail address on record."`
	Stopped   int64 `json:"stopped" doc:"How many want no mailings, or cannot be written to."`
	Lately    int64 `json:"lately" doc:"How many were written to within the last day, and are not reminded yet."`
}

const (
	// linkServes is how long a link serves after the last proposed time: to look.
	linkServes = 60 * 24 * time.Hour
	// pause is how long nobody is reminded after a letter.
	pause = 20 * time.Hour
)

func (s *Service) defineAsk() {
	s.Ask = operation.Define(operation.Operation[AskInput, Told]{
		Definition: operation.Definition{ID: "polls.ask", Summary: "Mails those asked in a scheduling poll a personal link to answer by, or reminds those who have not answered", Method: "POST", Path: "/polls/{id}/ask"},
		About:      func(in AskInput) operation.Subject { return subject(in.ID) },
		Run:        s.ask,
	})
}

func (s *Service) ask(c *operation.Call, in AskInput) (Told, error) {
	var out Told
	p, err := live(c, in.ID)
	if err != nil {
		return out, err
	}
	if p.State != Open {
		return out, operation.InvalidField("id", "errors.poll_closed")
	}
	people, err := peopleOf(c, p)
	if err != nil {
		return out, err
	}
	who := make([]directory.PersonID, len(people))
	for k, a := range people {
		who[k] = a.PersonID
	}
	readers, err := letters.ReadersOf(c, who)
	if err != nil {
		return out, err
	}
	for _, a := range people {
		r := readers[a.PersonID]
		why := r.Why(letters.Meetings)
		switch {
		case in.Again != (a.letters > 0) || in.Again && a.AnsweredAt != nil:
			continue
		case why == letters.NoAddress:
			out.NoAddress++
			continue
		case why != "":
			out.Stopped++
			continue
		case a.ToldAt != nil && c.Now.Sub(*a.ToldAt) < pause:
			out.Lately++
			continue
		}
		if err := s.write(c, p, a, r); err != nil {
			return out, err
		}
		out.Letters++
	}
	c.Changed(p.Subject(), p.Name(), p.Version, nil, nil)
	return out, nil
}

// write writes one letter and notes it.
func (s *Service) write(c *operation.Call, p Poll, a Asked, r letters.Reader) error {
	l := access.Letter{Template: mail.PollAsk, To: r.Email, ToName: a.Person, Language: r.Language, Zone: p.Zone,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: cmp.Or(c.Actor.Name, c.Collaborative.Name), Title: p.Title}}
	if a.letters > 0 {
		l.Template = mail.PollRemind
	}
	var err error
	l.Data.Expires = p.At(p.Times[len(p.Times)-1]).Add(linkServes)
	if l.Data.Link, err = s.access.NewLetterLink(c, access.AnswerPoll, access.PathPoll, a.id, r.Email, l.Data.Expires); err != nil {
		return err
	}
	if l.Stop, err = s.access.StopLink(c.Collaborative.ID, r.Email, letters.Meetings); err != nil {
		return err
	}
	now := c.Now
	a.letters, a.ToldAt = a.letters+1, &now
	access.PostOnce(c, l, "poll-letter:"+a.id.String()+":"+strconv.FormatInt(a.letters, 10))
	return put(c, p.ID, a)
}
