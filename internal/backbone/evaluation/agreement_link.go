package evaluation

import (
	"context"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// LinkFor is how long a link serves for signing, unless the last day of the agreement is
// sooner.
const LinkFor = 30 * 24 * time.Hour

// Service holds what needs links: sending an agreement to the evaluator, and signing it
// without signing in. Files are taken signed in all the same.
type Service struct {
	Send *operation.Operation[AtVersion, Agreement]
	look *operation.Operation[linkInput, LinkView]
	sign *operation.Operation[LinkSignInput, LinkView]

	access *access.Service
}

// New defines the operations.
func New(a *access.Service) *Service {
	s := &Service{access: a}
	s.Send = operation.Define(operation.Operation[AtVersion, Agreement]{
		Definition: operation.Definition{ID: sendOperation, Summary: "Mails the evaluator a personal link to sign by; a link sent before ends", Method: "POST", Path: "/evaluator-agreements/{id}/send"},
		Run:        s.send,
	})
	const byLink = "whoever holds the link signs on the page it leads to"
	s.look = operation.Define(operation.Operation[linkInput, LinkView]{
		Definition: operation.Definition{ID: "evaluator-links.open", Summary: "Shows an evaluator what a link asks to sign", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkInput) (LinkView, error) {
			view, _, err := open(c, in.Secret)
			return view, err
		},
	})
	s.sign = operation.Define(operation.Operation[LinkSignInput, LinkView]{
		Definition: operation.Definition{ID: "evaluator-links.sign", Summary: "Signs an agreement as its evaluator, by link", BrowserOnly: byLink, Secret: true},
		Validate: func(in *LinkSignInput, faults *operation.Faults) {
			if !in.Agreed {
				faults.Add("agreed", "errors.evaluator_agreed")
			}
		},
		Run: signByLink,
	})
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{List, Get, Create, Edit, s.Send, Withdraw, Sign, End, Trash, Restore, GetTerms, AdoptTerms, ListFileable, Take, ListTaken, s.look, s.sign}
}

func (s *Service) send(c *operation.Call, in AtVersion) (Agreement, error) {
	before, err := agreements.Live(c, in.ID, in.Version)
	if err != nil {
		return before, err
	}
	switch {
	case before.concluded():
		return before, operation.InvalidField("id", "errors.evaluator_signed")
	case before.past(c.Today()):
		return before, operation.InvalidField("valid_until", "errors.evaluator_past")
	case before.gone:
		return before, operation.InvalidField("person_id", "errors.no_such_person")
	case before.address == "":
		return before, operation.InvalidField("person_id", "errors.evaluator_no_address")
	}
	expires := c.Now.Add(LinkFor)
	if over := before.over(c); over.Before(expires) {
		expires = over
	}
	address, link, err := s.access.NewTaskLink(c, access.SignEvaluator, access.PathEvaluator, before.ID, before.address, expires)
	if err != nil {
		return before, err
	}
	after := before
	after.link, after.LinkExpires, after.SentAt, after.SentBy = link.ID, &expires, operation.Instant(c.Now), c.Actor.Name
	access.Post(c, access.Letter{Template: mail.EvaluatorSign, To: after.address, ToName: after.Person, Language: after.Language,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: after.SentBy, Link: address, Expires: expires}})
	return save(c, before, after, withdrawOperation, atVersion)
}

// over is the moment from which an agreement opens nothing: the end of its last day.
func (a Agreement) over(c *operation.Call) time.Time {
	zone := c.Collaborative.Zone
	if zone == nil {
		zone = time.UTC
	}
	last, err := time.ParseInLocation(time.DateOnly, a.Until, zone)
	if err != nil {
		return c.Now // validated before
	}
	return last.AddDate(0, 0, 1)
}

func atVersion(a Agreement) any { return AtVersion{a.ID, a.Version} }

// Withdraw takes back a link that was sent: nobody can sign by it any more.
var Withdraw = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: withdrawOperation, Summary: "Takes back the link that an evaluator was sent to sign by", Method: "POST", Path: "/evaluator-agreements/{id}/withdraw"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		before, err := agreements.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.concluded() || before.link.IsZero() {
			return before, operation.InvalidField("id", "errors.evaluator_not_sent")
		}
		return save(c, before, before.withoutLink(), "", nil)
	},
})

// confirm writes to the evaluator that they signed, so that somebody who did not learns of
// it, and whoever did has the days at hand.
func (a Agreement) confirm(c *operation.Call) {
	if a.address == "" || a.gone {
		return
	}
	access.Post(c, access.Letter{Template: mail.EvaluatorSigned, To: a.address, ToName: a.Person, Language: a.Language,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: a.SignedName, At: c.Now, Until: a.Until, Destroy: a.DestroyBy}})
}

