package networkmap

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/graph"
	"commontable/internal/analysis/layout"
	"commontable/internal/backbone/directory"
)

// Places are worked out from the first years on: those of the first stretch of years
// begin from where the ids of the organizations put them, those of each later stretch
// from where the one before left them. So what is long past stays where it is, and
// what is new today moves its neighbors a little. Nothing of it is stored.

// stretch is how many years are laid out at once: fewer where that is quick.
func stretch(organizations int) int {
	switch {
	case organizations <= 600:
		return 1
	case organizations <= 2000:
		return 5
	}
	return 10
}

const (
	// mostStretches is how many are laid out; all before them count as one.
	mostStretches = 30
	// strongest is how many ties of bodies and meetings are looked at for each
	// organization: one assembly would tie everybody to everybody.
	strongest = 6
)

// place gives the nodes their places, and says how far all places reach.
func (s *source) place(nodes []Node) (e Extent, err error) {
	if s.at == nil {
		if s.at, err = s.places(); err != nil {
			return e, err
		}
	}
	at, first := s.at, true
	for _, p := range at {
		if first {
			e, first = Extent{p.X, p.Y, p.X, p.Y}, false
		}
		e = Extent{min(e.Left, p.X), min(e.Top, p.Y), max(e.Right, p.X), max(e.Bottom, p.Y)}
	}
	for k := range nodes {
		if p, ok := at[nodes[k].ID]; ok {
			nodes[k].Placed, nodes[k].X, nodes[k].Y = true, math.Round(p.X*1000)/1000, math.Round(p.Y*1000)/1000
		}
	}
	return e, nil
}

// places are those of everybody who was ever tied, as far as whoever asks may know.
func (s *source) places() (map[directory.OrganizationID]layout.Point, error) {
	today, err := day.Parse(s.c.Today())
	if err != nil {
		return nil, err
	}
	at := map[directory.OrganizationID]layout.Point{}
	content := sha256.New()
	var key [sha256.Size]byte
	years := stretch(len(s.organizations))
	last := today.Year() / years * years
	first := max(s.firstYear(last)/years*years, last-(mostStretches-1)*years)
	begin := day.Of(1900, 1, 1)
	for year := first; year <= last; year += years {
		end := day.Of(year+years, 1, 1)
		if year == last {
			end = max(end, today+1)
		}
		ties, err := s.during(day.Span{From: begin, Until: end}, year == last)
		if err != nil {
			return nil, err
		}
		begin = end
		if len(ties) == 0 {
			continue
		}
		for _, t := range ties {
			content.Write(t.a[:])
			content.Write(t.b[:])
		}
		_ = binary.Write(content, binary.BigEndian, int64(year)) // a hash takes everything
		content.Sum(key[:0])
		if at, err = remembered.of(key, func() (map[directory.OrganizationID]layout.Point, error) { return goOn(s.c.Context(), at, ties) }); err != nil {
			return nil, err
		}
	}
	return at, nil
}

// firstYear is the year of the first tie with a day.
func (s *source) firstYear(first int) int {
	earlier := func(text string) {
		if d, err := day.Parse(text); err == nil {
			first = min(first, d.Year())
		}
	}
	for _, d := range s.declared {
		earlier(d.Since)
	}
	for _, w := range s.told {
		earlier(w.Since)
	}
	for _, h := range s.held {
		earlier(h.From)
	}
	if s.met != nil {
		if d, any := s.met.First(); any {
			first = min(first, d.Year())
		}
	}
	return first
}

type bond struct{ a, b directory.OrganizationID }

// during are the pairs tied in a span, each once and in order: all that were declared or
// told,
// and for each organization the strongest of bodies and meetings.
func (s *source) during(span day.Span, open bool) ([]bond, error) {
	from, to := span.From.String(), span.Until.String()
	if open {
		to = "" // what begins later belongs to the last
	}
	out := map[bond]bool{}
	add := func(a, b directory.OrganizationID) {
		if bytes.Compare(a[:], b[:]) > 0 {
			a, b = b, a
		}
		out[bond{a, b}] = true
	}
	for _, d := range s.declared {
		if d.On(from, to) && s.both(d.From, d.To) {
			add(d.From, d.To)
		}
	}
	for _, w := range s.told {
		for _, t := range w.During(from, to) {
			if s.both(t.From, t.To) {
				add(t.From, t.To)
			}
		}
	}
	weak, _ := s.sitTogether(func(h directory.HeldSeat) bool { return (to == "" || h.From < to) && (h.To == "" || h.To > from) })
	if s.met != nil {
		met, _, _, err := s.met.Ties(span, 0, 0)
		if err != nil {
			return nil, err
		}
		for _, t := range met {
			if a, b := s.met.Members[t.A].ID, s.met.Members[t.B].ID; s.both(a, b) {
				weak = append(weak, Tie{From: a, To: b, Weight: t.Weight})
			}
		}
	}
	slices.SortStableFunc(weak, func(a, b Tie) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), bytes.Compare(a.From[:], b.From[:]), bytes.Compare(a.To[:], b.To[:]))
	})
	many := map[directory.OrganizationID]int{}
	for _, t := range weak {
		if many[t.From] < strongest || many[t.To] < strongest {
			many[t.From]++
			many[t.To]++
			add(t.From, t.To)
		}
	}
	bonds := make([]bond, 0, len(out))
	for b := range out {
		bonds = append(bonds, b)
	}
	slices.SortFunc(bonds, func(a, b bond) int { return cmp.Or(bytes.Compare(a.a[:], b.a[:]), bytes.Compare(a.b[:], b.b[:])) })
	return bonds, nil
}

