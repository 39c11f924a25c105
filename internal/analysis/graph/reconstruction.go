package graph

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Measure is a number taken of a graph.
type Measure func(*Graph) float64

// Plausible is how a measure comes out where the unknown ties are filled in by what is known.
type Plausible struct {
	Range         // from the 2.5th to the 97.5th of a hundred
	Mean  float64 // of all draws in which the measure is defined
	Draws int     // in which it is defined
}

const (
	// MostDraws is how often Reconstruct may fill in.
	MostDraws = 10_000
	// MostUnknownPairs is how many pairs it may fill in each time.
	MostUnknownPairs = 4_000_000
)

// Reconstruct fills in the ties that nobody who answered could have told of, again and again, and takes measures of
// each whole. How likely ties are is taken from those who answered, drawn with putting back each time, so that few
// answers give wide ranges (the vertex bootstrap of Snijders and Borgatti 1999, Connections 22:161):
//
//   - where one who answered named one who did not, the tie is returned as often as among those who answered, and
//     where they did not name them, it leads there as often as that happens among them (reconstruction, Stork and
//     Richards 1992, made a matter of chance as in Huisman 2009, J. Soc. Struct. 10:1);
//   - two who did not answer are tied as often as two who did, both ways, one way or not at all.
//
// This takes those who did not answer to be like the others, which may be wrong: Answers' own ranges do not. Filled
// in ties weigh 1, or the mean weight. It needs three who answered, else there is nothing to go by and every range
// is NaN. It fails with ErrSize, ErrNode, or when ctx ends.
func (a *Answers) Reconstruct(ctx context.Context, draws int, seed uint64, measures ...Measure) ([]Plausible, error) {
	unknown := a.silent
	if a.g.kind.Directed {
		unknown += a.named + a.unnamed
	}
	if draws < 1 || draws > MostDraws || unknown > MostUnknownPairs {
		return nil, ErrSize
	}
	f := a.filling()
	out := make([]Plausible, len(measures))
	if len(f.yes) < 3 {
		for i := range out {
			out[i] = Plausible{Range{math.NaN(), math.NaN()}, math.NaN(), 0}
		}
		return out, nil
	}
	values := make([][]float64, draws)
	failed := make([]error, draws)
	err := inPieces(ctx, draws, func() struct{} { return struct{}{} }, func(_ struct{}, draw int) {
		whole, err := f.draw(chance(seed, uint64(draw)))
		if err != nil {
			failed[draw] = err
			return
		}
		for _, m := range measures {
			values[draw] = append(values[draw], m(whole))
		}
	})
	if err != nil {
		return nil, err
	}
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	for i := range out {
		out[i] = plausible(values, i)
	}
	return out, nil
}

func plausible(values [][]float64, measure int) Plausible {
	var all []float64
	for _, draw := range values {
		if x := draw[measure]; !math.IsNaN(x) {
			all = append(all, x)
		}
	}
	p := Plausible{Range{math.NaN(), math.NaN()}, math.NaN(), len(all)}
	if len(all) == 0 {
		return p
	}
	slices.Sort(all)
	p.Low, p.High = all[int(0.025*float64(len(all)))], all[int(math.Ceil(0.975*float64(len(all))))-1]
	p.Mean = 0
	for _, x := range all {
		p.Mean += x / float64(len(all))
	}
	return p
}

// filling is what every draw begins with.
type filling struct {
	*Answers
	known   []Tie
	yes, no []int32
	weight  float64
}

func (a *Answers) filling() *filling {
	f := &filling{Answers: a, weight: 1}
	for v, is := range a.answered {
		if is {
			f.yes = append(f.yes, int32(v))
		} else {
			f.no = append(f.no, int32(v))
		}
	}
	sum := 0.0
	for t := range a.g.All() {
		if a.answered[t.From] || !a.g.kind.Directed && a.answered[t.To] {
			f.known = append(f.known, t)
			sum += t.Weight
		}
	}
	if len(f.known) > 0 {
		f.weight = sum / float64(len(f.known))
	}
	return f
}

// rates are how often two who answered are tied.
type rates struct{ both, one, returned, unasked float64 }

// bootstrap draws from those who answered. A pair counts as often as both its ends were drawn, multiplied; one node
// drawn twice makes no pair with itself.
func (f *filling) bootstrap(c *rand.Rand) rates {
	times := make([]float64, f.g.n)
	for range f.yes {
		times[f.yes[c.IntN(len(f.yes))]]++
	}
	n, squares := float64(len(f.yes)), 0.0
	for _, v := range f.yes {
		squares += times[v] * times[v]
	}
	pairs := (n*n - squares) / 2
	both, one := 0.0, 0.0
	for _, t := range f.known {
		if !f.answered[t.From] || !f.answered[t.To] {
			continue
		}
		count := times[t.From] * times[t.To]
		if !f.g.kind.Directed {
			both += count
		} else if f.g.Has(t.To, t.From) {
			both += count / 2
		} else {
			one += count
		}
	}
	if pairs == 0 { // one node was drawn every time
		return rates{}
	}
	r := rates{both: both / pairs, one: one / pairs}
	if both > 0 {
		r.returned = 2 * both / (2*both + one)
	}
	if null := pairs - both - one; one+null > 0 {
		r.unasked = one / (one + 2*null)
	}
	return r
}

func (f *filling) draw(c *rand.Rand) (*Graph, error) {
	r := f.bootstrap(c)
	ties := slices.Clone(f.known)
	for i, v := range f.no {
		if f.g.kind.Directed {
			for _, u := range f.yes {
				likely := r.unasked
				if f.g.Has(u, v) {
					likely = r.returned
				}
				if c.Float64() < likely {
					ties = append(ties, Tie{v, u, f.weight})
				}
			}
		}
		for _, u := range f.no[i+1:] {
			switch x := c.Float64(); {
			case x < r.both:
				ties = append(ties, Tie{v, u, f.weight})
				if f.g.kind.Directed {
					ties = append(ties, Tie{u, v, f.weight})
				}
			case x < r.both+r.one:
				if c.IntN(2) == 0 {
					u, v := v, u
					ties = append(ties, Tie{v, u, f.weight})
				} else {
					ties = append(ties, Tie{v, u, f.weight})
				}
			}
		}
	}
	return New(f.g.n, ties, f.g.kind)
}
