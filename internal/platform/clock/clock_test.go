package clock_test

import (
	"sync"
	"testing"
	"time"

	"commontable/internal/platform/clock"
)

func TestSystemIsUTCAndCurrent(t *testing.T) {
	before := time.Now()
	now := clock.System.Now()
	if now.Location() != time.UTC {
		t.Errorf("location %v, want UTC", now.Location())
	}
	if now.Before(before) || now.After(time.Now()) {
		t.Errorf("%v lies outside the moment of the call", now)
	}
}

func TestFakeMovesOnlyWhenTold(t *testing.T) {
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.FixedZone("", 3600))
	fake := clock.Fixed(start)
	if !fake.Now().Equal(start) || fake.Now().Location() != time.UTC {
		t.Errorf("now %v, want %v in UTC", fake.Now(), start)
	}
	if got := fake.Advance(90 * time.Minute); !got.Equal(start.Add(90*time.Minute)) || !fake.Now().Equal(got) {
		t.Errorf("after Advance %v", got)
	}
	fake.Set(start.Add(-time.Hour))
	if !fake.Now().Equal(start.Add(-time.Hour)) {
		t.Errorf("after Set %v", fake.Now())
	}
}

func TestFakeIsSafeForConcurrentUse(t *testing.T) {
	var fake clock.Fake
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				fake.Advance(time.Second)
				_ = fake.Now()
			}
		})
	}
	group.Wait()
	if got := fake.Now().Sub(time.Time{}); got != 800*time.Second {
		t.Errorf("moved %v, want 800s", got)
	}
}
