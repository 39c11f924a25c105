package stats

import (
	"math"
	"slices"
)

// BenjaminiHochberg adjusts chances that were looked at together (Benjamini and Hochberg 1995, J. R. Stat. Soc. B
// 57:289–300): with m of them in ascending order, the i-th becomes the least of m·pⱼ/j over all j ≥ i, at most 1.
// Whoever acts on those of at most q is wrong, on average, in at most the share q of what they act on, where the
// tests are independent or positively dependent (Benjamini and Yekutieli 2001); and where nothing at all is the
// matter, acts with a chance of at most q. The result stands in the order of the input, whose chances must lie
// within 0 and 1; it fails with ErrShare.
func BenjaminiHochberg(chances []float64) ([]float64, error) {
	order := make([]int, len(chances))
	for i, p := range chances {
		if math.IsNaN(p) || p < 0 || p > 1 {
			return nil, ErrShare
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case chances[a] < chances[b]:
			return -1
		case chances[a] > chances[b]:
			return 1
		}
		return 0
	})
	adjusted := make([]float64, len(chances))
	least := 1.0
	for i := len(order) - 1; i >= 0; i-- {
		least = min(least, chances[order[i]]*float64(len(order))/float64(i+1))
		adjusted[order[i]] = least
	}
	return adjusted, nil
}

// CommonOdds is the ratio of the odds of now to the odds of before that all strata share, as estimated by Mantel
// and Haenszel (1959, J. Natl. Cancer Inst. 22:719–748). It keeps two sums, so that one stratum can be taken out
// again: what everyone else went through.
type CommonOdds struct{ up, down float64 }

func odds(before, now Share) CommonOdds {
	n := float64(before.All + now.All)
	if n == 0 {
		return CommonOdds{}
	}
	return CommonOdds{
		up:   float64(now.Some) * float64(before.All-before.Some) / n,
		down: float64(before.Some) * float64(now.All-now.Some) / n,
	}
}

// Add takes a stratum in.
func (c *CommonOdds) Add(before, now Share) {
	o := odds(before, now)
	c.up, c.down = c.up+o.up, c.down+o.down
}

// Without is the ratio in all strata but this one, which was added before. ok is false where they do not tell.
func (c CommonOdds) Without(before, now Share) (ratio float64, ok bool) {
	o := odds(before, now)
	up, down := c.up-o.up, c.down-o.down
	// What is left of sums that should be zero is rounding.
	const nothing = 1e-9
	if up <= nothing || down <= nothing {
		return 0, false
	}
	return up / down, true
}

// Overdispersion is how alike trials of one block are beyond what the chance of their subject explains: ρ in
//
//	Var(x) = n·p(1−p)·(1 + (n−1)ρ)
//
// for x of n in a block. subjects[i] are the blocks of one subject, such as the half-years of one member, whose
// chance is its own. The estimate is by moments, in the manner of Kleinman (1973, J. Am. Stat. Assoc. 68:46–54):
// at the true ρ, the squared distances d of a subject's blocks from its share p̂ and the spread p̂(1−p̂) have
// expectations, both p(1−p) times something linear in ρ. Crosswise multiplied and summed over all subjects they
// are equal, and ρ follows. It lies within 0 and 1, and is 0 where the blocks tell nothing. Blocks that are no
// shares are passed over.
func Overdispersion(subjects [][]Share) float64 {
	var excess, slope float64
	for _, blocks := range subjects {
		var all Share
		var squares, pairs, weighted float64 // Σnⱼ², Σnⱼ(nⱼ−1), Σnⱼ²(nⱼ−1)
		for _, b := range blocks {
			if !b.Valid() {
				continue
			}
			all = all.Plus(b)
			m := float64(b.All)
			squares += m * m
			pairs += m * (m - 1)
			weighted += m * m * (m - 1)
		}
		if all.All < 2 {
			continue
		}
		n := float64(all.All)
		p := float64(all.Some) / n
		var distance float64
		for _, b := range blocks {
			if b.Valid() {
				d := float64(b.Some) - float64(b.All)*p
				distance += d * d
			}
		}
		spread := p * (1 - p)
		// E(distance) = p(1−p)·(n − squares/n + ρ·(pairs − 2·weighted/n + squares·pairs/n²))
		// E(spread)   = p(1−p)·(1 − 1/n − ρ·pairs/n²)
		excess += distance*(1-1/n) - spread*(n-squares/n)
		slope += spread*(pairs-2*weighted/n+squares*pairs/(n*n)) + distance*pairs/(n*n)
	}
	if slope <= 0 {
		return 0
	}
	return min(1, max(0, excess/slope))
}
