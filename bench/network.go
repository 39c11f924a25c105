package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"commontable/internal/analysis/graph"
)

// pivots is from how many nodes betweenness follows paths in the largest graph. python3-igraph knows no such sample,
// and would take minutes for the whole, so there it is not asked.
const pivots = 200

// network measures graphs of three sizes, each beside igraph where python3-igraph is installed.
func (b *bench) network(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "commontable-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	stop, err := b.profiled()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("network · %s · %d cores; processor time of all cores in brackets; ratio is igraph's time by ours\n", runtime.Version(), runtime.NumCPU())
	for _, nodes := range []int{500, 5_000, 50_000} {
		for _, degree := range []int{4, 10} {
			if err := b.oneNetwork(ctx, folder, nodes, degree); err != nil {
				return err
			}
		}
	}
	return nil
}

// sketch is a network of neighborhoods of about a hundred with a fifth of the ties between them, some nodes with
// many more ties than others, and weights in quarters.
func sketch(nodes, degree int) []graph.Tie {
	c := rand.New(rand.NewPCG(uint64(nodes), uint64(degree)))
	seen := map[[2]int32]bool{}
	var ties []graph.Tie
	for len(ties) < nodes*degree/2 {
		a := int32(float64(nodes) * math.Pow(c.Float64(), 1.3))
		at := a / 100 * 100
		e := at + int32(c.IntN(min(100, nodes-int(at))))
		if c.IntN(5) == 0 {
			e = int32(c.IntN(nodes))
		}
		if a > e {
			a, e = e, a
		}
		if a == e || seen[[2]int32{a, e}] {
			continue
		}
		seen[[2]int32{a, e}] = true
		ties = append(ties, graph.Tie{From: a, To: e, Weight: float64(1+c.IntN(8)) / 4})
	}
	return ties
}

