package guard

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
	"testing"
)

const module = "commontable"

// A floor is a set of packages and what they may not import. Every package of
// the project stands on exactly one floor; the first that matches counts.
type floor struct {
	name     string
	packages []string // prefixes of package paths below the module
	height   int      // imports run to the same or a lower height only
	never    []string // prefixes of import paths
}

var (
	engines   = []string{"database/sql", "github.com/jackc/pgx", "modernc.org/sqlite"}
	faces     = []string{"net/http", "github.com/a-h/templ", "github.com/danielgtaylor/huma", "github.com/alecthomas/kong"}
	storeOnly = []string{module + "/internal/platform/store"}
)

var floors = []floor{
	{"tests and benchmarks", []string{"internal/testing", "internal/guard", "internal/security", "internal/faults", "internal/journey", "bench"}, 9, nil},
	{"the program", []string{"cmd"}, 8, append(engines, storeOnly...)},
	{"command line", []string{"internal/cli"}, 7, engines},
	{"components", []string{"internal/web/ui"}, 5, append(engines, storeOnly...)},
	{"pages", []string{"internal/web"}, 6, append(engines, storeOnly...)},
	{"REST", []string{"internal/rest"}, 6, append(engines, storeOnly...)},
	{"sample", []string{"internal/sample"}, 6, append(append(engines, storeOnly...), faces...)},
	{"wiring", []string{"internal/app"}, 5, engines},
	{"backbone", []string{"internal/backbone"}, 4, append(engines, faces...)},
	{"analysis", []string{"internal/analysis"}, 3, append(append([]string{"os", module + "/internal/platform"}, engines...), faces...)},
	{"store", []string{"internal/platform/store"}, 2, faces},
	{"platform", []string{"internal/platform"}, 2, append([]string{"github.com/a-h/templ", "github.com/danielgtaylor/huma"}, engines...)},
	{"ground", []string{"internal/schema", "assets"}, 1, engines},
}

// driver holds the interfaces a type needs to be stored, and no engine.
const driver = "database/sql/driver"

func under(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func floorOf(pkg string) (floor, bool) {
	local := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
	for _, f := range floors {
		for _, prefix := range f.packages {
			if under(local, prefix) {
				return f, true
			}
		}
	}
	return floor{}, false
}

// importFault judges one import; "" is none.
func importFault(from, to string) string {
	lower, ok := floorOf(from)
	if !ok {
		return fmt.Sprintf("%s stands on no floor: add it to floors in internal/guard", from)
	}
	for _, never := range lower.never {
		if under(to, never) && to != driver {
			return fmt.Sprintf("%s imports %s, which %s may not", from, to, lower.name)
		}
	}
	if !under(to, module) {
		return ""
	}
	upper, ok := floorOf(to)
	if !ok {
		return fmt.Sprintf("%s stands on no floor: add it to floors in internal/guard", to)
	}
	if upper.height > lower.height {
		return fmt.Sprintf("%s (%s) imports %s (%s): imports run downwards only", from, lower.name, to, upper.name)
	}
	if upper.height == lower.height && upper.name != lower.name && lower.height > 2 {
		return fmt.Sprintf("%s (%s) imports %s (%s): neighbors do not import each other", from, lower.name, to, upper.name)
	}
	// The directory of organizations and people is what the other capabilities
	// stand on; it may know the collaborative and nothing else of them.
	const backbone = module + "/internal/backbone"
	if under(from, backbone+"/directory") && under(to, backbone) && !under(to, backbone+"/directory") && !under(to, backbone+"/collaborative") {
		return fmt.Sprintf("%s imports %s: the directory is the ground of the capabilities", from, to)
	}
	return ""
}

func TestImportsRunDownwards(t *testing.T) {
	for _, file := range sources(t, ".go") {
		if isTest(file) || strings.HasPrefix(file, "tools/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), root+"/"+file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, spec := range parsed.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if to == "database/sql" && onlyValues(parsed) {
				continue
			}
			if fault := importFault(module+"/"+path.Dir(file), to); fault != "" {
				t.Errorf("%s: %s", file, fault)
			}
		}
	}
}

