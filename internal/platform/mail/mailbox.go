package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Mailbox is a box of mail that is read by IMAP. Nothing in it is changed: no message is
// marked, moved or deleted. Of Settings it uses what says which server is spoken to and
// how; the same rules hold for it.
type Mailbox struct {
	Settings
	Folder string // INBOX when empty
}

// settings are those with the usual port of IMAP.
func (b Mailbox) settings() Settings {
	s := b.Settings
	if s.Port == 0 {
		if s.Port = 143; s.Security == TLS {
			s.Port = 993
		}
	}
	return s
}

func (b Mailbox) folder() string { return cmp.Or(b.Folder, "INBOX") }

// Check returns a Fault for the first setting that cannot work, nil when all can.
func (b Mailbox) Check() error {
	if err := b.checkServer(); err != nil {
		return err
	}
	if b.Username == "" {
		return fault("Username", "mail.fault.mailbox_username")
	}
	return checkLine("Folder", b.Folder, 200)
}

// Place is how far a mailbox was read: messages are numbered within a Validity, which a
// server changes when its numbers mean something else (RFC 9051, 2.3.1.1).
type Place struct{ Validity, Last uint32 }

// Limits of one look into a mailbox.
const (
	lookMost  = 500             // messages
	lookBytes = 512 << 10       // of each
	lookBack  = 14              // days, at the first look
	lookTime  = 2 * time.Minute // altogether
)

// Look hands over the messages that came after a place, oldest first and each at its
// beginning, and returns the place reached. It ends early when each fails.
func (b Mailbox) Look(ctx context.Context, after Place, now time.Time, each func(raw []byte) error) (Place, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	c, hangUp, err := b.open(ctx, nil)
	if err != nil {
		return after, b.hide(err)
	}
	defer hangUp()
	place, uids, end, err := b.newer(c, after, now)
	if err != nil {
		return after, b.hide(err)
	}
	for _, uid := range uids {
		raw, err := fetch(c, uid)
		if err != nil {
			return place, b.hide(err)
		}
		if raw != nil {
			if err := each(raw); err != nil {
				return place, err
			}
		}
		place.Last = uint32(uid)
	}
	place.Last = max(place.Last, end)
	return place, nil
}

// newer finds what came after a place, and the number up to which that is everything.
func (b Mailbox) newer(c *imapclient.Client, after Place, now time.Time) (place Place, uids []imap.UID, end uint32, err error) {
	box, err := c.Select(b.folder(), &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return after, nil, 0, err
	}
	place = Place{Validity: box.UIDValidity}
	criteria := &imap.SearchCriteria{Since: now.AddDate(0, 0, -lookBack)}
	if after.Validity == place.Validity && after.Last > 0 {
		place.Last = after.Last
		criteria = &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(after.Last) + 1}}}}
	}
	found, err := c.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return place, nil, 0, err
	}
	// "from here on" always names the last message, however old it is.
	uids = slices.DeleteFunc(found.AllUIDs(), func(uid imap.UID) bool { return uint32(uid) <= place.Last })
	slices.Sort(uids)
	if len(uids) > lookMost {
		return place, uids[:lookMost], 0, nil
	}
	return place, uids, max(uint32(box.UIDNext), 1) - 1, nil
}

// fetch reads the beginning of a message without marking it; nil when it is gone.
func fetch(c *imapclient.Client, uid imap.UID) ([]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: lookBytes}}
	cmd := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	var raw []byte
	var failed error
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil || raw != nil {
				continue
			}
			// A server that sends more than was asked for is not listened to for longer.
			if raw, failed = io.ReadAll(io.LimitReader(body.Literal, lookBytes)); failed != nil {
				break
			}
		}
	}
	return raw, errors.Join(cmd.Close(), failed)
}

// open connects, secures the connection and signs in, and tells how each step went.
func (b Mailbox) open(ctx context.Context, tell note) (c *imapclient.Client, hangUp func(), err error) {
	if tell == nil {
		tell = func(Step, error) {}
	}
	s := b.settings()
	config, err := s.tlsConfig()
	if err != nil {
		return nil, nil, err
	}
	if _, err = net.DefaultResolver.LookupHost(ctx, s.Host); err != nil {
		tell(StepResolve, err)
		return nil, nil, err
	}
	tell(StepResolve, nil)
	bare, err := s.dial(ctx)
	tell(StepConnect, err)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = bare.Close() })
	hangUp = func() { stop(); _ = bare.Close() }
	defer func() {
		if err != nil {
			hangUp()
		}
	}()
	if c, err = greet(ctx, s, bare, config, tell); err != nil {
		return nil, hangUp, err
	}
	err = c.Login(s.Username, string(s.Password)).Wait()
	tell(StepSignIn, err)
	return c, hangUp, err
}

// greet makes a client of a connection, secured as the settings say.
func greet(ctx context.Context, s Settings, bare net.Conn, config *tls.Config, tell note) (*imapclient.Client, error) {
	if s.Security == STARTTLS {
		c, err := imapclient.NewStartTLS(bare, &imapclient.Options{TLSConfig: config})
		var refused *imap.Error
		var bad *tls.CertificateVerificationError
		switch {
		case errors.As(err, &refused):
			tell(StepGreeting, nil)
			return nil, noteTLS(tell, errNoSTARTTLS)
		case err != nil && !errors.As(err, &bad):
			tell(StepGreeting, err)
			return nil, err
		}
		tell(StepGreeting, nil)
		return c, noteTLS(tell, err)
	}
	carrier := bare
	if s.Security == TLS {
		secured := tls.Client(bare, config)
		if err := noteTLS(tell, secured.HandshakeContext(ctx)); err != nil {
			return nil, err
		}
		carrier = secured
	}
	c := imapclient.New(carrier, nil)
	err := c.WaitGreeting()
	tell(StepGreeting, err)
	return c, err
}

// DiagnoseMailbox tries settings without reading a message, and tells step by step how it
// went.
func DiagnoseMailbox(ctx context.Context, b Mailbox) Report {
	d := diagnosis{settings: b.Settings, findings: map[Step]Finding{}}
	order := append(d.order(), StepSignIn, StepFolder)
	err := b.Check()
	if d.tell(StepSettings, err); err != nil {
		return d.report(order)
	}
	ctx, cancel := context.WithTimeout(ctx, b.timeout())
	defer cancel()
	c, hangUp, err := b.open(ctx, d.tell)
	if err != nil {
		return d.report(order)
	}
	defer hangUp()
	_, err = c.Select(b.folder(), &imap.SelectOptions{ReadOnly: true}).Wait()
	d.tell(StepFolder, err)
	return d.report(order)
}
