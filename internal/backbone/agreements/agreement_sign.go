package agreements

import (
	"context"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// Service holds what needs links: sending an agreement to be signed, and signing
// it.
type Service struct {
	Send *operation.Operation[AtVersion, Agreement]
	// EditSeveral does the same with several agreements at once, all or none.
	EditSeveral *operation.Operation[SeveralInput, operation.Page[Agreement]]
	look        *operation.Operation[linkInput, LinkView]
	sign        *operation.Operation[SignInput, LinkView]

	access *access.Service
}

// New defines the operations.
func New(a *access.Service) *Service {
	s := &Service{access: a}
	s.Send = operation.Define(operation.Operation[AtVersion, Agreement]{
		Definition: operation.Definition{ID: "agreements.send", Summary: "Mails the signatory a personal link to sign by; a link sent before ends", Method: "POST", Path: "/agreements/{id}/send"},
		Run:        s.send,
	})
	s.EditSeveral = operation.Define(operation.Operation[SeveralInput, operation.Page[Agreement]]{
		Definition: operation.Definition{ID: "agreements.edit-several", Summary: "Does the same with several membership agreements at once, all or none", Method: "POST", Path: "/agreements/bulk"},
		Run:        s.several,
	})
	const byLink = "whoever holds the link signs on the page it leads to"
	s.look = operation.Define(operation.Operation[linkInput, LinkView]{
		Definition: operation.Definition{ID: "agreement-links.open", Summary: "Shows what a link asks to sign", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkInput) (LinkView, error) {
			view, _, err := open(c, in.Secret)
			return view, err
		},
	})
	s.sign = operation.Define(operation.Operation[SignInput, LinkView]{
		Definition: operation.Definition{ID: "agreement-links.sign", Summary: "Signs a membership agreement by link", BrowserOnly: byLink, Secret: true},
		Validate: func(in *SignInput, faults *operation.Faults) {
			if !in.Agreed {
				faults.Add("agreed", "agreements.agreed_needed")
			}
		},
		Run: signByLink,
	})
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{List, Get, Create, Edit, s.Send, Withdraw, RecordSignature, RemoveSignature, Renew, End, Resume, Trash, Restore, s.EditSeveral, Export, s.look, s.sign}
}

func (s *Service) send(c *operation.Call, in AtVersion) (Agreement, error) {
	before, err := live(c, in.ID, in.Version)
	if err != nil {
		return before, err
	}
	switch {
	case before.concluded():
		return before, refused("agreements.no_send")
	case before.OrganizationGone:
		return before, refused("agreements.organization_gone")
	case before.SignatoryName == "":
		return before, operation.InvalidField("signatory_name", "errors.required")
	case before.SignatoryEmail == "":
		return before, operation.InvalidField("signatory_email", "errors.required")
	}
	after, now, expires := before, c.Now, c.Now.Add(LinkFor)
	address, link, err := s.access.NewTaskLink(c, access.SignAgreement, access.PathAgreement, before.ID, before.SignatoryEmail, expires)
	if err != nil {
		return before, err
	}
	after.stored, after.link, after.LinkExpires, after.SentAt, after.SentBy = Sent, link.ID, &expires, &now, c.Actor.Name
	access.Post(c, access.Letter{Template: mail.AgreementSign, To: after.SignatoryEmail, ToName: after.SignatoryName, Language: after.Language,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: after.SentBy, Organization: after.Organization, Link: address, Expires: expires}})
	return save(c, before, after, "agreements.withdraw", atVersion)
}

// Withdraw takes back what was sent: the link ends and the agreement is a draft
// again.
var Withdraw = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "agreements.withdraw", Summary: "Takes back a membership agreement that was sent; its link ends", Method: "POST", Path: "/agreements/{id}/withdraw"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.stored != Sent {
			return before, refused("agreements.no_withdraw")
		}
		return save(c, before, before.withoutLink(), "", nil)
	},
})

