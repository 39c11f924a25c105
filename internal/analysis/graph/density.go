package graph

// Density is the share of all possible ties that are there: m ÷ n(n − 1) where ties have a direction and
// 2m ÷ n(n − 1) where not, 0 to 1 (Wasserman and Faust 1994, 4.1). Loops are no possible ties and weights do not
// count. It is NaN for fewer than two nodes.
func Density(g *Graph) float64 { return ratio(float64(g.ties), slots(g)) }

// MeanDegree is how many ties a node has on average: m ÷ n where ties have a direction (the mean in-degree and
// out-degree are the same), 2m ÷ n where not; 0 to n − 1. It is NaN for no nodes.
func MeanDegree(g *Graph) float64 { return ratio(float64(len(g.out.to)), float64(g.n)) }

// slots is how many ties there could be.
func slots(g *Graph) float64 {
	all := float64(g.n) * float64(g.n-1)
	if g.kind.Directed {
		return all
	}
	return all / 2
}
