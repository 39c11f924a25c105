package together

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/coattendance"
	"commontable/internal/analysis/day"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Met is two organizations that were at meetings together.
type Met struct {
	A        directory.OrganizationID `json:"a"`
	AName    string                   `json:"a_name"`
	B        directory.OrganizationID `json:"b"`
	BName    string                   `json:"b_name"`
	Weight   float64                  `json:"weight" doc:"The sum over their meetings of 1 ÷ (organizations there − 1), halved for every half-life that a meeting lies back."`
	Meetings int                      `json:"meetings"`
	Last     string                   `json:"last" doc:"Day of the latest."`
}

// Network is who has met whom, as of a day.
type Network struct {
	AsOf     string  `json:"as_of"`
	HalfLife int64   `json:"half_life" doc:"Days after which a meeting weighs half."`
	Meetings int     `json:"meetings" doc:"Meetings that were counted."`
	Crowds   int     `json:"crowds" doc:"Meetings of more than 500 organizations, which tie nobody."`
	LeftOut  int     `json:"left_out" doc:"Organizations left out because there are too many: those at the fewest meetings."`
	Weaker   int     `json:"weaker" doc:"Ties left out because there are too many: the weakest."`
	Items    []Met   `json:"items"`
	Least    float64 `json:"least"`
}

// NetworkInput says as of when, and how quickly meetings fade.
type NetworkInput struct {
	AsOf     string  `json:"as_of,omitempty" format:"date" doc:"Today when absent."`
	HalfLife int64   `json:"half_life,omitempty" minimum:"0" maximum:"36500" doc:"Days after which a meeting weighs half; 365 when absent."`
	Least    float64 `json:"least,omitempty" minimum:"0" maximum:"1000" doc:"Only ties of at least this weight."`
}

const (
	halfLife = 365
	mostTies = 50_000
)

// GetNetwork reads which organizations have met which, from attendance alone.
var GetNetwork = operation.Define(operation.Operation[NetworkInput, Network]{
	Definition: operation.Definition{ID: "together.network", Summary: "Reads which organizations have met which, weighted by the size of the meeting and how long ago it was", ReadOnly: true, Method: "GET", Path: "/working-together/network"},
	Run: func(c *operation.Call, in NetworkInput) (Network, error) {
		n := Network{AsOf: cmp.Or(in.AsOf, c.Today()), HalfLife: cmp.Or(in.HalfLife, halfLife), Least: in.Least, Items: []Met{}}
		asOf, err := day.Parse(n.AsOf)
		if err != nil {
			return n, err
		}
		met, err := ReadGatherings(c, asOf)
		if err != nil {
			return n, err
		}
		n.LeftOut = met.LeftOut
		var found []coattendance.Tie
		found, n.Meetings, n.Crowds, err = met.Ties(day.Span{From: day.Of(1900, 1, 1), Until: asOf + 1}, float64(n.HalfLife), in.Least)
		if err != nil {
			return n, err
		}
		if len(found) > mostTies {
			slices.SortStableFunc(found, func(a, b coattendance.Tie) int { return cmp.Compare(b.Weight, a.Weight) })
			n.Weaker, found = len(found)-mostTies, found[:mostTies]
			slices.SortFunc(found, func(a, b coattendance.Tie) int { return cmp.Or(a.A-b.A, a.B-b.B) })
		}
		for _, t := range found {
			a, b := met.Members[t.A], met.Members[t.B]
			n.Items = append(n.Items, Met{a.ID, a.Name, b.ID, b.Name, t.Weight, t.Meetings, t.Last.String()})
		}
		return n, nil
	},
})
