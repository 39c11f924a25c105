// Package networkmap draws the network of organizations as it stood on a day: who is
// tied to whom by what was declared, by what they told in surveys, by the bodies they sit
// in and by the meetings they were at, with places that stay, with its measures, and with what changed since
// another day. It knows organizations alone and keeps nothing of its own.
package networkmap

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/operation"
)

// The layers of the map, by where a tie is known from.
const (
	Declared = network.Declared
	Imported = network.Imported
	Told     = "told"
	Bodies   = "bodies"
	Meetings = "meetings"
)

// Layers lists them, by catalogue key "map_layers.…".
var Layers = []string{Declared, Imported, Told, Bodies, Meetings}

const (
	// MostOrganizations is how many a map shows, MostTies how many ties.
	MostOrganizations = 5_000
	MostTies          = 50_000
)

// Map is the network as it stood on a day.
type Map struct {
	AsOf string `json:"as_of"`
	From string `json:"from" doc:"First day of the meetings that count."`
	// Layers are those that whoever asks may see, with how many ties each has on the
	// day, whatever is chosen.
	Layers []Layer `json:"layers"`
	Types  []Type  `json:"types" doc:"The types of declared ties of the day, with how many there are of each."`
	Items  []Node  `json:"items" doc:"The organizations, by name: members of the day, and whoever is tied."`
	Ties   []Tie   `json:"ties"`
	// What is missing.
	LeftOut  int `json:"left_out" doc:"Organizations left out because there are too many: those with the fewest ties."`
	Weaker   int `json:"weaker" doc:"Ties left out because there are too many: the weakest."`
	Hidden   int `json:"hidden" doc:"Ties left out because they are weaker than was asked for."`
	Crowds   int `json:"crowds" doc:"Meetings and bodies of more than 500 organizations, which tie nobody."`
	Unread   int `json:"unread" doc:"Organizations whose meetings were not looked at because there are too many: those at the fewest."`
	Meetings int `json:"meetings" doc:"Meetings that were counted."`
	// FirstYear and Extent are the same on every day.
	FirstYear int    `json:"first_year" doc:"Year of the first tie of which the day is known; that of the day where there is none."`
	Extent    Extent `json:"extent" doc:"The rectangle in which all places lie, of those on the map and of all others."`

	Whole   Whole  `json:"whole" doc:"The network as a whole: of all layers that are drawn, as far as is on record."`
	Without *Whole `json:"without_backbone,omitempty" doc:"The same without those who perform a function of the backbone that day; absent where nobody on the map does."`
	// Waves say how much is missing of what was told.
	Waves []ToldWave `json:"waves" doc:"The survey waves whose ticks are drawn, each with who answered and its measures; empty where none is."`
}

// Extent is the rectangle in which all places of a map lie.
type Extent struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Right  float64 `json:"right"`
	Bottom float64 `json:"bottom"`
}

// Layer is a layer with how many ties it has.
type Layer struct {
	Key  string `json:"key" doc:"declared, imported, told, bodies or meetings."`
	Ties int    `json:"ties"`
}

// Type is a type of declared ties, in the collaborative's own words.
type Type struct {
	Name string `json:"name"`
	Ties int    `json:"ties"`
}

// Node is an organization on the map.
type Node struct {
	ID       directory.OrganizationID `json:"id"`
	Name     string                   `json:"name"`
	Sector   string                   `json:"sector,omitempty"`
	Status   string                   `json:"status,omitempty" doc:"On the day."`
	Bodies   []directory.BodyID       `json:"bodies" doc:"In which it holds a seat on the day."`
	Backbone bool                     `json:"backbone" doc:"Whether it performs a function of the backbone on the day."`
	Answer   string                   `json:"answer,omitempty" doc:"Of those asked in a survey that is drawn: answered, or silent where nobody answered for it."`
	// Placed is false for who was never tied: the map has no place for them.
	Placed bool    `json:"placed"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`

	Degree      int     `json:"degree" doc:"How many organizations it is tied to, whatever the direction."`
	In          int     `json:"in" doc:"Ties that lead here; one that leads both ways counts."`
	Out         int     `json:"out" doc:"Ties that lead from here."`
	Betweenness float64 `json:"betweenness" doc:"Share of the shortest paths between two others that lead through it, of the most there could be: 0 to 1."`
	Core        int     `json:"core" doc:"The largest k for which it belongs to a set in which everyone has k ties or more."`
	Community   int     `json:"community" doc:"Number of the group that ties make of their own, from 1; 0 for who is tied to nobody."`
	Cut         bool    `json:"cut" doc:"Whether the network falls apart without it."`
}

