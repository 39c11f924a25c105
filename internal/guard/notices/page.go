package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// group is one text and the works it covers.
type group struct {
	kind  string
	works []work
}

// groups puts works with the same text together, licenses before notices.
func groups(works []work) []group {
	byText := map[string]*group{}
	var all []*group
	for _, w := range works {
		key := strings.ToLower(strings.Join(strings.Fields(w.text), " "))
		if byText[key] == nil {
			byText[key] = &group{kind: w.kind}
			all = append(all, byText[key])
		}
		byText[key].works = append(byText[key].works, w)
	}
	slices.SortStableFunc(all, func(a, b *group) int {
		return cmp.Or(cmp.Compare(rank(a.kind), rank(b.kind)), strings.Compare(a.kind, b.kind), cmp.Compare(len(b.works), len(a.works)), strings.Compare(a.works[0].name, b.works[0].name))
	})
	out := make([]group, len(all))
	for i, g := range all {
		out[i] = *g
	}
	return out
}

func rank(kind string) int {
	if kind == other {
		return 1
	}
	return 0
}

func (g group) write(page *strings.Builder) {
	fmt.Fprintf(page, "\n### %s: %s", g.kind, g.works[0].name)
	if more := len(g.works) - 1; more > 0 {
		fmt.Fprintf(page, " and %d more", more)
	}
	page.WriteString("\n\n")
	for _, w := range g.works {
		fmt.Fprintf(page, "- %s (%s)", w.name, w.file)
		if len(w.copyright) > 0 {
			fmt.Fprintf(page, ": %s", strings.Join(w.copyright, "; "))
		}
		page.WriteString("\n")
	}
	writeText(page, g.works[0].text)
}

// writeText sets a text apart, as it is.
func writeText(page *strings.Builder, text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(page, "\n%stext\n%s\n%s\n", fence, text, fence)
}

// writeTable lists the Go modules in alphabetical order.
func writeTable(page *strings.Builder, works []work) {
	page.WriteString("\n## Go modules\n\n| module | version | license |\n|---|---|---|\n")
	for i := 0; i < len(works); {
		first, licenses := works[i], []string{}
		for ; i < len(works) && works[i].name == first.name; i++ {
			if k := works[i].kind; k != other && !slices.Contains(licenses, k) {
				licenses = append(licenses, k)
			}
		}
		fmt.Fprintf(page, "| %s | %s | %s |\n", first.name, first.version, strings.Join(licenses, ", "))
	}
}

// buildOnly lists the packages of assets/package.json that help to build or
// test and leave nothing of theirs in the program, with what they do.
var buildOnly = map[string]string{
	"axe-core":         "checks accessibility in browser tests; a copy is in assets/axe, under the Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/",
	"esbuild":          "bundles scripts and styles",
	"graphology-types": "types of graphology for the check",
	"subset-font":      "cuts the fonts to the letters in use",
	"typescript":       "checks types",
}

// writeAssets adds what the assets build wrote down about scripts, icons and
// fonts, and holds that no package is missing there.
func writeAssets(page *strings.Builder, root string) error {
	var manifest struct {
		DevDependencies, Dependencies map[string]string
	}
	text, err := os.ReadFile(filepath.Join(root, "assets", "package.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("assets/package.json: %w", err)
	}
	found, err := filepath.Glob(filepath.Join(root, "assets", "dist", "licences.*.txt"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("assets/dist holds %d files of licenses, want 1 (%w)", len(found), err)
	}
	licenses, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	versions := manifest.DevDependencies
	for name, version := range manifest.Dependencies {
		versions[name] = version
	}
	var names []string
	for name := range versions {
		names = append(names, name)
	}
	slices.Sort(names)

	page.WriteString("\n## Scripts, icons and fonts\n\n| package | version | use |\n|---|---|---|\n")
	for _, name := range names {
		use := buildOnly[name]
		if use == "" {
			if !strings.Contains(string(licenses), "\n"+name+"\n=") && !strings.HasPrefix(string(licenses), name+"\n=") {
				return fmt.Errorf("assets/package.json names %s, but its license is not in assets/dist: build the assets, or list it in buildOnly", name)
			}
			use = "part of the program"
		}
		fmt.Fprintf(page, "| %s | %s | %s |\n", name, versions[name], use)
	}
	writeText(page, strings.TrimSpace(strings.ReplaceAll(string(licenses), "\r\n", "\n")))
	return nil
}
