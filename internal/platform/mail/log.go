package mail

import (
	"context"
	"log/slog"
	"regexp"
	"slices"

	"commontable/internal/platform/clock"
)

// Log is the Sender of an installation without a mail server: the links of each message go to the log,
// where whoever runs the installation finds them. The links can let somebody in, so such a log must be
// guarded like a password; HideLinks keeps them out of it.
type Log struct {
	Logger    *slog.Logger // nil is slog.Default
	Clock     clock.Clock  // nil is clock.System
	HideLinks bool
}

var link = regexp.MustCompile(`https?://[^\s<>"']+[^\s<>"'.,;:!?)\]]`)

// Links are the addresses in a text, in order, each once.
func Links(text string) []string {
	var out []string
	for _, found := range link.FindAllString(text, -1) {
		if !slices.Contains(out, found) {
			out = append(out, found)
		}
	}
	return out
}

// Send checks m as an SMTP server's sender would, and logs it.
func (l *Log) Send(ctx context.Context, m Message) error {
	at := clock.System.Now()
	if l.Clock != nil {
		at = l.Clock.Now()
	}
	if _, err := compose(Settings{From: "nobody@localhost"}, m, at); err != nil {
		return err
	}
	logger := l.Logger
	if logger == nil {
		logger = slog.Default()
	}
	attributes := []any{"to", firstLine(m.To), "subject", m.Subject, "id", m.ID}
	if !l.HideLinks {
		attributes = append(attributes, "links", Links(m.Text))
	}
	logger.InfoContext(ctx, "mail: no mail server is set up; the message was not sent", attributes...)
	return nil
}
