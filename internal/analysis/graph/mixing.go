package graph

// Mixing is how ties run between groups.
type Mixing struct {
	// Ties[a][b] is how many ties lead from group a to group b. Without direction a tie between two groups counts
	// in both cells, and one within a group once in its cell.
	Ties [][]int64
	// Sizes is how many nodes each group has.
	Sizes []int64
	// Weights is Ties with the weights added up.
	Weights [][]float64

	directed bool
}

// MostGroups is how many groups nodes may be in for Mixing and Brokers.
const MostGroups = 1000

// MixingOf counts ties between groups; group[v] is the group of node v, and negative where it has none: its ties
// do not count then. It fails with ErrNode, or with ErrSize beyond MostGroups.
func MixingOf(g *Graph, group []int32) (Mixing, error) {
	n, err := groups(g, group)
	if err != nil {
		return Mixing{}, err
	}
	m := Mixing{Ties: make([][]int64, n), Weights: make([][]float64, n), Sizes: make([]int64, n), directed: g.kind.Directed}
	for a := range n {
		m.Ties[a], m.Weights[a] = make([]int64, n), make([]float64, n)
	}
	for _, a := range group {
		if a >= 0 {
			m.Sizes[a]++
		}
	}
	for t := range g.All() {
		a, b := group[t.From], group[t.To]
		if a < 0 || b < 0 {
			continue
		}
		m.Ties[a][b]++
		m.Weights[a][b] += t.Weight
		if !g.kind.Directed && a != b {
			m.Ties[b][a]++
			m.Weights[b][a] += t.Weight
		}
	}
	return m, nil
}

func groups(g *Graph, group []int32) (int, error) {
	if len(group) != g.n {
		return 0, ErrNode
	}
	n := int32(0)
	for _, a := range group {
		n = max(n, a+1)
	}
	if n > MostGroups {
		return 0, ErrSize
	}
	return int(n), nil
}

// Density is the share of possible ties from group a to group b that are there, 0 to 1; NaN where none is possible.
func (m Mixing) Density(a, b int) float64 {
	possible := float64(m.Sizes[a]) * float64(m.Sizes[b])
	if a == b {
		possible = float64(m.Sizes[a]) * float64(m.Sizes[a]-1)
		if !m.directed {
			possible /= 2
		}
	}
	return ratio(float64(m.Ties[a][b]), possible)
}

// EI is the E–I index, (ties between groups − ties within) ÷ all, −1 (all within) to 1 (all between); weights do
// not count (Krackhardt and Stern 1988, Soc. Psychol. Q. 51:123). Small groups make it high by themselves. NaN
// without ties.
func (m Mixing) EI() float64 {
	within, all := m.sums()
	return ratio(all-2*within, all)
}

// GroupEI is the E–I index of the ties of one group, sent or received.
func (m Mixing) GroupEI(a int) float64 {
	within, between := float64(m.Ties[a][a]), 0.0
	for b := range m.Ties {
		if b != a {
			between += float64(m.Ties[a][b])
			if m.directed {
				between += float64(m.Ties[b][a])
			}
		}
	}
	return ratio(between-within, between+within)
}

// sums are the ties within groups and all ties, each once.
func (m Mixing) sums() (within, all float64) {
	for a := range m.Ties {
		for b := range m.Ties {
			x := float64(m.Ties[a][b])
			if a == b {
				within += x
			} else if !m.directed {
				x /= 2
			}
			all += x
		}
	}
	return within, all
}

// Assortativity says whether ties run within groups more than the ends of ties would by chance:
// (Σ e_aa − Σ a_a·b_a) ÷ (1 − Σ a_a·b_a) with e the shares of ties and a, b their sums by row and column; at most 1
// (all within), 0 as by chance (Newman 2003, Phys. Rev. E 67:026126; igraph's nominal assortativity). Weights do not
// count. NaN without ties, and where all ends are in one group.
func (m Mixing) Assortativity() float64 {
	n := len(m.Ties)
	row, column := make([]float64, n), make([]float64, n)
	within, all := 0.0, 0.0
	for a := range n {
		for b := range n {
			ends := float64(m.Ties[a][b])
			if a == b {
				if !m.directed { // such a tie has both its ends here
					ends *= 2
				}
				within += ends
			}
			row[a] += ends
			column[b] += ends
			all += ends
		}
	}
	chance := 0.0
	for a := range n {
		chance += row[a] / all * (column[a] / all)
	}
	return ratio(within/all-chance, 1-chance)
}
