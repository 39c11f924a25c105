package disclosure_test

import (
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/disclosure"
)

// TestTellMean looks that at least two ways to answer, which differ in more than who said
// what, lead to whatever is told.
func TestTellMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 7).Draw(t, "n")
		type heard struct{ disclosure.Mean }
		ways := map[heard]map[[4]int]bool{}
		var count func(left int, counts [4]int, answer int)
		count = func(left int, counts [4]int, answer int) {
			if answer == 3 {
				counts[3] = left
				sum := 0
				for i, c := range counts {
					sum += (i + 1) * c
				}
				told := heard{disclosure.TellMean(float64(sum), n, 1, 4)}
				if ways[told] == nil {
					ways[told] = map[[4]int]bool{}
				}
				ways[told][counts] = true
				return
			}
			for c := 0; c <= left; c++ {
				next := counts
				next[answer] = c
				count(left-c, next, answer+1)
			}
		}
		count(n, [4]int{}, 0)
		for told, counts := range ways {
			if len(counts) < 2 {
				t.Fatalf("of %d answers, %+v comes of one way only: %v", n, told.Mean, counts)
			}
		}
	})
}

func TestTellMeanInside(t *testing.T) {
	for _, c := range []struct {
		sum  float64
		n    int
		want disclosure.Mean
	}{
		{15, 6, disclosure.Mean{Value: 2.5}},
		{6, 6, disclosure.Mean{Value: 1 + 1.0/6, AtMost: true}},
		{7, 6, disclosure.Mean{Value: 1 + 1.0/6, AtMost: true}},
		{8, 6, disclosure.Mean{Value: 8.0 / 6}},
		{24, 6, disclosure.Mean{Value: 4 - 1.0/6, AtLeast: true}},
	} {
		if got := disclosure.TellMean(c.sum, c.n, 1, 4); got != c.want {
			t.Errorf("%v of %d: %+v, want %+v", c.sum, c.n, got, c.want)
		}
	}
}

func TestTellSpread(t *testing.T) {
	for _, c := range []struct {
		counts []int
		want   disclosure.Why
	}{
		{[]int{8, 0, 0}, disclosure.Alike},
		{[]int{9, 1, 0}, disclosure.Alike},
		{[]int{8, 1, 1}, ""},
		{[]int{4, 4}, ""},
		{nil, disclosure.Alike},
	} {
		if got := disclosure.TellSpread(c.counts); got != c.want {
			t.Errorf("%v: %q, want %q", c.counts, got, c.want)
		}
	}
}

func TestTellSum(t *testing.T) {
	for _, c := range []struct {
		amounts []float64
		want    disclosure.Why
	}{
		{[]float64{100, 50, 10, 4}, disclosure.Dominated}, // 14 is less than 15 % of 100
		{[]float64{100, 50, 10, 5}, ""},
		{[]float64{-100, 50, 1}, disclosure.Dominated},
		{[]float64{3, 3, 3}, ""},
		{[]float64{0, 0, 0}, ""},
		{[]float64{7}, disclosure.Dominated},
	} {
		if got := disclosure.TellSum(c.amounts); got != c.want {
			t.Errorf("%v: %q, want %q", c.amounts, got, c.want)
		}
	}
}
