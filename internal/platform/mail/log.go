package mail

import (
	"context"
	"log/slog"
	"regexp"
	"slices"
	"sync"
	"time"

	"commontable/internal/platform/clock"
)

// KeptMessages is how many messages a Log remembers.
const KeptMessages = 200

// Log is the Sender of an installation without a mail server: the links of each message go to the log,
// where whoever runs the installation finds them, and the newest messages are kept in memory for the
// administrator's page. The links can let somebody in, so such a log must be guarded like a password;
// HideLinks keeps them out of it.
type Log struct {
	Logger    *slog.Logger // nil is slog.Default
	Clock     clock.Clock  // nil is clock.System
	HideLinks bool

	mu   sync.Mutex
	kept []Kept // oldest first
}

// Kept is a message a Log remembers.
type Kept struct {
	Message
	At    time.Time
	Links []string // addresses in the text, in order, each once
}

var link = regexp.MustCompile(`https?://[^\s<>"']+[^\s<>"'.,;:!?)\]]`)

// Send checks m as an SMTP server's sender would, logs it and keeps it.
func (l *Log) Send(ctx context.Context, m Message) error {
	at := clock.System.Now()
	if l.Clock != nil {
		at = l.Clock.Now()
	}
	if _, err := compose(Settings{From: "nobody@localhost"}, m, at); err != nil {
		return err
	}
	kept := Kept{Message: m, At: at}
	for _, found := range link.FindAllString(m.Text, -1) {
		if !slices.Contains(kept.Links, found) {
			kept.Links = append(kept.Links, found)
		}
	}

	logger := l.Logger
	if logger == nil {
		logger = slog.Default()
	}
	attributes := []any{"to", firstLine(m.To), "subject", m.Subject, "id", m.ID}
	if !l.HideLinks {
		attributes = append(attributes, "links", kept.Links)
	}
	logger.InfoContext(ctx, "mail: no mail server is set up; the message was not sent", attributes...)

	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) >= KeptMessages {
		l.kept = slices.Delete(l.kept, 0, len(l.kept)-KeptMessages+1)
	}
	l.kept = append(l.kept, kept)
	return nil
}

// Newest returns the messages kept, newest first.
func (l *Log) Newest() []Kept {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := slices.Clone(l.kept)
	slices.Reverse(out)
	return out
}
