package networkmap

import (
	"bytes"
	"cmp"
	"slices"

	"commontable/internal/analysis/coattendance"
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/layout"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/surveys"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/operation"
)

// source is everything a map is drawn from, of all days: places follow from the whole
// past, so that they are the same on every day.
type source struct {
	c             *operation.Call
	layers        []string // those that whoever asks may see
	organizations []directory.DrawnOrganization
	known         map[directory.OrganizationID]directory.DrawnOrganization
	seated        map[directory.OrganizationID][]directory.BodyID // on the day
	backbone      map[directory.OrganizationID]bool               // on the day
	declared      []network.Drawn
	held          []directory.HeldSeat
	told          []surveys.DrawnWave
	drawn         []surveys.DrawnWave // those of told that may be drawn: fewer, and less of them, where days are compared
	comparing     bool
	met           *together.Gatherings // nil for those who may not see it

	at    map[directory.OrganizationID]layout.Point // everybody's place; nil before it was asked for
	types map[string]string                         // network.TypeKey of each spelling that was met
}

// open reads the source, and refuses layers that whoever asks may not see.
func open(c *operation.Call, in Input) (*source, error) {
	s := &source{c: c, types: map[string]string{}}
	for _, l := range Layers {
		if l != Meetings || c.Can(meetingsRight) {
			s.layers = append(s.layers, l)
		} else if slices.Contains(in.Layers, l) {
			return nil, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
	}
	if in.From != "" && in.From > in.AsOf {
		return nil, operation.InvalidField("from", "errors.ends_before_it_begins")
	}
	var err error
	if s.declared, err = network.AllDrawn(c); err != nil {
		return nil, err
	}
	if s.held, err = directory.HeldSeats(c); err != nil {
		return nil, err
	}
	if s.told, err = surveys.DrawnWaves(c); err != nil {
		return nil, err
	}
	s.drawn = s.told
	if c.Can(meetingsRight) {
		until, err := day.Parse(max(in.AsOf, c.Today()))
		if err != nil {
			return nil, err
		}
		if s.met, err = together.ReadGatherings(c, until); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// on turns to a day: who there was, who had a seat and who performed a function.
func (s *source) on(asOf string) (err error) {
	if s.organizations, err = directory.OrganizationsOn(s.c, asOf); err != nil {
		return err
	}
	s.known, s.backbone = map[directory.OrganizationID]directory.DrawnOrganization{}, map[directory.OrganizationID]bool{}
	for _, o := range s.organizations {
		s.known[o.ID] = o
	}
	s.sit(asOf)
	return s.performers(asOf)
}

// typeKey is what the spellings of a type share, folded once for each.
func (s *source) typeKey(spelled string) string {
	key, ok := s.types[spelled]
	if !ok {
		key = network.TypeKey(spelled)
		s.types[spelled] = key
	}
	return key
}

// sit notes who has a seat in which bodies on a day.
func (s *source) sit(asOf string) {
	s.seated = map[directory.OrganizationID][]directory.BodyID{}
	for _, h := range s.held {
		if h.From <= asOf && (h.To == "" || h.To > asOf) && !slices.Contains(s.seated[h.OrganizationID], h.BodyID) {
			s.seated[h.OrganizationID] = append(s.seated[h.OrganizationID], h.BodyID)
		}
	}
	for _, bodies := range s.seated {
		slices.SortFunc(bodies, func(a, b directory.BodyID) int { return bytes.Compare(a[:], b[:]) })
	}
}

// performers notes who performs a function of the backbone on a day.
func (s *source) performers(asOf string) error {
	list, err := directory.ListFunctions.Within(s.c, directory.ListFunctionsInput{AsOf: asOf})
	for _, f := range list.Items {
		for _, h := range f.Holdings {
			if !h.OrganizationID.IsZero() {
				s.backbone[h.OrganizationID] = true
			}
		}
	}
	return err
}

func (s *source) seats(i directory.OrganizationID) []directory.BodyID {
	if bodies := s.seated[i]; bodies != nil {
		return bodies
	}
	return []directory.BodyID{}
}

func (s *source) byName(a, b directory.OrganizationID) int {
	return cmp.Or(bytes.Compare(s.known[a].SortKey, s.known[b].SortKey), bytes.Compare(a[:], b[:]))
}

// layer are the ties of one layer on the day.
func (s *source) layer(layer string, in Input, m *Map) ([]Tie, error) {
	switch layer {
	case Bodies:
		ties, crowds := s.sitTogether(func(h directory.HeldSeat) bool { return h.From <= in.AsOf && (h.To == "" || h.To > in.AsOf) })
		m.Crowds += crowds
		return ties, nil
	case Meetings:
		return s.metTogether(in.AsOf, m)
	case Told:
		return s.toldTies(in), nil
	}
	var out []Tie
	for _, d := range s.declared {
		if d.Layer == layer && d.Since <= in.AsOf && (d.Until == "" || d.Until > in.AsOf) && s.both(d.From, d.To) {
			out = append(out, Tie{From: d.From, To: d.To, Layer: layer, Type: d.Type, Mutual: d.Mutual, Weight: float64(d.Strength), Since: d.Since, Until: d.Until})
		}
	}
	return out, nil
}

func (s *source) both(a, b directory.OrganizationID) bool {
	_, first := s.known[a]
	_, second := s.known[b]
	return first && second && a != b
}

// mostPairs is how many pairs of organizations in one body are looked at: beyond, the
// largest bodies tie nobody.
const mostPairs = 2_000_000

// sitTogether ties organizations that have a seat in the same body, of those terms
// that count: each body by 1 ÷ (organizations in it − 1), as meetings do, so that
// everyone brings one tie along whatever its size (Newman 2001, Phys. Rev. E
// 64:016132). crowds is how many bodies were too large to tie anyone.
func (s *source) sitTogether(counts func(directory.HeldSeat) bool) (ties []Tie, crowds int) {
	type member struct{ since, until string }
	bodies := map[directory.BodyID]map[directory.OrganizationID]member{}
	for _, h := range s.held {
		if _, ok := s.known[h.OrganizationID]; !ok || !counts(h) {
			continue
		}
		in := bodies[h.BodyID]
		if in == nil {
			in = map[directory.OrganizationID]member{}
			bodies[h.BodyID] = in
		}
		m, again := in[h.OrganizationID]
		switch {
		case !again:
			m = member{h.From, h.To}
		default:
			m.since = min(m.since, h.From)
			if m.until != "" && (h.To == "" || h.To > m.until) {
				m.until = h.To
			}
		}
		in[h.OrganizationID] = m
	}
	order := make([]directory.BodyID, 0, len(bodies))
	for b := range bodies {
		order = append(order, b)
	}
	slices.SortFunc(order, func(a, b directory.BodyID) int {
		return cmp.Or(cmp.Compare(len(bodies[a]), len(bodies[b])), bytes.Compare(a[:], b[:]))
	})
	type pair struct{ a, b directory.OrganizationID }
	at, looked := map[pair]int{}, 0
	for _, body := range order {
		in := bodies[body]
		size := len(in)
		if looked += size * (size - 1) / 2; size > coattendance.Crowd || looked > mostPairs {
			crowds++
			continue
		}
		ids := make([]directory.OrganizationID, 0, size)
		for i := range in {
			ids = append(ids, i)
		}
		slices.SortFunc(ids, s.byName)
		for k, a := range ids {
			for _, b := range ids[k+1:] {
				n, ok := at[pair{a, b}]
				since := max(in[a].since, in[b].since)
				if !ok {
					n = len(ties)
					at[pair{a, b}] = n
					ties = append(ties, Tie{From: a, To: b, Layer: Bodies, Mutual: true, Since: since, Until: sooner(in[a].until, in[b].until)})
				}
				t := &ties[n]
				t.Weight += 1 / float64(size-1)
				t.Times++
				t.Since = min(t.Since, since)
				t.Until = later(t.Until, sooner(in[a].until, in[b].until))
			}
		}
	}
	return ties, crowds
}

// sooner and later are of two days; none is the end of time.
func sooner(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func later(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return max(a, b)
}

// metTogether ties organizations that were at meetings together within the period.
func (s *source) metTogether(asOf string, m *Map) ([]Tie, error) {
	first, err := day.Parse(m.From)
	if err != nil {
		return nil, err
	}
	last, err := day.Parse(asOf)
	if err != nil {
		return nil, err
	}
	met, meetings, crowds, err := s.met.Ties(day.Span{From: first, Until: last + 1}, 0, 0)
	if err != nil {
		return nil, err
	}
	m.Meetings, m.Unread = meetings, s.met.LeftOut
	m.Crowds += crowds
	var out []Tie
	for _, t := range met {
		if a, b := s.met.Members[t.A].ID, s.met.Members[t.B].ID; s.both(a, b) {
			out = append(out, Tie{From: a, To: b, Layer: Meetings, Mutual: true, Weight: t.Weight, Times: t.Meetings, Since: m.From, Last: t.Last.String()})
		}
	}
	return out, nil
}
