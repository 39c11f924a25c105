package due

import (
	"context"
	"errors"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ringID names the row that all links of an owner belong to until they are reset.
type ringID = id.Of[ring]

// ring is that row.
type ring struct {
	id    ringID
	owner Owner
	reset bool
}

// Link is a personal link to what is due from one owner.
type Link struct {
	Owner
	Name      string     `json:"name"`
	Address   string     `json:"address,omitempty" doc:"The link itself; told once, when it is made."`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// LinkInput says for whom a link is.
type LinkInput struct {
	Owner
	Days int64 `json:"days,omitempty" minimum:"0" maximum:"365" doc:"For how long it serves; 60 when absent."`
}

const defaultLinkDays = 60

// What a link finds.
const (
	LinkOpen    = "open"
	LinkReset   = "reset"
	LinkExpired = "expired"
	LinkGone    = "gone" // whoever it was made for has left the record
)

// LinkView is what the page behind a link shows: what is due from the owner of the
// link, and nothing else.
type LinkView struct {
	State    string
	Name     string
	Language string
	Sections []Section
	// Settled says that what was answered is not due any more.
	Settled bool
	// Answered is what was said just now.
	Answered *AnswerInput
}

type linkSecret struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// LinkAnswer is an answer by link.
type LinkAnswer struct {
	Secret string `json:"secret" required:"true" text:"raw"`
	AnswerInput
}

func (s *Service) defineLinks() {
	s.MakeLink = operation.Define(operation.Operation[LinkInput, Link]{
		Definition: operation.Definition{ID: "due-links.make", Summary: "Makes a personal link to what is due from a person or an organization, and tells it once", Secret: true, Method: "POST", Path: "/due-links"},
		Run:        s.makeLink,
	})
	s.ResetLinks = operation.Define(operation.Operation[Owner, Link]{
		Definition: operation.Definition{ID: "due-links.reset", Summary: "Ends all personal links to what is due from a person or an organization", Method: "POST", Path: "/due-links/reset"},
		Run:        resetLinks,
	})
	const byLink = "whoever holds the link answers on the page it leads to"
	s.look = operation.Define(operation.Operation[linkSecret, LinkView]{
		Definition: operation.Definition{ID: "due-links.open", Summary: "Shows what is due from the owner of a link", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkSecret) (LinkView, error) {
			view, owners, _, err := s.open(c, in.Secret)
			if err != nil || view.State != LinkOpen {
				return view, err
			}
			view.Sections, err = s.sections(c, owners)
			return view, err
		},
	})
	s.answerByLink = operation.Define(operation.Operation[LinkAnswer, LinkView]{
		Definition: operation.Definition{ID: "due-links.answer", Summary: "Says something to what is due from the owner of a link", BrowserOnly: byLink, Secret: true},
		Run:        s.byLink,
	})
}

// ringsOf are the rows of an owner that were not reset.
func ringsOf(c *operation.Call, who Owner) ([]ring, error) {
	q := store.Select(`SELECT id, person_id, organization_id, reset_at FROM due_links WHERE collaborative_id = $1 AND reset_at IS NULL`)
	if who.OrganizationID.IsZero() {
		q.Where(`person_id = ?`, who.PersonID)
	} else {
		q.Where(`organization_id = ?`, who.OrganizationID)
	}
	text, args := q.SQL()
	return store.Collect(c.Tx, scanRing, text, args...)
}

func scanRing(row store.Row) (ring, error) {
	var r ring
	var reset time.Time
	err := row.Scan(&r.id, &r.owner.PersonID, &r.owner.OrganizationID, store.ScanTime(&reset))
	r.reset = !reset.IsZero()
	return r, err
}

// whole checks that exactly one owner is named, who is on record, and gives the name.
func whole(c *operation.Call, who Owner) (string, error) {
	if who.PersonID.IsZero() == who.OrganizationID.IsZero() {
		return "", operation.InvalidField("person_id", "errors.due_one_owner")
	}
	name, there, err := named(c, who)
	if err == nil && !there {
		err = operation.Missing()
	}
	return name, err
}

func (s *Service) makeLink(c *operation.Call, in LinkInput) (Link, error) {
	out := Link{Owner: in.Owner}
	var err error
	if out.Name, err = whole(c, in.Owner); err != nil {
		return out, err
	}
	var email string
	if !in.PersonID.IsZero() {
		p, err := directory.GetPerson.WithinAsProgram(c, directory.PersonRef{ID: in.PersonID})
		if err != nil {
			return out, err
		}
		email = p.Email
	}
	r, err := s.ring(c, in.Owner)
	if err != nil {
		return out, err
	}
	if in.Days == 0 {
		in.Days = defaultLinkDays
	}
	expires := c.Now.AddDate(0, 0, int(in.Days))
	out.ExpiresAt = &expires
	if out.Address, _, err = s.access.NewTaskLink(c, access.Due, access.PathDue, r.id, email, expires); err != nil {
		return out, err
	}
	c.Changed(operation.Subject{Kind: LinkKind, ID: r.id}, out.Name, 0, nil, nil)
	return out, nil
}

// resetLinks ends all links of an owner: one that was forwarded to the wrong person
// opens nothing any more. The next one that is made begins anew.
func resetLinks(c *operation.Call, who Owner) (Link, error) {
	out := Link{Owner: who}
	var err error
	if out.Name, err = whole(c, who); err != nil {
		return out, err
	}
	rings, err := ringsOf(c, who)
	if err != nil {
		return out, err
	}
	for _, r := range rings {
		if _, err := c.Tx.Exec(`UPDATE due_links SET reset_at = $3 WHERE collaborative_id = $1 AND id = $2`, r.id, store.Micros(c.Now)); err != nil {
			return out, err
		}
		c.Changed(operation.Subject{Kind: LinkKind, ID: r.id}, out.Name, 0, nil, nil)
	}
	return out, nil
}

// Look tells what is due from the owner of a link.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, LinkView, error) {
	return access.LookByTask(ctx, s.access, door, s.look, access.Due, secret, linkSecret{secret})
}

// AnswerByLink says something to an item by link.
func (s *Service) AnswerByLink(ctx context.Context, door *operation.Door, in LinkAnswer) (operation.Collaborative, LinkView, error) {
	place, view, err := access.ActByTask(ctx, s.access, door, s.answerByLink, access.Due, in.Secret, in)
	if operation.KindOf(err) == operation.Conflict {
		place, view, err = s.Look(ctx, door, in.Secret) // somebody was first by a moment
		view.Settled = true
	}
	return place, view, err
}

// open reads whose link it is and whether it serves.
func (s *Service) open(c *operation.Call, secret string) (LinkView, []Owner, Owner, error) {
	task, err := access.TaskLinkOf(c, access.Due, secret)
	if err != nil {
		return LinkView{}, nil, Owner{}, err
	}
	r, err := store.One(c.Tx, scanRing, `SELECT id, person_id, organization_id, reset_at FROM due_links WHERE collaborative_id = $1 AND id = $2`, ringID(task.Record))
	if errors.Is(err, store.ErrNotFound) {
		return LinkView{State: LinkGone}, nil, Owner{}, nil // erased
	}
	if err != nil {
		return LinkView{}, nil, r.owner, err
	}
	view := LinkView{State: LinkOpen}
	owners := []Owner{r.owner}
	name, there, err := named(c, r.owner)
	if err != nil {
		return view, nil, r.owner, err
	}
	switch {
	case r.reset:
		view.State = LinkReset
	case !c.Now.Before(task.Expires):
		view.State = LinkExpired
	case !there:
		view.State = LinkGone
	}
	if view.State != LinkOpen {
		return view, nil, r.owner, nil
	}
	view.Name = name
	if !r.owner.PersonID.IsZero() {
		p, err := directory.GetPerson.WithinAsProgram(c, directory.PersonRef{ID: r.owner.PersonID})
		if err != nil {
			return view, nil, r.owner, err
		}
		view.Language = p.Language
		if owners, err = ownersOf(c, r.owner.PersonID); err != nil {
			return view, nil, r.owner, err
		}
	}
	return view, owners, r.owner, nil
}

func (s *Service) byLink(c *operation.Call, in LinkAnswer) (LinkView, error) {
	view, owners, who, err := s.open(c, in.Secret)
	if err != nil || view.State != LinkOpen {
		c.Continue()
		return view, err
	}
	c.Actor = operation.Actor{Name: view.Name, Person: who.PersonID, Via: operation.ViaLink}
	err = s.answer(c, owners, view.Name, in.AnswerInput)
	switch {
	case operation.KindOf(operation.Translate(err)) == operation.NotFound:
		c.Continue()
		view.Settled = true
	case err != nil:
		return view, err
	default:
		view.Answered = &in.AnswerInput
	}
	view.Sections, err = s.sections(c, owners)
	return view, err
}
