package graph

// Parts are the components of a graph: Of[v] is the number of the component of node v, and Sizes how many nodes
// each has. Components are numbered in the order of their lowest node.
type Parts struct {
	Of    []int32
	Sizes []int
}

// Largest is how many nodes the largest component has, 0 without nodes.
func (p Parts) Largest() int {
	most := 0
	for _, size := range p.Sizes {
		most = max(most, size)
	}
	return most
}

// Components are the sets of nodes that hang together, whatever the direction of ties (weak components).
func Components(g *Graph) Parts {
	p := Parts{Of: make([]int32, g.n)}
	for v := range p.Of {
		p.Of[v] = -1
	}
	var queue []int32
	for start := range int32(g.n) {
		if p.Of[start] >= 0 {
			continue
		}
		number := int32(len(p.Sizes))
		p.Of[start] = number
		queue = append(queue[:0], start)
		for head := 0; head < len(queue); head++ {
			for _, r := range []*rows{&g.out, &g.in} {
				for _, u := range r.of(queue[head]) {
					if p.Of[u] < 0 {
						p.Of[u] = number
						queue = append(queue, u)
					}
				}
				if !g.kind.Directed {
					break
				}
			}
		}
		p.Sizes = append(p.Sizes, len(queue))
	}
	return p
}

// StrongComponents are the largest sets of nodes each of which reaches each other along the direction of ties
// (Tarjan 1972, SIAM J. Comput. 1:146). Without direction they are the Components.
func StrongComponents(g *Graph) Parts {
	if !g.kind.Directed {
		return Components(g)
	}
	var (
		n     = int32(g.n)
		seen  = make([]int32, n) // the order in which nodes were met, from 1; 0 is not yet
		low   = make([]int32, n)
		root  = make([]int32, n) // the component, by a number that is replaced at the end
		next  = make([]int32, n)
		path  []int32
		stack []int32
		count = int32(0)
		found = int32(0)
	)
	for v := range root {
		root[v] = -1
	}
	for start := range n {
		if seen[start] != 0 {
			continue
		}
		path = append(path[:0], start)
		for len(path) > 0 {
			v := path[len(path)-1]
			if seen[v] == 0 {
				count++
				seen[v], low[v], next[v] = count, count, g.out.at[v]
				stack = append(stack, v)
			}
			if next[v] < g.out.at[v+1] {
				u := g.out.to[next[v]]
				next[v]++
				if seen[u] == 0 {
					path = append(path, u)
				} else if root[u] < 0 {
					low[v] = min(low[v], seen[u])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				above := path[len(path)-1]
				low[above] = min(low[above], low[v])
			}
			if low[v] == seen[v] {
				for {
					u := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					root[u] = found
					if u == v {
						break
					}
				}
				found++
			}
		}
	}
	return renumbered(root, int(found))
}

// renumbered numbers parts in the order of their lowest node, and counts.
func renumbered(of []int32, parts int) Parts {
	number := make([]int32, parts)
	for i := range number {
		number[i] = -1
	}
	p := Parts{Of: of}
	for v, old := range of {
		if number[old] < 0 {
			number[old] = int32(len(p.Sizes))
			p.Sizes = append(p.Sizes, 0)
		}
		of[v] = number[old]
		p.Sizes[of[v]]++
	}
	return p
}
