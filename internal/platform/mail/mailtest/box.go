package mailtest

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"commontable/internal/platform/mail"
)

// Box is a mailbox with a server of its own that speaks IMAP.
type Box struct {
	user     *imapmemserver.User
	settings mail.Settings
}

// StartBox runs the server of a mailbox until the test ends. Of the options it knows
// Security, NoSTARTTLS and Certificate.
func StartBox(t testing.TB, o Options) *Box {
	t.Helper()
	if o.Security == "" {
		o.Security = mail.STARTTLS
	}
	issuer, err := newAuthority()
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	config, err := issuer.config(o.Certificate)
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	b := &Box{user: imapmemserver.NewUser("table", "box-password"),
		settings: mail.Settings{Host: "127.0.0.1", Port: port, Security: o.Security, Username: "table", Password: "box-password", ExtraRoots: issuer.pem, Timeout: 10 * time.Second}}
	if err := b.user.Create("INBOX", nil); err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	boxes := imapmemserver.New()
	boxes.AddUser(b.user)
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return boxes.NewSession(), nil, nil
		},
		InsecureAuth: o.Security == mail.None, Logger: log.New(io.Discard, "", 0),
	}
	if o.Security == mail.STARTTLS && !o.NoSTARTTLS {
		options.TLSConfig = config
	}
	if o.Security == mail.TLS {
		listener = tls.NewListener(listener, config)
	}
	server := imapserver.New(options)
	go func() { _ = server.Serve(listener) }() // ends with the server
	t.Cleanup(func() { _ = server.Close() })
	return b
}

// Mailbox is how the box is reached.
func (b *Box) Mailbox() mail.Mailbox { return mail.Mailbox{Settings: b.settings} }

// literal is a message as the server takes it.
type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// Deliver puts a message into the box.
func (b *Box) Deliver(t testing.TB, raw string, at time.Time) {
	t.Helper()
	if _, err := b.user.Append("INBOX", literal{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatalf("mailtest: %v", err)
	}
}

// Empty makes the box anew: its messages are numbered from one again, under another
// validity.
func (b *Box) Empty(t testing.TB) {
	t.Helper()
	if err := b.user.Delete("INBOX"); err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	if err := b.user.Create("INBOX", nil); err != nil {
		t.Fatalf("mailtest: %v", err)
	}
}

// Seen counts the messages that somebody marked, and all of them.
func (b *Box) Seen(t testing.TB) (marked, all int) {
	t.Helper()
	status, err := b.user.Status("INBOX", &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	return int(*status.NumMessages - *status.NumUnseen), int(*status.NumMessages)
}
