package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// connection is one conversation with the server, up to the point where it takes messages.
type connection struct {
	net  net.Conn // the bare connection, below TLS
	smtp *smtp.Client
	sent int       // messages tried on it
	used time.Time // when the last one was
}

// note is told how each step of opening a connection went.
type note func(step Step, err error)

// open connects to the server, secures the connection and signs in. It goes step by step rather than
// through go-mail's own dialling, which cannot tell the steps apart, takes an implicit TLS connection
// made by somebody else for clear text, and leaves the connection open when a later step fails.
func open(ctx context.Context, s Settings, tell note) (c *connection, err error) {
	if tell == nil {
		tell = func(Step, error) {}
	}
	config, err := s.tlsConfig()
	if err != nil {
		return nil, err
	}
	if _, err = net.DefaultResolver.LookupHost(ctx, s.Host); err != nil {
		tell(StepResolve, err)
		return nil, err
	}
	tell(StepResolve, nil)

	c = &connection{}
	c.net, err = s.dial(ctx)
	tell(StepConnect, err)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = c.net.Close()
			c = nil
		}
	}()
	defer c.watch(ctx)()
	_ = c.net.SetDeadline(time.Now().Add(s.timeout()))

	carrier := c.net
	if s.Security == TLS {
		secured := tls.Client(c.net, config)
		if err = noteTLS(tell, secured.HandshakeContext(ctx)); err != nil {
			return c, err
		}
		carrier = secured
	}
	if c.smtp, err = smtp.NewClient(carrier, s.Host); err == nil {
		err = c.smtp.Hello(s.hello())
	}
	tell(StepGreeting, err)
	if err != nil {
		return c, err
	}
	if s.Security == STARTTLS {
		err = errNoSTARTTLS
		if offered, _ := c.smtp.Extension("STARTTLS"); offered {
			err = c.smtp.StartTLS(config)
		}
		if err = noteTLS(tell, err); err != nil {
			return c, err
		}
	}
	if s.Username != "" {
		err = c.signIn(s)
		tell(StepSignIn, err)
	}
	return c, err
}

var (
	errNoSTARTTLS = errors.New("the server does not offer STARTTLS")
	errNoSignIn   = errors.New("the server offers no way to sign in that this program may use")
)

// noteTLS tells apart TLS that fails from TLS that works with a certificate that is not to be trusted.
func noteTLS(tell note, err error) error {
	if bad := (*tls.CertificateVerificationError)(nil); errors.As(err, &bad) {
		tell(StepTLS, nil)
		tell(StepCertificate, err)
		return err
	}
	tell(StepTLS, err)
	if err == nil {
		tell(StepCertificate, nil)
	}
	return err
}

// dial opens the bare connection. A server for which clear text is allowed only on this machine is
// checked again on the address actually connected to, since "localhost" is only a name.
func (s Settings) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{Timeout: s.timeout()}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.port())))
	if err != nil {
		return nil, err
	}
	if s.Security == None && !s.AllowClearText {
		if remote, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !remote.IP.IsLoopback() {
			_ = conn.Close()
			return nil, fault("Security", "mail.fault.clear_text")
		}
	}
	return conn, nil
}

// signIn authenticates by the best way the server offers. A way that sends the password itself needs
// TLS, or settings that accept clear text.
func (c *connection) signIn(s Settings) error {
	_, offered := c.smtp.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	clear := s.Security == None
	user, password := s.Username, string(s.Password)
	switch {
	case slices.Contains(ways, "SCRAM-SHA-256"):
		return c.smtp.Auth(smtp.ScramSHA256Auth(user, password))
	case slices.Contains(ways, "SCRAM-SHA-1"):
		return c.smtp.Auth(smtp.ScramSHA1Auth(user, password))
	case slices.Contains(ways, "PLAIN"):
		return c.smtp.Auth(smtp.PlainAuth("", user, password, s.Host, clear))
	case slices.Contains(ways, "LOGIN"):
		return c.smtp.Auth(smtp.LoginAuth(user, password, s.Host, clear))
	}
	return errNoSignIn
}

// watch makes the connection fail at once when ctx ends; the function it returns stops watching.
func (c *connection) watch(ctx context.Context) func() {
	stop := context.AfterFunc(ctx, func() { _ = c.net.SetDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

// close hangs up. To a server that may still be listening it says good-bye first, which must not take
// long.
func (c *connection) close(polite bool) {
	if polite && c.smtp != nil {
		_ = c.net.SetDeadline(time.Now().Add(2 * time.Second))
		_ = c.smtp.Quit()
	}
	_ = c.net.Close()
}
