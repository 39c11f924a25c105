package main

import (
	"io"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	const ok = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":3}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`
	const skip = `{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestB","Output":"=== RUN   TestB\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:3: no server\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
`
	const fail = `{"Action":"output","Package":"q","Output":"-test.shuffle 42\n"}
{"Action":"output","Package":"q","Test":"TestC","Output":"    c_test.go:3: wrong\n"}
{"Action":"fail","Package":"q","Test":"TestC"}
{"Action":"output","Package":"q","Output":"FAIL\tq\t0.1s\n"}
{"Action":"fail","Package":"q"}
`
	const panics = `{"Action":"run","Package":"r","Test":"TestD"}
{"Action":"output","Package":"r","Test":"TestD","Output":"panic: boom\n"}
{"Action":"fail","Package":"r"}
`
	const unbuilt = `{"Action":"build-output","ImportPath":"s","Output":"s.go:1: syntax error\n"}
{"Action":"build-fail","ImportPath":"s"}
{"Action":"output","Package":"s","Output":"FAIL\ts [build failed]\n"}
{"Action":"fail","Package":"s","FailedBuild":"s"}
`
	for name, test := range map[string]struct {
		in         string
		allowSkips bool
		wants      []string
		err        string
	}{
		"passes":             {in: ok, wants: []string{"ok  \tp\t0.1s\n", "1 tests passed, 0 failed, 0 skipped", "3.0 s  p TestA"}},
		"a skip fails":       {in: ok + skip, wants: []string{"p TestB: b_test.go:3: no server", "1 skipped"}, err: "1 skipped"},
		"a skip is allowed":  {in: ok + skip, allowSkips: true, wants: []string{"1 skipped"}},
		"a failure is shown": {in: ok + fail, wants: []string{"FAIL\tq\t0.1s", "c_test.go:3: wrong", "-shuffle=42)", "1 tests passed, 1 failed"}, err: "1 failed"},
		"a panic is shown":   {in: ok + panics, wants: []string{"did not end: TestD", "panic: boom"}, err: "1 failed"},
		"a build fails":      {in: unbuilt, wants: []string{"syntax error", "[build failed]"}, err: "1 failed"},
		"nothing ran":        {in: "", err: "no test ran"},
		"plain words pass":   {in: "go: cannot find main module\n" + ok, wants: []string{"go: cannot find main module"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			s, err := read(strings.NewReader(test.in), &out)
			if err != nil {
				t.Fatal(err)
			}
			err = s.report(&out, test.allowSkips)
			switch {
			case err == nil && test.err != "":
				t.Errorf("no error, want %q", test.err)
			case err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err)):
				t.Errorf("error %q, want %q", err, test.err)
			}
			for _, want := range test.wants {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the report lacks %q:\n%s", want, out.String())
				}
			}
		})
	}
}

func TestLongLines(t *testing.T) {
	in := `{"Action":"output","Package":"p","Test":"T","Output":"` + strings.Repeat("x", 1<<20) + `"}` + "\n"
	if _, err := read(strings.NewReader(in), io.Discard); err != nil {
		t.Error(err)
	}
}
