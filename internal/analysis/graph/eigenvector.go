package graph

import (
	"context"
	"math"
)

// Eigenvector is the centrality of each node by that of its neighbors: x = Ax ÷ λ for the largest λ, each tie by
// its weight; with direction, by those whose ties lead to it (Bonacich 1972). It is scaled so that the largest is 1,
// as igraph does; sna and others scale the sum of squares to 1. 0 to 1.
//
// Where several components have the same λ, each gets the share that the degrees of its nodes give it. Where a
// directed graph has no circle, λ is 0 and so is every value. Without ties every value is 1, as in igraph. It fails
// when ctx ends, and with ErrNoConvergence where a directed graph has no single answer: two strong components, one
// leading to the other, have the same λ, for one.
func Eigenvector(ctx context.Context, g *Graph) ([]float64, error) {
	n := g.n
	x := make([]float64, n)
	if len(g.out.to) == 0 {
		for v := range x {
			x[v] = 1
		}
		return x, nil
	}
	if g.kind.Directed {
		if len(StrongComponents(g).Sizes) == n {
			return x, nil
		}
		return powers(ctx, g)
	}
	copy(x, OutStrengths(g))
	if err := lanczos(ctx, &g.in, x); err != nil {
		return nil, err
	}
	scaleToOne(x)
	return x, nil
}

func scaleToOne(x []float64) {
	top := 0.0
	for _, value := range x {
		if math.Abs(value) > math.Abs(top) {
			top = value
		}
	}
	for v := range x {
		x[v] = max(0, x[v]/top)
		if x[v] < 1e-14 { // of another component
			x[v] = 0
		}
	}
}

// times is y = Ax.
func (r *rows) times(x, y []float64) {
	for v := range y {
		sum := 0.0
		if r.weight == nil {
			for _, u := range r.to[r.at[v]:r.at[v+1]] {
				sum += x[u]
			}
		} else {
			weights := r.weight[r.at[v]:r.at[v+1]]
			for i, u := range r.to[r.at[v]:r.at[v+1]] {
				sum += x[u] * weights[i]
			}
		}
		y[v] = sum
	}
}

// powers multiplies by A + λI over and over, where the shift keeps circles of even length from swinging.
func powers(ctx context.Context, g *Graph) ([]float64, error) {
	x, y := make([]float64, g.n), make([]float64, g.n)
	for v, s := range InStrengths(g) {
		x[v] = 1 + s
	}
	shift := 0.0
	const rounds = 20_000
	for round := range rounds {
		if round&63 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		g.in.times(x, y)
		top, most := 0.0, 0.0
		for v := range y {
			most = max(most, y[v])
			y[v] += shift * x[v]
			top = max(top, y[v])
		}
		moved := 0.0
		for v := range y {
			y[v] /= top
			moved = max(moved, math.Abs(y[v]-x[v]))
		}
		x, y = y, x
		if round > 2 && moved < 1e-14 {
			scaleToOne(x)
			return x, nil
		}
		if round < 20 {
			shift = most / 4 // near a quarter of λ once x has a shape
		}
	}
	return nil, ErrNoConvergence
}

const (
	krylov    = 20 // vectors held at once
	kept      = 6  // of them over a restart
	tolerance = 1e-12
)

// lanczos makes of x the eigenvector of the largest eigenvalue of a symmetric matrix, as far as x has a part in it
// (thick restarts, Wu and Simon 2000, SIAM J. Matrix Anal. Appl. 22:602, with every vector made orthogonal to all).
func lanczos(ctx context.Context, r *rows, x []float64) error {
	n := len(x)
	most := min(krylov, n)
	basis := make([][]float64, 0, most+1)
	small := make([]float64, most*most) // the matrix as the basis sees it
	next := append([]float64(nil), x...)
	scale(next, 1/norm(next))
	const restarts = 5000
	for range restarts {
		beta, first := 0.0, 0
		for len(basis) < most {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			j := len(basis)
			basis = append(basis, next)
			y := make([]float64, n)
			r.times(next, y)
			// Only the last two have a part in y, but for rounding, and right after a restart all; what rounding
			// leaves is taken out by the second pass.
			for i := first; i < len(basis); i++ {
				h := dot(basis[i], y)
				subtract(y, basis[i], h)
				small[i*most+j], small[j*most+i] = h, h
			}
			first = j
			for _, b := range basis {
				subtract(y, b, dot(b, y))
			}
			beta = norm(y)
			if next = y; beta <= 1e-13*math.Abs(small[0])+1e-300 {
				break // the basis holds all that x has a part in
			}
			scale(next, 1/beta)
		}
		k := len(basis)
		values, vectors := eigen(small, most, k)
		top := 0
		for i := range values {
			if values[i] > values[top] {
				top = i
			}
		}
		if k < krylov && k == n || beta*math.Abs(vectors[(k-1)*k+top]) <= tolerance*math.Abs(values[top]) || beta <= 1e-13*math.Abs(values[top]) {
			combine(x, basis, vectors, k, top)
			return nil
		}
		basis = restarted(basis, small, most, values, vectors)
	}
	return ErrNoConvergence
}

// restarted keeps what the basis knows of the largest eigenvalues.
func restarted(basis [][]float64, small []float64, stride int, values, vectors []float64) [][]float64 {
	k := len(basis)
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	for i := 1; i < k; i++ {
		for j := i; j > 0 && values[order[j]] > values[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	n := min(kept, k-1)
	fresh := make([][]float64, n, cap(basis))
	for i := range fresh {
		fresh[i] = make([]float64, len(basis[0]))
		combine(fresh[i], basis, vectors, k, order[i])
	}
	clear(small)
	for i := range fresh {
		small[i*stride+i] = values[order[i]]
	}
	return fresh
}

func combine(out []float64, basis [][]float64, vectors []float64, k, column int) {
	clear(out)
	for i, b := range basis {
		subtract(out, b, -vectors[i*k+column])
	}
}

func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+3 < len(a) && i+3 < len(b); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func scale(a []float64, by float64) {
	for i := range a {
		a[i] *= by
	}
}

func subtract(a, b []float64, times float64) {
	b = b[:len(a)]
	for i := range a {
		a[i] -= times * b[i]
	}
}