// Tie is one tie of one layer. Two organizations have several where they are tied in
// several ways.
type Tie struct {
	From   directory.OrganizationID `json:"from"`
	To     directory.OrganizationID `json:"to"`
	Layer  string                   `json:"layer"`
	Type   string                   `json:"type,omitempty" doc:"Of a declared tie."`
	Wave   string                   `json:"wave,omitempty" doc:"Title of the survey in which it was told."`
	Mutual bool                     `json:"mutual" doc:"Whether it leads both ways."`
	Weight float64                  `json:"weight" doc:"Strength 0 to 100 of a declared tie, -1 where nobody said, and of told ties; else the sum over bodies or meetings of 1 ÷ (organizations there − 1)."`
	Times  int                      `json:"times,omitempty" doc:"Bodies in common, or meetings together."`
	Since  string                   `json:"since,omitempty" doc:"First day; of meetings, that of the period."`
	Until  string                   `json:"until,omitempty" doc:"First day it no longer holds."`
	Last   string                   `json:"last,omitempty" doc:"Day of the latest meeting together."`
	Bridge bool                     `json:"bridge,omitempty" doc:"Whether the network falls apart without it."`
}

// Input says which network.
type Input struct {
	AsOf     string           `json:"as_of,omitempty" format:"date" doc:"As it stood on this day; today when absent."`
	From     string           `json:"from,omitempty" format:"date" doc:"First day of the meetings that count; twelve months when absent."`
	Layers   []string         `json:"layers,omitempty" maxItems:"5" enum:"declared,imported,told,bodies,meetings" doc:"Only these layers; all that may be seen when absent."`
	Claim    string           `json:"claim,omitempty" enum:"claimed,reciprocated" doc:"Which told ties: claimed by either (when absent), or reciprocated by both."`
	Type     string           `json:"type,omitempty" maxLength:"100" doc:"Only declared ties of this type, however it is spelled."`
	Sector   string           `json:"sector,omitempty" maxLength:"40" doc:"Only organizations of this sector."`
	BodyID   directory.BodyID `json:"body_id,omitempty" doc:"Only organizations with a seat in this body on the day."`
	Least    float64          `json:"least,omitempty" minimum:"0" maximum:"1000" doc:"Only ties of bodies and meetings of at least this weight."`
	Strength int64            `json:"strength,omitempty" minimum:"0" maximum:"100" doc:"Only declared ties of at least this strength."`
	Away     bool             `json:"away,omitempty" doc:"Without those who perform a function of the backbone."`
}

// Operations lists everything this package can do.
func Operations() []operation.Any { return []operation.Any{Get, GetChange, Export} }

// meetingsRight is who may see who was at meetings together.
const meetingsRight = "together.network"

// Get reads the map of a day.
var Get = operation.Define(operation.Operation[Input, Map]{
	Definition: operation.Definition{ID: "network-map.get", Summary: "Reads the network of organizations as it stood on a day, with places and measures", ReadOnly: true, Method: "GET", Path: "/network-map"},
	Run:        read,
})

// ExportInput is a map to take away.
type ExportInput struct{ Input }

