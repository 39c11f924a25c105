package graph

// Dyads is the census of pairs of nodes: Mutual pairs are tied both ways, Asymmetric one way, Null not at all
// (Holland and Leinhardt 1970). Without direction every tied pair is mutual.
type Dyads struct{ Mutual, Asymmetric, Null int64 }

// DyadsOf counts the pairs.
func DyadsOf(g *Graph) Dyads {
	both := int64(0)
	for v := range int32(g.n) {
		out, in := g.out.of(v), g.in.of(v)
		for i, j := 0, 0; i < len(out) && j < len(in); {
			switch {
			case out[i] < in[j]:
				i++
			case out[i] > in[j]:
				j++
			default:
				both++
				i++
				j++
			}
		}
	}
	d := Dyads{Mutual: both / 2, Asymmetric: int64(len(g.out.to)) - both}
	d.Null = int64(g.n)*int64(g.n-1)/2 - d.Mutual - d.Asymmetric
	return d
}

// TiesReturned is the share of ties that are returned, 2·Mutual ÷ (2·Mutual + Asymmetric), 0 to 1: igraph's
// reciprocity and sna's measure "edgewise". It is NaN without ties.
func (d Dyads) TiesReturned() float64 {
	return ratio(2*float64(d.Mutual), 2*float64(d.Mutual)+float64(d.Asymmetric))
}

// PairsMutual is the share of tied pairs that are tied both ways, Mutual ÷ (Mutual + Asymmetric), 0 to 1: igraph's
// mode "ratio" and sna's "dyadic.nonnull". It is NaN without ties.
func (d Dyads) PairsMutual() float64 {
	return ratio(float64(d.Mutual), float64(d.Mutual)+float64(d.Asymmetric))
}

// PairsAgreeing is the share of all pairs that are symmetric, (Mutual + Null) ÷ all, 0 to 1: sna's default measure,
// "dyadic". It is high in every thin network, because most pairs agree on having no tie. It is NaN for fewer than
// two nodes.
func (d Dyads) PairsAgreeing() float64 {
	return ratio(float64(d.Mutual)+float64(d.Null), float64(d.Mutual)+float64(d.Null)+float64(d.Asymmetric))
}
