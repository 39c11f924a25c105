// Package letters keeps what holds for the letters a collaborative sends of its own
// accord, such as invitations: to which addresses none go any more, and why.
package letters

import (
	"context"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Kind names a suppression as a subject.
const Kind = "mail-suppression"

// The reasons for sending no letters to an address.
const (
	Unsubscribed = "unsubscribed" // whoever reads there ended them
	Bounced      = "bounced"      // the mail server refused it for good
	Complained   = "complained"   // they were reported as unwanted
	ByHand       = "by_hand"      // the backbone entered it
)

// Reasons lists them, by catalogue key "suppression_reasons.…".
var Reasons = []string{Unsubscribed, Bounced, Complained, ByHand}

// ID names a suppression.
type ID = id.Of[Suppression]

// Suppression is an address that letters are not sent to.
type Suppression struct {
	ID        ID        `json:"id" audit:"-"`
	Email     string    `json:"email"`
	Reason    string    `json:"reason" doc:"unsubscribed, bounced, complained or by_hand."`
	Detail    string    `json:"detail,omitempty" doc:"What the mail server said, or a note."`
	CreatedAt time.Time `json:"created_at" audit:"-"`
}

// Subject is the suppression as the door sees it.
func (s Suppression) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: s.ID} }

func key(email string) string { return i18n.FoldKey(email) }

func scan(row store.Row) (s Suppression, err error) {
	return s, row.Scan(&s.ID, &s.Email, &s.Reason, &s.Detail, store.ScanTime(&s.CreatedAt))
}

const columns = `SELECT id, email, reason, detail, created_at FROM mail_suppressions WHERE collaborative_id = $1`

// Suppressed are those of the addresses that letters are not sent to.
func Suppressed(tx *store.Tx, emails []string) (map[string]bool, error) {
	keys := map[string]string{}
	var ask []string
	for _, email := range emails {
		keys[key(email)] = email
		ask = append(ask, key(email))
	}
	out := map[string]bool{}
	if len(ask) == 0 {
		return out, nil
	}
	found, err := store.Collect(tx, func(row store.Row) (k string, err error) { return k, row.Scan(&k) },
		`SELECT email_key FROM mail_suppressions WHERE collaborative_id = $1 AND email_key IN ($2)`, store.In(ask))
	for _, k := range found {
		out[keys[k]] = true
	}
	return out, err
}

// put enters an address; what stood there first stays.
func put(c *operation.Call, s Suppression) (bool, error) {
	n, err := c.Tx.Exec(`INSERT INTO mail_suppressions (collaborative_id, id, email, email_key, reason, detail, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (collaborative_id, email_key) DO NOTHING`, s.ID, s.Email, key(s.Email), s.Reason, s.Detail, store.Micros(s.CreatedAt))
	if err == nil && n > 0 {
		c.Changed(s.Subject(), s.Email, 1, nil, s)
	}
	return n > 0, err
}

// ListInput pages through the list.
type ListInput struct {
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists the addresses that letters are not sent to, the latest first.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Suppression]]{
	Definition: operation.Definition{ID: "suppressions.list", Summary: "Lists the addresses that no letters are sent to", ReadOnly: true, Method: "GET", Path: "/suppressions"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Suppression], error) {
		page, err := operation.List(c.Tx, store.Select(columns), operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"id"}, Types: "b", Descending: true}, scan,
			func(s Suppression) []any { return []any{s.ID[:]} })
		page.Total = -1
		return page, err
	},
})

// Input is an address to send no letters to.
type Input struct {
	Email  string `json:"email" required:"true" maxLength:"254" format:"email"`
	Detail string `json:"detail,omitempty" maxLength:"300" doc:"A note on why."`
}

// Add enters an address by hand.
var Add = operation.Define(operation.Operation[Input, Suppression]{
	Definition: operation.Definition{ID: "suppressions.add", Summary: "Sends no letters to an address any more", Method: "POST", Path: "/suppressions"},
	Run: func(c *operation.Call, in Input) (Suppression, error) {
		email, err := mail.CheckAddress("email", in.Email)
		if err != nil {
			return Suppression{}, operation.InvalidField("email", "errors.not_an_email")
		}
		s := Suppression{ID: id.New[Suppression](), Email: email, Reason: ByHand, Detail: in.Detail, CreatedAt: c.Now}
		fresh, err := put(c, s)
		if err == nil && !fresh {
			err = operation.InvalidField("email", "errors.suppressed_already")
		}
		c.UndoWith("suppressions.remove", Ref{s.ID})
		return s, err
	},
})

