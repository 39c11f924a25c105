package networkmap

import (
	"bytes"
	"cmp"
	"slices"

	"commontable/internal/analysis/graph"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// ToldChange is what became of what was told from one wave to a later one of the same
// instrument, among the organizations that answered both. Each tick counts, there and
// back; where reciprocated ties were asked for, each pair.
type ToldChange struct {
	Before      string `json:"before" doc:"Title of the earlier wave."`
	BeforeSince string `json:"before_since" doc:"The day on which it was closed."`
	After       string `json:"after" doc:"Title of the later wave."`
	AfterSince  string `json:"after_since"`
	Both        int    `json:"both" doc:"Organizations that answered both: the number behind each figure."`
	AskedBoth   int    `json:"asked_both" doc:"Organizations that were asked both times."`

	Balance
	pairs  bool    // ties both ways alone are counted, each once
	Mixing []Mixed `json:"mixing" doc:"How ties run between sectors; organizations without one are left aside."`
}

// Mixed are the ties from one sector to another, in both waves.
type Mixed struct {
	From     string `json:"from" doc:"Sector of who ticked."`
	To       string `json:"to" doc:"Sector of who was ticked."`
	Before   int64  `json:"before"`
	After    int64  `json:"after"`
	Possible int64  `json:"possible" doc:"How many there could be."`
}

// toldPair are two waves that are compared.
type toldPair struct {
	before, after surveys.DrawnWave
	both          map[directory.OrganizationID]bool // who answered both
}

// compareWaves leaves of what was told what can be compared: of the same wave all, of two
// days of an evergreen one or two waves of one instrument what was told among those who answered both, and nothing of a
// wave that has no other beside it.
func (s *source) compareWaves(in ChangeInput, out *Change) (pairs []toldPair) {
	if !in.draws(Told) {
		return nil
	}
	s.drawn = nil
	on := func(day, instrument string) *surveys.DrawnWave {
		for k := range s.told {
			if w := &s.told[k]; w.On(day) && w.InstrumentKey == instrument {
				return w
			}
		}
		return nil
	}
	var instruments []string
	for _, w := range s.told {
		if !slices.Contains(instruments, w.InstrumentKey) {
			instruments = append(instruments, w.InstrumentKey)
		}
	}
	for _, instrument := range instruments {
		before, after := on(in.Before, instrument), on(in.AsOf, instrument)
		switch {
		case before == nil && after == nil:
		case before == nil || after == nil:
			out.ToldOnce = true
		case before.ID == after.ID && !before.Evergreen():
			s.drawn = append(s.drawn, *before)
		default:
			p := toldPair{before: before.At(in.Before), after: after.At(in.AsOf), both: map[directory.OrganizationID]bool{}}
			if before.ID == after.ID { // two days of an evergreen wave
				p.before.Since, p.before.Until, p.after.Since = in.Before, in.AsOf, in.AsOf
			}
			for o, answered := range p.before.Answered {
				if answered && p.after.Answered[o] {
					p.both[o] = true
				}
			}
			among := func(w surveys.DrawnWave) surveys.DrawnWave {
				w.Ticks = slices.DeleteFunc(slices.Clone(w.Ticks), func(t surveys.Tick) bool { return !p.both[t.From] || !p.both[t.To] })
				return w
			}
			s.drawn = append(s.drawn, among(p.before), among(p.after))
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// compareTold compares the waves among those of the map who answered both.
func (out *Change) compareTold(c *operation.Call, claim string, pairs []toldPair) error {
	nodes := map[directory.OrganizationID]Node{}
	for _, n := range out.Items {
		nodes[n.ID] = n
	}
	for _, p := range pairs {
		one := ToldChange{Before: p.before.Title, BeforeSince: p.before.Since, After: p.after.Title, AfterSince: p.after.Since, Mixing: []Mixed{}, pairs: claim == Reciprocated}
		var ids []directory.OrganizationID
		for o := range p.before.Answered {
			if _, again := p.after.Answered[o]; !again {
				continue
			}
			if _, on := nodes[o]; on {
				if one.AskedBoth++; p.both[o] {
					ids = append(ids, o)
				}
			}
		}
		one.Both = len(ids)
		slices.SortFunc(ids, func(a, b directory.OrganizationID) int { return bytes.Compare(a[:], b[:]) })
		number, members := map[directory.OrganizationID]int32{}, make([]Node, len(ids))
		for k, o := range ids {
			number[o], members[k] = int32(k), nodes[o] // #nosec G115 -- twice MostOrganizations at most
		}
		var graphs [2]*graph.Graph
		for k, w := range []surveys.DrawnWave{p.before, p.after} {
			var err error
			if graphs[k], err = tickGraph(w.Ticks, number); err != nil {
				return err
			}
			if claim == Reciprocated {
				if graphs[k], err = claimedTies(graphs[k], claim); err != nil {
					return err
				}
			}
		}
		if err := one.compare(c, graphs, members); err != nil {
			return err
		}
		out.Waves = append(out.Waves, one)
	}
	return nil
}

func (t *ToldChange) compare(c *operation.Call, graphs [2]*graph.Graph, members []Node) error {
	became, err := graph.Compare(graphs[0], graphs[1])
	if err != nil {
		return err
	}
	if t.Balance, err = balanceOf(c, graphs, became); err != nil {
		return err
	}
	sectors := sectorsOf(members)
	directed := !t.pairs
	before, err := graph.MixingOf(graphs[0], sectors)
	if err != nil {
		return err
	}
	after, err := graph.MixingOf(graphs[1], sectors)
	if err != nil {
		return err
	}
	names := make([]string, len(before.Sizes))
	for k, v := range sectors {
		if v >= 0 {
			names[v] = members[k].Sector
		}
	}
	for a := range names {
		for b := range names {
			possible := before.Sizes[a] * before.Sizes[b]
			if a == b {
				possible -= before.Sizes[a]
			}
			if !directed && a > b {
				continue // seen as b to a
			}
			if !directed && a == b {
				possible /= 2
			}
			if before.Ties[a][b]+after.Ties[a][b] > 0 {
				t.Mixing = append(t.Mixing, Mixed{names[a], names[b], before.Ties[a][b], after.Ties[a][b], possible})
			}
		}
	}
	slices.SortFunc(t.Mixing, func(a, b Mixed) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return nil
}
