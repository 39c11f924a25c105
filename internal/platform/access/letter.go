package access

import (
	"context"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// MailKind is the kind of work that sends a Letter.
const MailKind = "mail.send"

// Letter is the payload of that work: what to write to whom in which language.
// It may hold a link that lets someone in; the queue seals its payloads.
type Letter struct {
	Template mail.Template `json:"template"`
	To       string        `json:"to"`
	ToName   string        `json:"to_name"`
	Language string        `json:"language"`
	Zone     string        `json:"zone,omitempty"` // in which times are written; UTC when empty
	Data     mail.Data     `json:"data"`
	// Invite goes along for the reader's calendar.
	Invite *Invite `json:"invite,omitempty"`
	// Stop is the address that ends letters of their Reach. Letters that have one are
	// not sent to those who ended them.
	Stop  string `json:"stop,omitempty"`
	Reach string `json:"reach,omitempty"`
	// Person is who is asked for something, and About the one thing, of letters that
	// lose their point when it is settled before they leave.
	Person operation.PersonID `json:"person,omitzero"`
	About  string             `json:"about,omitempty"`
	// Words are what it says instead of what the collaborative's letters say, when it is
	// sent to try them.
	Words *mail.Words `json:"words,omitempty"`
}

// Invite is what a calendar is told with a letter (RFC 5546). The organizer is
// whoever sends the letter, and the one attendee is its reader: nobody learns of
// the others by it.
type Invite struct {
	Method   string    `json:"method"`
	UID      string    `json:"uid"`
	Sequence int64     `json:"sequence"`
	Stamp    time.Time `json:"stamp"`
	Status   string    `json:"status"`
	Title    string    `json:"title"`
	About    string    `json:"about,omitempty"`
	Place    string    `json:"place,omitempty"`
	Page     string    `json:"page,omitempty"`
	Zone     string    `json:"zone"`
	Starts   time.Time `json:"starts"`
	Ends     time.Time `json:"ends"`
}

func send(c *operation.Call, l Letter) { sendOnce(c, l, "") }

// sendOnce sends a letter, once for each key.
func sendOnce(c *operation.Call, l Letter, key string) {
	if l.Zone == "" && c.Collaborative.Zone != nil {
		l.Zone = c.Collaborative.Zone.String()
	}
	l.Data.Recipient = l.ToName
	c.Enqueue(operation.Later{Kind: MailKind, Payload: l, Key: key})
}

// PostTest sends a letter that tells of somebody invented to whoever tries its words.
func PostTest(c *operation.Call, l Letter) {
	l.Zone = c.Collaborative.Zone.String()
	c.Enqueue(operation.Later{Kind: MailKind, Payload: l})
}

// sendTo writes to an account's own address.
func sendTo(c *operation.Call, a Account, template mail.Template, data mail.Data) {
	send(c, Letter{Template: template, To: a.Email, ToName: a.Name, Language: a.Language, Data: data})
}

// in is ctx in the language of an account.
func in(ctx context.Context, a Account) context.Context { return i18n.With(ctx, a.Language) }
