package guard

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

// lineRule finds lines that must not be there.
type lineRule struct {
	name    string
	pattern *regexp.Regexp
	except  func(file string) bool
	why     string
}

func never(string) bool { return false }

var templateRules = []lineRule{
	{"inline style", regexp.MustCompile(`(?i)\sstyle\s*=|<style[\s>]|^css\s+\w+\(`), never, "the content security policy forbids it: use a class"},
	{"inline handler", regexp.MustCompile(`(?i)\son[a-z]+\s*=\s*["{']|\shx-on\b|^script\s+\w+\(`), never, "the content security policy forbids it: put it into assets/src"},
	{"inline script", regexp.MustCompile(`(?i)<script(\s*>|\s[^>]*>[^<\s])|javascript:|["']js:`), never, "the content security policy forbids it: put it into assets/src"},
	{"raw HTML", regexp.MustCompile(`templ\.Raw\(`), never, "it goes around escaping"},
}

var codeRules = []lineRule{
	{"unfinished work", regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`), inGuard, "finish it, or write an issue"},
}

var goRules = []lineRule{
	{"skipped test", regexp.MustCompile(`\b[tbf]\.(Skip|Skipf|SkipNow)\(|testing\.Short\(\)`), func(file string) bool {
		return inGuard(file) || file == "internal/testing/browser/browser.go"
	}, "a test runs or fails; slow ones carry the build tag slow"},
	{"weak randomness", regexp.MustCompile(`"math/rand(/v2)?"`), func(file string) bool {
		return isTest(file) || inGuard(file) || under(file, "bench") || under(file, "internal/testing") || strings.Contains(path.Base(file), "demo") || strings.Contains(file, "/demo/") || predictable[file] != ""
	}, "secrets come from crypto/rand; chance that is no secret is listed in predictable in internal/guard"},
	{"unchecked certificate", regexp.MustCompile(`InsecureSkipVerify:\s*true|AddInsecureBypassPattern`), func(file string) bool { return isTest(file) || inGuard(file) }, "it opens the door to anyone in between"},
}

// predictable lists the files in which chance is no secret, with the use.
var predictable = map[string]string{
	"internal/platform/store/postgres.go":       "spreads the retries of transactions that met",
	"internal/sample/surveys.go":                "invents who works with whom, the same for the same seed",
	"internal/sample/sample.go":                 "invents names, the same for the same seed",
	"internal/analysis/graph/chance.go":         "samples, orders and permutations, the same for the same seed",
	"internal/analysis/graph/reconstruction.go": "draws what is missing, the same for the same seed",
	"internal/analysis/graph/leiden.go":         "takes nodes in an order by chance, the same for the same seed",
	"internal/analysis/layout/layout.go":        "where a drawing begins, the same for the same seed",
	"internal/cli/front/compress.go":            "blurs the length of compressed answers",
}

func inGuard(file string) bool { return under(file, "internal/guard") }

func lineFaults(file, text string, rules []lineRule) []string {
	var faults []string
	number := 0
	for line := range strings.Lines(text) {
		number++
		for _, rule := range rules {
			if rule.pattern.MatchString(line) && !rule.except(file) {
				faults = append(faults, fmt.Sprintf("%s:%d: %s: %s (%s)", file, number, rule.name, strings.TrimSpace(line), rule.why))
			}
		}
	}
	return faults
}

func TestTemplatesKeepThePolicy(t *testing.T) {
	for _, file := range sources(t, ".templ") {
		report(t, lineFaults(file, read(t, file), templateRules))
	}
}

func TestNothingIsUnfinished(t *testing.T) {
	for _, file := range sources(t, ".go", ".templ", ".ts", ".css", ".sql", ".mjs", ".sh") {
		if !isGenerated(file) {
			report(t, lineFaults(file, read(t, file), codeRules))
		}
	}
}

func TestGoLinesKeepTheRules(t *testing.T) {
	for _, file := range sources(t, ".go") {
		report(t, lineFaults(file, read(t, file), goRules))
	}
}

func TestLineFaultsAreFound(t *testing.T) {
	for _, bad := range []string{
		`<p style="color: red">`, `<p style={ color }>`, "css red() {", "<style>p{}</style>",
		`<button onclick="go()">`, `<button onclick={ go() }>`, `<div hx-on:click="x">`, "script show() {",
		"<script>alert(1)</script>", `<script type="module">import x</script>`, `<a href="javascript:x">`, "@templ.Raw(text)",
	} {
		if len(lineFaults("a.templ", bad, templateRules)) == 0 {
			t.Errorf("not found: %s", bad)
		}
	}
	for _, good := range []string{`<script src={ x } defer></script>`, `<p class="style">one = two</p>`, `<input name="on">`, `styles := 1`} {
		if got := lineFaults("a.templ", good, templateRules); len(got) != 0 {
			t.Errorf("a false alarm: %q", got)
		}
	}
	expect(t, lineFaults("a.go", "x\n// TODO later\n", codeRules), "a.go:2: unfinished work")
	expect(t, lineFaults("a_test.go", "\tt.Skip(\"no server\")\n", goRules), "skipped test")
	expect(t, lineFaults("internal/platform/access/token.go", `	"math/rand/v2"`, goRules), "weak randomness")
	expect(t, lineFaults("internal/cli/demo.go", `	"math/rand/v2"`, goRules))
	expect(t, lineFaults("a.go", "c := tls.Config{InsecureSkipVerify: true}", goRules), "unchecked certificate")
}

// Length is a hint for the author, no fault.
func TestLongFilesAreNamed(t *testing.T) {
	const long = 450
	for _, file := range sources(t, ".go", ".templ", ".ts", ".css", ".sql") {
		if lines := strings.Count(read(t, file), "\n"); lines > long && !isGenerated(file) {
			t.Logf("%s has %d lines: files under about 300 are easier to read", file, lines)
		}
	}
}
