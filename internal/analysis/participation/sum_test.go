package participation_test

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

// seldomZero draws a sum with a few counts in every one of its fields.
func seldomZero(t *rapid.T) participation.Sum {
	n := func() int64 { return rapid.Int64Range(0, 300).Draw(t, "n") }
	return participation.Sum{
		Attendance: participation.Attendance{Seats: stats.Share{Some: n(), All: n()}, Presence: stats.Share{Some: n(), All: n()}},
		Voice:      participation.Voice{Attended: n(), Spoke: stats.Share{Some: n(), All: n()}, Turns: n()},
		Engagement: participation.Engagement{n(), n(), n(), n(), n()},
		Kept:       stats.Share{Some: n(), All: n()},
	}
}

// plus adds two sums with the methods of their parts.
func plus(a, b participation.Sum) participation.Sum {
	return participation.Sum{
		Attendance: a.Attendance.Plus(b.Attendance), Voice: a.Voice.Plus(b.Voice),
		Engagement: a.Engagement.Plus(b.Engagement), Kept: a.Kept.Plus(b.Kept),
	}
}

func sumsOf(byNumber map[int]participation.Sum) participation.Sums {
	var out participation.Sums
	for n := range 40 {
		if s, ok := byNumber[n]; ok && s != (participation.Sum{}) {
			out = append(out, participation.Row{Number: n, Sum: s})
		}
	}
	return out
}

func TestSumsAddUpAndComeBack(t *testing.T) {
	table := rapid.MapOfN(rapid.IntRange(0, 39), rapid.Custom(seldomZero), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		a, b := table.Draw(t, "a"), table.Draw(t, "b")
		both := map[int]participation.Sum{}
		var total participation.Sum
		for _, m := range []map[int]participation.Sum{a, b} {
			for n, s := range m {
				both[n] = plus(both[n], s)
				total = plus(total, s)
			}
		}
		left, right, want := sumsOf(a), sumsOf(b), sumsOf(both)
		got, err := left.Plus(right)
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
		if got.Total() != total {
			t.Fatalf("in all %v, want %v", got.Total(), total)
		}
		back, err := got.Minus(right)
		if err != nil || len(back) != len(left) || len(left) > 0 && !reflect.DeepEqual(back, left) {
			t.Fatalf("taken back %v, %v; want %v", back, err, left)
		}
		read, err := participation.SumsFromBytes(got.Bytes())
		if err != nil || len(read) != len(want) || len(want) > 0 && !reflect.DeepEqual(read, want) {
			t.Fatalf("read %v, %v; want %v", read, err, want)
		}
		set, err := roster.Of(rapid.SliceOfN(rapid.IntRange(0, 39), 0, 20).Draw(t, "set")...)
		if err != nil {
			t.Fatal(err)
		}
		var inside participation.Sum
		for n, s := range both {
			if set.Has(n) {
				inside = plus(inside, s)
			}
		}
		if got.Within(set).Total() != inside {
			t.Fatalf("within %v: %v, want %v", set, got.Within(set).Total(), inside)
		}
	})
}

func TestWrongSumsAreFoundOut(t *testing.T) {
	one := participation.Sums{{Number: 3, Sum: participation.Sum{Kept: stats.Share{Some: 1, All: 2}}}}
	more := participation.Sums{{Number: 3, Sum: participation.Sum{Kept: stats.Share{Some: 2, All: 2}}}}
	if _, err := one.Minus(more); !errors.Is(err, participation.ErrSums) {
		t.Errorf("below zero: %v", err)
	}
	if _, err := participation.Sums(nil).Minus(one); !errors.Is(err, participation.ErrSums) {
		t.Errorf("from nothing: %v", err)
	}
	most := participation.Sums{{Number: 3, Sum: participation.Sum{Kept: stats.Share{All: math.MaxInt64}}}}
	if _, err := most.Plus(one); !errors.Is(err, participation.ErrSums) {
		t.Errorf("past what can be counted: %v", err)
	}
	if read, err := participation.SumsFromBytes(nil); err != nil || read != nil {
		t.Errorf("no bytes: %v, %v", read, err)
	}
	good := one.Bytes()
	for name, bad := range map[string][]byte{
		"another version": append([]byte{2}, good[1:]...),
		"cut off":         good[:len(good)-1],
		"one more":        append(append([]byte{}, good...), 0),
		"a row of zeros":  {1, 0, 0, 0},
		"a zero written":  {1, 0, 1, 0, 0},
		"a column more":   {1, 0, 0, 0x80, 1},
		"too far":         {1, 0xff, 0xff, 0xff, 0xff, 0x0f},
	} {
		if read, err := participation.SumsFromBytes(bad); !errors.Is(err, participation.ErrSums) {
			t.Errorf("%s: %v, %v", name, read, err)
		}
	}
}

func FuzzSumsFromBytes(f *testing.F) {
	f.Add([]byte{})
	f.Add(participation.Sums{{Number: 3, Sum: participation.Sum{Kept: stats.Share{Some: 1, All: 200}}}, {Number: 1000, Sum: participation.Sum{Voice: participation.Voice{Turns: 7}}}}.Bytes())
	f.Fuzz(func(t *testing.T, written []byte) {
		read, err := participation.SumsFromBytes(written)
		if err != nil {
			return
		}
		again, err := participation.SumsFromBytes(read.Bytes())
		if err != nil || !reflect.DeepEqual(read, again) && len(read)+len(again) > 0 {
			t.Fatalf("%v, %v; want %v", again, err, read)
		}
	})
}
