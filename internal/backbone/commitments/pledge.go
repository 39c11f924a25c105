package commitments

import (
	"context"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Service holds what needs links: making one, and pledging by it.
type Service struct {
	// MakeLink makes a personal link for pledging and tells it once.
	MakeLink *operation.Operation[LinkInput, Link]
	look     *operation.Operation[linkSecret, PledgeView]
	pledge   *operation.Operation[PledgeInput, PledgeView]

	access *access.Service
}

// What a link finds.
const (
	LinkOpen    = "open"
	LinkRevoked = "revoked"
	LinkExpired = "expired"
	LinkGone    = "gone" // the organization has left the record
	LinkFull    = "full" // as many pledges came by it as may
)

// PledgeView is what the page behind a link shows: for whom a pledge is, and nothing
// else that is on record.
type PledgeView struct {
	State        string
	Organization string
	Person       string
	Language     string
	Currency     string
	MadeBy       string
	// Made is the pledge that was made just now.
	Made *Commitment
}

type linkSecret struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// PledgeInput is a pledge by link.
type PledgeInput struct {
	Secret   string `json:"secret" required:"true" text:"raw"`
	Kind     string `json:"kind" required:"true" enum:"time,cash,leadership,in_kind"`
	Text     string `json:"text,omitempty" maxLength:"500" text:"lines"`
	Amount   int64  `json:"amount,omitempty" minimum:"0" maximum:"1000000000000"`
	Note     string `json:"note,omitempty" maxLength:"2000" text:"lines"`
	BeginsOn string `json:"begins_on,omitempty" format:"date"`
	EndsOn   string `json:"ends_on,omitempty" format:"date"`
}

// New defines the operations.
func New(a *access.Service) *Service {
	s := &Service{access: a}
	s.MakeLink = operation.Define(operation.Operation[LinkInput, Link]{
		Definition: operation.Definition{ID: "pledge-links.make", Summary: "Makes a personal link by which somebody pledges for their organization, and tells it once", Secret: true, Method: "POST", Path: "/pledge-links"},
		Run:        s.makeLink,
	})
	const byLink = "whoever holds the link pledges on the page it leads to"
	s.look = operation.Define(operation.Operation[linkSecret, PledgeView]{
		Definition: operation.Definition{ID: "pledge-links.open", Summary: "Shows for whom a link pledges", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkSecret) (PledgeView, error) {
			view, _, err := look(c, in.Secret)
			return view, err
		},
	})
	s.pledge = operation.Define(operation.Operation[PledgeInput, PledgeView]{
		Definition: operation.Definition{ID: "pledge-links.pledge", Summary: "Pledges by link; the pledge waits for the backbone to confirm it", BrowserOnly: byLink, Secret: true},
		Run:        pledgeByLink,
	})
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{List, Get, Create, Edit, Confirm, Settle, Trash, Restore, EditSeveral, Export, GetTotals,
		ListDeliveries, AddDelivery, EditDelivery, ConfirmDelivery, TrashDelivery, RestoreDelivery, ListLinks, s.MakeLink, RevokeLink, s.look, s.pledge}
}

func (s *Service) makeLink(c *operation.Call, in LinkInput) (Link, error) {
	l := Link{ID: id.New[Link](), OrganizationID: in.OrganizationID, PersonID: in.PersonID, Person: in.Person, Language: in.Language, MadeBy: c.Actor.Name, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	var faults operation.Faults
	o, err := directory.GetOrganization.Within(c, directory.OrganizationRef{ID: in.OrganizationID})
	if missing, err := operation.Gone(err, o.DeletedAt != nil); err != nil {
		return l, err
	} else if missing {
		faults.Add("organization_id", "errors.no_such_organization")
	}
	l.Organization = o.Name
	var email string
	if !in.PersonID.IsZero() {
		p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: in.PersonID})
		if missing, err := operation.Gone(err, p.DeletedAt != nil); err != nil {
			return l, err
		} else if missing {
			faults.Add("person_id", "errors.no_such_person")
		}
		l.Person, email = p.Name(), p.Email
		fill(&l.Language, p.Language)
	}
	if l.Person == "" {
		faults.Add("person", "errors.required")
	}
	if err := faults.Err(); err != nil {
		return l, err
	}
	if !i18n.Known(l.Language) {
		l.Language = c.Collaborative.Language
	}
	if in.Days == 0 {
		in.Days = defaultLinkDays
	}
	l.ExpiresAt = c.Now.AddDate(0, 0, int(in.Days))
	address, task, err := s.access.NewTaskLink(c, access.Pledge, access.PathPledge, l.ID, email, l.ExpiresAt)
	if err != nil {
		return l, err
	}
	l.link, l.Address = task.ID, address
	if _, err := c.Tx.Exec(`INSERT INTO pledge_links (collaborative_id, id, organization_id, person_id, person_name, language, link_id, made_by, expires_at, pledges, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $11)`,
		l.ID, l.OrganizationID, l.PersonID, nameAlone(l.PersonID, l.Person), l.Language, l.link, l.MadeBy, store.Micros(l.ExpiresAt), l.Version, store.Micros(l.CreatedAt)); err != nil {
		return l, err
	}
	c.Changed(linkSubject(l.ID), l.Organization, l.Version, nil, l)
	c.UndoWith("pledge-links.revoke", LinkRef{l.ID})
	return l, nil
}