func (b *bench) oneNetwork(ctx context.Context, folder string, nodes, degree int) error {
	ties := sketch(nodes, degree)
	begun := time.Now()
	g, err := graph.New(nodes, ties, graph.Kind{Weighted: true})
	if err != nil {
		return err
	}
	fmt.Printf("\n%d nodes, %d ties, built in %s\n", nodes, g.Ties(), time.Since(begun).Round(10*time.Microsecond))
	sampling := graph.Sampling{}
	if nodes > graph.MostExact {
		for _, v := range rand.New(rand.NewPCG(1, 1)).Perm(nodes)[:pivots] {
			sampling.Nodes = append(sampling.Nodes, int32(v))
		}
	}
	other, err := startIgraph(ctx, folder, nodes, ties)
	if err != nil {
		return err
	}
	if other != nil {
		defer other.stop()
	}
	plain, seed := g.Unweighted(), uint64(0)
	sum := func(values []float64) (total float64) {
		for _, x := range values {
			if !math.IsNaN(x) {
				total += x
			}
		}
		return total
	}
	for _, m := range []struct {
		name string
		ours func() (float64, error)
	}{
		{"betweenness", func() (float64, error) {
			out, err := graph.Betweenness(ctx, plain, graph.Steps, sampling)
			return sum(out.Values), err
		}},
		{"betweenness, weighted", func() (float64, error) {
			out, err := graph.Betweenness(ctx, g, graph.Inverse, sampling)
			return sum(out.Values), err
		}},
		{"communities", func() (float64, error) {
			seed++
			_, q, err := graph.Leiden(ctx, plain, graph.Search{Seed: seed, Starts: 1})
			return q, err
		}},
		{"communities, weighted", func() (float64, error) {
			seed++
			_, q, err := graph.Leiden(ctx, g, graph.Search{Seed: seed, Starts: 1})
			return q, err
		}},
		{"PageRank", func() (float64, error) {
			out, err := graph.PageRank(ctx, plain, graph.StandardDamping)
			return slices.Max(out), err
		}},
		{"eigenvector", func() (float64, error) {
			out, err := graph.Eigenvector(ctx, plain)
			return sum(out), err
		}},
		{"clustering", func() (float64, error) {
			out, err := graph.Clustering(ctx, plain)
			return out.Global(), err
		}},
		{"clustering, local", func() (float64, error) {
			out, err := graph.Clustering(ctx, plain)
			return sum(out.Local), err
		}},
		{"k-core", func() (float64, error) { return float64(slices.Max(graph.Cores(plain))), nil }},
		{"closeness", func() (float64, error) {
			out, err := graph.Closeness(ctx, plain, graph.Steps, graph.Sampling{})
			return sum(out.Closeness), err
		}},
	} {
		if !b.wants(m.name) || ctx.Err() != nil {
			continue
		}
		alone := nodes > graph.MostExact && (m.name == "closeness" || strings.HasPrefix(m.name, "betweenness"))
		if err := compare(m.name, m.ours, other, alone); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// compare lets both take turns, so that what else the machine does hits both, and tells the best of each.
func compare(name string, ours func() (float64, error), other *igraph, alone bool) error {
	var mine, theirs timing
	begun := time.Now()
	for turn := 0; turn < 15 && (turn < 2 || time.Since(begun) < 3*time.Second); turn++ {
		at, spent := time.Now(), userTime()
		value, err := ours()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		mine.take(time.Since(at), userTime()-spent, value)
		if other != nil && !alone {
			wall, cpu, value, err := other.ask(name)
			if err != nil {
				return err
			}
			theirs.take(wall, cpu, value)
		}
	}
	line := fmt.Sprintf("  %-24s %10s (%s) %.6g", name, short(mine.wall), short(mine.cpu), mine.value/float64(mine.turns))
	if theirs.wall > 0 {
		line += fmt.Sprintf("   igraph %10s (%s) %.6g   ratio %.2f", short(theirs.wall), short(theirs.cpu), theirs.value/float64(theirs.turns), float64(theirs.wall)/float64(mine.wall))
	}
	fmt.Println(line)
	return nil
}

// userTime is what this process has used of its processors, finer than processorTime; 0 where it cannot be told.
func userTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// timing is the best of several turns, and their mean value, since communities differ from turn to turn.
type timing struct {
	wall, cpu time.Duration
	value     float64 // of all turns
	turns     int
}

func (t *timing) take(wall, cpu time.Duration, value float64) {
	if t.wall == 0 || wall < t.wall {
		t.wall, t.cpu = wall, cpu
	}
	t.value += value
	t.turns++
}

// igraph is python3-igraph holding a graph and waiting for names of measures.
type igraph struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func runs(ctx context.Context, program string, args ...string) bool {
	return exec.CommandContext(ctx, program, args...).Run() == nil
}

// startIgraph hands the graph over; nil where igraph is not installed.
func startIgraph(ctx context.Context, folder string, nodes int, ties []graph.Tie) (*igraph, error) {
	python := os.Getenv("COMMONTABLE_PYTHON")
	if python == "" {
		python = "/usr/bin/python3"
	}
	if !runs(ctx, python, "-c", "import igraph") {
		fmt.Println("  igraph is not installed here (Debian: python3-igraph), so there is nothing to compare with")
		return nil, nil
	}
	var raw bytes.Buffer
	ends, weights := []int32{int32(nodes), int32(len(ties))}, []float64(nil)
	for _, t := range ties {
		ends, weights = append(ends, t.From, t.To), append(weights, t.Weight)
	}
	if err := errors.Join(binary.Write(&raw, binary.LittleEndian, ends), binary.Write(&raw, binary.LittleEndian, weights)); err != nil {
		return nil, err
	}
	args := []string{"bench/network.py", filepath.Join(folder, "graph")}
	if err := os.WriteFile(args[1], raw.Bytes(), 0o600); err != nil {
		return nil, err
	}
	i := &igraph{command: exec.CommandContext(ctx, python, args...)}
	i.command.Stderr = os.Stderr
	out, err := i.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if i.in, err = i.command.StdinPipe(); err != nil {
		return nil, err
	}
	i.out = bufio.NewReader(out)
	if err := i.command.Start(); err != nil {
		return nil, err
	}
	_, err = i.out.ReadString('\n')
	return i, err
}

func (i *igraph) ask(name string) (wall, cpu time.Duration, value float64, err error) {
	if _, err = fmt.Fprintln(i.in, name); err != nil {
		return 0, 0, 0, err
	}
	var w, c float64
	_, err = fmt.Fscanln(i.out, &w, &c, &value)
	return time.Duration(w * 1e9), time.Duration(c * 1e9), value, err
}

func (i *igraph) stop() {
	_ = i.in.Close()
	_ = i.command.Wait() // it ends when nothing more comes
}
