package disclosure_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/disclosure"
)

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		sizes []int
		want  [][]int
	}{
		{[]int{12, 30, 15}, [][]int{{0}, {1}, {2}}},
		{[]int{12, 30, 3}, [][]int{{0, 2}, {1}}},
		{[]int{4, 30, 3, 3}, [][]int{{0, 2, 3}, {1}}},
		{[]int{4, 3}, [][]int{{0, 1}}},
		{nil, [][]int{}},
	} {
		if got := disclosure.Classes(c.sizes, 10); !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%v: %v, want %v", c.sizes, got, c.want)
		}
	}
	if disclosure.ClassLeast(8) != 10 || disclosure.ClassLeast(3) != 4 {
		t.Error("a class has a quarter more than a spread needs")
	}
}

// column repeats values as often as is said.
func column(pairs ...int) (out []int) {
	for k := 0; k < len(pairs); k += 2 {
		for range pairs[k+1] {
			out = append(out, pairs[k])
		}
	}
	return out
}

func TestRows(t *testing.T) {
	const none = disclosure.None
	classes := [][]int{span(0, 20)}
	for name, c := range map[string]struct {
		columns []disclosure.Column
		want    []disclosure.Why
	}{
		"answers of all kinds": {[]disclosure.Column{{Values: column(1, 5, 2, 5, 3, 10)}}, []disclosure.Why{""}},
		"all alike":            {[]disclosure.Column{{Values: column(3, 20)}}, []disclosure.Why{disclosure.Alike}},
		"all but one alike":    {[]disclosure.Column{{Values: column(3, 19, 1, 1)}}, []disclosure.Why{disclosure.Alike}},
		"all but two alike":    {[]disclosure.Column{{Values: column(3, 18, 1, 2)}}, []disclosure.Why{""}},
		"few answers":          {[]disclosure.Column{{Values: column(none, 13, 3, 4, 2, 3)}}, []disclosure.Why{disclosure.TooFew}},
		"a few left it out":    {[]disclosure.Column{{Values: column(none, 2, 3, 9, 2, 9)}}, []disclosure.Why{""}},
		"others know who are the few that left it out": {[]disclosure.Column{{Values: column(none, 2, 3, 9, 2, 9), Seen: true}}, []disclosure.Why{disclosure.TooFew}},
		"others know who left it out, who are many":    {[]disclosure.Column{{Values: column(none, 8, 3, 6, 2, 6), Seen: true}}, []disclosure.Why{""}},
		"what points at three":                         {[]disclosure.Column{{Values: column(1, 3, 2, 17), Points: true}}, []disclosure.Why{disclosure.TooFew}},
		"what points at half":                          {[]disclosure.Column{{Values: column(1, 10, 2, 10), Points: true}}, []disclosure.Why{""}},
		"what is the same of all":                      {[]disclosure.Column{{Values: column(1, 20), Points: true}}, []disclosure.Why{disclosure.Alike}},
		"a half of one mind": {[]disclosure.Column{{Values: column(1, 10, 2, 10), Points: true}, {Values: column(4, 10, 1, 5, 2, 5)}},
			[]disclosure.Why{"", disclosure.Alike}},
		"one follows from the other": {[]disclosure.Column{{Values: column(1, 10, 2, 10), Points: true}, {Values: column(5, 10, 6, 10), Points: true}},
			[]disclosure.Why{"", disclosure.Alike}},
		"two that point at few together": {[]disclosure.Column{{Values: column(1, 10, 2, 10), Points: true}, {Values: column(5, 5, 6, 10, 5, 5), Points: true}},
			[]disclosure.Why{"", disclosure.TooFew}},
		"asked after what is not given": {[]disclosure.Column{{Values: column(1, 1, 2, 19)}, {Values: column(none, 1, 3, 9, 2, 10), Needs: []int{0}}, {Values: column(1, 10, 2, 10), Needs: []int{1}}, {Values: column(1, 10, 2, 10), Needs: []int{-1}}},
			[]disclosure.Why{disclosure.Alike, disclosure.WorkedOut, disclosure.WorkedOut, disclosure.WorkedOut}},
	} {
		if got := disclosure.Rows(classes, c.columns, 8); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestRowsArePointedAtTogether counts anew: whatever is known of somebody's class and of
// all columns that point, at least so many rows have it; and among these no column that is
// given is of one mind, nor is one that points, for who knows all but that one.
func TestRowsArePointedAtTogether(t *testing.T) {
	kept := 0
	rapid.Check(t, func(t *rapid.T) {
		n, least := rapid.IntRange(20, 90).Draw(t, "rows"), rapid.IntRange(3, 6).Draw(t, "least")
		var sizes []int
		for left := n; left > 0; {
			sizes = append(sizes, min(left, rapid.IntRange(1, 40).Draw(t, "size")))
			left -= sizes[len(sizes)-1]
		}
		var classes [][]int
		class := make([]int, n)
		for k, groups := range disclosure.Classes(sizes, least) {
			classes = append(classes, nil)
			for _, g := range groups {
				from := 0
				for _, size := range sizes[:g] {
					from += size
				}
				for row := from; row < from+sizes[g]; row++ {
					classes[k], class[row] = append(classes[k], row), k
				}
			}
		}
		if n < least {
			return
		}
		columns := make([]disclosure.Column, rapid.IntRange(1, 5).Draw(t, "columns"))
		for k := range columns {
			columns[k].Points = rapid.Bool().Draw(t, "points")
			columns[k].Values = rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 1, 2}), n, n).Draw(t, "values")
		}
		told := disclosure.Rows(classes, columns, least)
		known := func(row, without int) (out [6]int) {
			out[0] = class[row]
			for k, c := range columns {
				if c.Points && told[k] == "" && k != without {
					out[k+1] = c.Values[row]
				}
			}
			return out
		}
		for row := range n {
			alike := 0
			for other := range n {
				if known(other, -1) == known(row, -1) {
					alike++
				}
			}
			if alike < least {
				t.Fatalf("%d rows have what row %d has", alike, row)
			}
			for k, c := range columns {
				if told[k] != "" {
					continue
				}
				kept++
				without := -1
				if c.Points {
					without = k
				}
				others := 0
				for other := range n {
					if known(other, without) == known(row, without) && c.Values[other] != c.Values[row] {
						others++
					}
				}
				if others == 0 {
					t.Fatalf("what is known of row %d tells column %d", row, k)
				}
			}
		}
	})
	if kept == 0 {
		t.Error("no column was ever given")
	}
}
