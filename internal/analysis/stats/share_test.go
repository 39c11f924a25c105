package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/stats"
)

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// A published example: Newcombe (1998, Stat. Med. 17:857–872), table I, method 3.
func TestWilsonAsPublished(t *testing.T) {
	for _, c := range []struct {
		share     stats.Share
		low, high float64
	}{
		{stats.Share{Some: 81, All: 263}, 0.2553, 0.3662},
		{stats.Share{Some: 15, All: 148}, 0.0624, 0.1605},
		{stats.Share{Some: 0, All: 20}, 0, 0.1611},
		{stats.Share{Some: 1, All: 29}, 0.0061, 0.1718},
	} {
		got := c.share.Wilson(stats.Z95)
		if !near(got.Low, c.low, 5e-5) || !near(got.High, c.high, 5e-5) {
			t.Errorf("%v: %.4f to %.4f, want %.4f to %.4f", c.share, got.Low, got.High, c.low, c.high)
		}
	}
	if math.Abs(stats.Z95-math.Sqrt2*math.Erfinv(0.95)) > 1e-15 {
		t.Error("Z95 is not the deviate of 95 %")
	}
}

// Both ends solve the equation the interval comes from: the score statistic there is z.
func TestWilsonSolvesItsEquation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Int64Range(0, 1_000_000).Draw(t, "all")
		s := stats.Share{Some: rapid.Int64Range(0, all).Draw(t, "some"), All: all}
		got := s.Wilson(stats.Z95)
		if got.Low < 0 || got.High > 1 || got.Low > got.High {
			t.Fatalf("%v: %v", s, got)
		}
		p, ok := s.Rate()
		if !ok {
			if got != (stats.Interval{Low: 0, High: 1}) {
				t.Fatalf("of nothing: %v", got)
			}
			return
		}
		if p < got.Low || p > got.High {
			t.Fatalf("%v lies outside %v", p, got)
		}
		for _, end := range []float64{got.Low, got.High} {
			if end == 0 || end == 1 {
				continue
			}
			if z := math.Abs(p-end) / math.Sqrt(end*(1-end)/float64(all)); !near(z, stats.Z95, 1e-6) {
				t.Fatalf("%v: at %v the statistic is %v", s, end, z)
			}
		}
	})
}

func TestConcentrate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 0, 30).Draw(t, "amounts")
		top := rapid.IntRange(0, 5).Draw(t, "top")
		before := slices.Clone(amounts)
		got, err := stats.Concentrate(amounts, top)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before, amounts) {
			t.Fatal("the amounts were changed")
		}
		var total, squares float64
		holders := 0
		for _, a := range amounts {
			total += float64(a)
			squares += float64(a) * float64(a)
			if a > 0 {
				holders++
			}
		}
		slices.Sort(before)
		slices.Reverse(before)
		var largest int64
		for _, a := range before[:min(top, len(before))] {
			largest += a
		}
		if float64(got.Total) != total || got.Holders != holders || got.Top != largest {
			t.Fatalf("%v: %+v", amounts, got)
		}
		if total == 0 {
			if got.Effective != 0 {
				t.Fatal("nothing has holders")
			}
			return
		}
		if !near(got.Effective, total*total/squares, 1e-9*got.Effective) || got.Effective < 1 || got.Effective > float64(holders) {
			t.Fatalf("%v: effective %v", amounts, got.Effective)
		}
	})
	even, _ := stats.Concentrate([]int64{7, 7, 7, 7, 0}, 3)
	if even.Effective != 4 || even.Top != 21 || even.TopShare() != (stats.Share{Some: 21, All: 28}) {
		t.Errorf("four equal holders: %+v", even)
	}
	for _, bad := range [][]int64{{-1}, {math.MaxInt64, 1}} {
		if _, err := stats.Concentrate(bad, 3); !errors.Is(err, stats.ErrAmount) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// The middle answers are those of the answers written out one by one.
func TestMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(-1, 6), 0, 6).Draw(t, "counts")
		var answers []int
		for i, c := range counts {
			for range max(0, c) {
				answers = append(answers, i)
			}
		}
		low, high, n := stats.Median(counts)
		if int(n) != len(answers) {
			t.Fatalf("%v: %d answers", counts, n)
		}
		if n == 0 {
			return
		}
		if low != answers[(len(answers)-1)/2] || high != answers[len(answers)/2] {
			t.Fatalf("%v: %d to %d", answers, low, high)
		}
	})
}
