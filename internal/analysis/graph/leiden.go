package graph

import (
	"context"
	"math/rand/v2"
)

// level is a graph whose nodes are communities of the level below: rows with weights and no loops, and the strength
// of each node, which the ties within it are part of.
type level struct {
	n        int
	at, to   []int32
	weight   []float64
	strength []float64
}

// leiden holds what a search needs, made once and used for every level.
type leiden struct {
	ground  level
	gamma   float64 // resolution ÷ the strength of all
	chance  *rand.Rand
	sum     []float64 // weight to each community from the node at hand
	touched []int32   // the communities for which sum is not 0
	part    []float64 // strength of each community
	size    []int32   // nodes of each community
	queue   []int32
	queued  []bool
	cut     []float64 // while refining, weight from each refined part to the rest of its community
	alone   []bool
	order   []int32
	start   []int32
}

func newLeiden(g *Graph, search Search) *leiden {
	l := &leiden{chance: chance(search.Seed, 1), sum: make([]float64, g.n), part: make([]float64, g.n), size: make([]int32, g.n),
		queue: make([]int32, g.n), queued: make([]bool, g.n), cut: make([]float64, g.n), alone: make([]bool, g.n), order: make([]int32, g.n), start: make([]int32, g.n+1)}
	l.ground = level{n: g.n, at: g.out.at, to: g.out.to, weight: g.out.weight, strength: OutStrengths(g)}
	if l.ground.weight == nil {
		l.ground.weight = make([]float64, len(g.out.to))
		for i := range l.ground.weight {
			l.ground.weight[i] = 1
		}
	}
	all := 0.0
	for _, s := range l.ground.strength {
		all += s
	}
	l.gamma = search.Resolution / all
	return l
}

// round goes once over the whole: nodes move, communities are refined, and what was refined becomes the nodes of
// the next level, until every community is one node.
func (l *leiden) round(ctx context.Context, of []int32) ([]int32, error) {
	top := &l.ground
	node := make([]int32, top.n) // which node of the level each node of the graph is in
	for v := range node {
		node[v] = int32(v)
	}
	of = append([]int32(nil), of...) // by nodes of the level
	for {
		if err := l.move(ctx, top, of); err != nil {
			return nil, err
		}
		communities := l.number(top, of)
		if communities == top.n {
			break
		}
		refined, n := l.refine(top, of)
		if n == top.n {
			// Nothing could be merged within any community. Each hangs together only where it is one node or
			// stays together as a whole, so its components are what is merged.
			refined, n = l.connected(top, of)
			if n == top.n {
				copy(of, refined)
				break
			}
		}
		below := make([]int32, n)
		for v, r := range refined {
			below[r] = of[v]
		}
		top = l.merged(top, refined, n)
		for v := range node {
			node[v] = refined[node[v]]
		}
		of = below
	}
	out := make([]int32, len(node))
	for v := range out {
		out[v] = of[node[v]]
	}
	return out, nil
}

// move lets each node join the neighboring community that gains most, until none gains by it. After a move only the
// neighbors are looked at again.
func (l *leiden) move(ctx context.Context, g *level, of []int32) error {
	part, size, queued, sum := l.part[:g.n], l.size[:g.n], l.queued[:g.n], l.sum
	clear(part)
	clear(size)
	for v, c := range of {
		part[c] += g.strength[v]
		size[c]++
	}
	var empty []int32
	for c := range size {
		if size[c] == 0 {
			empty = append(empty, int32(c))
		}
	}
	queue := l.queue[:g.n]
	for v := range queue {
		queue[v] = int32(v)
		queued[v] = true
	}
	shuffle(queue, l.chance)
	waiting, head := g.n, 0
	for step := 0; waiting > 0; step++ {
		if step&4095 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		v := queue[head]
		if head++; head == g.n {
			head = 0
		}
		waiting--
		queued[v] = false
		touched := l.touched[:0]
		from, to := g.at[v], g.at[v+1]
		neighbors, weights := g.to[from:to], g.weight[from:to]
		for i, u := range neighbors {
			c := of[u]
			if sum[c] == 0 {
				touched = append(touched, c)
			}
			sum[c] += weights[i]
		}
		old := of[v]
		pull := l.gamma * g.strength[v]
		part[old] -= g.strength[v]
		best, most := old, sum[old]-pull*part[old]
		stay := most
		for _, c := range touched {
			if gain := sum[c] - pull*part[c]; gain > most {
				best, most = c, gain
			}
			sum[c] = 0
		}
		sum[old] = 0
		l.touched = touched
		if most <= stay+1e-12*pull { // moves that gain by rounding only would go on for ever
			best, most = old, stay
		}
		if most < 0 && size[old] > 1 && len(empty) > 0 { // better alone
			best = empty[len(empty)-1]
			empty = empty[:len(empty)-1]
		}
		part[best] += g.strength[v]
		if best == old {
			continue
		}
		size[best]++
		if size[old]--; size[old] == 0 {
			empty = append(empty, old)
		}
		of[v] = best
		for _, u := range neighbors {
			if !queued[u] && of[u] != best {
				queued[u] = true
				at := head + waiting
				if at >= g.n {
					at -= g.n
				}
				queue[at] = u
				waiting++
			}
		}
	}
	return nil
}

