package access

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"

	"commontable/internal/platform/operation"
)

// event writes one record of something that matters for security: what
// happened, to which account, from where. It never holds a secret, and of what
// was typed into the address field only a mark, since people type passwords
// there.
func (s *Service) event(ctx context.Context, name string, attrs ...slog.Attr) {
	client := ClientFrom(ctx)
	all := append([]slog.Attr{
		slog.String("event", name),
		slog.String("address", client.address()),
		slog.String("agent", client.agent()),
		slog.String("request", operation.RequestFrom(ctx)),
		slog.Time("at", s.now()),
	}, attrs...)
	s.cfg.Log.LogAttrs(ctx, slog.LevelInfo, "access", all...)
}

func about(account operation.AccountID) slog.Attr { return slog.String("account", account.String()) }

// reason is an error's key: what an operation refused for.
func reason(err error) slog.Attr {
	if e := (*operation.Error)(nil); errors.As(err, &e) {
		return slog.String("reason", e.Key)
	}
	return slog.String("reason", "errors.internal")
}

// mark stands for a mail address in logs.
func (s *Service) mark(email string) slog.Attr {
	return slog.String("email_mark", hex.EncodeToString(s.sealer.Mark("log", EmailKey(email))[:6]))
}

func how(m Method) slog.Attr { return slog.String("method", string(m)) }