// goOn lays out ties from earlier places.
func goOn(ctx context.Context, earlier map[directory.OrganizationID]layout.Point, bonds []bond) (map[directory.OrganizationID]layout.Point, error) {
	there := map[directory.OrganizationID]bool{}
	for i := range earlier {
		there[i] = true
	}
	for _, b := range bonds {
		there[b.a], there[b.b] = true, true
	}
	ids := make([]directory.OrganizationID, 0, len(there))
	for i := range there {
		ids = append(ids, i)
	}
	slices.SortFunc(ids, func(a, b directory.OrganizationID) int { return bytes.Compare(a[:], b[:]) })
	number := make(map[directory.OrganizationID]int32, len(ids))
	o := layout.Options{Start: make([]layout.Point, len(ids)), Earlier: make([]layout.Point, len(ids)), Rounds: roundsOf(len(ids), len(earlier) > 0)}
	for k, i := range ids {
		number[i] = int32(k) // #nosec G115 -- layout.MostNodes at most, or it refuses
		o.Start[k], o.Earlier[k] = startOf(i), layout.Nowhere
		if p, ok := earlier[i]; ok {
			o.Earlier[k] = p
		}
	}
	ties := make([]graph.Tie, 0, len(bonds))
	for _, b := range bonds {
		ties = append(ties, graph.Tie{From: number[b.a], To: number[b.b], Weight: 1})
	}
	g, err := graph.New(len(ids), ties, graph.Kind{})
	if err != nil {
		return nil, err
	}
	places, err := layout.Places(ctx, g, o)
	if err != nil {
		return nil, err
	}
	at := make(map[directory.OrganizationID]layout.Point, len(ids))
	for k, i := range ids {
		at[i] = places[k]
	}
	return at, nil
}

// roundsOf is how often forces are felt: less where there are many, and where places
// are held already.
func roundsOf(nodes int, held bool) int {
	switch {
	case held && nodes > 2000:
		return 15
	case held:
		return 60
	case nodes > 2000:
		return 90
	}
	return layout.StandardRounds
}

// startOf is a point in the circle of radius 1 that follows from an id alone.
func startOf(i directory.OrganizationID) layout.Point {
	h := sha256.Sum256(i[:])
	share := func(b []byte) float64 { return float64(binary.BigEndian.Uint32(b)) / (1 << 32) }
	angle, radius := 2*math.Pi*share(h[:4]), math.Sqrt(share(h[4:8]))
	return layout.Point{X: radius * math.Cos(angle), Y: radius * math.Sin(angle)}
}

// memory keeps the last places by what they follow from: the same ties give the same
// places, whoever's they are.
type memory struct {
	mu    sync.Mutex
	kept  map[[sha256.Size]byte]map[directory.OrganizationID]layout.Point
	order [][sha256.Size]byte // the oldest first
	nodes int
}

// mostKept is how many places are kept at once, 40 bytes each and as much again for
// finding them.
const mostKept = 200_000

var remembered = &memory{kept: map[[sha256.Size]byte]map[directory.OrganizationID]layout.Point{}}

// of looks for places, and makes them where there are none. Two who ask at once may
// both make them; they come to the same.
func (m *memory) of(key [sha256.Size]byte, make func() (map[directory.OrganizationID]layout.Point, error)) (map[directory.OrganizationID]layout.Point, error) {
	m.mu.Lock()
	at, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return at, nil
	}
	at, err := make()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.kept[key]; again {
		return at, nil
	}
	m.kept[key], m.order, m.nodes = at, append(m.order, key), m.nodes+len(at)
	for m.nodes > mostKept && len(m.order) > 1 {
		m.nodes -= len(m.kept[m.order[0]])
		delete(m.kept, m.order[0])
		m.order = m.order[1:]
	}
	return at, nil
}
