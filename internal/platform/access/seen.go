package access

import (
	"context"
	"sync"
	"time"

	"commontable/internal/platform/store"
)

// seenEvery is how exact "last used" is. Writing it at every request would turn
// every read into a write.
const seenEvery = 5 * time.Minute

// maxSeen bounds what waits to be written; beyond it the news waits for the
// session's next request.
const maxSeen = 10_000

type seenKind int

const (
	sessionsSeen seenKind = iota
	tokensSeen
)

// seen gathers which sessions and tokens were used, to be written together and
// apart from the requests that used them.
type seen struct {
	mu      sync.Mutex
	waiting map[seenKind]map[string]time.Time
}

func (s *seen) note(kind seenKind, hash []byte, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[seenKind]map[string]time.Time{sessionsSeen: {}, tokensSeen: {}}
	}
	if len(s.waiting[kind]) < maxSeen {
		s.waiting[kind][string(hash)] = at
	}
}

func (s *seen) take() map[seenKind]map[string]time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.waiting
	s.waiting = nil
	return out
}

// FlushSeen writes when sessions and tokens were last used. Run does it by
// itself; a program that stops calls it once more.
func (s *Service) FlushSeen(ctx context.Context) error {
	waiting := s.seen.take()
	if len(waiting[sessionsSeen])+len(waiting[tokensSeen]) == 0 {
		return nil
	}
	return s.cfg.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		for hash, at := range waiting[sessionsSeen] {
			if _, err := tx.Exec(`UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2`, []byte(hash), store.Micros(at)); err != nil {
				return err
			}
		}
		for hash, at := range waiting[tokensSeen] {
			if _, err := tx.Exec(`UPDATE tokens SET used_at = $2 WHERE token_hash = $1`, []byte(hash), store.Micros(at)); err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	flushEvery = 20 * time.Second
	sweepEvery = time.Hour
)

// Run keeps "last used" up to date and sweeps away what has expired, until ctx
// ends; then it writes what is left.
func (s *Service) Run(ctx context.Context) {
	flush, sweep := time.NewTicker(flushEvery), time.NewTicker(sweepEvery)
	defer flush.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-flush.C:
			s.report(ctx, s.FlushSeen(ctx))
		case <-sweep.C:
			s.report(ctx, s.Sweep(ctx))
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			s.report(last, s.FlushSeen(last))
			return
		}
	}
}

func (s *Service) report(ctx context.Context, err error) {
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "access: housekeeping failed and will be tried again", "error", err)
	}
}

// keptLinks is how long a link is remembered after its end, so that whoever
// opens it late can be told so.
const keptLinks = 7 * 24 * time.Hour

// sweepMost bounds what one transaction deletes, so that nobody else waits for
// it. The statements below name the same number.
const sweepMost = 1000

// Sweep deletes what has expired: sessions, links, and the state of rate limits
// that have long filled up again.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	for _, step := range []struct {
		text  string
		until time.Time
	}{
		{`DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)`, now},
		{`DELETE FROM links WHERE token_hash IN (SELECT token_hash FROM links WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)`, now.Add(-keptLinks)},
		{`DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE updated_at < $1 ORDER BY updated_at LIMIT 1000)`, now.Add(-longestRefill)},
	} {
		for deleted := int64(sweepMost); deleted == sweepMost; {
			err := s.cfg.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) (err error) {
				deleted, err = tx.Exec(step.text, store.Micros(step.until))
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
