// Package mailtest runs a real mail server on the loopback interface for tests: with STARTTLS or TLS, with
// sign-in, with failures by script. It keeps what it receives.
package mailtest

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"commontable/internal/platform/mail"
)

// Options choose how a Server behaves. The zero value takes mail over STARTTLS from anybody.
type Options struct {
	Security           mail.Security // what the server speaks; "" is mail.STARTTLS
	NoSTARTTLS         bool          // Settings ask for STARTTLS, but the server does not offer it
	Username, Password string        // when set, mail is taken only after sign-in
	LoginOnly          bool          // offer only the old LOGIN way to sign in
	Certificate        Certificate
}

// Server is a mail server that is running.
type Server struct {
	options   Options
	authority *authority
	address   *net.TCPAddr
	server    *smtp.Server

	mu          sync.Mutex
	received    []Received
	script      map[Event][]Reply
	connections int
	open        []net.Conn    // may hold closed ones
	arrived     chan struct{} // closed and replaced whenever a message arrives
}

// Event is a moment in a conversation for which a Reply can be set.
type Event string

// The events of a conversation.
const (
	Connect  Event = "connect"  // before the greeting; only Delay and Drop apply
	SignIn   Event = "sign_in"  // AUTH
	From     Event = "from"     // MAIL FROM
	To       Event = "to"       // RCPT TO
	Body     Event = "body"     // the message, before it is kept
	Accepted Event = "accepted" // the message is kept but not yet confirmed
)

// Reply is what the server does at an Event instead of agreeing. Delay comes first; then the server hangs
// up (Drop), answers with Code, or, when there is neither, goes on as usual.
type Reply struct {
	Code  int
	Words string
	Delay time.Duration
	Drop  bool
}

// Start runs a server until the test ends.
func Start(t testing.TB, o Options) *Server {
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
	bare, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	s := &Server{
		options: o, authority: issuer, address: bare.Addr().(*net.TCPAddr),
		script: map[Event][]Reply{}, arrived: make(chan struct{}),
	}
	var listener net.Listener = &gate{Listener: bare, server: s}
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	s.server.Domain = "server.test"
	s.server.AllowInsecureAuth = o.Security == mail.None
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	switch {
	case o.Security == mail.TLS:
		listener = tls.NewListener(listener, config)
	case o.Security == mail.STARTTLS && !o.NoSTARTTLS:
		s.server.TLSConfig = config
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Errorf("mailtest: %v", err)
		}
	}()
	t.Cleanup(func() {
		_ = s.server.Close()
		_ = bare.Close() // a server that has not begun to serve yet does not know its listener
		<-done
	})
	return s
}

// Settings reach this server; its certificate authority is among the trusted ones.
func (s *Server) Settings() mail.Settings {
	return mail.Settings{
		Host: "127.0.0.1", Port: s.address.Port, Security: s.options.Security,
		Username: s.options.Username, Password: mail.Secret(s.options.Password),
		From: "table@example.org", FromName: "Commontable", EHLO: "client.test",
		ExtraRoots: s.authority.pem, Timeout: 5 * time.Second,
	}
}

// Script sets what the server does at the next occurrences of e, one Reply each.
func (s *Server) Script(e Event, replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[e] = append(s.script[e], replies...)
}

// Connections is how many connections were opened so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// DropAll hangs up on every client.
func (s *Server) DropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.open {
		_ = conn.Close()
	}
	s.open = nil
}

// Messages returns what was received, oldest first.
func (s *Server) Messages() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.received...)
}

// Wait returns the messages once there are n of them, and fails the test after ten seconds.
func (s *Server) Wait(t testing.TB, n int) []Received {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		count, arrived := len(s.received), s.arrived
		s.mu.Unlock()
		if count >= n {
			return s.Messages()
		}
		select {
		case <-arrived:
		case <-limit:
			t.Fatalf("mailtest: %d messages after ten seconds, want %d", count, n)
		}
	}
}

func (s *Server) keep(r Received) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, r)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// next takes the Reply for e off the script.
func (s *Server) next(e Event) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	replies := s.script[e]
	if len(replies) == 0 {
		return Reply{}
	}
	s.script[e] = replies[1:]
	return replies[0]
}

// at plays the Reply for e on conn. A nil error means: go on.
func (s *Server) at(e Event, conn net.Conn) error {
	r := s.next(e)
	time.Sleep(r.Delay)
	if r.Drop {
		_ = conn.Close()
		return errDropped
	}
	if r.Code != 0 {
		return &smtp.SMTPError{Code: r.Code, EnhancedCode: smtp.EnhancedCode{r.Code / 100, 0, 0}, Message: r.Words}
	}
	return nil
}

var errDropped = errors.New("hung up by script")

// gate counts connections and plays the Connect event.
type gate struct {
	net.Listener
	server *Server
}

func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g.server.mu.Lock()
		g.server.connections++
		g.server.open = append(g.server.open, conn)
		g.server.mu.Unlock()
		if g.server.at(Connect, conn) == nil {
			return conn, nil
		}
	}
}
