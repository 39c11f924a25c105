// Package guard holds tests of the code itself: rules that a reader of this
// project may rely on because a machine checks them.
//
// Each rule is a function from source to faults, tried on a sample that breaks
// it before it is tried on the project.
package guard

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the folder of go.mod, seen from this package.
const root = "../.."

// sources returns the project's own files with one of the extensions, as paths
// from root with forward slashes.
func sources(t *testing.T, extensions ...string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			foreign := []string{"node_modules", "artifacts", "dist", "data", "testdata"}
			if path != root && (strings.HasPrefix(name, ".") || slices.Contains(foreign, name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if slices.Contains(extensions, filepath.Ext(name)) {
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			files = append(files, filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no file ends in %v: the guard looks in the wrong place", extensions)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// report fails the test with every fault.
func report(t *testing.T, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Error(fault)
	}
}

// expect fails the test unless the faults are as many as the wants, each
// containing its want.
func expect(t *testing.T, faults []string, wants ...string) {
	t.Helper()
	if len(faults) != len(wants) {
		t.Fatalf("%d faults, want %d:\n%s", len(faults), len(wants), strings.Join(faults, "\n"))
	}
	for i, want := range wants {
		if !strings.Contains(faults[i], want) {
			t.Errorf("fault %q does not speak of %q", faults[i], want)
		}
	}
}

func isTest(file string) bool      { return strings.HasSuffix(file, "_test.go") }
func isGenerated(file string) bool { return strings.HasSuffix(file, "_templ.go") }
