package graph

import "math"

// eigen gives the eigenvalues of the symmetric matrix in the first k rows and columns of small, and their vectors as
// columns: Householder's reflections make it tridiagonal, and implicit QL steps diagonal (Wilkinson and Reinsch
// 1971, II/2 and II/3).
func eigen(small []float64, stride, k int) (values, vectors []float64) {
	a := make([]float64, k*k)
	for i := range k {
		copy(a[i*k:(i+1)*k], small[i*stride:i*stride+k])
	}
	d, e, q := tridiagonal(a, k)
	ql(d, e, q, k)
	return d, q
}

// tridiagonal turns a into one with diagonal d and, beside it, e (e[i] between i and i + 1); q has the turns.
func tridiagonal(a []float64, k int) (d, e, q []float64) {
	d, e, q = make([]float64, k), make([]float64, k), make([]float64, k*k)
	for i := range k {
		q[i*k+i] = 1
	}
	v, p := make([]float64, k), make([]float64, k)
	for c := 0; c+2 < k; c++ {
		// The reflection that leaves of column c nothing below c + 1.
		length := 0.0
		for i := c + 1; i < k; i++ {
			v[i] = a[i*k+c]
			length += v[i] * v[i]
		}
		length = math.Sqrt(length)
		if length == 0 {
			continue
		}
		if v[c+1] > 0 {
			length = -length
		}
		v[c+1] -= length
		square := 0.0
		for i := c + 1; i < k; i++ {
			square += v[i] * v[i]
		}
		if square == 0 {
			continue
		}
		beta := 2 / square
		// a = (I − βvvᵀ) a (I − βvvᵀ), q = q (I − βvvᵀ).
		reflect := func(m []float64, rows bool) {
			for i := range k {
				sum := 0.0
				for j := c + 1; j < k; j++ {
					if rows {
						sum += m[i*k+j] * v[j]
					} else {
						sum += m[j*k+i] * v[j]
					}
				}
				p[i] = beta * sum
			}
			for i := range k {
				for j := c + 1; j < k; j++ {
					if rows {
						m[i*k+j] -= p[i] * v[j]
					} else {
						m[j*k+i] -= p[i] * v[j]
					}
				}
			}
		}
		reflect(a, false)
		reflect(a, true)
		reflect(q, true)
	}
	for i := range k {
		d[i] = a[i*k+i]
		if i+1 < k {
			e[i] = a[(i+1)*k+i]
		}
	}
	return d, e, q
}

// ql makes e nothing and turns q along, so that its columns belong to the values in d.
func ql(d, e, q []float64, k int) {
	for l := range k {
		for range 60 {
			m := l
			for m+1 < k && math.Abs(e[m]) > 1e-16*(math.Abs(d[m])+math.Abs(d[m+1])) {
				m++
			}
			if m == l {
				break
			}
			g := (d[l+1] - d[l]) / (2 * e[l])
			r := math.Hypot(g, 1)
			g = d[m] - d[l] + e[l]/(g+math.Copysign(r, g))
			s, c, p := 1.0, 1.0, 0.0
			i := m - 1
			for ; i >= l; i-- {
				f, b := s*e[i], c*e[i]
				r = math.Hypot(f, g)
				e[i+1] = r
				if r == 0 {
					d[i+1] -= p
					e[m] = 0
					break
				}
				s, c = f/r, g/r
				g = d[i+1] - p
				r = (d[i]-g)*s + 2*c*b
				p = s * r
				d[i+1] = g + p
				g = c*r - b
				for row := range k {
					x, y := q[row*k+i], q[row*k+i+1]
					q[row*k+i+1] = s*x + c*y
					q[row*k+i] = c*x - s*y
				}
			}
			if r == 0 && i >= l {
				continue
			}
			d[l] -= p
			e[l] = g
			e[m] = 0
		}
	}
}
