package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGeneratedNotices(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	want, err := notices(root)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(filepath.Join(root, fileName))
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Errorf("%s is out of date (%s): run go run ./internal/guard/notices", fileName, firstDifference(string(have), want))
	}
}

func firstDifference(have, want string) string {
	a, b := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "it reads \"" + a[i] + "\" where \"" + b[i] + "\" belongs"
		}
	}
	return "its length differs"
}

const mit = "Permission is hereby granted, free of charge, to any person…"

func TestSameTextsStandTogether(t *testing.T) {
	a := newWork("a", "v1", "LICENSE", "MIT License\n\nCopyright (c) 2020 Ann\n\n"+mit)
	b := newWork("b", "v1", "LICENSE", "MIT License\r\n\r\nCopyright (c) 2021 Bob\r\n\r\n"+strings.ReplaceAll(mit, " of ", "\nof "))
	c := newWork("c", "v1", "NOTICE", "This product includes software by C.")
	got := groups([]work{c, a, b})
	if len(got) != 2 || len(got[0].works) != 2 || got[0].kind != "MIT" || got[1].kind != other {
		t.Fatalf("groups: %+v", got)
	}
	var page strings.Builder
	got[0].write(&page)
	for _, want := range []string{"Copyright (c) 2020 Ann", "Copyright (c) 2021 Bob", "MIT: a and 1 more"} {
		if strings.Count(page.String(), want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, page.String())
		}
	}
}

func TestModuleWithoutLicenseIsFound(t *testing.T) {
	folder := t.TempDir()
	m := module{path: "example.org/bare", version: "v1.0.0", dir: folder}
	if _, err := m.works(); err == nil {
		t.Error("a module without a license was taken")
	}
	if err := os.WriteFile(filepath.Join(folder, "LICENSE"), []byte("All yours, dear friend."), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := m.works(); err == nil {
		t.Error("an unknown license was taken")
	}
	if err := os.WriteFile(filepath.Join(folder, "LICENSE"), []byte(mit), 0o600); err != nil {
		t.Fatal(err)
	}
	if works, err := m.works(); err != nil || len(works) != 1 || works[0].kind != "MIT" {
		t.Errorf("works %+v, %v", works, err)
	}
}

func TestPackageWithoutLicenseIsFound(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"package.json":      `{"devDependencies": {"htmx.org": "4", "newcomer": "1", "esbuild": "2"}}`,
		"dist/licences.txt": "htmx.org\n========\n\nZero-Clause BSD\n",
	} {
		file := filepath.Join(root, "assets", strings.Replace(name, "licences.", "licences.0123.", 1))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var page strings.Builder
	if err := writeAssets(&page, root); err == nil || !strings.Contains(err.Error(), "newcomer") {
		t.Errorf("got %v, want an error about newcomer", err)
	}
}
