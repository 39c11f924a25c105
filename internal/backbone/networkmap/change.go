package networkmap

import (
	"bytes"
	"cmp"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/graph"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// What became of a tie between two days.
const (
	Kept = "kept"
	New  = "new"
	Lost = "lost"
)

// Fates lists them, by catalogue key "map_fates.…".
var Fates = []string{New, Lost, Kept}

// Change is what became of the ties between two days. Two organizations count as tied
// however many ties they have.
type Change struct {
	Before string `json:"before"`
	AsOf   string `json:"as_of"`
	Items  []Node `json:"items" doc:"The organizations of either day, by name, with the places and measures of the later; of the earlier for who is not there any more."`
	Ties   []Fate `json:"ties" doc:"The pairs tied on either day."`
	Balance
	Extent   Extent       `json:"extent" doc:"The rectangle in which all places lie."`
	Waves    []ToldChange `json:"waves" doc:"Survey waves that are compared, each with the earlier one of the same instrument, among the organizations that answered both."`
	ToldOnce bool         `json:"told_once,omitempty" doc:"Whether ties were told of one of the days alone; they are left out, since they would all look new or lost."`
	LeftOut  int          `json:"left_out" doc:"Organizations left out because there are too many."`
	Weaker   int          `json:"weaker" doc:"Ties left out because there are too many."`
}

// Balance is what became of ties between two days, or two waves.
type Balance struct {
	Kept int `json:"kept"`
	New  int `json:"new"`
	Lost int `json:"lost"`

	Turnover  *float64 `json:"turnover,omitempty" doc:"Ties that came or went ÷ (ties before + ties after): 0 to 1."`
	Stability *float64 `json:"stability,omitempty" doc:"Kept ÷ (kept + new + lost): 0 to 1 (Jaccard)."`
	// Chance says whether more was kept than exchanging the organizations by chance
	// would keep.
	Expected     *float64 `json:"expected,omitempty" doc:"Ties that would be kept were it by chance who is who (QAP)."`
	Chance       *float64 `json:"chance,omitempty" doc:"How often exchanging the organizations by chance keeps as many: near 0 where it is no chance."`
	Permutations int      `json:"permutations"`
}

// Fate is a pair of organizations and what became of their tie.
type Fate struct {
	From   directory.OrganizationID `json:"from"`
	To     directory.OrganizationID `json:"to"`
	Fate   string                   `json:"fate" doc:"kept, new or lost."`
	Layers []string                 `json:"layers" doc:"Where it is, or was, known from."`
}

// ChangeInput says between which days.
type ChangeInput struct {
	Before string `json:"before" format:"date" required:"true" doc:"The earlier day."`
	Input
}

// GetChange compares two days.
var GetChange = operation.Define(operation.Operation[ChangeInput, Change]{
	Definition: operation.Definition{ID: "network-map.change", Summary: "Compares the network of organizations of two days: new, kept and lost ties", ReadOnly: true, Method: "GET", Path: "/network-map/change"},
	Run:        change,
})

func change(c *operation.Call, in ChangeInput) (Change, error) {
	in.AsOf = cmp.Or(in.AsOf, c.Today())
	out := Change{Before: in.Before, AsOf: in.AsOf, Items: []Node{}, Ties: []Fate{}, Waves: []ToldChange{}}
	if in.Before >= in.AsOf {
		return out, operation.InvalidField("before", "errors.map_before")
	}
	earlier, err := asLong(in)
	if err != nil {
		return out, err
	}
	s, err := open(c, in.Input)
	if err != nil {
		return out, err
	}
	s.comparing = true
	both := s.compareWaves(in, &out)
	var maps [2]Map
	for k, of := range []Input{earlier, in.Input} {
		m, err := s.read(of)
		if err != nil {
			return out, err
		}
		maps[k], out.Extent = m, m.Extent
		out.LeftOut, out.Weaker = max(out.LeftOut, m.LeftOut), max(out.Weaker, m.Weaker)
	}
	number := map[directory.OrganizationID]int32{}
	for _, m := range []Map{maps[1], maps[0]} {
		for _, n := range m.Items {
			if _, ok := number[n.ID]; !ok {
				number[n.ID] = int32(len(number)) // #nosec G115 -- twice MostOrganizations at most
				out.Items = append(out.Items, n)
			}
		}
	}
	if err := out.compare(c, maps, number); err != nil {
		return out, err
	}
	if err := out.compareTold(c, in.Claim, both); err != nil {
		return out, err
	}
	keys := map[directory.OrganizationID][]byte{}
	for _, n := range out.Items {
		keys[n.ID] = i18n.CollationKey(c.Collaborative.Language, n.Name)
	}
	slices.SortStableFunc(out.Items, func(a, b Node) int { return bytes.Compare(keys[a.ID], keys[b.ID]) })
	return out, nil
}

// asLong is the input of the earlier day, whose meetings count for as long a period.
func asLong(in ChangeInput) (Input, error) {
	earlier := in.Input
	earlier.AsOf = in.Before
	if in.From == "" {
		return earlier, nil
	}
	from, err := day.Parse(in.From)
	if err != nil {
		return earlier, err
	}
	until, err := day.Parse(in.AsOf)
	if err != nil {
		return earlier, err
	}
	before, err := day.Parse(in.Before)
	earlier.From = (before - (until - from)).String()
	return earlier, err
}

// compare looks at the pairs of both days.
func (out *Change) compare(c *operation.Call, maps [2]Map, number map[directory.OrganizationID]int32) error {
	var graphs [2]*graph.Graph
	layers := map[pairOf][]string{}
	for k, m := range maps {
		var ties []graph.Tie
		for _, t := range m.Ties {
			p := between(pairOf{number[t.From], number[t.To]})
			ties = append(ties, graph.Tie{From: p.from, To: p.to, Weight: 1})
			if !slices.Contains(layers[p], t.Layer) {
				layers[p] = append(layers[p], t.Layer)
			}
		}
		var err error
		if graphs[k], err = graph.New(len(number), ties, graph.Kind{}); err != nil {
			return err
		}
	}
	became, err := graph.Compare(graphs[0], graphs[1])
	if err != nil {
		return err
	}
	if out.Balance, err = balanceOf(c, graphs, became); err != nil {
		return err
	}
	who := make([]directory.OrganizationID, len(number))
	for i, n := range number {
		who[n] = i
	}
	for _, of := range []struct {
		fate string
		ties []graph.Tie
	}{{New, became.New}, {Lost, became.Lost}, {Kept, became.Kept}} {
		for _, t := range of.ties {
			out.Ties = append(out.Ties, Fate{who[t.From], who[t.To], of.fate, layers[pairOf{t.From, t.To}]})
		}
	}
	return nil
}

// mostExchanged bounds the work of permutations, in ties that are looked at.
const mostExchanged = 5_000_000

// balanceOf counts what became of ties, and asks whether more was kept than by chance.
func balanceOf(c *operation.Call, graphs [2]*graph.Graph, became graph.Change) (Balance, error) {
	b := Balance{Kept: len(became.Kept), New: len(became.New), Lost: len(became.Lost), Turnover: defined(became.Turnover()), Stability: defined(became.Stability())}
	if graphs[0].Ties() == 0 || graphs[1].Ties() == 0 {
		return b, nil
	}
	b.Permutations = min(1000, max(100, mostExchanged/(graphs[0].Ties()+graphs[1].Ties())))
	chance, err := graph.StabilityBeyondChance(c.Context(), graphs[0], graphs[1], b.Permutations, 1)
	b.Expected, b.Chance = defined(chance.Mean), defined(chance.More)
	return b, err
}