// withoutLink is the agreement as a draft that nobody can sign by link.
func (a Agreement) withoutLink() Agreement {
	a.stored, a.link, a.LinkExpires, a.SentAt, a.SentBy = Draft, access.LinkID{}, nil, nil, ""
	return a
}

// RecordInput is a signature on paper.
type RecordInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name    string `json:"name" required:"true" maxLength:"120" doc:"Who signed."`
	On      string `json:"on,omitempty" format:"date" doc:"The day it was signed; today when absent."`
}

// RecordSignature records that an agreement was signed on paper. A link that was
// sent ends.
var RecordSignature = operation.Define(operation.Operation[RecordInput, Agreement]{
	Definition: operation.Definition{ID: "agreements.record-signature", Summary: "Records that a membership agreement was signed on paper", Method: "POST", Path: "/agreements/{id}/signature"},
	Run: func(c *operation.Call, in RecordInput) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.concluded() {
			return before, refused("agreements.no_record")
		}
		fill(&in.On, c.Today())
		if in.On > c.Today() {
			return before, operation.InvalidField("on", "errors.day_ahead")
		}
		after := before.withoutLink().signed(c, in.Name, in.On)
		after.OnPaper = true
		out, err := save(c, before, after, "agreements.remove-signature", atVersion)
		if err == nil {
			err = supersede(c, after)
		}
		return out, err
	},
})

// signed is the agreement once it is signed.
func (a Agreement) signed(c *operation.Call, name, day string) Agreement {
	now := c.Now
	a.stored, a.SignedName, a.SignedAt, a.From, a.RenewalDue = Signed, name, &now, day, termEnds(day, a.TermMonths)
	return a
}

// supersede ends the agreement that the signed one takes the place of.
func supersede(c *operation.Call, by Agreement) error {
	former, err := inForce(c, by.OrganizationID, by.ID)
	if err != nil {
		return err
	}
	for _, f := range former {
		if by.From < f.From {
			return operation.InvalidField("on", "errors.since_before", map[string]any{"Date": f.From})
		}
		after := f
		after.stored, after.To, after.Version, after.UpdatedAt = Renewed, by.From, f.Version+1, c.Now
		if err := update(c, after); err != nil {
			return err
		}
		c.Changed(after.Subject(), after.Organization, after.Version, f.recorded(), after.recorded())
	}
	return nil
}

// RemoveSignature takes back a signature on paper that was recorded by mistake;
// the agreement it had taken the place of is in force again. What somebody signed
// by link themselves is never taken back, only ended.
var RemoveSignature = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "agreements.remove-signature", Summary: "Takes back a signature on paper that was recorded by mistake", Method: "DELETE", Path: "/agreements/{id}/signature"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.stored != Signed || !before.OnPaper {
			return before, refused("agreements.no_remove_signature")
		}
		after := before
		after.stored, after.SignedName, after.SignedAt, after.OnPaper, after.From, after.RenewalDue = Draft, "", nil, false, "", ""
		out, err := save(c, before, after, "agreements.record-signature", func(after Agreement) any {
			return RecordInput{ID: after.ID, Version: after.Version, Name: before.SignedName, On: before.From}
		})
		if err != nil {
			return out, err
		}
		former, err := renewedOn(c, before.OrganizationID, before.From)
		if err != nil {
			return out, err
		}
		for _, f := range former {
			back := f
			back.stored, back.To, back.Version, back.UpdatedAt = Signed, "", f.Version+1, c.Now
			if err := update(c, back); err != nil {
				return out, err
			}
			c.Changed(back.Subject(), back.Organization, back.Version, f.recorded(), back.recorded())
		}
		return out, nil
	},
})

// What a link finds.
const (
	LinkOpen      = "open"      // can be signed
	LinkSigned    = "signed"    // was signed by this link
	LinkSettled   = "settled"   // was signed another way, or has run its course
	LinkReplaced  = "replaced"  // a newer link was sent
	LinkWithdrawn = "withdrawn" // was taken back
	LinkExpired   = "expired"
	LinkGone      = "gone" // the organization has left the record
)

