package access

import (
	"context"
	"encoding/base64"
	"errors"
	"math"
	"sync"
	"time"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Rule is a limit: so many at once, and one more every so often. Rules are
// constants of the program; see limits.go for those of this package.
type Rule struct {
	Name  string
	Burst int64
	Every time.Duration
	// Lease lets a process take that many at once from the database and hand
	// them out by itself, so that a limit which is asked at every request does
	// not write at every request. A restart loses what was left of a lease; it
	// never gives more.
	Lease int64
}

// Draw is one use of a rule for one key, such as an address or an account.
type Draw struct {
	Rule Rule
	Key  string
}

// Limiter counts in the database, so that limits hold across processes and
// restarts. Keys are stored as keyed hashes: the table tells nobody's address.
// When the database does not answer, nothing is allowed.
type Limiter struct {
	store  *store.Store
	clock  clock.Clock
	sealer *Sealer

	mu     sync.Mutex
	leases map[string]*leased
}

type leased struct {
	left  int64
	until time.Time
}

const (
	// leaseFor is how long a process may hand out what it took.
	leaseFor  = time.Minute
	maxLeases = 20_000
	// longestRefill is the longest any rule takes to fill up from empty; a row
	// untouched for longer may be forgotten.
	longestRefill = 48 * time.Hour
)

// NewLimiter makes a limiter whose keys are hashed by the sealer.
func NewLimiter(s *store.Store, c clock.Clock, sealer *Sealer) *Limiter {
	return &Limiter{store: s, clock: c, sealer: sealer, leases: map[string]*leased{}}
}

// Take uses a rule once for a key. The error is an operation.Error of kind
// TooMany that says when to come back, or Unavailable.
func (l *Limiter) Take(ctx context.Context, rule Rule, key string) error {
	if rule.Lease > 1 && l.takeLeased(rule, key) {
		return nil
	}
	return l.TakeAll(ctx, Draw{rule, key})
}

// TakeAll uses several rules together: all or, when one of them is exhausted,
// none.
func (l *Limiter) TakeAll(ctx context.Context, draws ...Draw) error {
	now := l.clock.Now()
	granted := make([]int64, len(draws))
	err := l.store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		var wait time.Duration
		for i, d := range draws {
			left, err := l.left(tx, d, now)
			if err != nil {
				return err
			}
			if left < 1 {
				wait = max(wait, time.Duration(math.Ceil((1-left)*float64(d.Rule.Every))))
				continue
			}
			granted[i] = max(1, min(d.Rule.Lease, int64(left)))
			if err := l.put(tx, d, left-float64(granted[i]), now); err != nil {
				return err
			}
		}
		if wait > 0 {
			return tooMany(wait)
		}
		return nil
	})
	if err == nil {
		for i, d := range draws {
			if granted[i] > 1 {
				l.lend(d, granted[i]-1, now)
			}
		}
		return nil
	}
	if operation.KindOf(err) == operation.TooMany {
		return err
	}
	return &operation.Error{Kind: operation.Unavailable, Key: "errors.unavailable", Cause: err, RetryAfter: 5 * time.Second}
}

// drawIn is Take within an operation's transaction: it counts only when the
// operation succeeds, which suits work that must not be repeated, not guesses.
func (l *Limiter) drawIn(c *operation.Call, d Draw) error {
	left, err := l.left(c.Installation, d, c.Now)
	if err != nil {
		return err
	}
	if left < 1 {
		return tooMany(time.Duration(math.Ceil((1 - left) * float64(d.Rule.Every))))
	}
	return l.put(c.Installation, d, left-1, c.Now)
}

// Return gives back what a draw took, because it turned out to be no attempt to
// be counted: signing in rightly.
func (l *Limiter) Return(ctx context.Context, draws ...Draw) error {
	now := l.clock.Now()
	return l.store.WriteInstallation(ctx, func(tx *store.InstallationTx) error { return l.returnIn(tx, now, draws...) })
}

func (l *Limiter) returnIn(tx *store.InstallationTx, now time.Time, draws ...Draw) error {
	for _, d := range draws {
		left, err := l.left(tx, d, now)
		if err == nil {
			err = l.put(tx, d, min(float64(d.Rule.Burst), left+1), now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func tooMany(wait time.Duration) error {
	return &operation.Error{Kind: operation.TooMany, Key: "access.too_many", RetryAfter: wait,
		Args: map[string]any{"Count": int64(math.Ceil(wait.Minutes()))}}
}

// left is how much of a rule a key has now.
func (l *Limiter) left(tx *store.InstallationTx, d Draw, now time.Time) (float64, error) {
	type state struct {
		tokens float64
		at     time.Time
	}
	have, err := store.One(tx, func(row store.Row) (s state, err error) { return s, row.Scan(&s.tokens, store.ScanTime(&s.at)) },
		`SELECT tokens, updated_at FROM rate_limits WHERE key = $1`, l.key(d))
	if errors.Is(err, store.ErrNotFound) {
		return float64(d.Rule.Burst), nil
	}
	// A clock that was set back gives nothing and takes nothing.
	elapsed := max(0, now.Sub(have.at))
	return min(float64(d.Rule.Burst), have.tokens+float64(elapsed)/float64(d.Rule.Every)), err
}

func (l *Limiter) put(tx *store.InstallationTx, d Draw, left float64, now time.Time) error {
	_, err := tx.Exec(`INSERT INTO rate_limits (key, tokens, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, updated_at = excluded.updated_at`, l.key(d), left, store.Micros(now))
	return err
}

// key is the name of a draw's row.
func (l *Limiter) key(d Draw) string {
	return d.Rule.Name + ":" + base64.RawURLEncoding.EncodeToString(l.sealer.Mark("limit", d.Rule.Name+" "+d.Key)[:18])
}

func (l *Limiter) takeLeased(rule Rule, key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	have := l.leases[rule.Name+" "+key]
	if have == nil || have.left < 1 || l.clock.Now().After(have.until) {
		return false
	}
	have.left--
	return true
}

func (l *Limiter) lend(d Draw, n int64, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.leases) >= maxLeases {
		clear(l.leases) // what is lost was already taken from the database
	}
	have := l.leases[d.Rule.Name+" "+d.Key]
	if have == nil || now.After(have.until) {
		have = &leased{}
		l.leases[d.Rule.Name+" "+d.Key] = have
	}
	have.left, have.until = have.left+n, now.Add(leaseFor)
}
