// Notices writes THIRD_PARTY_NOTICES.md: every module, script and font that is
// part of the program, with its license in full. The texts come from the module
// cache and from what the assets build wrote down.
//
//	go run ./internal/guard/notices
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const fileName = "THIRD_PARTY_NOTICES.md"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	text, err := notices(root)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, fileName), []byte(text), 0o644)
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

const head = `# Third-party notices

Commontable is made with the work below. This page names every module, script,
icon set and font that is part of the program or of its source, each with its
license in full; works under the same text stand together.

Written by ` + "`go run ./internal/guard/notices`" + `; a test fails when it is out of date.
`

// notices makes the page for the project in the folder root.
func notices(root string) (string, error) {
	modules, err := linkedModules(root)
	if err != nil {
		return "", err
	}
	var parts []work
	for _, m := range modules {
		works, err := m.works()
		if err != nil {
			return "", err
		}
		parts = append(parts, works...)
	}
	if parts, err = addGo(parts); err != nil {
		return "", err
	}
	var page strings.Builder
	page.WriteString(head)
	writeTable(&page, parts)
	if err := writeAssets(&page, root); err != nil {
		return "", err
	}
	page.WriteString("\n## The texts\n")
	for _, g := range groups(parts) {
		g.write(&page)
	}
	return page.String(), nil
}
