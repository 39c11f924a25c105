package networkmap

import (
	"bytes"
	"slices"

	"commontable/internal/analysis/graph"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
)

// Which told ties are drawn.
const (
	Claimed      = "claimed"      // told by one of the two, or both
	Reciprocated = "reciprocated" // told by both
)

// Claims lists them, by catalogue key "map_claims.…".
var Claims = []string{Claimed, Reciprocated}

// What is known of an organization that was asked.
const (
	Answered = "answered"
	Silent   = "silent" // nobody answered for it
)

// LeastAnswered is the share of those asked below which measures of what was told are
// given as ranges alone. It is a convention: at 0.7 half of the pairs (0.7²) are known
// from both sides, and below that most of a figure would be guessed.
const LeastAnswered = 0.7

// ToldWave is a survey wave whose ticks are drawn, with what is missing of them.
type ToldWave struct {
	WaveID   surveys.WaveID `json:"wave_id"`
	Title    string         `json:"title"`
	Since    string         `json:"since" doc:"The day on which it was closed."`
	Until    string         `json:"until,omitempty" doc:"The day from which on the next wave of the instrument is drawn instead."`
	Before   string         `json:"before,omitempty" doc:"A day on which the wave before was drawn, to compare with."`
	Asked    int            `json:"asked" doc:"Organizations on the map that were asked: the number behind each measure."`
	Answered int            `json:"answered" doc:"Those of them for which somebody answered."`
	// Few is what hides the values.
	Few      bool          `json:"few" doc:"Whether fewer than 70 per cent answered, so that measures are told as ranges alone."`
	Measures []ToldMeasure `json:"measures"`
	Without  []ToldMeasure `json:"without_backbone,omitempty" doc:"The same without those who perform a function of the backbone that day; absent where nobody asked does."`
}

// ToldMeasure is a measure of what was told, of the organizations that were asked, with
// what it can be. What is not defined is absent.
type ToldMeasure struct {
	Key string `json:"key" doc:"pairs, density, mean_degree and so on, as in whole."`
	// Value takes ties nobody told of as not there.
	Value *float64 `json:"value,omitempty" doc:"Of what was told; absent where too few answered."`
	Least *float64 `json:"least,omitempty" doc:"The least it can be, whatever those would have told who did not answer; absent where that is not worked out."`
	Most  *float64 `json:"most,omitempty" doc:"The most it can be."`
	Low   *float64 `json:"low,omitempty" doc:"From here to high it lies in 95 of 100 draws that fill in what was not told like what was; absent where everybody or fewer than three answered, or beyond 1,500 organizations."`
	High  *float64 `json:"high,omitempty"`
}

// standing are the waves that are drawn on a day, as they stood then.
func (s *source) standing(day string) (out []surveys.DrawnWave) {
	for _, w := range s.drawn {
		if w.On(day) {
			out = append(out, w.At(day))
		}
	}
	return out
}

// toldTies are the ties of the waves that are drawn on the day.
func (s *source) toldTies(in Input) (out []Tie) {
	for _, w := range s.standing(in.AsOf) {
		there := make(map[surveys.Tick]bool, len(w.Ticks))
		for _, t := range w.Ticks {
			there[t] = true
		}
		for _, t := range w.Ticks {
			back := there[surveys.Tick{From: t.To, To: t.From}]
			if !s.both(t.From, t.To) || back && s.byName(t.From, t.To) > 0 || !back && in.Claim == Reciprocated {
				continue // a tie both ways is one
			}
			out = append(out, Tie{From: t.From, To: t.To, Layer: Told, Wave: w.Title, Mutual: back, Weight: -1, Since: w.Since, Until: w.Until})
		}
	}
	return out
}

// answers says of each organization that was asked in a wave that is drawn whether
// somebody answered for it, in all of them.
func (s *source) answers(in Input) map[directory.OrganizationID]string {
	out := map[directory.OrganizationID]string{}
	if !in.draws(Told) {
		return out
	}
	for _, w := range s.standing(in.AsOf) {
		for o, answered := range w.Answered {
			switch {
			case !answered:
				out[o] = Silent
			case out[o] == "":
				out[o] = Answered
			}
		}
	}
	return out
}

