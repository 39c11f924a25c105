package resemblance_test

import (
	"runtime"
	"testing"

	"commontable/internal/analysis/resemblance"
)

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