// number makes communities 0, 1, 2, … and tells how many there are.
func (l *leiden) number(g *level, of []int32) int {
	number := l.start[:g.n]
	for i := range number {
		number[i] = -1
	}
	n := int32(0)
	for v, c := range of {
		if number[c] < 0 {
			number[c] = n
			n++
		}
		of[v] = number[c]
	}
	return int(n)
}

// refine parts each community anew: every node begins alone, and joins the part within its community that gains
// most where both are tied well to the rest of the community. Parts therefore hang together.
func (l *leiden) refine(g *level, of []int32) (refined []int32, parts int) {
	whole := l.part[:g.n] // strength of communities, then of parts
	clear(whole)
	for v, c := range of {
		whole[c] += g.strength[v]
	}
	refined = make([]int32, g.n)
	mine := make([]float64, g.n) // strength of a part
	cut, alone, sum := l.cut[:g.n], l.alone[:g.n], l.sum
	for v := range int32(g.n) {
		refined[v], mine[v], alone[v], cut[v] = v, g.strength[v], true, 0
		for i := g.at[v]; i < g.at[v+1]; i++ {
			if of[g.to[i]] == of[v] {
				cut[v] += g.weight[i]
			}
		}
	}
	order := l.order[:g.n]
	for v := range order {
		order[v] = int32(v)
	}
	shuffle(order, l.chance)
	for _, v := range order {
		k := g.strength[v]
		if !alone[v] || cut[v] < l.gamma*k*(whole[of[v]]-k) {
			continue
		}
		touched := l.touched[:0]
		for i := g.at[v]; i < g.at[v+1]; i++ {
			u := g.to[i]
			if of[u] != of[v] {
				continue
			}
			if r := refined[u]; sum[r] == 0 {
				touched = append(touched, r)
				sum[r] = g.weight[i]
			} else {
				sum[r] += g.weight[i]
			}
		}
		best, most := v, 0.0
		for _, r := range touched {
			if gain := sum[r] - l.gamma*k*mine[r]; gain > most && cut[r] >= l.gamma*mine[r]*(whole[of[v]]-mine[r]) {
				best, most = r, gain
			}
		}
		if best != v {
			refined[v] = best
			mine[best] += k
			cut[best] += cut[v] - 2*sum[best]
			alone[best] = false
		}
		for _, r := range touched {
			sum[r] = 0
		}
		l.touched = touched
	}
	return refined, l.number(g, refined)
}

// connected are the components of communities.
func (l *leiden) connected(g *level, of []int32) ([]int32, int) {
	part := make([]int32, g.n)
	for v := range part {
		part[v] = -1
	}
	n := int32(0)
	queue := l.order[:0]
	for start := range int32(g.n) {
		if part[start] >= 0 {
			continue
		}
		part[start] = n
		queue = append(queue[:0], start)
		for head := 0; head < len(queue); head++ {
			v := queue[head]
			for _, u := range g.to[g.at[v]:g.at[v+1]] {
				if part[u] < 0 && of[u] == of[v] {
					part[u] = n
					queue = append(queue, u)
				}
			}
		}
		n++
	}
	return part, int(n)
}

// merged is the level of which each node is a part of the one below.
func (l *leiden) merged(g *level, part []int32, n int) *level {
	m := &level{n: n, at: make([]int32, n+1), strength: make([]float64, n)}
	start, members := l.start[:n+1], l.order[:g.n]
	clear(start)
	for v, p := range part {
		start[p]++
		m.strength[p] += g.strength[v]
	}
	for p, at := 0, int32(0); p <= n; p++ {
		if p < n {
			start[p], at = at, at+start[p]
		} else {
			start[p] = at
		}
	}
	for v, p := range part {
		members[start[p]] = int32(v)
		start[p]++
	}
	sum := l.sum
	m.to = make([]int32, 0, len(g.to)/2)
	m.weight = make([]float64, 0, len(g.to)/2)
	begin := int32(0)
	for p := range int32(n) {
		first := len(m.to)
		for _, v := range members[begin:start[p]] {
			for i := g.at[v]; i < g.at[v+1]; i++ {
				q := part[g.to[i]]
				if q == p {
					continue
				}
				if sum[q] == 0 {
					m.to = append(m.to, q)
				}
				sum[q] += g.weight[i]
			}
		}
		for _, q := range m.to[first:] {
			m.weight = append(m.weight, sum[q])
			sum[q] = 0
		}
		begin = start[p]
		m.at[p+1] = int32(len(m.to))
	}
	return m
}
