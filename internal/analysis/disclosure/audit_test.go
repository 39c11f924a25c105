package disclosure_test

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/disclosure"
)

// solvable says by whole fractions whether the indicator of a set of answers, given as
// bits, is a linear combination of those of groups.
func solvable(answers int, groups []uint, set uint) bool {
	// One equation an answer, one unknown a group.
	rows := make([][]*big.Rat, answers)
	for i := range rows {
		for _, g := range append(slices.Clone(groups), set) {
			rows[i] = append(rows[i], big.NewRat(int64(g>>i&1), 1))
		}
	}
	at := 0
	for column := range groups {
		pivot := slices.IndexFunc(rows[at:], func(r []*big.Rat) bool { return r[column].Sign() != 0 })
		if pivot < 0 {
			continue
		}
		rows[at], rows[at+pivot] = rows[at+pivot], rows[at]
		for i := range rows {
			if i == at || rows[i][column].Sign() == 0 {
				continue
			}
			factor := new(big.Rat).Quo(rows[i][column], rows[at][column])
			for j := range rows[i] {
				rows[i][j] = new(big.Rat).Sub(rows[i][j], new(big.Rat).Mul(factor, rows[at][j]))
			}
		}
		if at++; at == len(rows) {
			break
		}
	}
	for _, row := range rows[at:] {
		if row[len(groups)].Sign() != 0 {
			return false
		}
	}
	return true
}

// small is a set of fewer than least answers that can be worked out from groups, or 0.
func small(answers int, groups []uint, least int) uint {
	for set := uint(1); set < 1<<answers; set++ {
		if bits.OnesCount(set) < least && solvable(answers, groups, set) {
			return set
		}
	}
	return 0
}

func members(set uint) (out []int) {
	for ; set != 0; set &= set - 1 {
		out = append(out, bits.TrailingZeros(set))
	}
	return out
}

// TestDecideAgainstEverySet solves for every small set that there is.
func TestDecideAgainstEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := rapid.IntRange(1, 9).Draw(t, "answers")
		least := rapid.IntRange(3, 5).Draw(t, "least")
		sets := rapid.SliceOfN(rapid.UintRange(0, 1<<answers-1), 0, 7).Draw(t, "groups")
		earlier := min(rapid.IntRange(0, 1).Draw(t, "earlier"), len(sets))
		// What was told earlier was decided too.
		if earlier == 1 && bits.OnesCount(sets[0]) < least {
			sets[0] = 1<<answers - 1
		}
		var groups [][]int
		for _, set := range sets {
			groups = append(groups, members(set))
		}
		told := slices.Clone(sets[:earlier])
		if small(answers, told, least) != 0 {
			return
		}
		for i, why := range disclosure.Decide(answers, groups[:earlier], groups[earlier:], least) {
			set := sets[earlier+i]
			found := small(answers, append(slices.Clone(told), set), least)
			switch {
			case bits.OnesCount(set) < least:
				if why != disclosure.TooFew {
					t.Fatalf("group %b of %d answers: %q", set, bits.OnesCount(set), why)
				}
			case why == "" && found != 0:
				t.Fatalf("beside %b, telling %b tells of %b", told, set, found)
			case why != "" && found == 0:
				t.Fatalf("beside %b, %b is hidden (%s) for no reason", told, set, why)
			}
			if why == "" {
				told = append(told, set)
			}
		}
	})
}

func span(from, to int) (out []int) {
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

func TestDecide(t *testing.T) {
	all := span(0, 30)
	for name, c := range map[string]struct {
		told, wanted [][]int
		least        int
		want         []disclosure.Why
	}{
		"what is left of a total hides the next smallest part": {
			wanted: [][]int{all, span(0, 12), span(12, 21), span(21, 27), span(27, 30)}, least: 5,
			want: []disclosure.Why{"", "", "", disclosure.WorkedOut, disclosure.TooFew},
		},
		"two filters four apart": {
			wanted: [][]int{span(0, 20), span(4, 20)}, least: 5,
			want: []disclosure.Why{"", disclosure.WorkedOut},
		},
		"an answer came late, after a release": {
			told: [][]int{span(0, 29)}, wanted: [][]int{all}, least: 5,
			want: []disclosure.Why{disclosure.WorkedOut},
		},
		"the same again tells nothing new": {
			told: [][]int{all}, wanted: [][]int{all}, least: 5,
			want: []disclosure.Why{""},
		},
		"a sum of two overlapping groups less two others": {
			// a∪b, b∪c and c∪d with a and d of two: (ab)+(cd)−(bc) = a+d, four answers.
			wanted: [][]int{span(0, 10), span(2, 18), span(10, 20)}, least: 5,
			want: []disclosure.Why{"", "", disclosure.WorkedOut},
		},
		"no release has a least below three": {
			wanted: [][]int{span(0, 2), span(2, 5)}, least: 0,
			want: []disclosure.Why{disclosure.TooFew, ""},
		},
		"an answer that stands twice in a group counts once": {
			wanted: [][]int{{1, 1, 1, 2, 2}}, least: 5,
			want: []disclosure.Why{disclosure.TooFew},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := disclosure.Decide(30, c.told, c.wanted, c.least); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// world is a wave as large as they come: sectors, bodies that overlap, organizations.
func world(answers int) (groups [][]int) {
	random := rand.New(rand.NewPCG(1, 2))
	sectors, bodies, organizations := make([][]int, 12), make([][]int, 15), make([][]int, answers/8)
	for answer := range answers {
		organization := random.IntN(len(organizations))
		organizations[organization] = append(organizations[organization], answer)
		sectors[organization%12] = append(sectors[organization%12], answer)
		for b := range bodies {
			if random.IntN(12) == 0 {
				bodies[b] = append(bodies[b], answer)
			}
		}
	}
	groups = append(groups, span(0, answers))
	return append(append(append(groups, sectors...), bodies...), organizations...)
}

// TestDecideLarge looks that the bound of steps does not refuse what people ask for.
func TestDecideLarge(t *testing.T) {
	groups := world(2_000)
	hidden := 0
	for i, why := range disclosure.Decide(2_000, nil, groups, 5) {
		if why == disclosure.WorkedOut {
			if i <= 12 {
				t.Errorf("group %d of %d answers is hidden", i, len(groups[i]))
			}
			hidden++
		}
	}
	t.Logf("%d of %d groups hidden", hidden, len(groups))
}

func BenchmarkDecide(b *testing.B) {
	groups := world(2_000)
	for b.Loop() {
		disclosure.Decide(2_000, nil, groups, 5)
	}
}

func BenchmarkDecideSpread(b *testing.B) {
	groups := world(2_000)[:28]
	for b.Loop() {
		disclosure.Decide(2_000, nil, groups, 8)
	}
}
