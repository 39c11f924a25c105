package guard

import (
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/platform/operation"
)

var updateDocs = flag.Bool("update-docs", false, "write the generated parts of the documents anew")

const securityDocument = "docs/security.md"

// between cuts what stands between the markers of a generated part.
func between(text, part string) (before, inner, after string, ok bool) {
	begin, end := "<!-- "+part+":begin -->\n", "<!-- "+part+":end -->"
	before, rest, ok := strings.Cut(text, begin)
	if !ok {
		return text, "", "", false
	}
	inner, after, ok = strings.Cut(rest, end)
	return before + begin, inner, end + after, ok
}

// partFaults compares a generated part of a document with what it should be.
func partFaults(file, text, part, want string) []string {
	_, inner, _, ok := between(text, part)
	switch {
	case !ok:
		return []string{fmt.Sprintf("%s has no part %q between its markers", file, part)}
	case inner != want:
		return []string{fmt.Sprintf("%s: the part %q is not what the code says: run go test ./internal/guard -run TestGeneratedDocuments -update-docs", file, part)}
	}
	return nil
}

var grantWords = map[operation.Grant]string{operation.Never: "–", operation.Always: "yes", operation.OwnOrg: "own organization", operation.OwnGroup: "own group",
	operation.Themselves: "own entry", operation.AnyAccount: "yes"}

var roleWords = map[operation.Role]string{
	operation.Director: "director", operation.Staff: "staff", operation.TableChair: "table chair", operation.TableMember: "table member",
	operation.GroupChair: "group chair", operation.GroupMember: "group member", operation.Representative: "representative", operation.Funder: "funder",
	operation.CommunityMember: "community member", operation.Evaluator: "evaluator", operation.Convener: "convener",
	operation.Administrator: "administrator", operation.Public: "public",
}

