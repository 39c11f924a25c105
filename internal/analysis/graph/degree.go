package graph

// OutDegrees is how many ties lead from each node, 0 to n − 1; without direction, how many ties it has.
func OutDegrees(g *Graph) []int { return degrees(g.n, g.out) }

// InDegrees is how many ties lead to each node, 0 to n − 1; without direction, how many ties it has.
func InDegrees(g *Graph) []int { return degrees(g.n, g.in) }

// Degrees is how many ties each node has. With direction those out and in are added up, as igraph's mode "all" and
// sna's "freeman" do, so that a tie there and back counts twice: 0 to 2(n − 1).
func Degrees(g *Graph) []int {
	all := OutDegrees(g)
	if g.kind.Directed {
		for v := range all {
			all[v] += g.in.degree(int32(v))
		}
	}
	return all
}

func degrees(n int, r rows) []int {
	out := make([]int, n)
	for v := range out {
		out[v] = r.degree(int32(v))
	}
	return out
}

// OutStrengths is the weight of the ties from each node, added up (Barrat and others 2004, PNAS 101:3747); without
// weights it is the degree. sna's degree does this whenever ties have values.
func OutStrengths(g *Graph) []float64 { return strengths(g.n, g.out) }

// InStrengths is the weight of the ties to each node, added up.
func InStrengths(g *Graph) []float64 { return strengths(g.n, g.in) }

// Strengths is the weight of the ties of each node, out and in added up where they have a direction.
func Strengths(g *Graph) []float64 {
	all := OutStrengths(g)
	if g.kind.Directed {
		for v, in := range InStrengths(g) {
			all[v] += in
		}
	}
	return all
}

func strengths(n int, r rows) []float64 {
	out := make([]float64, n)
	for v := range out {
		if r.weight == nil {
			out[v] = float64(r.degree(int32(v)))
			continue
		}
		for _, w := range r.weights(int32(v)) {
			out[v] += w
		}
	}
	return out
}
