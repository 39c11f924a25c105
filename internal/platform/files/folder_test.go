package files_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"commontable/internal/platform/files"
	"commontable/internal/platform/files/filestest"
)

func TestFolder(t *testing.T) {
	folders := map[files.Store]string{}
	filestest.Run(t, func(t *testing.T, now func() time.Time) files.Store {
		path := filepath.Join(t.TempDir(), "files")
		s := files.NewFolder(path, now)
		folders[s] = path
		return s
	}, func(t *testing.T, s files.Store, _ files.Place, h files.Hash) {
		found, err := filepath.Glob(filepath.Join(folders[s], "*", h.String()[:2], h.String()[2:]))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		content, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		content[0] ^= 1
		if err := os.WriteFile(found[0], content, 0o600); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFolderIsClosedToOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "files")
	s := files.NewFolder(path, time.Now)
	if _, err := s.Put(t.Context(), files.Place{1}, bytes.NewReader([]byte("x")), 1); err != nil {
		t.Fatal(err)
	}
	left := 0
	err := filepath.Walk(path, func(name string, is os.FileInfo, err error) error {
		if err == nil && is.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", name, is.Mode())
		}
		if err == nil && is.Mode().IsRegular() {
			left++
		}
		return err
	})
	if err != nil || left != 1 {
		t.Errorf("%d files lie there, %v", left, err)
	}
}

func TestSweepWaitsForARestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "files")
	old := time.Now().Add(-72 * time.Hour)
	s := files.NewFolder(path, func() time.Time { return old })
	out, err := s.Put(t.Context(), files.Place{1}, bytes.NewReader([]byte("x")), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".restoring-1", 0o700); err != nil {
		t.Fatal(err)
	}
	sweep := func() int {
		n, err := s.Sweep(t.Context(), files.Place{1}, time.Now(), func([]files.Hash) (map[files.Hash]bool, error) { return nil, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := sweep(); n != 0 {
		t.Error("swept beside a restore")
	}
	if err := os.Remove(path + ".restoring-1"); err != nil {
		t.Fatal(err)
	}
	if n := sweep(); n != 1 {
		t.Error("left when the restore was over")
	}
	if is, _ := s.Has(t.Context(), files.Place{1}, out.Hash); is {
		t.Error("it is there")
	}
}
