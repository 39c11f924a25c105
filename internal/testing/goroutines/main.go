// Goroutines tells which tests of packages are worth the race detector, which makes the
// database within the program several times slower: those in which goroutines meet.
//
//	go run ./internal/testing/goroutines PACKAGE...
//
// It prints a line for each package that has any: "all PACKAGE" where the package's own
// code starts goroutines, "some PACKAGE NAME|NAME" where only these tests do. A test does
// when a goroutine or a server is started in it, or in any function of the package's
// tests that it names, however far down. It is judged by names alone, so that a test may
// be taken without need and none is forgotten.
//
// Tests that run beside each other (t.Parallel) do not meet by that, since each has an
// installation of its own; nor do those whose only other goroutine is the writer of
// SQLite, which the tests of the store are for.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "goroutines:", err)
		os.Exit(1)
	}
}

func run(packages []string) error {
	out, err := exec.Command("go", append([]string{"list", "-f", `{{.ImportPath}}|{{.Dir}}|{{join .GoFiles ","}}|{{join .TestGoFiles ","}},{{join .XTestGoFiles ","}}`}, packages...)...).Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(strings.TrimSpace(line), "|")
		own, err := parse(parts[1], parts[2])
		if err != nil {
			return err
		}
		tests, err := parse(parts[1], parts[3])
		if err != nil {
			return err
		}
		switch names := meeting(tests); {
		case len(testsIn(tests)) == 0:
		case slices.ContainsFunc(own, func(f *ast.File) bool { return starts(f, f) }):
			fmt.Println("all", parts[0])
		case len(names) > 0:
			fmt.Println("some", parts[0], strings.Join(names, "|"))
		}
	}
	return nil
}

func parse(folder, names string) (files []*ast.File, err error) {
	for name := range strings.SplitSeq(names, ",") {
		if name == "" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// testsIn are the names go test knows.
func testsIn(files []*ast.File) (names []string) {
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && (strings.HasPrefix(f.Name.Name, "Test") && f.Name.Name != "TestMain" || strings.HasPrefix(f.Name.Name, "Fuzz")) {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// meeting are the tests of a package's test files in which goroutines meet, in order.
func meeting(files []*ast.File) (names []string) {
	// What each name, of a function, method, variable or type, stands for in these
	// files: whether it starts something, and which names it uses.
	starting, uses := map[string]bool{}, map[string]map[string]bool{}
	for _, file := range files {
		for _, d := range file.Decls {
			for _, name := range declared(d) {
				starting[name] = starting[name] || starts(file, d)
				if uses[name] == nil {
					uses[name] = map[string]bool{}
				}
				ast.Inspect(d, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						uses[name][id.Name] = true
					}
					return true
				})
			}
		}
	}
	for again := true; again; {
		again = false
		for name, others := range uses {
			if starting[name] {
				continue
			}
			for other := range others {
				if starting[other] {
					starting[name], again = true, true
					break
				}
			}
		}
	}
	for _, name := range slices.Sorted(slices.Values(testsIn(files))) {
		if starting[name] {
			names = append(names, name)
		}
	}
	return names
}

// declared are the names that a declaration gives to what holds code.
func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		names = append(names, d.Name.Name)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, name := range v.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "_" })
}

// starters are functions of packages that start goroutines for whoever calls them.
var starters = map[string][]string{
	"net/http/httptest": {"NewServer", "NewTLSServer", "NewUnstartedServer"},
	"net/http":          {"Serve", "ListenAndServe"},
	"time":              {"AfterFunc"},
	"context":           {"AfterFunc"},
	"commontable/internal/platform/mail/mailtest":   nil, // all of it
	"commontable/internal/platform/files/filestest": nil,
}

// methods start goroutines when they are called, whatever they are methods of.
var methods = []string{"Go", "RunParallel"}

// starts tells whether a goroutine is started right in a piece of a file.
func starts(file *ast.File, piece ast.Node) (found bool) {
	imported := map[string]string{}
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = path
	}
	ast.Inspect(piece, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				break
			}
			of, _ := called.X.(*ast.Ident)
			if of == nil || imported[of.Name] == "" {
				found = found || slices.Contains(methods, called.Sel.Name)
			} else if functions, ok := starters[imported[of.Name]]; ok {
				found = found || functions == nil || slices.Contains(functions, called.Sel.Name)
			}
		}
		return !found
	})
	return found
}
