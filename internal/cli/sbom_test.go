package cli

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// The bill of materials of a real build names every module that go itself finds
// linked, each in its version and with its sum, and nothing twice.
func TestBillOfMaterials(t *testing.T) {
	program := filepath.Join(t.TempDir(), "commontable")
	if out, err := exec.Command("go", "build", "-o", program, "commontable/cmd/commontable").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	printed, err := exec.Command(program, "version", "--sbom").Output()
	if err != nil {
		t.Fatal(err)
	}
	var got bom
	decoder := json.NewDecoder(bytes.NewReader(printed))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	listed, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "commontable/cmd/commontable").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(strings.Split(string(listed), "\n"), func(line string) bool { return line == "" })
	slices.Sort(want)
	want = slices.Compact(want)
	var have []string
	refs := map[string]bool{got.Metadata.Component.Ref: true}
	for _, c := range got.Components {
		if refs[c.Ref] || c.Type != "library" || c.Ref != c.URL {
			t.Errorf("%+v", c)
		}
		refs[c.Ref] = true
		if c.Name == "stdlib" {
			continue
		}
		if len(c.Properties) == 0 || !strings.HasPrefix(c.Properties[0].Value, "h1:") {
			t.Errorf("%s has no sum", c.Name)
		}
		have = append(have, c.Name+" "+c.Version)
	}
	slices.Sort(have)
	if !slices.Equal(have, want) {
		t.Errorf("the bill holds\n%s\nand go links\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	if got.Format != "CycloneDX" || got.Spec != "1.5" || len(want) < 10 || len(got.Dependencies) != len(refs) || len(got.Dependencies[0].On) != len(got.Components) {
		t.Errorf("%s %s, %d modules, %d dependencies", got.Format, got.Spec, len(want), len(got.Dependencies))
	}
	for _, d := range got.Dependencies {
		for _, ref := range append(d.On, d.Ref) {
			if !refs[ref] {
				t.Errorf("%s is no component", ref)
			}
		}
	}
}

func TestBillNamesWhatReplaces(t *testing.T) {
	got := billOf(&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Path: "commontable"}, Deps: []*debug.Module{
		{Path: "example.org/a", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/fork a", Version: "v1.0.1+incompatible"}}}}, build{Version: "development"})
	if last := got.Components[1]; last.URL != "pkg:golang/example.org/fork%20a@v1.0.1%2Bincompatible" || last.Name != "example.org/fork a" {
		t.Errorf("%+v", last)
	}
	if got.Components[0].URL != "pkg:golang/stdlib@1.26.8" || got.Metadata.Component.Version != "development" {
		t.Errorf("%+v", got)
	}
}