// Ref names a suppression.
type Ref struct {
	ID ID `json:"id"`
}

// Remove sends letters to an address again.
var Remove = operation.Define(operation.Operation[Ref, Suppression]{
	Definition: operation.Definition{ID: "suppressions.remove", Summary: "Sends letters to an address again", Method: "DELETE", Path: "/suppressions/{id}"},
	Run: func(c *operation.Call, in Ref) (Suppression, error) {
		s, err := store.One(c.Tx, scan, columns+` AND id = $2`, in.ID)
		if err != nil {
			return s, err
		}
		c.Changed(s.Subject(), s.Email, 2, s, nil)
		c.UndoWith("suppressions.add", Input{Email: s.Email, Detail: s.Detail})
		_, err = c.Tx.Exec(`DELETE FROM mail_suppressions WHERE collaborative_id = $1 AND id = $2`, in.ID)
		return s, err
	},
})

// stopInput is who ends letters, from a link; why and what was said, from the
// program.
type stopInput struct {
	Email  string `json:"email" required:"true" maxLength:"254"`
	Reason string `json:"reason" enum:"unsubscribed,bounced,complained"`
	Detail string `json:"detail,omitempty" maxLength:"300"`
}

// stop is run by whoever holds a link, which the service has read.
var stop = operation.Define(operation.Operation[stopInput, operation.None]{
	Definition: operation.Definition{ID: "letter-links.stop", Summary: "Ends the letters to an address", BrowserOnly: "whoever holds a letter ends them on the page its link leads to", Secret: true},
	Run: func(c *operation.Call, in stopInput) (operation.None, error) {
		if in.Reason == Unsubscribed {
			c.Actor.Name, c.Actor.Via = in.Email, operation.ViaLink
		}
		fresh, err := put(c, Suppression{ID: id.New[Suppression](), Email: in.Email, Reason: in.Reason, Detail: in.Detail, CreatedAt: c.Now})
		if !fresh {
			c.Continue()
		}
		return operation.None{}, err
	},
})

// Operations lists everything this package can do.
func Operations() []operation.Any { return []operation.Any{List, Add, Remove, stop} }

// Service reads the links in letters.
type Service struct{ access *access.Service }

// New makes the service.
func New(a *access.Service) *Service { return &Service{a} }

// Look tells whose letters a link ends, without ending them.
func (s *Service) Look(ctx context.Context, secret string) (operation.Collaborative, string, error) {
	i, email, err := s.access.Stopping(secret)
	if err != nil {
		return operation.Collaborative{}, "", err
	}
	place, err := s.access.Place(ctx, i)
	return place, email, err
}

// Stop ends the letters. Doing it again changes nothing.
func (s *Service) Stop(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, error) {
	// Mail programs end letters from a few addresses of their providers, so only
	// what was never sent counts as a guess.
	place, email, err := s.Look(ctx, secret)
	if err != nil {
		if limit := s.access.TakeTask(ctx); limit != nil {
			err = limit
		}
		return place, err
	}
	_, err = stop.Do(operation.WithCollaborative(ctx, place), door, stopInput{Email: email, Reason: Unsubscribed})
	return place, err
}

// Refused records that a mail server refused an address for good.
func Refused(ctx context.Context, door *operation.Door, place operation.Collaborative, email, said string) error {
	said = i18n.CleanLine(said)
	if runes := []rune(said); len(runes) > 300 {
		said = string(runes[:300])
	}
	_, err := stop.Do(operation.WithCollaborative(operation.WithActor(ctx, operation.System()), place), door, stopInput{Email: email, Reason: Bounced, Detail: said})
	return err
}

// Of is what is on record about somebody's addresses.
func Of(c *operation.Call, person operation.PersonID) ([]Suppression, error) {
	return store.Collect(c.Tx, scan, `SELECT mail_suppressions.id, mail_suppressions.email, mail_suppressions.reason, mail_suppressions.detail, mail_suppressions.created_at
		FROM person_emails JOIN mail_suppressions ON mail_suppressions.collaborative_id = $1 AND mail_suppressions.email_key = person_emails.email_key
		WHERE person_emails.collaborative_id = $1 AND person_emails.person_id = $2`, person)
}