// onlyValues tells whether a file takes nothing of database/sql but the types
// of values that may be NULL, which open no way to a database.
func onlyValues(file *ast.File) bool {
	only := true
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "sql" {
				only = only && (strings.HasPrefix(selector.Sel.Name, "Null") || selector.Sel.Name == "Scanner")
			}
		}
		return true
	})
	return only
}

func TestOnlyValuesOfSQL(t *testing.T) {
	for text, want := range map[string]bool{
		"var v sql.NullInt64":     true,
		"var db *sql.DB":          false,
		"func f() { sql.Open() }": false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\nimport \"database/sql\"\n"+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := onlyValues(file); got != want {
			t.Errorf("%s: only values %v, want %v", text, got, want)
		}
	}
}

func TestImportFaultsAreFound(t *testing.T) {
	for _, bad := range [][2]string{
		{"internal/platform/store", "internal/backbone/directory"},
		{"internal/platform/mail", "internal/web/ui"},
		{"internal/backbone/directory", "internal/web"},
		{"internal/backbone/directory", "internal/backbone/surveys"},
		{"internal/backbone/surveys", "net/http"},
		{"internal/backbone/surveys", "database/sql"},
		{"internal/backbone/surveys", "github.com/jackc/pgx/v5/pgconn"},
		{"internal/backbone/surveys", "internal/testing/postgres"},
		{"internal/platform/jobs", "database/sql"},
		{"internal/web", "internal/platform/store"},
		{"internal/rest", "internal/platform/store"},
		{"internal/rest", "internal/web"},
		{"internal/web", "internal/cli"},
		{"internal/app", "internal/web"},
		{"internal/analysis/graph", "internal/platform/store"},
		{"internal/analysis/graph", "net/http"},
		{"internal/analysis/resemblance", "internal/platform/i18n"},
		{"internal/analysis/participation", "internal/platform/store"},
		{"internal/analysis/survival", "net/http"},
		{"internal/analysis/damage", "internal/platform/intake"},
		{"internal/platform/intake", "internal/backbone/directory"},
		{"internal/platform/calendar", "internal/backbone/convening"},
		{"internal/platform/calendar", "database/sql"},
		{"internal/analysis/resemblance", "internal/backbone/directory"},
		{"internal/novelty", "fmt"},
		{"cmd/commontable", "internal/guard/notices"},
	} {
		if importFault(qualified(bad[0]), qualified(bad[1])) == "" {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
	for _, good := range [][2]string{
		{"cmd/commontable", "internal/cli"},
		{"internal/cli", "internal/app"},
		{"internal/cli", "internal/platform/store"},
		{"internal/app", "internal/platform/store"},
		{"internal/web", "internal/web/ui"},
		{"internal/web", "internal/app"},
		{"internal/backbone/surveys", "internal/backbone/directory"},
		{"internal/backbone/directory", "internal/backbone/collaborative"},
		{"internal/backbone/surveys", "internal/analysis/stats"},
		{"internal/analysis/participation", "internal/analysis/roster"},
		{"internal/testing/committee", "internal/analysis/participation"},
		{"internal/backbone/directory", "internal/analysis/resemblance"},
		{"internal/analysis/resemblance", "golang.org/x/net/publicsuffix"},
		{"internal/platform/store", "internal/schema"},
		{"internal/platform/store", "database/sql"},
		{"internal/platform/id", "database/sql/driver"},
	} {
		if fault := importFault(qualified(good[0]), qualified(good[1])); fault != "" {
			t.Error(fault)
		}
	}
}

// qualified completes a path below the module; others stay as they are.
func qualified(path string) string {
	if under(path, "internal") || under(path, "cmd") {
		return module + "/" + path
	}
	return path
}
