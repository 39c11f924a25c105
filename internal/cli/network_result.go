package cli

import (
	"encoding/json"
	"math"
)

// figure is a number that is null in JSON where it is not defined.
type figure float64

// MarshalJSON writes null for what is no number.
func (f figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// networkResult is what "network --json" prints. Its keys are documented in docs/administrator.md and stay.
type networkResult struct {
	File        string        `json:"file"`
	Format      string        `json:"format"`
	Name        string        `json:"name"`
	Directed    bool          `json:"directed"`
	Weighted    bool          `json:"weighted"`
	Seed        uint64        `json:"seed"`
	Dropped     droppedTies   `json:"dropped"`
	Whole       wholeResult   `json:"whole"`
	Communities communities   `json:"communities"`
	CutPoints   []string      `json:"cut_points"`
	Bridges     [][2]string   `json:"bridges"`
	Groups      *groupsResult `json:"groups,omitempty"`
	Without     *withoutNodes `json:"without,omitempty"`
	Missing     *missingTies  `json:"missing,omitempty"`
	Change      *changeResult `json:"change,omitempty"`
	Pivots      int           `json:"betweenness_pivots"`
	Nodes       []nodeResult  `json:"nodes"`
}

type droppedTies struct {
	Loops    int `json:"loops"`
	Parallel int `json:"parallel"`
	Zero     int `json:"zero_weight"`
}

// wholeResult is what is said of a whole network.
type wholeResult struct {
	Nodes             int    `json:"nodes"`
	Ties              int    `json:"ties"`
	Density           figure `json:"density"`
	MeanDegree        figure `json:"mean_degree"`
	TiesReturned      figure `json:"ties_returned"`
	PairsMutual       figure `json:"pairs_mutual"`
	Centralization    figure `json:"degree_centralization"`
	InCentralization  figure `json:"in_degree_centralization"`
	OutCentralization figure `json:"out_degree_centralization"`
	Betweenness       figure `json:"betweenness_centralization"`
	Clustering        figure `json:"clustering"`
	MeanClustering    figure `json:"mean_local_clustering"`
	Components        int    `json:"components"`
	Strong            int    `json:"strong_components"`
	Largest           int    `json:"largest_component"`
}

type communities struct {
	Count      int    `json:"count"`
	Modularity figure `json:"modularity"`
}

// groupsResult is how ties run between groups; Ties are in the order of Names.
type groupsResult struct {
	By            string    `json:"by"`
	Names         []string  `json:"names"`
	Sizes         []int64   `json:"sizes"`
	Ties          [][]int64 `json:"ties"`
	EI            figure    `json:"ei_index"`
	Assortativity figure    `json:"assortativity"`
}

type withoutNodes struct {
	IDs   []string    `json:"ids"`
	Whole wholeResult `json:"whole"`
}

// span is the least and the most.
type span [2]figure

// missingTies says where measures can lie, and where they plausibly do, when some nodes reported nothing.
type missingTies struct {
	Unanswered  []string `json:"unanswered"`
	Known       figure   `json:"known_share"`
	Density     span     `json:"density"`
	MeanDegree  span     `json:"mean_degree"`
	PairsMutual span     `json:"pairs_mutual"`
	Plausible   struct {
		Draws          int  `json:"draws"`
		Density        span `json:"density"`
		MeanDegree     span `json:"mean_degree"`
		PairsMutual    span `json:"pairs_mutual"`
		Centralization span `json:"degree_centralization"`
		Clustering     span `json:"clustering"`
	} `json:"plausible"`
}

// changeResult is what became of the ties since an earlier wave.
type changeResult struct {
	Kept         int    `json:"kept"`
	New          int    `json:"new"`
	Lost         int    `json:"lost"`
	Stability    figure `json:"stability"`
	Turnover     figure `json:"turnover"`
	Chance       figure `json:"chance_of_as_many_kept"`
	ByChance     figure `json:"kept_by_chance"`
	Permutations int    `json:"permutations"`
}

// nodeResult is what is said of one node.
type nodeResult struct {
	ID            string       `json:"id"`
	Label         string       `json:"label"`
	Kind          string       `json:"kind,omitempty"`
	Degree        int          `json:"degree"`
	In            int          `json:"in_degree"`
	Out           int          `json:"out_degree"`
	Strength      figure       `json:"strength"`
	InStrength    figure       `json:"in_strength"`
	OutStrength   figure       `json:"out_strength"`
	Betweenness   figure       `json:"betweenness"`
	BetweennessSE *figure      `json:"betweenness_error,omitempty"`
	Closeness     figure       `json:"closeness"`
	Harmonic      figure       `json:"harmonic_closeness"`
	Reached       int          `json:"reached"`
	Eigenvector   figure       `json:"eigenvector"`
	PageRank      figure       `json:"pagerank"`
	Core          int          `json:"core"`
	Clustering    figure       `json:"local_clustering"`
	Weighted      *figure      `json:"weighted_clustering,omitempty"`
	Component     int32        `json:"component"`
	Community     int32        `json:"community"`
	CutPoint      bool         `json:"cut_point"`
	Brokerage     *brokerRoles `json:"brokerage,omitempty"`
}

type brokerRoles struct {
	Coordinator    int64 `json:"coordinator"`
	Consultant     int64 `json:"consultant"`
	Representative int64 `json:"representative"`
	Gatekeeper     int64 `json:"gatekeeper"`
	Liaison        int64 `json:"liaison"`
}
