package mail

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"commontable/internal/platform/clock"
)

const (
	// idleLimit is how long a connection waits for the next message. Servers close idle ones after a
	// few minutes; a queue that is being worked off needs only seconds.
	idleLimit = 20 * time.Second
	// reuseLimit is how many messages go through one connection; many servers refuse more than 100.
	reuseLimit = 50
	// idleMax is how many connections are kept open for the next message.
	idleMax = 4
)

// SMTP is the Sender that hands messages to a mail server. It keeps connections open between messages
// sent shortly after one another. Close it when it is no longer needed.
type SMTP struct {
	settings Settings
	clock    clock.Clock

	mu     sync.Mutex
	idle   []*connection
	closed bool
}

// NewSMTP returns a sender for s, or a Fault where s cannot work. It does not connect. A nil clock is
// clock.System; it dates the messages.
func NewSMTP(s Settings, c clock.Clock) (*SMTP, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if c == nil {
		c = clock.System
	}
	return &SMTP{settings: s, clock: c}, nil
}

// Send hands m to the server. Cancelling ctx ends the conversation.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	composed, err := compose(s.settings, m, s.clock.Now())
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, reused, err := s.take(ctx)
		if err != nil {
			return s.settings.hide(fmt.Errorf("mail: connect: %w", err))
		}
		err = c.send(ctx, composed)
		if composed.IsDelivered() {
			// The server has the message. A failure after that concerns the connection only, and
			// reporting it would have the message sent again.
			s.put(c, err == nil)
			return nil
		}
		// After a refusal in the server's own words the conversation goes on; 421 says good-bye.
		s.put(c, Code(err) != 0 && Code(err) != 421)
		if ctxErr := ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		if reused && errors.Is(err, errStale) {
			continue // the server closed the idle connection before anything of the message was said
		}
		return s.settings.told(fmt.Errorf("mail: send: %w", err))
	}
}

// Close ends all idle connections; messages under way are finished first.
func (s *SMTP) Close() error {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()
	for _, c := range idle {
		c.close(true)
	}
	return nil
}

// take returns an idle connection, or a new one.
func (s *SMTP) take(ctx context.Context) (c *connection, reused bool, err error) {
	var stale []*connection
	s.mu.Lock()
	for len(s.idle) > 0 && c == nil {
		last := s.idle[len(s.idle)-1]
		s.idle = s.idle[:len(s.idle)-1]
		if time.Since(last.used) < idleLimit {
			c = last
		} else {
			stale = append(stale, last)
		}
	}
	s.mu.Unlock()
	for _, old := range stale {
		old.close(true)
	}
	if c != nil {
		return c, true, nil
	}
	c, err = open(ctx, s.settings, nil)
	return c, false, err
}

// put keeps a connection for the next message when it is still good, and closes it otherwise.
func (s *SMTP) put(c *connection, good bool) {
	c.sent++
	c.used = time.Now()
	s.mu.Lock()
	keep := good && !s.closed && c.sent < reuseLimit && len(s.idle) < idleMax
	if keep {
		s.idle = append(s.idle, c)
	}
	s.mu.Unlock()
	if !keep {
		c.close(good)
	}
}

// errStale is the failure of a connection before anything of a message was said.
var errStale = errors.New("the connection is no longer open")

func (c *connection) send(ctx context.Context, m *gomail.Msg) error {
	defer c.watch(ctx)()
	err := c.client.SendWithSMTPClient(c.smtp, m)
	if e := (*gomail.SendError)(nil); errors.As(err, &e) && e.Reason == gomail.ErrConnCheck {
		return errors.Join(errStale, err)
	}
	return err
}
