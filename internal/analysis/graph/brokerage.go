package graph

import "context"

// Broker is how often a node v leads from one node a to another c that a has no tie to, a → v → c, by the groups of
// the three (Gould and Fernandez 1989, Sociol. Methodol. 19:89). The names of sna's columns stand behind.
type Broker struct {
	Coordinator    int64 // all of one group: w_I
	Consultant     int64 // a and c of one group, v of another, the itinerant broker: w_O
	Representative int64 // a and v of one group, c of another: b_IO
	Gatekeeper     int64 // v and c of one group, a of another: b_OI
	Liaison        int64 // of three groups: b_O
}

// All is in how many of these places it is, whatever the groups.
func (b Broker) All() int64 {
	return b.Coordinator + b.Consultant + b.Representative + b.Gatekeeper + b.Liaison
}

// MostSteps is how many paths of two ties Brokers follows, about ten seconds' worth.
const MostSteps = 2_000_000_000

// Brokers counts for each node. group[v] is the group of node v; nodes of no group, negative, take no part, and
// neither do paths through them. Without direction each path counts both ways, as in sna. It fails with ErrNode,
// ErrSize, or when ctx ends.
func Brokers(ctx context.Context, g *Graph, group []int32) ([]Broker, error) {
	if _, err := groups(g, group); err != nil {
		return nil, err
	}
	paths := 0.0
	for v := range int32(g.n) {
		paths += float64(g.in.degree(v)) * float64(g.out.degree(v))
	}
	if paths > MostSteps {
		return nil, ErrSize
	}
	out := make([]Broker, g.n)
	tied := make([]int32, g.n) // the last node that was found to lead here, by its number from 1
	for a := range int32(g.n) {
		if a&255 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if group[a] < 0 {
			continue
		}
		tied[a] = a + 1
		for _, c := range g.out.of(a) {
			tied[c] = a + 1
		}
		for _, v := range g.out.of(a) {
			if group[v] < 0 {
				continue
			}
			for _, c := range g.out.of(v) {
				if tied[c] != a+1 && group[c] >= 0 {
					out[v].count(group[a], group[v], group[c])
				}
			}
		}
	}
	return out, nil
}

func (b *Broker) count(from, by, to int32) {
	switch {
	case from == by && by == to:
		b.Coordinator++
	case from == to:
		b.Consultant++
	case from == by:
		b.Representative++
	case by == to:
		b.Gatekeeper++
	default:
		b.Liaison++
	}
}
