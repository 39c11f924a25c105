package graph

// Cuts are where a network would fall apart.
type Cuts struct {
	// Points are the nodes without which their component would be several, ascending.
	Points []int32
	// Bridges are the ties without which their component would be two; From < To, in that order.
	Bridges []Tie
}

// CutsOf finds cut points and bridges, whatever the direction of ties; a tie there and back is one here (Hopcroft
// and Tarjan 1973, CACM 16:372).
func CutsOf(g *Graph) Cuts {
	g = g.Undirected()
	var (
		n       = int32(g.n)
		seen    = make([]int32, n)
		low     = make([]int32, n)
		above   = make([]int32, n)
		next    = make([]int32, n)
		point   = make([]bool, n)
		path    []int32
		bridges []Tie
		count   = int32(0)
	)
	for start := range n {
		if seen[start] != 0 {
			continue
		}
		branches := 0
		path = append(path[:0], start)
		above[start] = -1
		for len(path) > 0 {
			v := path[len(path)-1]
			if seen[v] == 0 {
				count++
				seen[v], low[v], next[v] = count, count, g.out.at[v]
			}
			if next[v] < g.out.at[v+1] {
				u := g.out.to[next[v]]
				next[v]++
				if seen[u] == 0 {
					above[u] = v
					path = append(path, u)
				} else if u != above[v] { // no two ties are parallel
					low[v] = min(low[v], seen[u])
				}
				continue
			}
			path = path[:len(path)-1]
			p := above[v]
			if p < 0 {
				break
			}
			low[p] = min(low[p], low[v])
			if low[v] > seen[p] {
				bridges = append(bridges, Tie{min(p, v), max(p, v), 0})
			}
			if p == start {
				branches++
			} else if low[v] >= seen[p] {
				point[p] = true
			}
		}
		point[start] = branches > 1
	}
	cuts := Cuts{Bridges: sortedTies(bridges)}
	for i, b := range cuts.Bridges {
		for at := g.out.at[b.From]; at < g.out.at[b.From+1]; at++ {
			if g.out.to[at] == b.To {
				cuts.Bridges[i].Weight = g.out.weightAt(at)
			}
		}
	}
	for v := range n {
		if point[v] {
			cuts.Points = append(cuts.Points, v)
		}
	}
	return cuts
}
