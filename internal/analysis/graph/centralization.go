package graph

import "math"

// DegreeCentralization says how much the ties gather at one node: Σ(d_max − d) ÷ the most it could be, 0 (all have
// the same) to 1 (Freeman 1979, Social Networks 1:215). The most is (n − 1)(n − 2) without direction, that of a
// star, and 2(n − 1)(n − 2) for the degrees of both directions added up, that of a star whose ties all go both
// ways; sna's "freeman" divides alike. igraph allows for loops unless told otherwise, and then is smaller. It is
// NaN for fewer than three nodes.
func DegreeCentralization(g *Graph) float64 {
	most := float64(g.n-1) * float64(g.n-2)
	if g.kind.Directed {
		most *= 2
	}
	return centralization(Degrees(g), most, g.n)
}

// InDegreeCentralization is the same of ties received, 0 to 1; the most is (n − 1)², of a star whose ties all lead
// to the middle. Without direction it is DegreeCentralization. It is NaN for fewer than three nodes.
func InDegreeCentralization(g *Graph) float64 {
	return oneWay(g, InDegrees(g))
}

// OutDegreeCentralization is the same of ties sent.
func OutDegreeCentralization(g *Graph) float64 {
	return oneWay(g, OutDegrees(g))
}

func oneWay(g *Graph, degrees []int) float64 {
	if !g.kind.Directed {
		return DegreeCentralization(g)
	}
	return centralization(degrees, float64(g.n-1)*float64(g.n-1), g.n)
}

// BetweennessCentralization is the same of betweenness as Betweenness gives it, 0 to 1; the most is
// (n − 1)²(n − 2), of a star, and half of it without direction (Freeman 1979). Give it betweenness of steps: with
// lengths a star need not be the most. It is NaN for fewer than three nodes.
func BetweennessCentralization(g *Graph, betweenness []float64) float64 {
	most := float64(g.n-1) * float64(g.n-1) * float64(g.n-2)
	if !g.kind.Directed {
		most /= 2
	}
	return centralization(betweenness, most, g.n)
}

func centralization[T int | float64](values []T, most float64, n int) float64 {
	if n < 3 || len(values) != n {
		return math.NaN()
	}
	top := values[0]
	for _, v := range values {
		top = max(top, v)
	}
	sum := 0.0
	for _, v := range values {
		sum += float64(top - v)
	}
	return sum / most
}