// permissionTables writes the permission table as two: what the roles within a
// collaborative may do, and everything else. A role that no row of the first
// gives anything gets no column but a sentence.
func permissionTables(p operation.Permissions) string {
	members := len(operation.MembershipRoles)
	var within, without []string
	for _, op := range p.Operations() {
		if slices.ContainsFunc(p[op][:members], func(g operation.Grant) bool { return g != operation.Never }) {
			within = append(within, op)
		} else {
			without = append(without, op)
		}
	}
	var b strings.Builder
	var columns []int
	var nothing []string
	for i, role := range operation.Roles {
		if slices.ContainsFunc(within, func(op string) bool { return p[op][i] != operation.Never }) {
			columns = append(columns, i)
		} else {
			nothing = append(nothing, roleWords[role])
		}
	}
	b.WriteString("\n**In a collaborative.**")
	if len(nothing) > 0 {
		fmt.Fprintf(&b, " These rows give nothing to: %s.", strings.Join(nothing, ", "))
	}
	b.WriteString("\n\n| operation |")
	for _, i := range columns {
		b.WriteString(" " + roleWords[operation.Roles[i]] + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, op := range within {
		fmt.Fprintf(&b, "| `%s` |", op)
		for _, i := range columns {
			b.WriteString(" " + grantWords[p[op][i]] + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n**Accounts and the installation.**\n\n| operation | administrator | anyone signed in | strangers |\n|---|---|---|---|\n")
	for _, op := range without {
		admin, public := p[op][slices.Index(operation.Roles, operation.Administrator)], p[op][slices.Index(operation.Roles, operation.Public)]
		if public == operation.Always {
			admin = operation.Always // whatever strangers may do, everybody may
		}
		stranger, signedIn := public, public
		if public == operation.AnyAccount {
			stranger, admin = operation.Never, operation.Always
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", op, grantWords[admin], grantWords[signedIn], grantWords[stranger])
	}
	b.WriteString("\n")
	return b.String()
}

// limit is a rate limit as the source defines it.
type limit struct {
	burst int64
	every time.Duration
}

// limitsOf finds the composite literals of the type Rule in a source file.
func limitsOf(t *testing.T, source string) map[string]limit {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]limit{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok || !isRule(literal.Type) {
			return true
		}
		var name string
		var l limit
		for _, element := range literal.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				t.Fatalf("a rule without field names")
			}
			switch field := pair.Key.(*ast.Ident).Name; field {
			case "Name":
				name, err = strconv.Unquote(pair.Value.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
			case "Burst":
				l.burst = int64(number(t, pair.Value))
			case "Every":
				l.every = time.Duration(number(t, pair.Value))
			}
		}
		if name != "" {
			out[name] = l
		}
		return true
	})
	return out
}

func isRule(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "Rule"
	case *ast.SelectorExpr:
		return e.Sel.Name == "Rule"
	}
	return false
}

var units = map[string]time.Duration{"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute, "Hour": time.Hour}

// number works out a constant such as 3 * time.Minute.
func number(t *testing.T, e ast.Expr) float64 {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		f, _ := constant.Float64Val(constant.MakeFromLiteral(e.Value, e.Kind, 0))
		return f
	case *ast.SelectorExpr:
		if unit, ok := units[e.Sel.Name]; ok {
			return float64(unit)
		}
	case *ast.BinaryExpr:
		if e.Op == token.MUL {
			return number(t, e.X) * number(t, e.Y)
		}
	}
	t.Fatalf("a rule holds %T, which this guard cannot read", e)
	return 0
}

// limitFaults compares the rows of the limits' table, "| `name` | what | burst |
// every |", with the rules in the code.
func limitFaults(text string, have map[string]limit) []string {
	var faults []string
	seen := map[string]bool{}
	for _, row := range limitRow.FindAllStringSubmatch(text, -1) {
		name := row[1]
		l, ok := have[name]
		seen[name] = true
		if !ok {
			faults = append(faults, fmt.Sprintf("the limit %s stands in the document and not in the code", name))
			continue
		}
		if want := fmt.Sprintf("%d | %s", l.burst, spell(l.every)); row[2]+" | "+row[3] != want {
			faults = append(faults, fmt.Sprintf("the limit %s is %s in the code and %s | %s in the document", name, want, row[2], row[3]))
		}
	}
	for name := range have {
		if !seen[name] {
			faults = append(faults, fmt.Sprintf("the limit %s stands in the code and not in the document", name))
		}
	}
	slices.Sort(faults)
	return faults
}

var limitRow = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|[^|]*\\| (\\d+) \\| ([^|]+) \\|$")

// spell writes a duration as the document does.
func spell(d time.Duration) string {
	switch {
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%d ms", d/time.Millisecond)
}

var (
	namedTest = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]+)`")
	testFunc  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	nearLink  = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	namedPath = regexp.MustCompile("`((?:internal|cmd|assets|bench|docs|tools)/[A-Za-z0-9_./-]*)`")
)

// nameFaults finds tests, files and pages a document speaks of that are not
// there.
func nameFaults(file, text string, tests map[string]bool, there func(string) bool) []string {
	var faults []string
	for _, found := range namedTest.FindAllStringSubmatch(text, -1) {
		if !tests[found[1]] {
			faults = append(faults, fmt.Sprintf("%s names the test %s, which there is not", file, found[1]))
		}
	}
	for _, found := range namedPath.FindAllStringSubmatch(text, -1) {
		if !there(found[1]) {
			faults = append(faults, fmt.Sprintf("%s names %s, which there is not", file, found[1]))
		}
	}
	for _, found := range nearLink.FindAllStringSubmatch(text, -1) {
		if to := path.Join(path.Dir(file), found[1]); !there(to) {
			faults = append(faults, fmt.Sprintf("%s leads to %s, which there is not", file, to))
		}
	}
	return faults
}

func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, file := range sources(t, ".md") {
		if path.Dir(file) == "docs" || path.Dir(file) == "docs/decisions" {
			out = append(out, file)
		}
	}
	return out
}

// TestGeneratedDocuments compares the permission tables of the documentation
// with the table the program obeys.
func TestGeneratedDocuments(t *testing.T) {
	text, want := read(t, securityDocument), permissionTables(backbone.ParsedPermissions())
	if *updateDocs {
		before, _, after, ok := between(text, "permissions")
		if !ok {
			t.Fatalf("%s has no markers", securityDocument)
		}
		if err := os.WriteFile(filepath.Join(root, securityDocument), []byte(before+want+after), 0o600); err != nil { // #nosec G703 -- a constant
			t.Fatal(err)
		}
		return
	}
	report(t, partFaults(securityDocument, text, "permissions", want))
}

func TestDocumentedLimits(t *testing.T) {
	have := map[string]limit{}
	for _, file := range sources(t, ".go") {
		if isTest(file) || !under(file, "internal") {
			continue
		}
		if source := read(t, file); strings.Contains(source, "Rule{") {
			for name, l := range limitsOf(t, source) {
				have[name] = l
			}
		}
	}
	report(t, limitFaults(read(t, securityDocument), have))
}

func TestDocumentsNameWhatThereIs(t *testing.T) {
	tests := map[string]bool{}
	for _, file := range sources(t, ".go") {
		if isTest(file) {
			for _, found := range testFunc.FindAllStringSubmatch(read(t, file), -1) {
				tests[found[1]] = true
			}
		}
	}
	there := func(name string) bool {
		_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
		return err == nil
	}
	for _, file := range documents(t) {
		report(t, nameFaults(file, read(t, file), tests, there))
	}
}

func TestDocumentFaultsAreFound(t *testing.T) {
	expect(t, partFaults("a.md", "no markers", "permissions", ""), "no part")
	expect(t, partFaults("a.md", "<!-- permissions:begin -->\nold\n<!-- permissions:end -->", "permissions", "new\n"), "not what the code says")
	expect(t, partFaults("a.md", "<!-- permissions:begin -->\nnew\n<!-- permissions:end -->", "permissions", "new\n"))
	have := limitsOf(t, "package a\nimport \"time\"\nvar a = Rule{Name: \"one\", Burst: 5, Every: 90 * time.Second}\nvar b = access.Rule{Name: \"two\", Burst: 1, Every: time.Minute}\n")
	expect(t, limitFaults("| `one` | x | 5 | 90 s |\n| `two` | x | 1 | 1 min |\n", have))
	expect(t, limitFaults("| `one` | x | 6 | 90 s |\n| `three` | x | 1 | 1 s |\n", have), "one is 5 | 90 s", "three stands in the document", "two stands in the code")
	expect(t, nameFaults("docs/a.md", "`TestGone` in `internal/gone.go`, [see](b.md#c)", nil, func(string) bool { return false }), "TestGone", "internal/gone.go", "docs/b.md")
	table, err := operation.ParsePermissions(map[string]string{"a.do": "Y - - - - - o - - - - - -", "b.do": "- - - - - - - - - - - Y a"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| `a.do` | yes | own organization |\n", "| `b.do` | yes | yes | – |\n", "nothing to: staff,"} {
		if text := permissionTables(table); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
