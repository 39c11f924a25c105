// Package clock supplies the current time, so that rules which depend on time can be tested.
package clock

import (
	"sync"
	"time"
)

// Clock tells the current instant. Implementations are safe for concurrent use.
type Clock interface {
	// Now returns the current instant in UTC.
	Now() time.Time
}

// System is the clock of the machine.
var System Clock = system{}

type system struct{}

func (system) Now() time.Time { return time.Now().UTC() }

// Fake is a clock for tests that moves only when it is told to. Its zero value stands at the zero
// time; it must not be copied after first use.
type Fake struct {
	mu  sync.RWMutex
	now time.Time
}

// Fixed returns a Fake that stands at t.
func Fixed(t time.Time) *Fake {
	return &Fake{now: t.UTC()}
}

// Now returns the instant the clock stands at.
func (f *Fake) Now() time.Time {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.now
}

// Set moves the clock to t, forwards or backwards.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC()
}

// Advance moves the clock by d, which may be negative, and returns the new instant.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}
