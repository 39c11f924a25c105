package guard

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGeneratedTemplates generates every template in a folder of its own and
// compares the result with what is committed.
func TestGeneratedTemplates(t *testing.T) {
	main, tools := readGoMod(t, root+"/go.mod"), readGoMod(t, root+"/tools/go.mod")
	const templ = "github.com/a-h/templ"
	if main.version(templ) != tools.version(templ) {
		t.Fatalf("go.mod has %s %s, tools/go.mod %s: the generator must match the library", templ, main.version(templ), tools.version(templ))
	}
	folder := t.TempDir()
	var templates []string
	for _, file := range sources(t, ".templ") {
		templates = append(templates, file)
		write(t, filepath.Join(folder, file), read(t, file))
	}
	generateTemplates(t, folder)
	report(t, staleFaults(t, root, folder, templates))

	// A generated file whose template is gone.
	for _, file := range sources(t, ".go") {
		if isGenerated(file) {
			if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(file, "_templ.go")+".templ")); err != nil {
				t.Errorf("%s has no template any more: delete it", file)
			}
		}
	}
}

const howToGenerate = "go tool -modfile=tools/go.mod templ generate"

func generateTemplates(t *testing.T, folder string) {
	t.Helper()
	cmd := exec.Command("go", "tool", "-modfile=tools/go.mod", "templ", "generate", "-path", folder)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", howToGenerate, err, out)
	}
}

// staleFaults compares the generated files of two folders.
func staleFaults(t *testing.T, have, want string, templates []string) []string {
	t.Helper()
	var faults []string
	for _, template := range templates {
		file := strings.TrimSuffix(template, ".templ") + "_templ.go"
		fresh, err := os.ReadFile(filepath.Join(want, file))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join(have, file))
		if err != nil || !bytes.Equal(withoutFolders(committed), withoutFolders(fresh)) {
			faults = append(faults, fmt.Sprintf("%s is stale: run %s", file, howToGenerate))
		}
	}
	return faults
}

// withoutFolders drops the places the generator notes for its error messages,
// which depend on the folder it was started in.
func withoutFolders(text []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(text) {
		if at := bytes.Index(line, []byte("FileName: `")); at >= 0 {
			rest := line[at+len("FileName: `"):]
			end := bytes.IndexByte(rest, '`')
			line = append(append(bytes.Clone(line[:at]), "FileName: `"+filepath.Base(string(rest[:max(end, 0)]))...), rest[max(end, 0):]...)
		}
		kept = append(kept, line...)
	}
	return kept
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestStaleTemplatesAreFound(t *testing.T) {
	have, want := t.TempDir(), t.TempDir()
	const template = "package p\n\ntempl Hello(name string) {\n\t<p>Hello { name }</p>\n}\n"
	write(t, filepath.Join(have, "a.templ"), template)
	write(t, filepath.Join(want, "a.templ"), template)
	generateTemplates(t, have)
	generateTemplates(t, want)
	expect(t, staleFaults(t, have, want, []string{"a.templ"}))

	write(t, filepath.Join(want, "a.templ"), strings.Replace(template, "Hello {", "Goodbye {", 1))
	generateTemplates(t, want)
	expect(t, staleFaults(t, have, want, []string{"a.templ"}), "a_templ.go is stale")
}