// Look tells for whom a link pledges.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, PledgeView, error) {
	return access.LookByTask(ctx, s.access, door, s.look, access.Pledge, secret, linkSecret{secret})
}

// Pledge pledges by link.
func (s *Service) Pledge(ctx context.Context, door *operation.Door, in PledgeInput) (operation.Collaborative, PledgeView, error) {
	return access.ActByTask(ctx, s.access, door, s.pledge, access.Pledge, in.Secret, in)
}

// look reads what a link is for and says whether it serves.
func look(c *operation.Call, secret string) (PledgeView, Link, error) {
	task, err := access.TaskLinkOf(c, access.Pledge, secret)
	if err != nil {
		return PledgeView{}, Link{}, err
	}
	l, err := getLink(c, LinkID(task.Record))
	if err != nil {
		return PledgeView{}, l, err
	}
	view := PledgeView{State: LinkOpen, Language: l.Language, MadeBy: l.MadeBy}
	switch {
	case l.RevokedAt != nil || l.link != task.ID:
		view.State = LinkRevoked
	case !c.Now.Before(task.Expires):
		view.State = LinkExpired
	case l.organizationGone:
		view.State = LinkGone
	case l.Pledges >= maxPledges:
		view.State = LinkFull
	default:
		view.Organization, view.Person = l.Organization, l.Person
		view.Currency, err = currency(c)
	}
	return view, l, err
}

// pledgeByLink records a pledge that waits for confirmation.
func pledgeByLink(c *operation.Call, in PledgeInput) (PledgeView, error) {
	view, l, err := look(c, in.Secret)
	if err != nil || view.State != LinkOpen {
		c.Continue()
		return view, err
	}
	// The program records it in their name: the link is what lets them.
	c.Actor = operation.Actor{Name: l.Person, Person: l.PersonID, Via: operation.ViaSystem}
	made, err := Create.Within(c, Input{Kind: in.Kind, OrganizationID: l.OrganizationID, PersonID: l.PersonID, Person: l.Person, Text: in.Text, Amount: in.Amount, Note: in.Note,
		BeginsOn: in.BeginsOn, EndsOn: in.EndsOn, Unconfirmed: true})
	c.Actor.Via = operation.ViaLink
	if err != nil {
		return view, err
	}
	if _, err := c.Tx.Exec(`UPDATE pledge_links SET pledges = pledges + 1 WHERE collaborative_id = $1 AND id = $2`, l.ID); err != nil {
		return view, err
	}
	view.Made = &made
	return view, nil
}
