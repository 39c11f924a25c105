package guard

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const decision = "docs/decisions/0001-dependencies.md"

// goMod is what the guards read of a go.mod file.
type goMod struct {
	Require []struct {
		Path, Version string
		Indirect      bool
	}
	Tool []struct{ Path string }
}

func (m goMod) version(path string) string {
	for _, r := range m.Require {
		if r.Path == path {
			return r.Version
		}
	}
	return ""
}

func readGoMod(t *testing.T, file string) goMod {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json", file).Output()
	if err != nil {
		t.Fatalf("go mod edit -json %s: %v", file, err)
	}
	var m goMod
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// dependencyFaults compares what is used with what was decided. Used maps a
// module to a place that uses it; decided are the modules of the decision.
func dependencyFaults(used map[string]string, decided []string, inGoMod func(string) bool) []string {
	var faults []string
	for _, path := range slices.Sorted(maps.Keys(used)) {
		if !slices.Contains(decided, path) {
			faults = append(faults, fmt.Sprintf("%s is used (%s) but %s does not give the reason for it", path, used[path], decision))
		}
	}
	for _, path := range decided {
		if !inGoMod(path) {
			faults = append(faults, fmt.Sprintf("%s is listed in %s but is in no go.mod", path, decision))
		}
	}
	return faults
}

var decisionRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|[^|]+\\| *([^|]+) *\\|$")

// decidedModules returns the modules in the tables of the decision that come
// with a reason.
func decidedModules(text string) []string {
	var modules []string
	for _, row := range decisionRow.FindAllStringSubmatch(text, -1) {
		if strings.TrimSpace(row[2]) != "" {
			modules = append(modules, row[1])
		}
	}
	return modules
}

func TestDependenciesAreDecided(t *testing.T) {
	main, tools := readGoMod(t, root+"/go.mod"), readGoMod(t, root+"/tools/go.mod")
	used := map[string]string{}
	for _, r := range main.Require {
		if !r.Indirect {
			used[r.Path] = "go.mod"
		}
	}
	for _, tool := range tools.Tool {
		used[moduleOf(tool.Path, tools)] = "tools/go.mod"
	}
	for _, file := range sources(t, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), root+"/"+file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			to, _ := strconv.Unquote(spec.Path.Value)
			if first, _, _ := strings.Cut(to, "/"); strings.Contains(first, ".") {
				used[moduleOf(to, main)] = file
			}
		}
	}
	decided := decidedModules(read(t, decision))
	report(t, dependencyFaults(used, decided, func(path string) bool {
		return main.version(path) != "" || tools.version(path) != ""
	}))
}

// moduleOf returns the module of go.mod that holds the package, or the package
// itself when none does.
func moduleOf(pkg string, m goMod) string {
	best := ""
	for _, r := range m.Require {
		if under(pkg, r.Path) && len(r.Path) > len(best) {
			best = r.Path
		}
	}
	if best == "" {
		return pkg
	}
	return best
}

func TestUndecidedDependenciesAreFound(t *testing.T) {
	decided := decidedModules("| module | for | why |\n|---|---|---|\n| `example.org/known` | x | good |\n| `example.org/gone` | x | good |\n| `example.org/mute` | x |  |\n")
	inGoMod := func(path string) bool { return path != "example.org/gone" }
	expect(t, dependencyFaults(map[string]string{"example.org/known": "a.go", "example.org/new": "b.go", "example.org/mute": "c.go"}, decided, inGoMod),
		"example.org/mute is used (c.go)", "example.org/new is used (b.go)", "example.org/gone is listed")
}

// modernc.org/sqlite is C translated for one exact version of its C library; a
// newer one corrupts memory in ways that show late.
func TestLibcIsTheOneSQLiteWasMadeFor(t *testing.T) {
	out, err := exec.Command("go", "list", "-C", root, "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatalf("go list -m modernc.org/sqlite: %v", err)
	}
	report(t, libcFaults(readGoMod(t, root+"/go.mod"), readGoMod(t, strings.TrimSpace(string(out)))))
}

func libcFaults(ours, theirs goMod) []string {
	const libc = "modernc.org/libc"
	if want, have := theirs.version(libc), ours.version(libc); want == "" || have != want {
		return []string{fmt.Sprintf("go.mod has %s %q, modernc.org/sqlite was made for %q", libc, have, want)}
	}
	return nil
}

func TestForeignLibcIsFound(t *testing.T) {
	var ours, theirs goMod
	for m, version := range map[*goMod]string{&ours: "v1.78.0", &theirs: "v1.77.1"} {
		if err := json.Unmarshal([]byte(`{"Require":[{"Path":"modernc.org/libc","Version":"`+version+`"}]}`), m); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, libcFaults(ours, theirs), "v1.78.0")
	if got := libcFaults(theirs, theirs); got != nil {
		t.Errorf("the right version is a fault: %q", got)
	}
}
