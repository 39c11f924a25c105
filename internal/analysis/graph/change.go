package graph

import (
	"context"
	"math"
)

// Change is what became of the ties between two waves.
type Change struct {
	Kept, New, Lost []Tie // each by From and then To; kept ties with the weight of the later wave
}

// Compare compares two graphs of the same nodes; weights do not decide. It fails with ErrNode where they differ in
// nodes or in whether ties have a direction.
func Compare(before, after *Graph) (Change, error) {
	if before.n != after.n || before.kind.Directed != after.kind.Directed {
		return Change{}, ErrNode
	}
	var c Change
	for t := range after.All() {
		if before.Has(t.From, t.To) {
			c.Kept = append(c.Kept, t)
		} else {
			c.New = append(c.New, t)
		}
	}
	for t := range before.All() {
		if !after.Has(t.From, t.To) {
			c.Lost = append(c.Lost, t)
		}
	}
	return c, nil
}

// Stability is the share of the ties of either wave that are in both, kept ÷ (kept + new + lost), 0 to 1 (Jaccard;
// Snijders, van de Bunt and Steglich 2010 ask for 0.3 before change can be modelled). NaN without ties.
func (c Change) Stability() float64 {
	kept, other := float64(len(c.Kept)), float64(len(c.New)+len(c.Lost))
	return ratio(kept, kept+other)
}

// Turnover is the share of ties that came or went, (new + lost) ÷ (ties before + ties after), 0 to 1. NaN without
// ties.
func (c Change) Turnover() float64 {
	kept, other := float64(len(c.Kept)), float64(len(c.New)+len(c.Lost))
	return ratio(other, 2*kept+other)
}

// Chance says how a count compares with what it would be by chance.
type Chance struct {
	Observed     float64
	Mean         float64 // over the permutations
	Deviation    float64 // standard deviation over the permutations
	More         float64 // share of permutations with at least as much: the chance of it, where nothing but chance is at work
	Permutations int
}

// MostPermutations bounds StabilityBeyondChance.
const MostPermutations = 100_000

// StabilityBeyondChance asks whether two waves share more ties than they would if it did not matter who is who: the
// nodes of the later wave are exchanged by chance, which leaves its shape as it is (the quadratic assignment
// procedure: Hubert and Schultz 1976; Krackhardt 1988, Social Networks 10:359). Observed is the number of kept ties.
// More is (1 + permutations with at least as many) ÷ (1 + permutations), so never 0. It fails with ErrNode, ErrSize,
// or when ctx ends.
func StabilityBeyondChance(ctx context.Context, before, after *Graph, permutations int, seed uint64) (Chance, error) {
	if before.n != after.n || before.kind.Directed != after.kind.Directed {
		return Chance{}, ErrNode
	}
	if permutations < 1 || permutations > MostPermutations {
		return Chance{}, ErrSize
	}
	var ties []Tie
	observed := 0
	for t := range after.All() {
		ties = append(ties, t)
		if before.Has(t.From, t.To) {
			observed++
		}
	}
	counts := make([]int, permutations)
	err := inPieces(ctx, permutations, func() struct{} { return struct{}{} }, func(_ struct{}, piece int) {
		who := shuffled(after.n, chance(seed, uint64(piece)))
		for _, t := range ties {
			if before.Has(who[t.From], who[t.To]) {
				counts[piece]++
			}
		}
	})
	if err != nil {
		return Chance{}, err
	}
	c := Chance{Observed: float64(observed), Permutations: permutations}
	most := 1
	for _, count := range counts {
		c.Mean += float64(count) / float64(permutations)
		if count >= observed {
			most++
		}
	}
	for _, count := range counts {
		c.Deviation += (float64(count) - c.Mean) * (float64(count) - c.Mean) / float64(permutations)
	}
	c.Deviation = math.Sqrt(c.Deviation)
	c.More = float64(most) / float64(permutations+1)
	return c, nil
}
