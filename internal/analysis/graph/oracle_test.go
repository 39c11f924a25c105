package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"commontable/internal/analysis/graph"
)

var record = flag.Bool("record", false, "write anew what igraph and sna find")

// found is what another program found: a number, a list of numbers or pairs, or nothing where it has none.
type found struct {
	Version string                    `json:"version"`
	Graphs  map[string]map[string]any `json:"graphs"`
}

// recorded is what stands in testdata. Where the program is installed, it is asked too, and the answer must be the
// recorded one, so that the record cannot drift; where it is not, the record alone is the test.
func recorded(t *testing.T, file string, program []string, probe []string, input []byte) found {
	t.Helper()
	stored := found{}
	if raw, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(raw, &stored); err != nil {
			t.Fatal(err)
		}
	}
	if exec.Command(probe[0], probe[1:]...).Run() != nil {
		t.Logf("%s is not installed here; held against what it found when %s was written, version %s", program[1], file, stored.Version)
		return stored
	}
	command := exec.Command(program[0], program[1:]...)
	command.Stdin = bytes.NewReader(input)
	var out, problem bytes.Buffer
	command.Stdout, command.Stderr = &out, &problem
	if err := command.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", program, err, &problem)
	}
	live := found{}
	if err := json.Unmarshal(out.Bytes(), &live); err != nil {
		t.Fatalf("%v in %.300s", err, &out)
	}
	if *record {
		var pretty bytes.Buffer
		encoder := json.NewEncoder(&pretty)
		if err := encoder.Encode(live); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(pretty.String(), "},\"", "},\n\"")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return live
	}
	for name, measures := range live.Graphs {
		for key, value := range measures {
			if key == "louvain" || live.Version != stored.Version { // by chance; other versions define otherwise
				continue
			}
			if fault := differ(value, stored.Graphs[name][key]); fault != "" {
				t.Errorf("%s of %q: installed %s and recorded differ: %s", key, name, live.Version, fault)
			}
		}
	}
	return stored
}

// differ compares two values within 1e-9, relative above 1; "" is equal.
func differ(a, b any) string {
	switch x := a.(type) {
	case nil:
		if b == nil {
			return ""
		}
	case float64:
		y, ok := b.(float64)
		if ok && math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(x)) {
			return ""
		}
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			break
		}
		for i := range x {
			if fault := differ(x[i], y[i]); fault != "" {
				return fmt.Sprintf("at %d: %s", i, fault)
			}
		}
		return ""
	}
	return fmt.Sprintf("%v and %v", a, b)
}

// told is a value of ours as JSON would give it back; NaN is nothing.
func told(v any) any {
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) {
			return nil
		}
		return x
	case int:
		return float64(x)
	case []float64:
		return list(x)
	case []int:
		return list(x)
	case []int32:
		return list(x)
	case []graph.Tie:
		out := make([]any, len(x))
		for i, tie := range x {
			out[i] = []any{float64(tie.From), float64(tie.To)}
		}
		return out
	}
	panic(fmt.Sprintf("%T", v))
}

func list[T int | int32 | float64](values []T) any {
	out := make([]any, len(values))
	for i, x := range values {
		out[i] = told(float64(x))
	}
	return out
}