// What a link finds.
const (
	LinkOpen      = "open"      // can be signed
	LinkSigned    = "signed"    // was signed by this link
	LinkSettled   = "settled"   // was signed signed in, or by another link
	LinkReplaced  = "replaced"  // a newer link was sent
	LinkChanged   = "changed"   // the agreement was changed since
	LinkWithdrawn = "withdrawn" // was taken back, or put in the trash
	LinkGone      = "gone"      // the evaluator has left the record
	LinkOver      = "over"      // the last day of the agreement is past
	LinkExpired   = "expired"
)

// LinkView is what the page behind a link shows. Unless it can be signed or was signed by
// this very link, it holds only what is needed to say why not.
type LinkView struct {
	State     string
	Fresh     bool // whether it was signed just now
	Agreement Agreement
}

type linkInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// LinkSignInput is a signature by link.
type LinkSignInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
	Name   string `json:"name" required:"true" maxLength:"120"`
	// Agreed says that they promise what the terms say.
	Agreed bool `json:"agreed"`
	// ReadIn is the language in which they read the terms: that text is signed.
	ReadIn string `json:"read_in" maxLength:"10"`
}

// Look tells what a link asks to sign, without signing.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, LinkView, error) {
	return access.LookByTask(ctx, s.access, door, s.look, access.SignEvaluator, secret, linkInput{secret})
}

// SignByLink signs. Of any number of attempts one succeeds; the others find a view that
// says who signed when.
func (s *Service) SignByLink(ctx context.Context, door *operation.Door, in LinkSignInput) (operation.Collaborative, LinkView, error) {
	place, view, err := access.ActByTask(ctx, s.access, door, s.sign, access.SignEvaluator, in.Secret, in)
	if operation.KindOf(err) == operation.Conflict {
		return s.Look(ctx, door, in.Secret) // somebody was first by a moment
	}
	return place, view, err
}

// open reads the agreement behind a link and says what can be done with it.
func open(c *operation.Call, secret string) (LinkView, Agreement, error) {
	l, err := access.TaskLinkOf(c, access.SignEvaluator, secret)
	if err != nil {
		return LinkView{}, Agreement{}, err
	}
	a, err := get(c, ID(l.Record))
	if err != nil {
		return LinkView{}, a, err
	}
	view := LinkView{State: a.found(c, l), Agreement: Agreement{SentBy: a.SentBy, Language: a.Language}}
	if view.State == LinkOpen || view.State == LinkSigned {
		view.Agreement = a.shown()
	}
	return view, a, nil
}

// found is what a link finds.
func (a Agreement) found(c *operation.Call, l access.TaskLink) string {
	ours := a.link == l.ID
	switch {
	case ours && a.concluded():
		return LinkSigned
	case a.concluded():
		return LinkSettled
	case a.gone:
		return LinkGone
	case a.DeletedAt != nil:
		return LinkWithdrawn
	case !ours && !a.link.IsZero():
		return LinkReplaced
	case !ours && a.SentAt != nil:
		return LinkChanged
	case !ours:
		return LinkWithdrawn
	case a.past(c.Today()):
		return LinkOver
	case !c.Now.Before(l.Expires):
		return LinkExpired
	}
	return LinkOpen
}

// shown is the agreement as whoever holds its link sees it.
func (a Agreement) shown() Agreement {
	a.EndNote = ""
	return a
}

// signByLink signs what the link names, in the language it was read in. Signing what is
// signed changes nothing and answers what was signed.
func signByLink(c *operation.Call, in LinkSignInput) (LinkView, error) {
	view, before, err := open(c, in.Secret)
	if err != nil || view.State != LinkOpen {
		c.Continue()
		return view, err
	}
	after := before.signed(c, in.Name)
	after.Text, after.Language = before.In(in.ReadIn)
	if after.Language != in.ReadIn {
		return view, operation.InvalidField("read_in", "errors.not_offered")
	}
	after.ByLink, after.Version, after.UpdatedAt = true, before.Version+1, c.Now
	if err := update(c, before, after); err != nil {
		return view, err
	}
	c.Actor.Name, c.Actor.Via = in.Name, operation.ViaLink
	c.Changed(after.Subject(), after.Title(), after.Version, before.recorded(), after.recorded())
	after.confirm(c)
	return LinkView{State: LinkSigned, Fresh: true, Agreement: after.shown()}, nil
}
