package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

func TestLimiterCountsAcrossProcessesAndRestarts(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		rule := Rule{Name: "test", Burst: 3, Every: time.Minute}
		for range 3 {
			s, _ := h.open(Config{})
			if err := s.Limiter.Take(t.Context(), rule, "ana"); err != nil {
				t.Fatal(err)
			}
		}
		s, _ := h.open(Config{})
		err := s.Limiter.Take(t.Context(), rule, "ana")
		var e *operation.Error
		if !errors.As(err, &e) || e.Kind != operation.TooMany || e.RetryAfter != time.Minute {
			t.Fatalf("%v", err)
		}
		if err := s.Limiter.Take(t.Context(), rule, "eva"); err != nil {
			t.Errorf("one key counts for another: %v", err)
		}
		h.clock.Advance(59 * time.Second)
		if err := s.Limiter.Take(t.Context(), rule, "ana"); err == nil {
			t.Error("allowed a second too early")
		}
		h.clock.Advance(-time.Hour) // a clock set back opens nothing
		if err := s.Limiter.Take(t.Context(), rule, "ana"); err == nil {
			t.Error("allowed after the clock was set back")
		}
		h.clock.Advance(time.Hour + time.Second)
		if err := s.Limiter.Take(t.Context(), rule, "ana"); err != nil {
			t.Error(err)
		}
		if err := s.Limiter.Return(t.Context(), Draw{rule, "ana"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Limiter.Take(t.Context(), rule, "ana"); err != nil {
			t.Errorf("what was given back is not there: %v", err)
		}
	})
}

func TestLimiterGivesExactlyItsBurstToManyAtOnce(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		for _, rule := range []Rule{{Name: "plain", Burst: 20, Every: time.Hour}, {Name: "leased", Burst: 20, Every: time.Hour, Lease: 7}} {
			var given atomic.Int64
			var all sync.WaitGroup
			for range 3 {
				s, _ := h.open(Config{})
				for range 4 {
					all.Go(func() {
						for range 5 {
							if s.Limiter.Take(t.Context(), rule, "ana") == nil {
								given.Add(1)
							}
						}
					})
				}
			}
			all.Wait()
			// A lease that one process holds is lost to the others.
			if n := given.Load(); n > 20 || rule.Lease == 0 && n != 20 {
				t.Errorf("%s: %d of 20", rule.Name, n)
			}
		}
	})
}

func TestLeasedLimitSeldomWrites(t *testing.T) {
	h := newHouse(t, "sqlite")
	for range 40 {
		if err := h.s.Limiter.Take(t.Context(), LimitSearch, "ana"); err != nil {
			t.Fatal(err)
		}
	}
	var left float64
	h.write(func(tx *store.InstallationTx) (err error) {
		left, err = store.Value[float64](tx, `SELECT tokens FROM rate_limits WHERE key = $1`, h.s.Limiter.key(Draw{LimitSearch, "ana"}))
		return err
	})
	if left != 160 {
		t.Errorf("%v left after two leases of 20", left)
	}
}

func TestLimiterFailsClosed(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.write(func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`DROP TABLE rate_limits`)
		return err
	})
	for _, rule := range []Rule{limitSignInAccount, LimitSearch} {
		if err := h.s.Limiter.Take(t.Context(), rule, "ana"); operation.KindOf(err) != operation.Unavailable {
			t.Errorf("%v", err)
		}
	}
}

func TestLimitTableHoldsNoAddresses(t *testing.T) {
	h := newHouse(t, "sqlite")
	_, _ = h.s.SignInWithPassword(from("203.0.113.77"), h.door, PasswordInput{Email: "canary@example.org", Password: "x"})
	h.write(func(tx *store.InstallationTx) error {
		return store.Each(tx, func(row store.Row) error {
			var key string
			err := row.Scan(&key)
			if strings.Contains(key, "canary") || strings.Contains(key, "203.0") {
				t.Errorf("%q", key)
			}
			return err
		}, `SELECT key FROM rate_limits`)
	})
}

// attempts counts how often something is let through before it is refused.
func attempts(t *testing.T, most int, try func(i int) error) int {
	t.Helper()
	for i := range most {
		if operation.KindOf(try(i)) == operation.TooMany {
			return i
		}
	}
	return most
}

func TestSignInIsLimitedPerAccountAndPerAddress(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		device := h.signIn("ana@example.org").Device
		wrong := func(ctx context.Context, email string) error {
			_, err := h.s.SignInWithPassword(ctx, h.door, PasswordInput{Email: email, Password: "wrong wrong wrong"})
			return err
		}
		for _, email := range []string{"ana@example.org", "nobody@example.org"} {
			n := attempts(t, 50, func(i int) error { return wrong(from(fmt.Sprintf("198.51.100.%d", i)), email) })
			if int64(n) != limitSignInAccount.Burst {
				t.Errorf("%s: %d attempts from many addresses", email, n)
			}
		}
		// The owner's own browser is not shut out by what strangers do.
		client := Client{Address: ClientFrom(from("192.0.2.10")).Address, Device: device}
		if _, err := h.s.SignInWithPassword(WithClient(t.Context(), client), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword}); err != nil {
			t.Errorf("the owner is shut out: %v", err)
		}
		n := attempts(t, 100, func(i int) error { return wrong(from("203.0.113.5"), fmt.Sprintf("n%d@example.org", i)) })
		if int64(n) != limitSignInAddress.Burst {
			t.Errorf("%d attempts from one address", n)
		}
		// One customer's IPv6 network is one address.
		n = attempts(t, 100, func(i int) error {
			return wrong(from(fmt.Sprintf("2001:db8:1:2::%x", i+1)), fmt.Sprintf("m%d@example.org", i))
		})
		if int64(n) != limitSignInAddress.Burst {
			t.Errorf("%d attempts from one IPv6 network", n)
		}
		if err := wrong(from("2001:db8:1:3::1"), "other@example.org"); operation.KindOf(err) == operation.TooMany {
			t.Error("another network is shut out as well")
		}
	})
}

func TestSigningInRightlyIsNotCounted(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	for range limitSignInAccount.Burst * 2 {
		h.signIn("ana@example.org")
	}
}

func TestLinksAreLimitedPerMailbox(t *testing.T) {
	h := newHouse(t, "sqlite")
	for _, email := range []string{"ana@example.org", "nobody@example.org"} {
		n := attempts(t, 20, func(i int) error {
			return h.s.RequestLink(from(fmt.Sprintf("198.51.100.%d", i)), h.door, email, "")
		})
		if int64(n) != limitLinkMailbox.Burst {
			t.Errorf("%s: %d links", email, n)
		}
	}
}
