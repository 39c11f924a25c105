package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// platforms are the systems the program is built for; each may need modules the
// others do not.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"}

// module is one module the program contains, with the folders of it that do.
type module struct {
	path, version, dir string
	folders            []string
}

// linkedModules lists the modules of every package the program may contain.
func linkedModules(root string) ([]module, error) {
	found := map[string]*module{}
	for _, platform := range platforms {
		system, architecture, _ := strings.Cut(platform, "/")
		environment := append(os.Environ(), "GOOS="+system, "GOARCH="+architecture, "CGO_ENABLED=0")
		if err := list(root, environment, found); err != nil {
			return nil, fmt.Errorf("go list for %s: %w", platform, err)
		}
	}
	var all []module
	for _, m := range found {
		slices.Sort(m.folders)
		m.folders = slices.Compact(m.folders)
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// notShipped are our own packages for tests; what only they import is no part
// of the program.
var notShipped = []string{"commontable/internal/testing/", "commontable/internal/guard/"}

// list adds the modules the program contains on one platform.
func list(root string, environment []string, found map[string]*module) error {
	golist := func(arguments ...string) ([]byte, error) {
		cmd := exec.Command("go", append([]string{"list", "-C", root}, arguments...)...)
		cmd.Env, cmd.Stderr = environment, os.Stderr
		return cmd.Output()
	}
	out, err := golist("./...")
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(strings.Fields(string(out)), func(path string) bool {
		return slices.ContainsFunc(notShipped, func(prefix string) bool { return strings.HasPrefix(path+"/", prefix) })
	})
	if out, err = golist(append([]string{"-deps", "-json=Dir,Module,Standard"}, own...)...); err != nil {
		return err
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Dir      string
			Standard bool
			Module   *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if p.Standard || p.Module == nil || p.Module.Main {
			continue
		}
		m := found[p.Module.Path]
		if m == nil {
			m = &module{path: p.Module.Path, version: p.Module.Version, dir: p.Module.Dir}
			found[p.Module.Path] = m
		}
		m.folders = append(m.folders, p.Dir)
	}
}

// work is one license text and what it covers.
type work struct {
	name, version, file, kind string
	copyright                 []string
	text                      string // without the copyright lines at its head
}

var licenseFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|unlicense|patents)([-._].*)?$`)

// works reads the license files at the root of a module and in the folders the
// program uses.
func (m module) works() ([]work, error) {
	folders := []string{m.dir}
	for _, folder := range m.folders {
		for folder != m.dir && strings.HasPrefix(folder, m.dir) {
			folders = append(folders, folder)
			folder = filepath.Dir(folder)
		}
	}
	slices.Sort(folders)
	var works []work
	for _, folder := range slices.Compact(folders) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if entry.IsDir() || !licenseFile.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
			if err != nil {
				return nil, err
			}
			relative, err := filepath.Rel(m.dir, filepath.Join(folder, entry.Name()))
			if err != nil {
				return nil, err
			}
			works = append(works, newWork(m.path, m.version, filepath.ToSlash(relative), string(text)))
		}
	}
	if !slices.ContainsFunc(works, func(w work) bool { return w.kind != other }) {
		return nil, fmt.Errorf("%s %s comes with no license this program knows: look at %s", m.path, m.version, m.path)
	}
	return works, nil
}

// addGo adds the Go language's own library, which is in every Go program.
func addGo(works []work) ([]work, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"LICENSE", "PATENTS"} {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), name))
		if err != nil {
			return nil, err
		}
		works = append(works, newWork("Go standard library", "as built with", name, string(text)))
	}
	return works, nil
}

func newWork(name, version, file, text string) work {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	w := work{name: name, version: version, file: file, kind: kindOf(text)}
	if furtherHolders.MatchString(file) {
		w.kind = other
	}
	// The holders at the head go with the name, so that texts which differ in
	// nothing else stand together.
	var kept []string
	head := true
	for line := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case head && holder.MatchString(trimmed):
			w.copyright = append(w.copyright, trimmed)
			continue
		case head && trimmed != "" && !title.MatchString(trimmed):
			head = false
		}
		kept = append(kept, strings.TrimRight(line, " \t"))
	}
	w.text = strings.TrimSpace(strings.Join(kept, "\n"))
	return w
}

var (
	holder = regexp.MustCompile(`(?i)^(copyright\s|\(c\)\s|©|all rights reserved\.?$)`)
	// furtherHolders lists what a module took over from others, each with its text.
	furtherHolders = regexp.MustCompile(`(?i)(3rd|third)[-_ ]?part`)
	title          = regexp.MustCompile(`(?i)^[#=\s]*(the )?(mit|isc|bsd|apache|new bsd|simplified|\d-clause)?[\w\s"'()-]*licen[cs]e[\w\s."'()-]*[=\s]*$|^=+$`)
)

// other is the kind of a text that is no license of its own: a notice, a patent
// grant, a list of further holders.
const other = "notice"

// kinds tell licenses apart by words only they have, the more particular first.
var kinds = []struct{ name, words string }{
	{"MPL-2.0", "Mozilla Public License"},
	{"Apache-2.0", "Apache License Version 2.0"},
	{"Apache-2.0", "Licensed under the Apache License, Version 2.0"},
	{"Unlicense", "This is free and unencumbered software"},
	{"CC0-1.0", "CC0 1.0 Universal"},
	{"OFL-1.1", "SIL OPEN FONT LICENSE"},
	{"BSD-3-Clause", "endorse or promote products derived from"},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose with or without fee"},
	{"MIT", "Permission is hereby granted, free of charge"},
}

func kindOf(text string) string {
	plain := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, k := range kinds {
		if strings.Contains(plain, strings.ToLower(k.words)) {
			return k.name
		}
	}
	return other
}