// Export reads what a map shows, to be taken away as a file.
var Export = operation.Define(operation.Operation[ExportInput, Map]{
	Definition: operation.Definition{ID: "network-map.export", Summary: "Reads the network of organizations of a day to take away", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/network-map/export"},
	Limit:      func(ExportInput) string { return directory.CountDownload("") },
	Run:        func(c *operation.Call, in ExportInput) (Map, error) { return read(c, in.Input) },
})

func read(c *operation.Call, in Input) (Map, error) {
	in.AsOf = cmp.Or(in.AsOf, c.Today())
	s, err := open(c, in)
	if err != nil {
		return Map{}, err
	}
	return s.read(in)
}

// read draws the map of a day, and measures it.
func (s *source) read(in Input) (Map, error) {
	if err := s.on(in.AsOf); err != nil {
		return Map{}, err
	}
	m, d, err := s.draw(in)
	if err != nil {
		return m, err
	}
	if m.Extent, err = s.place(m.Items); err != nil {
		return m, err
	}
	asOf, err := day.Parse(m.AsOf)
	if err != nil {
		return m, err
	}
	m.FirstYear = s.firstYear(asOf.Year())
	if err := d.measure(s.c.Context(), &m); err != nil {
		return m, err
	}
	return m, s.tellWaves(in, d, &m)
}

// drawn is a map as numbers: the nodes of its graphs are its items.
type drawn struct {
	number map[directory.OrganizationID]int32
	pairs  []pairOf // of m.Ties, in their order
}

type pairOf struct{ from, to int32 }

// draw is who is tied to whom on a day.
func (s *source) draw(in Input) (Map, drawn, error) {
	m := Map{AsOf: in.AsOf, From: in.From, Layers: []Layer{}, Types: []Type{}, Items: []Node{}, Ties: []Tie{}, Waves: []ToldWave{}}
	asOf, err := day.Parse(in.AsOf)
	if err != nil {
		return m, drawn{}, err
	}
	m.From = cmp.Or(in.From, day.TwelveMonths(asOf).From.String())
	var all []Tie
	for _, layer := range s.layers {
		ties, err := s.layer(layer, in, &m)
		if err != nil {
			return m, drawn{}, err
		}
		m.Layers = append(m.Layers, Layer{layer, len(ties)})
		if in.draws(layer) {
			all = append(all, ties...)
		}
	}
	m.Types = s.typesOf(all)
	s.filter(in, all, &m)
	return m, s.cut(&m), nil
}

// draws says whether a layer is asked for.
func (in Input) draws(layer string) bool {
	return len(in.Layers) == 0 || slices.Contains(in.Layers, layer)
}

// typesOf counts the types of declared ties, by name.
func (s *source) typesOf(ties []Tie) []Type {
	out, places := []Type{}, map[string]int{}
	for _, t := range ties {
		if t.Type == "" {
			continue
		}
		key := s.typeKey(t.Type)
		at, known := places[key]
		if !known {
			if len(out) == mostTypes {
				continue
			}
			at, out = len(out), append(out, Type{Name: t.Type})
			places[key] = at
		}
		out[at].Ties++
	}
	slices.SortFunc(out, func(a, b Type) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// mostTypes is how many types a map tells apart.
const mostTypes = 100

// filter leaves the ties and organizations that were asked for.
func (s *source) filter(in Input, all []Tie, m *Map) {
	wanted := func(i directory.OrganizationID) bool {
		o, ok := s.known[i]
		return ok && (in.Sector == "" || o.Sector == in.Sector) && (in.BodyID.IsZero() || slices.Contains(s.seated[i], in.BodyID)) && !(in.Away && s.backbone[i])
	}
	tied, chosen := map[directory.OrganizationID]bool{}, s.typeKey(in.Type)
	for _, t := range all {
		if !wanted(t.From) || !wanted(t.To) || in.Type != "" && s.typeKey(t.Type) != chosen {
			continue
		}
		least := in.Least
		switch {
		case declared(t):
			least = float64(in.Strength)
		case t.Layer == Told:
			least = 0 // nobody said how strong it is
		}
		if least > 0 && t.Weight < least {
			m.Hidden++
			continue
		}
		tied[t.From], tied[t.To] = true, true
		m.Ties = append(m.Ties, t)
	}
	answers := s.answers(in)
	for _, o := range s.organizations {
		if wanted(o.ID) && (o.Status == "member" || tied[o.ID] || answers[o.ID] != "") {
			m.Items = append(m.Items, Node{ID: o.ID, Name: o.Name, Sector: o.Sector, Status: o.Status, Bodies: s.seats(o.ID), Backbone: s.backbone[o.ID], Answer: answers[o.ID]})
		}
	}
}

func declared(t Tie) bool { return t.Layer == Declared || t.Layer == Imported }

// directed says whether the direction of a tie means something.
func directed(t Tie) bool { return declared(t) || t.Layer == Told }

// cut bounds a map, and numbers its organizations.
func (s *source) cut(m *Map) drawn {
	if len(m.Ties) > MostTies {
		slices.SortStableFunc(m.Ties, func(a, b Tie) int { return cmp.Compare(standing(b), standing(a)) })
		m.Weaker, m.Ties = len(m.Ties)-MostTies, m.Ties[:MostTies]
	}
	if len(m.Items) > MostOrganizations {
		many := map[directory.OrganizationID]int{}
		for _, t := range m.Ties {
			many[t.From]++
			many[t.To]++
		}
		slices.SortStableFunc(m.Items, func(a, b Node) int { return cmp.Compare(many[b.ID], many[a.ID]) })
		m.LeftOut, m.Items = len(m.Items)-MostOrganizations, m.Items[:MostOrganizations]
	}
	slices.SortFunc(m.Items, func(a, b Node) int { return s.byName(a.ID, b.ID) })
	d := drawn{number: make(map[directory.OrganizationID]int32, len(m.Items))}
	for k, n := range m.Items {
		d.number[n.ID] = int32(k) // #nosec G115 -- MostOrganizations at most
	}
	m.Ties = slices.DeleteFunc(m.Ties, func(t Tie) bool {
		_, from := d.number[t.From]
		_, to := d.number[t.To]
		return !from || !to
	})
	slices.SortStableFunc(m.Ties, func(a, b Tie) int {
		return cmp.Or(cmp.Compare(d.number[a.From], d.number[b.From]), cmp.Compare(d.number[a.To], d.number[b.To]), cmp.Compare(slices.Index(Layers, a.Layer), slices.Index(Layers, b.Layer)), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Since, b.Since), cmp.Compare(a.Wave, b.Wave))
	})
	for _, t := range m.Ties {
		d.pairs = append(d.pairs, pairOf{d.number[t.From], d.number[t.To]})
	}
	return d
}

// standing is how much a tie counts where there are too many: what was declared or told
// before what follows from meetings and bodies.
func standing(t Tie) float64 {
	if directed(t) {
		return 1e6 + t.Weight
	}
	return t.Weight
}
