package roster_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/roster"
)

// Rosters do what sets of Go do.
func TestRosterIsASet(t *testing.T) {
	numbers := rapid.SliceOfN(rapid.IntRange(0, 300), 0, 60)
	rapid.Check(t, func(t *rapid.T) {
		a, b, gone := numbers.Draw(t, "a"), numbers.Draw(t, "b"), numbers.Draw(t, "gone")
		left, err := roster.Of(a...)
		if err != nil {
			t.Fatal(err)
		}
		right, err := roster.Of(b...)
		if err != nil {
			t.Fatal(err)
		}
		same := func(name string, got roster.Roster, want map[int]bool) {
			t.Helper()
			if !slices.Equal(slices.Collect(got.All()), slices.Sorted(maps.Keys(want))) || got.Len() != len(want) {
				t.Fatalf("%s: %v, want %v", name, slices.Collect(got.All()), want)
			}
			for n := -2; n < 400; n++ {
				if got.Has(n) != want[n] {
					t.Fatalf("%s has %d: %v", name, n, got.Has(n))
				}
			}
			back, err := roster.FromBytes(got.Bytes())
			if err != nil || !slices.Equal(slices.Collect(back.All()), slices.Collect(got.All())) {
				t.Fatalf("%s does not read back: %v", name, err)
			}
		}
		setOf := func(ns []int) map[int]bool {
			m := map[int]bool{}
			for _, n := range ns {
				m[n] = true
			}
			return m
		}
		both, without, either, rest := map[int]bool{}, setOf(a), setOf(a), setOf(a)
		for n := range setOf(b) {
			if either[n] {
				both[n] = true
			}
			either[n] = true
			delete(without, n)
		}
		same("both", left.Both(right), both)
		same("without", left.Without(right), without)
		union := left.Clone()
		union.Include(right)
		same("union", union, either)
		same("the first, after its clone grew", left, setOf(a))
		for _, n := range gone {
			left.Remove(n)
			delete(rest, n)
		}
		same("what is left", left, rest)
	})
}

func TestRosterHasLimits(t *testing.T) {
	for _, n := range []int{-1, roster.Most + 1, 1 << 40} {
		if _, err := roster.Of(n); !errors.Is(err, roster.ErrNumber) {
			t.Errorf("%d: %v", n, err)
		}
	}
	r, err := roster.Of(roster.Most)
	if err != nil || !r.Has(roster.Most) {
		t.Fatal(err)
	}
	if _, err := roster.FromBytes(r.Bytes()); err != nil {
		t.Error(err)
	}
	if _, err := roster.FromBytes(make([]byte, len(r.Bytes())+1)); !errors.Is(err, roster.ErrSize) {
		t.Error(err)
	}
	padded, err := roster.FromBytes(append([]byte{5}, make([]byte, 40)...))
	if err != nil || len(padded.Bytes()) != 1 {
		t.Errorf("zeros at the end stay: %v, %v", padded.Bytes(), err)
	}
}
