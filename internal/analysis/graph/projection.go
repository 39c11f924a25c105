package graph

import "slices"

// Gathering says how much two nodes are tied by having been at one event.
type Gathering int

const (
	// Shared ties two by 1 ÷ (size − 1) for each event they were both at, so that everyone brings one tie along,
	// shared out among the others, whatever the size (Newman 2001, Phys. Rev. E 64:016132).
	Shared Gathering = iota
	// Counted ties two by the number of events they were both at; a large event then outweighs all small ones.
	Counted
)

// Project makes of who was at which event a network without direction of the nodes, with weights: each list is an
// event with its nodes, in which a node counts once. Events of fewer than two tie nobody. It fails with ErrNode, or
// with ErrSize where the pairs at all events are more than MostTies.
func Project(nodes int, events [][]int32, gathering Gathering) (*Graph, error) {
	var ties []Tie
	var present []int32
	for _, event := range events {
		present = append(present[:0], event...)
		slices.Sort(present)
		present = slices.Compact(present)
		k := len(present)
		if k < 2 {
			if k == 1 && (present[0] < 0 || int(present[0]) >= nodes) {
				return nil, ErrNode
			}
			continue
		}
		if present[0] < 0 || int(present[k-1]) >= nodes {
			return nil, ErrNode
		}
		if k > 10_000 || len(ties)+k*(k-1)/2 > MostTies {
			return nil, ErrSize
		}
		weight := 1.0
		if gathering == Shared {
			weight = 1 / float64(k-1)
		}
		for i, a := range present {
			for _, b := range present[i+1:] {
				ties = append(ties, Tie{a, b, weight})
			}
		}
	}
	return New(nodes, ties, Kind{Weighted: true})
}
