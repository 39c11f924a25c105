package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"sync"
	"time"

	"commontable/internal/platform/clock"
)

const (
	// idleLimit is how long a connection waits for the next message. Servers close idle ones after a
	// few minutes; a queue that is being worked off needs only seconds.
	idleLimit = 20 * time.Second
	// reuseLimit is how many messages go through one connection; many servers refuse more than 100.
	reuseLimit = 50
	// idleMax is how many connections are kept open for the next message.
	idleMax = 16
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
	from, to := composed.GetFrom()[0].Address, composed.GetTo()[0].Address
	if m.Return != "" {
		if from, err = CheckAddress("Return", m.Return); err != nil {
			return err
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, reused, err := s.take(ctx)
		if err != nil {
			return s.settings.hide(fmt.Errorf("mail: connect: %w", err))
		}
		delivered, err := c.send(ctx, s.settings, from, to, composed)
		if delivered {
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

// fresh is how long a connection is taken to be open after it was used.
const fresh = 5 * time.Second

// send hands over a message; delivered says that the server has taken it.
func (c *connection) send(ctx context.Context, s Settings, from, to string, body io.WriterTo) (delivered bool, err error) {
	defer c.watch(ctx)()
	_ = c.net.SetDeadline(time.Now().Add(s.timeout()))
	if c.sent > 0 && time.Since(c.used) > fresh {
		if err := c.smtp.Noop(); err != nil {
			return false, errors.Join(errStale, err)
		}
	}
	if err := c.envelope(from, to); err != nil {
		return false, err
	}
	_ = c.net.SetDeadline(time.Now().Add(s.timeout()))
	out := c.smtp.Text.DotWriter()
	if _, err := body.WriteTo(out); err != nil {
		return false, err
	}
	if err := out.Close(); err != nil {
		return false, err
	}
	if _, _, err := c.smtp.Text.ReadResponse(250); err != nil {
		return false, &refusal{StepMessage, err}
	}
	return true, nil
}

// envelope says from whom and to whom a message is, up to where the server waits for it.
// Where the server allows it all is said at once (RFC 2920).
func (c *connection) envelope(from, to string) error {
	commands := []struct {
		step Step
		line string
		code int
	}{{StepSender, "MAIL FROM:<" + from + ">", 25}, {StepRecipient, "RCPT TO:<" + to + ">", 25}, {StepMessage, "DATA", 354}}
	text := c.smtp.Text
	pipelined, _ := c.smtp.Extension("PIPELINING")
	if pipelined {
		for _, command := range commands {
			_, _ = text.W.WriteString(command.line + "\r\n") // told by Flush
		}
		if err := text.W.Flush(); err != nil {
			return errors.Join(errStale, err)
		}
	}
	var first error
	for n, command := range commands {
		if !pipelined {
			if err := text.PrintfLine("%s", command.line); err != nil {
				return broken(n, err)
			}
		}
		_, _, err := text.ReadResponse(command.code)
		refused := (*textproto.Error)(nil)
		switch {
		case err == nil && command.step == StepMessage && first != nil:
			// The server waits for a message to nobody: it gets an empty one, and refuses it.
			if _, err := text.W.WriteString(".\r\n"); err == nil && text.W.Flush() == nil {
				_, _, _ = text.ReadResponse(0)
			}
		case err != nil && !errors.As(err, &refused):
			return broken(n, err)
		case err != nil && first == nil:
			first = &refusal{command.step, err}
		}
		if first != nil && !pipelined {
			break
		}
	}
	if first != nil && Code(first) != 421 {
		if err := c.smtp.Reset(); err != nil {
			return errors.Join(first, err)
		}
	}
	return first
}

// broken is a connection that ended before the server had answered anything, so that
// nothing of the message was taken.
func broken(answers int, err error) error {
	if answers == 0 {
		return errors.Join(errStale, err)
	}
	return err
}