// LinkView is what the page behind a link shows. Unless it can be signed or was
// signed by this very link, it holds only what is needed to say why not.
type LinkView struct {
	State      string
	Fresh      bool // whether it was signed just now
	Agreement  Agreement
	Principles collaborative.Principles
	// Newer is the newest version of the principles, where one was adopted since
	// the agreement was written; 0 otherwise.
	Newer int64
}

type linkInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// SignInput is a signature.
type SignInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
	Name   string `json:"name" required:"true" maxLength:"120"`
	// Agreed says that they sign for the organization and may do so.
	Agreed bool `json:"agreed"`
}

// Look tells what a link asks to sign, without signing.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, LinkView, error) {
	return access.LookByTask(ctx, s.access, door, s.look, access.SignAgreement, secret, linkInput{secret})
}

// Sign signs by link. Of any number of attempts one succeeds; the others find a
// view that says who signed when.
func (s *Service) Sign(ctx context.Context, door *operation.Door, in SignInput) (operation.Collaborative, LinkView, error) {
	place, view, err := access.ActByTask(ctx, s.access, door, s.sign, access.SignAgreement, in.Secret, in)
	if operation.KindOf(err) == operation.Conflict {
		return s.Look(ctx, door, in.Secret) // somebody was first by a moment
	}
	return place, view, err
}

// open reads the agreement behind a link and says what can be done with it.
func open(c *operation.Call, secret string) (LinkView, Agreement, error) {
	l, err := access.TaskLinkOf(c, access.SignAgreement, secret)
	if err != nil {
		return LinkView{}, Agreement{}, err
	}
	a, err := get(c, ID(l.Record))
	if err != nil {
		return LinkView{}, a, err
	}
	state := LinkOpen
	switch {
	case a.link != l.ID && a.concluded():
		state = LinkSettled
	case a.link != l.ID && a.stored == Sent:
		state = LinkReplaced
	case a.link != l.ID:
		state = LinkWithdrawn
	case a.concluded():
		state = LinkSigned
	case a.OrganizationGone:
		state = LinkGone
	case !c.Now.Before(l.Expires):
		state = LinkExpired
	}
	view := LinkView{State: state, Agreement: Agreement{SentBy: a.SentBy, Language: a.Language}}
	if state != LinkOpen && state != LinkSigned {
		return view, a, nil
	}
	view.Agreement = a
	view.Agreement.EndNote, view.Agreement.SignatoryEmail = "", ""
	if view.Principles, err = collaborative.GetPrinciples.WithinAsProgram(c, collaborative.PrinciplesRef{Number: a.Principles}); err != nil {
		return view, a, err
	}
	newest, err := newestPrinciples(c)
	if newest.Number > a.Principles {
		view.Newer = newest.Number
	}
	return view, a, err
}

// signByLink signs what the link names. Signing what is signed changes nothing
// and answers what was signed.
func signByLink(c *operation.Call, in SignInput) (LinkView, error) {
	view, before, err := open(c, in.Secret)
	if err != nil || view.State != LinkOpen {
		c.Continue()
		return view, err
	}
	after := before.signed(c, in.Name, c.Today())
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if err := update(c, after); err != nil {
		return view, err
	}
	c.Actor.Name, c.Actor.Via = in.Name, operation.ViaLink
	c.Changed(after.Subject(), after.Organization, after.Version, before.recorded(), after.recorded())
	if err := supersede(c, after); err != nil {
		return view, err
	}
	after.State = after.stateOn(c.Today())
	access.Post(c, access.Letter{Template: mail.AgreementSigned, To: after.SignatoryEmail, ToName: after.SignatoryName, Language: after.Language,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: in.Name, Organization: after.Organization, Principles: after.Principles, At: c.Now, Until: after.RenewalDue}})
	view.State, view.Fresh, view.Agreement = LinkSigned, true, after
	view.Agreement.EndNote, view.Agreement.SignatoryEmail = "", ""
	return view, nil
}
