package graph

import "slices"

// Cores is the core of each node: the largest k for which it belongs to a set of nodes that have at least k ties
// each within the set (Seidman 1983, Social Networks 5:269; by Batagelj and Zaversnik's bins, in time of n + m).
// Ties out and in are added up where they have a direction, as igraph's mode "all" does. 0 is a node without ties.
func Cores(g *Graph) []int {
	var (
		core  = Degrees(g)
		most  = 0
		place = make([]int32, g.n) // of a node in order
		order = make([]int32, g.n) // nodes by degree
	)
	for _, d := range core {
		most = max(most, d)
	}
	bin := make([]int32, most+2) // where the nodes of each degree begin in order
	for _, d := range core {
		bin[d+1]++
	}
	for d := 1; d < len(bin); d++ {
		bin[d] += bin[d-1]
	}
	fill := slices.Clone(bin)
	for v, d := range core {
		place[v] = fill[d]
		order[fill[d]] = int32(v)
		fill[d]++
	}
	for i := range order {
		v := order[i]
		for _, r := range []*rows{&g.out, &g.in} {
			for _, u := range r.of(v) {
				if core[u] > core[v] {
					// u moves to the front of its bin, and the bin begins behind it.
					front := bin[core[u]]
					w := order[front]
					order[front], order[place[u]] = u, w
					place[w], place[u] = place[u], front
					bin[core[u]]++
					core[u]--
				}
			}
			if !g.kind.Directed {
				break
			}
		}
	}
	return core
}

func sortedTies(ties []Tie) []Tie {
	slices.SortFunc(ties, func(a, b Tie) int {
		if a.From != b.From {
			return int(a.From) - int(b.From)
		}
		return int(a.To) - int(b.To)
	})
	return ties
}
