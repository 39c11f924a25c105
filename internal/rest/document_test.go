package rest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/openapi.json anew")

func TestGoldenDocument(t *testing.T) {
	h := newHouse(t)
	var indented bytes.Buffer
	if err := json.Indent(&indented, h.server.jsonText, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	const file = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(file, indented.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, indented.Bytes()) {
		t.Errorf("%s is not what the program describes: look at the difference after\n\tgo test ./internal/rest -run TestGoldenDocument -update", file)
	}
}

// metaPatterns are the routes that describe the others.
var metaPatterns = []string{"GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml", "GET /api/v1/docs", "GET /api/v1/problems/{problem}", "/"}

func TestEveryRouteIsDescribedAndEveryDescriptionServed(t *testing.T) {
	h := newHouse(t)
	d := readDocument(t, h.server.jsonText)
	var described []string
	for path, item := range d.Paths {
		for method := range item {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	served := slices.DeleteFunc(slices.Clone(h.server.mux.patterns), func(p string) bool { return slices.Contains(metaPatterns, p) })
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(described, served) {
		t.Errorf("described and not served, or the other way round:\n%q\n%q", described, served)
	}
	var ids []string
	for _, item := range d.Paths {
		for _, op := range item {
			ids = append(ids, op.OperationID)
		}
	}
	slices.Sort(ids)
	var want []string
	for _, op := range h.app.Door.Registry.Sorted() {
		if op.Describe().Method != "" {
			want = append(want, op.Describe().ID)
		}
	}
	if !slices.Equal(ids, want) {
		t.Errorf("operations of the document:\n%q\nof the registry:\n%q", ids, want)
	}
}
