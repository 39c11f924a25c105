package i18n

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCatalogueIsComplete(t *testing.T) {
	for _, problem := range Missing() {
		t.Error(problem)
	}
}

func TestNoKeyStandsTwice(t *testing.T) {
	names, err := fs.Glob(files, "catalog/*/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no files", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range repeated(t, name, string(data)) {
			t.Errorf("%s: %s stands twice; the last one silently wins", name, key)
		}
	}
	if got := repeated(t, "sample", `{"a": {"one": "x", "other": "y"}, "b": "z", "a": "w"}`); len(got) != 1 || got[0] != "a" {
		t.Errorf("the check is blind: %v", got)
	}
}

func repeated(t *testing.T, name, data string) (out []string) {
	seen := map[string]bool{}
	decoder := json.NewDecoder(strings.NewReader(data))
	for depth, isKey := 0, false; ; {
		token, err := decoder.Token()
		if err != nil {
			return out
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
			isKey = depth == 1
		case string:
			if depth == 1 && isKey {
				if seen[token] {
					out = append(out, token)
				}
				seen[token] = true
			}
			isKey = depth == 1 && !isKey
		default:
			t.Errorf("%s: unexpected %v", name, token)
		}
	}
}

// Each kind of mistake must be seen.
func TestMissingSeesMistakes(t *testing.T) {
	good := map[string]string{
		"en": `{"a.one": "One", "a.name": "Hello {{.Name}}", "a.count": {"one": "{{.Count}} day", "other": "{{.Count}} days"}}`,
		"fr": `{"a.one": "Un", "a.name": "Bonjour {{.Name}}", "a.count": {"one": "{{.Count}} jour", "other": "{{.Count}} jours"}}`,
		"es": `{"a.one": "Uno", "a.name": "Hola, {{.Name}}", "a.count": {"one": "{{.Count}} día", "other": "{{.Count}} días"}}`,
	}
	check := func(lang, content string) []string {
		source := fstest.MapFS{}
		for code, data := range good {
			if code == lang {
				data = content
			}
			source["catalog/"+code+"/a.json"] = &fstest.MapFile{Data: []byte(data)}
		}
		return load(source).missing()
	}
	if problems := check("", ""); len(problems) != 0 {
		t.Fatalf("a good catalogue: %v", problems)
	}
	for want, content := range map[string]string{
		"fr: a.one is missing":              strings.Replace(good["fr"], `"a.one": "Un", `, "", 1),
		"en: a.more is missing":             strings.Replace(good["fr"], `{`, `{"a.more": "Plus", `, 1),
		"has the placeholders [Nom]":        strings.Replace(good["fr"], "{{.Name}}", "{{.Nom}}", 1),
		`a.count lacks the plural form "on`: strings.Replace(good["fr"], `{"one": "{{.Count}} jour", "other": "{{.Count}} jours"}`, `"{{.Count}} jours"`, 1),
		"only placeholders":                 strings.Replace(good["fr"], "{{.Name}}", "{{.Name | html}}", 1),
		`does not begin with "a."`:          strings.Replace(good["fr"], `"a.one"`, `"b.one"`, 1),
		"a.json":                            "{",
	} {
		if problems := strings.Join(check("fr", content), "\n"); !strings.Contains(problems, want) {
			t.Errorf("%q is not among:\n%s", want, problems)
		}
	}
}

func TestPluralFormsAreThoseOfCLDR(t *testing.T) {
	for _, c := range []struct {
		lang  string
		count any
		want  string
	}{
		{"en", 0, "other"}, {"en", 1, "one"}, {"en", 2, "other"}, {"en", -1, "one"}, {"en", 1.5, "other"}, {"en", "many", "other"},
		{"fr", 0, "one"}, {"fr", 1, "one"}, {"fr", 1.5, "one"}, {"fr", 2, "other"}, {"fr", 1000000, "many"},
		{"es", 0, "other"}, {"es", 1, "one"}, {"es", uint8(1), "one"}, {"es", int64(1001), "other"},
	} {
		if got := loaded().speech(c.lang).form(c.count); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.lang, c.count, got, c.want)
		}
	}
}
