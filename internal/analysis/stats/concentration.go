package stats

import (
	"errors"
	"math"
	"slices"
)

// ErrAmount says that an amount is negative, or that a sum is too large to be counted.
var ErrAmount = errors.New("stats: amount out of range")

// Concentration is how widely something is spread over those who hold it.
type Concentration struct {
	// Total is the sum of all amounts, in their unit.
	Total int64
	// Holders is how many hold more than nothing.
	Holders int
	// Top is what the largest few hold, in the unit of the amounts.
	Top int64
	// Effective is 1 ÷ Σs², s being each holder's share of the total: how many holders of equal size would be
	// as concentrated. It lies between 1 and Holders, and is 0 where the total is 0. Inverse of the index of
	// Simpson (1949, Nature 163:688) and of Herfindahl and Hirschman; the number of order 2 of Hill (1973,
	// Ecology 54:427–432).
	Effective float64
}

// TopShare is Top of Total.
func (c Concentration) TopShare() Share { return Share{c.Top, c.Total} }

// Concentrate says how concentrated amounts are; top is how many of the largest make up Top. Amounts are in one
// unit, one for each holder, in any order. It fails with ErrAmount where one is negative or their sum exceeds
// an int64.
func Concentrate(amounts []int64, top int) (Concentration, error) {
	var c Concentration
	for _, a := range amounts {
		if a < 0 || c.Total > math.MaxInt64-a {
			return Concentration{}, ErrAmount
		}
		c.Total += a
		if a > 0 {
			c.Holders++
		}
	}
	if c.Total == 0 {
		return c, nil
	}
	sorted := slices.Clone(amounts)
	slices.SortFunc(sorted, func(a, b int64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	var squares float64
	for i, a := range sorted {
		if i < top {
			c.Top += a
		}
		share := float64(a) / float64(c.Total)
		squares += share * share
	}
	// Rounding must not carry it past what it can be.
	c.Effective = min(max(1/squares, 1), float64(c.Holders))
	return c, nil
}
