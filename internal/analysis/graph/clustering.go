package graph

import (
	"context"
	"math"
)

// Clusters says how much the neighbors of nodes are neighbors of each other. Direction is not looked at.
type Clusters struct {
	// Triangles is how many triangles there are, Triples how many pairs of ties meet at a node.
	Triangles, Triples int64
	// Local is for each node its triangles ÷ the pairs of its neighbors, 0 to 1 (Watts and Strogatz 1998); NaN
	// with fewer than two neighbors.
	Local []float64
	// Weighted is Local with each triangle counting by the mean weight of the two ties of the node in it:
	// Σ(w_ij + w_ih)/2 ÷ s(k − 1) over ordered pairs j, h of neighbors that are tied (Barrat and others 2004, PNAS
	// 101:3747), as igraph's transitivity with weights. nil without weights.
	Weighted []float64
}

// Global is 3·Triangles ÷ Triples, 0 to 1 (Newman, Watts and Strogatz 2002), igraph's transitivity; NaN without
// triples.
func (c Clusters) Global() float64 { return ratio(3*float64(c.Triangles), float64(c.Triples)) }

// Mean is the mean of Local over the nodes that have one, as igraph with mode "nan"; NaN where none has.
func (c Clusters) Mean() float64 {
	sum, n := 0.0, 0
	for _, l := range c.Local {
		if !math.IsNaN(l) {
			sum += l
			n++
		}
	}
	return ratio(sum, float64(n))
}

// Clustering counts triangles. Each tie is looked at from the end with fewer ties, so it takes at most m·√m steps
// (Chiba and Nishizeki 1985). It stops when ctx ends.
func Clustering(ctx context.Context, g *Graph) (Clusters, error) {
	g = g.Undirected()
	c := Clusters{Local: make([]float64, g.n)}
	f := forwards(g)
	pieces := 1
	if len(f.to) > 1<<16 {
		pieces = 8
	}
	counts, weights := make([][]int64, pieces), make([][]float64, pieces)
	err := inPieces(ctx, pieces, func() []int32 { return make([]int32, g.n) }, func(mark []int32, piece int) {
		clear(mark)
		counts[piece] = make([]int64, g.n)
		if f.weight != nil {
			weights[piece] = make([]float64, g.n)
		}
		from, to := stretch(g.n, piece, pieces)
		for v := int32(from); v < int32(to) && (v&1023 != 0 || ctx.Err() == nil); v++ {
			f.triangles(v, mark, counts[piece], weights[piece])
		}
	})
	if err != nil {
		return Clusters{}, err
	}
	if g.kind.Weighted {
		c.Weighted = added(g.n, weights)
	}
	strength := OutStrengths(g)
	corners := int64(0)
	for v := range c.Local {
		k, mine := int64(g.out.degree(int32(v))), int64(0)
		for _, part := range counts {
			mine += part[v]
		}
		corners += mine
		c.Triples += k * (k - 1) / 2
		c.Local[v] = ratio(float64(mine), float64(k)*float64(k-1)/2)
		if c.Weighted != nil {
			c.Weighted[v] = ratio(c.Weighted[v], strength[v]*float64(k-1))
		}
	}
	c.Triangles = corners / 3
	return c, nil
}

// forwards keeps of each tie the arc from the end with fewer ties, so that rows are short: none has more than
// √(2m).
func forwards(g *Graph) rows {
	r := rows{at: make([]int32, g.n+1), to: make([]int32, 0, g.ties)}
	if g.kind.Weighted {
		r.weight = make([]float64, 0, g.ties)
	}
	for v := range int32(g.n) {
		d := g.out.degree(v)
		for i := g.out.at[v]; i < g.out.at[v+1]; i++ {
			u := g.out.to[i]
			if e := g.out.degree(u); d < e || d == e && v < u {
				r.to = append(r.to, u)
				if r.weight != nil {
					r.weight = append(r.weight, g.out.weight[i])
				}
			}
		}
		r.at[v+1] = int32(len(r.to))
	}
	return r
}

// triangles finds those of which v is the lowest: its arcs are marked with their place, and arcs of its neighbors
// that meet a mark close a triangle.
func (r *rows) triangles(v int32, mark []int32, count []int64, weight []float64) {
	for i := r.at[v]; i < r.at[v+1]; i++ {
		mark[r.to[i]] = i + 1
	}
	for i := r.at[v]; i < r.at[v+1]; i++ {
		u := r.to[i]
		for j := r.at[u]; j < r.at[u+1]; j++ {
			w := r.to[j]
			k := mark[w] - 1
			if k < 0 {
				continue
			}
			count[v]++
			count[u]++
			count[w]++
			if weight != nil { // of both orders of the two, the mean twice
				weight[v] += r.weight[i] + r.weight[k]
				weight[u] += r.weight[i] + r.weight[j]
				weight[w] += r.weight[j] + r.weight[k]
			}
		}
	}
	for i := r.at[v]; i < r.at[v+1]; i++ {
		mark[r.to[i]] = 0
	}
}
