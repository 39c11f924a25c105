// Package mail composes messages and hands them to an SMTP server.
//
// Everything that becomes an address or a header is checked first, so that nothing a person types can
// add a header, a recipient or a second message. Connections verify certificates and refuse to fall
// back to clear text. A sender either delivers to the server or returns an error; whether trying again
// can help is told by IsPermanent.
package mail

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Message is one mail to one recipient.
type Message struct {
	// ID makes the Message-ID, so that a message sent twice after a crash is recognised as one. It is
	// 1 to 100 letters, digits, dots, hyphens and underscores.
	ID string

	// From is the sender's address, FromName the name shown with it. Each is taken from the Settings
	// when empty.
	From, FromName string

	// Return is where it comes back to when it cannot be delivered; From when empty.
	Return string

	To, ToName string
	ReplyTo    string // empty when answers go to From
	Subject    string // one line of at most MaxSubject characters; sent as i18n.CleanLine makes it, like names

	// Text and HTML are the same words twice; HTML may be empty. Line breaks may be \n or \r\n.
	Text, HTML string

	// Calendar is what the reader's calendar is told by Method (RFC 6047), as a third
	// way of saying the same; empty when it is nothing for a calendar.
	Calendar, Method string

	// Headers are further header fields. Only names in allowedHeaders are accepted.
	Headers map[string]string
}

// Sender hands messages to whoever delivers them. Send returns nil once the message is accepted for
// delivery. Implementations are safe for concurrent use.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Security says how a connection to the mail server is protected.
type Security string

const (
	// STARTTLS begins in clear text and refuses to go on unless the server upgrades to TLS.
	STARTTLS Security = "starttls"
	// TLS speaks TLS from the first byte.
	TLS Security = "tls"
	// None stays in clear text. It is accepted only for a server on the same machine, or where the
	// Settings allow it explicitly.
	None Security = "none"
)

// Secret is text that must not reach logs: formatting it with fmt or slog shows only dots.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "•••"
}

// GoString hides the secret.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Settings say which server takes the mail and how. Only the administrator of the installation may set
// them: the host is connected to without a check of where it lies, since mail servers usually lie in
// the private network.
type Settings struct {
	Host     string
	Port     int // 0 means 587 for STARTTLS, 465 for TLS, 25 for None
	Security Security
	Username string // empty: no authentication
	Password Secret

	From, FromName string

	// EHLO is the name this machine gives itself, the host name of the machine when empty.
	EHLO string

	// AllowClearText permits None for a server on another machine.
	AllowClearText bool

	// ExtraRoots are certificates in PEM of authorities trusted beside those of the system.
	ExtraRoots string

	// Timeout bounds connecting and each exchange with the server; 0 means 30 seconds.
	Timeout time.Duration
}

const defaultTimeout = 30 * time.Second

func (s Settings) timeout() time.Duration {
	if s.Timeout <= 0 {
		return defaultTimeout
	}
	return s.Timeout
}

func (s Settings) port() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.Security == TLS:
		return 465
	case s.Security == None:
		return 25
	default:
		return 587
	}
}

// Fault says what is wrong with a message or with settings. It is permanent: sending the same again
// cannot help.
type Fault struct {
	Field string         // name of the field of Message or Settings
	Key   string         // message of the catalogue
	Args  map[string]any // values for the message
}

// Error describes the fault for logs, by its key.
func (f *Fault) Error() string {
	return fmt.Sprintf("mail: %s: %s %v", f.Field, f.Key, f.Args)
}

func fault(field, key string) error { return &Fault{Field: field, Key: key} }

func tooLong(field string, limit int) error {
	return &Fault{Field: field, Key: "mail.fault.too_long", Args: map[string]any{"Limit": limit}}
}
