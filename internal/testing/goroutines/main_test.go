package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// Whatever way a goroutine is started in a test, and however far from it, the test is
// found; those beside it are not.
func TestMeeting(t *testing.T) {
	const before = `package a
import ("testing"; "net/http/httptest"; w "time"; "commontable/internal/platform/mail/mailtest"; "commontable/internal/analysis/day")
func TestAlone(t *testing.T) { t.Parallel(); alone(day.Go()) }
func alone(int) {}
`
	for text, want := range map[string]bool{
		`func TestIt(t *testing.T) { go func() {}() }`:                                                                                                  true,
		`func TestIt(t *testing.T) { var all sync.WaitGroup; all.Go(func() {}) }`:                                                                       true,
		`func TestIt(t *testing.T) { many(t, 3) }; func many(t *testing.T, n int) { for range n { go alone(n) } }`:                                      true,
		`func TestIt(t *testing.T) { (&crowd{}).come() }; type crowd struct{}; func (c *crowd) come() { c.in() }; func (c *crowd) in() { go alone(1) }`: true,
		`func TestIt(t *testing.T) { t.Run("a", one) }; func one(t *testing.T) { two() }; func two() { go alone(1) }`:                                   true,
		`func TestIt(t *testing.T) { each() }; var each = func() { go alone(1) }`:                                                                       true,
		`func TestIt(t *testing.T) { for _, c := range cases { c() } }; var cases = []func(){two}; func two() { go alone(1) }`:                          true,
		`func FuzzIt(f *testing.F) { go alone(1) }`:                                                                                                     true,
		`func TestIt(t *testing.T) { httptest.NewServer(nil) }`:                                                                                         true,
		`func TestIt(t *testing.T) { w.AfterFunc(1, nil) }`:                                                                                             true,
		`func TestIt(t *testing.T) { mailtest.Start(t, mailtest.Options{}) }`:                                                                           true,
		`func TestIt(t *testing.T) { testing.Benchmark(func(b *testing.B) { b.RunParallel(nil) }) }`:                                                    true,
		`func TestIt(t *testing.T) { httptest.NewRecorder(); w.Now(); alone(1) }`:                                                                       false,
		`func TestIt(t *testing.T) { alone(1) }; func other() { go alone(1) }`:                                                                          false,
		`func BenchmarkIt(b *testing.B) { go alone(1) }; func TestMain(m *testing.M) { go alone(m.Run()) }`:                                             false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a_test.go", before+text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		names := meeting([]*ast.File{file})
		if got := slices.Contains(names, "TestIt") || slices.Contains(names, "FuzzIt"); got != want || len(names) > 1 {
			t.Errorf("%s\nis found: %v (%q), want %v", text, got, names, want)
		}
	}
}

// Tests in two files share their functions.
func TestMeetingAcrossFiles(t *testing.T) {
	var files []*ast.File
	for _, text := range []string{"func TestIt(t *testing.T) { two() }", "func two() { go func() {}() }"} {
		file, err := parser.ParseFile(token.NewFileSet(), "a_test.go", "package a\n"+text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if got := meeting(files); !slices.Equal(got, []string{"TestIt"}) {
		t.Errorf("found %q", got)
	}
}
