package graph

import "math/rand/v2"

// chance is a source of chance for one piece of work, the same for the same seed and piece, so that pieces may be
// done in any order.
func chance(seed, piece uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, piece)) } // #nosec G404 -- no secret hangs on it

// shuffled are the numbers 0 to n − 1 in an order by chance.
func shuffled(n int, c *rand.Rand) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	shuffle(out, c)
	return out
}

func shuffle(list []int32, c *rand.Rand) {
	for i := len(list) - 1; i > 0; i-- {
		j := c.IntN(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
