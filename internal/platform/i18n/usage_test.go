package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// notKeys are texts in the code that look like keys and are none. Recognised by themselves, and not to be
// listed: operation ids and kinds of jobs, by the name of the field or constant they stand in (ID, Kind,
// SomethingKind); columns of the schema; names of files.
var notKeys = []string{"installation.key", "mail.example"}

// usedElsewhere are keys, or beginnings of keys ending with "." or "_", that are put together in a way the test
// cannot see. A beginning written out in the code, as in "statuses." + status, is seen.
var usedElsewhere = []string{}

// usage is what the code says about keys.
type usage struct {
	certain map[string]string // keys given to T, with the place of one use
	likely  map[string]string // other texts that look like keys
	begun   map[string]bool   // beginnings of keys, as isBeginning says
	endings map[string]bool   // endings of keys: texts that begin with "." or "_"
	ids     map[string]bool   // operation ids, kinds of jobs, columns
}

func TestKeysUsedAreDefined(t *testing.T) {
	c := loaded()
	u := scan(t, "../../..", c.areas)
	known := c.speeches[Default].messages
	for key, place := range u.certain {
		if known[key] == nil {
			t.Errorf("%s: the key %q is not in the catalogue", place, key)
		}
	}
	for key, place := range u.likely {
		if known[key] == nil && !u.ids[key] && !slices.Contains(notKeys, key) {
			t.Errorf("%s: %q looks like a key but is not in the catalogue", place, key)
		}
	}
}

func TestKeysDefinedAreUsed(t *testing.T) {
	c := loaded()
	u := scan(t, "../../..", c.areas)
	for _, use := range usedElsewhere {
		u.certain[use], u.begun[use] = "usedElsewhere", true
	}
	for key := range c.speeches[Default].messages {
		if u.certain[key] != "" || u.likely[key] != "" {
			continue
		}
		if !u.composes(key, c.areas) {
			t.Errorf("the key %q is used nowhere", key)
		}
	}
}

// composes reports whether the code can put key together: from a beginning and anything, as in
// "statuses." + status, or from a key or an area and an ending, as in area + ".empty".
func (u usage) composes(key string, areas []string) bool {
	for i := 1; i <= len(key); i++ {
		start, end := key[:i], key[i:]
		if u.begun[start] || u.endings[end] && (u.certain[start] != "" || u.likely[start] != "" || slices.Contains(areas, start)) {
			return true
		}
	}
	return false
}

func scan(t *testing.T, root string, areas []string) usage {
	t.Helper()
	u := usage{map[string]string{}, map[string]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	u.addColumns(t, filepath.Join(root, "internal/schema"))
	looksLikeKey := regexp.MustCompile(`^(` + strings.Join(areas, "|") + `)\.([a-z0-9_]+\.)*[a-z0-9_]*$`)
	inTemplate := regexp.MustCompile(`"((?:` + strings.Join(areas, "|") + `)\.[a-z0-9_.]*)"`)
	for _, folder := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			place, _ := filepath.Rel(root, path)
			switch {
			case strings.HasSuffix(path, ".templ"):
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				for _, found := range inTemplate.FindAllStringSubmatch(string(data), -1) {
					u.add(found[1], place, false)
				}
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				u.scanGo(t, path, place, looksLikeKey)
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return u
}

func (u usage) add(text, place string, certain bool) {
	switch {
	case isBeginning(text):
		u.begun[text] = true
	case isFileName(text):
	case certain:
		u.certain[text] = place
	default:
		u.likely[text] = place
	}
}

// isBeginning reports whether text is a key that goes on: "statuses." or "errors.title_".
func isBeginning(text string) bool {
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "_")
}

func isFileName(text string) bool {
	return slices.Contains([]string{".go", ".sql", ".json", ".html", ".templ", ".css", ".js", ".csv", ".txt", ".svg", ".xml", ".md"}, filepath.Ext(text))
}

func (u usage) scanGo(t *testing.T, path, place string, looksLikeKey *regexp.Regexp) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Logf("not scanned: %v", err) // the compiler will say it better
		return
	}
	certain := map[ast.Node]bool{}
	ending := regexp.MustCompile(`^[._][a-z0-9_.]+$`)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "T" && len(n.Args) >= 2 {
				certain[n.Args[1]] = true
			}
		case *ast.KeyValueExpr:
			if field, ok := n.Key.(*ast.Ident); ok && (field.Name == "ID" || field.Name == "Kind") {
				u.addID(n.Value)
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if strings.HasSuffix(name.Name, "Kind") && i < len(n.Values) {
					u.addID(n.Values[i])
				}
			}
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			text, _ := literal(n)
			if looksLikeKey.MatchString(text) {
				u.add(text, place, certain[n])
			} else if ending.MatchString(text) {
				u.endings[text] = true
			}
		}
		return true
	})
}

func (u usage) addID(e ast.Expr) {
	if id, ok := literal(e); ok {
		u.ids[id] = true
	}
}

// addColumns adds table.column for every table of the schema.
func (u usage) addColumns(t *testing.T, folder string) {
	names, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\)`)
	column := regexp.MustCompile(`(?m)^\s+([a-z_0-9]+)\s`)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range table.FindAllStringSubmatch(string(data), -1) {
			for _, c := range column.FindAllStringSubmatch(found[2], -1) {
				u.ids[found[1]+"."+c[1]] = true
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
