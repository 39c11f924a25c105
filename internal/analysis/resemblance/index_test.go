package resemblance_test

import (
	"runtime"
	"testing"

	"commontable/internal/analysis/resemblance"
)

// TestQuality measures what the bands promise, on lists that were invented
// before the comparison; see people and organizations for what they hold and
// for which doubles carry enough.
func TestQuality(t *testing.T) {
	for seed := range uint64(3) {
		list := people(100+seed, 20_000)
		q := measure(resemblance.NewPersonIndex(list.records), list, nil)
		q.check(t, "people")
		bodies := organizations(100+seed, 2_000)
		q = measure(resemblance.NewOrganizationIndex(bodies.records), bodies, nil)
		q.check(t, "organizations")
	}
}

func (q quality) check(t *testing.T, what string) {
	t.Helper()
	q.log(t, what)
	if q.precision() < 0.99 || q.recall() < 0.95 {
		t.Errorf("%s: precision %.4f, recall %.4f", what, q.precision(), q.recall())
	}
}

// BenchmarkPairs finds all doubles among a hundred thousand people, the building
// of the index included, and reports what the index keeps.
func BenchmarkPairs(b *testing.B) {
	list := people(1, 77_000)
	records := list.records[:100_000]
	b.ReportAllocs()
	var found int
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		index := resemblance.NewPersonIndex(records)
		runtime.GC()
		runtime.ReadMemStats(&after)
		found = 0
		for range index.Pairs {
			found++
		}
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-kept")
		runtime.KeepAlive(index)
	}
	b.ReportMetric(float64(found), "pairs")
}
