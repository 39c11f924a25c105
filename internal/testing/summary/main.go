// Summary reads the events of "go test -json" on standard input and shows what
// a person needs: one line for each package, the output of what failed, every
// skipped test with its reason, and the slowest tests. The counts go to the
// file named by -counts, as "PASSED FAILED".
//
// It ends with code 1 when a test failed, when a package did not build, when no
// test ran, or when a test skipped and -allow-skips is not given.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	counts := flag.String("counts", "", "file to write the counts to")
	allowSkips := flag.Bool("allow-skips", false, "a skipped test is no failure")
	flag.Parse()

	s, err := read(os.Stdin, os.Stdout)
	if err == nil {
		err = s.report(os.Stdout, *allowSkips)
	}
	if *counts != "" {
		text := fmt.Sprintf("%d %d\n", s.passed, max(s.failed, boolCount(err != nil)))
		if writeErr := os.WriteFile(*counts, []byte(text), 0o600); writeErr != nil {
			err = errors.Join(err, writeErr)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests:", err)
		os.Exit(1)
	}
}

func boolCount(b bool) int {
	if b {
		return 1
	}
	return 0
}

// event is one line of go test -json, as "go doc test2json" describes it.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build output
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

type key struct{ pkg, test string }

type timed struct {
	key
	seconds float64
}

type summary struct {
	passed, failed int
	output         map[key]*strings.Builder
	failures       []key
	skips          []key
	times          []timed
	packages       map[string]bool // true: failed
	testFailed     map[string]bool // packages in which a test itself failed
	unfinished     map[key]bool
}

func read(in io.Reader, out io.Writer) (*summary, error) {
	s := &summary{output: map[key]*strings.Builder{}, packages: map[string]bool{}, testFailed: map[string]bool{}, unfinished: map[key]bool{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			_, _ = fmt.Fprintln(out, lines.Text()) // what go itself says in plain words
			continue
		}
		s.add(e, out)
	}
	return s, lines.Err()
}

func (s *summary) add(e event, out io.Writer) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		_, _ = fmt.Fprint(out, e.Output)
	case "run":
		s.unfinished[k] = true
	case "output":
		if e.Test == "" && isPackageLine(e.Output) {
			_, _ = fmt.Fprint(out, e.Output)
			return
		}
		if s.output[k] == nil {
			s.output[k] = &strings.Builder{}
		}
		s.output[k].WriteString(e.Output)
	case "pass", "fail", "skip":
		delete(s.unfinished, k)
		if e.Test == "" {
			s.endPackage(e)
			return
		}
		s.endTest(k, e)
	}
}

// isPackageLine recognizes go test's own closing line for a package, which is
// passed through as it is.
func isPackageLine(text string) bool {
	for _, start := range []string{"ok  \t", "FAIL\t", "---\t"} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

func (s *summary) endTest(k key, e event) {
	s.times = append(s.times, timed{k, e.Elapsed})
	switch e.Action {
	case "pass":
		s.passed++
		delete(s.output, k)
	case "skip":
		s.skips = append(s.skips, k)
	case "fail":
		s.failed++
		s.failures = append(s.failures, k)
		s.testFailed[k.pkg] = true
	}
}

// endPackage counts a package that fails without a failing test, because it
// did not build, panicked or ran out of time, as one failure.
func (s *summary) endPackage(e event) {
	s.packages[e.Package] = e.Action == "fail"
	if e.Action == "fail" && !s.testFailed[e.Package] {
		s.failed++
		s.failures = append(s.failures, key{e.Package, ""})
	}
}

func (s *summary) report(out io.Writer, allowSkips bool) error {
	say := func(format string, arguments ...any) { _, _ = fmt.Fprintf(out, format+"\n", arguments...) }

	for _, k := range s.failures {
		say("\n--- FAIL: %s %s", k.pkg, k.test)
		if text := s.output[k]; text != nil {
			_, _ = io.WriteString(out, text.String())
		}
		if seed := s.shuffleSeed(k.pkg); seed != "" {
			say("    (run again in this order with -shuffle=%s)", seed)
		}
		if k.test == "" {
			for u := range s.unfinished {
				if u.pkg == k.pkg && s.output[u] != nil {
					say("\n--- did not end: %s", u.test)
					_, _ = io.WriteString(out, tail(s.output[u].String(), 200))
				}
			}
		}
	}
	if len(s.skips) > 0 {
		say("\nSkipped:")
		for _, k := range s.skips {
			reason := "no reason given"
			if text := s.output[k]; text != nil {
				reason = strings.Join(strings.Fields(withoutMarks(text.String())), " ")
			}
			say("  %s %s: %s", k.pkg, k.test, reason)
		}
	}
	s.reportSlowest(say)
	say("\n%d tests passed, %d failed, %d skipped in %d packages", s.passed, s.failed, len(s.skips), len(s.packages))

	switch {
	case s.failed > 0:
		return fmt.Errorf("%d failed", s.failed)
	case len(s.skips) > 0 && !allowSkips:
		return fmt.Errorf("%d skipped, and a skipped test counts as a failure", len(s.skips))
	case s.passed == 0 && len(s.skips) == 0:
		return errors.New("no test ran")
	}
	return nil
}

// shuffleSeed returns the number that repeats the order a package's tests ran in.
func (s *summary) shuffleSeed(pkg string) string {
	text := s.output[key{pkg, ""}]
	if text == nil {
		return ""
	}
	_, after, _ := strings.Cut(text.String(), "-test.shuffle ")
	seed, _, _ := strings.Cut(after, "\n")
	return seed
}

func (s *summary) reportSlowest(say func(string, ...any)) {
	const shown, floor = 8, 2.0
	top := slices.DeleteFunc(slices.Clone(s.times), func(t timed) bool { return t.seconds < floor || strings.Contains(t.test, "/") })
	slices.SortFunc(top, func(a, b timed) int { return cmp.Compare(b.seconds, a.seconds) })
	if len(top) > 0 {
		say("\nSlowest tests:")
	}
	for _, t := range top[:min(shown, len(top))] {
		say("  %6.1f s  %s %s", t.seconds, t.pkg, t.test)
	}
}

// withoutMarks drops the lines go test adds around a test's own output.
func withoutMarks(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "=== ") || strings.HasPrefix(trimmed, "--- ") {
			continue
		}
		kept = append(kept, trimmed)
	}
	return strings.Join(kept, " ")
}

func tail(text string, lines int) string {
	all := strings.SplitAfter(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "")
}
