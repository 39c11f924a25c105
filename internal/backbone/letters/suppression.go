package letters

import (
	"errors"
	"maps"
	"slices"
	"time"

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
	Reach     []string  `json:"reach" doc:"Which letters: meetings, digests, reminders, surveys; all of them when empty."`
	Detail    string    `json:"detail,omitempty" doc:"What the mail server said, or a note."`
	CreatedAt time.Time `json:"created_at" audit:"-"`
}

// Subject is the suppression as the door sees it.
func (s Suppression) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: s.ID} }

func key(email string) string { return i18n.FoldKey(email) }

func scan(row store.Row) (s Suppression, err error) {
	return s, row.Scan(&s.ID, &s.Email, &s.Reason, &s.Detail, store.ScanTime(&s.CreatedAt), store.ScanJSON(&s.Reach))
}

const columns = `SELECT id, email, reason, detail, created_at, reach FROM mail_suppressions WHERE collaborative_id = $1`

// stops says whether letters of a kind do not go to the address.
func (s Suppression) stops(kind string) bool {
	if kind == Promised {
		return s.Reason != Unsubscribed && len(s.Reach) == 0
	}
	return len(s.Reach) == 0 || slices.Contains(s.Reach, kind)
}

// Suppressed are those of the addresses that letters of a kind are not sent to.
func Suppressed(tx *store.Tx, emails []string, kind string) (map[string]bool, error) {
	keys := map[string][]string{}
	for _, email := range emails {
		keys[key(email)] = append(keys[key(email)], email)
	}
	out := map[string]bool{}
	if len(keys) == 0 {
		return out, nil
	}
	found, err := store.Collect(tx, scan, columns+` AND email_key IN ($2)`, store.In(slices.Collect(maps.Keys(keys))))
	for _, s := range found {
		if s.stops(kind) {
			for _, email := range keys[key(s.Email)] {
				out[email] = true
			}
		}
	}
	return out, err
}

// put enters an address, or widens what stands there: it says whether anything is
// new. What the mail server or a complaint says weighs more than what was wished.
func put(c *operation.Call, s Suppression) (Suppression, bool, error) {
	there, err := store.One(c.Tx, scan, columns+` AND email_key = $2`, key(s.Email))
	if errors.Is(err, store.ErrNotFound) {
		n, err := c.Tx.Exec(`INSERT INTO mail_suppressions (collaborative_id, id, email, email_key, reason, detail, created_at, reach) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (collaborative_id, email_key) DO NOTHING`, s.ID, s.Email, key(s.Email), s.Reason, s.Detail, store.Micros(s.CreatedAt), store.JSON(tidy(s.Reach)))
		if err == nil && n > 0 {
			c.Changed(s.Subject(), s.Email, 1, nil, s)
		}
		return s, n > 0, err
	}
	if err != nil {
		return s, false, err
	}
	now := there
	if len(there.Reach) > 0 {
		now.Reach = tidy(append(slices.Clone(there.Reach), s.Reach...))
		if len(s.Reach) == 0 {
			now.Reach = []string{}
		}
	}
	if there.Reason == Unsubscribed && s.Reason != Unsubscribed {
		now.Reason, now.Detail = s.Reason, s.Detail
	}
	if now.Reason == there.Reason && slices.Equal(now.Reach, there.Reach) {
		return there, false, nil
	}
	c.Changed(there.Subject(), there.Email, 2, there, now)
	_, err = c.Tx.Exec(`UPDATE mail_suppressions SET reason = $3, detail = $4, reach = $5 WHERE collaborative_id = $1 AND id = $2`, now.ID, now.Reason, now.Detail, store.JSON(now.Reach))
	return now, true, err
}

// tidy is a list of kinds in their order, each once; all of them are none.
func tidy(reach []string) []string {
	out := []string{}
	for _, kind := range Reaches {
		if slices.Contains(reach, kind) {
			out = append(out, kind)
		}
	}
	if len(out) == len(Reaches) {
		return []string{}
	}
	return out
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
	// Reach narrows it to kinds of letters.
	Reach []string `json:"reach,omitempty" maxItems:"4" enum:"meetings,digests,reminders,surveys" doc:"Which letters: meetings, digests, reminders, surveys; all of them when absent."`
}

// Add enters an address by hand.
var Add = operation.Define(operation.Operation[Input, Suppression]{
	Definition: operation.Definition{ID: "suppressions.add", Summary: "Sends no letters to an address any more, or none of some kinds", Method: "POST", Path: "/suppressions"},
	Run: func(c *operation.Call, in Input) (Suppression, error) {
		email, err := mail.CheckAddress("email", in.Email)
		if err != nil {
			return Suppression{}, operation.InvalidField("email", "errors.not_an_email")
		}
		s := Suppression{ID: id.New[Suppression](), Email: email, Reason: ByHand, Detail: in.Detail, Reach: tidy(in.Reach), CreatedAt: c.Now}
		now, fresh, err := put(c, s)
		if err == nil && !fresh {
			err = operation.InvalidField("email", "errors.suppressed_already")
		}
		if now.ID == s.ID {
			c.UndoWith("suppressions.remove", Ref{s.ID})
		}
		return now, err
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
		c.UndoWith("suppressions.add", Input{Email: s.Email, Detail: s.Detail, Reach: s.Reach})
		_, err = c.Tx.Exec(`DELETE FROM mail_suppressions WHERE collaborative_id = $1 AND id = $2`, in.ID)
		return s, err
	},
})

// stopInput is who ends letters, from a link; why and what was said, from the
// program.
type stopInput struct {
	Email  string   `json:"email" required:"true" maxLength:"254"`
	Reason string   `json:"reason" enum:"unsubscribed,bounced,complained"`
	Detail string   `json:"detail,omitempty" maxLength:"300"`
	Reach  []string `json:"reach,omitempty" maxItems:"4" enum:"meetings,digests,reminders,surveys"`
}

// stop is run by whoever holds a link, which the service has read.
var stop = operation.Define(operation.Operation[stopInput, operation.None]{
	Definition: operation.Definition{ID: "letter-links.stop", Summary: "Ends the letters to an address", BrowserOnly: "whoever holds a letter ends them on the page its link leads to", Secret: true},
	Run: func(c *operation.Call, in stopInput) (operation.None, error) {
		if in.Reason == Unsubscribed {
			c.Actor.Name, c.Actor.Via = in.Email, operation.ViaLink
		}
		_, fresh, err := put(c, Suppression{ID: id.New[Suppression](), Email: in.Email, Reason: in.Reason, Detail: in.Detail, Reach: tidy(in.Reach), CreatedAt: c.Now})
		if !fresh {
			c.Continue()
		}
		return operation.None{}, err
	},
})

// Of is what is on record about somebody's addresses.
func Of(c *operation.Call, person operation.PersonID) ([]Suppression, error) {
	return store.Collect(c.Tx, scan, `SELECT mail_suppressions.id, mail_suppressions.email, mail_suppressions.reason, mail_suppressions.detail, mail_suppressions.created_at, mail_suppressions.reach
		FROM person_emails JOIN mail_suppressions ON mail_suppressions.collaborative_id = $1 AND mail_suppressions.email_key = person_emails.email_key
		WHERE person_emails.collaborative_id = $1 AND person_emails.person_id = $2`, person)
}
