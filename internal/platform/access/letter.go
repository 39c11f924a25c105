package access

import (
	"context"

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
}

func send(c *operation.Call, l Letter) {
	if l.Zone == "" && c.Collaborative.Zone != nil {
		l.Zone = c.Collaborative.Zone.String()
	}
	l.Data.Recipient = l.ToName
	c.Enqueue(operation.Later{Kind: MailKind, Payload: l})
}

// sendTo writes to an account's own address.
func sendTo(c *operation.Call, a Account, template mail.Template, data mail.Data) {
	send(c, Letter{Template: template, To: a.Email, ToName: a.Name, Language: a.Language, Data: data})
}

// in is ctx in the language of an account.
func in(ctx context.Context, a Account) context.Context { return i18n.With(ctx, a.Language) }
