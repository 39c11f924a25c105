package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMissingBinariesAreAnErrorThatHelps(t *testing.T) {
	_, err := newestOf([]string{t.TempDir(), "/nowhere"})
	if err == nil || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("got %v, want an error that says what to install", err)
	}
}

func TestNewestServerIsTaken(t *testing.T) {
	root := t.TempDir()
	for folder, version := range map[string]string{"9": "9.6.1", "14": "14.9", "17": "17.2 (Debian 17.2-1)", "16": "16beta1"} {
		bin := filepath.Join(root, folder)
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		for _, name := range []string{"postgres", "initdb"} {
			if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	in := func(names ...string) (folders []string) {
		for _, name := range names {
			folders = append(folders, filepath.Join(root, name))
		}
		return folders
	}
	if got, err := newestOf(in("9", "14", "17", "16")); err != nil || filepath.Base(got) != "17" {
		t.Errorf("newest = %q, %v, want 17", got, err)
	}
	if got, err := newestOf(in("9", "14")); err == nil {
		t.Errorf("newest = %q, want an error: all are too old", got)
	}
}