// tellWaves says of each wave that is drawn how many answered, and what its measures can
// be. Where days are compared nobody asks.
func (s *source) tellWaves(in Input, d drawn, m *Map) error {
	if s.comparing || !in.draws(Told) {
		return nil
	}
	for _, w := range s.standing(in.AsOf) {
		t := ToldWave{WaveID: w.ID, Title: w.Title, Since: w.Since, Until: w.Until}
		for _, earlier := range s.drawn {
			if earlier.InstrumentKey == w.InstrumentKey && earlier.Since < w.Since {
				t.Before = earlier.Since
			}
		}
		of, err := s.toldGraph(w, d, m)
		if err != nil {
			return err
		}
		t.Asked = len(of.answered)
		for _, is := range of.answered {
			if is {
				t.Answered++
			}
		}
		t.Few = float64(t.Answered) < LeastAnswered*float64(t.Asked)
		if t.Measures, err = of.measures(s.c.Context(), in.Claim, t.Few); err != nil {
			return err
		}
		if slices.Contains(of.backbone, true) {
			rest, err := of.away()
			if err != nil {
				return err
			}
			if t.Without, err = rest.measures(s.c.Context(), in.Claim, t.Few); err != nil {
				return err
			}
		}
		m.Waves = append(m.Waves, t)
	}
	return nil
}

// asked is a wave as a graph of those on the map that were asked.
type asked struct {
	g        *graph.Graph
	answered []bool
	sectors  []int32
	backbone []bool
}

// toldGraph is the graph of a wave, in the order of the map.
func (s *source) toldGraph(w surveys.DrawnWave, d drawn, m *Map) (a asked, err error) {
	ids := make([]directory.OrganizationID, 0, len(w.Answered))
	for o := range w.Answered {
		if _, on := d.number[o]; on {
			ids = append(ids, o)
		}
	}
	slices.SortFunc(ids, func(a, b directory.OrganizationID) int { return bytes.Compare(a[:], b[:]) })
	nodes, number := make([]Node, len(ids)), make(map[directory.OrganizationID]int32, len(ids))
	for k, o := range ids {
		nodes[k], number[o] = m.Items[d.number[o]], int32(k) // #nosec G115 -- MostOrganizations at most
		a.answered, a.backbone = append(a.answered, w.Answered[o]), append(a.backbone, nodes[k].Backbone)
	}
	a.sectors = sectorsOf(nodes)
	a.g, err = tickGraph(w.Ticks, number)
	return a, err
}

// tickGraph are the ticks between some organizations.
func tickGraph(ticks []surveys.Tick, number map[directory.OrganizationID]int32) (*graph.Graph, error) {
	var ties []graph.Tie
	for _, t := range ticks {
		from, one := number[t.From]
		to, other := number[t.To]
		if one && other {
			ties = append(ties, graph.Tie{From: from, To: to, Weight: 1})
		}
	}
	return graph.New(len(number), ties, graph.Kind{Directed: true})
}

// away is the same without those who perform a function of the backbone.
func (a asked) away() (out asked, err error) {
	var old []int32
	if out.g, old, err = a.g.Without(a.backbone); err != nil {
		return out, err
	}
	for _, v := range old {
		out.answered, out.sectors, out.backbone = append(out.answered, a.answered[v]), append(out.sectors, a.sectors[v]), append(out.backbone, false)
	}
	return out, nil
}

// claimedTies are the pairs of a graph of ticks that count as tied: whatever the
// direction, or both ways alone.
func claimedTies(ticks *graph.Graph, claim string) (*graph.Graph, error) {
	var ties []graph.Tie
	for t := range ticks.All() {
		if claim != Reciprocated || ticks.Has(t.To, t.From) {
			ties = append(ties, graph.Tie{From: t.From, To: t.To, Weight: 1})
		}
	}
	return graph.New(ticks.Nodes(), ties, graph.Kind{})
}