// must takes the value of a call that cannot fail in a test.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Every measure igraph has too is the same, to nine digits.
func TestMeasuresAsIgraph(t *testing.T) {
	ctx := context.Background()
	input, err := json.Marshal(specs())
	if err != nil {
		t.Fatal(err)
	}
	python := os.Getenv("COMMONTABLE_PYTHON")
	if python == "" {
		python = "/usr/bin/python3"
	}
	want := recorded(t, "testdata/igraph.json", []string{python, "testdata/measure.py"}, []string{python, "-c", "import igraph"}, input)
	compared := 0
	for _, s := range specs() {
		g := s.graph(t)
		u := g.Undirected()
		dyads := graph.DyadsOf(g)
		clusters := must[graph.Clusters](t)(graph.Clustering(ctx, g))
		near := must[graph.Close](t)(graph.Closeness(ctx, g, graph.Steps, graph.Sampling{}))
		cuts := graph.CutsOf(g)
		mixing := must[graph.Mixing](t)(graph.MixingOf(g, s.Groups))
		parts, q, err := graph.Leiden(ctx, g, graph.Search{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		checkParts(t, u, parts)
		ours := map[string]any{
			"density": graph.Density(g), "reciprocity": dyads.TiesReturned(), "pairs_mutual": dyads.PairsMutual(),
			"out_degree": graph.OutDegrees(g), "in_degree": graph.InDegrees(g), "degree": graph.Degrees(g),
			"strength": graph.Strengths(g), "in_strength": graph.InStrengths(g),
			"betweenness": must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{})).Values,
			"closeness":   near.Closeness, "harmonic": near.Harmonic,
			"pagerank": must[[]float64](t)(graph.PageRank(ctx, g, graph.StandardDamping)),
			"coreness": graph.Cores(g), "transitivity": clusters.Global(), "local": clusters.Local, "mean_local": clusters.Mean(),
			"weak": len(graph.Components(g).Sizes), "strong": len(graph.StrongComponents(g).Sizes),
			"points": cuts.Points, "bridges": cuts.Bridges, "assortativity": mixing.Assortativity(),
			"modularity_groups": must[float64](t)(graph.Modularity(g, s.Groups, 1)),
		}
		if x, err := graph.Eigenvector(ctx, g); err == nil {
			ours["eigenvector"] = x
		} else if !errors.Is(err, graph.ErrNoConvergence) || !s.Directed || len(graph.StrongComponents(g).Sizes) == 1 {
			t.Errorf("%q: %v", s.Name, err)
		}
		if s.Weighted {
			near := must[graph.Close](t)(graph.Closeness(ctx, g, graph.Inverse, graph.Sampling{}))
			ours["closeness_inverse"], ours["harmonic_inverse"] = near.Closeness, near.Harmonic
			ours["betweenness_inverse"] = must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Inverse, graph.Sampling{})).Values
			ours["betweenness_weights"] = must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Weights, graph.Sampling{})).Values
			ours["local_weighted"] = clusters.Weighted
		}
		theirs, ok := want.Graphs[s.Name]
		if !ok {
			t.Fatalf("nothing is recorded of %q: run with -record where igraph is installed", s.Name)
		}
		for key, value := range theirs {
			if key == "louvain" {
				if best := value.(float64); q < best-1e-9 {
					t.Errorf("%q: modularity %.6f, and Louvain finds %.6f", s.Name, q, best)
				}
				continue
			}
			if value == nil && (key == "reciprocity" || key == "pairs_mutual") {
				continue // not asked without direction
			}
			mine, ok := ours[key]
			if !ok {
				t.Fatalf("%s is not ours", key)
			}
			if fault := differ(value, told(mine)); fault != "" {
				t.Errorf("%s of %q: igraph and ours differ: %s", key, s.Name, fault)
			}
			compared++
		}
	}
	if compared < 500 {
		t.Errorf("only %d measures were compared", compared)
	}
}

// What sna defines and igraph does not, or otherwise, is as in sna.
func TestMeasuresAsSna(t *testing.T) {
	ctx := context.Background()
	var input strings.Builder
	for _, s := range specs() {
		fmt.Fprintf(&input, "%s %d %t %d", strings.ReplaceAll(s.Name, " ", "_"), s.N, s.Directed, len(s.Ties))
		for _, group := range s.Groups {
			fmt.Fprintf(&input, " %d", group)
		}
		input.WriteString("\n")
		for _, tie := range s.Ties {
			fmt.Fprintf(&input, "%d %d\n", int(tie[0]), int(tie[1]))
		}
	}
	want := recorded(t, "testdata/sna.json", []string{"Rscript", "testdata/measure.R"}, []string{"Rscript", "-e", "library(sna)"}, []byte(input.String()))
	compared := 0
	for _, s := range specs() {
		if s.N < 3 {
			continue
		}
		g := s.graph(t)
		dyads := graph.DyadsOf(g)
		b := must[graph.Between](t)(graph.Betweenness(ctx, g, graph.Steps, graph.Sampling{})).Values
		ours := map[string]any{
			"density": graph.Density(g), "dyadic": dyads.PairsAgreeing(), "nonnull": dyads.PairsMutual(), "edgewise": dyads.TiesReturned(),
			"degree_centralization": graph.DegreeCentralization(g), "in_degree_centralization": graph.InDegreeCentralization(g),
			"betweenness": b, "betweenness_centralization": graph.BetweennessCentralization(g, b), "cores": graph.Cores(g),
		}
		roles := map[string][]int{}
		for _, r := range must[[]graph.Broker](t)(graph.Brokers(ctx, g, s.Groups)) {
			for key, n := range map[string]int64{"coordinator": r.Coordinator, "consultant": r.Consultant, "representative": r.Representative, "gatekeeper": r.Gatekeeper, "liaison": r.Liaison} {
				roles[key] = append(roles[key], int(n))
			}
		}
		for key, values := range roles {
			ours[key] = values
		}
		for key, value := range want.Graphs[strings.ReplaceAll(s.Name, " ", "_")] {
			if fault := differ(value, told(ours[key])); fault != "" {
				t.Errorf("%s of %q: sna and ours differ: %s", key, s.Name, fault)
			}
			compared++
		}
	}
	if compared < 200 {
		t.Errorf("only %d measures were compared", compared)
	}
}

// checkParts holds communities to what Leiden promises: each hangs together.
func checkParts(t testing.TB, g *graph.Graph, parts graph.Parts) {
	t.Helper()
	for c, size := range parts.Sizes {
		gone := make([]bool, g.Nodes())
		for v, of := range parts.Of {
			gone[v] = of != int32(c)
		}
		inside, old, err := g.Without(gone)
		if err != nil || len(old) != size {
			t.Fatal(err, len(old), size)
		}
		if n := len(graph.Components(inside).Sizes); n != 1 {
			t.Errorf("community %d of %d nodes is in %d pieces", c, size, n)
		}
	}
}
